"""DANE in the report: a host's standing and records, and the records against a connection's chain."""

from mxwalk.dane.advice import records_for
from mxwalk.dane.model import DaneState
from mxwalk.dane.result import DaneResult
from mxwalk.dane.tlsa import TlsaRecord
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import dane_result, other_dane_result
from mxwalk.delivery.model import Delivery, Host
from mxwalk.reports import model_dns as model
from mxwalk.tls.certificate import read_certificate


def dane(host: Host) -> model.Dane | None:
    """Return what DANE asks at a host; ``None`` where the walk did not look."""
    state = host.dane
    if state is None:
        return None
    # Records that do not count (insecure, bogus) are shown all the same: somebody published them.
    shown = next((answer for answer in reversed(state.tlsa) if answer.records), None)
    return model.Dane(
        step=state.step,
        standing=state.standing.value,
        at_host=state.at_host.value,
        reason=state.reason,
        base_domain=state.base_domain or (shown.base_domain if shown else ""),
        base_domains=tuple(answer.base_domain for answer in state.tlsa),
        ttl_s=shown.ttl_s if shown else 0,
        records=tuple(_record(record) for record in _records(state)),
    )


def _records(state: DaneState) -> tuple[TlsaRecord, ...]:
    if state.records:
        return state.records
    return next((answer.records for answer in reversed(state.tlsa) if answer.records), ())


def _record(record: TlsaRecord) -> model.TlsaRecord:
    return model.TlsaRecord(
        rdata=record.rdata,
        parameters=record.parameters,
        acronyms=record.acronyms,
        usable=record.usable,
        why=record.why,
    )


def dane_check(delivery: Delivery, host: Host, attempt: Attempt) -> model.DaneCheck | None:
    """Return the records against the certificates presented; ``None`` without either."""
    return _check(host, dane_result(delivery, host, attempt))


def other_dane_check(delivery: Delivery, host: Host, attempt: Attempt) -> model.DaneCheck | None:
    """Return the records against the other leaf's chain; ``None`` without either."""
    return _check(host, other_dane_result(delivery, host, attempt))


def _check(host: Host, result: DaneResult | None) -> model.DaneCheck | None:
    if result is None or host.dane is None:
        return None
    chain = result.grid.chain
    base = host.dane.base_domain or host.planned.name
    return model.DaneCheck(
        authentication=result.authentication.value,
        authenticated=result.authenticated,
        reason=result.reason,
        certificates=tuple(read_certificate(der).subject for der in chain),
        cells=_cells(result),
        outcomes=tuple(
            model.TlsaOutcome(record=each.record, outcome=each.outcome.value, reason=each.reason)
            for each in result.results
        ),
        publish=tuple(
            model.Advice(line=advised.line, why=advised.why)
            for advised in records_for(chain, base, host.planned.port)
        ),
    )


def _cells(result: DaneResult) -> tuple[model.TlsaCell, ...]:
    return tuple(
        model.TlsaCell(
            record=cell.record,
            certificate=cell.certificate,
            state=cell.state.value,
            computed=cell.computed.hex(),
            equal=cell.equal,
            why=cell.why,
        )
        for row in result.grid.cells
        for cell in row
    )
