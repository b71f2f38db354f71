"""What was negotiated: protocol, cipher, key exchange, name indication, alerts, and timing."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.model import Attempt
from mxwalk.evidence.step import Handshaken, LookedAgain, Step, StepKind
from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.text import visible
from mxwalk.walk.plan import LABELS
from widgets.dnssec_words import dane_of, dane_words
from widgets.glyphs import glyphs
from widgets.plain import Look, duration, fit, line, wrap
from widgets.row import Row, text_row
from widgets.shown import View

_LABEL = 14


class TlsView(View):
    """The handshake of the connection looked at."""

    empty = "No TLS yet: the walk has not come to STARTTLS on this connection."

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the negotiated values, alerts, and the time line of the connection."""
        attempt = self.shown.attempt if self.shown else None
        if attempt is None:
            return
        yield from _starttls(attempt, width)
        handshake = attempt.handshake
        if handshake is not None:
            yield from _handshake(handshake, width)
            yield from self._dane(attempt, width)
        elif attempt.starttls is None:
            yield text_row("none", *wrap(line((self.empty, Look.DIM)), width))
        yield from _timing(attempt, width)

    def _dane(self, attempt: Attempt, width: int) -> Iterator[Row]:
        """Yield what the TLSA records say of this server, where DANE applies."""
        result = dane_of(self.shown.delivery, attempt) if self.shown else None
        if result is None:
            return
        words = dane_words(result.authentication)
        reason = line(words, "  " if words else "", result.reason)
        yield _field("TLSA", reason + line(("  6 shows the records", Look.DIM)), width)


def _field(name: str, value: Content, width: int, copy: str = "") -> Row:
    content = line(fit(name, _LABEL, Look.DIM)) + value
    return Row(
        key=name,
        lines=tuple(wrap(content, width, indent=_LABEL)),
        copy=copy or value.plain,
        what=name,
    )


def _starttls(attempt: Attempt, width: int) -> Iterator[Row]:
    reply = attempt.starttls
    if reply is None:
        return
    good = reply.code == 220
    symbol, look = (glyphs().ok, Look.OK) if good else (glyphs().fail, Look.FAIL)
    words = line((f"{symbol} {reply.code}", look), f" {reply.text}")
    yield _field("STARTTLS", words, width, reply.text)
    exchange = attempt.exchange(StepKind.STARTTLS)
    if exchange is not None and exchange.trailing:
        text = visible(exchange.trailing, 400)
        told = line(
            (f"{glyphs().fail} {len(exchange.trailing)} octets in clear: ", Look.FAIL), text
        )
        yield _field("behind 220", told, width, text)


def _handshake(handshake: Handshaken, width: int) -> Iterator[Row]:
    if handshake.ending is None:
        words = line((f"{glyphs().ok} completed", Look.OK))
    else:
        after = f" after {duration(handshake.ending.after_s)}"
        words = line(
            (f"{glyphs().fail} failed: ", Look.FAIL), handshake.ending.detail, (after, Look.DIM)
        )
    yield _field("handshake", words, width)
    unknown = "not known"
    bits = f"  {handshake.cipher_bits} bits" if handshake.cipher_bits else ""
    values = (
        ("protocol", handshake.protocol, ""),
        ("cipher", handshake.cipher, bits),
        ("key exchange", handshake.group, ""),
        ("signature", handshake.signature, ""),
        ("SNI sent", handshake.sni or "none", ""),
    )
    for name, value, more in values:
        shown = line((value or unknown, Look.STRONG if value else Look.DIM), (more, Look.DIM))
        yield _field(name, shown, width, value)
    count = handshake.presented_count or len(handshake.presented)
    sent = f"{count} certificate{'' if count == 1 else 's'}"
    kept = "" if count == len(handshake.presented) else f", {len(handshake.presented)} of them kept"
    yield _field(
        "server sent", line(sent, (kept, Look.WARN), ("  4 shows the chain", Look.DIM)), width
    )
    staple = f"{len(handshake.ocsp_staple)} octets" if handshake.ocsp_staple else "none"
    yield _field("OCSP staple", line((staple, Look.DIM)), width)
    if not handshake.alerts:
        yield _field("alerts", line(("none", Look.DIM)), width)
    for number, alert in enumerate(handshake.alerts):
        sent_by = "we sent" if alert.direction is Direction.SENT else "the server sent"
        level = "fatal" if alert.fatal else "warning"
        look = Look.FAIL if alert.fatal else Look.WARN
        words = line(
            (f"{sent_by} ", Look.DIM),
            (f"{level} {alert.name}", look),
            (f" ({alert.code})", Look.DIM),
        )
        content = line(fit("alert", _LABEL, Look.DIM)) + words
        yield Row(
            key=("alert", number),
            lines=tuple(wrap(content, width, indent=_LABEL)),
            copy=alert.name,
            what="alert",
        )


def _timing(attempt: Attempt, width: int) -> Iterator[Row]:
    """A bar for each step, to scale: where the time on this connection went."""
    own = (step for step in attempt.steps if not isinstance(step.evidence, LookedAgain))
    steps = [step for step in own if step.elapsed_s > 0]
    if not steps:
        return
    longest = max(step.elapsed_s for step in steps)
    room = max(8, width - _LABEL - 14)
    yield text_row("times", Content(), line(("time on this connection", Look.HEADING)))
    for step in steps:
        length = max(1, round(room * step.elapsed_s / longest)) if longest else 1
        words = line(
            fit(LABELS[step.kind], _LABEL + 2, Look.DIM),
            fit(duration(step.elapsed_s), 10),
            (glyphs().bar * min(length, room), Look.INFO),
        )
        yield text_row(("time", step.seq), words)
    inside = sum(len(chunk.data) for step in steps for chunk in _inside(step))
    if inside:
        yield text_row("bytes", line(("octets inside TLS  ", Look.DIM), f"{inside}"))


def _inside(step: Step) -> list[WireChunk]:
    return [chunk for chunk in step.wire if chunk.layer is Layer.TLS_DATA]
