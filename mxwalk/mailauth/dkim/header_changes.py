"""Undoing what mail systems do to header fields (RFC 6376 8.2, 8.15): candidates for the signature.

Each candidate is the message's fields with one change undone.  What a field was before is known from
copies (``z=``, ``X-Original-From``), from a list's own marks, or from the few forms a field can
have.
"""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from mxwalk.language import noted, say
from mxwalk.mailauth.dkim.diagnosis import Change
from mxwalk.mailauth.dkim.model import Signature
from mxwalk.mailauth.dkim.values import decode_quoted
from mxwalk.mailauth.message import HeaderField, Message, unfold
from mxwalk.text import visible

Fields = tuple[HeaderField, ...]
Candidate = tuple[Change, str, Fields]
_TAG = re.compile(
    rb"(?:\[[^\]\r\n]{1,80}\]|\{[^}\r\n]{1,40}\}|\*{2,5}[^*\r\n]{1,40}\*{2,5}|\([^)\r\n]{1,40}\)"
    rb"|[A-Za-z-]{2,20}:)[ \t]*",
)
_CHARSET = re.compile(rb"""(?i);[ \t\r\n]*charset[ \t]*=[ \t]*("[^"\r\n]*"|[^\s;]+)""")
_FORMER_FROM = ("x-original-from", "original-from", "x-from", "reply-to", "author", "sender")
_CASES = {
    "mime-version": (b"MIME-Version", b"Mime-Version"),
    "message-id": (b"Message-ID", b"Message-Id", b"Message-id"),
    "dkim-signature": (b"DKIM-Signature", b"Dkim-Signature"),
}


