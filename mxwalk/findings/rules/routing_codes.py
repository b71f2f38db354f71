"""The codes on MX records."""

from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.raising import (
    entry,
)

_DNS = Owner.RECEIVER_DNS
NULL_MX = entry("ROUTE001", Severity.ERROR, _DNS, "the domain accepts no mail", "RFC 7505 3")
IMPLICIT = entry(
    "ROUTE002", Severity.NOTICE, _DNS, "no MX record: the domain itself is used", "RFC 5321 5.1"
)
NO_DOMAIN = entry("ROUTE003", Severity.ERROR, _DNS, "the domain does not exist", "RFC 1035 4.1.1")
MX_FAILED = entry("ROUTE004", Severity.ERROR, _DNS, "the MX lookup fails", "RFC 5321 5.1")
MX_UNANSWERED = entry(
    "ROUTE005", Severity.WARNING, Owner.YOU, "no usable answer to the MX question", "RFC 5321 5.1"
)
NULL_MX_MIXED = entry(
    "ROUTE006", Severity.WARNING, _DNS, "a null MX beside other MX records", "RFC 7505 3"
)
MX_LITERAL = entry(
    "ROUTE007", Severity.ERROR, _DNS, "an MX record names an address", "RFC 5321 5.1"
)
MX_NOT_A_HOST = entry(
    "ROUTE008", Severity.WARNING, _DNS, "an MX target is no host name", "RFC 5321 2.3.5"
)
MX_LOOP = entry("ROUTE009", Severity.ERROR, _DNS, "a CNAME loop", "RFC 1034 3.6.2")
MX_TWICE = entry("ROUTE010", Severity.NOTICE, _DNS, "an MX host appears twice", "RFC 5321 5.1")
MANY_HOSTS = entry("ROUTE011", Severity.NOTICE, _DNS, "many MX hosts", "RFC 5321 5.1")
IDN = entry(
    "ROUTE012",
    Severity.NOTICE,
    Owner.NOBODY,
    "an internationalized domain name",
    "RFC 5891 5.5",
)
MX_FOUND = entry("ROUTE013", Severity.OK, Owner.NOBODY, "MX hosts found", "RFC 5321 5.1")

ENTRIES = (
    NULL_MX,
    IMPLICIT,
    NO_DOMAIN,
    MX_FAILED,
    MX_UNANSWERED,
    NULL_MX_MIXED,
    MX_LITERAL,
    MX_NOT_A_HOST,
    MX_LOOP,
    MX_TWICE,
    MANY_HOSTS,
    IDN,
    MX_FOUND,
)
