"""Findings in the words of TLS reports: which result type of RFC 8460 4.3 a code stands for.

A code of DANE, DNSSEC or MTA-STS names its type in its entry.  Those of STARTTLS and of certificates
are of every sender: they become a type only in a report, where a sender insisted on what they miss.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from mxwalk.findings.model import Entry, Finding
from mxwalk.findings.registry import catalogue
from mxwalk.tlsrpt.summary import Group

NOT_IN_POLICY = "mx-not-in-policy"  # the reason code of the reports we write

_COMMON: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "starttls-not-supported": ("STLS001", "STLS002", "STLS003"),
        "certificate-host-mismatch": ("IDENT001", "IDENT002"),
        "certificate-expired": ("CERT002",),
        "certificate-not-trusted": (
            *("CERT005", "CERT006", "CERT007", "CERT015", "CERT016", "CERT020"),
            *("CERT021", "CERT022", "CERT023", "CERT025"),
        ),
        "validation-failure": (
            *("STLS004", "STLS005", "STLS007", "STLS009", "TLS006", "TLS007"),
            *("CERT003", "CERT012", "CERT013", "CERT017", "CERT018", "CERT024", "REVO002"),
        ),
    }
)
_TYPE_OF = {code: name for name, codes in _COMMON.items() for code in codes}


def result_type(entry: Entry) -> str:
    """Return the result type of a code, empty for one that no report has."""
    return entry.tls_rpt or _TYPE_OF.get(entry.code, "")


@lru_cache(maxsize=64)
def codes_for(name: str) -> tuple[Entry, ...]:
    """Return the codes that say the same as a result type, by code."""
    return tuple(entry for entry in catalogue().values() if name and result_type(entry) == name)


def codes_for_group(group: Group) -> tuple[Entry, ...]:
    """Return the codes for a group of failures; our own reason code tells which one it is."""
    own = sum(one.failures for one in group.reasons if one.name == NOT_IN_POLICY)
    if group.sessions and own == group.sessions:
        return (catalogue()["STS013"],)
    return codes_for(group.result_type)


def first_type(findings: Iterable[Finding]) -> str:
    """Return the result type of the first finding that has one, empty without."""
    return next((name for each in findings if (name := result_type(each.entry))), "")
