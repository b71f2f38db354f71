"""What one walk may ask of DNS and how long it may work; over that, the walk ends and says so.

A domain decides how many hosts, addresses, names and aliases a walk follows, and a server how slowly
each step goes on: each of these has a limit, and all of them together would still be tens of thousands
of questions and weeks.  Both budgets are of the walk's own work: pauses cost nothing.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from mxwalk import limits
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.step import DecisionKind


class Budget:
    """The budgets of one walk; ``spent`` is why it ends once one of them is used up."""

    def __init__(self) -> None:
        self.spent: DecisionKind | None = None
        self._asked = 0
        self._worked_s = 0.0
        self._step: asyncio.Timeout | None = None
        self._over = asyncio.Event()  # of the step under way
        self._struck = False  # the step under way

    @contextlib.asynccontextmanager
    async def step(self, *, limited: bool) -> AsyncIterator[None]:
        """Perform a step within; raises ``TimeoutError`` when a budget ends in the midst of it.

        What only takes leave of a server is not ``limited``: its own time-outs are short.
        """
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        left_s = max(limits.WALK_S - self._worked_s, 0.0)
        self._over, self._struck = asyncio.Event(), False
        try:
            async with asyncio.timeout(left_s if limited else None) as self._step:
                yield
        except TimeoutError:
            if self._step is not None and self._step.expired():
                self.spent = self.spent or DecisionKind.TIME_SPENT
            raise
        finally:
            self._step = None
            self._over.set()
            self._worked_s += loop.time() - began_s

    def counting(self, resolver: Resolver) -> Resolver:
        """Return the resolver with its questions charged to this budget."""
        return _Counting(resolver, self)

    def take(self) -> bool:
        """Take one question, if there is one left."""
        if self._asked >= limits.DNS_QUESTIONS_PER_WALK:
            return False
        self._asked += 1
        return True

    def charge(self, questions: int) -> None:
        """Charge questions that were made besides; negative where one was not made after all."""
        self._asked += questions

    async def strike(self) -> None:
        """End the step under way for want of questions; returns at once when there is none.

        Of many questions that are asked side by side the first ends it.  Those that come while it ends
        wait for that; its time-out must not be touched any more.  One that is no part of the step waits
        for its end, too.  A step that ends by itself in that moment is not the one that is broken off.
        """
        if self._step is None:
            return
        if not self._struck and not self._step.expired():
            self.spent, self._struck = self.spent or DecisionKind.LOOKUPS_SPENT, True
            self._step.reschedule(asyncio.get_running_loop().time())
        await self._over.wait()


class _Counting:
    """A resolver that asks no more than the walk may."""

    def __init__(self, inner: Resolver, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask, and charge the aliases followed as well; what is remembered costs nothing."""
        if not self._budget.take():
            await self._budget.strike()
            error = f"not asked: {limits.DNS_QUESTIONS_PER_WALK} look-ups were made in this walk"
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.CANCELLED, error=error)
        answer = await self._inner.query(qname, rtype)
        self._budget.charge(-1 if answer.from_cache else len(answer.cname_hops))
        return answer

    def forget(self) -> None:
        """Drop what is remembered."""
        self._inner.forget()
