"""What senders do about revocation, and how much of that is known.

Each reading says where it is from.  A product that is not documented is not guessed at.
"""

import enum
from dataclasses import dataclass
from typing import assert_never

from mxwalk.language import noted, say
from mxwalk.revocation.model import CertificateStanding, Fault, SourceKind, Standing
from mxwalk.revocation.readings import Reading, by_sources, read_path
from mxwalk.tls.certificate import read_certificate


class Product(enum.Enum):
    """Whose way with revocation is told."""

    ESA = "esa"
    POSTFIX = "postfix"
    EXIM = "exim"
    EXIM_VERIFYING = "exim-verifying"
    EXCHANGE_ONLINE = "exchange-online"
    OPENSSL_CRL_CHECK = "openssl-crl-check"
    OPENSSL_CRL_CHECK_ALL = "openssl-crl-check-all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReading:
    """What a product makes of the path; ``reading`` is ``None`` where that is not known.

    ``sentence`` tells it, ``basis`` says from where that is known.
    """

    product: Product
    title: str
    reading: Reading | None
    sentence: str
    basis: str


_ESA_BASIS = noted(
    "documented: verification includes revocation lists; a switch for outgoing SMTP TLS"
    " on the page CRL Sources is known from public test code; our reading: a list that"
    " cannot be had is passed over, and OCSP is not asked"
)
_POSTFIX_BASIS = noted(
    "seen in Postfix 3.7.11: its TLS library calls no function of OpenSSL for CRLs or"
    " OCSP, and no setting names them"
)
_EXIM_BASIS = noted(
    "documented: in the smtp transport tls_crl (a file of CRLs) and hosts_require_ocsp"
    " (hosts that must staple a good response) are unset by default"
)
_EXIM_SEEN = noted(
    "seen in Exim 4.96 with GnuTLS: a stapled response counts, nothing is asked; with"
    " tls_verify_hosts a revoked, expired or wrongly signed staple, or a demanded one"
    " that is missing, ends the attempt, otherwise the connection only counts as not"
    " verified"
)
_EXCHANGE_BASIS = noted(
    "Microsoft does not document whether revocation is checked for outgoing mail"
)
_OPENSSL_BASIS = noted(
    "documented for openssl verify: -crl_check looks up a CRL for the leaf,"
    " -crl_check_all for the whole chain, and an error follows where no valid one is"
    " found; -crl_download is off by default"
)


def product_readings(
    standings: tuple[CertificateStanding, ...], issuers: tuple[bytes, ...]
) -> tuple[ProductReading, ...]:
    """Say for each product what it makes of a path.

    ``issuers`` are the certificates (DER) of the issuers, in the order of ``standings``.
    """
    lists = tuple(
        by_sources(one, issuer, SourceKind.CRL)
        for one, issuer in zip(standings, issuers, strict=True)
    )
    return tuple(_reading(product, lists, standings) for product in Product)


def _reading(
    product: Product,
    lists: tuple[CertificateStanding, ...],
    standings: tuple[CertificateStanding, ...],
) -> ProductReading:
    match product:
        case Product.ESA:
            path = read_path(lists)
            return ProductReading(
                product=product, title="Cisco ESA", reading=path.soft,
                sentence=path.soft_sentence, basis=say(_ESA_BASIS),
            )  # fmt: skip
        case Product.POSTFIX:
            return ProductReading(
                product=product, title="Postfix", reading=Reading.TOLERATED,
                sentence=say("does not look: a revoked certificate is as good as any"),
                basis=say(_POSTFIX_BASIS),
            )  # fmt: skip
        case Product.EXIM:
            return ProductReading(
                product=product, title=say("Exim (as it comes)"), reading=Reading.TOLERATED,
                sentence=say("delivers whatever is revoked, over a connection that then"
                             " counts as not verified if the staple says so"),
                basis=f"{say(_EXIM_BASIS)}; {say(_EXIM_SEEN)}",
            )  # fmt: skip
        case Product.EXIM_VERIFYING:
            reading, sentence = _by_staple(standings)
            return ProductReading(
                product=product, title=say("Exim with GnuTLS and tls_verify_hosts"), reading=reading,
                sentence=sentence, basis=say(_EXIM_SEEN),
            )  # fmt: skip
        case Product.EXCHANGE_ONLINE:
            return ProductReading(
                product=product, title="Exchange Online", reading=None,
                sentence=say("not known"), basis=say(_EXCHANGE_BASIS),
            )  # fmt: skip
        case Product.OPENSSL_CRL_CHECK:
            return _openssl(product, "openssl verify -crl_check", lists[:1])
        case Product.OPENSSL_CRL_CHECK_ALL:
            return _openssl(product, "openssl verify -crl_check_all", lists)
        case _:
            assert_never(product)


# Faults for which GnuTLS lets a stapled response pass as if there were none.
_IGNORED = {Fault.MALFORMED, Fault.REFUSED, Fault.OTHER_SUBJECT, Fault.NO_ANSWER}
# Those for which it refuses; what is unknown to the responder, or early, passes.
_FATAL = {Fault.SIGNATURE, Fault.SIGNER, Fault.UNVERIFIABLE, Fault.OVER}


def _by_staple(standings: tuple[CertificateStanding, ...]) -> tuple[Reading, str]:
    """Say what GnuTLS makes of the staple, as a real Exim with it was seen to act."""
    leaf = standings[0] if standings and standings[0].depth == 0 else None
    sources = leaf.sources if leaf else ()
    stapled = [one for one in sources if one.kind is SourceKind.STAPLE]
    staple = next((one for one in stapled if one.fault not in _IGNORED), None)
    if staple is None:
        if leaf and read_certificate(leaf.certificate).must_staple:
            return Reading.REFUSED, say("the certificate demands a staple, and no usable one came")
        return Reading.TOLERATED, say(
            "no staple about this certificate came, and nobody else is asked"
        )
    if staple.standing is Standing.REVOKED:
        return Reading.REVOKED, say("the staple counts: {sentence}", sentence=staple.sentence)
    if staple.fault in _FATAL:
        return Reading.REFUSED, say(
            "the staple does not hold: {sentence}", sentence=staple.sentence
        )
    if staple.standing is Standing.GOOD:
        return Reading.CLEAN, say("the staple counts: {sentence}", sentence=staple.sentence)
    return Reading.TOLERATED, say("the staple is passed over: {sentence}", sentence=staple.sentence)


def _openssl(
    product: Product, title: str, lists: tuple[CertificateStanding, ...]
) -> ProductReading:
    """OpenSSL wants a valid CRL whatever the certificate's lifetime; given those that were fetched."""
    revoked = next((one for one in lists if one.standing is Standing.REVOKED), None)
    if revoked is not None:
        reading, sentence = Reading.REVOKED, revoked.sentence
    else:
        missing = next((one for one in lists if one.standing is not Standing.GOOD), None)
        reading = Reading.REFUSED if missing or not lists else Reading.CLEAN
        sentence = (
            say("no valid CRL: {sentence}", sentence=missing.sentence)
            if missing
            else say("a valid CRL lists none of them")
        )
        sentence = sentence if lists else say("there is no certificate to look up")
    said = say("{sentence}; with the lists fetched here", sentence=sentence)
    return ProductReading(
        product=product, title=title, reading=reading, sentence=said, basis=say(_OPENSSL_BASIS)
    )
