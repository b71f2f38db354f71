"""The lines below the steps on certificates: the chain, missing issuers, revocation."""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.connection import ChainChecked, Handshaken, IssuersFetched, RevocationChecked
from mxwalk.evidence.step import Step
from mxwalk.evidence.tls import StoreVerdict
from mxwalk.language import say
from mxwalk.pkix.order import remarks
from mxwalk.reports.labels import octets_words, roots_words, told
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
        case RevocationChecked() if attempt is not None and _is_last(step, attempt):
            yield from _revocation(attempt)
        case _:
            pass


def _is_last(step: Step, attempt: Attempt) -> bool:
    last = attempt.step(step.kind)
    return last is not None and last.seq == step.seq


def _chain(checked: ChainChecked, attempt: Attempt | None) -> Iterator[str]:
    shown = attempt.handshake if attempt is not None and attempt.chain is checked else None
    yield from _judged(checked, shown, attempt.issuers if attempt is not None else None)
    if checked.beside:
        yield say("other stores: ") + "; ".join(_store(one) for one in checked.beside)


def look_details(shown: Handshaken, checked: ChainChecked) -> Iterator[str]:
    """Yield what was made of the chain that one more look showed."""
    if not checked.errors:
        yield say(
            "chain trusted ({kind} store, {roots})",
            kind=say(checked.store.kind),
            roots=roots_words(checked.store.roots),
        )
    yield from _judged(checked, shown, None)


def _judged(
    checked: ChainChecked, shown: Handshaken | None, issuers: IssuersFetched | None
) -> Iterator[str]:
    for error in checked.errors:
        yield say(
            "depth {depth}: {error} ({error_2})",
            depth=error.depth,
            error=error.text,
            error_2=error.name,
        )
    chain = explained(shown, checked, issuers) if shown is not None else None
    if chain is None:
        return
    for objection in chain.objections:
        yield say("depth {depth}: {sentence}", depth=objection.depth, sentence=objection.sentence)
        yield say("  fix: {fix}", fix=objection.fix)
    for what, fix in remarks(chain):
        yield f"{what}: {fix}"
    if chain.horizon.sentence:
        yield chain.horizon.sentence


def _store(one: StoreVerdict) -> str:
    return f"{say(one.store.kind)} {one.errors[0].text if one.errors else say('trusts it')}"


def _issuers(issuers: IssuersFetched) -> Iterator[str]:
    for fetch in issuers.fetched:
        yield f"{fetch.url}: {fetch.problem or octets_words(fetch.size)}"
    for der in issuers.certificates:
        yield say("found {subject}", subject=read_certificate(der).subject)


def _revocation(attempt: Attempt) -> Iterator[str]:
    judged = standings(attempt)
    for one in judged:
        name = read_certificate(one.certificate).common_name or say("no name")
        yield f"{one.depth} {name}: {told(one.standing.value, one.sentence)}"
        if one.staple_sentence:
            yield f"  {one.staple_sentence}"
        for source in one.sources:
            where = source.url or say("stapled")
            yield f"  {say(source.kind.value)} {where}: {told(source.standing.value, source.sentence)}"
        if one.disagreement:
            yield f"  {one.disagreement}"
    if any(one.sources for one in judged):
        readings = read_path(judged)
        yield say(
            "soft-fail: {soft}: {soft_sentence}",
            soft=say(readings.soft.value),
            soft_sentence=readings.soft_sentence,
        )
        yield say(
            "hard-fail: {hard}: {hard_sentence}",
            hard=say(readings.hard.value),
            hard_sentence=readings.hard_sentence,
        )
