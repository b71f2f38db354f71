"""``check_host()`` live, over a resolver and within the overall time of RFC 7208 4.6.4."""

import asyncio
from collections.abc import Callable

from mxwalk import limits
from mxwalk.clock import SystemClock
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.mailauth.asking import Asked, ask
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.model import Evaluation


class TimedResolver:
    """A resolver with an end: what is not answered until then is answered by ``TIMEOUT``.

    So an evaluation that takes too long ends as temperror (RFC 7208 4.6.4) with its whole tree, and
    a trace of it holds the answers that made it so.
    """

    def __init__(self, resolver: Asked, seconds: float = limits.SPF_OVERALL_S) -> None:
        self._resolver = resolver
        self._seconds = seconds
        self._until: float | None = None

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask the resolver while there is time; the time begins with the first question."""
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + self._seconds
        try:
            async with asyncio.timeout_at(self._until):
                return await self._resolver.query(qname, rtype)
        except TimeoutError:
            return DnsAnswer(
                qname=qname,
                rtype=rtype,
                status=DnsStatus.TIMEOUT,
                error=f"the whole evaluation took longer than {self._seconds:g} s",
            )


async def check_host(  # noqa: PLR0913 - RFC 7208 4.1 names the first four
    ip: str,
    domain: str,
    sender: str,
    helo: str,
    resolver: Asked,
    *,
    receiver: str = "unknown",
    overall_s: float = limits.SPF_OVERALL_S,
    on_answer: Callable[[DnsAnswer], None] | None = None,
) -> Evaluation:
    """Evaluate SPF for one identity (RFC 7208 4.1); after ``overall_s`` seconds it is temperror."""
    asking = evaluate(ip, domain, sender, helo, receiver=receiver, now=SystemClock().now())
    outcome = await ask(asking, TimedResolver(resolver, overall_s), on_answer)
    return outcome.result
