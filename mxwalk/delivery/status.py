"""One mark and one short sentence for each step, as the tree, the text output and reports show it.

A mark says what happened in this step, not what a sender makes of it: ``OK``, ``WARN`` (it works,
with a deviation), ``FAIL``, ``UNKNOWN`` (throttled, timed out, cancelled: nothing can be concluded)
or ``INFO`` (neither good nor bad).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from msgspec import structs

from mxwalk.dane.model import Standing
from mxwalk.delivery import status_policy, status_tls
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.denials import believed
from mxwalk.delivery.lockstep import answers, out_of_step, spoke_unasked
from mxwalk.delivery.mark import Mark, StepStatus, of_ending
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.notes import note_line
from mxwalk.delivery.route import RouteKind
from mxwalk.evidence.connection import Connected, Exchanged
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.mailauth import OF_MAIL_AUTHENTICATION
from mxwalk.evidence.step import Decided, DecisionKind, Noted, Step, StepKind
from mxwalk.evidence.told import how_it_ended, no_answer_words
from mxwalk.language import noted, say, say_many
from mxwalk.smtp.model import SERVICE_CLOSING, Reading
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible

_DECISIONS = {
    DecisionKind.SKIP_HOST: noted("the administrator skipped this host"),
    DecisionKind.SKIP_STEP: noted("the administrator left out a step"),
    DecisionKind.RETRY: noted("the administrator asked again"),
    DecisionKind.STOP: noted("the administrator ended the walk"),
    DecisionKind.ENOUGH: noted("the sender would deliver here: the other hosts are not needed"),
    DecisionKind.LOOKUPS_SPENT: noted(
        "the walk ended: it made all the DNS look-ups a walk may make"
    ),
    DecisionKind.TIME_SPENT: noted("the walk ended: it worked for as long as a walk may"),
}


def status(step: Step, delivery: Delivery) -> StepStatus:
    """Return the status of ``step`` within its delivery."""
    if delivery.resolver_denies_root:
        step = structs.replace(step, evidence=believed(step.evidence))
    found = _READERS[type(step.evidence)](step, delivery)
    # Addresses and servers stand in it as the trace has them, and a trace may come from anybody.
    return StepStatus(found.mark, visible(found.summary))


def _same(step: Step, other: Step | None) -> bool:
    return other is not None and step.seq == other.seq


def _again() -> StepStatus:
    return StepStatus(Mark.INFO, say("asked again later"))


def _of_answer(answer: DnsAnswer) -> StepStatus | None:
    """Return the status of a look-up that failed, ``None`` for one that was answered."""
    if answer.status in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN):
        return None
    mark = Mark.FAIL if answer.status in (DnsStatus.SERVFAIL, DnsStatus.LOOP) else Mark.UNKNOWN
    return StepStatus(mark, no_answer_words(answer.error or answer.status.value))


def _resolver(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, ResolverChecked)
    answer = step.evidence.answer
    if failed := _of_answer(answer):
        return failed
    if delivery.resolver_denies_root:
        said = say(
            "{server} denies the DNS root: nothing it denies can be believed", server=answer.server
        )
        return StepStatus(Mark.FAIL, said)
    signed = any(rrset.rtype == "RRSIG" for rrset in answer.answer)
    if not signed:
        return StepStatus(
            Mark.WARN, say("{server} answers, without DNSSEC signatures", server=answer.server)
        )
    if answer.authentic:
        words = say("{server} answers, passes DNSSEC records, validates", server=answer.server)
    else:
        words = say(
            "{server} answers, passes DNSSEC records, does not validate", server=answer.server
        )
    return StepStatus(Mark.OK, words)


def _mx_below(answer: DnsAnswer) -> StepStatus:
    """Return the status of a subdomain's MX records, which a survey asks for."""
    if failed := _of_answer(answer):
        return failed
    found = answer.records()
    if not found:
        return StepStatus(Mark.INFO, say("no MX record"))
    return StepStatus(Mark.INFO, visible(", ".join(found[:4]), 300))


