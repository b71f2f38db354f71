"""The steps of a message walk and of a survey: each runs an evaluation over the walk's resolver.

What is broken off leaves the answers that had come by then; the rest is read as not asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from msgspec import structs

from mxwalk.delivery.authentication import spf_sender
from mxwalk.delivery.report_addresses import ReportsTo, reports_of, reports_to
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import (
    ArcChecked,
    Concluded,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    MessageRead,
    ReportersChecked,
    SpfChecked,
    SpfIdentity,
    SpfRecordLookedUp,
)
from mxwalk.evidence.step import Evidence, StepKind
from mxwalk.language import ENGLISH, speaking
from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.arc.verify import Checked as ArcCheckedParts
from mxwalk.mailauth.arc.verify import questions as arc_questions
from mxwalk.mailauth.arc.verify import verify_chain
from mxwalk.mailauth.asking import Asking, Question, ask
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.judge import judge
from mxwalk.mailauth.dkim.model import KeyRecord, Signature
from mxwalk.mailauth.dkim.selectors import COMMON_SELECTORS, key_questions
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dkim.verify import questions, verify
from mxwalk.mailauth.dmarc.discovery import look_up
from mxwalk.mailauth.message import Message
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.live import TimedResolver
from mxwalk.mailauth.spf.survey import expand
from mxwalk.walk.live import Live, Task
from mxwalk.walk.steps.lookups import validated


async def perform_read(live: Live, task: Task) -> Evidence:
    """Read the message; nothing is asked."""
    del live, task
    return MessageRead()


async def perform_conclusion(live: Live, task: Task) -> Evidence:
    """Weigh what was found; nothing is asked."""
    del live, task
    return Concluded()


async def _answers(
    live: Live,
    task: Task,
    asking: Asking[object],
    make: Callable[[tuple[DnsAnswer, ...]], Evidence],
    *,
    timed: bool = False,
) -> Evidence:
    """Run an evaluation and keep its answers; TXT answers are validated, as far as DNSSEC reaches."""
    come: list[DnsAnswer] = []
    live.partial = lambda: make(tuple(come))
    resolver = live.tools.resolver
    outcome = await ask(asking, TimedResolver(resolver) if timed else resolver, come.append)
    evidence = make(outcome.answers)
    live.partial = lambda: evidence
    texts = tuple(answer for answer in outcome.answers if answer.rtype == "TXT")
    return structs.replace(evidence, support=await validated(live, task, texts))


async def perform_spf(live: Live, task: Task) -> Evidence:
    """Run ``check_host()`` for MAIL FROM or HELO (RFC 7208 2.3, 2.4), for at most 20 s (4.6.4)."""
    case = _case(task)
    is_helo = task.pending.kind is StepKind.SPF_HELO
    identity = SpfIdentity.HELO if is_helo else SpfIdentity.MAILFROM
    called = SpfChecked(
        identity=identity,
        client_ip=case.arrival.client_ip.value,
        domain=task.pending.scope.host,
        sender=spf_sender(case.arrival, identity),
        helo=case.arrival.helo.value,
    )
    asking = evaluate(
        called.client_ip,
        called.domain,
        called.sender,
        called.helo,
        receiver=case.given.receiver or "unknown",
        now=live.tools.clock.now(),
    )
    return await _answers(
        live, task, asking, lambda answers: structs.replace(called, answers=answers), timed=True
    )


async def perform_dkim(live: Live, task: Task) -> Evidence:
    """Fetch a signature's key and have the library verify the signature (RFC 6376 6.1)."""
    case = _case(task)
    number = task.pending.scope.attempt
    signature = next(one for one in case.signatures if one.number == number)
    come: list[DnsAnswer] = []
    live.partial = lambda: DkimChecked(number=number, key=come[-1] if come else None)
    outcome = await ask(questions(signature), live.tools.resolver, come.append)
    key = outcome.answers[0] if outcome.answers else None
    live.partial = lambda: DkimChecked(number=number, key=key)
    support = await validated(live, task, (key,)) if key is not None else ()
    now = live.tools.clock.now().timestamp()
    checked = await asyncio.to_thread(_verified, case.message, signature, outcome.result, key, now)
    return structs.replace(checked, support=support)


def _verified(
    message: Message,
    signature: Signature,
    key: KeyRecord,
    answer: DnsAnswer | None,
    now: float,
) -> DkimChecked:
    """Verify, and explain at once what failed: whoever shows it finds the work done."""
    with speaking(ENGLISH):  # a trace has one language
        own = read_signatures(message)[signature.number - 1]
        found = verify(message, own, answer)
    checked = DkimChecked(
        number=signature.number,
        key=answer,
        verified=found.verified,
        body_hash=found.body_hash,
        body_bytes=found.body_bytes,
        detail=found.detail,
    )
    judge(message, signature, key, checked, now)  # remembers what explains a failure
    return checked


