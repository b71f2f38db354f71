"""The EHLO response line by line in both readings, and what TLS changed about it.

Each line shows the octets, its role in the chosen reading, what the keyword means with its RFC, and
every deviation.  Where the strict reading (RFC 1869) and the lenient one part, the line stands out;
``l`` switches.  The responses before and inside TLS are laid side by side below.
"""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.smtp.ehlo import compare_responses
from mxwalk.smtp.model import EhloLine, EhloResponse, Reading, Reply, Role
from mxwalk.text import visible
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, table_row, wrap
from widgets.row import Row, text_row
from widgets.shown import View

_ROLE_LOOKS = {
    Role.GREETING: Look.INFO,
    Role.KEYWORD: Look.OK,
    Role.UNKNOWN_KEYWORD: Look.UNKNOWN,
    Role.INVALID: Look.FAIL,
}
_NAMES = {Reading.STRICT: noted("strict"), Reading.LENIENT: noted("lenient")}
_ROLE_WORDS = {
    Role.GREETING: noted("greeting"),
    Role.KEYWORD: noted("keyword"),
    Role.UNKNOWN_KEYWORD: noted("unknown"),
    Role.INVALID: noted("invalid"),
}
_READINGS = {Reading.STRICT: noted("strict (RFC 1869)"), Reading.LENIENT: noted("lenient")}
_UNKNOWN = noted("whether it offers STARTTLS is not known.")
_WIRE_SHOWN = 600
_LINES_SHOWN = 150
_COLUMNS_FROM = 92  # narrower panes put a meaning that is too long below its line


def _role_symbol(role: Role) -> str:
    match role:
        case Role.GREETING:
            return glyphs().info
        case Role.KEYWORD:
            return "+"
        case Role.UNKNOWN_KEYWORD:
            return glyphs().unknown
        case Role.INVALID:
            return glyphs().fail


