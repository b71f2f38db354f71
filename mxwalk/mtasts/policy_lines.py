"""One line of the policy file: its octets, the name before the colon, and fields that are unknown.

RFC 8461 3.2: the file is UTF-8, names keep their letters, and what is not known is ignored.
"""

import re

from mxwalk.language import say
from mxwalk.mtasts.model import PolicyFault, Weight
from mxwalk.mtasts.policy_values import Note
from mxwalk.text import visible

KNOWN = ("version", "mode", "mx", "max_age")
NAME_CHARS = 32
WSP = " \t"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")  # sts-policy-ext-name, its length apart
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class Lines:
    """The remarks on single lines, each given to ``note``."""

    def __init__(self, note: Note) -> None:
        self._note = note

    def text(self, number: int, raw: bytes, *, whole: bool) -> str:
        """Return the line as text; ``whole`` says that our own bound has not cut it."""
        match = _CONTROL.search(raw)
        if match is not None:
            octet = match.group()
            if octet == b"\0":
                fault, what = PolicyFault.NUL, say("a NUL")
            elif octet == b"\r":
                fault, what = PolicyFault.BARE_CR, say("a CR that no LF follows")
            else:
                fault, what = (
                    PolicyFault.CONTROL,
                    say("the control character {octet}", octet=visible(octet)),
                )
            self._note(
                fault,
                Weight.BREAKS,
                number,
                raw,
                say(
                    "line {number} has {what} at octet {start}",
                    number=number,
                    what=what,
                    start=match.start() + 1,
                ),
            )
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            # A character that our own cut has halved is no fault of the file.
            if whole or error.start < len(raw) - 3:
                self._note(
                    PolicyFault.NOT_UTF8,
                    Weight.BREAKS,
                    number,
                    raw,
                    say(
                        "line {number} is no UTF-8 from octet {start} on",
                        number=number,
                        start=error.start + 1,
                    ),
                )
            return raw.decode("utf-8", "surrogateescape")

    def name(self, number: int, field: str) -> str:
        """Return the field's name without the blanks around it."""
        name = field.lstrip(WSP)
        if name != field:
            self._note(
                PolicyFault.LEADING_SPACE,
                Weight.DIFFERS,
                number,
                field,
                say(
                    "line {number} begins with a blank, which the grammar does not have",
                    number=number,
                ),
            )
        bare = name.rstrip(WSP)
        if bare != name:
            self._note(
                PolicyFault.SPACE_BEFORE_COLON,
                Weight.DIFFERS,
                number,
                field,
                say(
                    "line {number} has a blank before the colon, which the grammar does not have",
                    number=number,
                ),
            )
        return bare

    def extension(self, number: int, name: str, value: str) -> None:
        """Judge a field that is none of the four: its name, and that it has a value."""
        shown = visible(name, 60)
        if name.lower().replace("-", "_") in KNOWN:
            self._note(
                PolicyFault.FIELD_CASE,
                Weight.DIFFERS,
                number,
                name,
                say(
                    'line {number}: "{shown}" is not "{name}": names of fields keep their'
                    " letters, so this one is unknown and ignored",
                    number=number,
                    shown=shown,
                    name=name.lower().replace("-", "_"),
                ),
            )
        elif not _NAME.fullmatch(name):
            self._note(
                PolicyFault.FIELD_NAME,
                Weight.DIFFERS,
                number,
                name,
                say(
                    'line {number}: "{shown}" cannot be the name of a field',
                    number=number,
                    shown=shown,
                ),
            )
        elif len(name) > NAME_CHARS:
            self._note(
                PolicyFault.FIELD_NAME_TOO_LONG,
                Weight.DIFFERS,
                number,
                name,
                say(
                    "line {number}: the field's name has {name} characters, {name_chars} are"
                    " allowed",
                    number=number,
                    name=len(name),
                    name_chars=NAME_CHARS,
                ),
            )
        else:
            self._note(
                PolicyFault.UNKNOWN_FIELD,
                Weight.ODD,
                number,
                name,
                say(
                    'line {number}: the field "{shown}" is unknown and ignored (RFC 8461 3.2)',
                    number=number,
                    shown=shown,
                ),
            )
        if not value:
            self._note(
                PolicyFault.EMPTY_VALUE,
                Weight.DIFFERS,
                number,
                name,
                say('line {number}: the field "{shown}" has no value', number=number, shown=shown),
            )
