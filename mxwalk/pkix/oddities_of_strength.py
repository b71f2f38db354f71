"""Remarks on keys and signatures (RFC 9325 4.5, NIST SP 800-131A)."""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.pkix.model import Oddity, OddityCode
from mxwalk.pkix.traits import looks_self_signed
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts

_BROKEN = {"md2": "MD2", "md4": "MD4", "md5": "MD5", "sha1": "SHA-1"}
_RSA_BITS = 2048  # RFC 9325 4.5
_RSA_SIZES = frozenset({2048, 3072, 4096, 8192})
_RSA_EXPONENT = 65_537
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
_KEY_TYPES = frozenset({"RSA", "EC"})


def look(facts: CertificateFacts) -> Iterator[Oddity]:
    """Yield the remarks on a readable certificate's key and signature."""
    if facts.signature_hash in _BROKEN and not looks_self_signed(facts):
        name = _BROKEN[facts.signature_hash]
        sentence = say(
            "its signature uses {name}, which can be forged; today's clients refuse it", name=name
        )
        yield Oddity(OddityCode.SIGNATURE_HASH, sentence)
    if "." in facts.signature_algorithm or not facts.signature_algorithm:
        what = visible(facts.signature_algorithm, 60)
        if what:
            sentence = say("its signature algorithm {what} is not a known one", what=what)
        else:
            sentence = say("its signature algorithm that cannot be read is not a known one")
        yield Oddity(OddityCode.SIGNATURE_UNKNOWN, sentence)
    key = facts.key
    if not key.readable:
        return
    if key.type in {"RSA", "RSA-PSS"}:
        yield from _rsa(facts)
    elif facts.explicit_curve:
        sentence = say("its key spells out its curve instead of naming it (RFC 5480 2.1.1)")
        yield Oddity(OddityCode.CURVE, sentence)
    elif key.type == "EC" and key.curve not in _CURVES:
        sentence = say(
            "its key is on the curve {curve}, which few clients take", curve=visible(key.curve, 40)
        )
        yield Oddity(OddityCode.CURVE, sentence)
    elif key.type not in _KEY_TYPES:
        sentence = say(
            "its key is {type}, which public CAs do not certify for TLS", type=visible(key.type, 40)
        )
        yield Oddity(OddityCode.KEY_TYPE, sentence)


def _rsa(facts: CertificateFacts) -> Iterator[Oddity]:
    bits, exponent = facts.key.bits, facts.rsa_exponent
    if bits < _RSA_BITS:
        sentence = say(
            "its RSA key has {bits} bits; {rsa_bits} is the least today (RFC 9325 4.5)",
            bits=bits,
            rsa_bits=_RSA_BITS,
        )
        yield Oddity(OddityCode.RSA_SMALL, sentence)
    elif bits not in _RSA_SIZES:
        yield Oddity(
            OddityCode.RSA_SIZE, say("its RSA key has the unusual size of {bits} bits", bits=bits)
        )
    if exponent not in {0, _RSA_EXPONENT}:
        shown = (
            str(exponent)
            if exponent.bit_length() <= 64
            else say("{bit_length} bits", bit_length=exponent.bit_length())
        )
        sentence = say(
            "its RSA exponent is {shown}, not {rsa_exponent}",
            shown=shown,
            rsa_exponent=_RSA_EXPONENT,
        )
        yield Oddity(OddityCode.RSA_EXPONENT, sentence)
