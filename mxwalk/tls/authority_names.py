"""Names that stand alone, outside a certificate (CertificateRequest, CRL, OCSP), as text."""

from mxwalk.language import say
from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.certificate_names import distinguished_name

_SHOWN = 200


def name_text(name: bytes) -> str:
    """Return a Name (DER) as visible text, empty where it cannot be read."""
    try:
        return distinguished_name(der.only(name, der.SEQUENCE)).text
    except der.DerError:
        return ""


def authority_name(name: bytes) -> str:
    """Return a Name (DER) in one line; what cannot be read is shown as hexadecimal."""
    text = name_text(name)
    return visible(text, _SHOWN) if text else say("unreadable: {name}", name=name[:32].hex())
