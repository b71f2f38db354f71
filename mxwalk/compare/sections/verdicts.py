"""What each sender or receiver does: outcome, code, and the step that decides."""

from collections.abc import Iterator

from mxwalk.compare.graft import RANK
from mxwalk.compare.model import Fact, Part
from mxwalk.compare.side import Look
from mxwalk.compare.words import step_words
from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted, say
from mxwalk.senders.outcomes import words_of
from mxwalk.text import visible

ID = "verdicts"
TITLE = noted("verdicts")
UNIT = "verdicts"


def parts(look: Look) -> Iterator[Part]:
    """Yield everyone's verdict."""
    facts = []
    for judge in look.everyone:
        verdict = look.verdict if judge.id == look.judge.id else judge.judge(look.delivery)
        words = words_of(verdict.outcome)
        code = f" ({visible(verdict.code, 60)})" if verdict.code else ""
        decided = step_words(look.side.trace, verdict.step)
        value = say("{outcome}, decided at {step}", outcome=words + code, step=decided)
        facts.append(
            Fact(
                key=judge.id,
                subject=judge.label,
                value=value if decided else words + code,
                step=verdict.step,
                harm=-RANK.get(verdict.outcome, 0),
                ranked=verdict.outcome in RANK,
            )
        )
    of_delivery = look.purpose is Purpose.DELIVERY
    place = "" if look.whole or not of_delivery else say("as if it were the only host")
    yield Part(key=("verdicts",), place=place, facts=tuple(facts))
