"""The words of Exchange Online's DANE and MTA-STS failures: codes, NDR lines, retry times.

Documented by Microsoft ("How SMTP DNS-based Authentication of Named Entities works"); each code has
the form 4.x while the message is retried and 5.x in the final non-delivery report.
"""

import enum

from mxwalk.language import say


class Code(enum.Enum):
    """The detail of the enhanced status code, ``4.7.321`` or ``5.7.321``."""

    STARTTLS = "7.321"
    EXPIRED = "7.322"
    TLSA = "7.323"
    DNSSEC = "7.324"
    HOST_MISMATCH = "7.325"
    DNS_QUERY = "4.312"
    STS_HOSTS = "4.8"
    STS_CERTIFICATE = "7.5"


TEXTS = {
    Code.STARTTLS: "starttls-not-supported: Destination mail server must support TLS to receive mail.",
    Code.EXPIRED: "certificate-expired: Destination mail server's certificate is expired.",
    Code.TLSA: "tlsa-invalid: The domain failed DANE validation.",
    Code.DNSSEC: "dnssec-invalid: Destination domain returned invalid DNSSEC records",
    Code.HOST_MISMATCH: "certificate-host-mismatch: Remote certificate MUST have a common name or"
    " subject alternative name matching the hostname (DANE)",
    Code.DNS_QUERY: "DNS query failed",
    Code.STS_HOSTS: "MX hosts of {domain} failed MTA-STS validation",
    Code.STS_CERTIFICATE: "Remote certificate failed MTA-STS validation",
}


def deferral(code: Code, domain: str = "") -> str:
    """Return the line while the message is retried, ``450 4.7.323 tlsa-invalid: ...``.

    ``domain`` is the recipient's, for the code that names it.
    """
    return f"450 4.{code.value} {_text(code, domain)}"


def report(code: Code, domain: str = "") -> str:
    """Return the line of the final non-delivery report, ``550 5.7.323 tlsa-invalid: ...``."""
    return f"550 5.{code.value} {_text(code, domain)}"


def _text(code: Code, domain: str) -> str:
    return TEXTS[code].replace("{domain}", domain or "the domain")


def retry_words(code: Code, domain: str = "") -> str:
    """Return the timeline in a sentence, with the report that ends it."""
    return say(
        "retries from the DNS on after 15 minutes, after 30 minutes, then every hour; what is fixed"
        ' within 24 hours saves the message, then the sender gets "{report}"',
        report=report(code, domain),
    )
