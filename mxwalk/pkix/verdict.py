"""OpenSSL's objections put into our words.

The verdict is OpenSSL's: where its objections are known, each is told with the sentence we found for
the same reason and depth, and one we did not find is told in OpenSSL's own words.
"""

from mxwalk.evidence.tls import VerifyError
from mxwalk.language import say
from mxwalk.pkix.model import Objection, Reason
from mxwalk.pkix.reasons import reason_of
from mxwalk.text import visible

_INVALID_PURPOSE = 26
_LOOK_IT_UP = (
    "openssl verify -show_chain -purpose sslserver -untrusted chain.pem leaf.pem tells more"
)


def as_openssl_says(
    ours: tuple[Objection, ...], errors: tuple[VerifyError, ...]
) -> tuple[tuple[Objection, ...], tuple[Objection, ...]]:
    """Return OpenSSL's objections in our words, and those of ours that it does not share."""
    by_place: dict[tuple[int, Reason], list[Objection]] = {}
    for objection in ours:
        by_place.setdefault((objection.depth, objection.reason), []).append(objection)
    told: dict[Objection, None] = {}
    for error in errors:
        reason = reason_of(error.code)
        same = by_place.get((error.depth, reason))
        if same:
            told.update(dict.fromkeys(same))
        elif not _implied(error, reason, by_place):
            told[_theirs(error, reason)] = None
    return tuple(told), tuple(one for one in ours if one not in told)


def _implied(
    error: VerifyError, reason: Reason, by_place: dict[tuple[int, Reason], list[Objection]]
) -> bool:
    """Say whether an error only follows from one we tell: no CA is also none for this purpose."""
    if error.code == _INVALID_PURPOSE:
        return (error.depth, Reason.NOT_A_CA) in by_place
    # A leaf whose issuer is missing cannot have its signature verified either.
    return reason is Reason.ISSUER_MISSING and any(
        known is Reason.ISSUER_MISSING for _, known in by_place
    )


def _theirs(error: VerifyError, reason: Reason) -> Objection:
    sentence = say(
        "OpenSSL says: {error} ({error_2})",
        error=visible(error.text, 200),
        error_2=visible(error.name, 80),
    )
    return Objection(depth=error.depth, reason=reason, sentence=sentence, fix=_LOOK_IT_UP)
