r"""The one way from untrusted bytes and names to text that may be shown.

Terminals act on control characters, and bidirectional or zero-width characters reorder or hide what
a reader sees.  ``visible`` turns every character that is not ``str.isprintable()`` into an escape a
person can read (``\r``, ``\x1b``, ``U+202E``), and so those that count as printable and have no glyph
(variation selectors, fillers) or are drawn only with others (marks without a base, stacks of marks,
parts of a Korean syllable without its beginning); what it returns is plain text without markup, which
the interface wraps into its own text types and the reports escape for their format.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from mxwalk.language import say

# Of what a peer says in one of our own sentences: a reply that people wrote is about as long.
EXCERPT_CHARS = 60
_CUT_ESCAPE = re.compile(r"(?:\\(?:x[0-9a-f]?)?|U(?:\+[0-9A-F]{0,3})?)\Z")

_SHORT = {"\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0"}
# On one letter, of those over or under it and of those beside it; written languages have three of each
# at most, more cover the lines around or are not seen.
_MARKS = 4
_MARKS_NAMED = 8
# Of the default-ignorable code points (Unicode 5.21) those are printable to Python that are letters or
# marks; U+2800 is a pattern of Braille without a dot.
_BLANK = frozenset(
    "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"
).union(map(chr, range(0xFE00, 0xFE10)), map(chr, range(0xE0100, 0xE01F0)))

# Skin tones are drawn into the emoji before them, and counted with the marks beside a letter.
_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
# Conjoining Hangul (UAX 29 GB6-GB8): what is behind the beginning of a syllable is drawn into its
# cells, and has none elsewhere.  A syllable is a beginning, one vowel and one final; what stands for
# two of them in old texts has a code point of its own.  The fillers U+115F and U+1160 are blank.
_BEGINS, _VOWELS = "\u1100-\u115e\ua960-\ua97c", "\u1161-\u11a7\ud7b0-\ud7c6"
_FINALS = "\u11a8-\u11ff\ud7cb-\ud7fb"
_OPEN = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))  # whole syllables without a final
_CONJOINING = re.compile(f"[{_VOWELS}{_FINALS}]")
_ASTRAY = re.compile(
    f"(?<![{_BEGINS}])[{_VOWELS}]|(?<![{_OPEN}])(?<![{_BEGINS}][{_VOWELS}])[{_FINALS}]"
)


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"U+{code:04X}"


def _has_glyph(char: str) -> bool:
    return char.isprintable() and char not in _BLANK


def _is_beside(char: str) -> bool:
    return unicodedata.category(char) == "Mc" or char in _TONES


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me") or _is_beside(char)


@lru_cache(maxsize=4096)
def _is_plain(char: str) -> bool:
    return _has_glyph(char) and not (_is_mark(char) or _CONJOINING.match(char))


def _standing(marks: str) -> int:
    """Return how many of a run of marks one letter carries."""
    counted = Counter[bool]()
    for at, char in enumerate(marks):
        counted[beside := _is_beside(char)] += 1
        if counted[beside] > _MARKS:
            return at
    return len(marks)


def escaped(
    text: str, escape: Callable[[str], str], flood: Callable[[str], str] | None = None
) -> str:
    """Return the text with everything escaped that is not seen by itself, where it stands.

    ``flood`` returns what stands for marks without a letter to stand on, by default each escaped.
    """
    if text.isascii() and text.isprintable():
        return text
    found = set(text)  # they are few, however long the text
    if all(map(_is_plain, found)):
        return text
    text = _ASTRAY.sub(lambda one: escape(one[0]), text)
    if marks := sorted(char for char in found if _is_mark(char) and _has_glyph(char)):

        def shown(run: re.Match[str]) -> str:
            before = run.string[run.start() - 1 : run.start()]
            stands = before not in ("", " ") and _has_glyph(before)
            kept = _standing(run[0]) if stands else 0
            rest = run[0][kept:]
            return run[0][:kept] + (flood(rest) if flood else "".join(map(escape, rest)))

        text = re.sub(f"[{re.escape(''.join(marks))}]+", shown, text)
    hidden = {ord(char): escape(char) for char in found if not _has_glyph(char)}
    return text.translate(hidden) if hidden else text


def _escape_marks(marks: str) -> str:
    """Return marks as escapes, of a flood how many more there are."""
    named = "".join(map(_escape, marks[:_MARKS_NAMED]))
    more = len(marks) - _MARKS_NAMED
    return f"{named}… (+{more} marks)" if more > 0 else named


def visible(value: bytes | str, limit: int | None = None) -> str:
    r"""Return ``value`` as one printable line.

    Bytes are read as UTF-8; bytes that are not are shown as ``\\xNN``.  With ``limit``, at most that
    many characters of the input are shown and an ellipsis with the number left out follows.
    """
    text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    left_out = 0
    if limit is not None and len(text) > limit:
        left_out = len(text) - limit
        text = text[:limit]
    text = escaped(text, _escape, _escape_marks)
    return f"{text}… (+{left_out} characters)" if left_out else text


def excerpt(value: bytes | str) -> str:
    """Return a peer's words for a sentence: as many as fit, and how many more there are.

    What is counted is what is seen, escapes too.  The step that the words came in shows them whole.
    """
    text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    shown = visible(text[: EXCERPT_CHARS + 1])
    if len(text) <= EXCERPT_CHARS and len(shown) <= EXCERPT_CHARS:
        return shown
    kept = next(n for n in range(EXCERPT_CHARS, -1, -1) if len(visible(text[:n])) <= EXCERPT_CHARS)
    if partial := _CUT_ESCAPE.search(text[:kept]):  # of words that were made visible before
        kept = partial.start()
    return say(
        "{shown}… (+{number} characters)", shown=visible(text[:kept]), number=len(text) - kept
    )


def visible_lines(text: str) -> str:
    """Return a text of several lines, each made visible."""
    return "\n".join(map(visible, text.split("\n")))
