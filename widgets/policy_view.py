"""MTA-STS and TLS-RPT: the effective policy in a sentence, then record, file, hosts, and advice.

The parts stand below each other; left and right go from one to the next.  Enter on the policy host's
certificate opens its chain, on an MX host its connection.  ``y`` copies what the cursor is on.
"""

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted
from mxwalk.mtasts.state import StsStanding
from widgets.plain import wrap
from widgets.policy_fields import heading_key
from widgets.policy_file import CHAIN, policy_rows
from widgets.policy_head import effective, head_lines, overview, section_at
from widgets.policy_hosts import host_key, host_rows
from widgets.policy_peer import policy_host
from widgets.policy_publish import publish_rows
from widgets.policy_record import record_rows
from widgets.policy_reports import report_rows
from widgets.policy_state import Picture, Section, picture
from widgets.row import Row, text_row
from widgets.rows_drawing import GUTTER
from widgets.shown import Shown, View

_BAR = "overview"


class PolicyView(View):
    """The policy records of the recipient domain."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "section(-1)", "To the part before", show=False, id="policy.left"),
        Binding("right,l", "section(1)", "To the next part", show=False, id="policy.right"),
    ]
    empty = noted("No policy records yet: the walk has not looked them up.")

    class ChainWanted(Message):
        """The chain of the policy host is asked for."""

        def __init__(self, view: "PolicyView", attempt: Attempt) -> None:
            super().__init__()
            self.view = view
            self.attempt = attempt

        @property
        def control(self) -> "PolicyView":
            """The view that asks."""
            return self.view

    class StepWanted(Message):
        """The step that told of a host is asked for."""

        def __init__(self, view: "PolicyView", seq: int | None) -> None:
            super().__init__()
            self.view = view
            self.seq = seq

        @property
        def control(self) -> "PolicyView":
            """The view that asks."""
            return self.view

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._host: object = None
        self._told: object = None
        self._cached: tuple[Picture, int, dict[Section, tuple[Row, ...]]] | None = None

    # -- data -----------------------------------------------------------------------------------

    def show(self, shown: Shown) -> None:
        """Draw this moment."""
        before = self._picture
        if before is None or before.delivery is not shown.delivery or before.now != shown.now:
            self._picture = picture(shown.delivery, shown.now)
        super().show(shown)

    def title_words(self) -> str:
        """Say domain and policy in the frame's title."""
        found = self._picture
        if found is None or found.state.standing is StsStanding.NO_DOMAIN:
            return ""
        return f"{found.state.domain}: {effective(found)[1]}"

    # -- rows -----------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the sentence, the overview, and the parts."""
        found = self._picture
        if found is None:
            return
        state = found.state
        yield text_row("head", *head_lines(found, width))
        if state.standing is StsStanding.NO_DOMAIN:
            return
        yield text_row(_BAR, *wrap(overview(found, self._section(), width), width))
        fixed = self._fixed(found, width)
        for section in Section:
            if section is Section.HOSTS:
                yield from host_rows(found, self._host, width)
            else:
                yield from fixed[section]

    def _fixed(self, found: Picture, width: int) -> dict[Section, tuple[Row, ...]]:
        """Return the parts that do not depend on the cursor, made once for a moment and a width."""
        cached = self._cached
        if cached is None or cached[0] is not found or cached[1] != width:
            made = {
                Section.RECORD: tuple(record_rows(found, width)),
                Section.POLICY: tuple(policy_rows(found, width)),
                Section.REPORTS: tuple(report_rows(found, width)),
                Section.PUBLISH: tuple(publish_rows(found, width)),
            }
            self._cached = cached = (found, width, made)
        return cached[2]

    def _section(self) -> Section | None:
        match self._cursor:
            case (Section() as section, *_):
                return section
            case _:
                return Section.RECORD

    def move_to(self, key: Hashable, *, scroll: bool = True) -> None:
        """Put the cursor on a row; a number is that of a line of the policy file."""
        line = (Section.POLICY, "line", key) if isinstance(key, int) else key
        super().move_to(line, scroll=scroll)

    # -- keys -----------------------------------------------------------------------------------

    def cursor_moved(self) -> None:
        """Tell the host under the cursor in full, and mark the part."""
        before = self._told
        match self._cursor:
            case (Section.HOSTS, "host", *_):
                self._host = self._cursor
            case _:
                pass
        self._told = (self._section(), self._host)
        if self._told != before:
            self.rebuild()

    def action_section(self, by: int) -> None:
        """Go to the first row of another part."""
        here = self._section() or Section.RECORD
        sections = list(Section)
        self.go_to_section(sections[min(max(sections.index(here) + by, 0), len(sections) - 1)])

    def go_to_section(self, section: Section) -> None:
        """Put the heading of a part at the top and the cursor below it."""
        key = heading_key(section)
        if not any(row.key == key for row in self.rows):
            return
        self._go(next(i for i, row in enumerate(self.rows) if row.key == key))
        top = next(self._tops[i] for i, row in enumerate(self.rows) if row.key == key)
        self.scroll_to(y=0 if section is Section.RECORD else top, animate=False)

    def action_choose(self) -> None:
        """Open the chain of the policy host, or the connection to a host."""
        row, found = self.cursor_row, self._picture
        if row is None or found is None:
            return
        if row.key == (Section.POLICY, CHAIN):
            attempt = policy_host(found.delivery)
            if attempt is not None:
                self.post_message(self.ChainWanted(self, attempt))
            return
        for one in found.hosts:
            if host_key(one) == row.key:
                self.post_message(self.StepWanted(self, _step_of([each for each, _ in one.checks])))
                return
        super().action_choose()

    def on_click(self, event: events.Click) -> None:
        """Go to the part that was clicked; rows are the base's business."""
        at = event.get_content_offset(self)
        y = at.y + self.scroll_offset.y if at is not None else -1
        if at is None or not 0 <= y < len(self._lines):
            return
        row = self.rows[self._lines[y][1]]
        section = section_at(at.x - GUTTER) if row.key == _BAR and len(row.lines) == 1 else None
        if section is not None:
            event.prevent_default()  # the rows have moved: the base would take another for clicked
            self.go_to_section(section)


def _step_of(attempts: list[Attempt]) -> int | None:
    """Return the step to go to for a host: its chain, or how far the connection came."""
    for attempt in attempts:
        step = attempt.step(StepKind.CHAIN) or (attempt.steps[-1] if attempt.steps else None)
        if step is not None:
            return step.seq
    return None
