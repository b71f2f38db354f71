"""Macro expansion (RFC 7208 7): every macro with what it became.

``%{p}`` asks DNS and follows the procedure of ``ptr`` (7.3, 5.5); its look-ups belong to the term it
stands in, and its voids count, but a macro is no term and does not count against the ten.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from mxwalk import limits
from mxwalk.language import say
from mxwalk.mailauth.asking import Asking
from mxwalk.mailauth.spf.checking import Check, Found, failed, look_up, settle
from mxwalk.mailauth.spf.macrosyntax import Escape, Literal, Macro, MacroString, read_macros
from mxwalk.mailauth.spf.model import Expansion, Lookup
from mxwalk.mailauth.spf.names import MAX_NAME, Address, name_problem, reverse_name, truncated

UNKNOWN = "unknown"
_KEPT = MAX_NAME + 2  # characters of a value: what is longer than a name and its dot is too long


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """A domain-spec or explanation expanded.

    ``problem`` says why it is no name that DNS can hold; ``never`` that nothing can match it because
    of a local-part outside US-ASCII (RFC 8616 4); ``ended`` that a look-up of ``%{p}`` was one void
    too many.
    """

    text: str
    expansions: tuple[Expansion, ...] = ()
    asked: tuple[Lookup, ...] = ()
    problem: str = ""
    never: str = ""
    ended: Found | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """The validated domain names of the client, and what it took to find them (RFC 7208 5.5)."""

    names: tuple[str, ...]
    asked: tuple[Lookup, ...]
    ignored: int = 0
    ended: Found | None = None
    why: str = ""


def expand_domain(check: Check, domain: str, spec: str) -> Asking[Expanded]:
    """Return the target-name of a term: ``domain`` itself if it has no domain-spec (RFC 7208 4.8)."""
    if not spec:
        return Expanded(text=domain)
    if "%" not in spec:
        text = truncated(spec)
        return Expanded(text=text, problem=name_problem(text))
    read = read_macros(spec)
    if not check.local.isascii() and read.letters() & {"s", "l"}:
        never = say("the sender's local-part is not US-ASCII, so nothing can match it")
        return Expanded(text="", never=never)
    plain = yield from _expand(check, domain, read, counting=True)
    text = truncated(plain.text)
    return Expanded(
        text=text,
        expansions=plain.expansions,
        asked=plain.asked,
        problem=name_problem(text),
        ended=plain.ended,
    )


def expand_text(check: Check, domain: str, text: str) -> Asking[Expanded]:
    """Return an explanation expanded (RFC 7208 6.2, 7); its look-ups are not counted."""
    read = read_macros(text, explains=True)
    if read.fault is not None:
        return Expanded(text="", problem=read.fault.what)
    expanded = yield from _expand(check, domain, read, counting=False)
    return expanded


def _expand(check: Check, domain: str, read: MacroString, *, counting: bool) -> Asking[Expanded]:
    pointers = Pointers(names=(), asked=())
    if "p" in read.letters():
        pointers = yield from validated_names(check, counting=counting)
    out: list[str] = []
    expansions: list[Expansion] = []
    values: dict[str, str] = {}
    size = 0
    for part in read.parts:
        if not counting and size > limits.SPF_EXPLANATION_CHARS:
            break
        match part:
            case Literal():
                out.append(part.text)
            case Escape():
                out.append(part.value)
            case Macro():
                if part.text not in values:
                    plain = macro_value(check, domain, part.letter, pointers.names)
                    values[part.text] = transformed(part, plain)
                value = values[part.text]
                # of a name only what stands on the right is left (7.3)
                out.append(value[-_KEPT:] if counting else value)
                expansions.append(Expansion(macro=part.text, value=value))
        size += len(out[-1])
    return Expanded(
        text="".join(out),
        expansions=tuple(expansions),
        asked=pointers.asked,
        ended=pointers.ended,
    )


def transformed(macro: Macro, value: str) -> str:
    """Split, reverse, keep the right-most parts, join with dots, escape (RFC 7208 7.3)."""
    parts = _splitter(macro.delimiters).split(value)
    if macro.reverse:
        parts.reverse()
    if macro.keep:
        parts = parts[-macro.keep :]
    text = ".".join(parts)
    return quote(text, safe="-._~") if macro.is_upper else text


@lru_cache(maxsize=256)
def _splitter(delimiters: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(delimiters)}]")


def macro_value(check: Check, domain: str, letter: str, pointers: tuple[str, ...]) -> str:
    """Return the value of a macro letter before its transformers (RFC 7208 7.2)."""
    match letter:
        case "s":
            return f"{check.local}@{check.sender_domain}"
        case "l":
            return check.local
        case "o":
            return check.sender_domain
        case "d":
            return domain
        case "i":
            return dotted(check.client)
        case "p":
            return best_pointer(domain, pointers)
        case "v":
            return "in-addr" if check.client.version == 4 else "ip6"
        case "h":
            return check.helo
        case "c":
            return str(check.client)
        case "r":
            return check.receiver
        case _:
            return str(unix_time(check.now))


def unix_time(moment: datetime) -> int:
    """Return the seconds since 1970 of ``%{t}``."""
    return int(moment.timestamp())


def dotted(address: Address) -> str:
    """Return the address for ``%{i}``: dotted quads, or nibbles with dots between (RFC 7208 7.3)."""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return ".".join(address.exploded.replace(":", ""))


def best_pointer(domain: str, names: tuple[str, ...]) -> str:
    """Choose the name for ``%{p}``: the domain, else one below it, else any (RFC 7208 7.3)."""
    wanted = domain.lower()
    for name in names:
        if name.lower() == wanted:
            return name
    for name in names:
        if name.lower().endswith(f".{wanted}"):
            return name
    return names[0] if names else UNKNOWN


def validated_names(check: Check, *, counting: bool = True) -> Asking[Pointers]:
    """Find the client's names that lead back to it (RFC 7208 5.5); errors skip a name."""
    (pointer,) = yield from look_up((reverse_name(check.client),), "PTR")
    if failed(pointer):
        return Pointers(names=(), asked=(pointer,), why=say("the PTR records could not be had"))
    ended = settle(check, pointer) if counting else None
    if ended is not None or pointer.is_void:
        return Pointers(names=(), asked=(pointer,), ended=ended, why=say("there is no PTR record"))
    every = tuple(record.removesuffix(".") for record in pointer.answer)
    used = tuple(name for name in every[: check.limits.names] if not name_problem(name))
    hosts = yield from look_up(used, check.host_type)
    validated: list[str] = []
    for host in hosts:
        ended = settle(check, host, forgiving=True) if counting else None
        if ended is not None:
            break
        if str(check.client) in _addresses(host):
            validated.append(host.qname)
    return Pointers(
        names=tuple(validated),
        asked=(pointer, *hosts),
        ignored=max(0, len(every) - check.limits.names),  # RFC 7208 4.6.4: MUST be ignored
        ended=ended,
    )


def _addresses(lookup: Lookup) -> tuple[str, ...]:
    found: list[str] = []
    for record in lookup.answer:
        try:
            found.append(str(ipaddress.ip_address(record)))
        except ValueError:
            continue  # what the resolver could not read is no address
    return tuple(found)
