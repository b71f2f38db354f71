"""The Cisco Email Security Appliance as a receiver: as delivered, and as Cisco's guide recommends.

The guide is "Email Authentication Best Practices: The Optimal Ways To Deploy SPF, DKIM And DMARC".
With verification switched on in the mail flow policy the appliance writes header fields and does
nothing else: SPF and DKIM need filters, and the default DMARC verification profile has "No Action"
everywhere.  It works by RFC 7489, looks at five signatures at most by default, sends aggregate reports
if told to, and no failure reports (``ruf``).  SMTP replies are the defaults of the AsyncOS user guide,
"Create a DMARC Verification Profile"; comments in the header are ours where the guide has none.
"""

from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.identity.model import IdentityResult
from mxwalk.language import noted, say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import Assessment, Reading
from mxwalk.receivers.esa_checks import (
    SIGNATURES,
    Decision,
    accepted,
    by_dkim,
    by_dmarc,
    by_spf,
    headers_only,
    unknown,
)
from mxwalk.receivers.esa_words import esa_results
from mxwalk.receivers.evidence import LOG_CHARS, assessed
from mxwalk.senders.model import SenderProfile, Verdict
from mxwalk.text import visible

SOURCE = (
    "Cisco: Email Authentication Best Practices, The Optimal Ways To Deploy SPF, DKIM And DMARC;"
    " AsyncOS user guide, Email Authentication"
)
_REASON = 900


@dataclass(frozen=True, slots=True)
class EsaReceiver:
    """The appliance in one of its two configurations."""

    id: str
    name: str
    acts: bool
    source: str = SOURCE

    @property
    def label(self) -> str:
        """What it is called."""
        return say(self.name)

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return ``None``: a receiver checks no server."""
        del attempt
        return None

    def judge(self, delivery: Delivery) -> Verdict:
        """Return what becomes of the message, as far as the walk tells."""
        case = delivery.message
        if case is None:
            return self._verdict(unknown(say("there is no message to judge"), None))
        assessment = assessed(case, Reading.RFC7489, SIGNATURES)
        if assessment is None and case.author_domain:
            return self._verdict(unknown(say("DMARC has not been looked up yet"), None))
        decision = self._decided(case, assessment)
        log = decision.log or esa_results(case, assessment, SIGNATURES, acts=self.acts)
        return self._verdict(decision, log)

    def _decided(self, case: MessageCase, assessment: Assessment | None) -> Decision:
        if not self.acts:
            return headers_only(case, assessment)
        first = None if assessment is None else by_dmarc(case, assessment)
        # The DMARC profile can reject within SMTP; filters see the message later.
        return first or by_spf(case) or by_dkim(case) or accepted(case, assessment)

    def _verdict(self, decision: Decision, log: str = "") -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=decision.outcome,
            reason=visible(decision.reason, _REASON),
            log=visible(log, LOG_CHARS),
            step=decision.step,
            next_action=decision.following,
            code=decision.code,
        )


PROFILES: tuple[SenderProfile, ...] = (
    EsaReceiver(id="esa", name=noted("ESA as delivered"), acts=False),
    EsaReceiver(id="esa-guide", name=noted("ESA as the guide recommends"), acts=True),
)
