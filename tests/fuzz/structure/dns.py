"""DNS messages taken apart into their records, changed at one, and put together with counts that fit.

Names are passed over, not read (RFC 1035 4.1.4): pointers into the question stay right, others may point
elsewhere afterwards, which is a case of its own.
"""

from dataclasses import dataclass

from tests.fuzz.choices import Choices

_HEADER, _FIXED = 12, 10
_TYPES = (
    1,
    2,
    5,
    6,
    12,
    15,
    16,
    28,
    29,
    35,
    39,
    41,
    42,
    43,
    45,
    46,
    47,
    48,
    50,
    51,
    52,
    61,
    64,
    250,
    257,
    65_280,
)
_TTLS = (0, 1, 300, 2**31 - 1, 2**31, 2**32 - 1)


@dataclass
class Record:
    """One record: its name as encoded, the ten octets behind it but the length, its data."""

    name: bytes
    fixed: bytes
    data: bytes

    def built(self) -> bytes:
        return self.name + self.fixed + len(self.data).to_bytes(2, "big") + self.data


@dataclass
class Message:
    """Header without counts, the questions' octets, and three sections."""

    head: bytes
    questions: int
    question: bytes
    sections: list[list[Record]]

    def built(self) -> bytes:
        counts = (self.questions, *map(len, self.sections))
        records = (record.built() for section in self.sections for record in section)
        return (
            self.head
            + b"".join((count % 65_536).to_bytes(2, "big") for count in counts)
            + self.question
            + b"".join(records)
        )


def _behind_name(wire: bytes, at: int) -> int | None:
    while at < len(wire):
        size = wire[at]
        if size >= 0xC0:
            return at + 2
        at += 1 + size
        if size == 0:
            return at
    return None


def parse(wire: bytes) -> Message | None:
    """Return the message, as far as it is one; ``None`` when not even its question can be passed."""
    if len(wire) < _HEADER:
        return None
    counts = [int.from_bytes(wire[place : place + 2], "big") for place in (4, 6, 8, 10)]
    at: int | None = _HEADER
    for _ in range(min(counts[0], 4)):
        at = _behind_name(wire, at or 0)
        if at is None:
            return None
        at += 4
    assert at is not None
    begin, sections = at, []
    for count in counts[1:]:
        section: list[Record] = []
        for _ in range(count):
            behind = _behind_name(wire, at)
            if behind is None or behind + _FIXED > len(wire):
                break
            end = behind + _FIXED + int.from_bytes(wire[behind + 8 : behind + _FIXED], "big")
            section.append(
                Record(wire[at:behind], wire[behind : behind + 8], wire[behind + _FIXED : end])
            )
            at = end
        sections.append(section)
    return Message(wire[:4], counts[0], wire[_HEADER:begin], sections)


def mutate(wire: bytes, choices: Choices) -> bytes | None:
    """Return ``wire`` with one or two records (or the header) changed."""
    message = parse(wire)
    if message is None:
        return None
    for _ in range(1 + choices.number(2)):
        _change(message, choices)
    return message.built()


def _change(message: Message, choices: Choices) -> None:
    places = [(section, at) for section in message.sections for at in range(len(section))]
    if not places or choices.number(12) == 0:
        head = bytearray(message.head)
        head[2 + choices.number(2)] ^= 1 << choices.number(8)
        message.head = bytes(head)
        return
    section, at = choices.pick(places)
    record = section[at]
    match choices.number(11):
        case 0:
            del section[at]
        case 1:
            section.append(Record(record.name, record.fixed, record.data))
        case 2:
            choices.pick(message.sections).append(section.pop(at))
        case 3:
            record.fixed = choices.pick(_TYPES).to_bytes(2, "big") + record.fixed[2:]
        case 4:
            record.fixed = record.fixed[:4] + choices.pick(_TTLS).to_bytes(4, "big")
        case 5:
            record.name = choices.pick(
                (b"\0", b"\xc0\x0c", b"\x01*\xc0\x0c", b"\x01a\xc0\x0c", b"\xc0\xff")
            )
        case 6:
            other, place = choices.pick(places)
            record.data, other[place].data = other[place].data, record.data
        case 7:
            record.data = record.data[: choices.number(len(record.data) + 1)]
        case 8:
            at = choices.number(len(record.data) + 1)
            record.data = record.data[:at] + bytes((choices.number(256),)) + record.data[at:]
        case _ if record.data:
            changed = bytearray(record.data)
            place = choices.number(min(len(changed), 24) if choices.flag() else len(changed))
            changed[place] = choices.pick((0, 0xFF, changed[place] ^ 1, choices.number(256)))
            record.data = bytes(changed)
        case _:
            record.data = b"\0"
