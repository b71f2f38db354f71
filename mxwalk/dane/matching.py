"""Every TLSA record against every certificate presented, cell by cell (RFC 6698 2.1).

A viewer needs each cell, so all are computed and kept: also those that play no part, because
DANE-EE looks at the leaf only, or because SMTP does not use the record.  Whether a match
authenticates anything is decided in ``authenticate``.
"""

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mxwalk.dane.tlsa import (
    DANE_EE,
    DANE_TA,
    FULL,
    MATCHING_TYPES,
    PKIX_EE,
    SELECTORS,
    SHA256,
    SPKI,
    TlsaRecord,
    outranked,
)
from mxwalk.language import noted, say
from mxwalk.limits import DANE_CERTIFICATES, TLSA_RECORDS
from mxwalk.tls.certificate import public_key_info


class CellState(enum.Enum):
    """What a record says of a certificate."""

    MATCH = noted("match")
    MISMATCH = noted("mismatch")
    NOT_APPLICABLE = noted("not applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One record against one certificate, both by index.

    ``computed`` is what the record's data would have to be, empty where selector or matching type is
    unknown; ``equal`` tells whether it is, also where the comparison plays no part; ``why`` says in
    a phrase why it plays none.
    """

    record: int
    certificate: int
    state: CellState
    computed: bytes
    equal: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The whole table: ``cells[record][certificate]``.

    ``omitted`` counts records and certificates beyond the limits, which are not in it.
    """

    records: tuple[TlsaRecord, ...]
    chain: tuple[bytes, ...]
    cells: tuple[tuple[Cell, ...], ...]
    omitted: int = 0

    def cell(self, record: int, certificate: int) -> Cell:
        """Return the cell of a record and a certificate."""
        return self.cells[record][certificate]

    def matching(self, record: int) -> tuple[int, ...]:
        """Return the certificates that a record applies to and matches."""
        row = self.cells[record]
        return tuple(cell.certificate for cell in row if cell.state is CellState.MATCH)


@lru_cache(maxsize=4_096)
def association_data(certificate: bytes, selector: int, matching_type: int) -> bytes:
    """Return the data a record with this selector and matching type has for a certificate.

    Empty for a selector or matching type that is not assigned, or a key that cannot be read.
    """
    if selector not in SELECTORS or matching_type not in MATCHING_TYPES:
        return b""
    selected = public_key_info(certificate) if selector == SPKI else certificate
    if matching_type == FULL or not selected:
        return selected
    return (hashlib.sha256 if matching_type == SHA256 else hashlib.sha512)(selected).digest()


def compare_all(records: Sequence[TlsaRecord], chain: Sequence[bytes]) -> Grid:
    """Return the cells of every record and every certificate, leaf first."""
    rows, columns = tuple(records[:TLSA_RECORDS]), tuple(chain[:DANE_CERTIFICATES])
    beaten = outranked(rows)
    return Grid(
        records=rows,
        chain=columns,
        cells=tuple(
            tuple(
                _cell(number, record, column, certificate, beaten=number in beaten)
                for column, certificate in enumerate(columns)
            )
            for number, record in enumerate(rows)
        ),
        omitted=len(records) - len(rows) + len(chain) - len(columns),
    )


def _cell(
    number: int, record: TlsaRecord, column: int, certificate: bytes, *, beaten: bool
) -> Cell:
    computed = association_data(certificate, record.selector, record.matching_type)
    equal = bool(computed) and computed == record.data
    why = _why_not(record, column, beaten=beaten)
    compared = CellState.MATCH if equal else CellState.MISMATCH
    state = CellState.NOT_APPLICABLE if why else compared
    return Cell(
        record=number, certificate=column, state=state, computed=computed, equal=equal, why=why
    )


def _why_not(record: TlsaRecord, column: int, *, beaten: bool) -> str:
    if not record.usable:
        return record.why
    if beaten:
        return say("a stronger digest is published for this usage and selector (RFC 7671 9)")
    if record.usage in (DANE_EE, PKIX_EE) and column > 0:
        return say("DANE-EE looks at the leaf only (RFC 7672 3.1.1)")
    if record.usage == DANE_TA and column == 0:
        return say("DANE-TA looks at the issuers of the leaf (RFC 7672 3.1.2)")
    return ""
