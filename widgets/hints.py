"""One line each: the header with target, sender and state, and the footer with the keys that matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget

from mxwalk.delivery.mark import Mark
from mxwalk.dnssec.model import Status
from mxwalk.language import say
from widgets.dnssec_words import status_words
from widgets.glyphs import glyphs
from widgets.plain import Look, cut, line, look_of, mark, shorten

_WIDE = 100
_TARGET, _SHORT_TARGET = 40, 12  # cells of the target in the header, and where it is tight
IDLE_WARNING_S = 240.0  # servers may close after five minutes (RFC 5321 4.5.3.2.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A key, what it does in a word or two (English or said), and the action a click runs."""

    key: str
    words: str
    action: str
    chosen: bool = False
    keep: bool = False  # drawn before others where not all fit


class Hints(Widget):
    """The footer: as many hints as fit, the most important first, each a mouse target."""

    DEFAULT_CSS = """
    Hints { height: 1; background: $panel; color: $foreground; padding: 0 1; text-wrap: nowrap; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._places: list[tuple[int, int, str]] = []

    def show(self, hints: Sequence[Hint]) -> None:
        """Show these hints, the most important first."""
        self._hints = tuple(hints)
        self.refresh()

    def render(self) -> Content:
        """Draw key and words of each hint that fits; closer together where that lets all fit."""
        parts: list[Content] = []
        self._places = []
        at = 0
        kept = [hint for hint in self._hints if hint.keep]
        pieces = [_piece(hint) for hint in self._hints]
        whole = sum(piece.cell_length for piece in pieces) + len(pieces) - 1
        room = self.content_size.width
        gap = 1 if whole <= room < whole + len(pieces) - 1 else 2
        for hint, piece in zip(self._hints, pieces, strict=True):
            if hint in kept:
                kept.remove(hint)
            reserved = sum(_piece(each).cell_length + gap for each in kept)
            if at + piece.cell_length + reserved > room:
                if kept:
                    continue
                break
            self._places.append((at, at + piece.cell_length, hint.action))
            parts.extend((piece, Content(" " * gap)))
            at += piece.cell_length + gap
        return Content("").join(parts)

    def places(self) -> list[tuple[int, str]]:
        """Return where each hint begins, in cells, and the action it runs."""
        return [(start, action) for start, _, action in self._places]

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the hint under the pointer."""
        at = event.get_content_offset(self)
        if at is None:
            return
        for start, end, action in self._places:
            if start <= at.x < end:
                await self.run_action(action)


def _piece(hint: Hint) -> Content:
    look = Look.DECIDES if hint.chosen else Look.PLAIN
    said = say(hint.words)
    words = f" {said} " if hint.chosen else said
    return line((hint.key, Look.ACCENT), "" if hint.chosen else " ", (words, look))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadState:
    """What the header says.  ``worst`` is drawn with ``worst_words``; ``idle_s`` only when waiting.

    ``dnssec`` is the weakest status of all look-ups, shown where there is room for it.  ``caveat``
    stands before the outcome where there is no room for the state.
    """

    target: str
    sender: str
    state: str
    running: bool = False
    outcome: str = ""
    outcome_mark: Mark = Mark.INFO
    caveat: str = ""
    worst: Mark = Mark.INFO
    worst_words: str = ""
    idle_s: float | None = None
    dnssec: Status | None = None
    outcome_first: bool = False


class Head(Widget):
    """The header line."""

    DEFAULT_CSS = """
    Head { height: 1; background: $panel; color: $foreground; padding: 0 1; text-wrap: nowrap; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._head = HeadState(target="", sender="", state="")

    def show(self, head: HeadState) -> None:
        """Show this."""
        if head != self._head:
            self._head = head
            self.refresh()

    def render(self) -> Content:
        """Draw target, sender and state on the left; the worst finding and idle time on the right."""
        head, width = self._head, self.content_size.width
        right = self._right(room_for_dnssec=width >= _WIDE)
        room = max(0, width - right.cell_length - 2)
        state = (glyphs().next if head.running else glyphs().info) + " " + head.state
        names = line((shorten(head.target, _TARGET), Look.STRONG))
        sender = line("   ", (head.sender, Look.INFO))
        how = (state, Look.ACCENT if head.running else Look.PLAIN)
        came = (head.outcome, look_of(head.outcome_mark))
        if head.outcome_first and head.outcome:  # else it would read as what is to come
            tail = line("   ", came, f" {glyphs().info} {head.state}")
        else:
            tail = line("   ", how, " " if head.outcome else "", came)
        left = names + sender + tail
        if left.cell_length > room:
            short = head.sender.partition(" of ")[0].split(" ")
            left = names + line("  ", (" ".join(short[:2]), Look.INFO)) + tail
        if left.cell_length > room and head.outcome:  # the outcome is what one looks for
            caveat = f"{head.caveat} " if head.caveat else ""
            short_tail = line("  ", (caveat, Look.WARN), (head.outcome, look_of(head.outcome_mark)))
            target = shorten(head.target, max(8, room - short_tail.cell_length))
            left = line((target, Look.STRONG)) + short_tail
        if left.cell_length > room and not head.outcome:  # what comes next needs the room
            left = names + tail
        if left.cell_length > room and not head.outcome:
            spare = left.cell_length - room
            target = shorten(head.target, max(_SHORT_TARGET, names.cell_length - spare))
            left = line((target, Look.STRONG)) + tail
        if left.cell_length > room:
            left = cut(left, room)
        return left.pad_right(max(0, width - left.cell_length - right.cell_length)) + right

    def _right(self, *, room_for_dnssec: bool) -> Content:
        head = self._head
        parts: list[Content] = []
        if head.dnssec is not None and room_for_dnssec:
            parts.append(line(("DNS ", Look.DIM)) + status_words(head.dnssec))
        if head.idle_s is not None:
            late = head.idle_s >= IDLE_WARNING_S
            words = say(
                "idle {minutes:02d}:{seconds:02d}",
                minutes=int(head.idle_s) // 60,
                seconds=int(head.idle_s) % 60,
            )
            if late:
                words = "! " + say("{idle}, the server may close at 05:00", idle=words)
            parts.append(line((words, Look.WARN if late else Look.DIM)))
        if head.worst_words:
            symbol, _ = mark(head.worst)
            parts.append(line((f"{symbol} {head.worst_words}", look_of(head.worst))))
        return Content("   ").join(parts)
