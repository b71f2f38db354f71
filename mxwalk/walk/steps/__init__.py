"""What performs each kind of step; a new kind is a function here and a line in ``PERFORMERS``."""

from collections.abc import Awaitable, Callable, Mapping

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
from mxwalk.walk.steps.mailauth import (
    perform_arc,
    perform_conclusion,
    perform_dkim,
    perform_dmarc,
    perform_keys,
    perform_read,
    perform_reporters,
    perform_spf,
    perform_spf_record,
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
    StepKind.MESSAGE: perform_read,
    StepKind.SPF_MAILFROM: perform_spf,
    StepKind.SPF_HELO: perform_spf,
    StepKind.DKIM: perform_dkim,
    StepKind.ARC: perform_arc,
    StepKind.SPF_RECORD: perform_spf_record,
    StepKind.DKIM_KEYS: perform_keys,
    StepKind.DMARC: perform_dmarc,
    StepKind.REPORTERS: perform_reporters,
    StepKind.ALIGNMENT: perform_conclusion,
    StepKind.DISPOSITION: perform_conclusion,
    StepKind.RESULT_HEADERS: perform_conclusion,
    StepKind.ROLL_OUT: perform_conclusion,
}
