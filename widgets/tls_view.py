"""What was negotiated, fact by fact, and the handshake message by message.

The first line says what a person wants first: protocol, cipher and group, or how the handshake
failed.  Where the first one failed and another ClientHello got through, that look's facts are shown,
marked as what they are; ``o`` goes through the handshakes of this connection.  Times and alerts with
their meaning stand below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import looks_of
from mxwalk.evidence.connection import Exchanged, Handshaken, LookedAgain
from mxwalk.evidence.handshake import HandshakeMessage
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Layer, WireChunk
from mxwalk.language import noted, say
from mxwalk.text import visible
from mxwalk.walk.plan import label_of
from widgets.dnssec_words import dane_of, dane_words
from widgets.glyphs import glyphs
from widgets.plain import Look, duration, fit, line, wrap
from widgets.row import Row, text_row
from widgets.shown import Shown, View
from widgets.tls_rows import LABEL, facts_rows, field, headline_rows, message_rows

_MARKED = {
    Offer.CLASSIC: noted("a look with a small ClientHello, without post-quantum groups"),
    Offer.LEGACY: noted("a legacy look, refused by modern clients"),
    Offer.WITHOUT_SNI: noted("a look that names no server"),
    Offer.RSA_LEAF: noted("a look for the RSA leaf, at TLS 1.2"),
    Offer.ECDSA_LEAF: noted("a look for the ECDSA leaf, at TLS 1.2"),
}
_CHOICE = "choice"
# Which look explains a failed handshake best.
_INSTEAD = (Offer.CLASSIC, Offer.LEGACY, Offer.WITHOUT_SNI)


@dataclass(frozen=True, slots=True)
class _Shake:
    """One handshake at the address, with the kind of the step that made it."""

    kind: StepKind
    offer: Offer
    handshake: Handshaken

    @property
    def name(self) -> str:
        """What it is called in the choice."""
        own = self.kind is StepKind.HANDSHAKE
        return say("modern") if own else label_of(self.kind)

    @property
    def completed(self) -> bool:
        """Whether TLS stood."""
        return self.handshake.ending is None


class TlsView(View):
    """The handshakes of the connection looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "other", "The next handshake of this connection", show=False, id="tls.other"),
    ]
    empty = noted("No TLS yet: the walk has not come to STARTTLS on this connection.")
    AWAITS = frozenset({StepKind.STARTTLS})

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.offer: Offer | None = None  # as chosen by the person

    def show(self, shown: Shown) -> None:
        """Draw this moment; another step looked at is a new choice."""
        before = self.shown.step if self.shown else None
        if shown.step is not before:
            chosen = shown.step.evidence if shown.step else None
            self.offer = chosen.offer if isinstance(chosen, LookedAgain) else None
        super().show(shown)

    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Name the key for other handshakes only where there are some."""
        attempt = self.shown.attempt if self.shown else None
        several = attempt is not None and len(_shakes(attempt)) > 1
        other = (("tls.other", noted("other handshake")),) if several else ()
        return (*other, *self.KEYS)

    def action_other(self) -> None:
        """Go to the next handshake of this connection."""
        attempt = self.shown.attempt if self.shown else None
        shakes = _shakes(attempt) if attempt else ()
        if len(shakes) < 2:
            self.notify(say("There is no other handshake on this connection."), markup=False)
            return
        at = shakes.index(_chosen(shakes, self.offer))
        self.offer = shakes[(at + 1) % len(shakes)].offer
        self.rebuild()
        self._show_choice()

    def _show_choice(self) -> None:
        """Go to the choice where it is further down than what is shown: all that changed is there."""
        keys = [row.key for row in self.rows]
        shown = {keys[index] for index, _ in self.rows_in_view()}
        if _CHOICE in keys and not shown.intersection(keys[keys.index(_CHOICE) :]):
            self.move_to(_CHOICE)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the outcome, the facts, alerts, messages, and the connection's time line."""
        attempt = self.shown.attempt if self.shown else None
        if attempt is None:
            yield from self._nothing(width)
            return
        shakes = _shakes(attempt)
        shake: _Shake | None = None
        if shakes:
            shake, own = _chosen(shakes, self.offer), shakes[0].kind is StepKind.HANDSHAKE
            behind = _behind(attempt) if own else None
            yield from headline_rows(shakes[0].handshake, behind, width)
            if shake.kind is not StepKind.HANDSHAKE:  # what follows belongs to another connection
                yield from _starttls(attempt, width)
            yield from _choice(shakes, shake, width)
            if shake is not shakes[0]:
                yield from _marked(shake, width)
        if shake is None or shake.kind is StepKind.HANDSHAKE:
            yield from _starttls(attempt, width)
        if shake is not None:
            behind = behind if shake is shakes[0] else None
            yield from facts_rows(shake.handshake, behind, width)
            if shake.kind is StepKind.HANDSHAKE:
                yield from self._dane(attempt, width)
            yield from message_rows(shake.handshake, behind, width)
        elif attempt.starttls is None:
            yield from self._nothing(width)
        if shake is None or shake.kind is StepKind.HANDSHAKE:
            yield from _timing(attempt, width)
        else:
            yield from _look_time(attempt, shake, width)

    def _nothing(self, width: int) -> Iterator[Row]:
        if self.shown is not None:
            words = self.nothing_words(say("No TLS"))
            yield text_row("none", *wrap(line((words, Look.DIM)), width))

    def _dane(self, attempt: Attempt, width: int) -> Iterator[Row]:
        """Yield what the TLSA records say of this server, where DANE applies."""
        result = dane_of(self.shown.delivery, attempt) if self.shown else None
        if result is None:
            return
        words = dane_words(result.authentication)
        reason = line(words, "  " if words else "", result.reason)
        yield field("TLSA", reason + line((say("  6 shows the records"), Look.DIM)), width)


