"""Which pieces of two texts differ: words, and digits of a digest in pairs.

Digests of one length are compared place by place; a digest has no parts that could have moved.  A
letter and the marks on it are never parted: what is put between them would carry the marks.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from mxwalk import limits
from mxwalk.compare.model import Span

_TOKEN = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}|[^\W_]+|\s+|.", re.DOTALL)
_DIGEST = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")


def changed_spans(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return both texts cut into what the other has too, and what it has not."""
    left, right = _tokens(before), _tokens(after)
    if max(len(left), len(right)) > limits.COMPARED_TOKENS:
        return (Span(before, differs=True),), (Span(after, differs=True),)
    mine: list[Span] = []
    theirs: list[Span] = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            mine.append(Span("".join(left[i:j])))
            theirs.append(Span("".join(right[k:m])))
            continue
        for one, other in _pieces(left[i:j], right[k:m]):
            mine += one
            theirs += other
    return _joined(mine), _joined(theirs)


def _tokens(text: str) -> list[str]:
    found: list[str] = _TOKEN.findall(text)
    if text.isascii():
        return found
    whole: list[str] = []
    for token in found:
        if whole and unicodedata.category(token[0]).startswith("M"):
            whole[-1] += token
        else:
            whole.append(token)
    return whole


def _pieces(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[list[Span], list[Span]]]:
    """Yield what was replaced, digests of one length digit by digit."""
    if len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            if len(one) == len(other) and _DIGEST.fullmatch(one) and _DIGEST.fullmatch(other):
                yield _pairs_of(one, other), _pairs_of(other, one)
            else:
                same = one == other
                yield [Span(one, differs=not same)], [Span(other, differs=not same)]
        return
    yield [Span(one, differs=True) for one in left], [Span(one, differs=True) for one in right]


def _pairs_of(one: str, other: str) -> list[Span]:
    return [
        Span(one[at : at + 2], differs=one[at : at + 2].lower() != other[at : at + 2].lower())
        for at in range(0, len(one), 2)
    ]


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans with neighbours of one kind made one."""
    found: list[Span] = []
    inner = range(1, len(spans) - 1)
    gaps = {n for n in inner if spans[n].text.isspace() and not spans[n].differs}
    for number, one in enumerate(spans):
        between = number in gaps and spans[number - 1].differs and spans[number + 1].differs
        span = Span(one.text, differs=True) if between else one
        if found and found[-1].differs is span.differs:
            found[-1] = Span(found[-1].text + span.text, span.differs)
        elif span.text:
            found.append(span)
    return tuple(found)
