"""What the policy view draws: the standing of the domain, its hosts under the policy, what to publish.

Computed once for a moment of the walk.  What a host would get is the verdict of the sender that obeys
MTA-STS on a delivery to that host alone: under the mode in force, and as if the mode were enforce.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import RouteKind
from mxwalk.delivery.sts import DaneRole, StsCheck, StsHost, sts_check, sts_host
from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import noted, say
from mxwalk.mtasts.advice import Advice, advise_on
from mxwalk.mtasts.model import Mode, MxPattern, Policy
from mxwalk.mtasts.patterns import HostMatch, match_host
from mxwalk.mtasts.policy import read_policy
from mxwalk.mtasts.state import StsStanding, StsState
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from mxwalk.tlsrpt.record import RecordSet, read_records

_SENDER = "mta-sts"
_HTTPS = 443
DANE_DECIDES = (DaneRole.AUTHENTICATES, DaneRole.FORBIDS)
_ROUTES = (RouteKind.MX, RouteKind.IMPLICIT)
_ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)


class Section(enum.Enum):
    """The parts of the view, in their order."""

    RECORD = noted("record")
    POLICY = noted("policy")
    HOSTS = noted("hosts")
    REPORTS = "TLS-RPT"
    PUBLISH = noted("publish")


@dataclass(frozen=True, kw_only=True)
class HostLine:
    """A delivery host: the pattern it matches, its certificates, and what comes of it.

    ``checks`` has the last connection to each address with the verdict on its certificate, ``None``
    where none was seen.  ``now`` is under the mode in force, ``enforced`` as if it were enforce.
    """

    host: Host
    sts: StsHost
    match: HostMatch | None
    checks: tuple[tuple[Attempt, StsCheck | None], ...]
    now: Verdict
    enforced: Verdict

    @property
    def name(self) -> str:
        """Its name in the MX record."""
        return self.host.planned.name

    @property
    def check(self) -> StsCheck | None:
        """The verdict on its certificates: the first that fails, else the first that passes."""
        found = [check for _, check in self.checks if check is not None]
        return next((one for one in found if not one.passed), found[0] if found else None)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything the view draws.

    ``patterns`` are the policy's, or those of ``advice`` where there are none (``assumed``).
    """

    delivery: Delivery
    state: StsState
    hosts: tuple[HostLine, ...]
    patterns: tuple[MxPattern, ...]
    assumed: bool
    reports: RecordSet | None
    advice: Advice | None
    now: datetime

    @property
    def report_answer(self) -> DnsAnswer | None:
        """The answer to the question for the TLS-RPT record."""
        looked = self.delivery.policy_records
        return looked.tls_rpt if looked else None

    @property
    def unlisted(self) -> tuple[HostLine, ...]:
        """The hosts that match no pattern of the policy."""
        return tuple(one for one in self.hosts if one.match is not None and not one.match.pattern)

    @property
    def failing(self) -> tuple[HostLine, ...]:
        """The hosts whose certificate fails RFC 8461 4.2, unless DANE decides there."""
        return tuple(
            one for one in self.hosts
            if one.check is not None and not one.check.passed and one.sts.dane not in DANE_DECIDES
        )  # fmt: skip

    @property
    def not_used(self) -> tuple[HostLine, ...]:
        """The hosts that senders pass over now, for whatever reason."""
        return tuple(
            one for one in self.hosts if one.now.outcome in (Outcome.DEFERRED, Outcome.BOUNCED)
        )

    @property
    def by_dane(self) -> tuple[HostLine, ...]:
        """The hosts where DANE decides and the policy is not asked."""
        return tuple(one for one in self.hosts if one.sts.dane in DANE_DECIDES)

    def reported(self, one: HostLine) -> bool:
        """Say whether senders deliver to a host in testing mode and report it (RFC 8461 5)."""
        delivered = self.state.mode is Mode.TESTING and one.now.outcome.delivered
        return delivered and (one in self.unlisted or one in self.failing)


def picture(delivery: Delivery, now: datetime) -> Picture:
    """Return the picture of a moment."""
    state = delivery.sts
    names = [host.planned.name for host in delivery.hosts if not host.planned.is_literal]
    known = bool(names) and delivery.route.kind in _ROUTES and bool(state.domain)
    advice = advise_on(state, names, now) if known else None
    policy, assumed = _policy_to_hold_against(state, advice)
    answer = delivery.policy_records.tls_rpt if delivery.policy_records else None
    return Picture(
        delivery=delivery,
        state=state,
        hosts=tuple(_line(delivery, host, policy) for host in delivery.hosts)
        if state.domain
        else (),
        patterns=policy.patterns if policy else (),
        assumed=assumed,
        reports=_reports(answer) if answer is not None else None,
        advice=advice,
        now=now,
    )


def _policy_to_hold_against(state: StsState, advice: Advice | None) -> tuple[Policy | None, bool]:
    """Return the policy published, or where it names no host the one that is advised."""
    if state.policy is not None and state.policy.patterns:
        return state.policy, False
    if advice is None:
        return state.policy, False
    return read_policy(advice.first.text.encode()), True


def _line(delivery: Delivery, host: Host, policy: Policy | None) -> HostLine:
    named = policy is not None and not host.planned.is_literal
    attempts = [host.latest(address) for address in host.addresses]
    return HostLine(
        host=host,
        sts=sts_host(delivery, host),
        match=match_host(policy.patterns, host.planned.name) if named and policy else None,
        checks=tuple((one, sts_check(one)) for one in attempts if one is not None),
        now=_verdict(delivery, host, delivery.sts),
        enforced=_verdict(delivery, host, _enforced(delivery.sts, policy)),
    )


def _verdict(delivery: Delivery, host: Host, state: StsState) -> Verdict:
    verdict = profile(_SENDER).judge(replace(delivery, hosts=(host,), sts=state))
    # A policy that is only assumed has no id.
    return verdict if state.id else replace(verdict, reason=verdict.reason.replace(", id )", ")"))


def _enforced(state: StsState, policy: Policy | None) -> StsState:
    if policy is None or state.standing.is_open:
        return state
    return replace(state, standing=StsStanding.ACTIVE, policy=replace(policy, mode=Mode.ENFORCE))


def _reports(answer: DnsAnswer) -> RecordSet | None:
    if answer.status not in _ANSWERED:
        return None
    return read_records([b"".join(strings) for strings in txt_records(answer)])


def names_of(hosts: Sequence[HostLine], most: int = 3) -> str:
    """Return the names of hosts for a sentence, of many the first."""
    names = [one.host.planned.display for one in hosts]
    more = say(" and {names} more", names=len(names) - most) if len(names) > most else ""
    return ", ".join(names[:most]) + more
