"""A verdict that is unknown says what is not known: the step that was harmed, and in words of it.

The step that it names is not the faultless walk's, it leaves open what a sender would do, and the
reason quotes it: its ending, its reply, the answer that did not come, or whose it is.
"""

from collections.abc import Iterator, Sequence

from mxwalk.evidence.connection import Exchanged, Handshaken, PolicyFetched
from mxwalk.evidence.lookups import ResolverChecked
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.model import Verdict
from mxwalk.text import visible
from tests.torture.asked import answers_in

_CODE = 4  # octets of a reply line before its text
_QUOTED = 60  # characters of what a reason quotes, which may be cut off behind them
# An RST or FIN is the end for every sender; one may wait longer than the walk does.
_OPEN = frozenset({EndingKind.TIMEOUT, EndingKind.LOCAL})


def unknown_objections(
    verdict: Verdict, step: Step | None, rests_on: Sequence[Step], *, harmed: bool
) -> list[str]:
    """Return what is wrong with an unknown verdict.

    ``rests_on`` is its step with those whose answers it is validated by; ``harmed`` says that they are
    not the faultless walk's.
    """
    if step is None:
        return ["no step is named"]
    at = f"step {step.seq} ({step.kind.value})"
    wrong = []
    if not harmed:
        wrong.append(f"{at} is as it was without the fault")
    ending = getattr(step.evidence, "ending", None)
    if ending is not None and ending.kind not in _OPEN:
        wrong.append(f"{at} ended {ending.kind.value}, which leaves nothing open")
    if not any(word and word in verdict.reason for one in rests_on for word in _words(one)):
        wrong.append(f"its reason has no word of {at}: {verdict.reason!r}")
    return wrong


def _words(step: Step) -> Iterator[str]:
    """Yield what a reason may quote of a step."""
    evidence = step.evidence
    ending = getattr(evidence, "ending", None)
    if ending is not None:
        yield ending.detail[:_QUOTED]
        return
    if isinstance(evidence, Exchanged):
        for line in (*evidence.reply.splitlines(), *evidence.trailing.splitlines()):
            yield visible(line[_CODE:].strip())[:_QUOTED]
            yield visible(line.strip())[:_QUOTED]  # of one without a code, or with nothing else
        for whole in (evidence.reply, evidence.trailing):
            if whole and not whole.strip():
                yield visible(whole)[:_QUOTED]
        codes = [line[: _CODE - 1].decode("latin-1") for line in evidence.reply.splitlines()]
        if codes and codes[0] != codes[-1]:
            yield f"begins with {codes[0]} and ends with {codes[-1]}"
        if step.kind is StepKind.QUIT:  # what this sender would have asked next
            yield f"the connection was ended before STARTTLS at {step.scope.host}"
        return
    if isinstance(evidence, Handshaken):
        yield step.scope.host
        return
    if isinstance(evidence, PolicyFetched):
        yield evidence.fetched.problem[:_QUOTED]
        yield evidence.objection[:_QUOTED]
        return
    if isinstance(evidence, ResolverChecked) and not evidence.answer.records():
        yield "the resolver denies the DNS root"
        yield "but it denies the DNS root as well"  # of the MX records
    for _, answer in answers_in(step):
        yield answer.error[:_QUOTED]
        yield f"{answer.qname} {answer.rtype}"
        yield f"{answer.rtype} set of {answer.qname}"
        if answer.qname == ".":
            yield f"{answer.rtype} of the root"
