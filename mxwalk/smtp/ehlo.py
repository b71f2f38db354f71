"""The EHLO response: its two readings side by side, and the comparison of two responses.

RFC 1869 4.3 (RFC 5321 4.1.1.1) makes the first line the greeting, whatever it holds; extensions are
the lines behind it.  That is the strict reading.  The lenient one is that of forgiving clients:
every line whose first word is a registered keyword is an extension, also line 1.  Nothing is
repaired: what the readings disagree about stays visible on the line.  A response to HELO, or one
whose code is not 250, offers nothing; its lines are text.
"""

from dataclasses import dataclass

from mxwalk.language import per_language
from mxwalk.smtp.ehlo_lines import read_extension_line, read_greeting_line, read_text_line
from mxwalk.smtp.ehlo_parts import Part, PartKind, line_parts
from mxwalk.smtp.model import EhloLine, EhloResponse, Reading, Role
from mxwalk.smtp.replies import parse_reply

__all__ = [
    "ChangedKeyword",
    "EhloDifference",
    "Part",
    "PartKind",
    "compare_responses",
    "line_parts",
    "read_ehlo",
]


@per_language(maxsize=512)
def read_ehlo(raw: bytes, *, is_helo: bool = False) -> EhloResponse:
    """Read the raw reply to EHLO (or HELO) in both ways; total, it never raises.

    The first reply in ``raw`` is read, whether it is complete or not.
    """
    reply = parse_reply(raw)
    lines: list[EhloLine] = []
    seen: set[str] = set()
    for number, line in enumerate(reply.lines, 1):
        if reply.code != 250 or (is_helo and number > 1):
            lines.append(read_text_line(number, line))
        elif number == 1:
            lines.append(read_greeting_line(line, is_helo=is_helo))
        else:
            may_greet = number == 2 and lines[0].lenient_role is Role.KEYWORD
            lines.append(read_extension_line(number, line, seen=seen, may_greet=may_greet))
            if lines[-1].strict_role is not Role.INVALID:
                seen.add(lines[-1].keyword)
    return EhloResponse(lines=tuple(lines), deviations=reply.deviations, is_helo=is_helo)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedKeyword:
    """A keyword both responses have, with different parameters."""

    keyword: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EhloDifference:
    """What one reading of a response has that the other has not, in the order of the lines."""

    reading: Reading
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[ChangedKeyword, ...]
    unchanged: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether the reading sees the same extensions in both."""
        return not (self.added or self.removed or self.changed)


def compare_responses(
    before: EhloResponse, after: EhloResponse, reading: Reading = Reading.STRICT
) -> EhloDifference:
    """Compare the extensions of two responses in one reading, as before and after TLS.

    RFC 3207 4.2: the client forgets what it knew before TLS, so the second list alone counts; that
    STARTTLS is gone from it is as it should be.  Parameters are compared without case, in order.
    """
    old, new = before.keywords(reading), after.keywords(reading)
    both = [keyword for keyword in new if keyword in old]
    differing = [keyword for keyword in both if _folded(old[keyword]) != _folded(new[keyword])]
    return EhloDifference(
        reading=reading,
        added=tuple(keyword for keyword in new if keyword not in old),
        removed=tuple(keyword for keyword in old if keyword not in new),
        changed=tuple(
            ChangedKeyword(keyword=keyword, before=old[keyword], after=new[keyword])
            for keyword in differing
        ),
        unchanged=tuple(keyword for keyword in both if keyword not in differing),
    )


def _folded(parameters: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(parameter.upper() for parameter in parameters if parameter)
