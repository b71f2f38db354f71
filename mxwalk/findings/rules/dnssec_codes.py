"""The codes on DNSSEC: which reason of a validation is told under which code, and to whom.

Bogus answers are the receiver's DNS operator's matter, what keeps us from judging is ours, and an
unsigned zone is a notice at most (RFC 4035 5, RFC 5155 8, RFC 9276 3.2).
"""

from mxwalk.dnssec.reasons import Reason
from mxwalk.findings.model import Entry, Owner, Severity
from mxwalk.findings.raising import entry

_DNS = Owner.RECEIVER_DNS


def _error(code: str, title: str, rfc: str) -> Entry:
    return entry(code, Severity.ERROR, _DNS, title, rfc, tls_rpt="dnssec-invalid")


def _ours(code: str, title: str, rfc: str, severity: Severity = Severity.WARNING) -> Entry:
    return entry(code, severity, Owner.YOU, title, rfc)


_BY_CAUSE: tuple[tuple[Entry, tuple[Reason, ...]], ...] = (
    (
        _error("DNSSEC001", "the DS record at the parent fits no key", "RFC 4035 5.2"),
        (Reason.DS_WITHOUT_KEY,),
    ),
    (
        _error("DNSSEC002", "a DS record at the parent, but no keys", "RFC 4035 5.2"),
        (Reason.DNSKEY_MISSING,),
    ),
    (
        _error("DNSSEC003", "the keys are not signed by the one the DS names", "RFC 4035 5.2"),
        (Reason.KEY_SET_NOT_SIGNED_BY_DS_KEY,),
    ),
    (
        _error("DNSSEC004", "records of a signed zone without a signature", "RFC 4035 2.2"),
        (Reason.RRSIG_MISSING,),
    ),
    (_error("DNSSEC005", "expired signatures", "RFC 4035 5.3.1"), (Reason.RRSIG_EXPIRED,)),
    (
        _error("DNSSEC006", "signatures that are not yet valid", "RFC 4035 5.3.1"),
        (Reason.RRSIG_NOT_YET_VALID,),
    ),
    (
        _error("DNSSEC007", "signed with a key that the zone does not offer", "RFC 4035 5.3.1"),
        (Reason.RRSIG_KEY_NOT_IN_SET, Reason.RRSIG_KEY_UNUSABLE),
    ),
    (
        _error("DNSSEC008", "signatures that do not verify", "RFC 4035 5.3.3"),
        (Reason.RRSIG_WRONG,),
    ),
    (
        _error("DNSSEC009", "signatures that do not belong to their records", "RFC 4035 5.3.1"),
        (Reason.RRSIG_SIGNER_WRONG, Reason.RRSIG_LABELS_WRONG),
    ),
    (
        _error("DNSSEC010", "signed only with unsupported algorithms", "RFC 4035 2.2"),
        (Reason.RRSIG_ALGORITHM_UNSUPPORTED,),
    ),
    (
        _error("DNSSEC011", "a negative answer without proof", "RFC 4035 3.1.3"),
        (Reason.DENIAL_MISSING,),
    ),
    (
        _error("DNSSEC012", "a proof of non-existence that does not hold", "RFC 4035 5.4"),
        (Reason.DENIAL_NAME, Reason.DENIAL_WRONG_SIDE, Reason.DENIAL_NSEC3_PARAMETERS),
    ),
    (
        _error("DNSSEC013", "a type is denied that the proof lists", "RFC 4035 5.4"),
        (Reason.DENIAL_TYPE,),
    ),
    (
        _error("DNSSEC014", "a proof that leaves the wildcard out", "RFC 4035 5.3.4"),
        (Reason.DENIAL_WILDCARD, Reason.DENIAL_WILDCARD_ANSWER),
    ),
    (
        _error("DNSSEC015", "NXDOMAIN for a name with names below it", "RFC 8020 2"),
        (Reason.DENIAL_EMPTY_NON_TERMINAL,),
    ),
    (
        _error("DNSSEC016", "a missing DS record is not proved", "RFC 5155 8.6"),
        (Reason.DENIAL_OPT_OUT,),
    ),
    (
        _error("DNSSEC017", "validation would cost too much", "RFC 9364 1"),
        (Reason.TOO_EXPENSIVE, Reason.TOO_MANY_QUESTIONS),
    ),
    (
        _error("DNSSEC018", "keys or DS records cannot be looked up", "RFC 4033 5"),
        (Reason.LOOKUP_FAILED,),
    ),
    (
        _ours("DNSSEC020", "the resolver keeps DNSSEC records back", "RFC 4035 3.2.1"),
        (Reason.RESOLVER_STRIPS, Reason.RESOLVER_IGNORES_DO, Reason.RESOLVER_FAILS_DO),
    ),
    (
        _ours("DNSSEC021", "an answer was rewritten on the way", "RFC 6672 5.3.1"),
        (Reason.ALIAS_WRONG, Reason.ANSWERS_DIFFER),
    ),
    (
        _ours("DNSSEC022", "the trust anchor does not fit", "RFC 4035 4.4", Severity.ERROR),
        (Reason.ANCHOR_WITHOUT_KEY, Reason.NO_ANCHOR),
    ),
    (
        entry(
            "DNSSEC030",
            Severity.NOTICE,
            _DNS,
            "signed with means that validators do not support",
            "RFC 4035 5.2",
        ),
        (Reason.UNSUPPORTED_ALGORITHM, Reason.UNSUPPORTED_DIGEST),
    ),
    (
        entry("DNSSEC031", Severity.NOTICE, _DNS, "too many NSEC3 iterations", "RFC 9276 3.2"),
        (Reason.NSEC3_ITERATIONS,),
    ),
    (
        entry(
            "DNSSEC032",
            Severity.NOTICE,
            _DNS,
            "the domain is signed, its mail host is not",
            "RFC 7672 2.2.2",
        ),
        (Reason.NO_DS, Reason.OPT_OUT),
    ),
)
ENTRY_OF = {reason: item for item, reasons in _BY_CAUSE for reason in reasons}
OTHERWISE = _ours("DNSSEC023", "the resolver judges otherwise", "RFC 6840 5.8")
CLOCK = _ours("DNSSEC024", "our clock and the root's signatures disagree", "RFC 4035 5.3.1")
AUTHENTIC = entry(
    "DNSSEC040", Severity.OK, Owner.NOBODY, "every look-up is authentic", "RFC 4035 5"
)

ENTRIES = (*(item for item, _ in _BY_CAUSE), OTHERWISE, CLOCK, AUTHENTIC)
