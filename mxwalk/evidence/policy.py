"""The look-up of the records with which a domain announces a policy and asks for reports."""

import msgspec

from mxwalk.evidence.dns import DnsAnswer


class PolicyRecordsLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="policy-records"):
    """The TXT questions of MTA-STS (RFC 8461 3.1) and TLS-RPT (RFC 8460 3), asked together.

    ``support`` holds what DNSSEC validation needed besides, as in the other look-ups.
    """

    domain: str
    sts: DnsAnswer
    tls_rpt: DnsAnswer
    support: tuple[DnsAnswer, ...] = ()
