"""The evidence behind a finding as literal lines, by the kind of step it rests on.

Times are in UTC.  Every line is visible text and bounded; the names of the facts are labelled by the
templates.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import (
    ChainChecked,
    Connected,
    Exchanged,
    Handshaken,
    IdentityGathered,
    LookedAgain,
    PolicyFetched,
    RevocationChecked,
)
from mxwalk.evidence.fetch import Fetched
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, PtrLookedUp, TlsaLookedUp
from mxwalk.evidence.mailauth import OF_MAIL_AUTHENTICATION
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Step
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import Ending
from mxwalk.findings.model import Finding
from mxwalk.letters import facts_dns, facts_mail, facts_tls
from mxwalk.letters.model import Fact
from mxwalk.letters.zones import step_of
from mxwalk.limits import LETTER_LINE_CHARS, LETTER_LINES
from mxwalk.text import visible


def shown(value: str | bytes) -> str:
    """Return an untrusted value as one bounded line."""
    return visible(value, LETTER_LINE_CHARS)


def utc(moment: datetime | None) -> str:
    """Return a time with its zone; empty for none."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment is not None else ""


def started(delivery: Delivery, step: Step | None = None) -> str:
    """Return when a step was performed, or when the walk began, in UTC.

    A pasted text does not tell: its trace begins when it was pasted.
    """
    if delivery.trace.header.pasted:
        return ""
    try:
        at = from_rfc3339(delivery.trace.header.started_at)
        return utc(at + timedelta(seconds=step.started_s if step else 0))
    except (ValueError, OverflowError):
        return ""


def attempt_of(delivery: Delivery, finding: Finding) -> Attempt | None:
    """Return the connection that a finding is about: that of its step, or the last to its address."""
    step = step_of(delivery.trace, finding.step)
    own = delivery.attempt_of(step) if step is not None else None
    if own is not None:
        return own
    return next(
        (
            attempt
            for attempt in reversed(delivery.attempts)
            if attempt.address == finding.address and attempt.host.name == finding.host
        ),
        None,
    )


def facts(delivery: Delivery, finding: Finding) -> tuple[Fact, ...]:
    """Return the evidence of a finding, those that decide first; bounded."""
    step = step_of(delivery.trace, finding.step)
    found = list(_facts(delivery, finding, step))
    if when := started(delivery, step):
        found.insert(0, Fact(name="time", lines=(when,)))
    return tuple(
        Fact(name=one.name, lines=tuple(map(shown, one.lines[:LETTER_LINES])))
        for one in found
        if any(one.lines)
    )


def _facts(delivery: Delivery, finding: Finding, step: Step | None) -> Iterator[Fact]:
    attempt = attempt_of(delivery, finding)
    match step.evidence if step is not None else None:
        case Exchanged() as said:
            yield from _exchange(said)
        case Connected() as made:
            yield from _ending(made.ending)
        case Handshaken() as shaken:
            yield from _ending(shaken.ending)
            yield from facts_tls.session(shaken)
            yield from facts_tls.certificate(delivery, shaken.presented)
        case LookedAgain() as looked:
            yield from _reply(looked.refusal)
            yield from _ending(looked.ending)
            if looked.handshake is not None:
                yield from facts_tls.session(looked.handshake)
            yield from facts_tls.certificate(delivery, looked.presented)
        case ChainChecked() | IdentityGathered() | RevocationChecked() as checked:
            own = attempt.handshake if attempt is not None else None
            yield from facts_tls.certificate(
                delivery,
                own.presented if own is not None else (),
                with_serial=isinstance(checked, RevocationChecked),
            )
            if isinstance(checked, ChainChecked):
                yield from facts_tls.objections(checked)
        case PolicyFetched() as fetched:
            yield from _policy(fetched)
        case (
            MxLookedUp()
            | AddressesLookedUp()
            | TlsaLookedUp()
            | PtrLookedUp()
            | PolicyRecordsLookedUp()
        ):
            yield from facts_dns.looked_up(delivery, step, finding.sentence)
        case evidence if isinstance(evidence, OF_MAIL_AUTHENTICATION):
            yield from facts_mail.message(delivery)
            yield from facts_dns.looked_up(delivery, step, finding.sentence)
        case _:
            return
    if finding.code.startswith("DANE") and attempt is not None:
        yield from facts_tls.tlsa(delivery, attempt)


def _exchange(said: Exchanged) -> Iterator[Fact]:
    """Yield a command and its reply, octet for octet as far as it can be shown."""
    if said.command:
        yield Fact(name="command", lines=(shown(said.command.rstrip(b"\r\n")),))
    yield from _reply(said.reply)
    if said.trailing:
        yield Fact(name="trailing", lines=(shown(said.trailing),))
    yield from _ending(said.ending)


def _reply(reply: bytes) -> Iterator[Fact]:
    if reply:
        lines = reply.removesuffix(b"\n").removesuffix(b"\r").split(b"\r\n")
        more = len(lines) - LETTER_LINES
        kept = [shown(line) for line in lines[: LETTER_LINES - (more > 0)]]
        yield Fact(name="reply", lines=(*kept, *([f"... (+{more + 1})"] if more > 0 else [])))


def _ending(ending: Ending | None) -> Iterator[Fact]:
    if ending is not None:
        yield Fact(name="ending", lines=(how_it_ended(ending),))


def _policy(fetched: PolicyFetched) -> Iterator[Fact]:
    one: Fetched = fetched.fetched
    yield Fact(name="url", lines=(one.url,))
    status = f"HTTP {one.status}" if one.status else ""
    problem = fetched.objection or one.problem
    yield Fact(name="answer", lines=(": ".join(part for part in (status, problem) if part),))
    body = fetched.body.decode("utf-8", "surrogateescape").splitlines()
    yield Fact(name="policy", lines=tuple(shown(line) for line in body[:LETTER_LINES]))
