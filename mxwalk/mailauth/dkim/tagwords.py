"""The tags of signatures and key records in words, one short line each (RFC 6376 3.5, 3.6.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mxwalk.mailauth.dkim.header_changes import copied_fields
from mxwalk.mailauth.dkim.model import KeyRecord, Signature
from mxwalk.mailauth.dkim.values import compact, decode_base64, decode_quoted
from mxwalk.mailauth.tags import Tag
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

_SHOWN = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TagWord:
    """A tag, its value for show, and what it means here; places are octets of the tag list."""

    name: str
    value: str
    meaning: str
    start: int
    end: int


def signature_words(signature: Signature) -> tuple[TagWord, ...]:
    """Return the tags of a signature in the order written."""
    return tuple(_word(tag, _of_signature(tag, signature)) for tag in signature.tags.tags)


def key_words(key: KeyRecord) -> tuple[TagWord, ...]:
    """Return the tags of a key record in the order written."""
    return tuple(_word(tag, _of_key(tag, key)) for tag in key.tags.tags) if key.tags else ()


def _word(tag: Tag, meaning: str) -> TagWord:
    octets = tag.value.encode("latin-1")
    return TagWord(
        name=visible(tag.name, 60),
        value=visible(octets.replace(b"\r\n", b""), _SHOWN),
        meaning=meaning,
        start=tag.start,
        end=tag.end,
    )


_PLAIN = {
    "i": "on whose behalf: a user or subdomain of d=",
    "q": "how the key is looked up: in TXT records of DNS",
}
_ARC = {  # RFC 8617 4.1.2, 4.1.3
    "i": "the instance: which hop's set this is",
    "cv": "what the sealer found of the chain before it",
}
UNKNOWN = "unknown; verifiers ignore it (RFC 6376 3.2)"


def _of_signature(tag: Tag, signature: Signature) -> str:
    value = compact(tag.value)
    words: dict[str, Callable[[], str]] = {
        "v": lambda: "version of the signature" if value == "1" else "an unknown version",
        "a": lambda: _algorithm(value.lower()),
        "b": lambda: f"the signature over the header fields, {_size(value)}",
        "bh": lambda: f"the hash of the canonical body, {_size(value)}",
        "c": lambda: (
            f"canonicalization: header {signature.header_canon}, body {signature.body_canon}"
        ),
        "d": lambda: f"the domain that takes responsibility{_unicode(signature.domain)}",
        "s": lambda: f"the selector: the key stands at {visible(signature.key_name, 300)}",
        "h": lambda: _signed(signature),
        "l": lambda: f"only the first {visible(value, 80)} octets of the canonical body are signed",
        "t": lambda: f"signed on {when(signature.timestamp)}",
        "x": lambda: f"expires on {when(signature.expires)}",
        "z": lambda: _copies(signature),
    }
    plain = _ARC if signature.tags.get("v") is None and not signature.identity else _PLAIN
    made = words.get(tag.name)
    return made() if made else plain.get(tag.name, _PLAIN.get(tag.name, UNKNOWN))


def _copies(signature: Signature) -> str:
    names = ", ".join(name for name, _ in copied_fields(signature))
    return visible(f"copies of fields as signed, to find faults: {names}", _SHOWN)


def _of_key(tag: Tag, key: KeyRecord) -> str:
    value = compact(tag.value)
    match tag.name:
        case "v":
            return (
                "version of the key record" if value == "DKIM1" else "not DKIM1: must be discarded"
            )
        case "k":
            return {"rsa": "an RSA key", "ed25519": "an Ed25519 key (RFC 8463)"}.get(
                value.lower(), "an unknown type of key"
            )
        case "p":
            if not value:
                return "empty: the key has been revoked"
            return f"the public key, {key.bits} bits" if key.bits else "cannot be read as a key"
        case "h":
            return f"hashes the key may be used with: {visible(', '.join(key.hashes), 80)}"
        case "t":
            return "; ".join(_flag(flag) for flag in key.flags[:10])
        case "s":
            return f"services the key may be used for: {visible(', '.join(key.services), 80)}"
        case "n":
            return f"a note for people: {visible(decode_quoted(tag.value), _SHOWN)}"
        case "g":
            return "obsolete: it limited local parts before RFC 6376, and is ignored"
        case _:
            return UNKNOWN


def when(at: int | None) -> str:
    """Return a time of ``t=`` or ``x=`` as a date."""
    if at is None:
        return "a date that cannot be read"
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return "a date beyond any calendar"


def _algorithm(value: str) -> str:
    return {
        "rsa-sha256": "RSA with SHA-256, which every verifier checks",
        "rsa-sha1": "RSA with SHA-1, which RFC 8301 forbids",
        "ed25519-sha256": "Ed25519 with SHA-256 (RFC 8463), which not every verifier checks",
    }.get(value, "an unknown algorithm")


def _size(value: str) -> str:
    octets = decode_base64(value)
    return "which is no base64" if octets is None else f"{len(octets)} octets"


def _signed(signature: Signature) -> str:
    again = {name for name in signature.signed if signature.signed.count(name) > 1}
    many = f"{len(signature.signed)} header fields are signed"
    if not again:
        return many
    return visible(f"{many}; {', '.join(sorted(again))} also against being added to", _SHOWN)


def _unicode(domain: str) -> str:
    try:
        name = parse_name(domain)
    except InvalidNameError:
        return ""
    return f" ({visible(name.unicode, 260)})" if name.unicode != name.ascii else ""


def _flag(flag: str) -> str:
    return {
        "y": "the domain is testing DKIM",
        "s": "i= must be in d= itself, not below it",
        "": "no flag",
    }.get(flag, f"unknown flag {visible(flag, 20)}")
