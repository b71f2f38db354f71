"""The MX hosts under the policy in force: listed or not, TLS or not, valid certificate or not.

RFC 8461 4.1, 4.2, 5.  In testing mode what would fail is a warning: it is delivered and reported.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.sts import DaneRole, StsFault, StsHost, sts_check, sts_host
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import curl, dig, s_client
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, at_attempt, current_of, entry, found, show
from mxwalk.findings.rules.sts_record import fresh_record
from mxwalk.language import say
from mxwalk.mtasts.advice import policy_url
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.patterns import coverage
from mxwalk.smtp.model import Reading

_R = Owner.RECEIVER
NOT_LISTED = entry(
    "STS013", Severity.ERROR, _R, "an MX host is not in the policy", "RFC 8461 4.1",
    tls_rpt="validation-failure",
)  # fmt: skip
UNUSED = entry("STS014", Severity.NOTICE, _R, "the policy lists what is no MX host", "RFC 8461 4.1")
NO_TLS = entry(
    "STS015", Severity.ERROR, _R, "an MTA-STS policy, but no TLS", "RFC 8461 5",
    tls_rpt="starttls-not-supported",
)  # fmt: skip
OTHER_NAME = entry(
    "STS016", Severity.ERROR, _R, "the certificate is not for the MX host", "RFC 8461 4.2",
    tls_rpt="certificate-host-mismatch",
)  # fmt: skip
EXPIRED = entry(
    "STS017", Severity.ERROR, _R, "an expired certificate under MTA-STS", "RFC 8461 4.2",
    tls_rpt="certificate-expired",
)  # fmt: skip
NOT_TRUSTED = entry(
    "STS018", Severity.ERROR, _R, "a certificate of no known CA under MTA-STS", "RFC 8461 4.2",
    tls_rpt="certificate-not-trusted",
)  # fmt: skip
PASSES = entry("STS019", Severity.OK, Owner.NOBODY, "passes the MTA-STS policy", "RFC 8461 4")
DANE_FIRST = entry("STS020", Severity.NOTICE, Owner.NOBODY, "DANE before MTA-STS", "RFC 8461 2")

ENTRIES = (NOT_LISTED, UNUSED, NO_TLS, OTHER_NAME, EXPIRED, NOT_TRUSTED, PASSES, DANE_FIRST)
_OF_FAULT: dict[StsFault, Entry] = {
    StsFault.OTHER_NAME: OTHER_NAME,
    StsFault.EXPIRED: EXPIRED,
    StsFault.NOT_TRUSTED: NOT_TRUSTED,
    StsFault.NO_STARTTLS: NO_TLS,
    StsFault.NOT_LISTED: NOT_LISTED,
}


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the policy in force makes of hosts and connections."""
    state = delivery.sts
    if state.mode is None or state.mode is Mode.NONE or state.policy is None:
        return
    for host in delivery.hosts:
        at_host = sts_host(delivery, host)
        if at_host.dane in (DaneRole.AUTHENTICATES, DaneRole.FORBIDS):
            yield _dane_first(delivery, host, at_host)
            continue
        if not at_host.applies:
            continue
        if not at_host.listed:
            yield _not_listed(delivery, host, at_host)
        for attempt in current_of(host):
            yield from _attempt(delivery, at_host, attempt)
    yield from _unused(delivery)


def _severity(mode: Mode | None) -> Severity | None:
    return Severity.WARNING if mode is Mode.TESTING else None


def _consequence(mode: Mode | None) -> str:
    if mode is Mode.TESTING:
        return say("in testing mode it is delivered to and reported")
    return say("a sender that obeys MTA-STS does not deliver to it")


def _not_listed(delivery: Delivery, host: Host, at_host: StsHost) -> Finding:
    assert at_host.match is not None
    enforced = at_host.mode is Mode.ENFORCE
    exchange = say(
        "; Exchange Online: 4.4.8 MX hosts of {domain} failed MTA-STS validation",
        domain=delivery.domain,
    )
    return found(
        NOT_LISTED,
        Where(step=delivery.sts.step, host=host.planned.name),
        f"{at_host.match.sentence}: {_consequence(at_host.mode)}{exchange if enforced else ''}",
        say(
            'add the line "mx: {host}" to the policy, then change the id: {fresh_record}',
            host=show(host.planned.name),
            fresh_record=fresh_record(delivery),
        ),
        curl(policy_url(delivery.sts.domain)),
        _severity(at_host.mode),
    )


def _unused(delivery: Delivery) -> Iterator[Finding]:
    state = delivery.sts
    assert state.policy is not None
    names = [host.planned.name for host in delivery.hosts]
    if not names:
        return
    for one in coverage(state.policy.patterns, names).unused[:8]:
        yield found(
            UNUSED,
            Where(step=state.fetch_step, line=one.line),
            say(
                'line {line} of the policy of {domain}, "mx: {text}", matches no MX host:'
                " whoever gets a certificate for such a host may receive the mail",
                line=one.line,
                domain=show(state.domain),
                text=show(one.text),
            ),
            say("remove the line if no MX host of that name is to come"),
            dig(state.domain, "MX"),
        )


