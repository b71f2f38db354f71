"""The lines below a step in plain text: what was learned in it, without judging."""

from collections import Counter
from collections.abc import Iterator
from typing import assert_never

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import (
    ChainChecked,
    Exchanged,
    Handshaken,
    IdentityGathered,
    IssuersFetched,
    LookedAgain,
    PolicyFetched,
    RevocationChecked,
)
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.handshake import HandshakeMessage
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, PtrLookedUp, TlsaLookedUp
from mxwalk.evidence.mailauth import LOOKED_UP, Concluded, DkimChecked, MessageRead
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import say
from mxwalk.reports.detail_chain import chain_details, look_details
from mxwalk.reports.detail_dns import dane_details, dns_details, other_leaf_details
from mxwalk.reports.detail_mailauth import message_details
from mxwalk.reports.detail_policy import policy_details
from mxwalk.reports.detail_survey import survey_details
from mxwalk.reports.labels import messages_words, octets_words
from mxwalk.senders.registry import profile
from mxwalk.smtp.model import Role
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate

_LINES_SHOWN = 40
_TREE_SHOWN = 200  # an evaluation of SPF is read as a whole
_MESSAGES_SHOWN = 12


def details(step: Step, delivery: Delivery, sender: str) -> list[str]:
    """Return what to say of the step beyond its one line; at most 40 lines, 200 of a tree.

    ``sender`` is the id of the profile whose identity comparisons are listed.
    """
    lines = list(_details(step, delivery, sender))
    is_tree = isinstance(step.evidence, (*LOOKED_UP, Concluded))
    limit = _TREE_SHOWN if is_tree else _LINES_SHOWN
    if len(lines) > limit:
        lines = [*lines[:limit], say("... and {lines} more lines", lines=len(lines) - limit)]
    return lines


def _details(step: Step, delivery: Delivery, sender: str) -> Iterator[str]:
    match step.evidence:
        case MxLookedUp() | AddressesLookedUp() | TlsaLookedUp() | PtrLookedUp() as looked_up:
            yield from _lookup(looked_up)
            yield from dns_details(step, delivery)
        case PolicyRecordsLookedUp() | PolicyFetched():
            yield from policy_details(step, delivery)
            yield from dns_details(step, delivery)
        case Exchanged() as exchanged:
            yield from _exchange(step, exchanged, delivery)
        case Handshaken() as handshaken:
            yield from _handshake(handshaken)
            yield from dane_details(step, delivery)
        case ChainChecked() | IssuersFetched() | RevocationChecked():
            yield from chain_details(step, delivery)
        case IdentityGathered():
            yield from _identity(step, delivery, sender)
        case LookedAgain() as look:
            if look.handshake is not None:
                yield from _handshake(look.handshake)
            if look.handshake is not None and look.chain is not None:
                yield from look_details(look.handshake, look.chain)
            yield from other_leaf_details(step, delivery)
        case evidence if isinstance(evidence, (*LOOKED_UP, DkimChecked, MessageRead, Concluded)):
            yield from message_details(step, delivery)
            yield from survey_details(step, delivery)
            yield from dns_details(step, delivery)
        case _:
            pass


def _lookup(
    evidence: MxLookedUp | AddressesLookedUp | TlsaLookedUp | PtrLookedUp,
) -> Iterator[str]:
    match evidence:
        case MxLookedUp():
            yield from _answer(evidence.answer)
        case AddressesLookedUp() | TlsaLookedUp():
            for answer in evidence.answers:
                yield from _answer(answer)
        case PtrLookedUp():
            for name in evidence.names:
                confirmed = (
                    say("forward-confirmed") if name.confirmed else say("not forward-confirmed")
                )
                yield f"{name.name} ({confirmed})"
        case _:
            assert_never(evidence)


def _shown(line: bytes) -> str:
    return visible(line.removesuffix(b"\r\n"), 300)


def _answer(answer: DnsAnswer) -> Iterator[str]:
    for hop in answer.cname_hops:
        yield f"CNAME {hop}"
    for record in answer.records():
        yield f"{answer.rtype} {record}"
    for error in answer.extended_errors:
        yield f"extended error {error.code} {error.text}".rstrip()


def _exchange(step: Step, exchange: Exchanged, delivery: Delivery) -> Iterator[str]:
    if exchange.command:
        yield f"C {_shown(exchange.command)}"
    if exchange.planned:
        yield say(
            "  changed by the administrator; planned was {exchange}",
            exchange=visible(exchange.planned, 300),
        )
    attempt = delivery.attempt_of(step)
    response = None
    if attempt is not None and step is attempt.step(step.kind):
        response = {StepKind.EHLO: attempt.ehlo, StepKind.EHLO_TLS: attempt.ehlo_tls}.get(step.kind)
    if response is None:
        for line in parse_reply(exchange.reply).lines:
            yield f"S {_shown(line.raw)}"
    else:
        for read in response.lines:
            role = (
                say(read.strict_role.value)
                if read.strict_role is not Role.KEYWORD
                else read.meaning
            )
            yield f"S {_shown(read.reply.raw):<32}  {role}"
            yield from (f"    ! {note}" for note in read.notes)
    if exchange.trailing:
        yield say("  behind the reply: {trailing}", trailing=visible(exchange.trailing, 300))


def _handshake(evidence: Handshaken) -> Iterator[str]:
    facts = [
        f"SNI {evidence.sni}" if evidence.sni else say("no SNI") if evidence.messages else "",
        say("group {group}", group=evidence.group) if evidence.group else "",
        say("signature {signature}", signature=evidence.signature) if evidence.signature else "",
    ]
    if any(facts):
        yield ", ".join(fact for fact in facts if fact)
    for alert in evidence.alerts:
        level = say("fatal") if alert.fatal else say("warning")
        yield say(
            "alert {alert} ({code}, {level}, {direction})",
            alert=alert.name,
            code=alert.code,
            level=level,
            direction=alert.direction.value,
        )
    for position, der in enumerate(evidence.presented):
        facts_of = read_certificate(der)
        yield f"{position} {facts_of.subject}"
        if position == 0 and facts_of.dns_names:
            yield f"  DNS {', '.join(facts_of.dns_names)}"
    yield from _messages(evidence.messages)


def _messages(messages: tuple[HandshakeMessage, ...]) -> Iterator[str]:
    """Yield the messages of the handshake with their sizes."""
    if not messages:
        return
    octets = sum(one.size for one in messages)
    yield f"{messages_words(len(messages))}, {octets_words(octets)}"
    for one in messages[:_MESSAGES_SHOWN]:
        note = f"  {one.note}" if one.note else ""
        yield f"  {one.direction.value} {one.name}, {octets_words(one.size)}{note}"
    if len(messages) > _MESSAGES_SHOWN:
        yield say("  ... and {messages} more", messages=len(messages) - _MESSAGES_SHOWN)


def _identity(step: Step, delivery: Delivery, sender: str) -> Iterator[str]:
    attempt = delivery.attempt_of(step)
    result = profile(sender).identity(attempt) if attempt else None
    if result is None:
        return
    skipped = [cell for cell in result.comparisons if not cell.number]
    for cell in result.comparisons:
        if not cell.number:
            continue
        decides = say("  <decides>") if cell.decides else ""
        yield (
            f"{cell.number:>2}. {say(cell.presented.kind.value)} {cell.presented.text} / "
            f"{say(cell.reference.kind.value)} {cell.reference.text}: {say(cell.match.value)}{decides}"
        )
    for reason, count in Counter(cell.reason for cell in skipped).items():
        yield say("  - {count} not processed: {reason}", count=count, reason=reason)
    yield result.summary
