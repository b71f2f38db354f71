"""The roll-out: the stages of the plan, what shows that one is done, what blocks it, what to publish.

Durations are those of Cisco's guide.  Every zone line copies whole.  A domain that sends nothing has no
stages but checks: everything in its name is to be refused.
"""

from collections.abc import Hashable, Iterator

from rich.cells import cell_len

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.mailauth.rollout.model import Check, Line, Plan, Stage, State
from widgets.message_folds import FoldingView, fold_sign
from widgets.message_rows import empty, gap, heading, note, publish, remark, state_words
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.row import Row

STATE_MARKS = {
    State.DONE: Mark.OK,
    State.CURRENT: Mark.WARN,
    State.BLOCKED: Mark.FAIL,
    State.TO_COME: Mark.INFO,
    State.UNKNOWN: Mark.UNKNOWN,
}
_TEXT = 900


class RolloutView(FoldingView):
    """The plan of a survey."""

    empty = noted("The plan is made from everything the domain publishes.")

    def title_words(self) -> str:
        """Say the stage in the frame's title."""
        plan = self._plan()
        if plan is None:
            return say("known at the end of the walk")
        if not plan.stages:
            return say("a domain that sends nothing")
        if not plan.current:
            return say("the stage is not known")
        return say("stage {current} of {stages}", current=plan.current, stages=len(plan.stages))

    def _plan(self) -> Plan | None:
        survey = self.shown.delivery.survey if self.shown else None
        return survey.plan if survey is not None else None

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the next step, the stages or checks, and the third parties."""
        plan = self._plan()
        if plan is None:
            if self.shown is not None:
                words = say("The plan is the walk's last step: n performs the next, c all of them.")
                yield empty("none", words, width)
            return
        yield note("next", shorten(plan.next_step, _TEXT), width, indent=0)
        yield gap("stages")
        for stage in plan.stages:
            yield from self._stage(stage, stage.number == plan.current, width)
        if plan.deny_all:
            yield from self._denied(plan, width)
        if plan.third_parties:
            yield from self._others(plan, width)

    def _stage(self, stage: Stage, current: bool, width: int) -> Iterator[Row]:
        key: Hashable = ("stage", stage.number)
        unfolded = self.unfolds(key, first=current or stage.state is State.BLOCKED)
        symbol, look = mark(STATE_MARKS[stage.state])
        title = Look.ACCENT if current else Look.STRONG
        head = line(
            fold_sign(unfolded=unfolded),
            f" {stage.number} ",
            fit(f"{symbol} {say(stage.state.value)}", _state_cells(), look),
            (stage.title, title),
            (f"  {stage.weeks}", Look.DIM),
        )
        copy = f"{stage.number}. {stage.title}: {say(stage.state.value)}. {stage.shows}"
        lines = tuple(wrap(head, width, indent=4))
        yield Row(key=key, lines=lines, copy=line(copy).plain, what=say("stage"))
        if not unfolded:
            return
        yield note((key, "shows"), shorten(stage.shows, _TEXT), width, indent=4)
        for number, words in enumerate(stage.blocked_by[:20]):
            text = say("blocked: {shorten}", shorten=shorten(words, _TEXT))
            yield remark((key, "block", number), Mark.FAIL, text, width, indent=4)
        yield from _lines(stage.publish, key, width, indent=4)
        for number, words in enumerate(stage.advice[:20]):
            yield note((key, "advice", number), f"- {shorten(words, _TEXT)}", width, indent=4)

    def _denied(self, plan: Plan, width: int) -> Iterator[Row]:
        closed = sum(one.state is State.DONE for one in plan.deny_all)
        count = len(plan.deny_all)
        state = state_words(
            Mark.OK if closed == count else Mark.WARN,
            say("{closed} of {count} checks done", closed=closed, count=count),
        )
        unfolded = self.unfolds("denied", first=True)
        yield heading("denied", say("names that send nothing"), state, width, unfolded=unfolded)
        if not unfolded:
            return
        for number, one in enumerate(plan.deny_all[:200]):
            yield from _check(one, ("denied", number), width)

    def _others(self, plan: Plan, width: int) -> Iterator[Row]:
        state = line(
            (
                say(
                    "{third_parties} named in the SPF record", third_parties=len(plan.third_parties)
                ),
                Look.DIM,
            )
        )
        unfolded = self.unfolds("others", first=False)
        yield heading("others", say("third-party senders"), state, width, unfolded=unfolded)
        if not unfolded:
            return
        words = say("A subdomain and a selector of its own for each keeps what one sends apart.")
        yield note("others-why", words, width)
        for number, (name, lines) in enumerate(plan.third_parties[:50]):
            words_ = line("  ", (shorten(name, 255), Look.STRONG))
            yield Row(
                key=("others", number),
                lines=tuple(wrap(words_, width, indent=4)),
                copy=words_.plain.strip(),
                what=say("name"),
            )
            yield from _lines(lines, ("others", number), width, indent=4)


def _state_cells() -> int:
    """Return the cells of the widest state with its symbol, and a blank."""
    return max(11, 3 + max(cell_len(say(state.value)) for state in State))


def _check(one: Check, key: Hashable, width: int) -> Iterator[Row]:
    symbol, look = mark(STATE_MARKS[one.state])
    words = line(
        "  ",
        (f"{symbol} ", look),
        (shorten(one.domain, 255), Look.STRONG),
        f"  {one.what}: ",
        (shorten(one.shows, _TEXT), Look.DIM),
    )
    copy = line(f"{one.domain}: {one.what}: {one.shows}").plain
    yield Row(key=key, lines=tuple(wrap(words, width, indent=4)), copy=copy, what=say("check"))
    yield from _lines(one.publish, key, width, indent=4)


def _lines(lines: tuple[Line, ...], key: Hashable, width: int, *, indent: int) -> Iterator[Row]:
    for number, one in enumerate(lines[:20]):
        yield publish((key, "line", number), shorten(one.text, 4_000), width, indent=indent)
        told = [one.purpose]
        if one.replaces:
            told.append(say("it takes the place of the record that is there"))
        if one.template:
            told.append(say("fill in what stands in angle brackets"))
        words = "; ".join(part for part in told if part)
        if words:
            yield note((key, "why", number), shorten(words, _TEXT), width, indent=indent + 2)
