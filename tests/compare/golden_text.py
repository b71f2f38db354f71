"""Comparisons of lab walks without what differs from run to run; ``python -m`` writes them anew."""

import re
from pathlib import Path

from mxwalk.compare.comparing import compare
from mxwalk.compare.side import Side
from mxwalk.reports.comparison import render_comparison
from tests.reports.samples import lab_trace

GOLDEN = Path(__file__).parent / "golden"
PAIRS = (
    ("pkix-good", "pkix-expired"),
    ("pkix-good", "pkix-missing-intermediate"),
    ("pkix-good", "pkix-wrong-name"),
    ("pkix-expired", "pkix-good"),
    ("dane-good", "dane-mismatch"),
    ("dane-good", "dane-insecure-zone"),
    ("dane-good", "dane-no-starttls"),
    ("ehlo-good", "ehlo-1869"),
    ("ehlo-good", "ehlo-masked"),
    ("sts-enforce-good", "sts-testing"),
    ("sts-enforce-good", "sts-mx-mismatch"),
    ("sts-enforce-good", "sts-policy-invalid"),
    ("starttls-454", "starttls-missing"),
    ("revoked-ocsp", "ocsp-delegated"),
    ("tls10-only", "tls11-only"),
    ("esa-cn-ptr", "esa-ptr-unconfirmed"),
    ("spf-pass", "spf-fail"),
    ("dkim-good", "dkim-body-altered"),
    ("dmarc-fail-quarantine", "dmarc-fail-reject"),
    ("domain-monitoring", "domain-complete"),
    ("greet-554", "refused"),
)
_CHANGES = (
    (re.compile(r"\s+"), " "),  # what was replaced had another length: lines break elsewhere
    (re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "DAY"),
    (re.compile(r"\b\d\d:\d\d UTC"), "CLOCK"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "DIGEST"),
    (re.compile(r"\b[0-9a-f]{8}…"), "DIGEST…"),
    (re.compile(r"\b\d{1,5}(?= \d+ \d DIGEST)"), "TAG"),
    (re.compile(r"\btag \d{1,5}"), "tag TAG"),
    (re.compile(r"[A-Za-z0-9+/]{40,}={0,2}"), "KEY"),
    (re.compile(r"127\.0\.0\.1:\d+"), "SERVER"),
    (re.compile(r"\b(t|x)=1\d{9}"), r"\1=SECONDS"),
)


def normal(text: str) -> str:
    """Return a comparison with the run's own values replaced, a line a paragraph."""
    parts = re.split(r"\n(?=\n|[>~+\- ] ?[~+\-?]? ?\S)", text.replace("⟦", "").replace("⟧", ""))
    for pattern, value in _CHANGES:
        parts = [pattern.sub(value, part) for part in parts]
    return "\n".join(part.rstrip() for part in parts) + "\n"


def current(before: str, after: str) -> str:
    """Return the comparison of two scenarios as it is now."""
    found = compare(Side(trace=lab_trace(before)), Side(trace=lab_trace(after)))
    return normal(render_comparison(found, "text"))


if __name__ == "__main__":
    for one, other in PAIRS:
        (GOLDEN / f"{one}.{other}.txt").write_text(current(one, other), encoding="utf-8")
