"""The codes on revocation, and what is to be done about each kind of trouble."""

from mxwalk.findings.model import Entry, Owner, Severity
from mxwalk.findings.raising import entry
from mxwalk.language import noted
from mxwalk.revocation.model import (
    Standing,
)

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
NOT_REVOKED = entry("REVO001", Severity.OK, Owner.NOBODY, "not revoked", "RFC 5280 6.3")
REVOKED = entry("REVO002", Severity.ERROR, _R, "a revoked certificate", "RFC 5280 6.3.3")
LEFT_OPEN = entry("REVO003", Severity.WARNING, _CA, "revocation is left open", "RFC 6960 2.2")
OUT_OF_DATE = entry(
    "REVO004", Severity.WARNING, _CA, "revocation data out of date", "RFC 5280 5.1.2.5"
)
UNREACHABLE = entry(
    "REVO005", Severity.NOTICE, _CA, "revocation data cannot be had", "RFC 5280 4.2.1.13"
)
INVALID = entry("REVO006", Severity.WARNING, _CA, "an invalid answer on revocation", "RFC 6960 3.2")
DISAGREE = entry("REVO007", Severity.WARNING, _CA, "CRL and OCSP disagree", "RFC 6960 2.2")
NOT_CHECKED = entry(
    "REVO008", Severity.NOTICE, Owner.YOU, "revocation was not checked", "RFC 5280 6.3"
)

NOBODY_OUTSIDE = entry(
    "REVO010",
    Severity.NOTICE,
    _CA,
    "revocation that outsiders cannot ask about",
    "RFC 5280 4.2.1.13",
)

ENTRIES = (
    NOT_REVOKED,
    REVOKED,
    LEFT_OPEN,
    OUT_OF_DATE,
    UNREACHABLE,
    INVALID,
    DISAGREE,
    NOT_CHECKED,
    NOBODY_OUTSIDE,
)

TROUBLE: dict[Standing, tuple[Entry, str]] = {
    Standing.UNKNOWN: (
        LEFT_OPEN,
        noted(
            "the CA makes its responder know what it issued; a new certificate may need"
            " some hours, one of a test or retired CA has to be replaced"
        ),
    ),
    Standing.EXPIRED_DATA: (
        OUT_OF_DATE,
        noted(
            "the CA publishes a new list or response in time; private CA: openssl ca"
            " -gencrl by cron, with -crldays longer than the interval"
        ),
    ),
    Standing.UNREACHABLE: (
        UNREACHABLE,
        noted(
            "the CA serves what its certificates name; on the way, let port 80 out to it."
            " Senders that pass over what cannot be had deliver, those that insist do not"
        ),
    ),
    Standing.INVALID: (
        INVALID,
        noted(
            "the CA corrects list or responder: signed by the key that issued the"
            " certificate, or by a delegate with id-kp-OCSPSigning, and about this"
            " certificate"
        ),
    ),
}
