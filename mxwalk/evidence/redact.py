"""Redaction: the trace without what identifies the person who walked and the mailbox written to.

Replaced everywhere, in texts and in raw bytes: the recipient's local part (also in base64), the
envelope sender, the HELO name, our own addresses (as the system, or the peer's greeting to us, names
them) with the host name beside them, the resolver's address, and file names.  Kept: the target's
domain and hosts, certificates, and what the server said of itself.  TLS records after the handshake
are dropped: they are of no use to a reader, and whoever holds the server's key may be able to decrypt
them.  A DNS message that holds a replaced name or address is dropped; its readings stay.  Notes of
the administrator are emptied unless they are asked for.  What goes of
a message is told in ``redact_message``.
"""

import base64
import enum
import ipaddress
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from mxwalk.evidence import secret_base64
from mxwalk.evidence.connection import Exchanged, Handshaken, IssuersFetched, LookedAgain
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.handshake import ClientCertificateAsked
from mxwalk.evidence.notes import without_notes
from mxwalk.evidence.records import told_apart
from mxwalk.evidence.redact_message import Renamed, redact_message
from mxwalk.evidence.revocation import CrlEntry, CrlExtract, OcspAsked, RevocationOf
from mxwalk.evidence.secret_message import in_message
from mxwalk.evidence.secret_patterns import mailbox_pattern, name_pattern, word_pattern
from mxwalk.evidence.secrets import (
    FILE_NAME,
    LOCAL_PART,
    OWN_NAME,
    SENDER_LOCAL_PART,
    Secrets,
    address_tokens,
    placeholder_address,
)
from mxwalk.evidence.step import Noted, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.tls import PathCertificate, TrustStore
from mxwalk.evidence.trace import Header, Trace
from mxwalk.evidence.wire import Layer, WireChunk
from mxwalk.limits import NOTE_CHARS

_SYSTEM_FOLDERS = ("/etc/", "/usr/lib", "/usr/local/", "/usr/share/")
_BUILT_IN_STORES = ("system", "certifi", "lab")
# Binary values of the server that are kept whole, and fields with a treatment of their own.
_LEFT_ALONE = {
    (Handshaken, "presented"),
    (Handshaken, "ocsp_staple"),
    (ClientCertificateAsked, "authorities"),
    (IssuersFetched, "certificates"),
    (IssuersFetched, "anchors"),
    (RevocationOf, "certificate"),
    (RevocationOf, "issuer"),
    (OcspAsked, "response"),
    (CrlEntry, "issuer"),
    (CrlExtract, "issuer"),
    (CrlExtract, "scope"),
    (PathCertificate, "der"),
    (DnsAnswer, "wire"),
    (Target, "domain"),
    (Step, "wire"),
}
_ENVELOPE = frozenset({StepKind.MAIL, StepKind.RCPT, StepKind.RSET, StepKind.QUIT})
_T = TypeVar("_T")


class _Place(enum.Enum):
    """Where a text stands: elsewhere, in a dialogue, or in a dialogue that has named the mailboxes."""

    TEXT = enum.auto()
    DIALOGUE = enum.auto()
    ENVELOPE = enum.auto()


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    text: bytes


def redact(
    trace: Trace,
    renamed: Renamed | None = None,
    own_hosts: frozenset[bytes] = frozenset(),
    *,
    with_notes: bool = False,
) -> Trace:
    """Return the trace with every secret replaced, and marked as redacted.

    Notes are emptied, for they may name people in words of their own; ``with_notes`` keeps them, with
    what is known to be secret replaced.  ``renamed`` and ``own_hosts``, names in lower case, are for
    message walks; see ``redact_message``, and ``mxwalk.delivery.redaction``.
    """
    trace = redact_message(trace, renamed)
    if not with_notes:
        trace = without_notes(trace)
    secrets = Secrets(trace)
    secrets.names |= own_hosts
    work = _Redaction(secrets)
    wires = work.wires(trace.steps)
    steps = [
        msgspec.structs.replace(work.rebuilt(step), wire=wire)
        for step, wire in zip(trace.steps, wires, strict=True)
    ]
    return msgspec.structs.replace(trace, header=work.header(trace.header), steps=tuple(steps))


