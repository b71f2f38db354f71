"""OpenSSL's verification errors (x509_vfy.h) as reason classes.

The numbers are those of ``mxwalk.tls.verify_errors``.  A number this table does not know is
``Reason.OTHER``.
"""

from mxwalk.pkix.model import Reason

_REASONS = {
    Reason.EXPIRED: (10,),
    Reason.NOT_YET_VALID: (9,),
    Reason.SELF_SIGNED_LEAF: (18,),
    Reason.UNTRUSTED_ROOT: (19, 27, 28),
    Reason.ISSUER_MISSING: (2, 20, 21),
    Reason.SIGNATURE: (4, 7, 76, 77, 78),
    Reason.NOT_A_CA: (37, 79),
    Reason.KEY_USAGE: (32, 39, 82, 92),
    Reason.PATH_LENGTH: (25, 38, 80, 81),
    Reason.NAME_CONSTRAINT: (47, 48, 49, 51, 52, 53),
    Reason.PURPOSE: (26,),
    Reason.CRITICAL_EXTENSION: (34,),
    Reason.INVALID_EXTENSION: (41, 42, 45),
    Reason.TOO_LONG: (22,),
    # 1, "unspecified", is what OpenSSL says of a key it cannot read.
    Reason.UNREADABLE: (1, 6, 13, 14, 24),
    Reason.REVOKED: (23,),
    Reason.WEAK: (66, 67, 68),
}
_BY_CODE = {code: reason for reason, codes in _REASONS.items() for code in codes}


def reason_of(code: int) -> Reason:
    """Return the class of an OpenSSL verification error."""
    return _BY_CODE.get(code, Reason.OTHER)
