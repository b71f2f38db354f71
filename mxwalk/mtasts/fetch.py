"""What came of the fetch of a policy: the file, or in which way there is none (RFC 8461 3.3)."""

import enum
from http import HTTPStatus

from mxwalk.evidence.connection import PolicyFetched
from mxwalk.evidence.fetch import NO_RESOLVER
from mxwalk.language import noted, say
from mxwalk.text import visible

PLAIN_TEXT = "text/plain"


class FetchFault(enum.Enum):
    """Why the fetch gave no file, in kinds that have different owners and fixes."""

    NONE = noted("the file came")
    NO_ANSWER = noted("no answer")
    CERTIFICATE = noted("the policy host's certificate")
    REDIRECT = noted("a redirect")
    STATUS = noted("another status")
    MEDIA_TYPE = noted("another media type")
    BODY = noted("the body is of no use")
    GUARDED = noted("an address that is not asked")
    CANCELLED = noted("cancelled")
    RESOLVER = noted("our own resolver does not tell its addresses")


_OWN_MACHINE = "is an address of this very machine"  # mxwalk.http.guard says so


def fetch_fault(fetch: PolicyFetched) -> FetchFault:
    """Return in which way the fetch failed; the file's content plays no part."""
    fetched = fetch.fetched
    if fetch.cancelled:
        return FetchFault.CANCELLED
    if fetched.problem:
        if fetched.status == 0 and fetched.problem.startswith(_guard(fetch)):
            return FetchFault.GUARDED
        if fetched.untold:
            return FetchFault.RESOLVER
        if fetch.objection and fetched.status == 0:
            return FetchFault.CERTIFICATE if fetch.chain is not None else FetchFault.NO_ANSWER
        if fetched.status == 0:
            return FetchFault.NO_ANSWER
        if 300 <= fetched.status < 400:  # RFC 8461 3.3: 3xx redirects are not followed
            return FetchFault.REDIRECT
        if fetched.status != HTTPStatus.OK:
            return FetchFault.STATUS
        return FetchFault.BODY
    if fetched.media_type != PLAIN_TEXT:  # RFC 8461 3.2
        return FetchFault.MEDIA_TYPE
    return FetchFault.NONE


def is_own_machine(fetch: PolicyFetched) -> bool:
    """Say whether the host was not asked because its address is that of the machine that walked."""
    guarded = fetch_fault(fetch) is FetchFault.GUARDED
    return guarded and _OWN_MACHINE in fetch.fetched.problem


def _guard(fetch: PolicyFetched) -> str:
    return f"mta-sts.{fetch.domain} is not asked: "


def fault_words(fetch: PolicyFetched, fault: FetchFault) -> str:
    """Return in one sentence why there is no file."""
    url = visible(fetch.fetched.url, 200)
    if fault is FetchFault.MEDIA_TYPE:
        media = fetch.fetched.media_type
        said = (
            say('is served as "{media}"', media=visible(media, 60))
            if media
            else say("is served without a media type")
        )
        return say("{url} {said}, not as text/plain", url=url, said=said)
    problem = visible(fetch.fetched.problem, 400)
    if fault is FetchFault.GUARDED:
        why = problem.removeprefix(_guard(fetch))
        return say(
            "{url}: mta-sts.{domain} is not asked: {why}", url=url, domain=fetch.domain, why=why
        )
    if fault is FetchFault.RESOLVER:
        rest = problem.removeprefix(NO_RESOLVER)
        return say("{url}: our resolver does not tell the addresses of {rest}", url=url, rest=rest)
    return f"{url}: {problem}"
