"""Words that were written in English once, told in the language spoken.

The reasons of the system and of libraries are English, and so are the sentences of a trace: they are
evidence, which is the same for everyone who reads it.  A sentence is known by its template; those of
its values are told likewise that are words of ours or of the system (``_TOLD``).  Any other place may
hold what a peer said, which is nobody's to translate, and what is not known stays as it is.
"""

import re
import string
from collections.abc import Sequence
from functools import lru_cache

from mxwalk.language import ENGLISH, language, noted, per_language, say

_LONGEST = 1000  # of a sentence that is looked at; ours are shorter
_DEPTH = 4  # of sentences within a sentence
# What POSIX's strerror() says, as the C libraries of Linux, the BSDs and macOS word it.
SYSTEM = (
    noted("Address already in use"),
    noted("Address family not supported by protocol"),
    noted("Bad file descriptor"),
    noted("Broken pipe"),
    noted("Cannot assign requested address"),
    noted("Connection refused"),
    noted("Connection reset by peer"),
    noted("Connection timed out"),
    noted("Disk quota exceeded"),
    noted("File exists"),
    noted("File name too long"),
    noted("File too large"),
    noted("Input/output error"),
    noted("Invalid argument"),
    noted("Is a directory"),
    noted("Network is unreachable"),
    noted("No route to host"),
    noted("No space left on device"),
    noted("No such device or address"),
    noted("No such file or directory"),
    noted("Not a directory"),
    noted("Operation not permitted"),
    noted("Operation timed out"),
    noted("Permission denied"),
    noted("Read-only file system"),
    noted("Text file busy"),
    noted("Too many levels of symbolic links"),
    noted("Too many open files"),
)
# What msgspec says of JSON that is no trace or report.
JSON = (
    noted("{sentence} (byte {number})"),
    noted("{sentence} - at `{path}`"),
    noted("invalid character"),
    noted("invalid character in unicode escape"),
    noted("invalid escape character in string"),
    noted("invalid escaped character"),
    noted("invalid number"),
    noted("invalid utf-16 surrogate pair"),
    noted("unexpected end of escaped utf-16 surrogate pair"),
    noted("unexpected end of hex escape"),
    noted("trailing characters"),
    noted("trailing comma in object"),
    noted("trailing comma in array"),
    noted("object keys must be strings"),
    noted("Input data was truncated"),
    noted("Expected `{expected}`, got `{given}`"),
    noted("Expected `{expected}`"),
    noted("Object missing required field `{name}`"),
    noted("Object contains unknown field `{name}`"),
    noted("Invalid enum value {what}"),
    noted("Invalid value {what}"),
    noted("Invalid base64 encoded string"),
    noted("Invalid RFC3339 encoded datetime"),
    noted("Integer value out of range"),
    noted("Number out of range"),
    noted("expected {what}"),
)
# What idna says of a name that it cannot encode.
IDNA = (
    noted("Codepoint {code} not allowed at position {number} in {what}"),
    noted("Codepoint {code} at position {number} of {what} not allowed"),
    noted("Label must be in Normalization Form C"),
    noted("Label must not start or end with a hyphen"),
    noted("Label has disallowed hyphens in 3rd and 4th position"),
    noted("Label begins with an illegal combining character"),
    noted("Label too long"),
    noted("Domain too long"),
    noted("Empty label"),
    noted("Empty domain"),
    noted("Invalid A-label"),
    noted("Unknown character in unicodedata"),
)
# What dnspython, and struct below it, say of a name or a message that they cannot read.
DNS = (
    noted("A DNS compression pointer points forward instead of backward."),
    noted("A DNS label is > {number} octets long."),
    noted("A DNS label is empty."),
    noted("A DNS name is > {number} octets long."),
    noted("An escaped code in a text format of DNS name is invalid."),
    noted("DNS message is malformed."),
    noted("The label type in DNS name wire format is unknown."),
    noted(
        "unpack_from requires a buffer of at least {number} bytes for unpacking {amount} bytes at"
        " offset {offset} (actual buffer size is {total})"
    ),
)
# Places that hold a sentence of ours or of the system: they are told, too.
_TOLD = frozenset({"sentence", "why", "peer", "seconds", "after", "state", "error"})
# What stands in places of these names; in others it may be anything.
_PLACES = {
    "peer": r"\S{1,100} port [0-9]{1,5}",
    "address": r"\S{1,100}",
    "seconds": r"(?:less than )?[0-9.]{1,12} seconds?",
    "after": r"(?:less than )?[0-9.]{1,12} seconds?",
    "code": r"U\+[0-9A-F]{4,6}",
    "duration": r"[0-9.]{1,12} s",
    "timeout": r"[0-9.e+]{1,12} s",
    "factor": r"[0-9.]{1,6}",
    "amount": r"[0-9.]{1,12}",
    "number": r"[0-9]{1,20}",
    "total": r"[0-9]{1,20}",
    "rcode": r"[A-Z0-9]{1,20}",
    "verb": r"[A-Z]{4,8}",
    "asked": r"""(?:'.*'|".*")""",
    "heard": r".*?",  # a peer's words, or none
}


def system_words(error: OSError, otherwise: str = "") -> str:
    """Return why the system refused; ``otherwise``, or the error's own text, where it does not say."""
    return reworded(error.strerror or otherwise or str(error), SYSTEM)


def json_words(error: BaseException) -> str:
    """Return what msgspec says of JSON that it cannot read."""
    return reworded(str(error).removeprefix("JSON is malformed: "), JSON)


def reworded(text: str, *known: Sequence[str]) -> str:
    """Return a sentence of one of the templates, which are literals given to ``noted``, as it is said.

    Values in the places of ``_TOLD`` may be sentences themselves.  The first template counts that the
    whole fits.
    """
    if language() == ENGLISH or not text or len(text) > _LONGEST:
        return text
    return _reworded(text, tuple(map(tuple, known)), _DEPTH)


@per_language(2048)
def _reworded(text: str, known: tuple[tuple[str, ...], ...], depth: int) -> str:
    for template, pattern in _patterns(known):
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            if depth:
                values = {
                    name: _reworded(value, known, depth - 1) if name in _TOLD else value
                    for name, value in values.items()
                }
            return say(template, **values)
    return text


@lru_cache(16)
def _patterns(known: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, _pattern(template)) for group in known for template in group)


def _pattern(template: str) -> re.Pattern[str]:
    """Return what a template's sentences match; at most two places a sentence may hold anything."""
    parts: list[str] = []
    seen: set[str] = set()
    for literal, name, _form, _conversion in string.Formatter().parse(template):
        parts.append(re.escape(literal))
        if name is not None:
            again = name in seen  # the same words stand there
            parts.append(f"(?P={name})" if again else f"(?P<{name}>{_PLACES.get(name, '.+?')})")
            seen.add(name)
    return re.compile(
        "".join(parts), re.IGNORECASE | re.DOTALL
    )  # some readers write in small letters