class _Redaction:
    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._names = name_pattern(secrets.names)
        self._mailboxes = tuple(
            (mailbox_pattern(parts), word_pattern(parts), placeholder)
            for parts, placeholder in (
                (secrets.local_parts, LOCAL_PART),
                (secrets.sender_local_parts, SENDER_LOCAL_PART),
            )
        )

        self._encoded = tuple(
            (secret_base64.pattern(parts), base64.b64encode(placeholder))
            for parts, placeholder in (
                (secrets.local_parts, LOCAL_PART),
                (secrets.sender_local_parts, SENDER_LOCAL_PART),
            )
        )

    def header(self, header: Header) -> Header:
        """Return the header with target, options and file names replaced."""
        options = self.rebuilt(header.options)
        if options.trust not in _BUILT_IN_STORES:
            options = msgspec.structs.replace(options, trust=FILE_NAME)
        rebuilt = self.rebuilt(header)
        return msgspec.structs.replace(
            rebuilt,
            since=rebuilt.since.encode()[:NOTE_CHARS].decode(errors="ignore"),
            target=_target(header.target),
            options=msgspec.structs.replace(options, trust_anchor=_anchor(options)),
            redacted=True,
        )

    def rebuilt(self, value: _T) -> _T:
        """Return the value with every text and every byte string in it replaced, at any depth."""
        rebuilt: _T = self._rebuilt(value, _Place.TEXT)
        return rebuilt

    def _rebuilt(self, value: Any, place: _Place) -> Any:  # noqa: ANN401 - any evidence
        match value:
            case str():
                return self.replaced(value.encode(), place).decode()
            case bytes():
                return self.replaced(value, place)
            case tuple():
                return tuple(self._rebuilt(item, place) for item in value)
            case Step():
                is_envelope = value.kind in _ENVELOPE
                return self._struct(value, _Place.ENVELOPE if is_envelope else _Place.DIALOGUE)
            case Exchanged() | LookedAgain():
                return self._struct(value, place)
            case msgspec.Struct():
                return self._struct(value, _Place.TEXT)
            case _:
                return value

    def _struct(self, value: msgspec.Struct, place: _Place) -> msgspec.Struct:
        changes: dict[str, Any] = {}
        for name in value.__struct_fields__:
            if (type(value), name) in _LEFT_ALONE:
                continue
            old = getattr(value, name)
            new = self._rebuilt(old, place)
            if new != old:
                changes[name] = new
        if isinstance(value, DnsAnswer) and in_message(self._secrets, value.wire):
            changes["wire"] = b""
        if isinstance(value, TrustStore) and not _is_public(value):
            changes["path"] = FILE_NAME
        if isinstance(value, Noted) and "text" in changes:
            changes["text"] = changes["text"][:NOTE_CHARS]  # placeholders may be longer
        return msgspec.structs.replace(value, **changes) if changes else value

    def replaced(self, data: bytes, place: _Place) -> bytes:
        """Return ``data`` with the secrets in it replaced."""
        words_from = 0 if place is _Place.ENVELOPE else None
        spans = self.spans(data, dialogue=place is not _Place.TEXT, words_from=words_from)
        return _applied(data, 0, len(data), spans)

    def spans(self, data: bytes, *, dialogue: bool, words_from: int | None) -> list[_Span]:
        """Return what to replace, in order and without overlaps.

        In a dialogue every address that is not the target's is taken for ours, and from
        ``words_from`` on a local part counts also where it stands alone.
        """
        found = [_Span(*match.span(), OWN_NAME) for match in _finditer(self._names, data)]
        for mailbox, word, placeholder in self._mailboxes:
            found += [_Span(*match.span(), placeholder) for match in _finditer(mailbox, data)]
            if words_from is not None:
                found += [
                    _Span(*match.span(), placeholder)
                    for match in _finditer(word, data)
                    if match.start() >= words_from
                ]
        if dialogue:
            for secret, text in self._encoded:
                found += [_Span(*place, text) for place in secret_base64.tokens(secret, data)]
        for match in address_tokens(data):
            address = str(ipaddress.ip_address(match.group().decode("ascii"))).encode()
            known = address in self._secrets.addresses
            if known or (dialogue and address not in self._secrets.public_addresses):
                found.append(_Span(*match.span(), placeholder_address(match.group())))
        return _without_overlaps(found)

    def wires(self, steps: Iterable[Step]) -> list[tuple[WireChunk, ...]]:
        """Return each step's chunks, replaced also where a secret is spread over several."""
        kept: list[list[WireChunk]] = []
        streams: dict[object, list[tuple[int, int]]] = defaultdict(list)
        words_from: dict[object, int] = {}
        length: dict[object, int] = defaultdict(int)
        for number, (step, moved) in enumerate(told_apart(steps)):
            chunks = [
                chunk
                for chunk in moved
                if chunk.layer is not Layer.TLS_RECORDS or step.kind is StepKind.HANDSHAKE
            ]
            kept.append(chunks)
            for index, chunk in enumerate(chunks):
                if chunk.layer is Layer.TLS_RECORDS:
                    continue
                key = (step.scope, chunk.direction, chunk.layer)
                if step.kind is StepKind.MAIL:
                    words_from.setdefault(key, length[key])
                streams[key].append((number, index))
                length[key] += len(chunk.data)
        for stream, places in streams.items():
            self._stream(kept, places, words_from.get(stream))
        return [tuple(chunk for chunk in chunks if chunk.data) for chunks in kept]

    def _stream(
        self, kept: list[list[WireChunk]], places: list[tuple[int, int]], words_from: int | None
    ) -> None:
        data = b"".join(kept[number][index].data for number, index in places)
        spans = self.spans(data, dialogue=True, words_from=words_from)
        if not spans:
            return
        ends = [span.end for span in spans]
        start = 0
        for number, index in places:
            chunk = kept[number][index]
            end = start + len(chunk.data)
            new = _applied(data, start, end, spans, bisect_right(ends, start))
            kept[number][index] = msgspec.structs.replace(chunk, data=new)
            start = end


