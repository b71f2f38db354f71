"""The policy file: why it could not be fetched, and what is wrong with it (RFC 8461 3.2, 3.3)."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import PolicyFetched
from mxwalk.findings.commands import curl
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.findings.rules.sts_record import fresh_record
from mxwalk.language import noted, say
from mxwalk.mtasts.fetch import FetchFault, fault_words, is_own_machine
from mxwalk.mtasts.model import Mode, Policy, PolicyDeviation, PolicyFault, Weight
from mxwalk.mtasts.state import StsStanding, StsState, older_policy

_R = Owner.RECEIVER
NOT_FETCHED = entry(
    "STS005", Severity.ERROR, _R, "the MTA-STS policy cannot be fetched", "RFC 8461 3.3",
    tls_rpt="sts-policy-fetch-error",
)  # fmt: skip
CERTIFICATE = entry(
    "STS006", Severity.ERROR, _R, "the policy host's certificate", "RFC 8461 3.3",
    tls_rpt="sts-webpki-invalid",
)  # fmt: skip
REDIRECT = entry(
    "STS007", Severity.ERROR, _R, "the policy host redirects", "RFC 8461 3.3",
    tls_rpt="sts-policy-fetch-error",
)  # fmt: skip
MEDIA_TYPE = entry(
    "STS008", Severity.ERROR, _R, "the policy is not served as text/plain", "RFC 8461 3.2",
    tls_rpt="sts-policy-fetch-error",
)  # fmt: skip
GUARDED = entry(
    "STS009", Severity.NOTICE, Owner.YOU, "the policy host was not asked", "RFC 8461 3.3"
)
INVALID = entry(
    "STS010", Severity.ERROR, _R, "the MTA-STS policy is not valid", "RFC 8461 3.2",
    tls_rpt="sts-policy-invalid",
)  # fmt: skip
DIFFERING = entry(
    "STS011", Severity.WARNING, _R, "senders differ on the MTA-STS policy", "RFC 8461 3.2"
)
ODD = entry("STS012", Severity.NOTICE, _R, "worth knowing of the MTA-STS policy", "RFC 8461 3.2")
NOT_ENFORCED = entry(
    "STS021", Severity.NOTICE, _R, "the MTA-STS policy is not enforced", "RFC 8461 5"
)

ENTRIES = (
    NOT_FETCHED,
    CERTIFICATE,
    REDIRECT,
    MEDIA_TYPE,
    GUARDED,
    INVALID,
    DIFFERING,
    ODD,
    NOT_ENFORCED,
)
_OF_FAULT = {
    FetchFault.NO_ANSWER: NOT_FETCHED,
    FetchFault.STATUS: NOT_FETCHED,
    FetchFault.BODY: NOT_FETCHED,
    FetchFault.CERTIFICATE: CERTIFICATE,
    FetchFault.REDIRECT: REDIRECT,
    FetchFault.MEDIA_TYPE: MEDIA_TYPE,
    FetchFault.GUARDED: GUARDED,
}
_OF_WEIGHT = {Weight.BREAKS: INVALID, Weight.DIFFERS: DIFFERING, Weight.ODD: ODD}
_SHOWN = 12
_FIXES = {
    PolicyFault.EMPTY_LINE: noted("remove the empty line"),
    PolicyFault.BYTE_ORDER_MARK: noted("save the file as UTF-8 without byte order mark"),
    PolicyFault.VERSION_MISSING: noted('begin the file with the line "version: STSv1"'),
    PolicyFault.VERSION_UNKNOWN: noted('write "version: STSv1"'),
    PolicyFault.MODE_MISSING: noted('add the line "mode: testing", later "mode: enforce"'),
    PolicyFault.MODE_UNKNOWN: noted('write "mode: enforce", "mode: testing" or "mode: none"'),
    PolicyFault.MAX_AGE_MISSING: noted('add the line "max_age: 1209600" (two weeks)'),
    PolicyFault.MAX_AGE_SYNTAX: noted('write seconds in digits: "max_age: 1209600" (two weeks)'),
    PolicyFault.MAX_AGE_TOO_LARGE: noted('write "max_age: 31557600" or less'),
    PolicyFault.MAX_AGE_ZERO: noted(
        'write "max_age: 86400" to try it out, "max_age: 1209600" to enforce'
    ),
    PolicyFault.MAX_AGE_SHORT: noted(
        'write "max_age: 1209600" (two weeks) or more once it is enforced'
    ),
    PolicyFault.BARE_CR: noted("end lines with LF or CRLF"),
}


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what fetch and file show."""
    state = delivery.sts
    if state.fetch is None:
        return
    where = Where(step=state.fetch_step)
    url = state.fetch.fetched.url
    command = curl(url)
    kind = _OF_FAULT.get(state.fault)
    if kind is not None:
        yield _not_fetched(state, kind, where, command)
    elif state.policy is not None:
        yield from _file(delivery, state.policy, where, command)
        if state.standing is StsStanding.ACTIVE and not state.enforced:
            yield _not_enforced(delivery, where, command)


