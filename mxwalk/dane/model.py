"""How a delivery host stands with regard to DANE: what was looked up, and what follows from it.

``DaneState`` is RFC 7672 2.2 applied to one host.  What concerns the MX answer is kept apart from
what concerns the host, because some senders use TLSA records below an insecure MX answer.
"""

import enum
from dataclasses import dataclass

from mxwalk.dane.tlsa import TlsaRecord
from mxwalk.dnssec.model import HopKind, Status, Validation
from mxwalk.dnssec.reasons import Culprit
from mxwalk.language import noted


class Standing(enum.Enum):
    """What DANE asks of a sender at a host (RFC 7672 2.1, 2.2)."""

    PENDING = noted("not looked up yet")
    LITERAL = noted("an address has no TLSA records")
    MX_INSECURE = noted("the MX answer is insecure")
    ADDRESS_INSECURE = noted("the address answer is insecure")
    NO_RECORDS = noted("no TLSA records")
    TLSA_INSECURE = noted("the TLSA answer is insecure")
    UNUSABLE = noted("TLSA records, none usable")
    USABLE = noted("usable TLSA records")
    MX_FAILED = noted("the MX answer is bogus or missing")
    ADDRESS_FAILED = noted("the address answer is bogus or missing")
    TLSA_FAILED = noted("the TLSA answer is bogus or missing")
    UNDECIDED = noted("our own resolver does not tell")

    @property
    def demands_tls(self) -> bool:
        """Whether TLS is mandatory."""
        return self in (Standing.UNUSABLE, Standing.USABLE)

    @property
    def forbids(self) -> bool:
        """Whether the host must not be used at all (RFC 7672 2.1.2)."""
        return self in (Standing.MX_FAILED, Standing.ADDRESS_FAILED, Standing.TLSA_FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaAnswer:
    """One TLSA look-up: for which base domain, how secure, with which records."""

    base_domain: str
    validation: Validation
    records: tuple[TlsaRecord, ...] = ()
    ttl_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DaneState:
    """A host's standing with what it rests on.

    ``at_host`` leaves the MX answer out, ``standing`` counts it.  ``mx`` is ``None`` for a host that
    no MX answer led to (a target or a route).  ``records`` are those of ``base_domain``, the TLSA base
    domain they were found at; they are authentic exactly when ``at_host`` is ``USABLE`` or
    ``UNUSABLE``.  ``addresses`` are the validations of the A and AAAA answers.  ``step`` is the seq
    of the TLSA look-up.
    """

    host: str
    port: int
    at_host: Standing
    reason: str
    mx: Validation | None = None
    addresses: tuple[Validation, ...] = ()
    tlsa: tuple[TlsaAnswer, ...] = ()
    base_domain: str = ""
    records: tuple[TlsaRecord, ...] = ()
    expanded_host: str = ""
    step: int | None = None

    @property
    def standing(self) -> Standing:
        """The standing by RFC 7672, MX answer included."""
        if self.mx is None:
            return self.at_host
        match self.mx.status:
            case Status.SECURE:
                return self.at_host
            case Status.INSECURE if self.at_host is Standing.ADDRESS_FAILED:
                return self.at_host  # RFC 7672 2.1.2: of use to nobody
            case Status.INSECURE:
                return Standing.MX_INSECURE  # RFC 7672 2.2.1
            case Status.BOGUS | Status.INDETERMINATE:
                return Standing.UNDECIDED if is_ours(self.mx) else Standing.MX_FAILED

    @property
    def mx_secure(self) -> bool:
        """Whether the MX answer is secure, or none led here."""
        return self.mx is None or self.mx.status is Status.SECURE

    def at_address(self, address: str, *, with_mx: bool = True) -> Standing:
        """Return the standing for a connection to this address.

        The answer of its own family must be secure, unless a secure alias led to it (RFC 7672 2.2.2).
        Without ``with_mx`` the MX answer is left out.
        """
        standing = self.standing if with_mx else self.at_host
        rtype = "AAAA" if ":" in address else "A"
        for validation in self.addresses:
            if validation.question.rtype != rtype or validation.status is not Status.INSECURE:
                continue
            first = validation.hops[0]
            by_alias = first.status is Status.SECURE and first.kind is not HopKind.ANSWER
            if standing.demands_tls and not by_alias:
                return Standing.ADDRESS_INSECURE
        return standing


def is_ours(validation: Validation) -> bool:
    """Say whether our side keeps an answer from being judged: resolver, trust anchor, clock."""
    failed = validation.status in (Status.INDETERMINATE, Status.BOGUS)
    return failed and validation.culprit in (Culprit.RESOLVER, Culprit.YOU)
