"""The steps of MTA-STS and TLS-RPT: both records together, and the policy file over https.

The file is fetched as RFC 8461 3.3 has it: no redirects, a trusted certificate for the very policy
host, nothing cached.  Whatever the host does is evidence.
"""

import asyncio

from msgspec import structs

from mxwalk.evidence.connection import PolicyFetched
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Evidence
from mxwalk.evidence.target import Timeouts
from mxwalk.http.model import POLICY_TERMS, FetchLimits, FetchResult
from mxwalk.limits import STS_FETCH_S
from mxwalk.mtasts.advice import policy_url
from mxwalk.mtasts.record import record_name
from mxwalk.walk.live import Live, Task
from mxwalk.walk.steps.lookups import cancelled_answer, validated


def policy_limits(timeouts: Timeouts) -> FetchLimits:
    """Return the limits of a policy fetch: a minute, or less where commands wait less."""
    return FetchLimits(timeout_s=min(STS_FETCH_S, timeouts.command_s), connect_s=timeouts.connect_s)


def report_record_name(domain: str) -> str:
    """Return the name the TLS-RPT record stands at (RFC 8460 3)."""
    return f"_smtp._tls.{domain}"


async def perform_policy_records(live: Live, task: Task) -> Evidence:
    """Ask for the records of MTA-STS and TLS-RPT together; neither depends on the other."""
    domain = task.delivery.domain
    names = (record_name(domain), report_record_name(domain))

    answers = {name: cancelled_answer(name, "TXT") for name in names}

    async def ask(name: str) -> None:
        answers[name] = await live.tools.resolver.query(name, "TXT")

    def evidence() -> PolicyRecordsLookedUp:
        sts, tls_rpt = (answers[name] for name in names)
        return PolicyRecordsLookedUp(domain=domain, sts=sts, tls_rpt=tls_rpt)

    live.partial = evidence
    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(ask(name))
    found = evidence()
    support = await validated(live, task, (found.sts, found.tls_rpt))
    return structs.replace(found, support=support)


async def perform_policy(live: Live, task: Task) -> Evidence:
    """Fetch the policy file (RFC 8461 3.3); the handshake with the policy host is kept."""
    domain = task.delivery.domain
    url = policy_url(domain)
    cancelled = Fetched(
        url=url, purpose=Purpose.STS_POLICY, problem="cancelled before the answer was complete"
    )
    live.partial = lambda: PolicyFetched(domain=domain, fetched=cancelled, cancelled=True)
    result = await live.tools.policies.get(url, Purpose.STS_POLICY, POLICY_TERMS)
    return policy_evidence(domain, result)


def policy_evidence(domain: str, result: FetchResult) -> PolicyFetched:
    """Return the evidence of a fetch."""
    server = result.server
    return PolicyFetched(
        domain=domain,
        fetched=result.fetched,
        body=result.body,
        handshake=server.handshake if server else None,
        chain=server.chain if server else None,
        objection=server.objection if server else "",
        remarks=result.remarks,
    )
