"""The sections in the order in which a delivery meets them: a new one is a module and a line here.

Modules that look at mail authentication are loaded for walks of that kind alone.
"""

import importlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol, cast

from mxwalk.compare.model import Part
from mxwalk.compare.side import Look
from mxwalk.evidence.trace import Purpose

_FIRST = ("own_side",)
_LOOKUPS = ("mx", "dnssec", "sts", "tls_rpt", "addresses", "tlsa")
_CONNECTION = (
    *("reverse", "connect", "greeting", "ehlo", "starttls", "tls", "chain", "revocation"),
    *("identity", "envelope"),
)
_LAST = ("findings", "verdicts", "times")
_NAMES = {
    Purpose.DELIVERY: (*_FIRST, *_LOOKUPS, *_CONNECTION, *_LAST),
    Purpose.MESSAGE: (*_FIRST, "dnssec", "message", "records", *_LAST),
    Purpose.DOMAIN: (*_FIRST, *_LOOKUPS, "records", "roll_out", *_LAST),
}


class SectionModule(Protocol):
    """What a module of ``mxwalk.compare.sections`` offers."""

    ID: str
    TITLE: str
    UNIT: str

    def parts(self, look: Look) -> Iterator[Part]:
        """Yield what this side shows, place by place."""
        ...


@lru_cache(maxsize=3)
def sections(purpose: Purpose) -> tuple[SectionModule, ...]:
    """Return the sections for walks of a purpose, in order."""
    return tuple(
        cast("SectionModule", importlib.import_module(f"mxwalk.compare.sections.{name}"))
        for name in _NAMES[purpose]
    )
