"""One DNS question and what came back, complete enough to be judged again later.

The response message is kept as it came (``wire``), beside the readings that most views need, so that
DNSSEC validation can be done from a saved trace.
"""

import enum

import msgspec


class DnsStatus(enum.Enum):
    """What the answer means, before any policy."""

    OK = "ok"  # NOERROR with records of the asked type
    NODATA = "nodata"  # NOERROR without them
    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    OTHER_RCODE = "other-rcode"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # nothing listens at the resolver's address, or no route
    MALFORMED = "malformed"  # what came could not be read as the answer to our question
    LOOP = "loop"  # CNAMEs that lead back, or too many of them
    CANCELLED = "cancelled"


_DECIDING_RCODES = ("NXDOMAIN", "NOERROR")


class RRset(msgspec.Struct, frozen=True, kw_only=True):
    """Records of one name and type, in presentation form (RFC 1035 5.1), in the order received."""

    name: str
    rtype: str
    ttl_s: int
    records: tuple[str, ...]


class ExtendedError(msgspec.Struct, frozen=True, kw_only=True):
    """An Extended DNS Error (RFC 8914)."""

    code: int
    text: str = ""


class DnsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A question and its final answer.

    ``qname`` is in A-labels without trailing dot (``.`` for the root).  ``answer`` and ``authority``
    hold every RRset received, with CNAME, DNAME and RRSIG sets; ``cname_hops`` the names walked
    through, in order.  ``error`` says in words why there is no usable answer.
    """

    qname: str
    rtype: str
    status: DnsStatus
    server: str = ""
    transport: str = "udp"
    rcode: str = ""
    flags: tuple[str, ...] = ()
    answer: tuple[RRset, ...] = ()
    authority: tuple[RRset, ...] = ()
    cname_hops: tuple[str, ...] = ()
    extended_errors: tuple[ExtendedError, ...] = ()
    edns_payload: int = 0
    elapsed_s: float = 0.0
    from_cache: bool = False
    error: str = ""
    wire: bytes = b""

    @property
    def authentic(self) -> bool:
        """Whether the resolver set the AD bit (its claim, not our validation)."""
        return "AD" in self.flags

    @property
    def doubted(self) -> bool:
        """Whether this is a denial that cannot be believed (``mxwalk.delivery.denials``)."""
        return self.status is DnsStatus.OTHER_RCODE and self.rcode in _DECIDING_RCODES

    def records(self, rtype: str | None = None) -> tuple[str, ...]:
        """Return the records of ``rtype`` (default: the type asked for) in presentation form.

        Only those at the end of the CNAME chain count (RFC 1034 3.6.2); what a server puts beside
        them stays in ``answer``.
        """
        wanted = rtype or self.rtype
        end = self.cname_hops[-1] if self.cname_hops else self.qname
        return tuple(
            record
            for rrset in self.answer
            if rrset.rtype == wanted and rrset.name.lower() == end.lower()
            for record in rrset.records
        )
