"""The lines below the steps of a domain survey in plain text."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import DkimKeysLookedUp, SpfRecordLookedUp
from mxwalk.evidence.step import Step, StepKind
from mxwalk.reports.detail_mailauth import key_lines
from mxwalk.reports.labels import STATE_SYMBOLS
from mxwalk.reports.mailauth import key
from mxwalk.reports.roll_out import plan_lines
from mxwalk.reports.survey import survey
from mxwalk.reports.survey_spf import spf_survey, survey_lines


def survey_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield what was learned in a step of a survey."""
    found = delivery.survey
    if found is None:
        return
    match step.evidence:
        case SpfRecordLookedUp():
            for name in (found.main, *found.subdomains):
                if name.spf_step == step.seq and name.spf is not None:
                    yield from survey_lines(spf_survey(name.spf))
        case DkimKeysLookedUp() if found.keys_step == step.seq:
            for one in found.keys or ():
                wanted = one.name.partition("._domainkey.")[0] in found.asked.selectors
                if one.tags is not None or (one.problem and wanted):
                    yield from key_lines(key(one))
        case _ if step.kind is StepKind.ROLL_OUT:
            whole = survey(delivery)
            if whole is not None:
                for area in whole.areas:
                    sign = STATE_SYMBOLS[area.state]
                    yield f"{sign} {area.name}: {area.state}; {area.sentence}"
                if whole.roll_out is not None:
                    yield from plan_lines(whole.roll_out)
        case _:
            pass
