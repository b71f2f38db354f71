"""Finding lines that were added to a body: without them its hash agrees with ``bh=``.

Lists and gateways append footers, put banners on top, and add MIME parts.  Cuts at the end are tried
at every line, as that costs no more than hashing the body once; blocks elsewhere as far as the
budget goes, where such things are put.
"""

import hashlib
from collections.abc import Iterator
from itertools import combinations, pairwise

from mxwalk.language import noted, say, say_many
from mxwalk.limits import (
    DKIM_BLOCK_STARTS,
    DKIM_BOUNDARIES_TRIED,
    DKIM_FOOTER_LINES,
    DKIM_PARTS_TRIED,
)
from mxwalk.mailauth.dkim.diagnosis import Budget, Change, Diagnosis, quoted

_CRLF = b"\r\n"
_LIST_WORDS = (b"unsubscribe", b"mailing list", b"____", b"list-", b"listinfo")
_NEAR = 80  # lines of a block looked for at the usual places
_FEW = 25  # lines of each of two footers
# What was added, and the same where the text looks like that of a mailing list.
_ADDED = {
    Change.PART_ADDED: (
        noted("a MIME part was added on the way"),
        noted("a MIME part was added on the way by a mailing list"),
    ),
    Change.FOOTER: (
        noted("a footer was appended on the way"),
        noted("a footer was appended on the way by a mailing list"),
    ),
    Change.BANNER: (
        noted("a banner was put before the text on the way"),
        noted("a banner was put before the text on the way by a mailing list"),
    ),
    Change.LINES_ADDED: (
        noted("they were added on the way"),
        noted("they were added on the way by a mailing list"),
    ),
}
_TWO_FOOTERS = (
    noted("footers were appended to two parts on the way"),
    noted("footers were appended to two parts on the way by a mailing list"),
)


def footer(canonical: bytes, digest: bytes, algorithm: str) -> Diagnosis | None:
    """Return the lines at the end without which a canonical body has the hash ``digest``."""
    lines = canonical.split(_CRLF)[:-1]
    running = _hash(algorithm)
    begin = max(0, len(lines) - DKIM_FOOTER_LINES)
    running.update(b"".join(line + _CRLF for line in lines[:begin]))
    for number, line in enumerate(lines[begin:], start=begin + 1):
        running.update(line + _CRLF)
        # Empty lines at the end are not hashed (RFC 6376 3.4.3), so a cut behind one says nothing new.
        if line and number < len(lines) and running.copy().digest() == digest:
            return _added(lines, number, len(lines))
    return None


def block(canonical: bytes, digest: bytes, algorithm: str, budget: Budget) -> Diagnosis | None:
    """Return the lines before the end without which a canonical body has the hash ``digest``."""
    lines = canonical.split(_CRLF)[:-1]
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 2)
    view = memoryview(canonical)
    before: dict[int, hashlib._Hash] = {}
    for start, end in _blocks(lines, offsets, budget.left):
        if not budget.spend(offsets[-1] - offsets[end]):
            return None
        if start not in before:
            if len(before) > DKIM_BLOCK_STARTS or not budget.spend(offsets[start]):
                return None
            before[start] = _hash(algorithm, view[: offsets[start]])
        running = before[start].copy()
        running.update(view[offsets[end] :])
        if running.digest() == digest:
            return _added(lines, start, end)
    return None


def inner_part(canonical: bytes, digest: bytes, algorithm: str, budget: Budget) -> Diagnosis | None:
    """Return the MIME part that alone has the hash ``digest``: the body was wrapped."""
    lines = canonical.split(_CRLF)[:-1]
    bounds = _boundaries(lines)[:DKIM_PARTS_TRIED]
    for first, last in pairwise(bounds):
        start = next((at + 1 for at in range(first, last) if not lines[at]), last)
        inner = lines[start:last]
        while inner and not inner[-1]:
            inner.pop()
        octets = _CRLF.join([*inner, b""]) if inner else b""
        if not inner or not budget.spend(len(octets)):
            continue
        if _hash(algorithm, octets).digest() == digest:
            return Diagnosis(
                Change.WRAPPED,
                True,
                say(
                    "The signed body is now one part of a multipart message (lines {start} to"
                    " {last} of the body), which has the hash bh=: it was wrapped on the way.",
                    start=start + 1,
                    last=last,
                ),
            )
    return None


