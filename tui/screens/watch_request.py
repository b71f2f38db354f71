"""From what is walked or shown to what is watched: target, options, condition and interval."""

import msgspec

from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.language import say
from mxwalk.senders.model import Verdict
from mxwalk.session import default_options, lab_options
from mxwalk.walk.target import parse_target
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.engine import Plan
from mxwalk.watch.politeness import USUAL_S, is_local
from mxwalk.watch.runner import Watched
from tui.request import Request

_LAB_EVERY_S = 5


def watch_of(
    request: Request, trace: Trace | None, sender: str, verdict: Verdict | None
) -> tuple[Watched, Plan]:
    """Return what to watch and the first plan: until it is delivered, or until a verdict changes.

    Raises ``UsageError`` for what cannot be walked again.
    """
    purpose = request.purpose
    if purpose is Purpose.MESSAGE:
        raise UsageError(say("A message as received stays as it is: there is nothing to watch."))
    header = request.trace.header if request.trace is not None else None
    if header is not None and header.redacted:
        raise UsageError(say("This trace is redacted: its target is not known."))
    scenario = header.scenario if header is not None else request.scenario or ""
    options = request.options
    if header is not None:  # a trace is no permission: it may come from anybody
        options = msgspec.structs.replace(header.options, private_urls=False)
    target = header.target.text if header is not None else request.target
    survey = header.survey if header is not None else request.survey
    if scenario:
        target, survey = None, None
        if options is None or header is not None:
            options = lab_options(scenario)
    watched = Watched(
        target=target,
        options=options or default_options(),
        scenarios=(scenario,) if scenario else (),
        survey=survey,
    )
    parsed = parse_target(target) if target else None
    local = is_local(parsed, watched.options, in_lab=bool(scenario))
    if survey is not None and not scenario:
        local = False  # a survey asks the domain's own policy host, wherever its mail is routed
    delivered = verdict is not None and verdict.outcome.delivered
    waits = purpose is Purpose.DELIVERY and trace is not None and not delivered
    plan = Plan(
        condition=parse_condition("delivered" if waits else "changed"),
        senders=(sender,),
        interval_s=_LAB_EVERY_S if scenario else USUAL_S,
        local=local,
    )
    return watched, plan
