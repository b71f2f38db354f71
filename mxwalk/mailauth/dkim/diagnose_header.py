"""Why a signature over header fields does not agree: another key, or a change that can be undone."""

from collections import Counter
from dataclasses import replace

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mxwalk.language import noted, say
from mxwalk.limits import DKIM_HEADERS_TRIED
from mxwalk.mailauth.dkim.diagnosis import Change, Diagnosis
from mxwalk.mailauth.dkim.header_changes import undone
from mxwalk.mailauth.dkim.library import check_header
from mxwalk.mailauth.dkim.model import KeyRecord, Signature
from mxwalk.mailauth.dkim.values import decode_base64
from mxwalk.mailauth.message import Message
from mxwalk.text import visible

_DONE_BY = {
    Change.FROM_ADDED: (
        noted(
            "An added From field can show another author (RFC 6376 8.15); some verifiers let"
            " that pass."
        )
    ),
    Change.SUBJECT: noted("Lists and gateways do that."),
}


def diagnose_header(
    message: Message, signature: Signature, key: KeyRecord
) -> tuple[Diagnosis, ...]:
    """Return what was done to the signed header fields; the first is what counts."""
    wrong = _wrong_key(signature, key)
    if wrong is not None:
        return (wrong,)
    certain = _by_undoing(message, signature, key)
    return (certain,) if certain else tuple(_likely(message, signature))


def _wrong_key(signature: Signature, key: KeyRecord) -> Diagnosis | None:
    """Return that the key did not make the signature, which RSA's padding shows (RFC 8017 9.2)."""
    if key.key_type != "rsa" or not key.bits:
        return None
    octets = decode_base64(signature.tags.get("b") or "") or b""
    size = (key.bits + 7) // 8
    if len(octets) != size:
        return Diagnosis(
            Change.WRONG_KEY,
            True,
            say(
                "The signature has {octets} octets, one by the published key would have {size}: it "
                "was made with another key, or b= was damaged.",
                octets=len(octets),
                size=size,
            ),
        )
    try:
        public = load_der_public_key(key.key)
        if isinstance(public, RSAPublicKey):
            public.recover_data_from_signature(octets, PKCS1v15(), None)
    except InvalidSignature:
        return Diagnosis(
            Change.WRONG_KEY,
            True,
            say(
                "The published key at {key} did not make this signature: the key was"
                " replaced, the signer uses another one, or b= was damaged.",
                key=key.name,
            ),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return None


def _by_undoing(message: Message, signature: Signature, key: KeyRecord) -> Diagnosis | None:
    for number, (change, words, fields) in enumerate(undone(message, signature)):
        if number >= DKIM_HEADERS_TRIED:
            break
        if check_header(fields, signature, key).agrees:
            by = f" {say(_DONE_BY[change])}" if change in _DONE_BY else ""
            said = say("The header signature agrees {words}.", words=words)
            return Diagnosis(change, True, f"{said}{by}")
    other = "relaxed" if signature.header_canon == "simple" else "simple"
    if check_header(message.fields, replace(signature, header_canon=other), key).agrees:
        return Diagnosis(
            Change.CANONICAL,
            True,
            say(
                "The header signature agrees by the {other} canonicalization: the signer used"
                " {other} and says {header_canon} in c=.",
                other=other,
                header_canon=signature.header_canon,
            ),
        )
    return None


def _likely(message: Message, signature: Signature) -> list[Diagnosis]:
    have = Counter(field.key for field in message.fields)
    found = []
    missing = [name for name in dict.fromkeys(signature.signed) if not have[name]]
    usual = [
        name for name in missing if name in ("date", "to", "subject", "message-id", "mime-version")
    ]
    if usual:
        names = visible(", ".join(name.title() for name in usual), 120)
        found.append(
            Diagnosis(
                Change.FIELD_MISSING,
                False,
                say("Likely: {names} was signed and was removed.", names=names),
            )
        )
    return found
