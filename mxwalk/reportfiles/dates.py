"""Dates of reports: RFC 3339 as the RFC asks for it, and what reporters write instead."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from mxwalk.language import say

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)([Tt ])(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?"
    r"\s?([Zz]|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?"
)
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_MILLISECONDS_FROM = 100_000_000_000  # the year 5138 in seconds
_CHARS = 64


@dataclass(frozen=True, slots=True)
class DateReading:
    """A moment in UTC, or ``None``; ``deviation`` says how it is not RFC 3339, empty if it is.

    ``in_seconds`` tells that it was a number of seconds since 1970.
    """

    moment: datetime | None
    deviation: str = ""
    in_seconds: bool = False


def read_date(value: object) -> DateReading:
    """Read a date-time; total."""
    if isinstance(value, bool):
        return DateReading(None, say("is no date-time"))
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str):
        return DateReading(None, say("is no date-time"))
    text = value.strip()
    if len(text) > _CHARS:
        return DateReading(None, say("is no date-time"))
    if (found := _RFC3339.fullmatch(text)) is not None:
        return _moment(found, spaces=text != value)
    if text.isascii() and text.isdigit() and len(text) != 8:
        return _epoch(int(text))
    if (day := _DAY.fullmatch(text)) is not None:
        year, month, number = map(int, day.groups())
        try:
            return DateReading(
                datetime(year, month, number, tzinfo=UTC), say("is a day without a time")
            )
        except ValueError:
            return DateReading(None, say("is no date of the calendar"))
    return _mail_date(text)


def _moment(found: re.Match[str], *, spaces: bool) -> DateReading:
    year, month, day, letter, hour, minute, second, fraction, offset = found.groups()
    faults = []
    if spaces:
        faults.append(say("has spaces around it"))
    if letter == " ":
        faults.append(say("has a space where T belongs"))
    if second is None:
        faults.append(say("has no seconds"))
    if offset is None:
        faults.append(say("has no offset from UTC; it is taken for UTC"))
    elif offset not in "Zz" and not re.fullmatch(r"[+-]\d\d:\d\d", offset):
        faults.append(say("writes the offset as {offset}", offset=offset))
    leap = second == "60"  # RFC 3339 5.7
    at_midnight = hour == "24" and minute == "00" and second in ("00", None)
    if at_midnight:
        faults.append(say("writes midnight as 24:00"))
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            0 if at_midnight else int(hour),
            int(minute),
            59 if leap else int(second or 0),
            int((fraction or "")[:6].ljust(6, "0")),
            tzinfo=_offset(offset),
        )
        moment = moment.astimezone(UTC) + timedelta(days=at_midnight, seconds=leap)
    except (ValueError, OverflowError):
        return DateReading(None, say("is no date of the calendar"))
    return DateReading(moment, say(" and ").join(faults))


def _offset(text: str | None) -> timezone:
    if text is None or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-delta if text[0] == "-" else delta)


def _epoch(value: float) -> DateReading:
    in_seconds = abs(value) < _MILLISECONDS_FROM
    words = say("is a number of seconds") if in_seconds else say("is a number of milliseconds")
    try:
        if not in_seconds:
            value = value / 1000
        moment = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return DateReading(None, say("is no date-time"))
    return DateReading(moment, words, in_seconds)


def _mail_date(text: str) -> DateReading:
    """Read the form of e-mail headers (RFC 5322 3.3)."""
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return DateReading(moment.astimezone(UTC), say("is written as in an e-mail header"))
    except (ValueError, OverflowError, TypeError, IndexError):
        return DateReading(None, say("is no date-time"))
