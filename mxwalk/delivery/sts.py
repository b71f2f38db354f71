"""MTA-STS at one host and on one connection: the join of policy, MX host, chain and DANE.

A host must match a pattern of the policy (RFC 8461 4.1), offer STARTTLS, and present a certificate
that the Web PKI trusts with a DNS-ID for the MX host; a common name does not count (RFC 8461 4.2).
Where DANE authenticates the host, it comes first: a failing DANE check is never overridden (RFC 8461
2).
"""

import enum
from dataclasses import dataclass

from mxwalk.dane.model import Standing
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.step import StepKind
from mxwalk.identity.matching import compare
from mxwalk.identity.model import Comparison, PresentedKind, ReferenceId, ReferenceKind
from mxwalk.identity.presented import presented_ids
from mxwalk.language import noted, say
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.patterns import HostMatch, match_host
from mxwalk.text import visible

_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_NAMES_SHOWN = 4


class DaneRole(enum.Enum):
    """What DANE does at a host, which decides whether MTA-STS is asked."""

    AUTHENTICATES = noted("DANE authenticates the host, MTA-STS is not asked")
    FORBIDS = noted("DANE forbids the host, whatever MTA-STS says")
    ENCRYPTS = noted("DANE asks for TLS alone, MTA-STS for the right server")
    NONE = noted("no DANE at this host")
    UNKNOWN = noted("not known whether DANE applies")


@dataclass(frozen=True, slots=True, kw_only=True)
class StsHost:
    """A host under the policy in force; ``match`` is ``None`` where there is no policy to match.

    ``mode`` is the policy's, ``None`` without one.  ``applies`` tells whether MTA-STS has a say here.
    """

    host: str
    mode: Mode | None
    match: HostMatch | None
    dane: DaneRole

    @property
    def applies(self) -> bool:
        """Whether MTA-STS, not DANE, decides about the host."""
        asked = self.dane not in (DaneRole.AUTHENTICATES, DaneRole.FORBIDS)
        return asked and self.mode in (Mode.ENFORCE, Mode.TESTING)

    @property
    def listed(self) -> bool:
        """Whether the host matches a pattern."""
        return self.match is not None and self.match.pattern is not None


class StsFault(enum.Enum):
    """Why a connection fails the policy, by the name TLS reports have for it (RFC 8460 4.3)."""

    NO_STARTTLS = "starttls-not-supported"
    NOT_LISTED = "validation-failure"
    EXPIRED = "certificate-expired"
    NOT_TRUSTED = "certificate-not-trusted"
    OTHER_NAME = "certificate-host-mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class StsCheck:
    """The certificate of a connection held against RFC 8461 4.2.

    ``fault`` is ``None`` when it passes; ``kind`` is the step it rests on; ``comparison`` the name
    that matched, if one did.
    """

    reason: str
    kind: StepKind
    fault: StsFault | None = None
    comparison: Comparison | None = None

    @property
    def passed(self) -> bool:
        """Whether the certificate is valid for the host."""
        return self.fault is None


def sts_host(delivery: Delivery, host: Host) -> StsHost:
    """Return what the policy in force says of a host, by its name in the MX record."""
    state = delivery.sts
    match = None
    if state.mode is not None and state.policy is not None and not host.planned.is_literal:
        match = match_host(state.policy.patterns, host.planned.name)
    return StsHost(host=host.planned.name, mode=state.mode, match=match, dane=_dane_role(host))


def _dane_role(host: Host) -> DaneRole:
    if host.dane is None:
        return DaneRole.UNKNOWN
    standing = host.dane.standing
    if standing is Standing.USABLE:
        return DaneRole.AUTHENTICATES
    if standing.forbids:
        return DaneRole.FORBIDS
    if standing is Standing.UNUSABLE:
        return DaneRole.ENCRYPTS
    if standing in (Standing.PENDING, Standing.UNDECIDED):
        return DaneRole.UNKNOWN
    return DaneRole.NONE


def sts_check(attempt: Attempt) -> StsCheck | None:
    """Hold the certificate of a connection against RFC 8461 4.2; ``None`` before it was seen."""
    handshake, chain = attempt.handshake, attempt.chain
    if handshake is None or handshake.unseen:
        return None
    if handshake.ending is not None and not handshake.presented:
        return None
    name = visible(attempt.host.name, 300)
    if not handshake.presented:
        return StsCheck(
            reason=say("{peer} presented no certificate", peer=name),
            kind=StepKind.HANDSHAKE,
            fault=StsFault.NOT_TRUSTED,
        )
    if chain is None:
        return None
    if chain.errors:
        error = chain.errors[0]
        expired = any(one.code == _EXPIRED for one in chain.errors)
        return StsCheck(
            reason=say(
                "the certificate of {host} is not trusted: {error}",
                host=name,
                error=visible(error.text, 200),
            ),
            kind=StepKind.CHAIN,
            fault=StsFault.EXPIRED if expired else StsFault.NOT_TRUSTED,
        )
    return _names(attempt.host.name, handshake.presented[0])


def _names(host: str, leaf: bytes) -> StsCheck:
    reference = ReferenceId(
        kind=ReferenceKind.MX_HOST, text=host, origin=say("the MX record"), secure=False
    )
    ids = presented_ids(leaf)
    dns = [one for one in ids if one.kind is PresentedKind.DNS_ID]
    for one in dns:
        comparison = compare(one, reference)
        if comparison.matched:
            return StsCheck(
                reason=say(
                    "the certificate is trusted and for {name}", name=visible(one.text, 200)
                ),
                kind=StepKind.IDENTITY,
                comparison=comparison,
            )
    name = visible(host, 300)
    if not dns:
        common = next((one.text for one in ids if one.kind is PresentedKind.CN_ID), "")
        if common:
            reason = say(
                'the certificate of {host} has no DNS name but the common name "{common}", which does'
                " not count (RFC 8461 4.2)",
                host=name,
                common=visible(common, 100),
            )
        else:
            reason = say("the certificate of {host} has no DNS name (RFC 8461 4.2)", host=name)
    else:
        shown = ", ".join(visible(one.text, 80) for one in dns[:_NAMES_SHOWN])
        if len(dns) > _NAMES_SHOWN:
            shown = say("{first} and {n} more", first=shown, n=len(dns) - _NAMES_SHOWN)
        reason = say(
            "the certificate of {host} is not for it but for {names}", host=name, names=shown
        )
    return StsCheck(reason=reason, kind=StepKind.IDENTITY, fault=StsFault.OTHER_NAME)
