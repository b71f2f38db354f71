"""What was hashed, for show: the canonical header block and body (RFC 6376 3.4, 3.7).

As this side sees them, and, where ``z=`` kept copies, the header fields as the signer had them.
A line that differs stands out by itself.  The canonical forms are the library's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mxwalk.mailauth.dkim.header_changes import changed, copied_fields
from mxwalk.mailauth.dkim.library import canonical_body, canonical_fields, octets_pair
from mxwalk.mailauth.dkim.model import Signature
from mxwalk.mailauth.message import HeaderField, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """The octets a signature is over.

    ``fields`` are in the order of ``h=``, the signature's own last with an empty ``b=`` and no line
    end; ``absent`` are names of ``h=`` the message has no field for.  ``body`` ends at ``l=``.
    """

    fields: tuple[bytes, ...]
    body: bytes
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPair:
    """A signed field as it came and, from ``z=``, as the signer had it (empty if it was not copied)."""

    name: str
    came: bytes
    signed: bytes
    differs: bool


def as_it_came(message: Message, signature: Signature) -> Hashed:
    """Return what is hashed on this side."""
    chosen, absent = signed_fields(message.fields, signature)
    return Hashed(
        fields=(*_canonical(chosen, signature), _own(signature)),
        body=canonical_body(message.body, signature.body_canon, signature.length)
        if message.whole
        else b"",
        absent=tuple(absent),
    )


def beside_copies(message: Message, signature: Signature) -> tuple[FieldPair, ...]:
    """Return each signed field beside its copy in ``z=``; empty without copies."""
    copies: dict[str, list[str]] = {}
    for name, value in copied_fields(signature):
        copies.setdefault(name.lower(), []).append(value)
    if not copies:
        return ()
    pairs = []
    for field in signed_fields(message.fields, signature)[0]:
        kept = copies.get(field.key)
        came = _canonical([field], signature)[0]
        if not kept:
            pairs.append(FieldPair(name=field.name, came=came, signed=b"", differs=False))
            continue
        octets = b" " + kept.pop().strip().encode("utf-8", "surrogateescape")
        copy = changed((field,), field, octets)
        signed = _canonical(copy, signature)[0]
        differs = _squeezed(signed) != _squeezed(came)
        pairs.append(FieldPair(name=field.name, came=came, signed=signed, differs=differs))
    return tuple(pairs)


def signed_fields(
    fields: Sequence[HeaderField], signature: Signature
) -> tuple[list[HeaderField], list[str]]:
    """Return the fields ``h=`` picks, from the bottom up by name (RFC 6376 5.4.2), and the absent."""
    left: dict[str, list[HeaderField]] = {}
    for field in fields:
        left.setdefault(field.key, []).append(field)
    chosen: list[HeaderField] = []
    absent: list[str] = []
    for name in signature.signed:
        if left.get(name):
            chosen.append(left[name].pop())
        else:
            absent.append(name)
    return chosen, absent


def _canonical(fields: Sequence[HeaderField], signature: Signature) -> list[bytes]:
    pairs = canonical_fields([octets_pair(field.raw) for field in fields], signature.header_canon)
    return [name + b":" + value for name, value in pairs]


def _own(signature: Signature) -> bytes:
    """Return the signature field as it is hashed: ``b=`` empty, no line end (RFC 6376 3.7)."""
    name, _, value = signature.raw.partition(b":")
    tag = signature.tags.tag("b")
    if tag is not None:
        equals = value.index(b"=", tag.start) + 1
        value = value[:equals] + value[tag.end :]
    pairs = canonical_fields([(name, value.rstrip(b"\r\n") + b"\r\n")], signature.header_canon)
    return b":".join(pairs[0]).rstrip(b"\r\n")


def _squeezed(octets: bytes) -> bytes:
    return b"".join(octets.split()).lower()
