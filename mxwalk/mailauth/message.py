r"""A message as received (RFC 5322): its header fields octet for octet, its body, and what is odd.

DKIM signs octets, so every field is kept as it came; readings stand beside it.  Total and bounded:
every octet string is a message, and what is wrong with it is a deviation.  The header ends at the
first empty line, or before the first line that is no header field, as mail systems do it.
"""

import re
from dataclasses import dataclass, field

from mxwalk.language import per_language, say
from mxwalk.limits import MESSAGE_FIELDS, MESSAGE_FROM_FIELDS, MESSAGE_HEADER_BYTES
from mxwalk.mailauth.message_addresses import AddressList, read_addresses, read_path
from mxwalk.mailauth.message_oddities import (
    Deviation,
    Oddity,
    begins_mbox,
    body_oddities,
    field_oddities,
)
from mxwalk.mailauth.message_received import Hop, read_received

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")  # RFC 5322 2.2; 4.5.1 allows white space
_LINE_END = re.compile(r"\r?\n")
_BULK_FIELDS = ("list-unsubscribe", "list-unsubscribe-post")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderField:
    """A header field: ``raw`` with its line end, ``value`` unfolded without the outer white space.

    ``number`` counts the message's fields from the top, from 1; ``line`` is its first line in the file,
    from 1.  ``value`` is UTF-8 with undecodable octets as surrogates: show it by ``visible()``.
    """

    number: int
    name: str
    raw: bytes
    value: str
    line: int

    @property
    def key(self) -> str:
        """The name in lower case."""
        return self.name.lower()

    @property
    def name_octets(self) -> bytes:
        """What stands before the colon, white space there included."""
        return self.raw.partition(b":")[0]

    @property
    def value_octets(self) -> bytes:
        """What stands behind the colon, folds and line end included."""
        return self.raw.partition(b":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message.  ``whole`` is false when the body is not there to be judged.

    ``body`` is what stands behind the empty line; ``blank_line`` that line's octets, empty without it.
    """

    raw: bytes = field(repr=False)
    fields: tuple[HeaderField, ...]
    body: bytes = field(repr=False)
    blank_line: bytes
    whole: bool
    deviations: tuple[Deviation, ...]
    author: AddressList
    hops: tuple[Hop, ...]

    def named(self, name: str) -> tuple[HeaderField, ...]:
        """Return the fields of a name, from the top."""
        key = name.lower()
        return tuple(field for field in self.fields if field.key == key)

    def value(self, name: str) -> str:
        """Return the value of the topmost field of a name, empty without one."""
        found = self.named(name)
        return found[0].value if found else ""

    @property
    def author_domains(self) -> tuple[str, ...]:
        """The domains of every author in every From field, each once (RFC 9989 4.2).

        None where an author could not be read: whoever else is named, that one is not spoken for.
        """
        return () if self.author.is_partial else self.author.domains

    @property
    def subject(self) -> str:
        """The topmost Subject, encoded words left as they are."""
        return self.value("Subject")

    @property
    def signatures(self) -> tuple[HeaderField, ...]:
        """The DKIM-Signature fields, from the top."""
        return self.named("DKIM-Signature")

    @property
    def return_path(self) -> str | None:
        """The address of the topmost Return-Path, ``""`` for the null path, ``None`` without."""
        found = self.named("Return-Path")
        return read_path(found[0].value) if found else None

    @property
    def sender(self) -> AddressList:
        """The mailbox of Sender."""
        return read_addresses(self.value("Sender"))

    @property
    def list_fields(self) -> tuple[HeaderField, ...]:
        """What a mailing list adds (RFC 2369, RFC 2919); nothing where there is only a way to leave.

        Whoever sends in bulk adds List-Unsubscribe (RFC 8058), and that is no list passing it on.
        """
        found = tuple(
            field
            for field in self.fields
            if field.key.startswith("list-") or field.key in ("mailing-list", "x-mailman-version")
        )
        return found if any(field.key not in _BULK_FIELDS for field in found) else ()


@per_language(maxsize=4)
def read_message(raw: bytes, *, whole: bool = True) -> Message:
    """Return the message in ``raw``, which has CRLF line ends as on the wire (see ``to_wire``).

    ``whole`` is false when only header fields were given, so that a missing body means nothing.
    """
    fields, at, notes = _fields(raw)
    rest = raw[at:]
    blank = rest[:2] if rest.startswith(b"\r\n") else rest[:1] if rest.startswith(b"\n") else b""
    body = rest[len(blank) :]
    if whole and not blank:
        what = (
            say("no empty line ends the header")
            if not rest
            else say("the header ends without an empty line")
        )
        notes.append(Deviation(Oddity.NO_BLANK_LINE, 1 + raw.count(b"\n", 0, at), what))
    notes += field_oddities((field.name, field.raw, field.line) for field in fields)
    notes += body_oddities(body, 1 + raw.count(b"\n", 0, at + len(blank)))
    return Message(
        raw=raw,
        fields=tuple(fields),
        body=body,
        blank_line=blank,
        whole=whole,
        deviations=tuple(notes),
        author=_author(fields),
        hops=tuple(
            read_received(field.value, number, field.line)
            for number, field in enumerate(
                (one for one in fields if one.key == "received"), start=1
            )
        ),
    )


def _fields(raw: bytes) -> tuple[list[HeaderField], int, list[Deviation]]:
    """Return the header fields, where they end, and what is wrong with the header's shape."""
    fields: list[HeaderField] = []
    notes: list[Deviation] = []
    at, line = 0, 1
    if begins_mbox(raw):
        notes.append(
            Deviation(Oddity.MBOX_FROM, 1, say("an mbox 'From ' line stands before the header"))
        )
        at, line = _next_line(raw, 0), 2
    while at < len(raw) and not raw.startswith((b"\r\n", b"\n"), at):
        match = _FIELD.match(raw, at, at + MESSAGE_HEADER_BYTES)
        if match is None:
            fold = raw[at : at + 1] in (b" ", b"\t")
            what = (
                say("a continuation line continues nothing")
                if fold
                else say("a line is no header field")
            )
            notes.append(Deviation(Oddity.STRAY_FOLD if fold else Oddity.NOT_A_FIELD, line, what))
            break
        if len(fields) == MESSAGE_FIELDS or at > MESSAGE_HEADER_BYTES:
            notes.append(Deviation(Oddity.TOO_MANY, line, say("the header is longer than is read")))
            break
        end = _next_line(raw, at)
        while raw[end : end + 1] in (b" ", b"\t"):
            end = _next_line(raw, end)
        octets = raw[at:end]
        fields.append(
            HeaderField(
                number=len(fields) + 1,
                name=match[1].decode("ascii"),
                raw=octets,
                value=unfold(octets.partition(b":")[2]),
                line=line,
            )
        )
        at, line = end, line + max(octets.count(b"\n"), 1)
    return fields, at, notes


def unfold(octets: bytes) -> str:
    """Return a field's value on one line, without the white space around it (RFC 5322 2.2.3)."""
    return _LINE_END.sub("", octets.decode("utf-8", "surrogateescape")).strip(" \t\r\n")


def _next_line(raw: bytes, at: int) -> int:
    found = raw.find(b"\n", at)
    return found + 1 if found >= 0 else len(raw)


def _author(fields: list[HeaderField]) -> AddressList:
    """Return the authors of every From field together: a second one counts too."""
    values = [field.value for field in fields if field.key == "from"]
    lists = [read_addresses(value) for value in values[:MESSAGE_FROM_FIELDS]]
    if len(values) > MESSAGE_FROM_FIELDS:
        what = say(
            "only the first {message_from_fields} of {values} From fields are read",
            message_from_fields=MESSAGE_FROM_FIELDS,
            values=len(values),
        )
        lists.append(AddressList(problems=(what,), is_partial=True))
    return AddressList(
        mailboxes=tuple(one for each in lists for one in each.mailboxes),
        groups=tuple(one for each in lists for one in each.groups),
        problems=tuple(one for each in lists for one in each.problems),
        is_partial=any(each.is_partial for each in lists),
    )
