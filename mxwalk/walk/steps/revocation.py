"""The steps that ask CAs: issuers that were not sent (to explain only), CRLs and OCSP responders.

No byte goes to the mail server; what is asked, and of whom, is decided by ``mxwalk.revocation.plan``,
and whether an address may be dialled by the fetcher's permit.  All questions of a step run together,
and what has no answer after ``ASKING_S`` is given up: the mail server does not wait for ever.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from mxwalk import limits
from mxwalk.clock import from_rfc3339, to_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Delivery
from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.connection import IssuersFetched, RevocationChecked
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.revocation import CrlAsked, NotAsked, OcspAsked, RevocationOf
from mxwalk.evidence.step import Evidence, Scope
from mxwalk.limits import FETCHED_ISSUERS, HTTP_URL_CHARS
from mxwalk.pkix.model import Reason
from mxwalk.pkix.reasons import reason_of
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.ocsp_request import ocsp_request
from mxwalk.revocation.plan import Pointers, what_to_ask
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.keys import SignatureCheck, signed_by
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.further import lacks_issuer
from mxwalk.walk.live import Live, Task

# By depth, what for, and address: one address may be named for both.
_Asked = dict[tuple[int, Purpose, str], CrlAsked | OcspAsked]

OCSP_MEDIA_TYPE = "application/ocsp-request"  # RFC 6960 A.1


def _attempt(delivery: Delivery, scope: Scope) -> Attempt:
    attempt = next((one for one in delivery.attempts if one.scope == scope), None)
    if attempt is None:
        raise ProtocolMisuseError("certificates are asked about after a handshake")
    return attempt


def _path(attempt: Attempt) -> tuple[bytes, ...]:
    """Return OpenSSL's path, or what was sent where it built none, with what was fetched on top."""
    built = tuple(one.der for one in attempt.chain.path) if attempt.chain else ()
    presented = attempt.handshake.presented if attempt.handshake else ()
    path = built or presented[:1]
    fetched = attempt.issuers.certificates if attempt.issuers else ()
    return (*path, *(der for der in fetched if der not in path))


async def perform_issuers(live: Live, task: Task) -> Evidence:
    """Follow the addresses of issuers upwards from the last certificate of the path (RFC 4325 2)."""
    from mxwalk.http.model import ISSUER_TERMS

    attempt = _attempt(task.delivery, task.pending.scope)
    path = list(_path(attempt))
    fetched: list[Fetched] = []
    found: list[bytes] = []
    live.partial = lambda: IssuersFetched(fetched=tuple(fetched), certificates=tuple(found))
    asking = ""
    try:
        async with asyncio.timeout(limits.ASKING_S):
            while path and len(found) < FETCHED_ISSUERS:
                top = path[-1]
                facts = read_certificate(top)
                if facts.self_issued or not facts.ca_issuer_urls:
                    break
                issuer = b""
                for asking in facts.ca_issuer_urls[:FETCHED_ISSUERS]:
                    result = await live.tools.fetcher.get(asking, Purpose.ISSUER, ISSUER_TERMS)
                    fetched.append(result.fetched)
                    issuer = await asyncio.to_thread(_issuer_in, result.body, top)
                    if issuer:
                        break
                if not issuer or issuer in path:
                    break
                found.append(issuer)
                path.append(issuer)
    except TimeoutError:
        fetched.append(_given_up(asking, Purpose.ISSUER))
    anchors: tuple[bytes, ...] = ()
    if found:
        at = from_rfc3339(attempt.chain.evaluated_at) if attempt.chain else live.tools.clock.now()
        sent = attempt.handshake.presented if attempt.handshake else ()
        anchors = await asyncio.to_thread(_anchors, (*sent, *found), live.tools.store, at)
    return IssuersFetched(fetched=tuple(fetched), certificates=tuple(found), anchors=anchors)


def _anchors(known: tuple[bytes, ...], store: LoadedStore, at: datetime) -> tuple[bytes, ...]:
    """Return what of the store stands on the path with everything known; none if it is broken."""
    from mxwalk.pkix.openssl import verify_again

    errors, path = verify_again(known, store.ders, at)
    broken = any(reason_of(error.code) is Reason.ISSUER_MISSING for error in errors)
    return () if broken else tuple(one.der for one in path if not one.sent)


def _given_up(url: str, purpose: Purpose) -> Fetched:
    problem = f"given up: all questions of this step together may take {limits.ASKING_S:g} s"
    return Fetched(url=visible(url, HTTP_URL_CHARS), purpose=purpose, problem=problem)


