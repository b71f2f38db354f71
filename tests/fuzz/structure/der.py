"""DER taken apart, changed at one place, and put together with lengths that fit (X.690 8.1).

Written for the fuzzer alone and independent of the product's reader: strings that hold DER themselves
(extensions, keys) are taken apart, too.
"""

from dataclasses import dataclass

from tests.fuzz.choices import Choices
from tests.hostile import HOSTILE

_CONSTRUCTED = 0x20
_DEEPEST = 24
_MOST_NODES = 4_000
_OCTET_STRING, _BIT_STRING = 0x04, 0x03
_TAGS = (
    1,
    2,
    3,
    4,
    5,
    6,
    10,
    12,
    19,
    20,
    22,
    23,
    24,
    26,
    30,
    48,
    49,
    128,
    130,
    134,
    135,
    160,
    161,
    163,
)
_TEXTS = tuple(text for text in HOSTILE if len(text) < 120)
_VALUES = (
    b"", b"\0", b"\xff", b"\x80", b"\x7f" * 8, b"\0\1", b"\xff" * 20, b"\x2a\x03", b"\x55\x1d\x11",
    b"\x55\x1d\x1e", b"\x55\x1d\x13", b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", b"\x2b\x65\x70",
    b"991231235959Z", b"00000101000000Z", b"99991231235959Z", b"260615120000Z", b"*.example.net",
    b".example.net", b"xn--a-ecp.example", b"http://[::1", b"a@b@c", b"\xc0\0\2\1", b"\0" * 32,
)  # fmt: skip


@dataclass
class Node:
    """One element: its tag octets, and either children or contents (behind ``lead``)."""

    tag: bytes
    lead: bytes = b""
    content: bytes = b""
    children: "list[Node] | None" = None


def header(data: bytes, at: int) -> tuple[bytes, int, int] | None:
    """Return the tag, where the contents begin and where they end; ``None`` when that does not fit."""
    begin = at
    if at >= len(data):
        return None
    at += 1
    if data[begin] & 0x1F == 0x1F:
        while at < len(data) and data[at] & 0x80:
            at += 1
        at += 1
    if at >= len(data):
        return None
    tag, size = data[begin:at], data[at]
    at += 1
    if size >= 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or at + count > len(data):
            return None
        size = int.from_bytes(data[at : at + count], "big")
        at += count
    return None if at + size > len(data) else (tag, at, at + size)


def split(data: bytes) -> list[bytes]:
    """Return the elements that stand one after the other, and what is left behind them."""
    found, at = [], 0
    while (where := header(data, at)) is not None:
        found.append(data[at : where[2]])
        at = where[2]
    return [*found, data[at:]] if at < len(data) else found


def parse(data: bytes, depth: int = 0) -> list[Node] | None:
    """Return the elements that fill ``data`` exactly; ``None`` when they do not."""
    nodes: list[Node] = []
    at = 0
    while at < len(data):
        where = header(data, at)
        if where is None or len(nodes) > _MOST_NODES:
            return None
        tag, begin, at = where
        nodes.append(_node(tag, data[begin:at], depth))
    return nodes


def _node(tag: bytes, content: bytes, depth: int) -> Node:
    lead = b""
    if depth < _DEEPEST and content:
        if tag[0] & _CONSTRUCTED or tag[0] == _OCTET_STRING:
            inside = parse(content, depth + 1)
        elif tag[0] == _BIT_STRING and content[0] == 0 and len(content) > 2:
            inside, lead = parse(content[1:], depth + 1), b"\0"
        else:
            inside = None
        if inside:
            return Node(tag, lead=lead, children=inside)
    return Node(tag, content=content)


def build(nodes: list[Node]) -> bytes:
    """Return the elements as octets."""
    return b"".join(_built(node) for node in nodes)


def _built(node: Node) -> bytes:
    content = node.lead + build(node.children) if node.children is not None else node.content
    size = len(content)
    if size < 0x80:
        return node.tag + bytes((size,)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return node.tag + bytes((0x80 | len(octets),)) + octets + content


def _places(nodes: list[Node]) -> list[tuple[list[Node], int]]:
    found = []
    for at, node in enumerate(nodes):
        found.append((nodes, at))
        if node.children:
            found += _places(node.children)
    return found


def mutate(data: bytes, choices: Choices) -> bytes | None:
    """Return ``data`` with one to three elements changed; ``None`` when it is no DER at all."""
    nodes = parse(data)
    if not nodes:
        return None
    for _ in range(1 + choices.number(3)):
        places = _places(nodes)
        if not places:
            break
        _change(places, choices)
    return build(nodes)


def _change(places: list[tuple[list[Node], int]], choices: Choices) -> None:
    among, at = choices.pick(places)
    node = among[at]
    match choices.number(10):
        case 0:
            del among[at]
        case 1:
            among.insert(at, node)
        case 2:
            other, place = choices.pick(places)
            if not _holds(other[place], node) and not _holds(node, other[place]):
                among[at], other[place] = other[place], node
        case 3:
            node.tag = bytes((choices.pick(_TAGS),))
        case 4:
            node.lead, node.children, node.content = b"", None, choices.pick(_VALUES)
        case 5 | 6 if node.children is None and node.content:
            changed = bytearray(node.content)
            changed[choices.number(len(changed))] ^= 1 << choices.number(8)
            node.content = bytes(changed)
        case 7 if node.children is None:
            node.content = node.content[: choices.number(len(node.content) + 1)]
        case 8 if node.children is None:
            node.content = choices.pick(_TEXTS)
        case 9 if node.children:
            node.children.append(node.children[0])
        case _:
            copied, place = choices.pick(places)
            if not _holds(copied[place], node):
                among.insert(at, copied[place])


def _holds(node: Node, other: Node) -> bool:
    return node is other or any(_holds(child, other) for child in node.children or ())
