"""The first line of a comparison: what turned the verdict, or that nothing did."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mxwalk.compare.causes import prime
from mxwalk.compare.model import Comparison, Difference, Effect, Kind
from mxwalk.compare.side import Look
from mxwalk.language import say, say_many
from mxwalk.senders.model import Outcome
from mxwalk.text import visible

_CAUSES = 3
_LISTED = 2  # causes of three lines each
_VALUE = 120
_ONE_LINE = 80
_CLAUSE = re.compile(r"[,;:](?= )")
_DIGEST = re.compile(r"[0-9A-Fa-f]{32,}")  # the whole of it stands below


def answer(comparison: Comparison, before: Look, after: Look) -> Comparison:
    """Return the comparison with its answer."""
    in_time = before.label == after.label and before.whole and after.whole
    said = " ".join(one for one in _sentences(comparison, in_time=in_time) if one)
    return replace(comparison, answer=re.sub(r"\n (?! )", "\n", said).rstrip())


def _sentences(found: Comparison, *, in_time: bool) -> tuple[str, ...]:
    outcomes = _outcomes(found, in_time=in_time)
    count = len(found.seen)
    match found.effect:
        case Effect.NEUTRAL if found.before.verdict.code == found.after.verdict.code:
            return (outcomes, _harmless(found, count), _unseen(found))
        case Effect.NEUTRAL:
            codes = say(
                "The code differs: {one}, {other}.",
                one=visible(found.before.verdict.code, 60) or say("none"),
                other=visible(found.after.verdict.code, 60) or say("none"),
            )
            return (outcomes, codes, _harmless(found, count), _unseen(found))
        case Effect.UNSAID:
            return (outcomes, _undecided(found), _count(count), _unseen(found))
        case _:
            return (outcomes, _causes(found), _unseen(found))


def _outcomes(found: Comparison, *, in_time: bool) -> str:
    one, other = found.before, found.after
    values = {"sender": found.sender_label, "one": one.outcome, "other": other.outcome}
    if one.verdict.outcome is other.verdict.outcome:
        return say("{sender}: {one} on both sides.", **values)
    if in_time:
        return say("{sender}: before: {one}; now: {other}.", **values)
    return say(
        "{sender}: with {a}: {one}; with {b}: {other}.", a=one.label, b=other.label, **values
    )


def _harmless(found: Comparison, count: int) -> str:
    if count:
        return say_many(
            "{n} thing differs, and it does not change that.",
            "{n} things differ, and none of them changes that.",
            count,
        )
    if found.unknown:
        return say("Nothing differs in what both sides looked at.")
    return say("Nothing that matters differs.")


def _undecided(found: Comparison) -> str:
    for side in (found.before, found.after):
        if side.verdict.outcome is Outcome.UNKNOWN:
            why = visible(side.verdict.reason, 300).rstrip(".")
            return say("What turned it cannot be said, one side is undecided: {why}.", why=why)
    return ""


def _count(count: int) -> str:
    if not count:
        return say("Nothing that both sides looked at differs.")
    return say_many("{n} thing differs.", "{n} things differ.", count)


def _unseen(found: Comparison) -> str:
    if not found.unknown:
        return ""
    return say_many(
        "{n} place was looked at on one side only.",
        "{n} places were looked at on one side only.",
        len(found.unknown),
    )


def _causes(found: Comparison) -> str:
    causes = prime(found.causes)
    if not causes:
        return say("Nothing that was recorded explains it: what decides is the same on both sides.")
    if any(_is_long(one) for one in causes[:_LISTED]):
        return _listed(causes)
    shown = "; ".join(_by_place(causes[:_CAUSES]))
    more = len(causes) - _CAUSES
    if more > 0:
        shown += say_many("; and {n} more beside it", "; and {n} more beside them", more)
    return say("What turned it: {causes}.", causes=shown)


def _is_long(one: Difference) -> bool:
    texts = [_cut(shown.text) for shown in (one.before, one.after) if shown is not None]
    return len(texts) == 2 and sum(map(len, texts)) > _ONE_LINE


def _listed(causes: Sequence[Difference]) -> str:
    """Return the causes one below the other, before and after on lines of their own."""
    lines = [say("What turned it:")]
    for one in causes[:_LISTED]:
        if not _is_long(one):
            lines.append(f"{one.place}: {_cause(one)}" if one.place else _cause(one))
            continue
        assert one.before is not None
        assert one.after is not None
        lines.append(f"{one.place}: {one.subject}" if one.place else one.subject)
        lines.append("  " + say("before: {value}", value=_cut(one.before.text)))
        lines.append("  " + say("after: {value}", value=_cut(one.after.text)))
    more = len(causes) - _LISTED
    if more > 0:
        lines.append(say_many("and {n} more beside them", "and {n} more beside them", more))
    return "\n".join(lines) + "\n"


def _by_place(causes: Sequence[Difference]) -> Iterator[str]:
    """Yield the causes, each place named once."""
    place = ""
    for one in causes:
        said = _cause(one)
        yield f"{one.place}: {said}" if one.place and one.place != place else said
        place = one.place


def _cause(one: Difference) -> str:
    name = one.subject
    before = _cut(one.before.text) if one.before else ""
    after = _cut(one.after.text) if one.after else ""
    match one.kind:
        case Kind.ADDED:
            return say("{name}: {value} is new", name=name, value=after)
        case Kind.GONE:
            return say("{name}: {value} is gone", name=name, value=before)
        case _:
            return say("{name}: {one} → {other}", name=name, one=before, other=after)


def _cut(text: str) -> str:
    """Return a value, a long one as far as its clauses say something whole."""
    text = _DIGEST.sub(lambda found: found[0][:8] + "…", text).rstrip(".;")
    if len(text) <= _VALUE:
        return text
    ends = [found.start() for found in _CLAUSE.finditer(text[: _VALUE + 1])]
    if ends and ends[-1] >= _VALUE // 3:
        return text[: ends[-1]]
    return text[: _VALUE - 1].rsplit(" ", 1)[0] + "…"