def _issuer_in(body: bytes, child: bytes) -> bytes:
    """Return the certificate that signed ``child`` out of an answer; slow for large keys."""
    from mxwalk.http.issuers import read_issuers

    candidates = read_issuers(body).certificates if body else ()
    return next((one for one in candidates if _issued(one, child)), b"")


def _issued(issuer: bytes, child: bytes) -> bool:
    names = read_certificate(issuer).subject_der == read_certificate(child).issuer_der
    return names and signed_by(child, issuer) is SignatureCheck.VERIFIED


async def perform_revocation(live: Live, task: Task) -> Evidence:
    """Ask every responder and distribution point about each certificate below the anchor."""
    attempt = examined(_attempt(task.delivery, task.pending.scope))
    offline = task.delivery.options.offline
    path = _path(attempt)
    staple = attempt.handshake.ocsp_staple if attempt.handshake else b""
    stapled = (OcspAsked(response=staple),) if staple else ()
    asked: _Asked = {}
    anchored = not path or not lacks_issuer(attempt) or read_certificate(path[-1]).self_issued
    pointers = what_to_ask(path, anchored=anchored)
    nobody = not any(one.issuer for one in pointers)
    why = NotAsked.NO_PATH if nobody else NotAsked.OFFLINE if offline else None

    def evidence() -> RevocationChecked:
        parts = [
            RevocationOf(
                depth=one.depth,
                certificate=one.certificate,
                issuer=one.issuer,
                asked=(*(stapled if one.depth == 0 else ()), *_answers(one, asked)),
            )
            for one in pointers
        ]
        if not parts and path:
            parts = [RevocationOf(depth=0, certificate=path[0], asked=stapled)]
        now = to_rfc3339(live.tools.clock.now())
        return RevocationChecked(checked_at=now, certificates=tuple(parts), not_asked=why)

    live.partial = evidence
    if why is None:
        await _ask_all(live, pointers, asked)
    return evidence()


async def _ask_all(live: Live, pointers: tuple[Pointers, ...], asked: _Asked) -> None:
    """Ask everybody at once; those who have not answered in time are noted as given up."""
    try:
        async with asyncio.timeout(limits.ASKING_S), asyncio.TaskGroup() as group:
            for one in pointers:
                for url in one.ocsp_urls:
                    group.create_task(_ask_responder(live, one, url, asked))
                for url in one.crl_urls:
                    group.create_task(_ask_list(live, one, url, asked))
    except TimeoutError:
        for one in pointers:
            for url in one.ocsp_urls:
                given_up = OcspAsked(fetch=_given_up(url, Purpose.OCSP))
                asked.setdefault((one.depth, Purpose.OCSP, url), given_up)
            for url in one.crl_urls:
                unlisted = CrlAsked(fetch=_given_up(url, Purpose.CRL))
                asked.setdefault((one.depth, Purpose.CRL, url), unlisted)


def _answers(one: Pointers, asked: _Asked) -> Iterator[CrlAsked | OcspAsked]:
    """Yield what came so far in the order in which it was asked for."""
    responders = ((one.depth, Purpose.OCSP, url) for url in one.ocsp_urls)
    lists = ((one.depth, Purpose.CRL, url) for url in one.crl_urls)
    yield from (asked[key] for key in (*responders, *lists) if key in asked)


async def _ask_responder(live: Live, one: Pointers, url: str, asked: _Asked) -> None:
    from mxwalk.http.model import OCSP_TERMS

    body = ocsp_request(one.certificate, one.issuer)
    if not body:  # the certificate cannot be named to a responder
        problem = "no question can be made: the certificate or its issuer cannot be read"
        fetch = Fetched(url=url, purpose=Purpose.OCSP, problem=problem)
        asked[one.depth, Purpose.OCSP, url] = OcspAsked(fetch=fetch)
        return
    result = await live.tools.fetcher.post(url, body, OCSP_MEDIA_TYPE, Purpose.OCSP, OCSP_TERMS)
    asked[one.depth, Purpose.OCSP, url] = OcspAsked(fetch=result.fetched, response=result.body)


async def _ask_list(live: Live, one: Pointers, url: str, asked: _Asked) -> None:
    from mxwalk.http.model import CRL_TERMS

    result = await live.tools.fetcher.get(url, Purpose.CRL, CRL_TERMS)
    extract = None
    if result.body:  # a list may have 20 MB
        extract = await asyncio.to_thread(read_crl, result.body, one.certificate, one.issuer)
    asked[one.depth, Purpose.CRL, url] = CrlAsked(fetch=result.fetched, extract=extract)