async def perform_arc(live: Live, task: Task) -> Evidence:
    """Fetch the keys of the ARC chain and have the library verify it (RFC 8617 5.2)."""
    message = _case(task).message
    come: list[DnsAnswer] = []
    live.partial = lambda: ArcChecked(answers=tuple(come), detail="broken off")
    outcome = await ask(arc_questions(read_chain(message)), live.tools.resolver, come.append)
    support = await validated(live, task, outcome.answers)
    found = await asyncio.to_thread(_chain_verified, message, outcome.answers)
    return ArcChecked(
        answers=outcome.answers,
        result=found.result,
        sets=found.sets,
        detail=found.detail,
        support=support,
    )


def _chain_verified(message: Message, answers: tuple[DnsAnswer, ...]) -> ArcCheckedParts:
    with speaking(ENGLISH):
        return verify_chain(message, answers)


async def perform_dmarc(live: Live, task: Task) -> Evidence:
    """Discover policy and organizational domain of one identifier, by both readings."""
    domain = task.pending.scope.host
    case = task.delivery.message
    author = case is None or domain in case.authors
    make = partial(_discovered, domain)
    return await _answers(live, task, look_up(domain, author=author), make)


def _discovered(domain: str, answers: tuple[DnsAnswer, ...]) -> Evidence:
    return DmarcDiscovered(domain=domain, answers=answers)


async def perform_reporters(live: Live, task: Task) -> Evidence:
    """Ask whether outside addresses have agreed to receive reports (RFC 9990 4)."""
    reports = _reports(task)
    assert reports is not None

    def make(answers: tuple[DnsAnswer, ...]) -> Evidence:
        return ReportersChecked(domain=reports.domain, answers=answers)

    return await _answers(live, task, reports.asking(), make)


async def perform_spf_record(live: Live, task: Task) -> Evidence:
    """Look up everything that a domain's SPF record leads to."""
    domain = task.pending.scope.host

    def make(answers: tuple[DnsAnswer, ...]) -> Evidence:
        return SpfRecordLookedUp(domain=domain, answers=answers)

    return await _answers(live, task, expand(domain), make)


async def perform_keys(live: Live, task: Task) -> Evidence:
    """Look up key records: those of the selectors given, and on demand the common ones."""
    asked = task.delivery.trace.header.survey
    assert asked is not None
    domain = task.delivery.domain
    selectors = (*asked.selectors, *(COMMON_SELECTORS if asked.probe else ()))

    def make(answers: tuple[DnsAnswer, ...]) -> Evidence:
        return DkimKeysLookedUp(domain=domain, answers=answers)

    return await _answers(live, task, _keys(domain, selectors), make)


def _keys(domain: str, selectors: tuple[str, ...]) -> Asking[None]:
    """Ask for the key records of selectors (RFC 6376 3.6.2.1).

    What stands for any selector is asked for first: a domain that signs nothing revokes them all there.
    """
    yield (Question(f"*._domainkey.{domain}", "TXT"),)
    yield from key_questions(domain, selectors)


def _case(task: Task) -> MessageCase:
    case = task.delivery.message
    assert case is not None
    return case


def _reports(task: Task) -> ReportsTo | None:
    delivery = task.delivery
    if delivery.message is not None:
        return reports_to(delivery.message.assessment())
    main = delivery.survey.main if delivery.survey is not None else None
    if main is None or main.policy is None or main.dmarc is None:
        return None
    return reports_of(main.policy, main.dmarc.walk)


PERFORMERS: Mapping[StepKind, Callable[[Live, Task], Awaitable[Evidence]]] = {
    StepKind.MESSAGE: perform_read,
    StepKind.SPF_MAILFROM: perform_spf,
    StepKind.SPF_HELO: perform_spf,
    StepKind.DKIM: perform_dkim,
    StepKind.ARC: perform_arc,
    StepKind.SPF_RECORD: perform_spf_record,
    StepKind.DKIM_KEYS: perform_keys,
    StepKind.DMARC: perform_dmarc,
    StepKind.REPORTERS: perform_reporters,
    StepKind.ALIGNMENT: perform_conclusion,
    StepKind.DISPOSITION: perform_conclusion,
    StepKind.RESULT_HEADERS: perform_conclusion,
    StepKind.ROLL_OUT: perform_conclusion,
}
