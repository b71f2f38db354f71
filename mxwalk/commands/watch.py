"""``mxwalk watch``: a line a round, what changed below it, and why it ended in the last one."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from mxwalk.clock import Clock, SystemClock
from mxwalk.commands.columns import fitted, terminal_width
from mxwalk.commands.ending import exit_code_of
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.settings import Given, apply, check_sender, check_unicode
from mxwalk.commands.streams import OutputLost, ReaderGone, note, print_lines, ring
from mxwalk.errors import UsageError
from mxwalk.evidence.target import Options
from mxwalk.files import make_directory, named
from mxwalk.language import say, say_many
from mxwalk.reports.labels import SYMBOLS
from mxwalk.senders.model import Outcome
from mxwalk.senders.outcomes import OUTCOME_MARKS, words_of
from mxwalk.session import default_options, lab_options
from mxwalk.walk.target import parse_target
from mxwalk.watch.caches import sentences, suggested_s
from mxwalk.watch.conditions import Condition, parse_condition
from mxwalk.watch.durations import duration_text, duration_typed, parse_duration
from mxwalk.watch.engine import End, Plan, Round, Watch
from mxwalk.watch.engine import run as run_watch
from mxwalk.watch.politeness import is_local
from mxwalk.watch.runner import Walker, Watched
from mxwalk.wordings import system_words
from mxwalk.wrapping import cells

HOLDS, NOT_YET, UNTOLD = 0, 3, 4
_HANG = 15  # columns, below the outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    watched: Watched
    plan: Plan
    bell: bool = False
    ascii_only: bool = False


def asked_from(target: str | None, values: Mapping[str, Any]) -> Asked:
    """Return the command line as one value.  Raises ``UsageError`` for what cannot be used."""
    labs = tuple(values["labs"])
    if (target is None) == (not labs):
        raise UsageError(say("give either a TARGET or --lab NAME"))
    names = {field.name for field in fields(Given)}
    given = Given(**{name: value for name, value in values.items() if name in names})
    if labs and given.resolver is not None:
        raise UsageError(say("--resolver: a lab scenario answers DNS itself"))
    senders = tuple(dict.fromkeys(check_sender(one) for one in values["senders"]))
    made_for = [lab_options(lab) for lab in labs] or [default_options()]
    options, *later = (apply(given, one) for one in made_for)
    senders = senders or (options.sender,)
    options, *later = (msgspec.structs.replace(one, sender=senders[0]) for one in (options, *later))
    lasting, rounds = values["lasting"], values["rounds"]
    if rounds is not None and rounds < 1:
        raise UsageError(say("--rounds {count}: at least one", count=rounds))
    watched = Watched(
        target=check_unicode(target, say("the target")) if target is not None else None,
        options=options,
        scenarios=labs,
        later=tuple(later),
        save=_directory(values["save"]) if values["save"] else None,
        redacted=values["redact"],
    )
    plan = Plan(
        condition=parse_condition(values["until"]),
        senders=senders,
        interval_s=parse_duration(values["every"], "--every"),
        for_s=parse_duration(lasting, "--for") if lasting else None,
        rounds=rounds,
        local=_is_local(target, options, labs),
    )
    return Asked(watched=watched, plan=plan, bell=values["bell"], ascii_only=values["ascii_only"])


def _is_local(target: str | None, options: Options, labs: tuple[str, ...]) -> bool:
    parsed = parse_target(target) if target is not None else None
    return is_local(parsed, options, in_lab=bool(labs))


def _directory(text: str) -> Path:
    path = named(text)
    try:
        make_directory(path)
    except OSError as error:
        raise UsageError(f"--save {path}: {system_words(error)}") from error
    return path


def run(asked: Asked, clock: Clock | None = None) -> int:
    """Watch to the end, print a line a round, and return the exit code."""
    clock = clock or SystemClock()
    watch = Watch(asked.plan, clock)
    lost: list[OutputLost] = []
    _print(asked, _heading(asked), lost)
    try:
        run_to_end(_watch(asked, watch, clock, lost))
    except KeyboardInterrupt as error:
        with contextlib.suppress(OutputLost, ReaderGone):  # the terminal may be what is gone
            _print(asked, ["", *summary(watch, clock.now(), say("interrupted"))], lost)
        return exit_code_of(error)
    _print(asked, ["", *summary(watch, clock.now(), _why(watch))], lost)
    if lost:
        raise lost[0]
    if watch.end is not End.HOLDS:
        return NOT_YET if watch.told_anything else UNTOLD
    if asked.bell:
        ring()
    return HOLDS


async def _watch(asked: Asked, watch: Watch, clock: Clock, lost: list[OutputLost]) -> None:
    def told(made: Round) -> None:
        lines = [*round_lines(made, watch.plan.condition)]
        if watch.end is None:
            lines.extend(_advice(watch, made))
        _print(asked, lines, lost)

    async with Walker(asked.watched, clock=clock, on_notice=note) as walker:
        await run_watch(watch, walker.walk, asyncio.sleep, told)


def _print(asked: Asked, lines: list[str], lost: list[OutputLost]) -> None:
    """Print lines; walks that are saved go on where their lines can no longer be printed."""
    try:
        print_lines((part for line in lines for part in _fitted(line)), ascii_only=asked.ascii_only)
    except OutputLost as error:
        if asked.watched.save is None:
            raise
        lost.append(error)


def _fitted(line: str) -> list[str]:
    """Return a line in the terminal's width; what follows stands below the outcome, not the time."""
    if cells(line) <= terminal_width():
        return [line]
    if line.startswith(" " * _HANG):
        return fitted(" " * _HANG, line, _HANG)
    if line[2:3] == ":" and line[5:6] == ":":  # a round: the time and its number in columns
        return fitted(line[:_HANG], line[_HANG:], _HANG)
    return fitted("", line, 0)


