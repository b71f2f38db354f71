"""PEM trust stores as OpenSSL's certificates, parsed once for each store."""

from functools import lru_cache

from OpenSSL import crypto

from mxwalk.tls.pem import pem_certificates


@lru_cache(maxsize=4)
def _parsed(pem: bytes) -> tuple[tuple[crypto.X509, ...], tuple[int, ...]]:
    roots: list[crypto.X509] = []
    unreadable_at: list[int] = []
    for number, block in enumerate(pem_certificates(pem), start=1):
        try:
            roots.append(crypto.load_certificate(crypto.FILETYPE_PEM, block))
        except crypto.Error:
            unreadable_at.append(number)
    return tuple(roots), tuple(unreadable_at)


def parse_roots(pem: bytes) -> tuple[crypto.X509, ...]:
    """Return the certificates OpenSSL can read."""
    return _parsed(pem)[0]


def unreadable(pem: bytes) -> tuple[int, ...]:
    """Return the numbers, from 1, of the certificates OpenSSL cannot read."""
    return _parsed(pem)[1]
