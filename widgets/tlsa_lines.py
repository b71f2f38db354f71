"""How TLSA records and certificates are laid out in lines: the table, and two digests digit by digit.

Pure functions from a ``Grid`` and its results to content.  Equal and differing digits carry a sign
below them beside their look, so that no colour is needed to read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from mxwalk.dane.matching import Cell, CellState, Grid
from mxwalk.dane.model import DaneState, Standing
from mxwalk.dane.result import DaneResult, RecordOutcome, RecordResult
from mxwalk.dane.tlsa import DANE_EE, DANE_TA, TlsaRecord
from mxwalk.language import say
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, fit_content, line, shorten, wrap

GROUP = 8  # hexadecimal digits in one block
_SHOWN_OCTETS = 64  # of a certificate or key in full; a SHA-512 digest fits
_LABEL, _CELL = 33, 18
_INDENT = 14  # before the digits
_GOOD = frozenset({RecordOutcome.AUTHENTICATES})
_ASIDE = frozenset({RecordOutcome.UNUSABLE, RecordOutcome.OUTRANKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The certificates shown from ``first`` on, each ``cell`` wide, beside ``label`` cells."""

    label: int
    cell: int
    first: int
    count: int
    total: int

    @property
    def shown(self) -> range:
        """The indexes of the certificates shown."""
        return range(self.first, self.first + self.count)


