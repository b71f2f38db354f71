"""The octets of an XML document made fit for a parser: UTF-8, no control characters, no space before.

What XML 1.0 does not allow (2.2) is taken out or replaced, and counted, so that one bad character in
a report costs nothing but itself.
"""

import codecs
from collections.abc import Iterable, Iterator

from mxwalk.dmarcrpt.sniffing import other_encoding
from mxwalk.language import say
from mxwalk.reportfiles.model import Kind
from mxwalk.reportfiles.sniffing import BOMS, SPACE

_CONTROLS = bytes(sorted({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D, 0x7F}))
_SEEN = 1_024
_REPLACED = "�"


class Octets:
    """The pieces of a document; ``noted`` says afterwards what was not as it should be."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._replaced = 0
        self._controls = 0
        self._encoding = ""
        self._before = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces for the parser."""
        begins = self._begin()
        self._encoding = other_encoding(begins)
        if self._encoding:
            yield begins
            yield from self._pieces
            return
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        pending = False
        for piece in self._all(begins):
            part = piece
            if pending or not part.isascii():
                text = decoder.decode(part)
                pending = bool(decoder.getstate()[0])
                self._replaced += text.count(_REPLACED) - part.count(b"\xef\xbf\xbd")
                part = _no_strays(text).encode("utf-8", "replace")
            kept = part.translate(None, _CONTROLS)
            self._controls += len(part) - len(kept)
            yield kept
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")

    def _begin(self) -> bytes:
        """Return the first octets without spaces before the document."""
        begins = b""
        while len(begins) < _SEEN and (piece := next(self._pieces, b"")):
            begins += piece
            if not begins.strip(SPACE) and len(begins) >= _SEEN:
                self._before += len(begins)
                begins = b""
        bom = next((bom for bom in BOMS if begins.startswith(bom)), b"")
        plain = begins if bom in BOMS[1:] else begins[len(bom) :].lstrip(SPACE)
        if bom not in BOMS[1:] and plain != begins[len(bom) :]:
            self._before += len(begins) - len(bom) - len(plain)
        return plain

    def _all(self, begins: bytes) -> Iterator[bytes]:
        yield begins
        yield from self._pieces

    def noted(self) -> list[tuple[Kind, str]]:
        """Return what deviated."""
        found = []
        if self._encoding:
            words = say("it is encoded in {encoding}, not in UTF-8", encoding=self._encoding)
            found.append((Kind.ENCODING, words))
        if self._before:
            found.append(
                (Kind.ENCODING, say("{before:,} spaces stand before the XML", before=self._before))
            )
        if self._replaced > 0:
            words = say(
                "it is not in UTF-8 throughout; {replaced:,} places are replaced",
                replaced=self._replaced,
            )
            found.append((Kind.ENCODING, words))
        if self._controls:
            words = say(
                "{controls:,} control characters, which XML does not allow, are left out",
                controls=self._controls,
            )
            found.append((Kind.ENCODING, words))
        return found


def _no_strays(text: str) -> str:
    """Return the text without the two characters of UTF-8 that XML 1.0 2.2 excludes."""
    if "\ufffe" in text or "\uffff" in text:
        return text.replace("\ufffe", _REPLACED).replace("\uffff", _REPLACED)
    return text