def _attempt(delivery: Delivery, at_host: StsHost, attempt: Attempt) -> Iterator[Finding]:
    without = _no_tls(at_host, attempt)
    if without is not None:
        yield without
        return
    result = sts_check(attempt)
    if result is None or not attempt.tls_is_up:
        return
    where = at_attempt(attempt, result.kind)
    command = s_client(attempt.place, attempt.port, attempt.host.name, "-showcerts")
    if result.fault is not None:
        exchange = say("; Exchange Online: 4.7.5 Remote certificate failed MTA-STS validation")
        tail = exchange if at_host.mode is Mode.ENFORCE else ""
        yield found(
            _OF_FAULT[result.fault],
            where,
            f"{where.name}: {result.reason}; {_consequence(at_host.mode)}{tail}",
            _fix(result.fault, attempt.host.name),
            command,
            _severity(at_host.mode),
        )
    elif at_host.listed and at_host.match is not None:
        yield found(
            PASSES,
            where,
            say(
                "{where} passes the MTA-STS policy of {domain}: {sentence}, {reason}",
                where=where.name,
                domain=show(delivery.sts.domain),
                sentence=at_host.match.sentence,
                reason=result.reason,
            ),
            say("nothing to do"),
            command,
        )


def _fix(fault: StsFault, host: str) -> str:
    name = show(host)
    match fault:
        case StsFault.OTHER_NAME:
            return say(
                "install a certificate with the DNS name {name}; a common name does not count",
                name=name,
            )
        case StsFault.EXPIRED:
            return say("renew the certificate of {name} and install it, with its issuer", name=name)
        case _:
            return say(
                "install a certificate of a public CA for {name}, with its intermediates", name=name
            )


def _no_tls(at_host: StsHost, attempt: Attempt) -> Finding | None:
    """RFC 8461 5: a host without STARTTLS fails the policy."""
    attempt = in_step(attempt)
    ehlo, reply, handshake = attempt.ehlo, attempt.starttls, attempt.handshake
    name = at_attempt(attempt).name
    if ehlo is not None and not ehlo.offers("STARTTLS", Reading.STRICT):
        kind, said = StepKind.EHLO, say("{name} does not offer STARTTLS", name=name)
    elif reply is not None and reply.complete and reply.code != 421 and reply.code // 100 != 2:
        kind, said = (
            StepKind.STARTTLS,
            say('{name} answered "{value}"', name=name, value=show(reply.said)),
        )
    elif handshake is not None and handshake.ending is not None:
        kind, said = StepKind.HANDSHAKE, say("the handshake at {name} failed", name=name)
    else:
        return None
    return found(
        NO_TLS,
        at_attempt(attempt, kind),
        say(
            "{said}, but the MTA-STS policy demands TLS: {consequence}",
            said=said,
            consequence=_consequence(at_host.mode),
        ),
        say(
            "make the server offer TLS that works; a policy in mode testing keeps mail"
            " flowing meanwhile"
        ),
        s_client(attempt.place, attempt.port, attempt.host.name),
        _severity(at_host.mode),
    )


def _dane_first(delivery: Delivery, host: Host, at_host: StsHost) -> Finding:
    listed = say("lists it") if at_host.listed else say("does not list it")
    how = (
        say("usable TLSA records decide there")
        if at_host.dane is DaneRole.AUTHENTICATES
        else say("its TLSA look-up forbids it")
    )
    fails = _fails_without_dane(at_host, host)
    consequence = (
        say(
            "; a sender without DANE {refuses}: {fails}",
            refuses=_refuses(at_host.mode),
            fails=fails,
        )
        if fails
        else ""
    )
    return found(
        DANE_FIRST,
        Where(step=host.dane.step if host.dane else None, host=host.planned.name),
        say(
            "at {host} DANE comes before MTA-STS: {how}; the policy of {domain} {listed}, for"
            " senders that do not do DANE{consequence}",
            host=show(host.planned.name),
            how=how,
            domain=show(delivery.sts.domain),
            listed=listed,
            consequence=consequence,
        ),
        say("make the server satisfy the policy as well, or publish the policy in mode testing")
        if fails
        else say("nothing to do; keep policy and TLSA records both true of every MX host"),
        curl(policy_url(delivery.sts.domain)),
        Severity.WARNING if fails else None,
        Owner.RECEIVER if fails else None,
    )


def _refuses(mode: Mode | None) -> str:
    return say("reports a failure") if mode is Mode.TESTING else say("does not deliver to it")


def _fails_without_dane(at_host: StsHost, host: Host) -> str:
    """Return why a sender that asks the policy alone does not deliver; empty when it does."""
    if at_host.match is not None and not at_host.listed:
        return at_host.match.sentence
    results = (sts_check(attempt) for attempt in current_of(host))
    return next((one.reason for one in results if one is not None and not one.passed), "")
