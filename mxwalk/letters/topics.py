"""What a finding is about, as far as a person who is no specialist needs it told.

Each template has one sentence for each topic.  Codes are taken by what they begin with, the longest
first, so that a new code of an area has its topic already.
"""

_TOPICS = {
    "CERT002": "expired",
    "CERT003": "expired",
    "CERT004": "expires",
    "CERT": "chain",
    "CERT012": "weak",
    "CERT013": "weak",
    "REVO": "revocation",
    "REVO002": "revoked",
    "IDENT": "name",
    "STS016": "name",
    "STS017": "expired",
    "STS018": "chain",
    "STS": "policy",
    "STS013": "policy-host",
    "DANE": "dane",
    "DANE010": "dnssec",
    "DNSSEC": "dnssec",
    "ROUTE": "route",
    "ROUTE001": "no-mail",
    "ROUTE029": "reverse",
    "ROUTE030": "reverse",
    "ROUTE031": "reverse",
    "CONN": "reach",
    "RPLY": "protocol",
    "RPLY001": "refusal",
    "RPLY002": "refusal",
    "RPLY003": "refusal",
    "RPLY025": "masked",
    "ENV": "refusal",
    "EHLO": "protocol",
    "EHLO003": "starttls-hidden",
    "EHLO009": "starttls-hidden",
    "STLS": "starttls",
    "STLS001": "no-starttls",
    "STLS005": "injection",
    "STLS006": "no-starttls",
    "TLS": "handshake",
    "RPT": "reports",
    "SPF": "spf",
    "DKIM": "dkim",
    "DMARC": "dmarc",
    "ROLL": "roll-out",
    "ARC": "forwarded",
    "AUTH": "forwarded",
    "DKIM017": "forwarded",
    "DMARC008": "forwarded",
    "DMARC009": "forwarded",
    "MSG": "message",
}
TOPICS = frozenset(_TOPICS.values())
SECURITY = frozenset({"revoked", "injection"})  # where somebody's security is at stake


def topic(code: str) -> str:
    """Return the topic of a finding's code; empty for one that is nobody else's matter."""
    known = (begin for begin in _TOPICS if code.startswith(begin))
    return _TOPICS.get(max(known, key=len, default=""), "")