def two_footers(
    canonical: bytes, digest: bytes, algorithm: str, budget: Budget
) -> Diagnosis | None:
    """Return the lines at the ends of two MIME parts without which the hash is ``digest``.

    Gateways put their footer into the plain and the HTML part of a message alike.
    """
    lines = canonical.split(_CRLF)[:-1]
    ended = [line + _CRLF for line in lines]
    bounds = _boundaries(lines)[1:8]
    for first, second in combinations(bounds, 2):
        tail = b"".join(ended[second:])
        for cut in range(first - 1, max(first - _FEW, 0), -1):
            if not budget.spend(len(canonical)):
                return None
            running = _hash(algorithm, b"".join(ended[:cut]))
            last = max(first, second - _FEW)
            running.update(b"".join(ended[first:last]))
            for end in range(last, second):
                whole = running.copy()
                whole.update(tail)
                if budget.spend(len(tail)) and whole.digest() == digest:
                    return _added(lines, cut, first, also=(end, second))
                running.update(ended[end])
    return None


def _hash(algorithm: str, octets: bytes | memoryview = b"") -> "hashlib._Hash":
    if algorithm == "rsa-sha1":
        return hashlib.sha1(octets, usedforsecurity=False)
    return hashlib.sha256(octets)


def _blocks(lines: list[bytes], offsets: list[int], budget: int) -> Iterator[tuple[int, int]]:
    """Yield blocks from start to before end: everywhere in a small body, else at the usual places."""
    total, size = len(lines), offsets[-1]
    if total * total // 4 * size < budget:
        for length in range(1, total):
            for start in range(total - length):
                yield start, start + length
        return
    for end in range(1, min(total, _NEAR)):
        yield 0, end
    bounds = _boundaries(lines)[:DKIM_BOUNDARIES_TRIED]
    yield from pairwise(bounds)  # a whole part
    for bound in bounds:
        for length in range(1, min(bound, _NEAR)):
            yield bound - length, bound  # at a part's end
    for bound in bounds:
        start = next((at + 1 for at in range(bound, min(bound + 20, total)) if not lines[at]), 0)
        for length in range(1, min(total - start, _NEAR) if start else 0):
            yield start, start + length  # at a part's beginning


def _boundaries(lines: list[bytes]) -> list[int]:
    """Return the lines that can be MIME boundaries (RFC 2046 5.1.1), which ``-- `` is not."""
    return [
        number
        for number, line in enumerate(lines)
        if line.startswith(b"--") and len(line) > 2 and line[2:3] != b" "
    ]


def _added(
    lines: list[bytes], start: int, end: int, also: tuple[int, int] | None = None
) -> Diagnosis:
    taken = lines[start:end]
    text = b"\n".join(taken).lower()
    if any(line.startswith(b"--") for line in taken) and b"content-type:" in text:
        change = Change.PART_ADDED
    elif end == len(lines) or lines[end].startswith(b"--"):
        change = Change.FOOTER
    elif not any(line.strip() for line in lines[:start]) or not lines[start - 1]:
        change = Change.BANNER
    else:
        change = Change.LINES_ADDED
    by_list = any(word in text for word in _LIST_WORDS)
    count = sum(bool(line.strip()) for line in taken) or len(taken)
    sentence = say(
        "The body hash agrees without {lines} ({where}, {shown}): {what}.",
        lines=say_many("{n} line", "{n} lines", count),
        where=_where(start + 1, end, also),
        shown=quoted(taken),
        what=say((_ADDED[change] if also is None else _TWO_FOOTERS)[by_list]),
    )
    return Diagnosis(change, True, sentence)


def _where(start: int, end: int, also: tuple[int, int] | None) -> str:
    """Return the lines in words; ``also`` are those of a second block, of which the first is kept."""
    if also is None:
        if end > start:
            return say("body lines {start} to {end}", start=start, end=end)
        return say("body line {start}", start=start)
    second = {"also": also[0] + 1, "also_end": also[1]}
    if end > start:
        text = noted("body lines {start} to {end}, and {also} to {also_end}")
        return say(text, start=start, end=end, **second)
    return say("body line {start}, and {also} to {also_end}", start=start, **second)
