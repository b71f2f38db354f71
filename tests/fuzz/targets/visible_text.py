"""Text that may be shown: ``visible`` and what makes file names, lines and words of foreign text."""

from collections.abc import Iterable

from mxwalk.names import InvalidNameError, address_literal, is_address, parse_name
from mxwalk.text import visible
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise, refusing
from tests.hostile import HOSTILE


def _check(data: bytes) -> None:
    choices = Choices(data)
    limit = choices.number(300)
    raw = choices.rest()
    wide = raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass")
    for text in (raw.decode("utf-8", "surrogateescape"), wide):
        shown = printable(visible(text))
        promise(visible(shown) == shown, "shown twice it is another:", shown)
        promise(len(shown) <= 10 * len(text), "ten times as long")
        cut = printable(visible(text, limit))
        promise(len(cut) <= 10 * limit + 40, "longer than its limit:", len(cut))
        promise(len(text) > limit or cut == shown, "cut without need")
        with refusing(InvalidNameError):
            name = parse_name(text)
            promise(parse_name(name.ascii).ascii == name.ascii, "read again it is another name")
            promise(len(name.ascii) <= 253 and name.ascii.isprintable(), "no name:", name)
            promise(all(0 < len(label) < 64 for label in name.labels), "no labels:", name)
            printable(str(name))
        if is_address(text):
            printable(address_literal(text))
    promise(
        visible(raw) == visible(raw.decode("utf-8", "surrogateescape")), "octets and text differ"
    )


def _seeds() -> Iterable[bytes]:
    yield from (each[:600] + b"\x09" for each in HOSTILE)
    yield "b\u00fccher.example xn--bcher-kva.example".encode() + b"\xff"
    yield b"192.0.2.1\0"
    yield b"xn--bcher-kva.example\0"
    yield b"_25._tcp.a-b.example.\0"


TARGET = Target(
    promise="What is shown is one line of visible characters, and stays what it is when shown again.",
    check=_check,
    calls=lambda size: 5_000 + 600 * size,
    max_len=600,
    words=(
        b"\x1b[",
        b"\xe2\x80\xae",
        b"\xe2\x80\x8b",
        b"xn--",
        b"\xc2\x9b",
        b"\xed\xa0\x80",
        b"\xf3\xa0\x81\x81",
    ),
    seeds=_seeds,
)
