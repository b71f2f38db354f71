"""Who reports, over which time, and which policy was found."""

from datetime import UTC, datetime, timedelta

from mxwalk.dmarcrpt.elements import Element
from mxwalk.dmarcrpt.fields import Fields
from mxwalk.dmarcrpt.model import PolicyPublished, Schema
from mxwalk.dmarcrpt.shapes import SHAPES
from mxwalk.language import say
from mxwalk.limits import DMARC_ERRORS, DMARC_METADATA, REPORT_TEXT_CHARS
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.dates import read_date
from mxwalk.reportfiles.model import Kind

_POLICIES = ("none", "quarantine", "reject")
_MODES = ("r", "s")
_WORDS_OF_MODES = {"relaxed": "r", "strict": "s"}
_YES_NO = ("y", "n")
_METHODS = ("psl", "treewalk")
# The examples of RFC 9990 are of 1979; what is before them, and after the year 2100, has gone wrong.
_FIRST, _LAST = datetime(1979, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Reports are of a day, seldom of a week (RFC 7489 7.2: ri is in seconds; a day is what all do).
_LONGEST = timedelta(days=100)


class Metadata:
    """What ``report_metadata`` says."""

    def __init__(self, element: Element | None, schema: Schema, deviations: Deviations) -> None:
        element = element or Element("report_metadata")
        shapes = SHAPES[schema]
        fields = Fields(element, "report_metadata", shapes["report_metadata"], deviations)
        self.organisation = fields.text("org_name")
        self.email = fields.text("email")
        self.contact = fields.text("extra_contact_info")
        self.report_id = fields.text("report_id")
        self.generator = fields.text("generator")
        self.errors = tuple(
            child.text.strip()[:REPORT_TEXT_CHARS]
            for child in element.children[:DMARC_METADATA]
            if child.name == "error" and child.text.strip()
        )[:DMARC_ERRORS]
        for name in ("org_name", "email", "report_id"):
            child = fields.one(name)
            if child is not None and not child.text.strip():
                deviations.add(Kind.MISSING, fields.at(name), say("is empty"))
        times = fields.one("date_range") or Element("date_range")
        place = fields.at("date_range")
        inside = Fields(times, place, shapes["date_range"], deviations)
        begins, out = _moment(inside, "begin", deviations)
        ends, out_too = _moment(inside, "end", deviations)
        words = _no_period(begins, ends)
        if words:
            deviations.add(Kind.VALUE, place, words)
        if out or out_too or words:  # a date gone wrong tells nothing, nor does the one beside it
            begins = ends = None
        self.begins, self.ends = begins, ends


def _no_period(begins: datetime | None, ends: datetime | None) -> str:
    if begins is None or ends is None:
        return ""
    if ends < begins:
        return say("ends before it begins")
    return (
        say("is of more than {days} days", days=_LONGEST.days) if ends - begins > _LONGEST else ""
    )


def _moment(fields: Fields, name: str, deviations: Deviations) -> tuple[datetime | None, bool]:
    """Return a time, and whether it is none that a report can have.

    It is in seconds since 1970 (RFC 9990 3.1.1.4), or what is written instead.
    """
    text = fields.text(name)
    if not text:
        if fields.one(name) is not None:
            deviations.add(Kind.MISSING, fields.at(name), say("is empty"))
        return None, False
    read = read_date(text)
    if read.moment is None or not read.in_seconds:
        # RFC 3339 itself is the other form here
        words = read.deviation or say("is a date-time, not a number of seconds")
        deviations.add(Kind.DATE, fields.at(name), words, text)
    if read.moment is not None and not _FIRST <= read.moment < _LAST:
        deviations.add(Kind.DATE, fields.at(name), say("is no time of a report"), text)
        return None, True
    return read.moment, read.moment is None


def read_policy(element: Element | None, schema: Schema, deviations: Deviations) -> PolicyPublished:
    """Return what ``policy_published`` says; total."""
    if element is None:
        return PolicyPublished()
    shape = SHAPES[schema]["policy_published"]
    fields = Fields(element, "policy_published", shape, deviations)
    pct = fields.count("pct") if fields.one("pct") is not None else None
    if pct is not None and pct > 100:
        deviations.add(Kind.VALUE, fields.at("pct"), say("is more than 100"), str(pct))
    return PolicyPublished(
        domain=fields.text("domain").lower().rstrip("."),
        p=fields.closed("p", _POLICIES),
        sp=fields.closed("sp", _POLICIES),
        adkim=fields.closed("adkim", _MODES, _WORDS_OF_MODES),
        aspf=fields.closed("aspf", _MODES, _WORDS_OF_MODES),
        fo=fields.text("fo"),
        pct=pct,
        np=fields.closed("np", _POLICIES),
        testing=fields.closed("testing", _YES_NO),
        discovery=fields.closed("discovery_method", _METHODS),
    )
