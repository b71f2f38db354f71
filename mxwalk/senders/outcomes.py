"""The mark and the words of each outcome, one for the screen and every report.

Encryption without a verified peer is neither a success nor a fault: only a verified delivery is
marked as good.  Nor is a message good that is accepted although nothing proves its author.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.senders.model import Outcome

DELIVERED = noted("nothing: the message is delivered")  # what a sender does next
NOT_KNOWN = noted("not known from this walk")  # what would tell: ``senders.find_out``

OUTCOME_MARKS: Mapping[Outcome, Mark] = MappingProxyType(
    {
        Outcome.DELIVERED_VERIFIED: Mark.OK,
        Outcome.DELIVERED_ENCRYPTED: Mark.INFO,
        Outcome.DELIVERED_CLEAR: Mark.WARN,
        Outcome.DEFERRED: Mark.FAIL,
        Outcome.BOUNCED: Mark.FAIL,
        Outcome.ACCEPTED_AUTHENTIC: Mark.OK,
        Outcome.ACCEPTED: Mark.WARN,
        Outcome.QUARANTINED: Mark.FAIL,
        Outcome.REJECTED: Mark.FAIL,
        Outcome.COMPLETE: Mark.OK,
        Outcome.INCOMPLETE: Mark.WARN,
        Outcome.UNKNOWN: Mark.UNKNOWN,
    }
)

_WORDS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.DELIVERED_VERIFIED: noted("delivered, verified"),
        Outcome.DELIVERED_ENCRYPTED: noted("delivered, encrypted"),
        Outcome.DELIVERED_CLEAR: noted("delivered in clear"),
        Outcome.DEFERRED: noted("deferred"),
        Outcome.BOUNCED: noted("bounced"),
        Outcome.ACCEPTED_AUTHENTIC: noted("accepted, authentic"),
        Outcome.ACCEPTED: noted("accepted, unproven"),
        Outcome.QUARANTINED: noted("quarantined"),
        Outcome.REJECTED: noted("rejected"),
        Outcome.COMPLETE: noted("complete"),
        Outcome.INCOMPLETE: noted("not complete"),
        Outcome.UNKNOWN: noted("inconclusive"),
    }
)


def words_of(outcome: Outcome) -> str:
    """Return an outcome in words."""
    return say(_WORDS[outcome])
