"""Public commands about certificates: issuers to fetch, revocation lists, OCSP responders.

Addresses stand in certificates, so strangers wrote them; they are quoted as in ``commands``.
"""

import shlex
import string

from mxwalk.findings.raising import A_NAME
from mxwalk.language import say
from mxwalk.names import is_address
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
    fetch = _get(url)
    return f"{fetch} >> {_CHAIN_FILE}" if fetch else ""


def _get(url: str) -> str:
    if not _is_http(url):
        return ""
    read = "openssl x509 -inform DER"
    if url.lower().endswith((".p7c", ".p7b")):  # a certs-only CMS message
        read = "openssl pkcs7 -inform DER -print_certs"
    return f"curl -s {quoted_url(url)} | {read}"


def _is_http(url: str) -> bool:
    return url.lower().startswith(("http:", "https:"))


def request_certificate(host: str) -> str:
    """Return what has a public CA issue a certificate for a host (RFC 8555).

    Of a host that is known by its address alone a placeholder stands for the name.
    """
    name = say(A_NAME) if is_address(host) else shlex.quote(visible(host, _URL_CHARS))
    return f"certbot certonly --standalone -d {name}"


def read_list(url: str, serial: str = "") -> str:
    """Return what fetches a CRL and prints it, or the entry of a serial number (hex).

    Empty when the address is not for HTTP: ``curl`` speaks much else, with whomever a stranger names.
    """
    if not _is_http(url):
        return ""
    whole = f"curl -s {quoted_url(url)} | openssl crl -inform DER -noout -text"
    digits = "".join(one for one in serial if one in string.hexdigits)
    return f"{whole} | grep -i -A 4 {digits}" if digits else whole


def ask_responder(url: str, shown: str, number: int, issuer: int | None, address: str = "") -> str:
    """Return what asks an OCSP responder about a certificate sent as number ``number`` (from 1).

    ``shown`` is the command that prints the certificates in PEM.  Its issuer was sent as number
    ``issuer``; one that was not is fetched from its address in the certificate, if there is one.
    """
    above = f"c{issuer}.pem" if issuer else "issuer.pem"
    fetch = f"{_get(address)} > {above}; " if issuer is None and _get(address) else ""
    # without these two a response of a private CA is said not to verify
    trust = f"-CAfile {above} -partial_chain"
    asks = f"openssl ocsp -issuer {above} -cert c{number}.pem {trust} -no_nonce -resp_text -url"
    return f"{shown} | {_SPLIT}; {fetch}{asks} {quoted_url(url)}"
