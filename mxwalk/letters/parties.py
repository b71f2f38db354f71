"""Who must act on what: the findings of a walk, apart by owner and by domain, zone or authority.

What is for us or for nobody is no matter of a letter.  In a walk of a message the receiver is our own
side.
"""

from collections.abc import Iterable, Mapping

from mxwalk.delivery.model import Delivery
from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.concern import concerns, decisive_warnings
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.language import say
from mxwalk.letters.model import Party, key_of
from mxwalk.letters.zones import without_service, zone_of
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.senders.model import Verdict
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate

_OWN_IN_A_MESSAGE = (Owner.RECEIVER, Owner.RECEIVER_DNS, Owner.RECEIVER_CA)
_ZONED = (Owner.RECEIVER_DNS, Owner.SENDER_DNS)


def for_others(delivery: Delivery, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings on which somebody else must act."""
    is_message = delivery.trace.header.purpose is Purpose.MESSAGE
    return tuple(
        one
        for one in findings
        if one.level is not Severity.OK
        and key_of(one.actor)
        and not (is_message and one.actor in _OWN_IN_A_MESSAGE)
    )


def chosen(
    findings: tuple[Finding, ...], verdict: Verdict, delivery: Delivery
) -> tuple[Finding, ...]:
    """Return what a letter is about unless somebody says otherwise.

    These are the errors that concern the sender; where there are none, the warnings.  A warning that
    decided the verdict comes before the errors.
    """
    concerned = [one for one in findings if concerns(one, verdict.sender)]
    errors = [one for one in concerned if one.level is Severity.ERROR]
    if errors:
        return (*decisive_warnings(concerned, verdict, delivery), *errors)
    return tuple(one for one in concerned if one.level is Severity.WARNING)


def with_codes(findings: tuple[Finding, ...], codes: Iterable[str]) -> tuple[Finding, ...]:
    """Return the findings with these codes.  Raises ``UsageError`` for one that was not found."""
    wanted = {code.strip().upper() for code in codes}
    known = dict.fromkeys(one.code for one in findings)
    for code in wanted:
        if code not in known:
            words = say(
                "there is no finding {code} here for anybody else; there are {known}",
                code=visible(code, 40),
                known=", ".join(known) or say("none"),
            )
            raise UsageError(words)
    return tuple(one for one in findings if one.code in wanted)


def by_party(
    delivery: Delivery, findings: Iterable[Finding]
) -> Mapping[Party, tuple[Finding, ...]]:
    """Return party to findings, in the order of the findings."""
    found: dict[Party, list[Finding]] = {}
    for finding in findings:
        found.setdefault(party_of(delivery, finding), []).append(finding)
    return {party: tuple(members) for party, members in found.items()}


def party_of(delivery: Delivery, finding: Finding) -> Party:
    """Return who must act on a finding that is somebody else's matter."""
    owner = finding.actor
    if owner in _ZONED:
        name = zone_of(delivery, finding)
    elif owner is Owner.RECEIVER_CA:
        name = _issuer(delivery, finding)
    elif owner is Owner.FORWARDER:
        name = _passed_on_by(delivery) or _domain(finding.host)
    elif owner is Owner.RECEIVER:
        name = delivery.domain or delivery.target.address or finding.host
    else:
        name = _domain(finding.host) or delivery.domain
    return Party(key_of(owner), name)


def _passed_on_by(delivery: Delivery) -> str:
    """Return the host that handed the message to the receiver, as it called itself."""
    case = delivery.message
    return _domain(case.arrival.helo.value) if case is not None else ""


def _issuer(delivery: Delivery, finding: Finding) -> str:
    """Return the issuer that the server's certificate names."""
    for attempt in delivery.attempts:
        if attempt.host.name == finding.host and attempt.address == finding.address:
            handshake = attempt.handshake
            if handshake is not None and handshake.presented:
                return read_certificate(handshake.presented[0]).issuer
    return ""


def _domain(host: str) -> str:
    """Return the domain that a finding of mail authentication stands at, if it is one."""
    try:
        return parse_name(without_service(host)).ascii
    except InvalidNameError:
        return ""
