"""What became of the messages of one row, and why: forwarded, from a list, from a service, spoofed.

A report tells results, not reasons; these are the readings that its results allow.  Only what passed
proves anything: a domain that stands beside a failure was merely claimed.
"""

import enum
from collections.abc import Iterable
from functools import lru_cache

from mxwalk.dmarcrpt.model import PASS, Row, Signature, SpfCheck
from mxwalk.identity.suffixes import organizational_domain
from mxwalk.names import InvalidNameError, is_address, parse_name

_ERRORS = ("temperror", "permerror")
_FORWARDERS = ("forwarded", "trusted_forwarder")
_CACHED = 20_000


class Case(enum.Enum):
    """The readings, from the one that needs action most to the one that needs none."""

    NOTHING = "nothing-passes"
    UNDECIDED = "undecided"
    THIRD_PARTY = "third-party"
    NOT_ALIGNED = "passes-unaligned"
    CHANGED = "changed-on-the-way"
    MAILING_LIST = "mailing-list"
    BROKEN_SIGNATURE = "spf-only-signature-fails"
    SPF_ONLY = "spf-only"
    FORWARDED = "forwarded"
    DKIM_ONLY = "dkim-only"
    BOTH = "both"

    @property
    def aligned(self) -> bool:
        """Whether DMARC passed."""
        return self in _ALIGNED


_ALIGNED = frozenset(
    (Case.BROKEN_SIGNATURE, Case.SPF_ONLY, Case.FORWARDED, Case.DKIM_ONLY, Case.BOTH)
)
# A source that has only such mail has never shown that it belongs to the domain.
UNPROVEN = frozenset((Case.NOTHING, Case.UNDECIDED, Case.THIRD_PARTY))


@lru_cache(maxsize=_CACHED)
def organization_of(name: str) -> str:
    """Return the Organizational Domain of a name by the public suffix list; empty for no name."""
    try:
        plain = parse_name(name).ascii
    except InvalidNameError:
        return ""
    return "" if is_address(plain) else organizational_domain(plain)


def case_of(row: Row, policy_domain: str) -> Case:
    """Return the reading of a row; total."""
    own = organization_of(row.header_from or policy_domain)
    match row.dkim == PASS, row.spf == PASS:
        case True, True:
            return Case.BOTH
        case True, False:
            claimed = [check for check in row.checks if _of(check, own)]
            failed = any(check.result not in ("", PASS, *_ERRORS) for check in claimed)
            return Case.FORWARDED if failed else Case.DKIM_ONLY
        case False, True:
            broken = any(_of(one, own) and one.result != PASS for one in row.signatures)
            return Case.BROKEN_SIGNATURE if broken else Case.SPF_ONLY
    return _unaligned(row, own)


def _unaligned(row: Row, own: str) -> Case:
    results: Iterable[Signature | SpfCheck] = (*row.signatures, *row.checks)
    passed = [one for one in results if one.result == PASS]
    reasons = {reason.type for reason in row.reasons}
    if any(_of(one, own) for one in passed):
        return Case.NOT_ALIGNED
    if "mailing_list" in reasons:
        return Case.MAILING_LIST
    signed = any(_of(one, own) and one.result not in ("none", *_ERRORS) for one in row.signatures)
    if signed:
        return Case.MAILING_LIST if passed else Case.CHANGED
    if reasons.intersection(_FORWARDERS):
        return Case.CHANGED
    if passed:
        return Case.THIRD_PARTY
    errors = any(one.result in _ERRORS for one in results)
    return Case.UNDECIDED if errors else Case.NOTHING


def _of(result: Signature | SpfCheck, own: str) -> bool:
    """Say whether a result is about the organization of the From domain."""
    return bool(own) and organization_of(result.domain) == own
