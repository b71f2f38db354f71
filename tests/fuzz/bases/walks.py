"""The walks that the target ``traces`` changes, as lines of JSON."""

import gzip
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SCENARIOS = (
    "dane-good", "sts-mx-mismatch", "pkix-missing-aia", "revoked-ocsp", "starttls-stripped-on-one-mx", "mx-null",
    "dkim-list-footer", "dmarc-fail-reject", "domain-broken-records", "tls-client-cert", "esa-ptr-unconfirmed",
    "dnssec-expired", "dmarc-arc", "spf-redirect", "greet-421",
)  # fmt: skip


@cache
def lines(number: int) -> tuple[bytes, ...]:
    """Return header and steps of a walk."""
    packed = (HERE / f"{SCENARIOS[number]}.gz").read_bytes()
    return tuple(gzip.decompress(packed).splitlines())
