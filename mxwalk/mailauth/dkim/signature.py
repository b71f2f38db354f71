"""Reading a DKIM-Signature field by every rule of RFC 6376 3.5 and 6.1.1.

Total: a field that cannot be used is a signature with a problem.  Domains and selectors in U-labels
are taken as A-labels (RFC 8616 5).  Whether the signature agrees with the message is not asked here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mxwalk.language import say
from mxwalk.limits import DKIM_SIGNATURE_BYTES, DKIM_SIGNATURES, DKIM_SIGNED_NAMES
from mxwalk.mailauth.dkim.model import Reason, Signature
from mxwalk.mailauth.dkim.values import compact, decode_base64, tag_text
from mxwalk.mailauth.message import HeaderField, Message
from mxwalk.mailauth.tags import TagList, read_tags
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

ALGORITHMS = ("rsa-sha256", "ed25519-sha256", "rsa-sha1")
HISTORIC = "rsa-sha1"  # RFC 8301 3.1
_CANON = re.compile(r"(simple|relaxed)(?:/(simple|relaxed))?", re.IGNORECASE)
_SPACES = re.compile(rb"[ \t\r\n]{101}")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_LENGTH_DIGITS, _TIME_DIGITS = 76, 12  # RFC 6376 3.5


class _UnusableError(ValueError):
    """A tag that makes the signature unusable."""

    def __init__(self, what: str, reason: Reason = Reason.SYNTAX) -> None:
        super().__init__(what)
        self.reason = reason


@dataclass(slots=True)
class _Draft:
    """What has been read so far."""

    algorithm: str = ""
    header_canon: str = "simple"
    body_canon: str = "simple"
    domain: str = ""
    selector: str = ""
    identity: str = ""
    signed: tuple[str, ...] = ()
    body_hash: bytes = b""
    numbers: dict[str, int] = field(default_factory=dict)


def read_signatures(message: Message) -> tuple[Signature, ...]:
    """Return the message's signatures from the top; no more than fifty are read."""
    fields = message.signatures[:DKIM_SIGNATURES]
    return tuple(read_signature(one, number) for number, one in enumerate(fields, start=1))


