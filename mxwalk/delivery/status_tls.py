"""The statuses of the steps of TLS: handshakes, chain, missing issuers, revocation, names."""

from collections.abc import Callable, Mapping

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.mark import INCONCLUSIVE, Mark, StepStatus, of_ending
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.revocation import of_another_time
from mxwalk.evidence.connection import (
    ChainChecked,
    Handshaken,
    IdentityGathered,
    IssuersFetched,
    LookedAgain,
    RevocationChecked,
)
from mxwalk.evidence.step import Step
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import EndingKind
from mxwalk.language import noted, say, say_many
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import Standing
from mxwalk.revocation.readings import place
from mxwalk.text import visible


def _handshake(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    assert isinstance(step.evidence, Handshaken)
    if step.evidence.ending:
        return of_ending(step.evidence.ending)
    words = visible(f"{step.evidence.protocol} {step.evidence.cipher}", 200)
    return StepStatus(Mark.OK, words)


def _chain(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    assert isinstance(step.evidence, ChainChecked)
    store = step.evidence.store
    if not step.evidence.errors:
        words = say_many(
            "trusted ({kind} store, {n} root)",
            "trusted ({kind} store, {n} roots)",
            store.roots,
            kind=visible(store.kind, 40),
        )
        return StepStatus(Mark.OK, words)
    error = step.evidence.errors[0]
    return StepStatus(
        Mark.FAIL, visible(say("depth {depth}: {error}", depth=error.depth, error=error.text), 200)
    )


def _identity(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    evidence = step.evidence
    assert isinstance(evidence, IdentityGathered)
    names = [
        name for name in (evidence.recipient_domain, evidence.mx_host, *evidence.routes) if name
    ]
    names.extend(name for name, confirmed in evidence.ptr_names if confirmed)
    count = len(dict.fromkeys(names))
    words = say_many("{n} reference name to compare", "{n} reference names to compare", count)
    return StepStatus(Mark.INFO, words)


def _look(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    evidence = step.evidence
    assert isinstance(evidence, LookedAgain)
    kind = evidence.offer.key_type
    if kind is not None:
        return _other_leaf(evidence, kind.value)
    if evidence.handshake is None or (ending := evidence.ending) is None:
        return _looked(evidence)
    if ending.kind in INCONCLUSIVE:
        return StepStatus(Mark.UNKNOWN, how_it_ended(ending))
    words = say(_ALSO.get(evidence.offer, _NONE))
    return StepStatus(Mark.FAIL, visible(f"{words}: {how_it_ended(ending)}", 300))


_WORKS = {
    Offer.CLASSIC: (Mark.WARN, noted("a small ClientHello gets through")),
    Offer.LEGACY: (Mark.WARN, noted("only a legacy client gets through")),
    Offer.WITHOUT_SNI: (Mark.OK, noted("the handshake works without SNI, too")),
}
_NONE, _SOME = noted("no handshake"), noted("a handshake")
_ALSO = {
    Offer.CLASSIC: noted("no handshake with a small ClientHello either"),
    Offer.LEGACY: noted("no handshake as a legacy client either"),
    Offer.WITHOUT_SNI: noted("no handshake without SNI"),
}


def _looked(evidence: LookedAgain) -> StepStatus:
    """Return the status of a look that came to a handshake, or did not come to one at all."""
    handshake = evidence.handshake
    if handshake is None:
        detail = how_it_ended(evidence.ending) if evidence.ending else say("nothing was seen")
        return StepStatus(Mark.UNKNOWN, visible(detail, 300))
    mark, words = _WORKS.get(evidence.offer, (Mark.INFO, _SOME))
    said = f"{say(words)}: {handshake.protocol} {handshake.cipher}"
    return StepStatus(mark, visible(said, 200))


def _other_leaf(evidence: LookedAgain, kind: str) -> StepStatus:
    if evidence.ending is None:
        return StepStatus(Mark.OK, say("the server has an {kind} leaf, too", kind=kind))
    if evidence.ending.kind is not EndingKind.TLS_ALERT:
        return StepStatus(Mark.UNKNOWN, how_it_ended(evidence.ending))
    words = say("no {kind} leaf at TLS 1.2: {why}", kind=kind, why=how_it_ended(evidence.ending))
    return StepStatus(Mark.INFO, visible(words, 300))


def _issuers(step: Step, delivery: Delivery) -> StepStatus:
    del delivery
    evidence = step.evidence
    assert isinstance(evidence, IssuersFetched)
    if evidence.certificates:
        count = len(evidence.certificates)
        words = say_many(
            "{n} certificate fetched to explain; senders do not fetch them",
            "{n} certificates fetched to explain; senders do not fetch them",
            count,
        )
        return StepStatus(Mark.INFO, words)
    problem = next((one.problem for one in evidence.fetched if one.problem), say("nothing came"))
    return StepStatus(Mark.UNKNOWN, visible(problem, 300))


_STANDING = {
    Standing.REVOKED: Mark.FAIL,
    Standing.INVALID: Mark.WARN,
    Standing.UNKNOWN: Mark.UNKNOWN,
    Standing.EXPIRED_DATA: Mark.UNKNOWN,
    Standing.UNREACHABLE: Mark.UNKNOWN,
    Standing.NOT_CHECKED: Mark.UNKNOWN,
    Standing.GOOD: Mark.OK,
    Standing.NOT_APPLICABLE: Mark.INFO,
}


def _revocation(step: Step, delivery: Delivery) -> StepStatus:
    status = _standing(step)
    when = of_another_time(delivery)
    return StepStatus(status.mark, f"{status.summary} ({when})") if when else status


def _standing(step: Step) -> StepStatus:
    evidence = step.evidence
    assert isinstance(evidence, RevocationChecked)
    judged = judge_revocation(evidence, at=from_rfc3339(evidence.checked_at))
    if not judged:
        return StepStatus(Mark.INFO, say("there is no certificate to ask about"))
    order = list(_STANDING)
    worst = min(judged, key=lambda one: order.index(one.standing))
    if worst.standing is Standing.GOOD:
        good = sum(one.standing is Standing.GOOD for one in judged)
        words = say_many(
            "good: {good} of {n} certificate",
            "good: {good} of {n} certificates",
            len(judged),
            good=good,
        )
        return StepStatus(Mark.OK, words)
    words = worst.sentence
    if worst.depth > 0:
        words = f"{place(worst.depth)}: {words}"
    if worst.standing is not Standing.REVOKED:  # its sentence begins with the word
        words = f"{say(worst.standing.value.replace('-', ' '))}: {words}"
    return StepStatus(_STANDING[worst.standing], visible(words, 300))


READERS: Mapping[type, Callable[[Step, Delivery], StepStatus]] = {
    Handshaken: _handshake,
    ChainChecked: _chain,
    IssuersFetched: _issuers,
    RevocationChecked: _revocation,
    IdentityGathered: _identity,
    LookedAgain: _look,
}