def _mx(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, MxLookedUp)
    if not _same(step, delivery.mx_step):
        return _mx_below(step.evidence.answer) if step.scope.host else _again()
    if step.evidence.answer.doubted:
        return _of_answer(step.evidence.answer) or _again()
    route = delivery.route
    match route.kind:
        case RouteKind.LOOKUP_FAILED:
            failed = _of_answer(step.evidence.answer)
            return failed or StepStatus(Mark.UNKNOWN, visible(route.problem, 300))
        case RouteKind.NULL_MX if delivery.survey is not None:
            return StepStatus(Mark.INFO, say("a null MX (0 .): the domain takes no mail"))
        case RouteKind.NULL_MX | RouteKind.NO_DOMAIN:
            return StepStatus(Mark.FAIL, route.words)
        case RouteKind.IMPLICIT:
            return StepStatus(Mark.INFO, say("no MX record: mail goes to the domain's own address"))
        case RouteKind.ROUTES:
            return StepStatus(Mark.INFO, say("SMTP routes are configured: MX hosts are not used"))
        case _:
            count = len(route.hosts)
            return StepStatus(Mark.OK, say_many("{n} delivery host", "{n} delivery hosts", count))


def _address(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, AddressesLookedUp)
    found = [record for answer in step.evidence.answers for record in answer.records()]
    failures = [failed for answer in step.evidence.answers if (failed := _of_answer(answer))]
    if found:
        shown = ", ".join(found[:4])
        if len(found) > 4:
            shown = say("{first} and {n} more", first=shown, n=len(found) - 4)
        hosts = (host for host in delivery.hosts if _same(step, host.address_step))
        if left_out := sum(host.left_out for host in hosts):
            shown = say("{addresses}; {n} left out", addresses=shown, n=left_out)
        return StepStatus(Mark.WARN if failures else Mark.OK, shown)
    if failures:
        return failures[0]
    return StepStatus(Mark.FAIL, say("the name has no address"))


def _tlsa(step: Step, delivery: Delivery) -> StepStatus:
    assert isinstance(step.evidence, TlsaLookedUp)
    host = next((h for h in delivery.hosts if _same(step, h.tlsa_step)), None)
    if host is None or host.dane is None:
        return StepStatus(Mark.UNKNOWN, say("the look-ups were not validated"))
    standing = host.dane.standing
    mark = _STANDING.get(standing, Mark.INFO)
    return StepStatus(mark, visible(host.dane.reason or say(standing.value), 300))


_STANDING = {
    Standing.USABLE: Mark.OK,
    Standing.UNUSABLE: Mark.WARN,
    Standing.TLSA_INSECURE: Mark.WARN,
    Standing.MX_FAILED: Mark.FAIL,
    Standing.ADDRESS_FAILED: Mark.FAIL,
    Standing.TLSA_FAILED: Mark.FAIL,
    Standing.UNDECIDED: Mark.UNKNOWN,
    Standing.PENDING: Mark.UNKNOWN,
}


