"""What a signature comes to: one result, one reason, one sentence (RFC 6376 6.1, RFC 8601 2.7.1).

The order is that of a verifier: can the signature be read, is it within the limit, is it of its time,
can its key be used, and does it agree.  What RFC 8301 forbids is not acceptable however well
it agrees.  A pure function of the evidence and of the time it is judged at.
"""

from datetime import UTC, datetime

from mxwalk.evidence.mailauth import DkimChecked, Verified
from mxwalk.language import noted, say
from mxwalk.limits import DKIM_CLOCK_SKEW_S
from mxwalk.mailauth.dkim.diagnose import diagnose
from mxwalk.mailauth.dkim.key import strength
from mxwalk.mailauth.dkim.model import (
    DkimResult,
    KeyRecord,
    Reason,
    Signature,
    SignatureVerdict,
    Strength,
)
from mxwalk.mailauth.dkim.signature import HISTORIC
from mxwalk.mailauth.dkim.verify import HEADER_AGREES, key_type
from mxwalk.mailauth.message import Message
from mxwalk.text import visible

_RESULTS = {
    Reason.VALID: DkimResult.PASS,
    Reason.BODY_HASH: DkimResult.FAIL,
    Reason.HEADER: DkimResult.FAIL,
    Reason.KEY_UNREACHABLE: DkimResult.TEMPERROR,
    # RFC 8601 2.7.1, neutral: "contained syntax errors or were not otherwise able to be processed".
    Reason.SYNTAX: DkimResult.NEUTRAL,
    Reason.NO_BODY: DkimResult.NEUTRAL,
    Reason.NOT_DONE: DkimResult.NEUTRAL,
    Reason.BEYOND_LIMIT: DkimResult.NEUTRAL,
    # RFC 8601 2.7.1, policy: "some aspect of the signature or signatures was not acceptable".
    Reason.ALGORITHM: DkimResult.POLICY,
    Reason.KEY_SMALL: DkimResult.POLICY,
}
_AGREES = {
    Verified.VALID: noted("The signature itself agrees with the message."),
    Verified.BODY_HASH: noted("It does not agree with the body either."),
    Verified.HEADER: noted("It does not agree with the header fields either."),
}
_DETAIL = 400  # characters of the library's word, which may come from somebody's trace
# What readers see, and how a body is to be read (RFC 6376 5.4.1, 8.2).
_SHOULD_SIGN = ("subject", "date", "to", "cc", "reply-to", "content-type")


def judge(
    message: Message,
    signature: Signature,
    key: KeyRecord | None,
    checked: DkimChecked | None,
    now: float,
    limit: int = 0,
) -> SignatureVerdict:
    """Return the verdict on a signature.

    ``key`` and ``checked`` are ``None`` before the step; ``now`` is seconds since 1970; ``limit`` is
    the number of signatures the receiver looks at, 0 for all.
    """
    reason, sentence = _decide(message, signature, key, checked, now, limit)
    way = tuple(one.sentence for one in diagnose(message, signature, key, reason))
    return SignatureVerdict(
        signature=signature,
        result=_RESULTS.get(reason, DkimResult.PERMERROR),
        reason=reason,
        sentence=sentence,
        key=key,
        strength=_strength(signature, key),
        explanation=way + tuple(_remarks(message, signature, key, reason)),
        body_hash=checked.body_hash if checked is not None else b"",
    )


def _decide(
    message: Message,
    signature: Signature,
    key: KeyRecord | None,
    checked: DkimChecked | None,
    now: float,
    limit: int,
) -> tuple[Reason, str]:
    if limit and signature.number > limit:
        return (
            Reason.BEYOND_LIMIT,
            say(
                "Signature {number} is not looked at: the receiver checks {limit} at most.",
                number=signature.number,
                limit=limit,
            ),
        )
    if signature.problem:  # RFC 6376 6.1.1
        said = say("The signature cannot be used: {problem}.", problem=signature.problem)
        return signature.problem_reason, said
    return (
        _of_its_time(signature, now)
        or _key(signature, key)
        or _acceptable(signature, key, checked)
        or _agrees(message, signature, checked)
    )


def _of_its_time(signature: Signature, now: float) -> tuple[Reason, str] | None:
    if signature.expires is not None and now > signature.expires + DKIM_CLOCK_SKEW_S:
        expired = f"{_date(signature.expires)} (x={signature.expires})"
        return Reason.EXPIRED, say(
            "The signature expired on {expired}; it is judged at {date}.",
            expired=expired,
            date=_date(now),
        )
    if signature.timestamp is not None and signature.timestamp > now + DKIM_CLOCK_SKEW_S:
        made = f"{_date(signature.timestamp)} (t={signature.timestamp})"
        return Reason.FUTURE, say(
            "The signature says it was made on {made}, after {date}.", made=made, date=_date(now)
        )
    return None


