"""The resolver: a question goes out, evidence comes back (RFC 1034 5.3, RFC 6891, RFC 8914).

A stub that asks recursive resolvers in their order, over UDP and where needed over TCP, follows
CNAME chains, and remembers answers for the length of one walk.  An answer is an answer: SERVFAIL
and REFUSED are what the sender would see too, so that only silence, a closed port and bytes that
answer nothing move on to the next server.  Nothing a server sends is raised.

Flags: RD, AD and DO are set.  CD is not: without it a validating resolver turns bogus data into
SERVFAIL, which is what an ordinary sender gets.  DNSSEC validation of our own wants to see bogus
data and uses a resolver with ``checking_disabled=True``.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

import msgspec

from mxwalk.clock import Clock, SystemClock
from mxwalk.dns.answers import Received, is_left_open, joined, to_answer, unreadable, with_chain
from mxwalk.dns.chain import follow
from mxwalk.dns.servers import parse_resolver, server_text, system_servers
from mxwalk.dns.transport import Failure, ask_tcp, ask_udp
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import say
from mxwalk.limits import DNS_QUESTIONS_AT_ONCE

__all__ = ["Resolver", "StubResolver", "parse_resolver", "system_servers"]

_KEPT = frozenset({DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN, DnsStatus.LOOP})
_EDNS_REFUSALS = frozenset({"FORMERR", "NOTIMP", "BADVERS"})  # RFC 6891 7


class Resolver(Protocol):
    """The only thing that asks DNS."""

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask for the records of a type at a name; every outcome is an answer."""
        ...

    def forget(self) -> None:
        """Drop what is remembered of this walk's answers, so that a retry asks anew."""
        ...


class _Flight:
    """A question on its way; whoever asks the same waits for it."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.answer: DnsAnswer | None = None


class StubResolver:
    """Asks recursive resolvers.

    ``servers`` are (address, port) in the order to try; ``timeout_s`` is what one server gets for
    one question and transport (over UDP the query is sent twice within it).  Raises ``UsageError``
    when there are no servers.
    """

    def __init__(
        self,
        servers: Sequence[tuple[str, int]],
        timeout_s: float,
        *,
        clock: Clock | None = None,
        checking_disabled: bool = False,
    ) -> None:
        if not servers:
            raise UsageError(say("no resolver to ask; name one with --resolver ADDRESS"))
        from mxwalk.dns import messages, wire  # dnspython is loaded with the first resolver

        self._messages = messages
        self._read = wire.read
        self._servers = tuple(servers)
        self._timeout_s = timeout_s
        self._clock = clock or SystemClock()
        self._checking_disabled = checking_disabled
        self._flights: dict[tuple[str, str], _Flight] = {}
        self._places = asyncio.Semaphore(DNS_QUESTIONS_AT_ONCE)

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Return the answer; the same question is asked once a walk unless it failed.

        A remembered answer keeps the time it took when it was asked.  A name that cannot be asked
        gives MALFORMED.  Raises ``UsageError`` for an unknown type.
        """
        try:
            name = self._messages.canonical_name(qname)
        except self._messages.UnaskableNameError as error:
            return DnsAnswer(
                qname=qname, rtype=rtype, status=DnsStatus.MALFORMED, transport="", error=str(error)
            )
        started = self._clock.monotonic()
        key = (name, rtype)
        while (known := self._flights.get(key)) is not None:
            await known.done.wait()
            if known.answer is not None:
                return msgspec.structs.replace(known.answer, from_cache=True)
        flight = self._flights[key] = _Flight()
        try:
            async with self._places:
                answer = await self._resolve(name, rtype)
            waited = self._clock.monotonic() - started
            flight.answer = msgspec.structs.replace(answer, elapsed_s=waited)
            return flight.answer
        finally:
            flight.done.set()
            if flight.answer is None or flight.answer.status not in _KEPT:
                del self._flights[key]  # a retry asks again

    def forget(self) -> None:
        """Drop the remembered answers, so that a retry sees what was mended meanwhile."""
        self._flights = {key: f for key, f in self._flights.items() if not f.done.is_set()}

    # -- one question, all hops -------------------------------------------------------------------

    async def _resolve(self, name: str, rtype: str) -> DnsAnswer:
        answer = await self._ask(name, rtype)
        chain = follow(name, rtype, answer.answer)
        while is_left_open(answer, chain):  # the recursor did not chase the CNAME
            more = await self._ask(chain.end, rtype)
            answer = joined(answer, more)
            further = follow(name, rtype, answer.answer)
            if further.end == chain.end:
                break
            chain = further
        return with_chain(answer, chain)

    async def _ask(self, name: str, rtype: str) -> DnsAnswer:
        failures: list[Failure] = []
        for server in self._servers:
            outcome = await self._ask_server(server, name, rtype)
            if isinstance(outcome, DnsAnswer):
                return outcome
            failures.append(outcome)
        return DnsAnswer(
            qname=name,
            rtype=rtype,
            status=failures[-1].status,
            server=server_text(self._servers[-1]),
            error="; ".join(failure.detail for failure in failures),
            wire=failures[-1].wire,
        )

    async def _ask_server(
        self, server: tuple[str, int], name: str, rtype: str
    ) -> DnsAnswer | Failure:
        outcome = await self._exchange(server, name, rtype, edns=True)
        if isinstance(outcome, DnsAnswer) and outcome.rcode in _EDNS_REFUSALS:
            return await self._exchange(server, name, rtype, edns=False)
        return outcome

    async def _exchange(
        self, server: tuple[str, int], name: str, rtype: str, *, edns: bool
    ) -> DnsAnswer | Failure:
        query = self._messages.make_query(
            name, rtype, edns=edns, checking_disabled=self._checking_disabled
        )
        accepts = partial(self._messages.is_answer_to, query)
        transport = "udp"
        wire = await ask_udp(server, query.wire, accepts, self._timeout_s)
        if isinstance(wire, bytes) and self._messages.is_truncated(wire):
            transport = "tcp"  # RFC 7766 5
            wire = await ask_tcp(server, query.wire, accepts, self._timeout_s)
            if isinstance(wire, Failure):
                return replace(wire, detail=f"the answer over UDP was truncated; {wire.detail}")
        if isinstance(wire, Failure):
            return wire
        where, reading = server_text(server), self._read(wire)
        if reading.broken:  # half a message is no answer: what is missing may be what matters
            detail = unreadable(reading, where)
            return Failure(status=DnsStatus.MALFORMED, detail=detail, wire=wire)
        return to_answer(reading, Received(name, rtype, where, transport, wire))
