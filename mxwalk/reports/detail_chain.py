"""The lines below the steps on certificates: the chain, missing issuers, revocation."""

from collections.abc import Iterator

from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.step import ChainChecked, Handshaken, IssuersFetched, RevocationChecked, Step
from mxwalk.evidence.tls import StoreVerdict
from mxwalk.pkix.naming import many
from mxwalk.pkix.order import remarks
from mxwalk.reports.labels import told
from mxwalk.reports.tls_parts import explained
from mxwalk.revocation.readings import read_path
from mxwalk.tls.certificate import read_certificate


def chain_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield what was found of the certificates, explained."""
    attempt = delivery.attempt_of(step)
    match step.evidence:
        case ChainChecked() as checked:
            yield from _chain(checked, attempt)
        case IssuersFetched() as issuers:
            yield from _issuers(issuers)
        case RevocationChecked() if attempt is not None and attempt.revocation is step.evidence:
            yield from _revocation(attempt)
        case _:
            pass


def _chain(checked: ChainChecked, attempt: Attempt | None) -> Iterator[str]:
    shown = attempt.handshake if attempt is not None and attempt.chain is checked else None
    yield from _judged(checked, shown, attempt.issuers if attempt is not None else None)
    if checked.beside:
        yield "other stores: " + "; ".join(_store(one) for one in checked.beside)


def look_details(shown: Handshaken, checked: ChainChecked) -> Iterator[str]:
    """Yield what was made of the chain that one more look showed."""
    if not checked.errors:
        yield f"chain trusted ({checked.store.kind} store, {many(checked.store.roots, 'root')})"
    yield from _judged(checked, shown, None)


def _judged(
    checked: ChainChecked, shown: Handshaken | None, issuers: IssuersFetched | None
) -> Iterator[str]:
    for error in checked.errors:
        yield f"depth {error.depth}: {error.text} ({error.name})"
    chain = explained(shown, checked, issuers) if shown is not None else None
    if chain is None:
        return
    for objection in chain.objections:
        yield f"depth {objection.depth}: {objection.sentence}"
        yield f"  fix: {objection.fix}"
    for what, fix in remarks(chain):
        yield f"{what}: {fix}"
    if chain.horizon.sentence:
        yield chain.horizon.sentence


def _store(one: StoreVerdict) -> str:
    return f"{one.store.kind} {one.errors[0].text if one.errors else 'trusts it'}"


def _issuers(issuers: IssuersFetched) -> Iterator[str]:
    for fetch in issuers.fetched:
        yield f"{fetch.url}: {fetch.problem or f'{fetch.size} octets'}"
    for der in issuers.certificates:
        yield f"found {read_certificate(der).subject}"


def _revocation(attempt: Attempt) -> Iterator[str]:
    judged = standings(attempt)
    for one in judged:
        name = read_certificate(one.certificate).common_name or "no name"
        yield f"{one.depth} {name}: {told(one.standing.value, one.sentence)}"
        if one.staple_sentence:
            yield f"  {one.staple_sentence}"
        for source in one.sources:
            where = source.url or "stapled"
            yield f"  {source.kind.value} {where}: {told(source.standing.value, source.sentence)}"
        if one.disagreement:
            yield f"  {one.disagreement}"
    if any(one.sources for one in judged):
        readings = read_path(judged)
        yield f"soft-fail: {readings.soft.value}: {readings.soft_sentence}"
        yield f"hard-fail: {readings.hard.value}: {readings.hard_sentence}"