def _heading(asked: Asked) -> list[str]:
    plan, watched = asked.plan, asked.watched
    what = watched.target or ", ".join(f"lab:{name}" for name in watched.scenarios)
    every = duration_text(plan.interval_s)
    return [
        say(
            "watching {what} every {every}, until {until}",
            what=what,
            every=every,
            until=plan.condition.words,
        ),
        "",
    ]


def outcomes_text(outcomes: tuple[tuple[str, Outcome], ...]) -> str:
    """Return outcomes with their symbols; with the senders where there are several."""
    parts = []
    for sender, outcome in outcomes:
        symbol = SYMBOLS[OUTCOME_MARKS[outcome].value]
        name = f"{sender}: " if len(outcomes) > 1 else ""
        parts.append(f"{symbol} {name}{words_of(outcome)}")
    return "  ".join(parts)


def round_lines(made: Round, condition: Condition) -> Iterator[str]:
    """Yield a round's line, and what changed below it."""
    at = f"{made.at.astimezone(UTC):%H:%M:%S}"
    head = f"{at}  {made.number:>3}  "
    if made.facts is None:
        yield head + say("? no walk: {why}", why=made.problem)
        return
    facts = made.facts
    reason = f": {facts.reason}" if facts.reason else ""
    yield head + outcomes_text(facts.outcomes) + reason
    if facts.own_fault:
        yield "               " + facts.own_fault_words
    for change in made.changes:
        yield f"               {change.words}"
    if made.holds:
        yield "               " + say("now {what}", what=condition.words)


def _advice(watch: Watch, made: Round) -> Iterator[str]:
    """Yield what is worth knowing about the wait: once at the first round, then where it is new."""
    indent = "               "
    before = watch.rounds[-2].note if len(watch.rounds) > 1 else ""
    if made.note and made.note != before:
        yield indent + made.note
    facts = made.facts
    if facts is None or (made.number > 1 and not made.changes):
        return
    for words in sentences(facts, watch.old, facts.ended):
        yield indent + words
    plan = watch.plan
    longer = suggested_s(facts, plan.condition.kind.rests_on, plan.interval_s)
    if longer is not None and made.number == 1 and not plan.local:
        yield indent + say(
            "the TTL is {ttl}: --every {longer} would see as much",
            ttl=duration_text(longer),
            longer=duration_typed(longer),
        )


def _why(watch: Watch) -> str:
    words = watch.plan.condition.words
    match watch.end:
        case End.HOLDS:
            return say("it holds: {what}", what=words)
        case End.ROUNDS:
            return say("the rounds are over, and it does not hold: {what}", what=words)
        case _:
            return say("the time is over, and it does not hold: {what}", what=words)


def summary(watch: Watch, at: datetime, why: str) -> Iterator[str]:
    """Yield what is left to know, and why it ended in the last line."""
    if watch.latest is not None:
        yield from sentences(watch.latest, watch.old, at)
    rounds = say_many("{n} round", "{n} rounds", watch.count)
    yield f"{rounds}; {why}"
