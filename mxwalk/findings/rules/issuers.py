"""What stands above a certificate and may not: wrong signature, no CA, key usage, path length.

RFC 5280 6.1.3 and 6.1.4.  OpenSSL's objection decides that there is a finding; the sentence is that
of our own reading of the certificates, where it found the same.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.tls import VerifyError
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases
from mxwalk.findings.raising import entry, found, show
from mxwalk.language import noted, say
from mxwalk.pkix.model import Reason
from mxwalk.pkix.reasons import reason_of
from mxwalk.pkix.traits import may_sign

MAX_TOLD = 8  # objections to one chain that are told one by one

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
SIGNATURE = entry(
    "CERT020", Severity.ERROR, _R, "a signature that does not verify", "RFC 5280 6.1.3"
)
NOT_A_CA = entry("CERT021", Severity.ERROR, _R, "an issuer that is no CA", "RFC 5280 4.2.1.9")
KEY_USAGE = entry(
    "CERT022",
    Severity.ERROR,
    _CA,
    "an issuer whose key may not sign certificates",
    "RFC 5280 4.2.1.3",
)
PATH_LENGTH = entry(
    "CERT023", Severity.ERROR, _CA, "a path longer than a CA allows", "RFC 5280 4.2.1.9"
)
CRITICAL = entry(
    "CERT024", Severity.ERROR, _CA, "an extension that clients cannot process", "RFC 5280 4.2"
)

ENTRIES = (SIGNATURE, NOT_A_CA, KEY_USAGE, PATH_LENGTH, CRITICAL)

_BY_REASON = {
    Reason.SIGNATURE: SIGNATURE,
    Reason.NOT_A_CA: NOT_A_CA,
    Reason.KEY_USAGE: KEY_USAGE,
    Reason.PATH_LENGTH: PATH_LENGTH,
    Reason.TOO_LONG: PATH_LENGTH,
    Reason.CRITICAL_EXTENSION: CRITICAL,
    Reason.INVALID_EXTENSION: CRITICAL,
}
_FIXES = {
    "CERT020": noted(
        "take the chain file that the CA gave out with the certificate: the one"
        " that is sent holds another CA certificate of the same name"
    ),
    "CERT021": noted(
        "replace the chain file by the one the CA gave out: this certificate may not issue"
    ),
    "CERT022": noted(
        "private CA: issue the CA certificate again with keyUsage = critical, keyCertSign, cRLSign"
    ),
    "CERT023": noted(
        "private CA: issue the CA certificate again with a larger pathlen, or"
        " issue the server's certificate one level higher"
    ),
    "CERT024": noted("have it issued again without that extension, or with it not critical"),
}


def tells(code: int) -> bool:
    """Say whether an objection of OpenSSL is told by this module."""
    return reason_of(code) in _BY_REASON


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what OpenSSL objects to in the certificates above another."""
    for case in cases(delivery):
        places: dict[tuple[int, Entry], VerifyError] = {}
        for error in case.chain.errors:
            if tells(error.code):
                places.setdefault((error.depth, _entry(case, error)), error)
        for (_, what), error in list(places.items())[:MAX_TOLD]:
            yield _told(case, what, error)


def _entry(case: Presented, error: VerifyError) -> Entry:
    what = _BY_REASON[reason_of(error.code)]
    facts = case.at_depth(error.depth)
    # OpenSSL calls a CA whose key usage lacks keyCertSign an invalid CA certificate, too.
    if what is NOT_A_CA and facts is not None and facts.is_ca and not may_sign(facts):
        return KEY_USAGE
    return what


def _told(case: Presented, what: Entry, error: VerifyError) -> Finding:
    ours = case.objection(error.depth, reason_of(error.code))
    symbol = show(error.name or str(error.code), 80)
    said = (
        f"{ours.sentence} ({symbol})"
        if ours is not None
        else say(
            "OpenSSL says of {called}: {error} ({symbol})",
            called=case.called(error.depth),
            error=show(error.text),
            symbol=symbol,
        )
    )
    return found(
        what,
        case.where,
        say("the chain of {where} does not hold: {said}", where=case.where.name, said=said),
        say(_FIXES[what.code]),
        case.reading(error.depth, "-text"),
    )