class EhloView(View):
    """The response of the connection looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "reading", "Strict or lenient reading", show=False, id="ehlo.reading"),
    ]
    empty = noted("No EHLO response: the walk has not come to EHLO on this connection.")
    AWAITS = frozenset({StepKind.EHLO, StepKind.HELO})

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.reading = Reading.STRICT

    def action_reading(self) -> None:
        """Switch between the strict and the lenient reading."""
        self.reading = Reading.LENIENT if self.reading is Reading.STRICT else Reading.STRICT
        self.rebuild_or_say(say("Both readings show the same here."))

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the readings, the table, and the comparison with the response inside TLS."""
        attempt = self.shown.attempt if self.shown else None
        if attempt is None:
            if self.shown is not None:
                nothing = self.nothing_words(say("No EHLO response"))
                yield text_row("empty", *wrap(line((nothing, Look.DIM)), width))
            return
        response = attempt.ehlo
        reply = attempt.reply(StepKind.EHLO)
        if response is None:
            yield from _greeting(attempt.greeting, width)
        if response is None and reply is None:
            yield text_row("empty", *wrap(line((self._without(attempt), Look.DIM)), width))
            return
        if response is None and reply is not None:
            yield from _refused(reply, attempt.reply(StepKind.HELO), width)
            return
        assert response is not None
        yield text_row("readings", *self._readings(response, width))
        wire_width = self._wire_width(response, width)
        role_width = (
            max(cell_len(say(_ROLE_WORDS[self._role(entry)])) for entry in response.lines) + 2
        )
        for entry in response.lines[:_LINES_SHOWN]:
            yield self._row(entry, wire_width, role_width, width)
        yield from _left_out(len(response.lines))
        for deviation in response.deviations:
            words = line(
                (f"{glyphs().warn} " + say("whole reply:") + " ", Look.WARN), say(deviation.value)
            )
            yield text_row(("reply", deviation), *wrap(words, width, indent=2))
        if attempt.ehlo_tls is not None:
            yield from _comparison(response, attempt.ehlo_tls, width)

    def _without(self, attempt: Attempt) -> str:
        """Say why there is no response to EHLO."""
        pending = self.shown.pending if self.shown else None
        if pending is not None and pending.scope.address == attempt.address:
            return say(self.empty)
        cancelled = next((step for step in attempt.steps if step.cancelled), None)
        if cancelled is not None:
            return say(
                "No EHLO response: the step {step} was cancelled.", step=cancelled.kind.value
            )
        greeting = attempt.greeting
        if greeting is not None and greeting.code != 220:
            return say(
                "No EHLO response: the server began with {code} instead of 220.",
                code=f"{greeting.code:03}" if greeting.code else greeting.said,
            )
        if attempt.step(StepKind.EHLO) is not None:
            return say("No EHLO response: EHLO was sent and no reply came back.")
        return self.nothing_words(say("No EHLO response"))

    def _readings(self, response: EhloResponse, width: int) -> list[Content]:
        choice: list[Content] = []
        for reading, words in _READINGS.items():
            chosen = reading is self.reading
            shown = f"[{say(words)}]" if chosen else f" {say(words)} "
            choice.append(line((shown, Look.ACCENT if chosen else Look.DIM)))
        head = (
            line((say("reading") + " ", Look.DIM))
            + Content(" ").join(choice)
            + line(("   " + say("l switches"), Look.DIM))
        )
        offers = []
        for reading in Reading:
            offered = response.offers("STARTTLS", reading)
            symbol, look, word = (
                (glyphs().ok, Look.OK, say("offered"))
                if offered
                else (glyphs().fail, Look.FAIL, say("not offered"))
            )
            offers.append(line(f"{say(_NAMES[reading])}: ", (f"{symbol} {word}", look)))
        seen = [len(response.keywords(reading)) for reading in (Reading.STRICT, Reading.LENIENT)]
        both = say("{strict} and {lenient} extensions", strict=seen[0], lenient=seen[1])
        offers.append(line((both, Look.DIM)))
        verdict = line(("STARTTLS  ", Look.STRONG)) + Content("   ").join(offers)
        return [head, *wrap(verdict, width, indent=10), Content()]

    def _wire_width(self, response: EhloResponse, width: int) -> int:
        longest = max(cell_len(visible(entry.reply.raw, _WIRE_SHOWN)) for entry in response.lines)
        share = 0.36 if width >= _COLUMNS_FROM else 0.6
        return max(12, min(longest, int(width * share)))

    def _role(self, entry: EhloLine) -> Role:
        return entry.strict_role if self.reading is Reading.STRICT else entry.lenient_role

    def _row(self, entry: EhloLine, wire_width: int, role_width: int, width: int) -> Row:
        role = self._role(entry)
        other = entry.lenient_role if self.reading is Reading.STRICT else entry.strict_role
        differs = role is not other
        look = _ROLE_LOOKS[role]
        wire_look = Look.DIFFER if differs else Look.STRONG if role is Role.KEYWORD else Look.PLAIN
        role_words = line((f"{_role_symbol(role)} {say(_ROLE_WORDS[role])}", look))
        cells = [
            line((f"{entry.number:>2}", Look.DIM)),
            line((visible(entry.reply.raw, _WIRE_SHOWN), wire_look)),
            role_words,
        ]
        widths = [2, wire_width, role_width]
        meaning, room = self._meaning(entry, role), width - sum(widths) - 6
        beside = width >= _COLUMNS_FROM or meaning.cell_length <= room
        if beside:
            cells.append(meaning)
            widths.append(max(10, room))
        lines = list(table_row(cells, widths))
        if not beside:
            lines.extend(wrap(line("    ") + meaning, width, indent=4))
        if differs:
            taken = say(other.value)
            words = line(
                "    ",
                (say("the readings part:") + " ", Look.WARN),
                say("a lenient reader takes it as {role}", role=taken)
                if self.reading is Reading.STRICT
                else say("a strict reader takes it as {role}", role=taken),
            )
            lines.extend(wrap(words, width, indent=6))
        symbol = glyphs().fail if differs or role is Role.INVALID else glyphs().warn
        for note in entry.notes:
            lines.extend(
                wrap(line("    ", (f"{symbol} ", Look.WARN), (note, Look.WARN)), width, indent=6)
            )
        for deviation in entry.reply.deviations:
            words = line("    ", (f"{glyphs().warn} {say(deviation.value)}", Look.WARN))
            lines.extend(wrap(words, width, indent=6))
        return Row(
            key=entry.number, lines=tuple(lines), copy=visible(entry.reply.raw), what=say("line")
        )

    def _meaning(self, entry: EhloLine, role: Role) -> Content:
        if role is Role.GREETING:
            name = entry.domain or say("none")
            return line(
                (say("server name:") + " ", Look.DIM),
                name,
                (f"  {entry.greeting_text}" if entry.greeting_text else "", Look.DIM),
            )
        if entry.meaning and role is Role.KEYWORD:
            return line(
                (entry.meaning.rstrip("."), Look.DIM),
                (f" ({entry.reference})" if entry.reference else "", Look.DIM),
            )
        if role is Role.UNKNOWN_KEYWORD:
            return line((say("not in the IANA registry"), Look.DIM))
        return line((say("cannot be used as an extension"), Look.DIM))


