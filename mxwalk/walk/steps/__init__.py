"""What performs each kind of step; a new kind is a function here and a line in ``PERFORMERS``."""

from collections.abc import Awaitable, Callable, Mapping

from mxwalk.evidence.bounds_mailauth import EVIDENCE_OF_MAILAUTH as KINDS_OF_MAIL_AUTHENTICATION
from mxwalk.evidence.step import Evidence, StepKind
from mxwalk.walk.live import Live, Task
from mxwalk.walk.steps.commands import perform_exchange
from mxwalk.walk.steps.looks import perform_look
from mxwalk.walk.steps.lookups import (
    perform_addresses,
    perform_mx,
    perform_ptr,
    perform_resolver,
    perform_tlsa,
)
from mxwalk.walk.steps.policies import perform_policy, perform_policy_records
from mxwalk.walk.steps.revocation import perform_issuers, perform_revocation
from mxwalk.walk.steps.transport import (
    perform_chain,
    perform_connect,
    perform_handshake,
    perform_identity,
)

Performer = Callable[[Live, Task], Awaitable[Evidence]]


async def _of_mail_authentication(live: Live, task: Task) -> Evidence:
    from mxwalk.walk.steps import mailauth  # takes long to load; a delivery does without it

    return await mailauth.PERFORMERS[task.pending.kind](live, task)


PERFORMERS: Mapping[StepKind, Performer] = {
    StepKind.RESOLVER: perform_resolver,
    StepKind.MX: perform_mx,
    StepKind.POLICY_RECORDS: perform_policy_records,
    StepKind.STS_POLICY: perform_policy,
    StepKind.ADDRESS: perform_addresses,
    StepKind.TLSA: perform_tlsa,
    StepKind.PTR: perform_ptr,
    StepKind.CONNECT: perform_connect,
    StepKind.GREETING: perform_exchange,
    StepKind.EHLO: perform_exchange,
    StepKind.HELO: perform_exchange,
    StepKind.STARTTLS: perform_exchange,
    StepKind.HANDSHAKE: perform_handshake,
    StepKind.CHAIN: perform_chain,
    StepKind.ISSUERS: perform_issuers,
    StepKind.REVOCATION: perform_revocation,
    StepKind.IDENTITY: perform_identity,
    StepKind.EHLO_TLS: perform_exchange,
    StepKind.MAIL: perform_exchange,
    StepKind.RCPT: perform_exchange,
    StepKind.RSET: perform_exchange,
    StepKind.QUIT: perform_exchange,
    StepKind.CLASSIC_GROUPS: perform_look,
    StepKind.LEGACY_TLS: perform_look,
    StepKind.WITHOUT_SNI: perform_look,
    StepKind.OTHER_LEAF: perform_look,
    **dict.fromkeys(KINDS_OF_MAIL_AUTHENTICATION, _of_mail_authentication),
}