def _not_fetched(state: StsState, kind: Entry, where: Where, command: str) -> Finding:
    assert state.fetch is not None
    words = fault_words(state.fetch, state.fault)
    url = show(state.fetch.fetched.url)
    host = show(f"mta-sts.{state.domain}")
    older = older_policy(state)
    tail = say(": senders find no policy; {older}", older=older) if older else ""
    fix = {
        FetchFault.CERTIFICATE: say(
            "install a certificate of a public CA with the DNS name {host} on it", host=host
        ),
        FetchFault.REDIRECT: say(
            "serve the file at {url} itself, with status 200 and no redirect", url=url
        ),
        FetchFault.MEDIA_TYPE: say(
            'serve {url} with the field "Content-Type: text/plain"', url=url
        ),
        FetchFault.STATUS: say("serve the file at {url} with status 200", url=url),
        FetchFault.GUARDED: _inside(state.fetch, host),
    }.get(
        state.fault,
        say("make {url} answer from the Internet, or remove the record", url=url),
    )
    return found(kind, where, f"{words}{tail}", fix, command)


def _inside(fetch: PolicyFetched, host: str) -> str:
    """Return what to do about a host that was not asked: it is in a network of ours, or it is we."""
    if is_own_machine(fetch):
        return say(
            "walk again with --private-urls if this machine is to serve {host}, or walk from another"
            " machine, as senders would come",
            host=host,
        )
    return say(
        "walk again with --private-urls if the host is yours; public senders need {host} at a"
        " public address",
        host=host,
    )


def _file(delivery: Delivery, policy: Policy, where: Where, command: str) -> Iterator[Finding]:
    for weight in Weight:
        marks = [one for one in policy.deviations if one.weight is weight]
        for one in marks[:_SHOWN]:
            yield found(
                _OF_WEIGHT[weight],
                where.at_line(one.line),
                _sentence(delivery, one),
                _fix(delivery, one),
                command,
            )


def _sentence(delivery: Delivery, one: PolicyDeviation) -> str:
    domain = show(delivery.sts.domain)
    tail = say("; senders find no valid policy") if one.weight is Weight.BREAKS else ""
    return say(
        "the MTA-STS policy of {domain}: {sentence}{tail}",
        domain=domain,
        sentence=one.sentence,
        tail=tail,
    )


def _fix(delivery: Delivery, one: PolicyDeviation) -> str:
    if one.weight is Weight.ODD and one.fault is not PolicyFault.MAX_AGE_SHORT:
        return say("nothing has to be done")
    if one.fault in (PolicyFault.MX_MISSING, PolicyFault.MX_NONE_USABLE):
        names = [host.planned.name for host in delivery.hosts[:4]]
        what = ", ".join(f'"mx: {show(name)}"' for name in names) or '"mx: HOST"'
        what = say("add a line for each MX host: {what}", what=what)
    elif one.fault in _FIXES:
        what = say(_FIXES[one.fault])
    else:
        what = say("mend or remove line {line}", line=one.line) if one.line else say("shorten it")
    return say(
        "{what}, then change the id: {fresh_record}", what=what, fresh_record=fresh_record(delivery)
    )


def _not_enforced(delivery: Delivery, where: Where, command: str) -> Finding:
    state = delivery.sts
    older = f"; {older_policy(state)}"
    if state.mode is Mode.TESTING:
        said = say(
            "the policy of {domain} is in testing mode: it protects no message yet",
            domain=show(state.domain),
        )
        fix = say(
            'when the TLS reports name no failure any more, write "mode: enforce" and a'
            " longer max_age, then change the id: {fresh_record}",
            fresh_record=fresh_record(delivery),
        )
    else:
        said = say("the policy of {domain} is withdrawn (mode none)", domain=show(state.domain))
        fix = say(
            "keep the file for as long as the max_age of the policy before it; then remove both"
        )
    return found(NOT_ENFORCED, where, f"{said}{older}", fix, command)