def _greeting(greeting: Reply | None, width: int) -> Iterator[Row]:
    """Show the greeting, which is all there is before EHLO."""
    if greeting is None:
        return
    good = greeting.code == 220
    symbol, look = (glyphs().ok, Look.OK) if good else (glyphs().warn, Look.WARN)
    yield text_row("greeting", line((f"{symbol} " + say("the greeting"), look)))
    for number, entry in enumerate(greeting.lines[:_LINES_SHOWN]):
        text = visible(entry.raw, _WIRE_SHOWN)
        lines = tuple(wrap(line("  ", text), width, indent=6))
        yield Row(key=("greeting", number), lines=lines, copy=text)
        for deviation in entry.deviations:
            words = line("    ", (f"{glyphs().warn} {say(deviation.value)}", Look.WARN))
            yield text_row(("greeting", number, deviation), *wrap(words, width, indent=6))
    yield from _left_out(len(greeting.lines))
    yield text_row("gap", Content())


def _refused(reply: Reply, helo: Reply | None, width: int) -> Iterator[Row]:
    if reply.code == 421:
        told = (say("The server said 421: that it closes"), say(_UNKNOWN))
    elif not reply.complete and not reply.cut:
        told = (say("The reply to EHLO did not come to its end"), say(_UNKNOWN))
    elif not reply.complete:
        told = (say("The reply to EHLO was not read to its end"), say(_UNKNOWN))
    elif reply.code // 100 == 4:
        told = (say("EHLO was not accepted for now"), say(_UNKNOWN))
    else:
        told = (say("EHLO was not accepted"), say("no extensions and no STARTTLS."))
    unknown = told[1] == say(_UNKNOWN)
    symbol, look = (glyphs().unknown, Look.UNKNOWN) if unknown else (glyphs().fail, Look.FAIL)
    words = line((f"{symbol} {told[0]}", look), f": {told[1]}")
    yield text_row("refused", *wrap(words, width), Content())
    for name, answer in (("EHLO", reply), ("HELO", helo)):
        if answer is None:
            continue
        yield text_row(name, line((say("the reply to {name}", name=name), Look.HEADING)))
        for number, entry in enumerate(answer.lines[:_LINES_SHOWN]):
            text = visible(entry.raw, _WIRE_SHOWN)
            yield Row(key=(name, number), lines=tuple(wrap(line(text), width, indent=4)), copy=text)
        yield from _left_out(len(answer.lines))


def _left_out(count: int) -> Iterator[Row]:
    if count > _LINES_SHOWN:
        words = say(
            "and {number} more lines, all of them in the trace", number=count - _LINES_SHOWN
        )
        yield text_row(("rest", count), line((words, Look.WARN)))


def _comparison(before: EhloResponse, after: EhloResponse, width: int) -> Iterator[Row]:
    """Lay both responses side by side: same, changed, gone, new."""
    yield text_row(
        "compare",
        Content(),
        line(
            (say("before TLS and inside TLS"), Look.HEADING),
            ("  " + say("strict reading"), Look.DIM),
        ),
    )
    old, new = before.keywords(Reading.STRICT), after.keywords(Reading.STRICT)
    found = compare_responses(before, after)
    stacked = width < 56
    half = width - 16 if stacked else (width - 18) // 2
    for keyword in [*old, *found.added]:
        left = " ".join((keyword, *old[keyword])) if keyword in old else ""
        right = " ".join((keyword, *new[keyword])) if keyword in new else ""
        if keyword in found.unchanged:
            symbol, word, look = glyphs().exact, say("same"), Look.DIM
        elif keyword in found.removed:
            symbol, word, look = glyphs().none, say("gone"), Look.WARN
        elif keyword in found.added:
            symbol, word, look = "+", say("new"), Look.INFO
        else:
            symbol, word, look = glyphs().wildcard, say("changed"), Look.WARN
        sign = fit(f"{symbol} {word}", 12, look)
        text_look = Look.DIM if keyword in found.unchanged else Look.PLAIN
        if stacked:
            yield text_row(("ext", keyword), sign + fit(right or left, half, text_look))
        else:
            cells = fit(left, half, text_look) + "  " + sign + fit(right, half, text_look)
            yield text_row(("ext", keyword), cells)