def _ptr(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    assert isinstance(step.evidence, PtrLookedUp)
    if failed := _of_answer(step.evidence.answer):
        return StepStatus(Mark.UNKNOWN, failed.summary)
    names = step.evidence.names
    if not names:
        return StepStatus(Mark.INFO, say("no PTR record"))
    confirmed = [name.name for name in names if name.confirmed]
    if confirmed:
        return StepStatus(Mark.OK, say("{name}, forward-confirmed", name=visible(confirmed[0])))
    return StepStatus(Mark.WARN, say("{name}, not forward-confirmed", name=visible(names[0].name)))


def _connect(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    assert isinstance(step.evidence, Connected)
    if step.evidence.ending:
        return of_ending(step.evidence.ending)
    words = say("{address} port {port}", address=step.evidence.address, port=step.evidence.port)
    return StepStatus(Mark.OK, words)


def _exchange(step: Step, delivery: Delivery) -> StepStatus:
    exchange = step.evidence
    assert isinstance(exchange, Exchanged)
    if exchange.ending and spoke_unasked(step):
        return StepStatus(Mark.UNKNOWN, of_ending(exchange.ending).summary)
    if exchange.ending:
        if step.kind is StepKind.QUIT:
            return StepStatus(Mark.INFO, how_it_ended(exchange.ending))
        return of_ending(exchange.ending)
    reply = parse_reply(exchange.reply)
    shown = visible(replace(reply, lines=reply.telling[:1]).said, 124) or "???"
    if reply.code == SERVICE_CLOSING and step.kind is not StepKind.QUIT:
        return StepStatus(Mark.UNKNOWN, say("throttled: {reply}", reply=shown))
    attempt = delivery.attempt_of(step)
    if attempt is not None and step in out_of_step(attempt):
        return StepStatus(Mark.UNKNOWN, say("out of step with the commands: {reply}", reply=shown))
    if attempt is not None and step.kind in (StepKind.EHLO, StepKind.EHLO_TLS):
        return _ehlo(step, attempt, shown)
    if step.kind is StepKind.QUIT and reply.code != 221:  # RFC 5321 4.1.1.10: nothing hangs on it
        return StepStatus(Mark.WARN, shown)
    if reply.code // 100 != 2 or not answers(step.kind, reply):
        return StepStatus(Mark.FAIL, shown)
    if step.kind is StepKind.STARTTLS and exchange.trailing:
        count = len(exchange.trailing)
        return StepStatus(
            Mark.WARN, say("{reply}, and {n} bytes in clear behind it", reply=shown, n=count)
        )
    odd = reply.deviations or (step.kind is StepKind.GREETING and reply.is_masked)
    return StepStatus(Mark.WARN if odd else Mark.OK, shown)


def _ehlo(step: Step, attempt: Attempt, shown: str) -> StepStatus:
    response = attempt.ehlo if step.kind is StepKind.EHLO else attempt.ehlo_tls
    if response is None:
        return StepStatus(Mark.FAIL, shown)
    strict = response.keywords(Reading.STRICT)
    if step.kind is StepKind.EHLO:
        lenient = response.offers("STARTTLS", Reading.LENIENT)
        if "STARTTLS" not in strict:
            if lenient:
                said = say("STARTTLS only for lenient readers")
            else:
                said = say("STARTTLS is not offered")
            return StepStatus(Mark.FAIL if lenient else Mark.WARN, said)
    count = len(strict)
    if step.kind is StepKind.EHLO:
        summary = say_many(
            "{n} extension, STARTTLS among them", "{n} extensions, STARTTLS among them", count
        )
    else:
        summary = say_many("{n} extension", "{n} extensions", count)
    deviating = bool(response.deviations) or any(line.deviations for line in response.lines)
    return StepStatus(Mark.WARN if deviating else Mark.OK, summary)


def _decision(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    evidence = step.evidence
    assert isinstance(evidence, Decided)
    summary = say(_DECISIONS[evidence.decision])
    if evidence.decision is DecisionKind.SKIP_STEP and evidence.step_kind:
        summary = say("the administrator left out {step}", step=evidence.step_kind.value)
    return StepStatus(Mark.INFO, summary)


def _note(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    evidence = step.evidence
    assert isinstance(evidence, Noted)
    if not evidence.text.strip():
        return StepStatus(
            Mark.INFO, say("the note on step {number} is taken back", number=evidence.about)
        )
    words = note_line(evidence.text)
    return StepStatus(Mark.INFO, say("on step {number}: {note}", number=evidence.about, note=words))


def _mail_authentication(step: Step, delivery: Delivery) -> StepStatus:
    from mxwalk.delivery import status_mailauth  # takes long to load; a delivery does without it

    return status_mailauth.READERS[type(step.evidence)](step, delivery)


_READERS: Mapping[type, Callable[[Step, Delivery], StepStatus]] = {
    ResolverChecked: _resolver,
    MxLookedUp: _mx,
    AddressesLookedUp: _address,
    TlsaLookedUp: _tlsa,
    PtrLookedUp: _ptr,
    Connected: _connect,
    Exchanged: _exchange,
    **status_policy.READERS,
    **status_tls.READERS,
    **dict.fromkeys(OF_MAIL_AUTHENTICATION, _mail_authentication),
    Decided: _decision,
    Noted: _note,
}
