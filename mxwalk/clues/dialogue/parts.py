"""What every form of a pasted dialogue comes down to: lines said by a side, and what a tool remarked.

Offsets are into the text as given.  Nothing here decides who spoke where the form does not say it; that
follows from the state of the dialogue (``exchanges``).
"""

import enum
from dataclasses import dataclass, field

from mxwalk.clues.model import Product
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import PastedForm
from mxwalk.evidence.wire import EndingKind


class Speaker(enum.Enum):
    """Who said a line."""

    CLIENT = "client"
    SERVER = "server"
    UNMARKED = "unmarked"  # the form does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the text without its ending, where it stands, and the time in front of it."""

    text: str
    start: int
    end: int
    at_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line of the dialogue.  ``inside`` says that the form marks it as sent inside TLS."""

    speaker: Speaker
    text: str
    line: Line
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A connection, or the attempt at one; ``failure`` tells how it failed."""

    line: Line
    host: str = ""
    address: str = ""
    port: int = 0
    failure: EndingKind | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsTold:
    """What the tool told of a handshake.

    ``certificates`` are those in the text, in DER and in the order shown; ``chain_length`` is how many
    the tool counted.  ``failure`` tells why there is no TLS.
    """

    line: Line
    protocol: str = ""
    cipher: str = ""
    bits: int = 0
    group: str = ""
    signature: str = ""
    sni: str = ""
    certificates: tuple[bytes, ...] = ()
    chain_length: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The connection ended."""

    line: Line
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A line of the tool that is worth pointing at; ``meaning`` is one or two sentences."""

    line: Line
    meaning: str
    step: StepKind | None = None
    findings: tuple[str, ...] = ()


Part = Said | Opened | TlsTold | Closed | Remark


@dataclass(slots=True, kw_only=True)
class Pasted:
    """A text as its form reads it.

    ``form`` is the name for the trace's header.  ``encrypts`` tells whether the tool can speak TLS;
    ``annotated`` whether people write remarks behind its lines.
    """

    product: Product
    form: PastedForm
    parts: list[Part] = field(default_factory=list)
    encrypts: bool = True
    annotated: bool = False
