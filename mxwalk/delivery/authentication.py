"""Put the steps of a message walk into their places: from a trace to a ``MessageCase``.

SPF and DMARC are evaluated again from the answers in the trace, which is how a saved walk gains from a
newer version.  What is heavy is remembered for as long as its evidence stays the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.report_addresses import ReportsTo, reports_to
from mxwalk.delivery.result_headers import claims_of, differences_of, written_headers
from mxwalk.delivery.standing import held_to, standing
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import (
    ArcChecked,
    DkimChecked,
    DmarcDiscovered,
    MessageInput,
    ReportersChecked,
    SpfChecked,
    SpfIdentity,
)
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.language import ENGLISH, language, per_language, speaking
from mxwalk.mailauth.arc.verify import detail_words
from mxwalk.mailauth.asking import replay, replay_whole
from mxwalk.mailauth.case import ArcCheck, MessageCase, SpfCheck, WrittenHeader
from mxwalk.mailauth.dkim.judge import judge
from mxwalk.mailauth.dkim.key import read_key
from mxwalk.mailauth.dkim.model import Signature, SignatureVerdict
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dkim.verify import key_type
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.discovery import LookedUp, domain_key, look_up
from mxwalk.mailauth.dmarc.model import Assessment, Authorisation, Reading
from mxwalk.mailauth.envelope import Arrival, arrival
from mxwalk.mailauth.message import Message, read_message
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.model import Evaluation
from mxwalk.names import InvalidNameError, is_address, parse_name

_POSTMASTER = "postmaster"
MAILFROM, HELO = SpfIdentity.MAILFROM, SpfIdentity.HELO


def message_case(trace: Trace) -> MessageCase | None:
    """Return what a message walk shows; ``None`` for a walk of another purpose."""
    given = trace.header.message
    if given is None:
        return None
    trace = standing(trace)
    message, come, signed = _read(given)
    helo_domain = _domain(come.helo.value)
    mailfrom_domain = helo_domain if come.null_sender else _sender_domain(come)
    authors = tuple(dict.fromkeys(map(domain_key, message.author_domains)))
    author = authors[0] if authors else ""
    steps = {step.kind.value: step.seq for step in trace.steps}
    identifiers = _identifiers(authors, mailfrom_domain, signed)
    checks = _spf(trace, come, {MAILFROM: mailfrom_domain, HELO: helo_domain})
    verdicts = tuple(_verdict(trace, message, signature) for signature in signed)
    found = _discovered(trace, authors, identifiers)
    assessments = _assessments(authors, checks, verdicts, found) if author in found else {}
    reports = reports_to(assessments.get(Reading.RFC9989))
    case = MessageCase(
        given=given,
        message=message,
        arrival=come,
        mailfrom_domain=mailfrom_domain,
        helo_domain=helo_domain,
        author_domain=author,
        authors=authors,
        author_problem="; ".join(message.author.problems),
        identifiers=identifiers,
        signatures=signed,
        has_arc=bool(message.named("ARC-Seal") or message.named("ARC-Message-Signature")),
        has_outside_reporters=reports is not None and reports.has_outside,
        spf=checks,
        verdicts=verdicts,
        arc=_arc(trace, message),
        discoveries=found,
        assessments=assessments,
        reporters=_reporters(trace, reports),
        claims=claims_of(message),
        steps=steps,
    )
    return _with_results(case, trace)


def _with_results(case: MessageCase, trace: Trace) -> MessageCase:
    """Add the headers a receiver would write, once the step has been made."""
    if StepKind.RESULT_HEADERS.value not in case.steps:
        return case
    written = _written(trace) if language() != ENGLISH else written_headers(case)
    return replace(case, written=written, differences=differences_of(case))


def _written(trace: Trace) -> tuple[WrittenHeader, ...]:
    """Return the headers, which are English: what a receiver writes is read by other programs."""
    with speaking(ENGLISH):
        case = message_case(trace)
        return case.written if case is not None else ()


@per_language(maxsize=4)
def _read(given: MessageInput) -> tuple[Message, Arrival, tuple[Signature, ...]]:
    message = read_message(given.raw, whole=given.whole)
    return message, arrival(message, given), read_signatures(message)


def _domain(text: str) -> str:
    """Return a name in A-labels; empty for what is none, as an address literal."""
    try:
        name = parse_name(text).ascii
    except InvalidNameError:
        return ""
    return "" if is_address(name) or "." not in name else name


def _sender_domain(come: Arrival) -> str:
    """Return the domain of MAIL FROM; empty where it is not known or none that can be looked up.

    HELO stands in for the null reverse-path alone (RFC 7208 2.4), never for what is not known.
    """
    _, at, domain = come.mail_from.value.strip("<>").rpartition("@")
    return _domain(domain) if at else ""


def spf_sender(case_arrival: Arrival, identity: SpfIdentity) -> str:
    """Return the sender that ``check_host()`` is called with (RFC 7208 2.3, 2.4)."""
    path = case_arrival.mail_from.value.strip("<>")
    if identity is SpfIdentity.HELO or "@" not in path:
        return f"{_POSTMASTER}@{case_arrival.helo.value}"
    return path


def _identifiers(
    authors: tuple[str, ...], mailfrom: str, signed: tuple[Signature, ...]
) -> tuple[str, ...]:
    """Return the domains that DMARC needs: the authors', then what SPF and DKIM may authenticate."""
    others = (mailfrom, *(domain_key(one.domain) for one in signed if one.domain))
    return tuple(dict.fromkeys(name for name in (*authors, *others) if name))


