"""The words the ESA writes to ``mail_logs`` and Message Tracking, with placeholders for its numbers.

Documented by Cisco or found in published logs: ``STARTTLS command not supported.``; ``TLS success
protocol ... cipher ...``; ``TLS failed: STARTTLS unexpected response``; ``TLS failed: verify error``;
``Connection Error: ...``; ``Delivery start ...``; ``Delayed: ...`` and ``Bounced: ...`` with the
enhanced status code and the server's answer as a Python tuple; the phrases of ``_PHRASES``.
Where the words are not known a placeholder in angle brackets says what stands there: what follows
``TLS failed:`` for a handshake that breaks, what follows ``verify error:`` where no error of OpenSSL is
behind it, what a connection fails with, and what a null MX leaves.
"""

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.tls import VerifyError
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.limits import LOG_REPLY_CHARS
from mxwalk.smtp.model import Reply
from mxwalk.text import visible

_CHARS = 200
_CONNECTION = "Info: DCID <n>"

STARTTLS_NOT_SUPPORTED = f"{_CONNECTION} STARTTLS command not supported."
TLS_FAILED_SOMEHOW = f"{_CONNECTION} TLS failed: <words on what failed>"
TLS_FAILED = f"{_CONNECTION} TLS failed: <OpenSSL's words>"
STARTTLS_UNEXPECTED = f"{_CONNECTION} TLS failed: STARTTLS unexpected response"
DELIVERY_START = "Info: Delivery start DCID <n> MID <n> to RID [0]"

_ENDINGS = {EndingKind.TIMEOUT: "timeout", EndingKind.CLOSED: "EOF"}
# RFC 3463 codes with the phrases published logs show beside them.
_PHRASES = {
    "4.1.0": "Unknown address error",
    "4.3.2": "Not accepting messages at this time",
    "4.4.0": "Other network problem",
    "5.1.0": "Unknown address error",
    "5.1.1": "Bad destination email address",
    "5.1.2": "Bad destination host",
    "5.3.2": "Not accepting messages at this time",
}


def tls_success(handshake: Handshaken) -> str:
    """Return the line for a completed handshake."""
    protocol, cipher = visible(handshake.protocol, 40), visible(handshake.cipher, 80)
    return f"{_CONNECTION} TLS success protocol {protocol} cipher {cipher}"


def chain_error(error: VerifyError) -> str:
    """Return the line for a chain that is not trusted."""
    return f"{_CONNECTION} TLS failed: verify error: {visible(error.text, _CHARS)}"


def revoked() -> str:
    """Return the line for a certificate that a revocation list names."""
    return f"{_CONNECTION} TLS failed: verify error: certificate revoked"


def no_certificate() -> str:
    """Return the line for a server that presents no certificate."""
    return f"{_CONNECTION} TLS failed: verify error: <words on the certificate>"


def identity_error() -> str:
    """Return the line for a certificate whose names match no reference identifier."""
    return f"{_CONNECTION} TLS failed: verify error: <words on the name>"


def connection_error(domain: str, address: str, port: int, ending: Ending | None) -> str:
    """Return the line for a connection that could not be made or was lost."""
    detail = _ENDINGS.get(ending.kind, "<the system's words>") if ending else "EOF"
    return f"{_connecting(domain, address, port, detail)} reason: network error"


def unexpected(domain: str, address: str, port: int) -> str:
    """Return the line for a server that says something else than SMTP."""
    said = _connecting(domain, address, port, "<what came>")
    return f"{said} reason: unexpected SMTP response"


def _connecting(domain: str, address: str, port: int, detail: str) -> str:
    return (
        f"Info: Connection Error: DCID <n> domain: {visible(domain, 300)}"
        f" IP: {visible(address, 60)} port: {port} details: {detail}"
    )


def delayed(code: str, reply: Reply | None) -> str:
    """Return the line for a recipient that is tried again later."""
    return f"Info: Delayed: DCID <n> MID <n> to RID 0 - {_coded(code)} {_answer(reply)}"


def bounced(code: str, reply: Reply | None) -> str:
    """Return the line for a recipient that is given up after a server's answer."""
    return f"Info: Bounced: DCID <n> MID <n> to RID 0 - {_coded(code)} {_answer(reply)}"


def bounced_by_dns(code: str, name: str, rtype: str, why: str) -> str:
    """Return the line for a recipient that is given up without a connection."""
    return (
        f"Info: Bounced: DCID 0 MID <n> to RID 0 - {_coded(code)}"
        f" ('000', ['DNS Hard Error looking up {visible(name, 300)} ({rtype}): {why}'])"
    )


def delayed_by_dns(code: str, name: str, rtype: str) -> str:
    """Return the line for a recipient whose domain's look-up failed for now."""
    return (
        f"Info: Delayed: DCID 0 MID <n> to RID 0 - {_coded(code)}"
        f" ('000', ['DNS Soft Error looking up {visible(name, 300)} ({rtype})'])"
    )


def _coded(code: str) -> str:
    phrase = _PHRASES.get(code)
    return f"{code} - {phrase}" if phrase else code


def _answer(reply: Reply | None) -> str:
    if reply is None:
        return "('000', [])"
    lines = ", ".join(f"'{visible(line.text)}'" for line in reply.telling)
    return f"('{reply.code:03}', [{visible(lines, LOG_REPLY_CHARS)}])"
