"""The tab *names* of one certificate: every name in it, and what name constraints say of each."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.language import noted, say
from mxwalk.pkix.model import ConstraintCheck, ConstraintResult
from widgets.chain_entry import Entry, Place
from widgets.chain_fields import field, note, short
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, line
from widgets.row import Row, text_row

NAMES_SHOWN = 200
_CHECKS_SHOWN = 100
_RULES_SHOWN = 60
_RESULTS = {
    ConstraintResult.PERMITTED: noted("permitted"),
    ConstraintResult.NOT_PERMITTED: noted("not permitted"),
    ConstraintResult.EXCLUDED: noted("excluded"),
    ConstraintResult.NOT_EXCLUDED: noted("not excluded"),
    ConstraintResult.UNSUPPORTED: noted("unsupported"),
}


def names_rows(state: Picture, entry: Entry, width: int) -> Iterator[Row]:
    """Yield CN, alternative names, and the constraints that apply to them or are imposed."""
    facts = entry.facts
    common = facts.common_name
    if common is None:
        yield field("", "CN", line((say("none"), Look.DIM)), width)
    else:
        ignored = (
            "   " + say("not looked at by most: a DNS name is there") if facts.dns_names else ""
        )
        words = line((short(common), Look.STRONG), (ignored, Look.DIM))
        yield field("", "CN", words, width, copy=common, what=say("Common Name"))
    checks: dict[str, list[ConstraintCheck]] = {}
    for check in _checks(state, entry):
        checks.setdefault(check.name, []).append(check)
    names = _all(entry)
    if not names:
        text = say("none: the Common Name alone") if entry.role == "leaf" else say("none")
        look = Look.WARN if entry.role == "leaf" else Look.DIM
        yield field("", "SAN", line((text, look)), width)
    for number, (kind, name) in enumerate(names[:NAMES_SHOWN]):
        said = line(short(name) or say("(empty)"))
        for check in checks.pop(f"{kind} {name}", [])[:2]:
            said += line("   ") + _said(check)
        yield field(number, kind, said, width, copy=name, what=say("name"))
    more = len(names) - NAMES_SHOWN
    if more > 0:
        text = say(
            "and {more} more names: y on the certificate copies all {names}",
            more=more,
            names=len(names),
        )
        yield text_row("names-more", line((text, Look.DIM)))
    yield from _rest(checks, width)
    yield from _imposed(entry, width)


def names_text(entry: Entry) -> str:
    """Return every name, one a line."""
    common = entry.facts.common_name
    lines = [f"CN:{common}"] if common is not None else []
    return "\n".join([*lines, *(f"{kind}:{name}" for kind, name in _all(entry))])


def _all(entry: Entry) -> list[tuple[str, str]]:
    return [*(("DNS", name) for name in entry.facts.dns_names), *entry.facts.other_names]


def _checks(state: Picture, entry: Entry) -> Iterator[ConstraintCheck]:
    if state.explained is None or entry.place is not Place.PATH:
        return
    yield from (one for one in state.explained.constraints if one.depth == entry.depth)


def _said(check: ConstraintCheck) -> Content:
    symbol, look = (glyphs().fail, Look.FAIL) if check.violated else (glyphs().ok, Look.OK)
    words = say(
        "{result} at depth {depth}", result=say(_RESULTS[check.result]), depth=check.ca_depth
    )
    return line((f"{symbol} {words}", look), (f" ({short(check.constraint, 120)})", Look.DIM))


def _rest(checks: dict[str, list[ConstraintCheck]], width: int) -> Iterator[Row]:
    """Yield constraints on names that do not stand above, such as the subject itself."""
    left = [check for group in checks.values() for check in group]
    if not left:
        return
    yield text_row("checks", line((say("name constraints of the CAs above"), Look.HEADING)))
    for number, check in enumerate(left[:_CHECKS_SHOWN]):
        words = line(short(check.name, 160), "  ") + _said(check)
        yield note(("check", number), words, width, copy=check.name, what=say("name"))
    if len(left) > _CHECKS_SHOWN:
        text = say("and {left} more comparisons", left=len(left) - _CHECKS_SHOWN)
        yield text_row("checks-more", line((text, Look.DIM)))


def _imposed(entry: Entry, width: int) -> Iterator[Row]:
    rules = entry.facts.name_constraints
    if not rules:
        return
    yield text_row("rules", line((say("what it permits certificates below it"), Look.HEADING)))
    for number, rule in enumerate(rules[:_RULES_SHOWN]):
        yield note(("rule", number), line(short(rule)), width, copy=rule, what=say("constraint"))
    if len(rules) > _RULES_SHOWN:
        words = say("and {rules} more: see extensions", rules=len(rules) - _RULES_SHOWN)
        yield text_row("rules-more", line((words, Look.DIM)))
