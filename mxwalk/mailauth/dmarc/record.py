"""A DMARC record as read (RFC 9989 4.7, 4.8, 4.10.1), and what of it counts by each reading.

``v=DMARC1`` must come first and be written exactly so; behind it a value that cannot be used gives
way to the default, and an unknown tag is ignored.  The tags that RFC 9989 removed are kept: receivers
that follow RFC 7489 still act on them.
"""

import re
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.mailauth.dmarc.meanings import (
    CURRENT,
    FAILURE_OPTIONS,
    MODES,
    POLICIES,
    REMOVED,
    expected,
    meaning,
)
from mxwalk.mailauth.dmarc.model import Mode, Policy, Reading, Record, TagReading, TagState
from mxwalk.mailauth.dmarc.uris import names_an_address, read_uris
from mxwalk.mailauth.tags import Tag, TagList, read_tags
from mxwalk.text import visible

# RFC 9989 4.8: dmarc-version; the value in exactly this case, and nothing before it.
_VERSION = re.compile(rb"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_NUMBER = re.compile(r"[0-9]{1,10}")
SHOWN = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The policies that one reading takes from a record; ``usable`` false: no DMARC processing.

    ``subdomain`` and ``nonexistent`` are ``None`` where the tag does not count.  ``why`` is empty
    unless the record does not say plainly what counts.
    """

    usable: bool
    policy: Policy = Policy.NONE
    subdomain: Policy | None = None
    nonexistent: Policy | None = None
    why: str = ""


def is_record(octets: bytes) -> bool:
    """Say whether a TXT record's content is a DMARC record at all (RFC 9989 4.7, v)."""
    return _VERSION.match(octets) is not None


def read_record(name: str, octets: bytes) -> Record:
    """Read the record found at ``name`` (with ``_dmarc.``); total."""
    tags = read_tags(octets)
    if not is_record(octets):
        return Record(
            name=name,
            text=visible(octets, SHOWN),
            tags=tags,
            readings=_readings(tags),
            usable=False,
            problems=(_not_a_record(octets),),
        )
    applied = _applied_9989(tags)
    number = _percent(tags)
    return Record(
        name=name,
        text=visible(octets, SHOWN),
        tags=tags,
        readings=_readings(tags),
        usable=applied.usable,
        policy=POLICIES.get(_low(tags, "p")),
        effective_policy=applied.policy,
        subdomain_policy=POLICIES.get(_low(tags, "sp")),
        nonexistent_policy=POLICIES.get(_low(tags, "np")),
        dkim_mode=MODES.get(_low(tags, "adkim"), Mode.RELAXED),
        spf_mode=MODES.get(_low(tags, "aspf"), Mode.RELAXED),
        failure_options=_failure_options(tags),
        aggregate=read_uris("rua", tags.get("rua") or "") if tags.get("rua") else (),
        failure=read_uris("ruf", tags.get("ruf") or "") if tags.get("ruf") else (),
        psd=_low(tags, "psd") if _low(tags, "psd") in ("y", "n") else "u",
        testing=_low(tags, "t") == "y",
        percent=100 if number is None else number,
        interval_s=int(_low(tags, "ri")) if _usable("ri", tags.get("ri") or "") else 86_400,
        problems=_problems(tags, applied),
    )


def applied(record: Record, reading: Reading) -> Applied:
    """Return what a receiver takes from a record (RFC 9989 4.10.1; RFC 7489 6.6.3 step 6).

    ``np`` is unknown to RFC 7489.
    """
    if not is_record(record.tags.text.encode("latin-1", "replace")):
        return Applied(usable=False, why=record.problems[0])
    if reading is Reading.RFC9989:
        return _applied_9989(record.tags)
    return _applied(record.tags, ("p", "sp"), "RFC 7489 6.6.3")


def _applied_9989(tags: TagList) -> Applied:
    return _applied(tags, ("p", "sp", "np"), "RFC 9989 4.10.1")


def _applied(tags: TagList, names: tuple[str, ...], rule: str) -> Applied:
    """Apply: no valid p, or an sp or np that is not valid, falls back on none, or on nothing."""
    values = {name: POLICIES.get(_low(tags, name)) for name in names}
    bad = [n for n in names if values[n] is None and (n == "p" or tags.get(n) is not None)]
    policy = values["p"]
    if not bad and policy is not None:
        return Applied(
            usable=True, policy=policy, subdomain=values["sp"], nonexistent=values.get("np")
        )
    what = say(" and ").join(
        say("there is no p") if tags.get(n) is None else say("{n} is not valid", n=n) for n in bad
    )
    if names_an_address(tags.get("rua") or ""):
        return Applied(
            usable=True,
            why=say("{what}: the whole record counts as p=none ({rule})", what=what, rule=rule),
        )
    return Applied(
        usable=False,
        why=say(
            "{what}, and rua names no address: the record is not applied ({rule})",
            what=what,
            rule=rule,
        ),
    )


def _low(tags: TagList, name: str) -> str:
    return (tags.get(name) or "").lower()  # RFC 5234 2.3: literal strings match in any case


def _failure_options(tags: TagList) -> tuple[str, ...]:
    value = _low(tags, "fo")
    if not _usable("fo", value):
        return ("0",)
    return tuple(dict.fromkeys(one.strip() for one in value.split(":")))


def _percent(tags: TagList) -> int | None:
    value = tags.get("pct") or ""
    return int(value) if _usable("pct", value) else None


def _usable(name: str, value: str) -> bool:
    low = value.lower()
    match name:
        case "v":
            return value == "DMARC1"
        case "p" | "sp" | "np":
            return low in POLICIES
        case "adkim" | "aspf":
            return low in MODES
        case "fo":
            return all(one.strip() in FAILURE_OPTIONS for one in low.split(":"))
        case "psd":
            return low in ("y", "n", "u")
        case "t":
            return low in ("y", "n")
        case "pct":
            return bool(_NUMBER.fullmatch(value)) and int(value) <= 100
        case "ri":
            return bool(_NUMBER.fullmatch(value))
        case _:
            return bool(value)


def _readings(tags: TagList) -> tuple[TagReading, ...]:
    seen: set[str] = set()
    found: list[TagReading] = []
    for tag in tags.tags:
        found.append(_reading(tag, again=tag.name in seen))
        seen.add(tag.name)
    return tuple(found)


def _reading(tag: Tag, *, again: bool) -> TagReading:
    state, text = TagState.OK, ""
    if tag.name not in CURRENT and tag.name not in REMOVED:
        state = TagState.UNKNOWN
        known = tag.name.lower() in (*CURRENT, *REMOVED)
        text = (
            say(
                "Tag names are case-sensitive (RFC 6376 3.2): this is not {tag}.",
                tag=tag.name.lower(),
            )
            if known
            else say("No document defines this tag: it is ignored.")
        )
    elif again:
        state, text = TagState.DUPLICATE, say("The first of them counts here; receivers differ.")
    elif not _usable(tag.name, tag.value):
        state = TagState.DEFAULTED
        may = expected(tag.name)
        text = (
            say("This cannot be used: {may} is expected.", may=may)
            if may
            else say("This cannot be used.")
        )
    elif tag.name in REMOVED:
        state = TagState.REMOVED
    return TagReading(
        name=tag.name,
        value=visible(tag.value.encode("latin-1", "replace"), SHOWN),
        meaning=text or meaning(tag.name, tag.value),
        state=state,
        start=tag.start,
        end=tag.end,
    )


def _not_a_record(octets: bytes) -> str:
    if is_record(octets.lstrip(b" \t\r\n")):
        return say("White space stands before v=DMARC1: by RFC 9989 4.8 this is no DMARC record.")
    start = octets.lstrip(b" \t\r\n").lower()
    if start.startswith(b"v") and b"dmarc" in start[:20]:
        return say(
            "The record does not begin with exactly v=DMARC1, so that all of it is"
            " ignored (RFC 9989 4.7)."
        )
    return say("This is no DMARC record: it does not begin with v=DMARC1 (RFC 9989 4.7).")


def _problems(tags: TagList, result: Applied) -> tuple[str, ...]:
    found = [f"{result.why[0].upper()}{result.why[1:]}."] if result.why else []
    found += [f"{fault.what[0].upper()}{fault.what[1:]}." for fault in tags.faults if fault.what]
    return tuple(found)