def lay_out(grid: Grid, width: int, column: int) -> Columns:
    """Choose widths so that the certificate ``column`` is among those shown."""
    total = len(grid.chain)
    if not total:
        return Columns(label=width, cell=0, first=0, count=0, total=0)
    label = min(_LABEL, max(14, width - _CELL - 1))
    count = max(1, min(total, (width - label) // (_CELL + 1)))
    cell = max(8, min(40, (width - label) // count - 1))
    first = min(max(0, column - count + 1), total - count)
    return Columns(label=label, cell=cell, first=first, count=count, total=total)


def certificate_name(index: int, der: bytes) -> str:
    """Return ``0 leaf mx.example.net`` or ``1 issuer Lab CA``."""
    facts: CertificateFacts = read_certificate(der)
    name = facts.common_name or (facts.dns_names[0] if facts.dns_names else facts.subject)
    kind = say("issuer") if index else say("leaf")
    return f"{index} {kind} {name or say('without name')}"


def heading(state: DaneState, result: DaneResult | None, width: int) -> list[Content]:
    """Return the name of the records, how secure they are, and the verdict."""
    base = state.base_domain or state.host
    name = f"_{state.port}._tcp.{base}"
    standing = state.standing
    look = Look.OK if standing is Standing.USABLE else Look.FAIL if standing.forbids else Look.WARN
    lines = wrap(line((name, Look.HEADING), "  ", (say(standing.value), look)), width, indent=2)
    if standing is not Standing.USABLE and state.reason:
        lines += wrap(line(("  ", Look.DIM), (state.reason, Look.DIM)), width, indent=2)
    if result is not None:
        good = result.authenticated
        symbol = glyphs().ok if good else glyphs().fail
        words = f"{symbol} {say(result.authentication.value)}"
        verdict = line((words, Look.OK if good else Look.FAIL), ": ", result.reason)
        lines += wrap(verdict, width, indent=2)
    return lines


def column_heads(grid: Grid, columns: Columns, column: int) -> Content:
    """Return the line with the certificates' names."""
    more = columns.total - columns.count
    left = say("{more} more {right}", more=more, right=glyphs().right) if more else ""
    parts = [fit(left, columns.label, Look.DIM)]
    for index in columns.shown:
        look = Look.ACCENT if index == column else Look.HEADING
        parts.append(fit(certificate_name(index, grid.chain[index]), columns.cell, look))
    return Content(" ").join(parts)


def record_line(
    number: int, grid: Grid, result: RecordResult | None, columns: Columns, column: int
) -> Content:
    """Return one record with its cells."""
    record = grid.records[number]
    symbol, look = outcome_symbol(result)
    label = line(
        (f"{number + 1} ", Look.DIM), (f"{symbol} ", look), (record.parameters, Look.STRONG)
    )
    room = columns.label - label.cell_length - 2
    if room > 4:
        label = line(label, "  ", (shorten(record.acronyms, room), Look.DIM))
    parts = [fit_content(label, columns.label)]
    for index in columns.shown:
        chosen = index == column
        parts.append(_cell(grid.cell(number, index), columns.cell, chosen=chosen))
    return Content(" ").join(parts)


def outcome_symbol(result: RecordResult | None) -> tuple[str, Look]:
    """Return the sign of what became of a record."""
    if result is None:
        return glyphs().planned, Look.DIM
    if result.outcome in _GOOD:
        return glyphs().ok, Look.OK
    if result.outcome in _ASIDE:
        return glyphs().none, Look.DIM
    return glyphs().fail, Look.WARN


def _cell(cell: Cell, width: int, *, chosen: bool) -> Content:
    lead = glyphs().next if chosen else " "
    match cell.state:
        case CellState.MATCH:
            words, look = say("{exact} match", exact=glyphs().exact), Look.OK
        case CellState.MISMATCH:
            words, look = say("{fail} differs", fail=glyphs().fail), Look.WARN
        case CellState.NOT_APPLICABLE:
            would = say("would match") if cell.equal else cell.why
            words, look = f"{glyphs().none} {would}", Look.DIM
    return line((lead, Look.ACCENT)) + fit(words, width - 1, look)


def explain(
    grid: Grid, number: int, column: int, result: RecordResult | None, width: int
) -> list[Content]:
    """Return the record in words, and its data beside what the chosen certificate gives."""
    record = grid.records[number]
    head = line(
        (say("record {number}  ", number=number + 1), Look.DIM),
        (record.acronyms, Look.STRONG),
        ": ",
        meaning(record),
    )
    lines = wrap(head, width, indent=2)
    if result is not None:
        _, look = outcome_symbol(result)
        words = line(
            (say("  result: "), Look.DIM), (say(result.outcome.value), look), "; ", result.reason
        )
        lines += wrap(words, width, indent=10)
    if not grid.chain:
        none = say("the server presented no certificate")
        lines += wrap(line((say("  not compared: "), Look.DIM), none), width, indent=10)
        return [*lines, *hex_lines(say("published"), record.data, None, width)]
    cell = grid.cell(number, column)
    name = certificate_name(column, grid.chain[column])
    if cell.why:
        told = line((say("  not compared with {name}: ", name=name), Look.DIM), cell.why)
        lines += wrap(told, width, indent=10)
    if not cell.computed or (cell.why and not cell.equal):
        return [*lines, *hex_lines(say("published"), record.data, None, width)]
    lines += wrap(line((say("  against: "), Look.DIM), name), width, indent=10)
    what = say("key") if record.selector else say("certificate")
    return [*lines, *digest_lines(record.data, cell.computed, what, width)]


def meaning(record: TlsaRecord) -> str:
    """Say in one sentence what a record asks for."""
    if not record.usable:
        return record.why
    what = say("key") if record.selector else say("certificate")
    if record.usage == DANE_EE:
        return say(
            "the server's own {what} must be this one; names and dates play no part", what=what
        )
    if record.usage == DANE_TA:
        return say(
            "an issuer with this {what} must be sent and vouch for the server's name", what=what
        )
    return record.why


def digest_lines(published: bytes, computed: bytes, name: str, width: int) -> list[Content]:
    """Return the two digests below each other in blocks, with a sign for each differing digit."""
    upper, lower = published.hex(), computed.hex()
    first, last = _window(upper, lower)
    step = GROUP * max((n for n in (16, 8, 4, 2) if _INDENT + n * (GROUP + 1) <= width), default=1)
    lines: list[Content] = []
    for start in range(first, last, step):
        end = min(start + step, last)
        above, below = upper[start:end], lower[start:end]
        begins = start == first
        lines.append(_hex_line(say("  published") if begins else "", above, below))
        lines.append(_hex_line(f"  {name}" if begins else "", below, above))
        if above != below:
            lines.append(_signs(above, below))
    if last - first < max(len(upper), len(lower)):
        words = say(
            "  {published} and {computed} octets; octets {first} to {last} are shown",
            published=len(published),
            computed=len(computed),
            first=first // 2 + 1,
            last=last // 2,
        )
        lines.append(fit(words, width, Look.DIM))
    if published == computed:
        lines.append(fit(say("  {exact} equal", exact=glyphs().exact), width, Look.OK))
    else:
        differing = sum(a != b for a, b in zip(upper, lower, strict=False))
        differing += abs(len(upper) - len(lower))
        lines.append(
            fit(
                say("  {fail} {differing} digits differ", fail=glyphs().fail, differing=differing),
                width,
                Look.WARN,
            )
        )
    return lines


def _window(upper: str, lower: str) -> tuple[int, int]:
    """Return which digits to show: from the start, or from the first that differ."""
    length, shown = max(len(upper), len(lower), 1), 2 * _SHOWN_OCTETS
    differ = next(
        (at for at, pair in enumerate(zip(upper, lower, strict=False)) if pair[0] != pair[1]),
        min(len(upper), len(lower)),
    )
    if length <= shown or upper == lower or differ < shown:
        return 0, min(length, shown)
    first = differ // GROUP * GROUP
    return first, min(length, first + shown)


def hex_lines(name: str, data: bytes, other: bytes | None, width: int) -> list[Content]:
    """Return data alone in blocks."""
    return (
        digest_lines(data, other, name, width) if other is not None else _alone(name, data, width)
    )


def _alone(name: str, data: bytes, width: int) -> list[Content]:
    digits = data[:_SHOWN_OCTETS].hex()
    blocks = " ".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))
    more = say(" ({data} octets)", data=len(data)) if len(data) > _SHOWN_OCTETS else ""
    return wrap(line((f"  {name}  ", Look.DIM), blocks or say("nothing"), more), width, indent=13)


def _hex_line(label: str, digits: str, other: str) -> Content:
    parts = [fit(label, _INDENT, Look.DIM)]
    for at in range(0, len(digits), GROUP):
        block = digits[at : at + GROUP]
        runs = _runs(block, other[at : at + GROUP])
        parts.append(line(*runs))
        if at + GROUP < len(digits):
            parts.append(Content(" "))
    return Content("").join(parts)


def _runs(block: str, other: str) -> list[tuple[str, Look]]:
    runs: list[tuple[str, Look]] = []
    for index, digit in enumerate(block):
        look = Look.EQUAL if index < len(other) and other[index] == digit else Look.DIFFER
        if runs and runs[-1][1] is look:
            runs[-1] = (runs[-1][0] + digit, look)
        else:
            runs.append((digit, look))
    return runs


def _signs(above: str, below: str) -> Content:
    signs = []
    for at in range(max(len(above), len(below))):
        same = at < len(above) and at < len(below) and above[at] == below[at]
        signs.append(" " if same else "^")
        if at % GROUP == GROUP - 1:
            signs.append(" ")
    return line(" " * _INDENT, ("".join(signs).rstrip(), Look.WARN))


def publish_lines(lines: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """Return the records to publish: each zone line with the reason below it."""
    found: list[Content] = []
    for zone_line, why in lines:
        found += wrap(line((zone_line, Look.STRONG)), width, indent=2)
        found += wrap(line(("  " + why, Look.DIM)), width, indent=2)
    return found
