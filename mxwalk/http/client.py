"""Fetching what certificates and policies point at: bounded, guarded, and each thing once a walk.

Whatever a peer or a URL does is told in ``Fetched.problem``; nothing is raised.  At most one
connection is open to a host at a time, those who ask for the same share one request, and an
outcome is remembered until ``forget``, failures too.  Cancellation closes the socket.
"""

import asyncio
from http import HTTPStatus

from mxwalk.clock import Clock
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.exchange import Message, exchange, status_words
from mxwalk.http.guard import Permit
from mxwalk.http.hop import Hop
from mxwalk.http.model import FetchLimits, FetchResult, Terms
from mxwalk.http.outcome import REDIRECTS, Journey, Question, for_purpose, redirected, result
from mxwalk.http.reach import Means, reach
from mxwalk.http.response import Bounds, Budget
from mxwalk.http.url import BadUrl, Url, read_url
from mxwalk.net.dialer import Dialer
from mxwalk.net.endings import seconds
from mxwalk.tls.store import LoadedStore


class _Flight:
    """A request on its way; whoever asks the same waits for it."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.result: FetchResult | None = None


class Fetcher:
    """Fetches for one walk.

    ``permit`` decides which addresses may be dialled; ``store`` is what https servers are held
    against, at the time ``clock`` gives.
    """

    def __init__(
        self,
        dialer: Dialer,
        resolver: Resolver,
        store: LoadedStore,
        *,
        clock: Clock,
        permit: Permit,
        limits: FetchLimits | None = None,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._means = Means(
            dialer=dialer,
            resolver=resolver,
            store=store,
            clock=clock,
            permit=permit,
            limits=self._limits,
        )
        self._flights: dict[Question, _Flight] = {}
        self._hosts: dict[str, asyncio.Lock] = {}
        self._requests = 0
        self._budget = Budget(self._limits.total_bytes)

    async def get(self, url: str, purpose: Purpose, terms: Terms | None = None) -> FetchResult:
        """Return what is at ``url``."""
        return await self._ask(Question(url=url, terms=terms or Terms()), purpose)

    async def post(
        self, url: str, body: bytes, content_type: str, purpose: Purpose, terms: Terms | None = None
    ) -> FetchResult:
        """Return the answer to ``body`` sent to ``url``."""
        question = Question(url=url, terms=terms or Terms(), body=body, content_type=content_type)
        return await self._ask(question, purpose)

    def forget(self) -> None:
        """Drop the remembered outcomes and their count: a retry sees what was mended meanwhile."""
        self._requests = 0
        self._budget = Budget(self._limits.total_bytes)
        self._flights = {key: f for key, f in self._flights.items() if not f.done.is_set()}

    async def _ask(self, question: Question, purpose: Purpose) -> FetchResult:
        while (known := self._flights.get(question)) is not None:
            await known.done.wait()
            if known.result is not None:
                return for_purpose(known.result, purpose)
        flight = self._flights[question] = _Flight()
        try:
            flight.result = await self._travel(Journey(question, purpose))
            return flight.result
        finally:
            flight.done.set()
            if flight.result is None:  # cancelled: the next one asks anew
                del self._flights[question]

    async def _travel(self, journey: Journey) -> FetchResult:
        url = read_url(journey.question.url)
        while True:
            if isinstance(url, BadUrl):
                return result(journey, url.problem)
            if problem := self._exhausted():
                return result(journey, problem)
            outcome = await self._one_hop(journey, url)
            if isinstance(outcome, FetchResult):
                return outcome
            journey.redirects += (str(outcome),)
            url = outcome

    def _exhausted(self) -> str:
        if self._requests >= self._limits.requests:
            return f"not asked: {self._requests} requests were made in this walk already"
        if self._budget.left_bytes <= 0:
            return f"not asked: {self._limits.total_bytes} bytes were fetched in this walk already"
        self._requests += 1
        return ""

    async def _one_hop(self, journey: Journey, url: Url) -> FetchResult | Url:
        """Make one request; return where it redirects to, or the outcome."""
        hop = Hop(url)
        async with self._hosts.setdefault(url.host, asyncio.Lock()):
            clock, started = self._means.clock, self._means.clock.monotonic()
            try:
                async with asyncio.timeout(max(self._limits.timeout_s - journey.spent_s, 0)):
                    await self._exchange(hop, journey.question)
                if not hop.problem:
                    await hop.close()
            except TimeoutError:
                limit = seconds(self._limits.timeout_s)
                hop.problem = f"the request was not done within {limit}: {hop.progress}"
            finally:
                hop.abort()
                journey.spent_s += clock.monotonic() - started
        if not hop.problem and hop.answer.status in REDIRECTS:
            return redirected(journey, hop)
        if not hop.problem and hop.answer.status != HTTPStatus.OK:
            hop.problem = f"the server answered with the status {status_words(hop.answer.status)}"
        return result(journey, hop.problem, hop)

    async def _exchange(self, hop: Hop, question: Question) -> None:
        terms, limits = question.terms, self._limits
        try:
            reached = await reach(hop, self._means, verify_server=terms.verify_server)
        finally:
            if hop.connection is not None:  # a handshake counts as well, also a broken off one
                self._budget.left_bytes -= hop.connection.read_bytes
        if not reached:
            return
        message = Message(
            accept=terms.accept, body=question.body, content_type=question.content_type
        )
        bounds = Bounds(
            body_bytes=terms.max_bytes,
            header_bytes=limits.header_bytes,
            wait_s=limits.timeout_s,
            budget=self._budget,
        )
        await exchange(hop, message, bounds)
