"""Letters of lab walks without what differs from run to run; ``python -m`` writes them anew."""

import re
from pathlib import Path

from mxwalk.evidence.trace import Trace
from mxwalk.letters.compose import write_letters
from tests.reports.samples import lab_trace

GOLDEN = Path(__file__).parent / "golden"
NAMES = (
    "ehlo-1869",
    "dane-mismatch",
    "pkix-expired",
    "pkix-wrong-name",
    "dnssec-stale-ds",
    "sts-mx-mismatch",
    "dmarc-fail-reject",
    "spf-too-many-lookups",
    "revoked-crl",
)
_CHANGES = (
    (re.compile(r"20\d\d-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)? UTC)?"), "TIME"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"\b[0-9a-f]{30,40}\b"), "SERIAL"),
    (re.compile(r"key tags? \d+"), "key tag NUMBER"),
    (re.compile(r"\b20\d{6}T\d{6}Z\b"), "TIME"),
)


def normal(text: str) -> str:
    """Return a letter with the run's own values replaced, and wrapped as its words alone would be."""
    for pattern, value in _CHANGES:
        text = pattern.sub(value, text)
    return text


def current(name: str) -> str:
    """Return the English letters of a scenario as they are now."""
    return letters_of(lab_trace(name))


def letters_of(trace: Trace) -> str:
    """Return the English letters of a walk as the golden files keep them."""
    post = write_letters(trace, trace.header.options.sender, "en")
    parts = []
    for letter in post.letters:
        parts += [f"To: {to.mailbox} ({to.source.value})" for to in letter.to]
        parts += [f"Subject: {letter.subject}", "", letter.body]
    return normal("\n".join(parts))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in NAMES:
        (GOLDEN / f"{name}.txt").write_text(current(name), encoding="utf-8")
