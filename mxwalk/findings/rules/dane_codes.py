"""The codes on what servers present against their TLSA records, with their types in TLS reports."""

from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.raising import entry

_R = Owner.RECEIVER
AUTHENTICATED = entry("DANE001", Severity.OK, Owner.NOBODY, "authenticated by DANE", "RFC 7672 3.1")
NO_MATCH = entry(
    "DANE002", Severity.ERROR, _R, "no TLSA record matches", "RFC 7672 3.1", tls_rpt="tlsa-invalid"
)
NO_TLS = entry(
    "DANE003", Severity.ERROR, _R, "TLSA records, but no TLS", "RFC 7672 2.2",
    tls_rpt="starttls-not-supported",
)  # fmt: skip
EXPIRED = entry(
    "DANE004", Severity.ERROR, _R, "an expired certificate with TLSA", "RFC 7672 3.1.1",
    tls_rpt="certificate-expired",
)  # fmt: skip
NOT_YET = entry(
    "DANE005", Severity.ERROR, _R, "a certificate of the future with TLSA", "RFC 7672 3.1.1",
    tls_rpt="tlsa-invalid",
)  # fmt: skip
WRONG_NAME = entry(
    "DANE006", Severity.ERROR, _R, "DANE-TA, and a wrong name", "RFC 7672 3.2.2",
    tls_rpt="certificate-host-mismatch",
)  # fmt: skip
ANCHOR_NOT_SENT = entry(
    "DANE007", Severity.ERROR, _R, "the trust anchor was not sent", "RFC 7672 3.1.2",
    tls_rpt="tlsa-invalid",
)  # fmt: skip
BROKEN_CHAIN = entry(
    "DANE008", Severity.ERROR, _R, "the way to the trust anchor is broken", "RFC 7671 5.2",
    tls_rpt="certificate-not-trusted",
)  # fmt: skip
STALE = entry("DANE009", Severity.NOTICE, Owner.RECEIVER_DNS, "records that match nothing",
              "RFC 7671 8.1")  # fmt: skip

ENTRIES = (
    AUTHENTICATED,
    NO_MATCH,
    NO_TLS,
    EXPIRED,
    NOT_YET,
    WRONG_NAME,
    ANCHOR_NOT_SENT,
    BROKEN_CHAIN,
    STALE,
)
