"""How a harmed connection must be said to have ended: by what, in which words, and in whose step.

The proxy knows what it did and to which octet; the faultless walk knows in whose exchange that octet
stands.  A cut octet that an exchange needs ends that exchange, by what was done and in words of it.
Changed octets may show later, in TLS always by an ending.  What did not happen (no FIN, no RST, no
time passed) is never told.
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.evidence.connection import Exchanged, LookedAgain, PolicyFetched
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.target import Timeouts
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Ending, EndingKind
from tests.torture.faults import CHANGES, Case, Fault
from tests.torture.proxy import Passed
from tests.torture.stage import Ran
from tests.torture.struck import is_last_word, is_ticket, spans_of, struck_by
from tests.torture.truth import connections, is_reply_line, last_line, seen

_FIN = frozenset({EndingKind.CLOSED, EndingKind.HALF_CLOSED})
_TLS = frozenset({EndingKind.TLS_ALERT, EndingKind.TLS_ERROR})
_OF_CUT = {
    Fault.HALF_CLOSE: _FIN,
    Fault.CLOSE: frozenset({EndingKind.CLOSED}),
    Fault.NOTIFY: frozenset({EndingKind.CLOSED}),
    Fault.RESET: frozenset({EndingKind.RESET}),
    Fault.STALL: frozenset({EndingKind.TIMEOUT}),
}
_OF_CHANGE = _FIN | _TLS | {EndingKind.TIMEOUT, EndingKind.LOCAL}
_WORDS = {
    EndingKind.RESET: "reset the connection",
    EndingKind.CLOSED: "closed the connection",
    EndingKind.HALF_CLOSED: "closed its direction of the connection",
    EndingKind.TIMEOUT: r"(sent nothing|then nothing for|took nothing|only \d+ bytes came)",
    EndingKind.TLS_ALERT: r"ended TLS with the alert \w+ \(\d+\)",
    EndingKind.TLS_ERROR: "(what came was no TLS|TLS failed without an alert)",
    EndingKind.LOCAL: "not sent: ",
}
# The server's own words end such an exchange, and the walk closes: no FIN is needed for it.
_SPOKEN = re.compile(
    "the server spoke before anything was asked|(greeting|ehlo|starttls) was answered"
)
_POLICY_WORDS = {
    Fault.RESET: "reset the connection",
    Fault.CLOSE: "(closed|reset) the connection",  # our request may meet the closed socket
    Fault.NOTIFY: "closed the connection",
    Fault.HALF_CLOSE: "closed",
    Fault.STALL: r"was not done within \d+ seconds",
}


def end_objections(faultless: Trace, ran: Ran) -> list[str]:
    """Return what is wrong with how the walk says that its connections ended, a sentence each."""
    wrong: list[str] = []
    links = [one.passed for one in ran.links if one.passed.name.startswith("smtp")]
    timeouts = ran.trace.header.options.timeouts
    known = {step.scope.address for step in faultless.steps}
    made = [steps for steps in ran.connections() if not _nowhere(steps, known)]
    for steps, passed in zip(made, links, strict=False):
        harmed = ran.case is not None and ran.hit and ran.case.connection == passed.name
        for step, ending in _endings(steps):
            may_fail = harmed or isinstance(step.evidence, LookedAgain)
            why = _unfounded(ending, step, passed, timeouts, tls=may_fail)
            wrong += [
                f"step {step.seq} ({step.kind.value}) ended {ending.kind.value}, but {why}"
            ] * bool(why)
        wrong += [line for step in steps for line in _half_told(step)]
    case = ran.case
    if case is None or not ran.hit or case.fault not in {fault.value for fault in Fault}:
        return wrong
    if case.wire.startswith("smtp"):
        wrong += _of_connection(faultless, ran, case)
    elif case.wire.startswith("https"):
        wrong += _of_policy(faultless, ran.trace, Fault(case.fault))
    return wrong


def _nowhere(steps: Sequence[Step], known: set[str]) -> bool:
    """Say whether this went to an address that a changed answer made up: nobody is there."""
    made_up = steps[0].scope.address not in known
    return made_up and any(
        step.kind is StepKind.CONNECT and ending.kind is EndingKind.UNREACHABLE
        for step, ending in _endings(steps)
    )


def _endings(steps: Sequence[Step]) -> Iterator[tuple[Step, Ending]]:
    for step in steps:
        for name in ("ending", "inside_ending"):
            ending = getattr(step.evidence, name, None)
            if ending is not None:
                yield step, ending


# -- an ending by itself ------------------------------------------------------------------------------


def _unfounded(ending: Ending, step: Step, passed: Passed, timeouts: Timeouts, *, tls: bool) -> str:
    """Return why an ending cannot be: nothing of the kind happened, or its words tell another."""
    if _SPOKEN.match(ending.detail):
        evidence = step.evidence
        said = (
            evidence.reply if isinstance(evidence, Exchanged) else getattr(evidence, "refusal", b"")
        )
        return "" if said else "the server said nothing"
    words = _WORDS.get(ending.kind)
    if words is None:
        return "no such thing was done"
    if not re.search(words, ending.detail):
        return f"its words are {ending.detail!r}"
    local = ending.kind is EndingKind.LOCAL
    if not local and step.scope.address not in ending.detail:
        return "its words do not name the peer"
    match ending.kind:
        case EndingKind.RESET:
            return "" if passed.told & {"rst", "fin"} else "no RST was sent"
        case EndingKind.CLOSED | EndingKind.HALF_CLOSED:
            return "" if "fin" in passed.told else "no FIN was sent"
        case EndingKind.TIMEOUT:
            waited, least = ending.after_s, _patience_s(step.kind, timeouts)
            return "" if waited >= least - 0.001 else f"{waited} s are less than {least} s"
        case EndingKind.TLS_ALERT | EndingKind.TLS_ERROR:
            return "" if tls else "nothing was done to its TLS"
        case _:
            return ""


def _patience_s(kind: StepKind, timeouts: Timeouts) -> float:
    match kind:
        case StepKind.GREETING:
            return timeouts.greeting_s
        case StepKind.HANDSHAKE:
            return timeouts.tls_s
        case StepKind.QUIT:
            return timeouts.quit_s
        case StepKind.EHLO | StepKind.EHLO_TLS | StepKind.MAIL | StepKind.RCPT:
            return timeouts.command_s
        case _:
            return min(timeouts.greeting_s, timeouts.command_s, timeouts.tls_s)


def _half_told(step: Step) -> Iterator[str]:
    """An exchange has a whole reply or says what kept it from coming, never both."""
    evidence = step.evidence
    if not isinstance(evidence, Exchanged):
        return
    ending, last, at = (
        evidence.ending,
        last_line(evidence.reply),
        f"step {step.seq} ({step.kind.value})",
    )
    more = last is None or (is_reply_line(last) and last[3:4] == b"-")
    if ending is None and more:
        yield f"{at} has half a reply and does not say why"
    if (
        ending is not None
        and not _SPOKEN.match(ending.detail)
        and not more
        and is_reply_line(last or b"")
    ):
        yield f"{at} has a whole reply and says that it ended {ending.kind.value}"


# -- what the case did --------------------------------------------------------------------------------


def _of_connection(faultless: Trace, ran: Ran, case: Case) -> list[str]:
    fault, number = Fault(case.fault), int(case.connection.removeprefix("smtp")) - 1
    was, now = connections(faultless), connections(ran.trace)
    if number >= len(now) or number >= len(was):
        return [f"the trace does not tell of {case.connection}"]
    first = next(_endings(now[number]), None)
    if fault is Fault.DELAY:
        return ["a delay that is shorter than any wait ended something"] if first else []
    spans = list(spans_of(was[number], case))
    struck = struck_by(spans, case)
    if fault in CHANGES:
        return _of_change(was[number], now[number], case, struck)
    if first is None:
        needed = bool(struck) and not is_last_word(was[number], spans, case)
        return [f"{fault.value} struck {_names(struck)}, and nothing ended"] * needed
    step, ending = first
    wrong = []
    kinds = _OF_CUT[fault]
    if fault is Fault.CLOSE and is_ticket(was[number], spans, case):
        kinds |= {EndingKind.RESET}  # we speak meanwhile, to a socket that is closed by now
    if ending.kind not in kinds:
        wrong.append(f"{fault.value} was done, and step {step.seq} ended {ending.kind.value}")
    if step.kind not in struck:
        wrong.append(f"{_names(struck)} was struck, and {step.kind.value} is what ended")
    return wrong


def _of_change(
    was: Sequence[Step], now: Sequence[Step], case: Case, struck: Sequence[StepKind]
) -> list[str]:
    first = next(_endings(now), None)
    order = [step.kind for step in was]
    if first is None:
        secret = not case.inside and struck and StepKind.HANDSHAKE in order
        secret = secret and order.index(struck[0]) >= order.index(StepKind.HANDSHAKE)
        same = [seen(step) for step in was] == [seen(step) for step in now]
        if secret and not same and struck[0] is not StepKind.QUIT:
            return [f"the TLS of {_names(struck)} was harmed, which shows, and nothing ended"]
        return []
    step, ending = first
    wrong = []
    if ending.kind not in _OF_CHANGE:
        wrong.append(f"octets were changed, and step {step.seq} ended {ending.kind.value}")
    before = order[: order.index(struck[0])] if struck else order[:-1]
    if step.kind in before:
        wrong.append(f"{_names(struck)} was struck, and {step.kind.value} before it ended")
    return wrong


def _names(kinds: Sequence[StepKind]) -> str:
    return " or ".join(kind.value for kind in kinds) or "what nobody waits for"


def _of_policy(faultless: Trace, trace: Trace, fault: Fault) -> list[str]:
    """A policy is the whole one, or its problem is told in words of what was done."""
    was, now = _policy(faultless), _policy(trace)
    if now is None or was is None:
        return ["the trace does not tell of the policy"]
    problem = now.fetched.problem
    if now.body == was.body and not problem:
        return []
    if now.body and not problem and fault in CHANGES:
        return []  # it is another one, and true: what came
    if not problem or not problem.isprintable():
        return [f"the policy did not come, and its problem is {problem!r}"]
    words = _POLICY_WORDS.get(fault, "")
    told = f"{problem} {getattr(now.handshake and now.handshake.ending, 'detail', '')}"
    return (
        [] if re.search(words, told) else [f"{fault.value} was done, and the problem is {told!r}"]
    )


def _policy(trace: Trace) -> PolicyFetched | None:
    found = (step.evidence for step in trace.steps)
    return next((one for one in found if isinstance(one, PolicyFetched)), None)
