"""Redaction of a message walk: whose message it is goes, what authentication rests on stays.

The body is dropped, and the value of every field that no check needs, Subject among them.  In the
fields that are kept (From, trace fields, signatures, results) every local part is replaced, and the
names of people before it.  Kept are domains, the client's address and its HELO name: they are the
other side's; the hosts of the receiving side go with the other own names, in ``redact``.  What the
library said of a signature is in the evidence, so that results stay; they cannot be verified again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from mxwalk.evidence.mailauth import DkimChecked, MessageInput, SpfChecked
from mxwalk.evidence.secrets import LOCAL_PART, SENDER_LOCAL_PART
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Header, Trace
from mxwalk.limits import (
    MESSAGE_ADDRESS_CHARS,
    MESSAGE_FIELD_BYTES,
    MESSAGE_FIELDS,
    MESSAGE_HEADER_BYTES,
)

FILE = "message.eml"
VALUE = b"redacted"
# How an evaluation of SPF is kept for another sender; without it the answers go.
Renamed = Callable[[SpfChecked, str, Header], SpfChecked]

_AUTHORS = frozenset({b"from", b"sender", b"reply-to"})
_PATHS = frozenset({b"return-path", b"received", b"received-spf", b"authentication-results"})
_ARC = (b"arc-authentication-results", b"arc-message-signature", b"arc-seal")
_SIGNED = frozenset({b"dkim-signature", b"arc-message-signature", b"arc-seal"})
_KEPT = _AUTHORS | _PATHS | _SIGNED | {*_ARC, b"date", b"message-id", b"list-id"}
_NAME = re.compile(rb"([!-9;-~]{1,998})[ \t]*:")
_FOLD = re.compile(rb"\r?\n")
_WORDS = re.compile(rb'"(?:[^"\\]|\\.)*"|\([^()]*\)')
# A token that ends in @: behind the keys of results and signatures, which are not part of it.
_MAILBOX = re.compile(
    rb"(?<![^\s<>()\[\],;:\"'@])"
    rb"((?:(?:smtp|header|policy|body)\.[a-z-]+|envelope-from|mailfrom|sender|from|to|helo|i)=\"?)?+"
    rb"(\"[^\"\r\n]*\"|[^\s<>()\[\],;:\"@]+)@(?=[A-Za-z0-9\[\x80-\xff])",
    re.IGNORECASE,
)
_BARE = re.compile(
    rb"((?:Authenticated sender:|smtp\.auth=|userid)[ \t]*)([^\s()@;,]+)", re.IGNORECASE
)
# A local part before an @ as URLs and forwarders write it; l=40 of a signature is none.
_ENCODED = re.compile(
    rb"(?<![^\s<>()\[\],;:\"@=%/?&])[^\s<>()\[\],;:\"@=%/?&]{1,320}"
    rb"(?=(?:=40|%40)[a-z0-9-]{1,63}\.[a-z0-9-])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^']*'")
_LINE = 76


@dataclass(frozen=True, slots=True)
class _People:
    """The local parts of the senders, in lower case; any other is a recipient's."""

    senders: frozenset[bytes]

    def placeholder(self, local: bytes) -> bytes:
        plain = local.strip(b'"').lower()
        if plain == b"postmaster":  # RFC 5321 4.5.1: every domain has this one
            return local
        return SENDER_LOCAL_PART if plain in self.senders else LOCAL_PART


def redact_message(trace: Trace, renamed: Renamed | None = None) -> Trace:
    """Return a message walk without message and people; another trace as it is.

    ``renamed`` runs an evaluation of SPF again for the replaced sender, so that it comes out the same
    although macros asked names with the local part in them.
    """
    given = trace.header.message
    if given is None:
        return trace
    people = _People(frozenset(_senders(given)))
    header = msgspec.structs.replace(
        trace.header,
        target=msgspec.structs.replace(trace.header.target, text=FILE),
        message=_message(given, people),
    )
    steps = tuple(_step(step, people, header, renamed) for step in trace.steps)
    return Trace(
        header=header, steps=steps, damage=trace.damage, damaged_within=trace.damaged_within
    )


def _message(given: MessageInput, people: _People) -> MessageInput:
    return msgspec.structs.replace(
        given,
        raw=redacted_fields(given.raw, people.senders),
        file_name=FILE,
        mail_from=_path(given.mail_from, people),
        whole=False,
    )


def redacted_fields(raw: bytes, senders: frozenset[bytes]) -> bytes:
    """Return the header alone, field by field in order, each kept, cut down, or replaced."""
    people = _People(senders)
    found = [
        name + b":" + _fold(_value(name.lower(), _FOLD.sub(b"", value), people)) + b"\r\n"
        for name, value in _fields(raw)
    ]
    return b"".join(found)


