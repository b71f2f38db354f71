"""Words about time and sources that the sentences of this package share."""

from datetime import datetime, timedelta

from mxwalk.revocation.model import Revocation, SourceKind, SourceStanding

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def span(time: timedelta) -> str:
    """Say how long a time is, in its largest whole unit: ``3 hours``."""
    seconds = abs(int(time.total_seconds()))
    for unit, size in _UNITS:
        if seconds >= size * (2 if unit == "day" else 1):
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def day(moment: datetime | None) -> str:
    """Say a date and a time to the minute, in UTC."""
    return f"{moment.isoformat(' ', 'minutes')[:16]} UTC" if moment else "an unreadable time"


def why(revocation: Revocation) -> str:
    """Say when and why a certificate was revoked."""
    since = revocation.invalid_since
    reason = f"{revocation.reason}: " if revocation.reason else ""
    doubtful = f"; not to be trusted since {day(since)}" if since else ""
    return f"revoked on {day(revocation.revoked_at)} ({reason}{revocation.meaning}{doubtful})"


def weakness(algorithm: str) -> tuple[str, ...]:
    """Remark on a signature whose hash can be forged; empty otherwise."""
    weak = any(digest in algorithm.lower() for digest in ("md2", "md5", "sha1"))
    return (f"it is signed with {algorithm}, which is no longer safe",) if weak else ()


def source_name(source: SourceStanding) -> str:
    """Name a source: ``the OCSP responder http://ocsp.example.test/``."""
    match source.kind:
        case SourceKind.STAPLE:
            return "the stapled OCSP response"
        case SourceKind.OCSP:
            return f"the OCSP responder {source.url}"
        case SourceKind.CRL:
            return f"the CRL {source.url}"
