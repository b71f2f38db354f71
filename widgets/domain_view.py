"""The domain at a glance: everything it publishes about its mail, each in one of its states.

``Not published`` needs an answer that says so; a look-up that failed is unknown.  Enter on a row goes
to the step that found it, and so to the view that shows more.
"""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.message import Message

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.reports.model_survey import Area
from mxwalk.reports.survey_areas import (
    FAULTY,
    NOT_LOOKED_UP,
    NOT_PUBLISHED,
    PUBLISHED,
    UNKNOWN,
    areas,
)
from widgets.message_rows import empty, gap, note
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.row import Row
from widgets.shown import View

AREA_MARKS = {
    PUBLISHED: Mark.OK,
    FAULTY: Mark.FAIL,
    NOT_PUBLISHED: Mark.WARN,
    UNKNOWN: Mark.UNKNOWN,
    NOT_LOOKED_UP: Mark.INFO,
}
_TEXT = 800
_LABEL = 18
_STATE = 17


class DomainView(View):
    """The overview of a survey."""

    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("list.open", noted("its view")),
        ("app.copy", noted("copy")),
    )
    empty = noted("Nothing was looked up yet.")

    class StepWanted(Message):
        """The step that found something is asked for."""

        def __init__(self, view: "DomainView", seq: int) -> None:
            super().__init__()
            self.view = view
            self.seq = seq

        @property
        def control(self) -> "DomainView":
            """The view that asks."""
            return self.view

    def title_words(self) -> str:
        """Say in the frame's title how much is in order."""
        found = self._areas()
        counts = [
            (sum(one.state == state for one in found), state)
            for state in (PUBLISHED, FAULTY, NOT_PUBLISHED, UNKNOWN)
        ]
        return ", ".join(f"{count} {say(state)}" for count, state in counts if count)

    def _areas(self) -> tuple[Area, ...]:
        delivery = self.shown.delivery if self.shown else None
        if delivery is None or delivery.survey is None:
            return ()
        return areas(delivery, delivery.survey)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row for each thing a domain can publish, then where the roll-out stands."""
        survey = self.shown.delivery.survey if self.shown else None
        if survey is None:
            if self.shown is not None:
                yield empty("none", say("This walk is not a survey of a domain."), width)
            return
        label = min(_LABEL, max(12, width // 4))
        for number, one in enumerate(self._areas()):
            yield _row(one, ("area", number), label, width)
        yield gap("plan")
        if survey.plan is None:
            words = say("Where the roll-out stands is the walk's last step.")
        else:
            words = say("Roll-out: {step}  5 shows the plan.", step=survey.plan.next_step)
        yield note("plan", shorten(words, _TEXT), width, indent=0)
        if not survey.asked.selectors and not survey.asked.probe:
            words = say(
                "DKIM keys cannot be listed: --selector NAME looks one up, --probe the common ones."
            )
            yield note("selectors", words, width, indent=0)

    def action_choose(self) -> None:
        """Go to the step that found what is under the cursor."""
        row = self.cursor_row
        found = self._areas()
        key = row.key if row is not None else None
        if isinstance(key, tuple) and key[0] == "area" and key[1] < len(found):
            step = found[key[1]].step
            if step is not None:
                self.post_message(self.StepWanted(self, step))
                return
        super().action_choose()


def _row(one: Area, key: object, label: int, width: int) -> Row:
    symbol, look = mark(AREA_MARKS.get(one.state, Mark.INFO))
    name, state = shorten(one.name, 300), say(one.state)
    head = line(fit(name, label, Look.STRONG), " ", fit(f"{symbol} {state}", _STATE, look), " ")
    room = label + _STATE + 2
    said = line((shorten(one.sentence, _TEXT), Look.PLAIN))
    if cell_len(name) > label or width - room < 24:  # a long name stands alone
        first = line((name, Look.STRONG), "  ", (f"{symbol} {state}", look))
        lines = [*wrap(first, width, indent=2), *wrap(line("  ") + said, width, indent=2)]
    else:
        lines = wrap(head + said, width, indent=room)
    copy = line(f"{one.name}: {state}. {one.sentence}").plain
    return Row(key=key, lines=tuple(lines), copy=copy, what=say("state"))
