"""The walk as the report its sender would file (RFC 8460 4.4): one session a connection.

The period is the day, in UTC, that the walk began on.  The document holds what RFC 8460 names and
nothing else; optional members that would be empty are left out.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.language import ENGLISH, speaking
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.reports.tlsrpt_sessions import Applied, Basis, Session, sessions
from mxwalk.reports.visibly import visibly
from mxwalk.senders.registry import profile

_REASON_CHARS = 300


class _DateRange(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    start_datetime: str
    end_datetime: str


class _Policy(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    policy_type: str
    policy_domain: str
    policy_string: tuple[str, ...] = ()
    mx_host: tuple[str, ...] = ()


class _Summary(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    total_successful_session_count: int
    total_failure_session_count: int


class _Failure(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    result_type: str
    failed_session_count: int
    sending_mta_ip: str = ""
    receiving_mx_hostname: str = ""
    receiving_mx_helo: str = ""
    receiving_ip: str = ""
    failure_reason_code: str = ""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    policy: _Policy
    summary: _Summary
    failure_details: tuple[_Failure, ...] = ()


class _Report(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    organization_name: str
    date_range: _DateRange
    contact_info: str
    report_id: str
    policies: tuple[_Entry, ...]


def render_tlsrpt(trace: Trace, sender: str) -> str:
    """Return the report as JSON, indented, with a line feed at its end.

    Raises ``UsageError`` for an unknown sender.
    """
    with speaking(ENGLISH):  # it goes to the other side's programs
        return _document(trace, sender)


def _document(trace: Trace, sender: str) -> str:
    chosen = profile(sender)
    delivery = build_delivery(trace)
    findings = check(delivery)
    found = tuple(sessions(delivery, chosen, chosen.judge(delivery), findings))
    day = _day(trace.header.started_at)
    about = delivery.domain or delivery.target.address or "unknown"
    report = _Report(
        organization_name=f"mxwalk, as {chosen.label}",
        date_range=_DateRange(start_datetime=f"{day}T00:00:00Z", end_datetime=f"{day}T23:59:59Z"),
        contact_info=f"postmaster@{_own_name(delivery)}",
        report_id=f"{trace.header.started_at}_{about}_{chosen.id}".replace(" ", "-"),
        policies=tuple(_entries(delivery, found)),
    )
    document = msgspec.json.encode(visibly(report))
    return msgspec.json.format(document, indent=2).decode() + "\n"


def _day(started_at: str) -> str:
    try:
        return from_rfc3339(started_at).date().isoformat()
    except ValueError:
        return "1970-01-01"


def _own_name(delivery: Delivery) -> str:
    """Return the name we greet with, where it is one a mailbox can have."""
    try:
        return parse_name(delivery.options.helo).ascii
    except InvalidNameError:
        return "localhost"


def _entries(delivery: Delivery, found: Iterable[Session]) -> Iterable[_Entry]:
    by_basis: dict[Basis, list[Session]] = {}
    for session in found:
        by_basis.setdefault(session.basis, []).append(session)
    if not by_basis:  # RFC 8460 4.4: policies is never empty, nothing was counted
        about = delivery.domain or delivery.target.address or "unknown"
        by_basis[Basis(applied=Applied.NONE, domain=about)] = []
    for basis, members in by_basis.items():
        failed = [session for session in members if session.failure]
        rows = Counter(_row(session) for session in failed)
        yield _Entry(
            policy=_Policy(
                policy_type=basis.applied.value,
                policy_domain=basis.domain,
                policy_string=basis.lines,
                mx_host=basis.mx_hosts,
            ),
            summary=_Summary(
                total_successful_session_count=len(members) - len(failed),
                total_failure_session_count=len(failed),
            ),
            failure_details=tuple(
                msgspec.structs.replace(row, failed_session_count=count)
                for row, count in rows.items()
            ),
        )


def _row(session: Session) -> _Failure:
    attempt = session.attempt
    connected = attempt.connected if attempt else None
    greeting = attempt.greeting if attempt else None
    helo = greeting.text.split(" ", 1)[0].split("\n", 1)[0] if greeting else ""
    return _Failure(
        result_type=session.failure,
        failed_session_count=1,
        sending_mta_ip=connected.local_address if connected else "",
        receiving_mx_hostname=session.host,
        receiving_mx_helo=helo[:_REASON_CHARS],
        receiving_ip=attempt.address if attempt else "",
        failure_reason_code=session.reason[:_REASON_CHARS],
    )