def _fields(raw: bytes) -> list[tuple[bytes, bytes]]:
    """Return names and values as far as there are header fields, line by line."""
    found: list[tuple[bytes, list[bytes]]] = []
    at = 0
    while at < len(raw) and at <= MESSAGE_HEADER_BYTES and len(found) < MESSAGE_FIELDS:
        end = raw.find(b"\n", at) + 1 or len(raw)
        line = raw[at:end]
        at = end
        if line.startswith((b" ", b"\t")) and found:
            found[-1][1].append(line)
        elif (match := _NAME.match(line)) is not None:
            found.append((match[1], [line[match.end() :]]))
        else:
            break
    return [(name, b"".join(lines).rstrip(b"\r\n")) for name, lines in found]


def _value(name: bytes, value: bytes, people: _People) -> bytes:
    limit = MESSAGE_ADDRESS_CHARS if name in _AUTHORS else MESSAGE_FIELD_BYTES
    if name not in _KEPT or len(value) > limit:  # what is longer nobody reads
        return b" " + VALUE
    if name in _AUTHORS:
        return _authors(value, people)
    if name == b"list-id":  # its words name a list, its id is what lists are known by
        found = re.search(rb"<[^<>]*>", value)
        return b" " + (found.group() if found else VALUE)
    if name in _SIGNED:
        return _signature(value, people)
    return _addresses(value, people)


def _authors(value: bytes, people: _People) -> bytes:
    """Return the addresses alone: names of people, comments and groups go."""
    plain = _WORDS.sub(
        lambda match: match.group() if value[match.end() :][:1] == b"@" else b" ", value
    )
    angles = re.findall(rb"<([^<>]*@[^<>]*)>", plain)
    found = angles or re.findall(rb"[^\s<>,;:]+@[^\s<>,;:]+", plain)
    if not found:
        return b" " + VALUE
    parts = [one.rpartition(b"@") for one in found]
    return b" " + b", ".join(
        b"<" + people.placeholder(local) + b"@" + domain.strip() + b">"
        for local, _, domain in parts
    )


def _signature(value: bytes, people: _People) -> bytes:
    """Return a signature with the local part of ``i=`` replaced and without ``z=`` (RFC 6376 3.5)."""
    tags = []
    for tag in value.split(b";"):
        name, equals, content = tag.partition(b"=")
        key = name.strip().lower()
        if key == b"z":
            continue  # it has the signed fields as they were
        if key == b"i" and b"@" in content:
            local, _, domain = b"".join(content.split()).rpartition(b"@")
            content = (people.placeholder(local) if local else b"") + b"@" + domain
        tags.append(name + equals + content)
    return b";".join(tags)


def _addresses(value: bytes, people: _People) -> bytes:
    plain = _ENCODED.sub(LOCAL_PART, _BARE.sub(rb"\1" + VALUE, value))
    return _MAILBOX.sub(
        lambda match: (match[1] or b"") + people.placeholder(match[2]) + b"@", plain
    )


def _fold(value: bytes) -> bytes:
    """Fold at white space, as lines are (RFC 5322 2.1.1)."""
    if len(value) <= _LINE:
        return value
    lines, line = [], b""
    for word in re.split(rb"(?=[ \t])", value):
        if line and len(line) + len(word) > _LINE:
            lines.append(line)
            line = b""
        line += word
    return b"\r\n".join([*lines, line])


def _senders(given: MessageInput) -> set[bytes]:
    """Return the local parts of authors and of MAIL FROM, in lower case."""
    found = {given.mail_from.strip("<>").rpartition("@")[0].encode().lower()}
    for name, value in _fields(given.raw):
        if len(value) > MESSAGE_FIELD_BYTES:
            continue
        if name.lower() in _AUTHORS or name.lower() == b"return-path":
            matches = _MAILBOX.finditer(_FOLD.sub(b"", value))
            found.update(match[2].strip(b'"').lower() for match in matches)
    return found - {b""}


def _path(path: str, people: _People) -> str:
    """Return a reverse-path with its local part replaced; the null one and none stay."""
    plain = path.strip("<>")
    local, at, domain = plain.rpartition("@")
    if not at or not local:
        return path
    return f"{people.placeholder(local.encode()).decode()}@{domain}"


def _step(step: Step, people: _People, header: Header, renamed: Renamed | None) -> Step:
    match step.evidence:
        case SpfChecked() as checked:
            sender = _path(checked.sender, people)
            if sender == checked.sender:
                return step
            if renamed is None:
                new = msgspec.structs.replace(checked, sender=sender, answers=(), support=())
            else:
                new = renamed(checked, sender, header)
            return msgspec.structs.replace(step, evidence=new)
        case DkimChecked() as dkim:
            return msgspec.structs.replace(step, evidence=_dkim(dkim))
        case _:
            return step


def _dkim(checked: DkimChecked) -> DkimChecked:
    """Return the verification without what its words quote of body and Subject."""
    return msgspec.structs.replace(checked, detail=_QUOTED.sub("'...'", checked.detail))
