"""The tags of a DKIM-Signature in words (RFC 6376 3.5), and of a key record (3.6.1)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from mxwalk.mailauth.tags import TagList
from mxwalk.reports.model_mailauth import Tag

SIGNATURE_TAGS = {
    "v": "version",
    "a": "algorithm",
    "b": "signature",
    "bh": "hash of the body",
    "c": "canonicalization of header and body",
    "d": "signing domain",
    "h": "signed header fields",
    "i": "agent or user the signature is made for",
    "l": "octets of the body that are signed",
    "q": "how the key is found",
    "s": "selector",
    "t": "time of signing",
    "x": "time of expiry",
    "z": "header fields as they were when signed",
    "r": "addresses for reports (RFC 6651)",
    "rs": "text for a refusal (RFC 6651)",
    "atps": "third-party signer (RFC 6541)",
    "atpsh": "hash for third-party signers (RFC 6541)",
}
KEY_TAGS = {
    "v": "version",
    "g": "local part it was meant for (dropped by RFC 6376)",
    "h": "hash algorithms allowed",
    "k": "type of key",
    "n": "notes",
    "p": "public key",
    "s": "services it is for",
    "t": "flags: y testing, s no subdomains in i=",
}
_VALUE_CHARS = 1_000


def explained(tags: TagList, meanings: dict[str, str]) -> Iterator[Tag]:
    """Yield each tag with its meaning; an unknown one is ignored by verifiers (RFC 6376 3.2)."""
    for tag in tags.tags:
        meaning = meanings.get(tag.name)
        value = " ".join(tag.value.split())[:_VALUE_CHARS]
        yield Tag(
            name=tag.name,
            value=value,
            meaning=_with_date(tag.name, value, meaning) if meaning else "unknown: ignored",
            state="ok" if meaning else "unknown",
        )
    for fault in tags.faults:
        yield Tag(
            name="", value=tags.text[fault.start : fault.end], meaning=fault.what, state="fault"
        )


def _with_date(name: str, value: str, meaning: str) -> str:
    if name not in ("t", "x") or not value.isdecimal() or len(value) > 12:
        return meaning
    try:
        return f"{meaning}: {datetime.fromtimestamp(int(value), UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return meaning
