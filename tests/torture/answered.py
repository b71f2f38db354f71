"""What must be told of the DNS answers after a fault: who was struck says why, the others are as they were.

A message that was lost, given another id or kept on its way is told as silence, a stream that was cut or
reset as that; what a second question makes good, or the resolver's other transport, is no failure.
"""

import re
from collections.abc import Mapping

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.trace import Trace
from tests.torture.asked import Key, answers_by_name, key_of
from tests.torture.dns_faults import DnsFault
from tests.torture.faults import Case, Fault
from tests.torture.stage import Ran
from tests.torture.truth import sets_of

Answers = Mapping[Key, DnsAnswer]
_SILENCE = (DnsStatus.TIMEOUT, "no answer from")
_LATER = (DnsStatus.TIMEOUT, "no answer from .* over TCP within")
_CUT = (DnsStatus.MALFORMED, "closed the TCP connection before the whole answer had come")
_TOLD = {
    DnsFault.LOSE.value: _SILENCE,
    DnsFault.SLOW.value: _SILENCE,
    DnsFault.WRONG_ID.value: _SILENCE,
    DnsFault.NOISE.value: _SILENCE,
}
_TOLD_OF_STREAM = {
    Fault.CLOSE.value: _CUT,
    Fault.HALF_CLOSE.value: _CUT,
    Fault.RESET.value: (DnsStatus.UNREACHABLE, "reset"),
    Fault.STALL.value: _LATER,
}
_HARMLESS = frozenset(
    one.value
    for one in (
        DnsFault.LOSE_ONCE, DnsFault.WRONG_ID_ONCE, DnsFault.LATE, DnsFault.DELAY,
        DnsFault.DOUBLED, DnsFault.TC,
    )
)  # fmt: skip
_ANSWERED = frozenset({DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN})


def answer_objections(faultless: Trace, was: Answers, ran: Ran) -> list[str]:
    """Return what is wrong with the answers in a trace, a sentence each; ``was`` are the faultless."""
    wrong = []
    case = ran.case
    struck = key_of(case) if case is not None and ran.hit else None
    same = {id(step) for step in faultless.steps}  # those before the harm are taken from there
    for key, answer in answers_by_name(step for step in ran.trace.steps if id(step) not in same):
        name = f"{key[0]} {key[1]}"
        if answer.status not in _ANSWERED and not (answer.error and answer.error.isprintable()):
            wrong.append(f"{name} is {answer.status.value}, and no reason is given")
        if key == struck and case is not None:
            wrong += [f"{name}: {why}" for why in _of_struck(case, was.get(key), answer)]
        elif key in was and _said(answer) != _said(was[key]):
            wrong.append(f"{name} is not what it was, and nothing was done to it")
    return wrong


def _said(answer: DnsAnswer) -> object:
    return answer.status, answer.rcode, sets_of(answer), answer.error


def _of_struck(case: Case, was: DnsAnswer | None, answer: DnsAnswer) -> list[str]:
    streamed = case.wire.endswith("+tcp")
    told = (_TOLD_OF_STREAM if streamed else _TOLD).get(case.fault)
    if told is not None:
        status, words = told
        if answer.status is not status:
            return [f"{case.fault} was done, and it is {answer.status.value}"]
        if not re.search(words, answer.error):
            return [f"{case.fault} was done, and the reason is {answer.error!r}"]
    harmless = case.fault == Fault.DELAY.value if streamed else case.fault in _HARMLESS
    if harmless and was is not None and _said(answer) != _said(was):
        return [f"{case.fault} does no harm, and it is {answer.status.value} {answer.error}"]
    return []
