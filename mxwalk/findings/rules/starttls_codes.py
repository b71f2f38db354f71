"""The codes on STARTTLS and the handshake behind it."""

from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.raising import entry

_R = Owner.RECEIVER
NOT_OFFERED = entry("STLS001", Severity.ERROR, _R, "STARTTLS is not offered", "RFC 3207 2")
TEMPORARY = entry("STLS002", Severity.ERROR, _R, "STARTTLS refused for now (454)", "RFC 3207 4")
REFUSED = entry("STLS003", Severity.ERROR, _R, "STARTTLS refused", "RFC 3207 4")
NO_TLS = entry("STLS004", Severity.ERROR, _R, "no TLS follows the 220", "RFC 3207 4.1")
INJECTED = entry("STLS005", Severity.ERROR, _R, "clear bytes behind the 220", "RFC 3207 4.2")
NOT_EVERYWHERE = entry("STLS006", Severity.WARNING, _R, "STARTTLS on some hosts only", "RFC 3207 6")
ALERT = entry("STLS007", Severity.ERROR, _R, "the handshake ends in an alert", "RFC 8446 6.2")
TIMEOUT = entry("STLS008", Severity.WARNING, _R, "the handshake times out", "RFC 3207 4.1")
BROKEN_OFF = entry("STLS009", Severity.ERROR, _R, "the handshake is broken off", "RFC 3207 4.1")

ENTRIES = (
    NOT_OFFERED,
    TEMPORARY,
    REFUSED,
    NO_TLS,
    INJECTED,
    NOT_EVERYWHERE,
    ALERT,
    TIMEOUT,
    BROKEN_OFF,
)
