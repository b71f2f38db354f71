"""The connection as it stands or falls, and the replies that are not EHLO's."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.neutral import steady
from mxwalk.compare.sections.common import CHARS, connections
from mxwalk.compare.side import AddressPlace, Look
from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.connection import Connected, Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import EndingKind
from mxwalk.language import noted, say
from mxwalk.smtp.model import Reply
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible

ENDINGS = {
    EndingKind.REFUSED: noted("refused"),
    EndingKind.UNREACHABLE: noted("unreachable"),
    EndingKind.TIMEOUT: noted("no progress in time"),
    EndingKind.RESET: noted("the connection was reset"),
    EndingKind.CLOSED: noted("the connection was closed"),
    EndingKind.HALF_CLOSED: noted("the server closed its side"),
    EndingKind.TOO_LONG: noted("more than our limits allow"),
    EndingKind.TLS_ALERT: noted("a TLS alert"),
    EndingKind.TLS_ERROR: noted("no TLS that can be read"),
}


def told(kind: EndingKind, detail: str) -> bool:
    """Say whether an ending tells of the other side: cancelled and local ones do not."""
    del detail
    return kind in ENDINGS


def connect_parts(look: Look) -> Iterator[Part]:
    """Yield whether each connection stood."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        step = attempt.step(StepKind.CONNECT)
        if step is None or not isinstance(step.evidence, Connected):
            continue
        ending = step.evidence.ending
        if ending is not None and not told(ending.kind, ending.detail):
            continue
        value = how_it_ended(ending) if ending else say("the connection stands")
        same = ending.kind.value if ending else "connected"
        fact = Fact(key="connect", subject=say("connection"), value=value, same=same, step=step.seq)
        yield Part(key=(place.key,), place=place.place, facts=(fact,), step=step.seq)


def reply_parts(look: Look, kinds: tuple[StepKind, ...]) -> Iterator[Part]:
    """Yield the reply to each command of these kinds."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        for kind in kinds:
            if (part := _part(place, attempt, kind)) is not None:
                yield part


def _part(place: AddressPlace, attempt: Attempt, kind: StepKind) -> Part | None:
    step = attempt.step(kind)
    if step is None or not isinstance(step.evidence, Exchanged) or step.evidence.unsent:
        return None
    ending = step.evidence.ending
    if ending is not None and not told(ending.kind, ending.detail) and not step.evidence.reply:
        return None
    facts = tuple(reply_facts(step, step.evidence, kind.value))
    return Part(key=(place.key, kind.value), place=place.place, facts=facts, step=step.seq)


def reply_facts(step: Step, exchange: Exchanged, name: str) -> Iterator[Fact]:
    """Yield code and text of a reply, its deviations, and how it ended."""
    if exchange.reply:
        reply = parse_reply(exchange.reply)
        text = _words(reply)
        yield Fact(
            key=f"{name} reply",
            subject=say("reply"),
            value=text,
            same=steady(text) + ("" if reply.complete else " (cut)"),
            step=step.seq,
        )
        for one in reply.deviations:
            yield Fact(key=one.name, subject=say("deviation"), value=one.value, step=step.seq)
    if exchange.trailing:
        yield Fact(
            key=f"{name} trailing",
            subject=say("behind the reply"),
            value=visible(exchange.trailing, 200),
            step=step.seq,
        )
    if exchange.ending is not None:
        yield Fact(
            key=f"{name} ending",
            subject=say("how it ended"),
            value=how_it_ended(exchange.ending),
            same=exchange.ending.kind.value,
            step=step.seq,
        )


def _words(reply: Reply) -> str:
    return visible(reply.said, CHARS)