def undone(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Yield each change with what it was in words, and the fields without it."""
    for make in (_added, _copied, _subject, _author, _encoding, _kind, _order, _form):
        yield from make(message, signature)


def changed(fields: Fields, field: HeaderField, value: bytes) -> Fields:
    """Return the fields with another value for one; ``value`` is as behind the colon."""
    raw = field.name_octets + b":" + value.rstrip(b"\r\n") + b"\r\n"
    other = replace(field, raw=raw, value=unfold(value))
    return tuple(other if one is field else one for one in fields)


def _signed_fields(message: Message, signature: Signature) -> list[HeaderField]:
    names = set(signature.signed)
    return [field for field in message.fields if field.key in names]


def _added(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Leave out each field of a signed name: it may have been added (RFC 6376 5.4.2, 8.15)."""
    have = Counter(field.key for field in message.fields)
    for field in _signed_fields(message, signature):
        rest = tuple(one for one in message.fields if one is not field)
        shown = f"{field.name}: {visible(field.value, 60)}"
        if field.key == "from" and have["from"] > 1:
            yield (
                Change.FROM_ADDED,
                say("without the field '{shown}', which was added", shown=shown),
                rest,
            )
        elif have[field.key] == 1 or signature.signed.count(field.key) >= have[field.key]:
            yield (
                Change.FIELD_ADDED,
                say("without the field '{shown}', which was added", shown=shown),
                rest,
            )


def _copied(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Put back what ``z=`` copied where it is not what stands there now (RFC 6376 3.5)."""
    fields, differing = message.fields, []
    for name, value in copied_fields(signature):
        found = [field for field in fields if field.key == name.lower()]
        if len(found) == 1 and found[0].value != value.strip():
            octets = b" " + value.strip().encode("utf-8", "surrogateescape")
            fields = changed(fields, found[0], octets)
            differing.append(
                say("{found} was '{value}'", found=found[0].name, value=visible(value.strip(), 60))
            )
    if differing:
        yield (
            Change.FIELD_CHANGED,
            say("with what z= copied: {differing}", differing="; ".join(differing[:5])),
            fields,
        )


def copied_fields(signature: Signature) -> list[tuple[str, str]]:
    """Return the names and values of ``z=`` (RFC 6376 3.5), bounded by the field itself."""
    copied = signature.tags.get("z") or ""
    pairs = [decode_quoted(part).partition(":") for part in copied.split("|")]
    return [(name.strip(), value) for name, colon, value in pairs if colon]


def _subject(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Take off tags such as ``[list]``, before and behind a ``Re:``."""
    if "subject" not in signature.signed:
        return
    for field in message.named("Subject")[:2]:
        value = field.value_octets.rstrip(b"\r\n")
        for start in [match.start() for match in _TAG.finditer(value)][:6]:
            match = _TAG.match(value, start)
            if match is None:
                continue
            shorter = value[:start] + value[match.end() :]
            tag = visible(match[0].strip(), 60)
            fields = changed(message.fields, field, shorter)
            yield (
                Change.SUBJECT,
                say("without '{tag}' in Subject, which was put there", tag=tag),
                fields,
            )
        try:
            decoded = str(make_header(decode_header(field.value))).encode(
                "utf-8", "surrogateescape"
            )
        except (HeaderParseError, ValueError, LookupError, binascii.Error):
            continue
        if decoded != field.value.encode("utf-8", "surrogateescape"):
            fields = changed(message.fields, field, b" " + decoded)
            yield Change.SUBJECT, say("with Subject in UTF-8 instead of encoded words"), fields
        else:
            word = b" =?utf-8?B?" + base64.b64encode(decoded) + b"?="
            fields = changed(message.fields, field, word)
            yield Change.SUBJECT, say("with Subject as an encoded word"), fields


def _author(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Put back an author that a list replaced by itself, together with its subject's tag."""
    authors = message.named("From")
    if len(authors) != 1:
        return
    for name in _FORMER_FROM:
        for other in message.named(name)[:1]:
            fields = changed(message.fields, authors[0], other.value_octets)
            words = say(
                "with From as {other} has it ('{other_2}')",
                other=other.name,
                other_2=visible(other.value, 60),
            )
            yield Change.FIELD_CHANGED, words, fields
            for _, more, both in _subject(replace(message, fields=fields), signature):
                yield Change.FIELD_CHANGED, say("{words} and {more}", words=words, more=more), both


def _encoding(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Put back another transfer encoding."""
    if "content-transfer-encoding" not in signature.signed:
        return
    for field in message.named("Content-Transfer-Encoding")[:1]:
        for other in (
            b"8bit",
            b"7bit",
            b"8BIT",
            b"7BIT",
            b"quoted-printable",
            b"base64",
            b"binary",
        ):
            if other.decode() != field.value:
                fields = changed(message.fields, field, b" " + other)
                words = say(
                    "with Content-Transfer-Encoding: {other} instead of {field}",
                    other=other.decode(),
                    field=visible(field.value, 30),
                )
                yield Change.ENCODING, words, fields


def _kind(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Put back another character set, or none, in Content-Type."""
    if "content-type" not in signature.signed:
        return
    for field in message.named("Content-Type")[:1]:
        value = field.value_octets
        for other in (b"utf-8", b"UTF-8", b"us-ascii", b"iso-8859-1", b"windows-1252", b""):
            now = b"; charset=" + other if other else b""
            changed_value = _CHARSET.sub(now, value, count=1)
            if changed_value.lower() == value.lower():
                continue
            fields = changed(message.fields, field, changed_value)
            words = (
                say("with charset={other} in Content-Type", other=other.decode())
                if other
                else say("without charset=")
            )
            yield Change.CHARSET, words, fields


def _order(message: Message, signature: Signature) -> Iterator[Candidate]:
    """Turn round the order of fields that stand there more than once (RFC 6376 5.4.2)."""
    have = Counter(field.key for field in message.fields)
    for name in dict.fromkeys(signature.signed):
        if have[name] > 1:
            mine = [field for field in message.fields if field.key == name]
            turned = iter(reversed(mine))
            fields = tuple(next(turned) if one.key == name else one for one in message.fields)
            yield (
                Change.REORDERED,
                say("with the {mine} fields in the opposite order", mine=mine[0].name),
                fields,
            )


def _form(message: Message, signature: Signature) -> Iterator[Candidate]:
    """For c=simple: undo folding, white space and case of names, in all fields and in each."""
    if signature.header_canon != "simple":
        return
    signed = _signed_fields(message, signature)
    ways = (
        (
            noted("with every signed field unfolded"),
            noted("with {field} unfolded"),
            lambda raw: raw.replace(b"\r\n", b"") + b"\r\n",
        ),
        (
            noted("with every signed field with one space behind the colon"),
            noted("with {field} with one space behind the colon"),
            _one_space,
        ),
        (
            noted("with every signed field without white space at its end"),
            noted("with {field} without white space at its end"),
            lambda raw: raw.rstrip() + b"\r\n",
        ),
    )
    for every, single, way in ways:
        other = {field.number: replace(field, raw=way(field.raw)) for field in signed}
        fields = tuple(other.get(field.number, field) for field in message.fields)
        yield Change.FORM, say(every), fields
        for field in signed:
            if other[field.number].raw != field.raw:
                fields = tuple(other[one.number] if one is field else one for one in message.fields)
                yield Change.FORM, say(single, field=field.name), fields
    for field in signed:
        for name in _CASES.get(field.key, (field.name.title().encode("ascii"),)):
            if name != field.name_octets:
                raw = name + field.raw[len(field.name_octets) :]
                fields = tuple(
                    replace(field, raw=raw) if one is field else one for one in message.fields
                )
                yield (
                    Change.FORM,
                    say(
                        "with the name {field} written {name}", field=field.name, name=name.decode()
                    ),
                    fields,
                )


def _one_space(raw: bytes) -> bytes:
    name, _, value = raw.partition(b":")
    return name + b": " + value.lstrip(b" \t")
