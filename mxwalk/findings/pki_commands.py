"""Public commands about certificates: issuers to fetch, revocation lists, OCSP responders.

Addresses stand in certificates, so strangers wrote them; they are quoted as in ``commands``.
"""

import shlex

from mxwalk.text import visible

_URL_CHARS = 300
_CHAIN_FILE = "fullchain.pem"


def quoted_url(url: str) -> str:
    """Return an address as one word for a shell; one that looks like an option is kept from it."""
    shown = visible(url, _URL_CHARS)
    return shlex.quote(f"http:{shown}" if shown.startswith("-") else shown)


def append_issuer(url: str) -> str:
    """Return what fetches an issuer (RFC 5280 4.2.2.1) and appends it to the chain file."""
    return f"curl -s {quoted_url(url)} | openssl x509 -inform DER >> {_CHAIN_FILE}"


def read_list(url: str) -> str:
    """Return what fetches a CRL and prints it."""
    return f"curl -s {quoted_url(url)} | openssl crl -inform DER -noout -text"


def ask_responder(url: str) -> str:
    """Return what asks an OCSP responder; leaf and issuer come from ``s_client -showcerts``."""
    return (
        "openssl ocsp -issuer issuer.pem -cert leaf.pem -no_nonce -resp_text -url"
        f" {quoted_url(url)}"
    )


def verify_by_list(depth: int) -> str:
    """Return what verifies a chain with CRLs, of the leaf or of every certificate."""
    flag = "-crl_check" if depth == 0 else "-crl_check_all"
    return f"openssl verify {flag} -CRLfile crl.pem -untrusted chain.pem leaf.pem"
