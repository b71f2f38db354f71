"""What a text in the start screen's field was understood as, and the request it becomes."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mxwalk.commands.domain import survey_input
from mxwalk.commands.message import message_input, read_input
from mxwalk.commands.settings import check_sender
from mxwalk.dmarcrpt.look import Look
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.target import TargetKind
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from mxwalk.walk.target import parse_target
from tui.request import Request

if TYPE_CHECKING:  # loaded when there is a text to read
    from mxwalk.clues.model import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What was understood, in words; ``problem`` says what is wrong when nothing was.

    ``hint`` says what is still missing while somebody has only begun to type; with ``later`` it takes
    longer than a key may to say more.
    """

    words: str = ""
    problem: str = ""
    hint: str = ""
    later: bool = False
    target: str | None = None
    scenario: str | None = None
    path: Path | None = None
    reports: Path | None = None
    dmarc: Path | None = None
    message: Path | None = None
    pasted: bytes = b""
    domain: str | None = None
    selectors: tuple[str, ...] = ()
    clues: "Understanding | None" = None

    @property
    def surveyable(self) -> str:
        """The mail domain of the target, which could be surveyed instead; empty without one."""
        if self.target is None or not self.usable:
            return ""
        target = parse_target(self.target)
        is_domain = target.kind in (TargetKind.MAILBOX, TargetKind.DOMAIN) and target.domain
        return target.domain.ascii if is_domain and target.domain else ""

    @property
    def usable(self) -> bool:
        """Whether Enter can do something with it."""
        return not self.problem and bool(self.words)


def of_a_part(meaning: Meaning) -> Meaning:
    """Return what a text that was cut means: what it tells; of a message the signatures would break."""
    if not meaning.pasted:
        return meaning
    if meaning.clues is not None:
        return replace(meaning, pasted=b"")
    return Meaning(problem=say("Of a message all is needed: save it, and name the file (F4)."))


def to_request(meaning: Meaning, sender: str) -> Request:
    """Return the request for a usable meaning.  Raises ``TraceError`` or ``UsageError``."""
    if meaning.path is not None:
        trace = read_trace(meaning.path)
        purpose = trace.header.purpose
        chosen = (
            check_sender(sender) if purpose is Purpose.DELIVERY else trace.header.options.sender
        )
        return Request(trace=trace, path=meaning.path, sender=chosen)
    if meaning.clues is not None:
        inner = replace(meaning, clues=None)
        is_mail = meaning.message is not None or meaning.pasted
        message = to_request(inner, sender).message if is_mail else None
        return Request(clues=meaning.clues, message=message, sender="" if is_mail else sender)
    if meaning.message is not None:
        name = str(meaning.message)
        return Request(message=message_input(read_input(name), name)[0], sender="")
    if meaning.pasted:
        return Request(message=message_input(meaning.pasted, "pasted message")[0], sender="")
    if meaning.domain is not None:
        survey = survey_input(meaning.domain, selectors=meaning.selectors)
        return Request(target=meaning.domain, survey=survey, sender="")
    if meaning.reports is not None:
        return Request(reports=(meaning.reports,))
    if meaning.dmarc is not None:
        return Request(dmarc=Look(paths=(meaning.dmarc,)))
    return Request(target=meaning.target, scenario=meaning.scenario, sender=sender)
