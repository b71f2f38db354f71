"""TLSA records: presentation and wire forms read alike, and held against a chain.

An input is a chain in DER and, behind it, text or octets of records; numbers from the end choose which.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from mxwalk.dane.advice import check_installation, records_for
from mxwalk.dane.authenticate import authenticate
from mxwalk.dane.matching import CellState, association_data
from mxwalk.dane.result import Authentication
from mxwalk.dane.tlsa import TlsaRecord, make_record, outranked, read_rdata, read_tlsa, zone_line
from mxwalk.identity.model import ReferenceId, ReferenceKind
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import der

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_NAMES = (
    ReferenceId(
        kind=ReferenceKind.MX_HOST, text="mx.example.net", origin="TLSA base domain", secure=True
    ),
)
_PARAMETERS = (
    (3, 1, 1),
    (2, 0, 1),
    (2, 1, 1),
    (3, 0, 0),
    (2, 0, 0),
    (3, 1, 2),
    (2, 1, 0),
    (1, 1, 1),
    (3, 2, 1),
)


def _check(data: bytes) -> None:
    choices = Choices(data)
    count, spoil = choices.number(5), choices.number(256)
    wanted = [(choices.pick(_PARAMETERS), choices.number(4)) for _ in range(count)]
    *chain, rest = der.split(choices.rest()) or [b""]
    _check_text(rest.decode("utf-8", "surrogateescape"))
    records = [read_rdata(part) for part in rest.split(b"\n", 4)]
    for record in records:
        _check_record(record)
    chain = chain[:6]
    for number, (parameters, place) in enumerate(wanted):
        of = chain[place % len(chain)] if chain else rest
        content = association_data(of, *parameters[1:])
        if spoil & 1 << number:
            content = content[:-1] + bytes((content[-1] ^ 1,)) if content else b"\0"
        records.insert(0, make_record(*parameters, content))
    _check_together(records, chain)


def _check_text(text: str) -> None:
    for line in text.split("\n")[:6]:
        record = read_tlsa(line)
        _check_record(record)
        if record.usage >= 0:
            promise(read_tlsa(f"  {record.rdata}\t") == record, "read back otherwise:", line)


def _check_record(record: TlsaRecord) -> None:
    all_printable(record, 300)
    printable(record.acronyms, 100)
    promise(record.usable is not bool(record.why), "usable with a reason, or without")
    if record.usage < 0:
        promise(not record.usable, "usable without its numbers")
        return
    octets = bytes((record.usage, record.selector, record.matching_type)) + record.data
    promise(read_rdata(octets) == record, "other on the wire:", record)
    promise(read_tlsa(record.rdata) == record, "other in presentation form:", record)
    generic = rf"\# {len(octets)} {octets.hex()}"
    promise(read_tlsa(generic) == record, "other in the form of RFC 3597:", record)
    printable(zone_line("mx.example.net", 25, record))


def _check_together(records: list[TlsaRecord], chain: list[bytes]) -> None:
    beaten = outranked(records)
    promise(all(records[each].usable for each in beaten), "an unusable record is outranked")
    result = authenticate(records, chain, _NAMES, NOW)
    all_printable(result)
    usable = [record for record in records if record.usable]
    promise((result.authentication is Authentication.UNUSABLE) is not bool(usable), "usable or not")
    if result.authentication is Authentication.AUTHENTICATED:
        promise(chain and result.deciding is not None, "authenticated by nothing")
        assert result.deciding is not None
        deciding = result.deciding.record
        promise(deciding not in beaten, "decided by an outranked record")
        cells = result.grid.cells[deciding]
        promise(
            any(cell.state is CellState.MATCH and cell.equal for cell in cells), "no cell matches"
        )
    elif chain:
        own = {
            number
            for number, record in enumerate(records)
            if record.usable
            and number not in beaten
            and record.usage == 3
            and record.data == association_data(chain[0], record.selector, record.matching_type)
        }
        promise(not own, "DANE-EE matches the leaf and does not authenticate", own)
    checked = check_installation(records, chain, _NAMES, NOW, ("mx.example.net", 25))
    all_printable(checked)
    for advised in records_for(chain, "mx.example.net", 25):
        promise(advised.record.usable, "advice to publish what SMTP cannot use")
        again = authenticate([advised.record], chain, _NAMES, NOW)
        if advised.record.usage == 3:
            promise(
                again.authentication is Authentication.AUTHENTICATED, "advice that helps nobody"
            )


def _seeds() -> Iterable[bytes]:
    from tests.tls.pki import issue

    root = issue("Root", ca=True)
    lower = issue("Lower", root, ca=True)
    chain = issue("mx.example.net", lower).der + lower.der
    texts = (
        b"3 1 1 " + b"ab" * 32, b"2 0 1 " + b"cd " * 32, rb"\# 4 030101ff", rb"\# 0", b"3 1 1", b"256 0 0 00",
        b"3 1 3 00", b"1 1 1 " + b"00" * 32, b"3 1 2 " + b"AB" * 64, b"3 0 0 3000", b"-1 0 0 ff", b"3 1 1 zz",
        b"\3\1\1" + b"x" * 32, b"\3\1", b"\2\0\0\x30\x03\x02\x01\x01", b"\xff\xff\xff", b"255 255 255 00",
    )  # fmt: skip
    for text in texts:
        yield text + b"\0\0"
    for number in range(len(_PARAMETERS)):
        yield chain + texts[number] + bytes((number % 3, number, 0, 1))
        yield chain + bytes((0, number, 1, (number + 1) % 9, number % 2, 2))
        yield root.der + bytes((0, number, 3, 1))


def _mutate(data: bytes, choices: Choices) -> bytes | None:
    *chain, rest = der.split(data) or [b""]
    if not chain:
        return None
    at = choices.number(len(chain))
    chain[at] = der.mutate(chain[at], choices) or b""
    return b"".join((*chain, rest))


TARGET = Target(
    promise="A TLSA record is the same in every form, and only one that matches authenticates.",
    check=_check,
    calls=lambda size: 300_000 + 2_000 * size,
    max_len=2_048,
    words=(b"3 1 1 ", b"2 0 0 ", b"\\# ", b"\\# 35 030101", b"255 ", b"\t"),
    mutate=_mutate,
    seeds=_seeds,
)
