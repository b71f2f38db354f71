"""The codes on DMARC records, and which kind of remark goes by which code."""

from mxwalk.findings.model import Entry, Owner, Severity
from mxwalk.findings.raising import entry
from mxwalk.mailauth.dmarc.remarks import RemarkKind

_DNS, _SENDER = Owner.SENDER_DNS, Owner.SENDER
_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
SEVERAL = entry("DMARC020", _E, _DNS, "several DMARC records", "RFC 9989 4.10")
NEAR = entry("DMARC021", _E, _DNS, "almost a DMARC record", "RFC 9989 4.7")
NO_POLICY = entry("DMARC022", _E, _DNS, "no policy in DMARC", "RFC 9989 4.10.1")
WATCHING = entry("DMARC023", _N, _SENDER, "DMARC only watches", "RFC 9989 4.7")
UNREPORTED = entry("DMARC024", _W, _SENDER, "no DMARC reports", "RFC 9989 4.7")
WEAKER = entry("DMARC025", _W, _SENDER, "subdomains protected less", "RFC 9989 4.7")
BELOW = entry("DMARC026", _N, _SENDER, "names that do not exist", "RFC 9989 4.7")
IGNORED = entry("DMARC027", _N, _DNS, "DMARC tags ignored here", "RFC 9989 4.7")
REMOVED = entry("DMARC028", _N, _DNS, "removed DMARC tags", "RFC 9989 4.7")
UNKNOWN = entry("DMARC029", _N, _DNS, "unknown DMARC tags", "RFC 9989 4.7")
FAULTY = entry("DMARC030", _W, _DNS, "faults in a DMARC record", "RFC 9989 4.8")
ADDRESS = entry("DMARC031", _W, _DNS, "a report address of no use", "RFC 9989 4.8")
REFUSED = entry("DMARC032", _W, _DNS, "a report address that did not agree", "RFC 9990 4")
UNSURE = entry("DMARC033", _N, _DNS, "consent to reports not known", "RFC 9990 4")
FAILURES = entry("DMARC034", _N, _SENDER, "DMARC failure reports", "RFC 9991 2")
SUFFIX = entry("DMARC035", _E, _DNS, "psd in the wrong place", "RFC 9989 4.7")
TEST = entry("DMARC036", _W, _SENDER, "a DMARC policy in test", "RFC 9989 4.7")
UNREADY = entry("DMARC037", _W, _SENDER, "a DMARC policy too early", "RFC 9989 7.4")
OTHER = entry("DMARC038", _N, _DNS, "other TXT records at _dmarc", "RFC 9989 4.10")
ABSENT = entry("DMARC039", _W, _DNS, "no DMARC record", "RFC 9989 4.7")
IN_ORDER = entry("DMARC040", Severity.OK, Owner.NOBODY, "DMARC protects the domain", "RFC 9989 4.7")
FAILED = entry("DMARC041", _W, _DNS, "DMARC could not be looked up", "RFC 9989 5.3.6")

ENTRIES = (
    SEVERAL,
    NEAR,
    NO_POLICY,
    WATCHING,
    UNREPORTED,
    WEAKER,
    BELOW,
    IGNORED,
    REMOVED,
    UNKNOWN,
    FAULTY,
    ADDRESS,
    REFUSED,
    UNSURE,
    FAILURES,
    SUFFIX,
    TEST,
    UNREADY,
    OTHER,
    ABSENT,
    IN_ORDER,
    FAILED,
)
_K = RemarkKind
KINDS: dict[RemarkKind, Entry] = {
    _K.SEVERAL_RECORDS: SEVERAL,
    _K.NOT_A_RECORD: NEAR,
    _K.WHITE_SPACE_FIRST: NEAR,
    _K.OTHER_TEXT: OTHER,
    _K.NO_POLICY: NO_POLICY,
    _K.BAD_POLICY: NO_POLICY,
    _K.POLICY_NOT_SECOND: FAULTY,
    _K.POLICY_NONE: WATCHING,
    _K.NO_EFFECT: UNREPORTED,
    _K.NO_REPORTS: UNREPORTED,
    _K.SUBDOMAINS_WEAKER: WEAKER,
    _K.NONEXISTENT_WEAKER: WEAKER,
    _K.NONEXISTENT_ADVICE: BELOW,
    _K.IGNORED_BELOW: IGNORED,
    _K.PERCENT: REMOVED,
    _K.REMOVED: REMOVED,
    _K.UNKNOWN: UNKNOWN,
    _K.TAG_CASE: UNKNOWN,
    _K.BAD_VALUE: FAULTY,
    _K.DUPLICATE: FAULTY,
    _K.MALFORMED: FAULTY,
    _K.BAD_ADDRESS: ADDRESS,
    _K.ADDRESS_SIZE: REMOVED,
    _K.NOT_AUTHORISED: REFUSED,
    _K.AUTHORISATION_UNKNOWN: UNSURE,
    _K.FAILURE_REPORTS: FAILURES,
    _K.OPTIONS_UNUSED: FAILURES,
    _K.SUFFIX_CLAIMED: SUFFIX,
    _K.SUFFIX_UNMARKED: SUFFIX,
    _K.SUFFIX_FAILURE_REPORTS: SUFFIX,
    _K.OWN_ORGANIZATION: SUFFIX,
    _K.TESTING: TEST,
    _K.TESTING_UNUSED: TEST,
    _K.REJECT_NEEDS_DKIM: UNREADY,
    _K.NO_ALIGNMENT: UNREADY,
}
