"""TLS-RPT: who asks for reports, and where they go."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.common import looked_up, of_answer, unanswered
from mxwalk.compare.side import Look
from mxwalk.language import noted, say

ID = "tls-rpt"
TITLE = noted("TLS-RPT")
UNIT = "policy"


def parts(look: Look) -> Iterator[Part]:
    """Yield the records at ``_smtp._tls``."""
    looked, step = look.delivery.policy_records, look.delivery.records_step
    if not look.whole or looked is None or step is None or not looked_up((looked.tls_rpt,)):
        return
    subject = say("record")
    facts = tuple(of_answer(looked.tls_rpt, step.seq, rival="record", subject=subject))
    blind = unanswered((looked.tls_rpt,), subject)
    yield Part(key=("record",), place="", facts=facts, step=step.seq, blind=blind)