def _last(trace: Trace, kind: StepKind) -> Iterator[Step]:
    return (step for step in reversed(trace.steps) if step.kind is kind)


def _spf(
    trace: Trace, come: Arrival, domains: Mapping[SpfIdentity, str]
) -> Mapping[SpfIdentity, SpfCheck]:
    """Return the checks; one of another domain or client than the header's is not of this message."""
    found: dict[SpfIdentity, SpfCheck] = {}
    for kind, identity in ((StepKind.SPF_MAILFROM, MAILFROM), (StepKind.SPF_HELO, HELO)):
        step = next(_last(trace, kind), None)
        if step is None or not isinstance(step.evidence, SpfChecked):
            continue
        checked = step.evidence
        called = (checked.identity, checked.client_ip, checked.domain)
        if called == (identity, come.client_ip.value, domains[identity]):
            evaluation, whole = _evaluated(checked, trace.header)
            found[identity] = SpfCheck(
                identity=identity, evaluation=evaluation, step=step.seq, open=not whole
            )
    return found


def _evaluated(checked: SpfChecked, header: Header) -> tuple[Evaluation, bool]:
    return _evaluate(checked, header.message.receiver if header.message else "", header.started_at)


@per_language(maxsize=32)
def _evaluate(checked: SpfChecked, receiver: str, started_at: str) -> tuple[Evaluation, bool]:
    asking = evaluate(
        checked.client_ip,
        checked.domain,
        checked.sender,
        checked.helo,
        receiver=receiver or "unknown",
        now=from_rfc3339(started_at),
    )
    return replay_whole(asking, checked.answers)


def _verdict(trace: Trace, message: Message, signature: Signature) -> SignatureVerdict:
    for step in _last(trace, StepKind.DKIM):
        checked = step.evidence
        if isinstance(checked, DkimChecked) and checked.number == signature.number:
            return _judged(message, signature, checked, trace.header.started_at, step.seq)
    return judge(message, signature, None, None, from_rfc3339(trace.header.started_at).timestamp())


@per_language(maxsize=128)
def _judged(
    message: Message, signature: Signature, checked: DkimChecked, started_at: str, seq: int
) -> SignatureVerdict:
    held = held_to(signature, checked)
    key = read_key(signature.key_name, held.key, key_type(signature)) if held.key else None
    now = from_rfc3339(started_at).timestamp()
    return replace(judge(message, signature, key, held, now), step=seq)


def _arc(trace: Trace, message: Message) -> ArcCheck | None:
    step = next(_last(trace, StepKind.ARC), None)
    if step is None or not isinstance(step.evidence, ArcChecked):
        return None
    detail = detail_words(message, step.evidence)
    return ArcCheck(evidence=step.evidence, step=step.seq, detail=detail)


def _discovered(
    trace: Trace, authors: tuple[str, ...], identifiers: tuple[str, ...]
) -> Mapping[str, LookedUp]:
    found: dict[str, LookedUp] = {}
    for step in trace.steps:
        if isinstance(step.evidence, DmarcDiscovered) and step.evidence.domain in identifiers:
            domain = step.evidence.domain
            found[domain] = _looked_up(domain, domain in authors, step.evidence.answers)
    return found


@per_language(maxsize=64)
def _looked_up(domain: str, author: bool, answers: tuple[DnsAnswer, ...]) -> LookedUp:
    return replay(look_up(domain, author=author), answers)


def _assessments(
    authors: tuple[str, ...],
    checks: Mapping[SpfIdentity, SpfCheck],
    verdicts: tuple[SignatureVerdict, ...],
    found: Mapping[str, LookedUp],
) -> Mapping[Reading, Assessment]:
    mailfrom = checks.get(SpfIdentity.MAILFROM)
    spf = (
        (mailfrom.evaluation.result.value, mailfrom.evaluation.domain)
        if mailfrom is not None
        else None
    )
    dkim = [
        (one.signature.number, one.signature.domain, one.result.value)
        for one in verdicts
        if one.signature.domain and one.step is not None
    ]
    return {reading: assess(reading, authors, spf, dkim, found) for reading in Reading}


def _reporters(trace: Trace, reports: ReportsTo | None) -> tuple[Authorisation, ...]:
    step = next(_last(trace, StepKind.REPORTERS), None)
    if step is None or reports is None or not isinstance(step.evidence, ReportersChecked):
        return ()
    return replay(reports.asking(), step.evidence.answers)
