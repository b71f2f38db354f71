"""Public commands about certificates: issuers to fetch, revocation lists, OCSP responders.

Addresses stand in certificates, so strangers wrote them; they are quoted as in ``commands``.
"""

import shlex
import string

from mxwalk.text import visible

_URL_CHARS = 300
_CHAIN_FILE = "fullchain.pem"
# One file a certificate: c1.pem is the server's.
_SPLIT = """awk '/BEGIN CERT/{n++} /BEGIN CERT/,/END CERT/{print > ("c" n ".pem")}'"""


def quoted_url(url: str) -> str:
    """Return an address as one word for a shell; one that looks like an option is kept from it."""
    shown = visible(url, _URL_CHARS)
    return shlex.quote(f"http:{shown}" if shown.startswith("-") else shown)


def append_issuer(url: str) -> str:
    """Return what fetches an issuer (RFC 5280 4.2.2.1) and appends it to the chain file.

    Empty when the address is not for HTTP: a CA's own directory answers nobody outside.
    """
    if not url.lower().startswith(("http:", "https:")):
        return ""
    read = "openssl x509 -inform DER"
    if url.lower().endswith((".p7c", ".p7b")):  # a certs-only CMS message
        read = "openssl pkcs7 -inform DER -print_certs"
    return f"curl -s {quoted_url(url)} | {read} >> {_CHAIN_FILE}"


def read_list(url: str, serial: str = "") -> str:
    """Return what fetches a CRL and prints it, or the entry of a serial number (hex)."""
    whole = f"curl -s {quoted_url(url)} | openssl crl -inform DER -noout -text"
    digits = "".join(one for one in serial if one in string.hexdigits)
    return f"{whole} | grep -i -A 4 {digits}" if digits else whole


def ask_responder(url: str, shown: str, depth: int) -> str:
    """Return what asks an OCSP responder about the certificate at a depth.

    ``shown`` is the command that prints the chain in PEM; the chain has to be in order and complete.
    """
    asks = f"openssl ocsp -issuer c{depth + 2}.pem -cert c{depth + 1}.pem -no_nonce -resp_text -url"
    return f"{shown} | {_SPLIT}; {asks} {quoted_url(url)}"
