"""A resolver that is held to what it says of the DNS root, for commands that ask without a walk.

One that denies the root denies anything (a captive network, a resolver that is cut off), so what it
denies is not known.  Walks do the same, see ``mxwalk.delivery.standing``.
"""

import asyncio

import msgspec

from mxwalk.delivery.denials import DENIED, denies_root
from mxwalk.dns.lookups import check_resolver
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import say
from mxwalk.text import visible


class BelievedResolver:
    """Asks for the root beside the first question; a denial counts only if the root is there."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._root: asyncio.Task[str] | None = None

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask; what a resolver denies that denies the root is an answer that failed."""
        async with asyncio.TaskGroup() as group:
            if self._root is None:
                self._root = group.create_task(self._root_denied())
            asked = group.create_task(self._resolver.query(qname, rtype))
        answer = asked.result()
        if answer.status not in DENIED or not (why := await self._root):
            return answer
        return msgspec.structs.replace(answer, status=DnsStatus.OTHER_RCODE, error=why)

    def forget(self) -> None:
        """Forget what was kept, the root as well."""
        self._root = None
        self._resolver.forget()

    @property
    def problem(self) -> str:
        """Why nothing that was denied counts, once something was asked; empty if all counts."""
        done = self._root is not None and self._root.done() and not self._root.cancelled()
        return self._root.result() if self._root is not None and done else ""

    async def _root_denied(self) -> str:
        checked = await check_resolver(self._resolver)
        if not denies_root(checked):
            return ""
        server = visible(checked.answer.server, 100)
        return (
            say(
                "the resolver {server} denies the DNS root as well: what it denies cannot be believed",
                server=server,
            )
            if server
            else say("the resolver denies the DNS root as well: what it denies cannot be believed")
        )
