"""The look-ups of a delivery beside what DNSSEC validation makes of each, in the order of the walk.

Only the look-ups that count are listed: one that was asked again later is left out, and so is one
that another host shares.  PTR names are not validated: nothing that is decided rests on them alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mxwalk.dane.lookup import tlsa_name
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.security import security_of
from mxwalk.dnssec.model import Validation
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import TlsaLookedUp
from mxwalk.evidence.mailauth import LOOKED_UP, DkimChecked
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Evidence, Step
from mxwalk.evidence.trace import Purpose
from mxwalk.language import language


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """An answer, the step that asked for it, and its validation."""

    step: Step
    answer: DnsAnswer
    validation: Validation


_listed_last: list[tuple[Delivery, str, tuple[Validated, ...]]] = []


def validated(delivery: Delivery) -> tuple[Validated, ...]:
    """Return every look-up that was validated, each question once."""
    for known, spoken, listed in _listed_last:
        if known is delivery and spoken == language():
            return listed
    found: dict[tuple[str, str], Validated] = {}
    for item in _all(delivery):
        question = item.validation.question
        found.setdefault((question.qname, question.rtype), item)
    _listed_last[:] = [(delivery, language(), tuple(found.values()))]  # asked for with each step
    return tuple(found.values())


def validated_in(delivery: Delivery, step: Step | None) -> tuple[Validated, ...]:
    """Return the look-ups of one step; none where it was not validated or was made again."""
    if step is None:
        return ()
    hosts = [
        host
        for host in delivery.hosts
        if any(one and one.seq == step.seq for one in (host.address_step, host.tlsa_step))
    ]
    own = delivery.trace.steps[step.seq - 1 : step.seq]
    found = (*_of_mx(delivery), *_of_hosts(hosts), *_of_authentication(delivery, own))
    return tuple(item for item in found if item.step.seq == step.seq)


def _all(delivery: Delivery) -> Iterator[Validated]:
    yield from _of_mx(delivery)
    yield from _of_hosts(delivery.hosts)
    yield from _of_authentication(delivery, delivery.trace.steps)


def _of_mx(delivery: Delivery) -> Iterator[Validated]:
    mx, step = delivery.mx, delivery.mx_step
    if mx is not None and step is not None and delivery.mx_validation is not None:
        yield Validated(step=step, answer=mx.answer, validation=delivery.mx_validation)


def _of_hosts(hosts: Iterable[Host]) -> Iterator[Validated]:
    for host in hosts:
        yield from _of_host(host)


def _of_authentication(delivery: Delivery, steps: Iterable[Step]) -> Iterator[Validated]:
    """Yield the TXT look-ups of SPF, DKIM and DMARC; addresses are looked up by the way."""
    if delivery.trace.header.purpose is Purpose.DELIVERY:
        return
    security = security_of(delivery.trace)
    for step in steps:
        for answer in _txt_answers(step.evidence):
            validation = security.of(answer)
            if validation is not None:
                yield Validated(step=step, answer=answer, validation=validation)


def _txt_answers(evidence: Evidence) -> tuple[DnsAnswer, ...]:
    found: tuple[DnsAnswer, ...] = ()
    if isinstance(evidence, DkimChecked):
        found = (evidence.key,) if evidence.key else ()
    elif isinstance(evidence, PolicyRecordsLookedUp):
        found = (evidence.sts, evidence.tls_rpt)
    elif isinstance(evidence, LOOKED_UP):
        found = evidence.answers
    return tuple(answer for answer in found if answer.rtype == "TXT")


def _of_host(host: Host) -> Iterator[Validated]:
    dane, lookup, step = host.dane, host.lookup, host.address_step
    if dane is None:
        return
    if lookup is not None and step is not None and len(lookup.answers) == len(dane.addresses):
        for answer, validation in zip(lookup.answers, dane.addresses, strict=True):
            yield Validated(step=step, answer=answer, validation=validation)
    tlsa_step = host.tlsa_step
    if tlsa_step is None or not isinstance(tlsa_step.evidence, TlsaLookedUp):
        return
    asked = {answer.qname.lower().rstrip("."): answer for answer in tlsa_step.evidence.answers}
    for found in dane.tlsa:
        tlsa_answer = asked.get(tlsa_name(found.base_domain, dane.port).lower())
        if tlsa_answer is not None:
            yield Validated(step=tlsa_step, answer=tlsa_answer, validation=found.validation)
