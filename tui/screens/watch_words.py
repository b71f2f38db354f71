"""What the watch screen says: header, what is known, footer; functions of the watch alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from mxwalk.receivers.registry import judges
from mxwalk.senders.registry import profile
from mxwalk.watch.caches import sentences, suggested_s
from mxwalk.watch.durations import duration_text
from mxwalk.watch.engine import End, Watch
from mxwalk.watch.facts import TlsaMatch
from tui import actions
from widgets.glyphs import glyphs
from widgets.hints import HeadState, Hint
from widgets.plain import Look, line, outcome_mark, outcome_words
from widgets.watch_rounds import state_of
from widgets.watch_strip import Cell

_SENTENCES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A watch at one moment: what is watched, which step is walked, and why it could not begin."""

    watch: Watch
    subject: str
    step: int
    now: datetime
    failure: str
    keymap: Mapping[str, str]


def strip(watch: Watch) -> tuple[Cell, ...]:
    """Return the cells of the strip."""
    return tuple(
        Cell(at=made.at, state=state_of(made), changed=bool(made.changes)) for made in watch.rounds
    )


def head_state(shown: Shown) -> HeadState:
    """Return the header: what is watched, as whom, and when the next round is."""
    watch = shown.watch
    latest = watch.latest
    return HeadState(
        target=shown.subject,
        sender=", ".join(map(_label, watch.plan.senders)),
        state=_state(shown),
        running=watch.is_walking,
        outcome=outcome_words(latest.outcome, over=True) if latest and not watch.is_walking else "",
        outcome_mark=outcome_mark(latest.outcome) if latest else Mark.INFO,
        outcome_first=watch.end is None and not watch.paused,
    )


def _label(name: str) -> str:
    """Return what a judge is called: of a survey's rounds, or a sender."""
    of_surveys = {one.id: one.label for one in judges(Purpose.DOMAIN)}
    return of_surveys.get(name) or profile(name).label


def _state(shown: Shown) -> str:
    watch = shown.watch
    if shown.failure:
        return say("could not be opened")
    if watch.is_walking:
        return say("round {number}, step {step}", number=watch.count + 1, step=shown.step)
    if watch.end is End.HOLDS:
        return say("it holds:")
    if watch.end is not None:
        return say("over:")
    if watch.paused:
        return say("paused:")
    return say("next round in {left}", left=duration_text(watch.next_in_s))


def known(shown: Shown) -> list[Content]:
    """Return condition, interval, and what caches, policies and certificates say."""
    watch, plan = shown.watch, shown.watch.plan
    symbol, look = (
        (glyphs().ok, Look.OK) if watch.end is End.HOLDS else (glyphs().next, Look.ACCENT)
    )
    found = [
        line((f"{symbol} ", look), (say("until {what}", what=plan.condition.words), Look.STRONG)),
        line(
            f"{glyphs().info} ", say("a round every {every}", every=duration_text(plan.interval_s))
        ),
    ]
    if shown.failure:
        found.append(line((f"{glyphs().fail} {shown.failure}", Look.FAIL)))
    if watch.end is None and not watch.is_walking and watch.count:
        words = (
            say("paused: space goes on")
            if watch.paused
            else say("next round at {at} UTC", at=f"{watch.next_at:%H:%M:%S}")
        )
        found.append(line(f"{glyphs().info} ", words))
    latest = watch.latest
    if latest is None:
        return found
    last = watch.rounds[-1] if watch.rounds else None
    if last is not None and last.note:
        found.append(line((f"{glyphs().info} {last.note}", Look.WARN)))
    longer = suggested_s(latest, plan.condition.kind.rests_on, plan.interval_s)
    if longer is not None and not plan.local:
        words = say(
            "the TTL is {ttl}: a round every {longer} would see as much",
            ttl=duration_text(longer),
            longer=duration_text(longer),
        )
        found.append(line(f"{glyphs().info} ", words))
    told = sentences(latest, watch.old, shown.now)[:_SENTENCES]
    found += [line(f"{glyphs().info} ", words) for words in told]
    if latest.tlsa_match not in (TlsaMatch.UNKNOWN, TlsaMatch.NO_RECORDS):
        found.append(line(f"{glyphs().info} TLSA: ", say(latest.tlsa_match.value)))
    found += [
        line((f"{glyphs().info} {leaf.place}: {leaf.digest[:12]}", Look.DIM))
        for leaf in latest.leaves[:_SENTENCES]
    ]
    return found


def hints(shown: Shown) -> list[Hint]:
    """Return the footer's hints."""
    declared = {one.id: one for one in (*actions.WATCH, *actions.APP)}
    names = ["watch.now", "watch.pause", "watch.condition", "watch.interval"]
    found = [
        Hint(key="Enter", words=say("its walk"), action="focused.choose"),
        *(_hint(declared[name], shown.keymap) for name in names),
        _hint(declared["app.help"], shown.keymap, keep=True),
        _hint(declared["watch.leave"], shown.keymap),
    ]
    return found if shown.watch.count else found[1:]


def _hint(action: actions.Action, keymap: Mapping[str, str], *, keep: bool = False) -> Hint:
    where = "app." if action.id.startswith("app.") else "screen."
    return Hint(
        key=actions.key_words(keymap.get(action.id, action.key)),
        words=say(action.words),
        action=where + action.action,
        keep=keep,
    )
