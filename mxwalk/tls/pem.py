"""Certificates in a PEM file, found without reading what is in them."""

import re
from collections.abc import Iterable

_CERTIFICATE = re.compile(
    rb"-----BEGIN (?P<label>(?:X509 |TRUSTED )?CERTIFICATE)-----\s"
    rb"[^-]*-----END (?P=label)-----"
)


def pem_certificates(pem: bytes) -> Iterable[bytes]:
    """Yield the PEM blocks that hold certificates, in order."""
    return (match.group() for match in _CERTIFICATE.finditer(pem))
