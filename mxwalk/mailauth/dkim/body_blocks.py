"""Finding lines that were added to a body: without them its hash agrees with ``bh=``.

Lists and gateways append footers, put banners on top, and add MIME parts.  Cuts at the end are tried
at every line, as that costs no more than hashing the body once; blocks elsewhere as far as the
budget goes, where such things are put.
"""

import hashlib
from collections.abc import Iterator
from itertools import combinations, pairwise

from mxwalk.limits import DKIM_FOOTER_LINES
from mxwalk.mailauth.dkim.diagnosis import Budget, Change, Diagnosis, count, quoted

_CRLF = b"\r\n"
_LIST_WORDS = (b"unsubscribe", b"mailing list", b"____", b"list-", b"listinfo")
_NEAR = 80  # lines of a block looked for at the usual places
_FEW = 25  # lines of each of two footers


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
            if len(before) > 4_000 or not budget.spend(offsets[start]):
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
    bounds = _boundaries(lines)[:50]
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
                f"The signed body is now one part of a multipart message (lines {start + 1} to {last} "
                "of the body), which has the hash bh=: it was wrapped on the way.",
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
    bounds = _boundaries(lines)[:100]
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
    many = count(sum(bool(line.strip()) for line in taken) or len(taken), "line")
    shown = quoted(taken)
    text = b"\n".join(taken).lower()
    by = " by a mailing list" if any(word in text for word in _LIST_WORDS) else ""
    if any(line.startswith(b"--") for line in taken) and b"content-type:" in text:
        change, what = Change.PART_ADDED, "a MIME part was added"
    elif end == len(lines) or lines[end].startswith(b"--"):
        change, what = Change.FOOTER, "a footer was appended"
    elif not any(line.strip() for line in lines[:start]) or not lines[start - 1]:
        change, what = Change.BANNER, "a banner was put before the text"
    else:
        change, what = Change.LINES_ADDED, "they were added"
    where = f"body lines {start + 1} to {end}" if end - start > 1 else f"body line {start + 1}"
    if also is not None:
        where += f", and {also[0] + 1} to {also[1]}"
        what = "footers were appended to two parts"
    return Diagnosis(
        change,
        True,
        f"The body hash agrees without {many} ({where}, {shown}): {what} on the way{by}.",
    )