def read_signature(header: HeaderField, number: int = 1, kind: "Kind | None" = None) -> Signature:
    """Return a signature; what keeps it from being used is its ``problem`` (RFC 6376 6.1.1)."""
    kind = kind or DKIM
    octets = header.value_octets
    tags = read_tags(octets[:DKIM_SIGNATURE_BYTES])
    draft = _Draft()
    problem, reason = "", Reason.SYNTAX
    if len(octets) > DKIM_SIGNATURE_BYTES:
        problem = say("the field has {octets} octets, more than is read", octets=len(octets))
    elif _SPACES.search(octets):  # the library takes quadratic time for them
        problem = say("more than 100 octets of white space stand in a row")
    for read in (kind.whole, *kind.readers):
        try:
            read(tags, draft)
        except _UnusableError as error:
            if not problem:
                problem, reason = str(error), error.reason
    return Signature(
        number=number,
        tags=tags,
        raw=header.raw,
        algorithm=draft.algorithm,
        header_canon=draft.header_canon,
        body_canon=draft.body_canon,
        domain=draft.domain,
        selector=draft.selector,
        identity=draft.identity,
        signed=draft.signed,
        body_hash=draft.body_hash,
        length=draft.numbers.get("l"),
        timestamp=draft.numbers.get("t"),
        expires=draft.numbers.get("x"),
        problem=problem,
        problem_reason=reason,
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of signature field: its required tags, and what reads its other tags."""

    required: tuple[str, ...]
    readers: tuple[Callable[[TagList, _Draft], None], ...]

    def whole(self, tags: TagList, _: _Draft) -> None:
        """Check that the list is well formed and complete."""
        if tags.faults:  # RFC 6376 3.2: a list that is not well formed is void
            fault = tags.faults[0]
            what = say(
                "{what} (octet {octet} of the field's value)",
                what=fault.what,
                octet=fault.start + 1,
            )
            raise _UnusableError(what)
        missing = [name for name in self.required if tags.get(name) is None]
        if missing:
            raise _UnusableError(say("the required tag {tag}= is missing", tag=missing[0]))


def _version(tags: TagList, _: _Draft) -> None:
    version = tags.get("v")
    if version not in (None, "1"):  # RFC 6376 6.1.1: an incompatible version
        shown = visible(version or "", 20)
        raise _UnusableError(say("v={version} is not version 1", version=shown))


def _algorithm(tags: TagList, draft: _Draft) -> None:
    draft.algorithm = (tags.get("a") or "").lower()
    if draft.algorithm and draft.algorithm not in ALGORITHMS:
        shown = visible(draft.algorithm, 40)
        what = say("a={algorithm} is an unknown algorithm", algorithm=shown)
        raise _UnusableError(what, Reason.ALGORITHM)


def _canon(tags: TagList, draft: _Draft) -> None:
    value = tags.get("c")
    if value is None:
        return
    match = _CANON.fullmatch(value)
    if match is None:
        what = say("c={canon} is an unknown canonicalization", canon=visible(value, 40))
        raise _UnusableError(what)
    draft.header_canon = match[1].lower()
    draft.body_canon = (match[2] or "simple").lower()  # RFC 6376 3.5: simple unless it is said


def _domain(tags: TagList, draft: _Draft) -> None:
    draft.domain = _name(tags, "d")


def _selector(tags: TagList, draft: _Draft) -> None:
    draft.selector = _name(tags, "s")
    if len(f"{draft.selector}._domainkey.{draft.domain}") > 253:
        raise _UnusableError(say("the name of the key record would be over 253 octets long"))


def _name(tags: TagList, tag: str) -> str:
    text = tag_text(tags, tag)
    if tags.get(tag) is None:
        return ""
    try:
        return parse_name(text if not text.endswith(".") else "..").ascii  # no dot behind it
    except InvalidNameError as error:
        what = say(
            "{tag}={text} is no name: {error}",
            tag=tag,
            text=visible(text, 80),
            error=visible(str(error), 120),
        )
        raise _UnusableError(what) from error


def _identity(tags: TagList, draft: _Draft) -> None:
    text, domain = tag_text(tags, "i"), draft.domain
    if tags.get("i") is None:
        draft.identity = f"@{domain}" if domain else ""  # RFC 6376 3.5: the default
        return
    local, at, below = compact(text).rpartition("@")
    if not at:
        raise _UnusableError(say("i={text} has no '@'", text=visible(text, 80)))
    try:
        name = parse_name(below).ascii
    except InvalidNameError as error:
        raise _UnusableError(f"i={visible(text, 80)}: {visible(str(error), 120)}") from error
    draft.identity = f"{local}@{name}"
    if domain and name != domain and not name.endswith(f".{domain}"):  # RFC 6376 6.1.1
        what = say(
            "i={text} is neither in {domain} nor below it", text=visible(text, 80), domain=domain
        )
        raise _UnusableError(what, Reason.IDENTITY)


def _signed(tags: TagList, draft: _Draft) -> None:
    value = tags.get("h")
    if value is None:
        return
    names = [part.strip(" \t\r\n") for part in value.split(":")]
    if len(names) > DKIM_SIGNED_NAMES:
        what = say(
            "h= names {count} fields; {most} are read", count=len(names), most=DKIM_SIGNED_NAMES
        )
        raise _UnusableError(what)
    bad = [name for name in names if not _FIELD_NAME.fullmatch(name)]
    draft.signed = tuple(name.lower() for name in names if _FIELD_NAME.fullmatch(name))
    if bad:
        shown = visible(bad[0], 40)
        raise _UnusableError(say("h= names {name!r}, which is no field name", name=shown))
    if "from" not in draft.signed:  # RFC 6376 6.1.1
        what = say("h= does not name From, which must be signed")
        raise _UnusableError(what, Reason.NO_FROM)


def _data(tags: TagList, draft: _Draft) -> None:
    for name in ("bh", "b"):
        value = tags.get(name)
        if value is not None and decode_base64(value) is None:
            raise _UnusableError(say("{tag}= is no base64", tag=name))
    draft.body_hash = decode_base64(tags.get("bh") or "") or b""
    size = 20 if draft.algorithm == HISTORIC else 32
    if draft.body_hash and len(draft.body_hash) != size:
        what = say(
            "bh= has {had} octets; the algorithm's hash has {size}",
            had=len(draft.body_hash),
            size=size,
        )
        raise _UnusableError(what)


def _query(tags: TagList, _: _Draft) -> None:
    value = tags.get("q")
    if value is not None:
        methods = [compact(one).lower() for one in value.split(":")]
        if "dns/txt" not in methods:  # RFC 6376 3.5: methods that are not known are ignored
            what = say(
                "q={value} names no way to the key but unknown ones", value=visible(value, 40)
            )
            raise _UnusableError(what)


def _numbers(tags: TagList, draft: _Draft) -> None:
    for name, digits in (("t", _TIME_DIGITS), ("x", _TIME_DIGITS), ("l", _LENGTH_DIGITS)):
        value = tags.get(name)
        if value is None:
            continue
        if not (value.isascii() and value.isdigit() and len(value) <= digits):
            what = say(
                "{tag}={value} is no number of at most {digits} digits",
                tag=name,
                value=visible(value, 40),
                digits=digits,
            )
            raise _UnusableError(what)
        draft.numbers[name] = int(value)
    stamp, expires = draft.numbers.get("t"), draft.numbers.get("x")
    if stamp is not None and expires is not None and expires <= stamp:  # RFC 6376 3.5, x=
        what = say("x={expires} is not after t={stamp}", expires=expires, stamp=stamp)
        raise _UnusableError(what)


DKIM = Kind(  # RFC 6376 3.5
    required=("v", "a", "b", "bh", "d", "h", "s"),
    readers=(
        _version,
        _algorithm,
        _canon,
        _domain,
        _selector,
        _identity,
        _signed,
        _data,
        _query,
        _numbers,
    ),
)
# RFC 8617 4.1.2: as a DKIM-Signature, but without v=, and i= is the instance.
ARC_MESSAGE = Kind(
    required=("i", "a", "b", "bh", "d", "h", "s"),
    readers=(_algorithm, _canon, _domain, _selector, _signed, _data, _query, _numbers),
)
# RFC 8617 4.1.3: no body hash, no h=.
ARC_SEAL = Kind(
    required=("i", "a", "b", "cv", "d", "s"),
    readers=(_algorithm, _domain, _selector, _data, _numbers),
)