def _applied(data: bytes, start: int, end: int, spans: list[_Span], first: int = 0) -> bytes:
    """Return ``data[start:end]`` with the spans replaced, each where it starts.

    The spans are in order; those before ``first`` end before ``start``.
    """
    parts, at = [], start
    for span in map(spans.__getitem__, range(first, len(spans))):
        if span.start >= end:
            break
        parts.append(data[at : max(at, span.start)])
        if span.start >= start:
            parts.append(span.text)
        at = min(span.end, end)
    parts.append(data[at:end])
    return b"".join(parts)


def _without_overlaps(spans: list[_Span]) -> list[_Span]:
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda item: (item.start, -item.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end > kept[-1].end:  # what sticks out must not stay
            last = kept[-1]
            kept[-1] = _Span(last.start, span.end, last.text)
    return kept


def _finditer(pattern: re.Pattern[bytes] | None, data: bytes) -> Iterable[re.Match[bytes]]:
    return pattern.finditer(data) if pattern else ()


def _anchor(options: Options) -> str:
    """A trust anchor given as records (DS, DNSKEY) is public; a file's name is not."""
    is_records = any(word in options.trust_anchor.split() for word in ("DS", "DNSKEY"))
    return options.trust_anchor if is_records or not options.trust_anchor else FILE_NAME


def _is_public(store: TrustStore) -> bool:
    """Say whether the path tells nothing of a person: certifi's bundle may lie in somebody's home."""
    return not store.path or (store.kind != "file" and store.path.startswith(_SYSTEM_FOLDERS))


def _target(target: Target) -> Target:
    """Return the target without its local part, its text rewritten from what was understood."""
    if target.kind is TargetKind.MESSAGE:
        return target
    domain = target.domain.ascii if target.domain else ""
    port = f":{target.port}" if target.port else ""
    local = LOCAL_PART.decode() if target.local_part else ""
    place = f"[{target.address}]{port}" if target.kind is TargetKind.ADDRESS else domain + port
    text = f"{local}@{place}" if local else place
    return msgspec.structs.replace(target, text=text, local_part=local)
