"""Types of the identity comparison: what is presented, what it is held against, with which result."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mxwalk.language import noted


class PresentedKind(enum.Enum):
    """Where in the certificate a presented identifier stands."""

    DNS_ID = "DNS"
    CN_ID = "CN"


class ReferenceKind(enum.Enum):
    """Where a reference identifier comes from."""

    RECIPIENT_DOMAIN = noted("recipient domain")
    SMTP_ROUTE = noted("SMTP route")
    MX_HOST = noted("MX host")
    PTR_HOST = noted("PTR host")


class Match(enum.Enum):
    """The result of one comparison."""

    EXACT = noted("exact")
    WILDCARD = noted("wildcard")
    MISMATCH = noted("mismatch")
    SKIPPED = noted("skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedId:
    """A name in the certificate; ``index`` counts within its kind from 0, ``text`` is as it stands."""

    kind: PresentedKind
    text: str
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceId:
    """A name the sender accepts; ``origin`` says in words where it came from.

    ``secure`` tells whether that origin can be forged in transit (an MX or PTR answer without
    DNSSEC can); ``usable`` is false for a PTR name that is not forward-confirmed.
    """

    kind: ReferenceKind
    text: str
    origin: str
    secure: bool
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One cell of the matrix.

    ``number`` is its place in the order of evaluation from 1; 0 for what was never compared.
    ``reason`` says in one sentence why it matched, did not, or was not processed.
    ``equal_labels`` are the right-most labels equal in both names, counted from the right;
    ``wildcard_label`` is the label of the reference that ``*`` stood for.
    """

    presented: PresentedId
    reference: ReferenceId
    match: Match
    reason: str
    number: int = 0
    equal_labels: int = 0
    wildcard_label: str = ""
    decides: bool = False

    @property
    def matched(self) -> bool:
        """Whether the names match, exactly or by wildcard."""
        return self.match in (Match.EXACT, Match.WILDCARD)


@dataclass(frozen=True, kw_only=True)
class IdentityResult:
    """A flow's whole matrix: the comparisons in order (those processed first), and the verdict.

    ``presented`` and ``references`` are the matrix's rows and columns, and hold also what the flow
    does not process.  ``summary`` is one sentence.  ``omitted`` counts the cells of a huge matrix that
    are not among ``comparisons``.
    """

    flow: str
    presented: tuple[PresentedId, ...]
    references: tuple[ReferenceId, ...]
    comparisons: tuple[Comparison, ...]
    verified: bool
    summary: str
    omitted: int = 0

    @property
    def deciding(self) -> Comparison | None:
        """The comparison that verified the identity, if one did."""
        return next((cell for cell in self.comparisons if cell.decides), None)

    @cached_property
    def cells(self) -> Mapping[tuple[PresentedId, ReferenceId], Comparison]:
        """All comparisons by row and column."""
        return {(cell.presented, cell.reference): cell for cell in self.comparisons}

    def cell(self, presented: PresentedId, reference: ReferenceId) -> Comparison | None:
        """Return the comparison of a row and a column."""
        return self.cells.get((presented, reference))
