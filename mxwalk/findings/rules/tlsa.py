"""TLSA records as they are published: usable or not, signed or not, where they are missing.

RFC 6698, RFC 7671, RFC 7672 2.  What the server presents against them is told in ``dane``.
"""

from collections.abc import Iterator

from mxwalk.dane.lookup import tlsa_name
from mxwalk.dane.model import DaneState, Standing, is_ours
from mxwalk.dane.tlsa import TlsaRecord, outranked
from mxwalk.delivery.model import Delivery, Host
from mxwalk.dnssec.model import Status
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import noted, say, say_many

_DNS = Owner.RECEIVER_DNS
LOOKUP_FAILED = entry(
    "DANE010", Severity.ERROR, _DNS, "the TLSA look-up fails", "RFC 7672 2.1.2",
    tls_rpt="dnssec-invalid",
)  # fmt: skip
UNUSABLE = entry(
    "DANE011", Severity.WARNING, _DNS, "no TLSA record is usable", "RFC 7672 3.1.3",
    tls_rpt="tlsa-invalid",
)  # fmt: skip
SOME_UNUSABLE = entry(
    "DANE012", Severity.NOTICE, _DNS, "a TLSA record is not usable", "RFC 7672 3.1"
)
UNSIGNED = entry(
    "DANE013", Severity.WARNING, _DNS, "TLSA records in an unsigned zone", "RFC 7672 2.2"
)
MX_UNSIGNED = entry(
    "DANE014", Severity.WARNING, _DNS, "TLSA records below an unsigned MX answer", "RFC 7672 2.2.1"
)
SOME_HOSTS = entry("DANE015", Severity.NOTICE, _DNS, "not all MX hosts have TLSA", "RFC 7672 2.2")
OUTRANKED = entry("DANE016", Severity.NOTICE, _DNS, "a weaker digest is ignored", "RFC 7671 9")
AT_ALIAS = entry("DANE017", Severity.NOTICE, _DNS, "TLSA records at an alias", "RFC 7672 2.2.3")

ENTRIES = (
    LOOKUP_FAILED,
    UNUSABLE,
    SOME_UNUSABLE,
    UNSIGNED,
    MX_UNSIGNED,
    SOME_HOSTS,
    OUTRANKED,
    AT_ALIAS,
)

