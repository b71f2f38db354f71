"""The part of the report's data that describes one connection, from the first byte to the last.

As in ``mxwalk.reports.model``: texts are visible text, bytes are base64 in JSON, and a change here
changes the published schema.
"""

import msgspec

from mxwalk.reports.model_dns import DaneCheck
from mxwalk.reports.model_tls import Chain, Ending, Handshake, Look, Revocation


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A command and its reply; ``planned`` is there when the administrator changed the command.

    ``reply_raw`` holds the reply's octets as they came, complete or not; ``reply`` shows them as
    visible text with the line ends, as far as a text of the report may go.
    """

    step: int
    kind: str
    command: str
    planned: str
    code: int
    lines: tuple[str, ...]
    reply: str
    reply_raw: bytes
    deviations: tuple[str, ...]
    trailing: bytes
    first_byte_s: float
    elapsed_s: float
    ending: Ending | None


class EhloLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an EHLO response in both readings."""

    number: int
    raw: bytes
    text: str
    strict: str
    lenient: str
    keyword: str
    parameters: tuple[str, ...]
    meaning: str
    reference: str
    notes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the two readings part on this line."""
        return self.strict != self.lenient


class Ehlo(msgspec.Struct, frozen=True, kw_only=True):
    """An EHLO response, and the extensions each kind of reader finds in it."""

    step: int
    inside_tls: bool
    lines: tuple[EhloLine, ...]
    strict: tuple[str, ...]
    lenient: tuple[str, ...]
    deviations: tuple[str, ...]


class PresentedName(msgspec.Struct, frozen=True, kw_only=True):
    """A name in the certificate."""

    kind: str
    text: str


class ReferenceName(msgspec.Struct, frozen=True, kw_only=True):
    """A name the sender accepts, and where it came from."""

    kind: str
    text: str
    origin: str
    secure: bool
    usable: bool


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of the matrix; ``number`` is its place in the order of evaluation, 0 if not compared."""

    presented: int
    reference: int
    number: int
    match: str
    reason: str
    decides: bool


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One flow's matrix; ``presented`` and ``reference`` in a comparison are indexes into the lists."""

    senders: tuple[str, ...]
    labels: tuple[str, ...]
    flow: str
    verified: bool
    summary: str
    presented: tuple[PresentedName, ...]
    references: tuple[ReferenceName, ...]
    comparisons: tuple[Comparison, ...]
    chosen: bool


class WireLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the transcript; ``by`` is C (us) or S (the server)."""

    at_s: float
    by: str
    layer: str
    text: str


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """One connection, or the attempt at one, and everything seen over it."""

    number: int
    step: int
    local_address: str
    ending: Ending | None
    exchanges: tuple[Exchange, ...]
    ehlo: tuple[Ehlo, ...]
    handshake: Handshake | None
    chain: Chain | None
    dane: DaneCheck | None
    identity: tuple[Identity, ...]
    transcript: tuple[WireLine, ...]
    revocation: Revocation | None
    looks: tuple[Look, ...]
