"""The tags of signatures and key records in words, one short line each (RFC 6376 3.5, 3.6.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mxwalk.language import noted, say
from mxwalk.mailauth.dkim.header_changes import copied_fields
from mxwalk.mailauth.dkim.model import KeyRecord, Signature
from mxwalk.mailauth.dkim.values import compact, decode_base64, decode_quoted
from mxwalk.mailauth.tags import Tag
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

_SHOWN = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TagWord:
    """A tag, its value for show, and what it means here; places are octets of the tag list.

    ``known`` is false for a tag that verifiers ignore.
    """

    name: str
    value: str
    meaning: str
    start: int
    end: int
    known: bool = True


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
        known=meaning != say(UNKNOWN),
        start=tag.start,
        end=tag.end,
    )


_PLAIN = {
    "i": noted("on whose behalf: a user or subdomain of d="),
    "q": noted("how the key is looked up: in TXT records of DNS"),
}
_ARC = {  # RFC 8617 4.1.2, 4.1.3
    "i": noted("the instance: which hop's set this is"),
    "cv": noted("what the sealer found of the chain before it"),
}
_KEY_TYPES = {"rsa": noted("an RSA key"), "ed25519": noted("an Ed25519 key (RFC 8463)")}
_ALGORITHMS = {
    "rsa-sha256": noted("RSA with SHA-256, which every verifier checks"),
    "rsa-sha1": noted("RSA with SHA-1, which RFC 8301 forbids"),
    "ed25519-sha256": noted("Ed25519 with SHA-256 (RFC 8463), which not every verifier checks"),
}
_FLAGS = {
    "y": noted("the domain is testing DKIM"),
    "s": noted("i= must be in d= itself, not below it"),
    "": noted("no flag"),
}
UNKNOWN = noted("unknown; verifiers ignore it (RFC 6376 3.2)")


def _of_signature(tag: Tag, signature: Signature) -> str:
    value = compact(tag.value)
    words: dict[str, Callable[[], str]] = {
        "v": lambda: say("version of the signature") if value == "1" else say("an unknown version"),
        "a": lambda: _algorithm(value.lower()),
        "b": lambda: say("the signature over the header fields, {size}", size=_size(value)),
        "bh": lambda: say("the hash of the canonical body, {size}", size=_size(value)),
        "c": lambda: say(
            "canonicalization: header {header_canon}, body {body_canon}",
            header_canon=signature.header_canon,
            body_canon=signature.body_canon,
        ),
        "d": lambda: _responsible(signature.domain),
        "s": lambda: say(
            "the selector: the key stands at {key_name}", key_name=visible(signature.key_name, 300)
        ),
        "h": lambda: _signed(signature),
        "l": lambda: say(
            "only the first {value} octets of the canonical body are signed",
            value=visible(value, 80),
        ),
        "t": lambda: say("signed on {when}", when=when(signature.timestamp)),
        "x": lambda: say("expires on {when}", when=when(signature.expires)),
        "z": lambda: _copies(signature),
    }
    plain = _ARC if signature.tags.get("v") is None and not signature.identity else _PLAIN
    made = words.get(tag.name)
    return made() if made else say(plain.get(tag.name, _PLAIN.get(tag.name, UNKNOWN)))


def _copies(signature: Signature) -> str:
    names = ", ".join(name for name, _ in copied_fields(signature))
    return visible(say("copies of fields as signed, to find faults: {names}", names=names), _SHOWN)


def _of_key(tag: Tag, key: KeyRecord) -> str:
    value = compact(tag.value)
    match tag.name:
        case "v":
            return (
                say("version of the key record")
                if value == "DKIM1"
                else say("not DKIM1: must be discarded")
            )
        case "k":
            return say(_KEY_TYPES.get(value.lower(), noted("an unknown type of key")))
        case "p":
            if not value:
                return say("empty: the key has been revoked")
            return (
                say("the public key, {bits} bits", bits=key.bits)
                if key.bits
                else say("cannot be read as a key")
            )
        case "h":
            return say(
                "hashes the key may be used with: {hashes}",
                hashes=visible(", ".join(key.hashes), 80),
            )
        case "t":
            return "; ".join(_flag(flag) for flag in key.flags[:10])
        case "s":
            return say(
                "services the key may be used for: {services}",
                services=visible(", ".join(key.services), 80),
            )
        case "n":
            return say(
                "a note for people: {decode_quoted}",
                decode_quoted=visible(decode_quoted(tag.value), _SHOWN),
            )
        case "g":
            return say("obsolete: it limited local parts before RFC 6376, and is ignored")
        case _:
            return say(UNKNOWN)


def when(at: int | None) -> str:
    """Return a time of ``t=`` or ``x=`` as a date."""
    if at is None:
        return say("a date that cannot be read")
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return say("a date beyond any calendar")


def _algorithm(value: str) -> str:
    return say(_ALGORITHMS.get(value, noted("an unknown algorithm")))


def _size(value: str) -> str:
    octets = decode_base64(value)
    return (
        say("which is no base64") if octets is None else say("{octets} octets", octets=len(octets))
    )


def _signed(signature: Signature) -> str:
    again = {name for name in signature.signed if signature.signed.count(name) > 1}
    count = len(signature.signed)
    if not again:
        return say("{count} header fields are signed", count=count)
    names = ", ".join(sorted(again))
    words = say(
        "{count} header fields are signed; {names} also against being added to",
        count=count,
        names=names,
    )
    return visible(words, _SHOWN)


def _responsible(domain: str) -> str:
    try:
        name = parse_name(domain)
    except InvalidNameError:
        name = None
    if name is None or name.unicode == name.ascii:
        return say("the domain that takes responsibility")
    shown = visible(name.unicode, 260)
    return say("the domain that takes responsibility ({name})", name=shown)


def _flag(flag: str) -> str:
    known = _FLAGS.get(flag)
    return say("unknown flag {flag}", flag=visible(flag, 20)) if known is None else say(known)