def _shakes(attempt: Attempt) -> tuple[_Shake, ...]:
    """Return the handshakes that were made, the walk's own first."""
    own = attempt.handshake
    first = (_Shake(StepKind.HANDSHAKE, own.offer, own),) if own is not None else ()
    looks = tuple(
        _Shake(step.kind, look.offer, look.handshake)
        for step, look in looks_of(attempt)
        if look.handshake is not None
    )
    return first + looks


def _behind(attempt: Attempt) -> tuple[HandshakeMessage, ...] | None:
    """Return the messages of TLS behind the handshake, ``None`` if nothing was exchanged inside."""
    up = attempt.step(StepKind.HANDSHAKE)
    if up is None or attempt.handshake is None or not attempt.handshake.messages:
        return None
    inside = [
        step.evidence
        for step in attempt.steps
        if step.seq > up.seq and isinstance(step.evidence, Exchanged)
    ]
    if not any(one.reply or one.behind for one in inside):
        return None
    return tuple(message for one in inside for message in one.behind)


def _chosen(shakes: tuple[_Shake, ...], offer: Offer | None) -> _Shake:
    """Return the handshake to show: the chosen one, else the first, else what got through instead."""
    if offer is not None:
        for shake in shakes:
            if shake.offer is offer:
                return shake
    if not shakes[0].completed:
        for instead in _INSTEAD:
            for shake in shakes:
                if shake.offer is instead and shake.completed:
                    return shake
    return shakes[0]


def _choice(shakes: tuple[_Shake, ...], chosen: _Shake, width: int) -> Iterator[Row]:
    if len(shakes) < 2:
        return
    words: list[Content] = []
    for shake in shakes:
        symbol, look = (glyphs().ok, Look.OK) if shake.completed else (glyphs().fail, Look.FAIL)
        name = f"[{shake.name}]" if shake is chosen else f" {shake.name} "
        words.append(line((symbol, look), (name, Look.ACCENT if shake is chosen else Look.DIM)))
    content = line(fit(say("handshakes"), LABEL, Look.DIM)) + Content(" ").join(words)
    content += line((say("  o switches"), Look.DIM))
    yield Row(key=_CHOICE, lines=tuple(wrap(content, width, indent=LABEL)), copy=content.plain)


def _marked(shake: _Shake, width: int) -> Iterator[Row]:
    """Say whose facts follow."""
    shown = line(
        (
            say("{warn} below: {marked}", warn=glyphs().warn, marked=say(_MARKED[shake.offer])),
            Look.WARN,
        )
    )
    yield text_row("marked", *wrap(shown, width, indent=2))
    yield from headline_rows(shake.handshake, None, width)


def _starttls(attempt: Attempt, width: int) -> Iterator[Row]:
    reply = attempt.starttls
    if reply is None:
        return
    symbol, look = (glyphs().fail, Look.FAIL)
    if reply.code == 220:
        symbol, look = (glyphs().ok, Look.OK)
    elif reply.code == 421:  # the server closes, whatever it was asked
        symbol, look = (glyphs().unknown, Look.UNKNOWN)
    code = f"{reply.code:03}" if reply.code else ""
    words = line((f"{symbol} {code}".rstrip(), look), f" {reply.text}")
    yield field("STARTTLS", words, width, reply.text)
    exchange = attempt.exchange(StepKind.STARTTLS)
    if exchange is not None and exchange.trailing:
        text = visible(exchange.trailing, 400)
        told = line(
            (
                say(
                    "{fail} {trailing} octets in clear: ",
                    fail=glyphs().fail,
                    trailing=len(exchange.trailing),
                ),
                Look.FAIL,
            ),
            text,
        )
        yield field(noted("behind 220"), told, width, text)


def _timing(attempt: Attempt, width: int) -> Iterator[Row]:
    """A bar for each step, to scale: where the time on this connection went."""
    own = (step for step in attempt.steps if not isinstance(step.evidence, LookedAgain))
    steps = [step for step in own if step.elapsed_s > 0]
    if not steps:
        return
    longest = max(step.elapsed_s for step in steps)
    room = max(8, width - LABEL - 14)
    yield text_row("times", Content(), line((say("time on this connection"), Look.HEADING)))
    for step in steps:
        length = max(1, round(room * step.elapsed_s / longest)) if longest else 1
        words = line(
            fit(label_of(step.kind), LABEL + 2, Look.DIM),
            fit(duration(step.elapsed_s), 10),
            (glyphs().bar * min(length, room), Look.INFO),
        )
        yield text_row(("time", step.seq), words)
    inside = sum(len(chunk.data) for step in steps for chunk in _inside(step))
    if inside:
        yield text_row("bytes", line((say("octets inside TLS  "), Look.DIM), f"{inside}"))


def _look_time(attempt: Attempt, shake: _Shake, width: int) -> Iterator[Row]:
    """The time of a look, which has a connection of its own; its messages tell the rest."""
    took = next(
        (step.elapsed_s for step, look in looks_of(attempt) if look.offer is shake.offer), 0
    )
    words = line(duration(took), (say("  on a connection of its own, connect to QUIT"), Look.DIM))
    yield field(noted("this look took"), words, width, duration(took))


def _inside(step: Step) -> list[WireChunk]:
    return [chunk for chunk in step.wire if chunk.layer is Layer.TLS_DATA]