def _key(signature: Signature, key: KeyRecord | None) -> tuple[Reason, str] | None:
    """Judge the key record in the order of RFC 6376 6.1.2."""
    if key is None:
        return Reason.NOT_DONE, say("The key has not been asked for yet.")
    if key.problem:
        said = say(
            "The key at {key} cannot be used: {problem}.",
            key=visible(key.name, 260),
            problem=key.problem,
        )
        return key.reason, said
    wanted, digest = key_type(signature), signature.algorithm.partition("-")[2]
    if key.hashes and digest not in key.hashes:  # RFC 6376 6.1.2, step 6
        allowed = visible(":".join(key.hashes), 60)
        return Reason.KEY_HASH, say(
            "The key allows h={allowed} only, the signature uses {digest}.",
            allowed=allowed,
            digest=digest,
        )
    if key.key_type != wanted:  # RFC 6376 6.1.2, step 8
        return (
            Reason.KEY_TYPE,
            say(
                "The key is k={key_type}, the signature is a={algorithm}.",
                key_type=key.key_type,
                algorithm=signature.algorithm,
            ),
        )
    # RFC 6376 3.6.1, t=s
    if "s" in key.flags and signature.identity.rpartition("@")[2] != signature.domain:
        return Reason.KEY_STRICT, say(
            "The key's t=s forbids subdomains, and i={identity} is below d={domain}.",
            identity=visible(signature.identity, 120),
            domain=signature.domain,
        )
    return None


def _acceptable(
    signature: Signature, key: KeyRecord | None, checked: DkimChecked | None
) -> tuple[Reason, str] | None:
    agrees = say(_AGREES.get(checked.verified, "")) if checked is not None else ""
    if signature.algorithm == HISTORIC:  # RFC 8301 3.1
        return (
            Reason.ALGORITHM,
            _two(say("a=rsa-sha1 is not acceptable: RFC 8301 retired it."), agrees),
        )
    if key is not None and strength(key) is Strength.UNACCEPTABLE:  # RFC 8301 3.2
        return (
            Reason.KEY_SMALL,
            _two(
                say(
                    "The RSA key has {bits} bits; under 1024 no signature is valid.", bits=key.bits
                ),
                agrees,
            ),
        )
    return None


def _agrees(
    message: Message, signature: Signature, checked: DkimChecked | None
) -> tuple[Reason, str]:
    if checked is None:
        return Reason.NOT_DONE, say("The signature has not been verified yet.")
    by = f"d={signature.domain}, s={signature.selector}"
    match checked.verified:
        case Verified.VALID:
            return (
                Reason.VALID,
                _two(
                    say("The signature of {by} agrees with the message.", by=by), _short(signature)
                ),
            )
        case Verified.BODY_HASH:
            said = (
                noted(
                    "The body is not the one {by} signed, its hash is not bh=; the signed header"
                    " fields are unchanged."
                )
                if HEADER_AGREES in checked.detail
                else noted(
                    "The body is not the one {by} signed, its hash is not bh=; the header signature"
                    " does not agree either."
                )
            )
            return Reason.BODY_HASH, say(said, by=by)
        case Verified.HEADER:
            said = (
                noted(
                    "The header fields, or the key, are not those that {by} signed with; the body is"
                    " unchanged."
                )
                if checked.body_hash and checked.body_hash == signature.body_hash
                else noted(
                    "The header fields, or the key, are not those that {by} signed with; the body is"
                    " not there to be compared."
                )
            )
            return Reason.HEADER, say(said, by=by)
        case Verified.UNUSABLE:
            what = visible(checked.detail, _DETAIL)
            return Reason.SYNTAX, say("The signature could not be verified: {what}.", what=what)
        case Verified.NOT_VERIFIED:
            if not message.whole:
                return (
                    Reason.NO_BODY,
                    say(
                        "Only header fields are here; without the body the signature stays"
                        " undecided."
                    ),
                )
            what = visible(checked.detail, _DETAIL)
            return Reason.NOT_DONE, say("The signature was not verified: {what}.", what=what)


def _two(first: str, second: str) -> str:
    """Return two sentences, of which the second may be empty."""
    return f"{first} {second}" if second else first


def _strength(signature: Signature, key: KeyRecord | None) -> Strength:
    if signature.algorithm == HISTORIC:
        return Strength.UNACCEPTABLE
    return Strength.UNKNOWN if key is None else strength(key)


def _short(signature: Signature) -> str:
    if signature.length is None:
        return ""
    return say(
        "Only the first {length} octets of the body are signed (l=).", length=signature.length
    )


def _remarks(
    message: Message, signature: Signature, key: KeyRecord | None, reason: Reason
) -> list[str]:
    """Return what else a reader should know."""
    remarks = []
    if key is not None and key.testing:
        remarks.append(  # RFC 6376 3.6.1, t=y
            say(
                "The key says t=y: the domain is testing, and receivers must not treat the"
                " message differently from an unsigned one."
            )
        )
    if key is not None and strength(key) is Strength.WEAK and reason is not Reason.ALGORITHM:
        remarks.append(
            say("The RSA key has {bits} bits; RFC 8301 recommends 2048 or more.", bits=key.bits)
        )
    if signature.length is not None:
        remarks.append(
            say(
                "l= leaves what follows the signed octets unprotected: anybody can append to"
                " the body."
            )
        )
    if reason is Reason.VALID:
        open_fields = [
            field.name
            for field in message.fields
            if field.key in _SHOULD_SIGN and field.key not in signature.signed
        ]
        if open_fields:  # RFC 6376 5.4.1
            names = visible(", ".join(dict.fromkeys(open_fields)), 200)
            remarks.append(
                say("Not signed, so that anybody can change it on the way: {names}.", names=names)
            )
    return remarks


def _date(at: float) -> str:
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return say("second {at:.0f} since 1970", at=at)
