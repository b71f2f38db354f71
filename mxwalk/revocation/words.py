"""Words about time and sources that the sentences of this package share."""

from datetime import datetime, timedelta

from mxwalk.language import say, say_many
from mxwalk.revocation.model import Revocation, SourceKind, SourceStanding


def span(time: timedelta) -> str:
    """Say how long a time is, in its largest whole unit: ``3 hours``."""
    seconds = abs(int(time.total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds // 3_600, seconds // 60
    if days >= 2:
        return say_many("{n} day", "{n} days", days)
    if hours:
        return say_many("{n} hour", "{n} hours", hours)
    if minutes:
        return say_many("{n} minute", "{n} minutes", minutes)
    return say("less than a minute")


def day(moment: datetime | None) -> str:
    """Say a date and a time to the minute, in UTC."""
    return f"{moment.isoformat(' ', 'minutes')[:16]} UTC" if moment else say("an unreadable time")


def why(revocation: Revocation) -> str:
    """Say when and why a certificate was revoked."""
    since = revocation.invalid_since
    reason = f"{revocation.reason}: " if revocation.reason else ""
    doubtful = say("; not to be trusted since {day}", day=day(since)) if since else ""
    return say(
        "revoked on {day} ({reason}{meaning}{doubtful})",
        day=day(revocation.revoked_at),
        reason=reason,
        meaning=revocation.meaning,
        doubtful=doubtful,
    )


def weakness(algorithm: str) -> tuple[str, ...]:
    """Remark on a signature whose hash can be forged; empty otherwise."""
    weak = any(digest in algorithm.lower() for digest in ("md2", "md5", "sha1"))
    return (
        (say("it is signed with {algorithm}, which is no longer safe", algorithm=algorithm),)
        if weak
        else ()
    )


def source_name(source: SourceStanding) -> str:
    """Name a source: ``the OCSP responder http://ocsp.example.test/``."""
    match source.kind:
        case SourceKind.STAPLE:
            return say("the stapled OCSP response")
        case SourceKind.OCSP:
            return say("the OCSP responder {url}", url=source.url)
        case SourceKind.CRL:
            return say("the CRL {url}", url=source.url)
