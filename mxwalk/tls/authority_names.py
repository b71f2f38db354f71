"""The Names in a CertificateRequest as text."""

from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.certificate_names import distinguished_name

_SHOWN = 200


def authority_name(name: bytes) -> str:
    """Return a Name (DER) in one line; what cannot be read is shown as hexadecimal."""
    try:
        text = distinguished_name(der.only(name, der.SEQUENCE)).text
    except der.DerError:
        text = ""
    return visible(text, _SHOWN) if text else f"unreadable: {name[:32].hex()}"
