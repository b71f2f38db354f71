"""TLS handshake messages as an observer sees them, and a server's octets as our client reads them.

An input is a row of records (type, with the highest bit for our own side, and two octets of length); read
by the client instead when the last octet is odd.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from mxwalk.evidence.connection import Exchanged, Handshaken
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Direction
from mxwalk.limits import ACCEPTABLE_AUTHORITIES, CHAIN_CERTIFICATES, HANDSHAKE_MESSAGES
from mxwalk.tls.authority_names import authority_name
from mxwalk.tls.facts import ended_behind, handshake_facts, headline
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.store import LoadedStore
from mxwalk.tls.transcript import HANDSHAKE, Transcript
from tests.fuzz.choices import Choices
from tests.fuzz.evidence import comes_back
from tests.fuzz.model import Target, printable, promise

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_STORE = LoadedStore.from_pem("lab", "", b"")
_NOTE_CHARS = 4_000


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 3 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "big")
        yield data[at], data[at + 3 : at + 3 + size]
        at += 3 + size


def _check(data: bytes) -> None:
    choices = Choices(data)
    mode = choices.number(256)
    rest = choices.rest()
    evidence = _by_client(rest, Choices(data), mode) if mode & 1 else _by_observer(rest)
    comes_back(evidence)
    promise(len(evidence.messages) <= HANDSHAKE_MESSAGES, "messages without end")
    promise(len(evidence.messages) <= evidence.message_count, "more messages than counted")
    promise(len(evidence.presented) <= CHAIN_CERTIFICATES, "certificates without end")
    asked = evidence.facts.client_certificate
    if asked is not None:
        promise(len(asked.authorities) <= ACCEPTABLE_AUTHORITIES, "authorities without end")
        for one in asked.authorities:
            printable(authority_name(one))
    for message in evidence.messages:
        printable(message.name, 200)
        printable(message.note, _NOTE_CHARS)
    for behind in (None, evidence.messages):
        for fact in handshake_facts(evidence, behind):
            for text in (fact.value, fact.meaning):
                printable(text, _NOTE_CHARS)
    printable(headline(evidence))
    ended_behind(evidence.messages)


def _by_observer(data: bytes) -> Handshaken:
    transcript = Transcript()
    for number, (kind, content) in enumerate(_records(data)):
        direction = Direction.SENT if kind & 0x80 else Direction.RECEIVED
        transcript.take(direction, kind & 0x7F, content, float(number))
    seen = transcript.seen
    return Handshaken(
        sni="mx.example.net",
        protocol=seen.protocol,
        cipher=seen.suite,
        group=seen.group,
        signature=seen.signature,
        presented=seen.certificates,
        presented_count=seen.certificate_count,
        messages=transcript.messages,
        message_count=transcript.count,
        facts=seen.facts(),
    )


def _by_client(data: bytes, sizes: Choices, mode: int) -> Handshaken:
    offer = Offer.MODERN if mode & 2 else Offer.LEGACY
    engine = ClientEngine("mx.example.net", _STORE, NOW, offer=offer)
    engine.advance()
    engine.outgoing()
    at = 0
    for _ in range(8):
        size = 1 + sizes.number(512) if mode & 4 else len(data)
        engine.feed(data[at : at + size])
        at += size
        engine.advance()
        engine.outgoing()
        if engine.failure or at >= len(data):
            break
    promise(not engine.established, "a handshake without our key shares is finished")
    if engine.failure is not None:
        printable(engine.failure.detail, 600)
    comes_back(Exchanged(behind=engine.take_behind()))
    comes_back(engine.chain_evidence(NOW))
    return engine.handshake_evidence(engine.failure)


def _record(kind: int, content: bytes) -> bytes:
    return bytes((kind,)) + len(content).to_bytes(2, "big") + content


def _seeds() -> Iterable[bytes]:
    from tests.tls import test_transcript as by_hand
    from tests.tls.pki import issue

    for version in (0x0301, 0x0303, 0x0304):
        extensions = [
            by_hand.extension(code, content)
            for code, content in (
                (51, b"\0\x1d\0\1x"),
                (16, b"\0\3\2h2"),
                (23, b""),
                (65_281, b"\0"),
                (5, b""),
            )
        ]
        hello = by_hand.server_hello(version, *extensions, session_id=b"s" * 8)
        chain = by_hand.certificate_message(version, issue("mx.example.net").der[:700])
        messages = [
            hello,
            by_hand.message(8, by_hand.vector(2, by_hand.extension(16, b"\0\3\2h2"))),
            by_hand.message(11, chain),
            by_hand.message(
                12,
                b"\x03\x00\x17"
                + by_hand.vector(1, b"p" * 65)
                + b"\x04\x03"
                + by_hand.vector(2, b"s"),
            ),
            by_hand.message(13, b"\0", by_hand.vector(2, by_hand.extension(13, b"\0\4\4\3\x08\4"))),
            by_hand.message(
                13,
                b"\1\1",
                by_hand.vector(2, b"\4\3"),
                by_hand.vector(2, by_hand.vector(2, b"\x30\0")),
            ),
            by_hand.message(15, b"\x08\x04" + by_hand.vector(2, b"s" * 64)),
            by_hand.message(
                4,
                (7_200).to_bytes(4, "big"),
                b"add!",
                b"\1n",
                by_hand.vector(2, b"t" * 32),
                b"\0\0",
            ),
            by_hand.message(22, b"\1" + by_hand.vector(3, b"\x30\3\x0a\1\6")),
            by_hand.message(14),
            by_hand.message(20, b"f" * 12),
        ]
        for count in range(1, len(messages) + 1):
            chosen = messages[:count] if count % 2 else [messages[0], messages[count - 1]]
            yield b"".join(_record(HANDSHAKE, each) for each in chosen) + b"\0"
        # As a server's own flight on the wire: type, version, length.
        flight = b"".join(
            b"\x16\3\3" + len(each).to_bytes(2, "big") + each
            for each in (messages[0], *messages[2:4], messages[9])
        )
        yield flight + b"\1"
        yield flight + b"\3"
    yield (
        _record(
            0x80 | HANDSHAKE, by_hand.message(1, b"\3\3" + b"r" * 32, b"\0", b"\0\2\x13\1", b"\1\0")
        )
        + b"\0"
    )
    yield _record(21, b"\2\x28") + _record(21, b"\1\0") + _record(20, b"\1") + b"\0"
    yield b"\x15\3\3\0\2\2\x28\1"
    yield b"220 mail.example.com ESMTP\r\n\1"
    yield b"\x16\3\3\x40\0" + b"\x02" + b"\xff" * 60 + b"\3"


def _mutate(data: bytes, choices: Choices) -> bytes | None:
    """Change, double, drop or move a record, or octets in it with its lengths made to fit."""
    body, mode = data[:-1], data[-1:]
    records = list(_records(body))
    if not records or (mode and mode[0] & 1):
        return None
    at = choices.number(len(records))
    kind, content = records[at]
    match choices.number(6):
        case 0:
            del records[at]
        case 1:
            records.insert(choices.number(len(records)), records[at])
        case 2:
            records[at] = (choices.pick((20, 21, 22, 0x96, 0x95)), content)
        case 3 if len(content) > 4:
            inside = content[4:]
            place = choices.number(len(inside))
            inside = (
                inside[:place]
                + bytes((choices.number(256),)) * choices.number(4)
                + inside[place + 1 :]
            )
            records[at] = (kind, content[:1] + len(inside).to_bytes(3, "big") + inside)
        case _ if content:
            changed = bytearray(content)
            changed[choices.number(len(changed))] = choices.number(256)
            records[at] = (kind, bytes(changed))
    return b"".join(_record(*each) for each in records) + mode


TARGET = Target(
    promise="Any handshake messages give bounded, visible facts that a trace keeps as they are.",
    check=_check,
    calls=lambda size: 150_000 + 1_000 * size,
    max_len=4_096,
    words=(b"\x16\3\3", b"\0\x2b\0\2\3\4", b"\0\x33", b"\xcf\x21\xad\x74", b"\x13\1", b"\xc0\x2f"),
    mutate=_mutate,
    seeds=_seeds,
)
