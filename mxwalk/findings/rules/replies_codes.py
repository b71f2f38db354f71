"""The codes on greetings and on the form of replies, and which deviation goes by which code."""

from mxwalk.findings.model import Entry, Owner, Severity
from mxwalk.findings.raising import (
    entry,
)
from mxwalk.smtp.model import Deviation

_R = Owner.RECEIVER
THROTTLED = entry("RPLY001", Severity.WARNING, _R, "421 instead of a greeting", "RFC 5321 3.8")
NEVER_ACCEPTS = entry("RPLY002", Severity.ERROR, _R, "554 or 521 as greeting", "RFC 5321 3.1")
OTHER_GREETING = entry("RPLY003", Severity.ERROR, _R, "a greeting other than 220", "RFC 5321 4.3.2")
MULTILINE = entry("RPLY004", Severity.NOTICE, _R, "a greeting of several lines", "RFC 5321 4.2")
NO_DOMAIN = entry("RPLY005", Severity.NOTICE, _R, "a greeting without a domain", "RFC 5321 4.2")
TERMINAL = entry(
    "RPLY006", Severity.WARNING, _R, "terminal control sequences in a reply", "RFC 5321 4.2"
)
BIDI = entry("RPLY007", Severity.WARNING, _R, "invisible or direction marks", "RFC 5321 4.2")
TRAILING = entry("RPLY008", Severity.WARNING, _R, "bytes behind a reply", "RFC 5321 4.2")
MASKED = entry("RPLY025", Severity.ERROR, _R, "a greeting overwritten or empty", "RFC 5321 4.2")

DEVIATIONS: dict[Deviation, Entry] = {
    Deviation.BARE_LF: entry("RPLY010", Severity.WARNING, _R, "a bare LF", "RFC 5321 2.3.8"),
    Deviation.BARE_CR: entry("RPLY011", Severity.WARNING, _R, "a bare CR", "RFC 5321 2.3.8"),
    Deviation.NUL: entry("RPLY012", Severity.WARNING, _R, "a NUL byte", "RFC 5321 4.2"),
    Deviation.EIGHT_BIT: entry("RPLY013", Severity.NOTICE, _R, "bytes above 127", "RFC 5321 4.2"),
    Deviation.CONTROL: entry("RPLY014", Severity.NOTICE, _R, "a control character", "RFC 5321 4.2"),
    Deviation.LINE_TOO_LONG: entry(
        "RPLY015", Severity.WARNING, _R, "a line over 512 octets", "RFC 5321 4.5.3.1.5"
    ),
    Deviation.LINE_CUT: entry(
        "RPLY016", Severity.ERROR, _R, "a line over 8 KiB", "RFC 5321 4.5.3.1.5"
    ),
    Deviation.REPLY_CUT: entry(
        "RPLY017", Severity.ERROR, _R, "a reply over 64 KiB", "RFC 5321 4.2.1"
    ),
    Deviation.TOO_MANY_LINES: entry(
        "RPLY018", Severity.WARNING, _R, "more than 100 lines", "RFC 5321 4.2.1"
    ),
    Deviation.NO_CODE: entry("RPLY019", Severity.ERROR, _R, "a line without code", "RFC 5321 4.2"),
    Deviation.CODE_CHANGED: entry(
        "RPLY020", Severity.ERROR, _R, "the code changes inside a reply", "RFC 5321 4.2.1"
    ),
    Deviation.NO_SEPARATOR: entry(
        "RPLY021", Severity.WARNING, _R, "neither space nor hyphen after the code", "RFC 5321 4.2"
    ),
    Deviation.INCOMPLETE: entry(
        "RPLY022", Severity.ERROR, _R, "the last line never came", "RFC 5321 4.2.1"
    ),
    Deviation.CODE_RANGE: entry(
        "RPLY023", Severity.WARNING, _R, "a code that SMTP does not know", "RFC 5321 4.2"
    ),
}

ENTRIES = (
    THROTTLED,
    NEVER_ACCEPTS,
    OTHER_GREETING,
    MULTILINE,
    NO_DOMAIN,
    TERMINAL,
    BIDI,
    TRAILING,
    MASKED,
    *DEVIATIONS.values(),
)
