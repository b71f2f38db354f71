"""The rows of one TLS handshake: its outcome, its facts, its alerts, its messages."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import HandshakeMessage
from mxwalk.evidence.tls import TlsAlert
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import Direction, EndingKind
from mxwalk.language import noted, say, say_many
from mxwalk.tls.alerts import alert_name, explain_alert
from mxwalk.tls.facts import CLOSING, NOT_KNOWN, ended_behind, handshake_facts, headline
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, table_row, wrap
from widgets.row import Row, text_row

LABEL = 15
_NAME_WIDTH = 21  # the longest message name, CompressedCertificate
_TIME_WIDTH = 8
_SIZE_WIDTH = 6
_COLUMNS_FROM = 72  # narrower panes put a message's note below it


def field(name: str, value: Content, width: int, copy: str = "") -> Row:
    """Return a labelled row whose value is copied."""
    content = line(fit(say(name), LABEL, Look.DIM)) + value
    return Row(
        key=name,
        lines=tuple(wrap(content, width, indent=LABEL)),
        copy=copy or value.plain,
        what=say(name),
    )


def headline_rows(
    handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None, width: int
) -> Iterator[Row]:
    """Yield what was negotiated in a line, or how the handshake failed."""
    negotiated = headline(handshake)
    if handshake.ending is None:
        words = line((f"{glyphs().ok} ", Look.OK), (negotiated or say("completed"), Look.STRONG))
    else:
        words = line(
            (f"{glyphs().fail} {say('failed: ')}", Look.FAIL),
            how_it_ended(handshake.ending),
        )
    lines = wrap(words, width, indent=2)
    if handshake.ending is not None and negotiated:
        lines += wrap(
            line((say("  the server had chosen "), Look.DIM), negotiated), width, indent=2
        )
    if (alert := _deciding(handshake)) is not None:
        meaning = explain_alert(alert.code, named=bool(handshake.sni))
        lines += wrap(line("  ", (meaning, Look.DIM)), width, indent=2)
    if (after := ended_behind(behind or ())) is not None:
        told = (
            say("then we ended TLS: {note}", note=after.note)
            if after.direction is Direction.SENT
            else say("then the server ended TLS: {note}", note=after.note)
        )
        words = line((f"{glyphs().fail} {told}", Look.FAIL))
        lines += wrap(words, width, indent=2)
    yield Row(
        key=("outcome", handshake.offer),
        lines=tuple(lines),
        copy=words.plain[2:],
        what=say("outcome"),
    )


def _deciding(handshake: Handshaken) -> TlsAlert | None:
    """Return the alert that ended the handshake."""
    ending = handshake.ending
    if ending is None or ending.kind is not EndingKind.TLS_ALERT or not handshake.alerts:
        return None
    return handshake.alerts[-1]


def facts_rows(
    handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None, width: int
) -> Iterator[Row]:
    """Yield the facts, each with a word of explanation, then the alerts.

    ``behind`` are the messages that came behind the handshake, ``None`` if nobody waited for them.
    """
    facts = handshake_facts(handshake, behind)
    for fact in facts:
        if fact.value == say(NOT_KNOWN) and not fact.meaning:
            continue
        known = Look.WARN if fact.notable else Look.STRONG
        shown = line((fact.value, Look.DIM if fact.value == say(NOT_KNOWN) else known))
        if fact.meaning:
            look = Look.WARN if fact.notable else Look.DIM
            symbol = f"  {glyphs().warn} " if fact.notable else "  "
            shown += line((f"{symbol}{fact.meaning}", look))
        yield field(fact.name, shown, width, fact.value)
    if unknown := [one.name for one in facts if one.value == say(NOT_KNOWN) and not one.meaning]:
        yield field(noted("not known"), line((", ".join(unknown), Look.DIM)), width)
    count = handshake.presented_count or len(handshake.presented)
    sent = say_many("{n} certificate", "{n} certificates", count)
    held = len(handshake.presented)
    kept = "" if count == held else say(", {held} of them kept", held=held)
    more = line(sent, (kept, Look.WARN), (say("  4 shows the chain"), Look.DIM))
    yield field(noted("server sent"), more, width, sent)
    later = [_as_alert(one) for one in behind or () if one.alert not in {None, *CLOSING}]
    alerts = (*handshake.alerts, *later)
    if not alerts:
        yield field(noted("alerts"), line((say("none"), Look.DIM)), width)
    for number, alert in enumerate(alerts):
        meaning = explain_alert(alert.code, named=bool(handshake.sni))
        if alert is _deciding(handshake):  # the first line explains it
            meaning = ""
        yield _alert(number, alert, width, meaning)


def _as_alert(message: HandshakeMessage) -> TlsAlert:
    """Return an alert that came behind the handshake."""
    code = message.alert or 0
    fatal = message.note.startswith("fatal")
    return TlsAlert(direction=message.direction, fatal=fatal, code=code, name=alert_name(code))


def _alert(number: int, alert: TlsAlert, width: int, meaning: str) -> Row:
    ours = alert.direction is Direction.SENT
    level = "fatal" if alert.fatal else "warning"
    words = line(
        (say("we sent ") if ours else say("the server sent "), Look.DIM),
        (f"{level} {alert.name}", Look.FAIL if alert.fatal else Look.WARN),
        (f" ({alert.code})", Look.DIM),
    )
    content = line(fit(say("alert"), LABEL, Look.DIM)) + words
    lines = wrap(content, width, indent=LABEL)
    if meaning:
        lines += wrap(line(" " * LABEL, (meaning, Look.DIM)), width, indent=LABEL)
    return Row(key=("alert", number), lines=tuple(lines), copy=alert.name, what=say("alert"))


def message_rows(
    handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None, width: int
) -> Iterator[Row]:
    """Yield the messages in order: time, who sent it, name, octets, what matters of it."""
    if not handshake.messages:
        return
    heading = line((say("the handshake, message by message"), Look.HEADING))
    legend = line((say("  seconds, sender, octets"), Look.DIM))
    yield text_row("messages", Content(), heading + legend)
    for number, message in enumerate(handshake.messages):
        yield _message(number, message, width)
    left_out = handshake.message_count - len(handshake.messages)
    if left_out > 0:
        yield text_row("more messages", line((say("and {n} more", n=left_out), Look.WARN)))
    if behind:
        yield text_row("behind", line((say("behind the handshake"), Look.HEADING)))
    for number, message in enumerate(behind or (), start=len(handshake.messages)):
        yield _message(number, message, width)


def _message(number: int, message: HandshakeMessage, width: int) -> Row:
    sent = message.direction is Direction.SENT
    note = line((message.note, Look.WARN if message.name == "Alert" else Look.DIM))
    cells = [
        line((f"{message.at_s:.3f}".rjust(_TIME_WIDTH), Look.DIM)),
        line((message.direction.value, Look.INFO if sent else Look.OK)),
        line(message.name),
        line((f"{message.size}".rjust(_SIZE_WIDTH), Look.DIM)),
    ]
    widths = [_TIME_WIDTH, 1, _NAME_WIDTH, _SIZE_WIDTH]
    if width < _COLUMNS_FROM:
        head = table_row(cells, widths, gap=1)
        below = wrap(line("    ") + note, width, indent=6) if message.note else []
        lines = (*head, *below)
    else:
        room = max(10, width - sum(widths) - len(widths))
        lines = table_row([*cells, note], [*widths, room], gap=1)
    copy = " ".join(part for part in (message.name, message.note) if part)
    return Row(key=("message", number), lines=lines, copy=copy, what=say("message"))
