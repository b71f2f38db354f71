"""The two sets of symbols: Unicode, and ASCII for terminals and fonts that lack the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """One set of symbols, each a single cell wide."""

    ok: str
    fail: str
    warn: str
    unknown: str
    info: str
    next: str
    planned: str
    none: str
    exact: str
    wildcard: str
    cursor: str
    open: str
    bar: str
    light: str
    block: str
    shade: str
    now: str
    rule: str
    branch: str
    ellipsis: str
    arrow: str
    separator: str
    left: str
    right: str
    note: str


UNICODE = Glyphs(
    ok="✓",
    fail="✗",
    warn="!",
    unknown="?",
    info="•",
    next="▸",
    planned="◦",
    none="-",
    exact="=",
    wildcard="~",
    cursor="▌",
    open="▾",
    bar="━",
    light="─",
    block="█",
    shade="░",
    now="┃",
    rule="─",
    branch="└",
    ellipsis="…",
    arrow="→",
    separator="│",
    left="‹",
    right="›",
    note="✎",
)
ASCII = Glyphs(
    ok="v",
    fail="x",
    warn="!",
    unknown="?",
    info="*",
    next=">",
    planned=".",
    none="-",
    exact="=",
    wildcard="~",
    cursor="|",
    open="v",
    bar="=",
    light="-",
    block="#",
    shade=".",
    now="#",
    rule="-",
    branch="`",
    ellipsis="~",
    arrow=">",
    separator="|",
    left="<",
    right=">",
    note="#",
)

_SETS = {"unicode": UNICODE, "ascii": ASCII}
_current = [UNICODE]


def use_glyphs(name: str) -> None:
    """Choose the glyph set ``unicode`` or ``ascii`` for the whole process; others are ignored."""
    _current[0] = _SETS.get(name, _current[0])


def glyphs() -> Glyphs:
    """Return the glyph set in use."""
    return _current[0]
