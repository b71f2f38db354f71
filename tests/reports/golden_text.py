"""Text reports of lab walks without what differs from run to run; ``python -m`` writes them anew."""

import re
from pathlib import Path

from mxwalk.reports.render import render
from tests.reports.samples import lab_trace

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("spf-too-many-lookups", "dmarc-mailing-list", "dmarc-fail-reject", "domain-monitoring")
_CHANGES = (
    (re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r" +\d+ ms"), " MS"),
    (re.compile(r"127\.0\.0\.1:\d+"), "RESOLVER"),
    (re.compile(r"(p=[A-Za-z0-9+/]{4})[A-Za-z0-9+/=]{16}(?:\.\.\.|…)"), "p=KEY"),
    (re.compile(r"\b(t|x)=1\d{9}"), r"\1=SECONDS"),
    (re.compile(r'header\.b="?[A-Za-z0-9+/=]{8}"?'), "header.b=SIGNATURE"),
    (re.compile(r"public suffix list of [0-9-]{10}"), "public suffix list of DAY"),
)


def normal(text: str) -> str:
    """Return a report with the run's own values replaced."""
    for pattern, value in _CHANGES:
        text = pattern.sub(value, text)
    return text


def current(name: str) -> str:
    """Return the report of a scenario as it is now."""
    return normal(render(lab_trace(name), "text", sender=""))


if __name__ == "__main__":
    for name in NAMES:
        (GOLDEN / f"{name}.txt").write_text(current(name), encoding="utf-8")
