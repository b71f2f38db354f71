"""The targets by name; a new target is a module and one line here."""

import importlib
from pathlib import Path

from tests.fuzz.model import Target

TARGETS = (
    "replies",
    "ehlo",
    "dialogue",
    "certificates",
    "handshake",
    "tlsa",
    "dns_messages",
    "mta_sts",
    "tls_reports",
    "dmarc_reports",
    "dmarc_records",
    "spf",
    "mail_headers",
    "messages",
    "revocation",
    "http_answers",
    "visible_text",
    "dnssec",
    "pasted",
    "typed",
    "traces",
)

HOME = Path(__file__).parent
CORPUS = HOME / "corpus"
FOUND = HOME / "found"


def load(name: str) -> Target:
    """Return a target; ``KeyError`` when there is none of that name."""
    if name not in TARGETS:
        raise KeyError(name)
    target = importlib.import_module(f"tests.fuzz.targets.{name}").TARGET
    assert isinstance(target, Target)
    return target


def kept_inputs(name: str) -> list[Path]:
    """Return the files of a target's corpus and everything ever found by it, in order."""
    return [
        path
        for folder in (CORPUS / name, FOUND / name)
        for path in sorted(folder.glob("*"))
        if path.is_file()
    ]
