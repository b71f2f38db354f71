"""What senders do about revocation, and how much of that is known.

Each reading says where it is from.  A product that is not documented is not guessed at.
"""

import enum
from dataclasses import dataclass
from typing import assert_never

from mxwalk.revocation.model import CertificateStanding, SourceKind, Standing
from mxwalk.revocation.readings import Reading, by_sources, read_path


class Product(enum.Enum):
    """Whose way with revocation is told."""

    ESA = "esa"
    POSTFIX = "postfix"
    EXIM = "exim"
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


_ESA_BASIS = (
    "documented: verification includes revocation lists, and the page CRL Sources has a switch for "
    "outgoing SMTP TLS; our reading: a list that cannot be had is passed over, and OCSP is not asked"
)
_POSTFIX_BASIS = (
    "seen in Postfix 3.7.11: its TLS library calls no function of OpenSSL for CRLs or OCSP, and no "
    "setting names them"
)
_EXIM_BASIS = (
    "documented: in the smtp transport tls_crl (a file of CRLs) and hosts_require_ocsp (hosts that "
    "must staple a good response) are unset by default"
)
_EXCHANGE_BASIS = "Microsoft does not document whether revocation is checked for outgoing mail"
_OPENSSL_BASIS = (
    "documented for openssl verify: -crl_check looks up a CRL for the leaf, -crl_check_all for the "
    "whole chain, and an error follows where no valid one is found; -crl_download is off by default"
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
    return tuple(_reading(product, lists) for product in Product)


def _reading(product: Product, lists: tuple[CertificateStanding, ...]) -> ProductReading:
    match product:
        case Product.ESA:
            path = read_path(lists)
            return ProductReading(
                product=product, title="Cisco ESA", reading=path.soft,
                sentence=path.soft_sentence, basis=_ESA_BASIS,
            )  # fmt: skip
        case Product.POSTFIX:
            return ProductReading(
                product=product, title="Postfix", reading=Reading.TOLERATED,
                sentence="does not look: a revoked certificate is as good as any", basis=_POSTFIX_BASIS,
            )  # fmt: skip
        case Product.EXIM:
            return ProductReading(
                product=product, title="Exim (as it comes)", reading=Reading.TOLERATED,
                sentence="does not look at CRLs unless it is told to", basis=_EXIM_BASIS,
            )  # fmt: skip
        case Product.EXCHANGE_ONLINE:
            return ProductReading(
                product=product, title="Exchange Online", reading=None,
                sentence="not known", basis=_EXCHANGE_BASIS,
            )  # fmt: skip
        case Product.OPENSSL_CRL_CHECK:
            return _openssl(product, "openssl verify -crl_check", lists[:1])
        case Product.OPENSSL_CRL_CHECK_ALL:
            return _openssl(product, "openssl verify -crl_check_all", lists)
        case _:
            assert_never(product)


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
            f"no valid CRL: {missing.sentence}" if missing else "a valid CRL lists none of them"
        )
        sentence = sentence if lists else "there is no certificate to look up"
    said = f"{sentence}; with the lists fetched here"
    return ProductReading(
        product=product, title=title, reading=reading, sentence=said, basis=_OPENSSL_BASIS
    )
