"""A trace: the header and the steps of one walk, append-only while the walk lasts."""

import enum

import msgspec

from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.step import Step
from mxwalk.evidence.target import Options, Target

FORMAT = "mxwalk-trace"
VERSION = 1
# The target of a pasted text that names none; it never resolves (RFC 6761 6.4).
NOWHERE = "unknown.invalid"


class Purpose(enum.Enum):
    """What is walked: a delivery to a target, a message as received, or what a domain publishes."""

    DELIVERY = "delivery"
    MESSAGE = "message"
    DOMAIN = "domain"


class PastedForm(enum.Enum):
    """The tool (or none in particular) whose way of writing a dialogue down a pasted text has."""

    SWAKS = "swaks"
    S_CLIENT = "openssl s_client"
    TELNET = "telnet"
    POSTTLS_FINGER = "posttls-finger"
    CAPTURE = "packet capture"
    DIALOGUE = "dialogue"


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a trace file; ``started_at`` is RFC 3339 in UTC.

    With ``message`` it is a message walk, with ``survey`` a domain survey, else a delivery.  ``pasted``
    names the form of the text it was read from instead of being walked: nothing was looked up then, and
    nothing comes next.  ``since`` is when and where a log or a bounce showed the fault before the walk,
    in the words of that text.
    """

    format: str = FORMAT
    version: int = VERSION
    tool: str
    started_at: str
    target: Target
    options: Options
    scenario: str = ""  # the lab scenario this was walked on
    redacted: bool = False
    pasted: PastedForm | None = None
    message: MessageInput | None = None
    survey: SurveyInput | None = None
    since: str = ""

    @property
    def purpose(self) -> Purpose:
        """What is walked."""
        return purpose_of(self.message, self.survey)

    @property
    def is_nowhere(self) -> bool:
        """Whether it was read from a text that names no host."""
        domain = self.target.domain
        return self.pasted is not None and domain is not None and domain.ascii == NOWHERE


def purpose_of(message: MessageInput | None, survey: SurveyInput | None) -> Purpose:
    """Return what a walk with this input is about."""
    if message is not None:
        return Purpose.MESSAGE
    return Purpose.DOMAIN if survey is not None else Purpose.DELIVERY


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A walk so far, or a saved one.  ``damage`` says what was lost behind the last whole step.

    ``damaged_within`` tells of a damaged one that its file goes on to its end: what was lost is no
    end of the walk.
    """

    header: Header
    steps: tuple[Step, ...] = ()
    damage: str = ""
    damaged_within: bool = False

    def with_step(self, step: Step) -> "Trace":
        """Return the trace with one more step."""
        return msgspec.structs.replace(self, steps=(*self.steps, step))
