"""What succeeded and what failed, day by day, as two lines of blocks with their scale."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from mxwalk.language import noted, say
from mxwalk.reportfiles.days import Day
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line
from widgets.sparkline import cells_each, shares, sparkline

_NAME = 10
_SCALE = 18


class ReportTrend(Widget):
    """Three lines: successes, failures, days.  Each line has a scale of its own, named at its end."""

    DEFAULT_CSS = """
    ReportTrend { height: 3; color: $foreground; background: $surface; padding: 0 1; }
    """

    def __init__(
        self,
        *,
        names: tuple[str, str] = (noted("success"), noted("failure")),
        unit: str = noted("sessions"),
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._names = names
        self._unit = unit
        self._days: tuple[Day, ...] = ()
        self._undated = 0

    def show(self, days: Sequence[Day], undated: int = 0) -> None:
        """Show these days."""
        self._days = tuple(days)
        self._undated = undated
        self.refresh()

    def render(self) -> Content:
        """Draw the lines."""
        if not self._days:
            words = (
                say("No report here has a date.")
                if self._undated
                else say("No {unit} by day yet.", unit=say(self._unit))
            )
            return line((words, Look.DIM))
        width = max(8, self.content_size.width - _NAME - _SCALE)
        good = [day.successes for day in self._days]
        bad = [day.failures for day in self._days]
        marks = glyphs()
        return Content("\n").join(
            [
                self._line(f"{marks.ok} {say(self._names[0])}", good, width, Look.OK),
                self._line(f"{marks.fail} {say(self._names[1])}", bad, width, Look.FAIL),
                self._dates(width),
            ]
        )

    def _line(self, name: str, values: Sequence[int], width: int, look: Look) -> Content:
        drawn = sparkline(values, width)
        per = say("a day") if len(values) <= width else say("each")
        most = max(shares(values, width), default=0)
        return line(
            fit(name, _NAME, look),
            (drawn, look),
            (say("  up to {most:,} {per}", most=most, per=per), Look.DIM),
        )

    def _dates(self, width: int) -> Content:
        first, last = self._days[0].day.isoformat(), self._days[-1].day.isoformat()
        drawn = min(width, len(self._days)) * cells_each(len(self._days), width)
        if first == last:
            words = first
        else:
            gap = max(1, drawn - len(first) - len(last))
            words = f"{first}{' ' * gap if gap > 1 else say(' to ')}{last}"
        if self._undated:
            words += say("   {undated:,} without a date", undated=self._undated)
        return line(fit("", _NAME), (words, Look.DIM))
