"""The lines on DNSSEC and DANE below a step in plain text."""

from collections.abc import Iterator

from mxwalk.dane.matching import CellState
from mxwalk.delivery.dane import dane_result, other_dane_result
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.validated import validated_in
from mxwalk.dnssec.model import Status
from mxwalk.evidence.mailauth import DkimKeysLookedUp
from mxwalk.evidence.step import Step
from mxwalk.language import say
from mxwalk.text import visible

_CELLS = {CellState.MATCH: "match", CellState.MISMATCH: "mismatch"}


def dns_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield the DNSSEC status of each look-up of the step, and what DANE asks at the host."""
    told: set[str] = set()
    tried = isinstance(step.evidence, DkimKeysLookedUp)
    for item in validated_in(delivery, step):
        if tried and not item.answer.records():
            continue
        validation = item.validation
        claim = "AD" if validation.ad else say("no AD")
        yield say(
            "DNSSEC {question}: {status} (resolver: {claim})",
            question=validation.question,
            status=say(validation.status.value),
            claim=claim,
        )
        again = validation.sentence in told  # all below one zone cut have the same reason
        told.add(validation.sentence)
        if validation.status is not Status.SECURE and validation.sentence and not again:
            yield f"  {validation.sentence}"
        if (
            validation.status in (Status.BOGUS, Status.INDETERMINATE)
            and validation.fix
            and not again
        ):
            yield say("  fix: {fix}", fix=validation.fix)
    asked = ((one, one.tlsa_step) for one in delivery.hosts)
    host = next((one for one, made in asked if made and made.seq == step.seq), None)
    if host is None or host.dane is None:
        return
    for record in host.dane.records:
        use = say("usable") if record.usable else say("not usable: {why}", why=record.why)
        yield f"{record.parameters}  {record.acronyms}  {use}"
    yield f"DANE: {say(host.dane.standing.value)}"


def dane_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield the TLSA records against the certificates of a handshake, and the verdict."""
    attempt, host = delivery.attempt_of(step), delivery.host_of(step)
    if attempt is None or host is None or attempt.handshake is not step.evidence:
        return
    result = dane_result(delivery, host, attempt)
    if result is None:
        return
    for number, row in enumerate(result.grid.cells):
        record = result.grid.records[number]
        cells = ", ".join(
            f"{cell.certificate} {_CELLS.get(cell.state) or f'- ({cell.why})'}" for cell in row
        )
        yield f"TLSA {record.parameters}: {visible(cells, 300)}"
    yield f"DANE {say(result.authentication.value)}: {result.reason}"


def other_leaf_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield what the TLSA records say of the other leaf."""
    attempt, host = delivery.attempt_of(step), delivery.host_of(step)
    if attempt is None or host is None or attempt.other_leaf is not step.evidence:
        return
    if (result := other_dane_result(delivery, host, attempt)) is not None:
        yield f"DANE {say(result.authentication.value)}: {result.reason}"