_MALFORMED = noted(
    "; Exchange Online does not deliver (4.7.323 tlsa-invalid), as a record is malformed"
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the TLSA look-ups of all hosts show."""
    for host in delivery.hosts:
        if host.dane is not None and host.dane.tlsa:
            yield from _host(delivery, host, host.dane)
    yield from _some_hosts(delivery)


def _where(host: Host) -> Where:
    state = host.dane
    return Where(step=state.step if state else None, host=host.planned.name)


def _command(delivery: Delivery, state: DaneState) -> str:
    server = delivery.resolver.answer.server if delivery.resolver else ""
    base = state.base_domain or state.tlsa[-1].base_domain
    return dig(tlsa_name(base, state.port), "TLSA", server, dnssec=True)


def _host(delivery: Delivery, host: Host, state: DaneState) -> Iterator[Finding]:
    where, command = _where(host), _command(delivery, state)
    name = show(tlsa_name(state.base_domain or state.tlsa[-1].base_domain, state.port))
    match state.at_host:
        case Standing.TLSA_FAILED:
            yield _failed(host, state, command)
        case Standing.TLSA_INSECURE:
            yield found(
                UNSIGNED,
                where,
                say("{reason}: they protect nobody, senders ignore them", reason=state.reason),
                say(
                    "sign the zone of {host} and have the DS record published at its parent,"
                    " or remove the records",
                    host=show(state.host),
                ),
                command,
            )
        case Standing.UNUSABLE:
            yield found(
                UNUSABLE,
                where,
                say(
                    "{reason} ({reasons}): senders encrypt and authenticate nobody",
                    reason=state.reason,
                    reasons=_reasons(state.records),
                )
                + (say(_MALFORMED) if _is_malformed(state.records) else ""),
                say(
                    "publish 3 1 1 of the server's certificate: mxwalk tlsa CERT.pem prints"
                    " the line"
                ),
                command,
            )
        case Standing.USABLE:
            yield from _records(where, name, state, command)
        case _:
            pass
    if state.records and state.mx is not None and state.mx.status is Status.INSECURE:
        yield found(
            MX_UNSIGNED,
            where,
            say(
                "{name} has signed TLSA records, but the MX answer for {domain} is not"
                " signed: most senders ignore the records, and an attacker can replace the MX"
                " host",
                name=name,
                domain=show(delivery.domain),
            ),
            say("sign {domain} and have its DS record published", domain=show(delivery.domain)),
            dig(delivery.domain, "MX", dnssec=True),
        )


def _failed(host: Host, state: DaneState, command: str) -> Finding:
    failed = state.tlsa[-1]
    sentence = say(
        "{reason} Senders that do DANE must not use {host}; Exchange Online: 4.7.324"
        " dnssec-invalid, often shown as 4.4.312",
        reason=state.reason,
        host=show(host.planned.name),
    )
    fix = failed.validation.fix or say(
        "make all name servers answer TLSA questions: NOERROR or NXDOMAIN"
    )
    return found(LOOKUP_FAILED, _where(host), sentence, fix, command)


def _reasons(records: tuple[TlsaRecord, ...]) -> str:
    return "; ".join(dict.fromkeys(record.why for record in records if record.why))


def _is_malformed(records: tuple[TlsaRecord, ...]) -> bool:
    return any(record.problem and record.problem.is_malformed for record in records)


def _records(where: Where, name: str, state: DaneState, command: str) -> Iterator[Finding]:
    bad = [record for record in state.records if not record.usable]
    if bad:
        yield found(
            SOME_UNUSABLE,
            where,
            say(
                "{name}: {bad} of {records} cannot be used: {reasons}",
                name=name,
                bad=say_many("{n} record", "{n} records", len(bad)),
                records=len(state.records),
                reasons=show(_reasons(tuple(bad)), 400),
            ),
            say(
                "remove: {records}",
                records=", ".join(show(record.rdata, 40) for record in bad[:4]),
            ),
            command,
        )
    beaten = outranked(state.records)
    if beaten:
        lines = ", ".join(show(state.records[index].parameters) for index in sorted(beaten))
        yield found(
            OUTRANKED,
            where,
            say(
                "{name}: {lines} plays no part, because a stronger digest is published for"
                " the same usage and selector; Exim compares it all the same",
                name=name,
                lines=lines,
            ),
            say("publish each key with one digest, SHA-256 (3 1 1, 2 1 1), and remove the other"),
            command,
        )
    if state.expanded_host and state.base_domain == state.host:
        yield found(
            AT_ALIAS,
            where,
            say(
                "{name}: the records stand at the alias {host}, not at {expanded_host}, which"
                " it leads to: Exim does not find them",
                name=name,
                host=show(state.host),
                expanded_host=show(state.expanded_host),
            ),
            say(
                "publish them at {tlsa_name}, and let MX records name hosts, not aliases (RFC"
                " 5321 5.1)",
                tlsa_name=show(tlsa_name(state.expanded_host, state.port)),
            ),
            command,
        )


def _some_hosts(delivery: Delivery) -> Iterator[Finding]:
    """Mail goes to any host: one without TLSA is the way around the others (RFC 7672 2.2)."""
    states = [host.dane for host in delivery.hosts if host.dane is not None]
    if len(states) < 2 or any(is_ours(one.validation) for s in states for one in s.tlsa):
        return
    have = [state for state in states if state.standing.demands_tls]
    lack = [state for state in states if state.standing is Standing.NO_RECORDS]
    if have and lack:
        names = ", ".join(show(state.host) for state in lack[:4])
        yield found(
            SOME_HOSTS,
            Where(step=lack[0].step, host=lack[0].host),
            say(
                "{have} of {domain} with TLSA, {lack} without ({names}): an attacker who"
                " blocks the others gets the mail through these",
                have=say_many("{n} MX host", "{n} MX hosts", len(have)),
                domain=show(delivery.domain),
                lack=len(lack),
                names=names,
            ),
            say("publish TLSA records for every MX host"),
            dig(tlsa_name(lack[0].host, lack[0].port), "TLSA", dnssec=True),
        )
