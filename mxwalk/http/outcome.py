"""From one request and its redirects to the evidence of it, and to what the asker is handed."""

from dataclasses import dataclass, replace
from http import HTTPStatus

import msgspec

from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.http.exchange import status_words
from mxwalk.http.hop import Answer, Hop
from mxwalk.http.model import FetchResult, Terms
from mxwalk.http.url import BadUrl, Url, follow
from mxwalk.limits import HTTP_URL_CHARS
from mxwalk.text import visible

REDIRECTS = frozenset({301, 302, 303, 307, 308})  # RFC 9110 15.4
_SHOWN_CHARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What makes two requests the same."""

    url: str
    terms: Terms
    body: bytes | None = None
    content_type: str = ""


@dataclass(slots=True)
class Journey:
    """One request with its redirects so far."""

    question: Question
    purpose: Purpose
    redirects: tuple[str, ...] = ()
    spent_s: float = 0.0


def redirected(journey: Journey, hop: Hop) -> FetchResult | Url:
    """Return where to go on, or why not."""
    status = hop.answer.status
    location = hop.answer.header(b"location")
    if not location:
        return result(journey, f"the status {status_words(status)} came without a Location", hop)
    if journey.question.body is not None and status == HTTPStatus.SEE_OTHER:
        return result(journey, "the answer to a POST is said to be somewhere else (303)", hop)
    shown = visible(location, _SHOWN_CHARS)
    most = journey.question.terms.redirects
    if len(journey.redirects) >= most:
        allowed = (
            f"at most {most} redirects are followed" if most else "no redirect is followed here"
        )
        return result(journey, f"the server redirects to {shown}: {allowed}", hop)
    url = follow(hop.url, location)
    return result(journey, url.problem, hop) if isinstance(url, BadUrl) else url


def result(journey: Journey, problem: str, hop: Hop | None = None) -> FetchResult:
    """Make the outcome; a body is handed out only when nothing speaks against it."""
    answer = hop.answer if hop else Answer()
    body = bytes(answer.body)
    asked = journey.question.url
    if not asked.isprintable() or len(asked) > HTTP_URL_CHARS:
        asked = visible(asked, _SHOWN_CHARS)
    fetched = Fetched(
        url=asked,
        purpose=journey.purpose,
        redirects=journey.redirects,
        address=hop.address if hop else "",
        status=answer.status,
        media_type=_media_type(answer),
        size=len(body),
        sha256=answer.digest.hexdigest() if body else "",
        elapsed_s=journey.spent_s,
        problem=problem,
    )
    remarks = tuple(answer.remarks)
    if hop and hop.server and hop.server.objection and not problem:
        remarks += (f"the server is not known to be {hop.url.host}: {hop.server.objection}",)
    return FetchResult(
        fetched=fetched,
        body=b"" if problem else body,
        headers=answer.headers,
        server=hop.server if hop else None,
        remarks=remarks,
    )


def _media_type(answer: Answer) -> str:
    """Return type and subtype in lower case, without parameters (RFC 9110 8.3.1)."""
    return visible(answer.header(b"content-type").partition(";")[0].strip().lower(), _SHOWN_CHARS)


def for_purpose(outcome: FetchResult, purpose: Purpose) -> FetchResult:
    """Return the outcome as that of a request for ``purpose``."""
    return replace(outcome, fetched=msgspec.structs.replace(outcome.fetched, purpose=purpose))
