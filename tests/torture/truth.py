"""What the octets say, read without the product's parsers: just enough to hold a verdict against.

Lenient where real clients are: a line ends with LF, and any octet but a hyphen behind the code ends a
reply.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from mxwalk.evidence.connection import Exchanged, Handshaken, LookedAgain
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.step import Scope, Step
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Direction, Layer

_LAST_LINE = re.compile(rb"(\d{3})(?:[^-].*)?", re.DOTALL)
_LINE = re.compile(rb"(\d{3})(?!\d)")
_REPLY_LINE = re.compile(rb"\d{3}(?:[ -]|\r?\Z)")
_OFFER = re.compile(rb"250[- ]STARTTLS *\r?", re.IGNORECASE)
# As seen with real ones, to whom tests/peers shows such lines.
_OFFER_TO_EXIM = re.compile(rb"250[- ]STARTTLS(?:\s.*)?", re.DOTALL)
_OFFER_TO_POSTFIX = re.compile(rb"[^- ]+[- ]STARTTLS *\r*", re.IGNORECASE)
_OF_NAMES = frozenset({"CNAME", "DNAME", "MX", "NS", "PTR", "SOA"})
_SIGNER = 7  # of the fields of an RRSIG record (RFC 4034 3.2)
# What differs between two walks that saw the same.
_PASSING = frozenset(
    {
        "elapsed_s", "started_s", "first_byte_s", "after_s", "at_s", "local_address", "wire",
        "from_cache", "size", "ticket_octets", "session_id_octets", "checked_at",
    }
)  # fmt: skip


def code_of(reply: bytes) -> int:
    """Return the code of a whole reply (RFC 5321 4.2), 0 where there is none.

    RFC 5321 4.2.1 lets a client go by any line: first and last must be of one kind, or there is none.
    """
    return int(_code(reply) or 0)


def _code(reply: bytes) -> bytes | None:
    lines = reply.split(b"\n")
    if len(lines) < 2:  # the last line has no end
        return None
    first, last = _LINE.match(lines[0]), _LAST_LINE.fullmatch(lines[-2])
    if first is None or last is None or first[1][:1] != last[1][:1]:
        return None
    return first[1]


def is_permanent(reply: bytes, sender: str) -> bool:
    """Say whether a reply makes a sender give up (RFC 5321 4.2.1: 5yz).

    Seen with a real one: Postfix does so at every code that is neither 2yz nor 4yz.
    """
    code = _code(reply)
    if sender.startswith("postfix"):
        return code is not None and code[:1] not in (b"2", b"4")
    return code is not None and code[:1] == b"5"


def last_line(reply: bytes) -> bytes | None:
    """Return the last line of a reply, ``None`` when its end has not come."""
    return reply[:-1].rpartition(b"\n")[2] if reply.endswith(b"\n") else None


def is_reply_line(line: bytes) -> bool:
    """Say whether a line has a code, and behind it nothing, a space or a hyphen (RFC 5321 4.2)."""
    return _REPLY_LINE.match(line) is not None


def offers_starttls(reply: bytes, sender: str) -> bool:
    """Say whether an EHLO reply has the keyword in a line behind the greeting's (RFC 5321 4.1.1.1)."""
    products = {"exim": _OFFER_TO_EXIM, "postfix": _OFFER_TO_POSTFIX}
    offer = products.get(sender.partition(":")[0], _OFFER)
    return any(offer.fullmatch(line) for line in reply.split(b"\n")[1:])


def seen(step: Step) -> Any:
    """Return what a step saw, without what passes: times, ports, random octets."""
    return kept((step.kind, step.scope, step.evidence, step.cancelled))


def kept(value: object) -> Any:
    """Return a value as plain data that can be compared and hashed, without what passes."""
    return _kept(msgspec.to_builtins(value))


def _kept(value: Any) -> Any:
    match value:
        case dict():
            return tuple((key, _kept(each)) for key, each in value.items() if key not in _PASSING)
        case list() | tuple():
            return tuple(_kept(each) for each in value)
        case _:
            return value


def shows_failure(step: Step, sender: str) -> bool:
    """Say whether a dialogue's step, by its octets, is no success."""
    evidence = step.evidence
    if isinstance(evidence, Exchanged):
        if evidence.ending is not None or is_no_reply(evidence.reply, sender):
            return True
        wanted = {"greeting": 220, "starttls": 220}.get(step.kind.value)
        code = code_of(evidence.reply)
        if step.kind.value == "helo":  # behind it there are no extensions, so no TLS
            return True
        if step.kind.value == "ehlo" and code == 250:
            return not offers_starttls(evidence.reply, sender)
        return code != wanted if wanted else code // 100 != 2
    if isinstance(evidence, Handshaken):
        return evidence.ending is not None
    return True


def is_no_reply(reply: bytes, sender: str) -> bool:
    """Say whether a reply, to whatever command, has a line that the sender does not take for one.

    Seen with real ones: Exim gives up at any such line, Postfix waits for another one behind the last.
    """
    lines = reply.split(b"\n")[:-1]
    if sender.startswith("exim"):
        return not all(is_reply_line(line) for line in lines)
    return sender.startswith("postfix") and bool(lines) and not is_reply_line(lines[-1])


def goes_on_inside(reply: bytes, sender: str) -> bool:
    """Say whether a sender goes on inside TLS after this reply to EHLO (RFC 3207 4.2).

    Seen with a real one: Exim does so after a refusal, too.
    """
    code = code_of(reply)
    if sender.startswith("exim") and code not in (0, 421):
        return not is_no_reply(reply, sender)
    return code == 250 and not is_no_reply(reply, sender)


def received(steps: Iterable[Step], *layers: Layer) -> bytes:
    """Return what came from the peer in these layers, in order."""
    return b"".join(
        chunk.data
        for step in steps
        for chunk in step.wire
        if chunk.direction is Direction.RECEIVED and chunk.layer in layers
    )


def connections(trace: Trace) -> list[list[Step]]:
    """Return the steps of each connection that stood, in order; each look is one of its own."""
    found: list[list[Step]] = []
    scopes: dict[Scope, list[Step]] = {}
    for step in trace.steps:
        if not step.scope.attempt:
            continue
        if isinstance(step.evidence, LookedAgain):
            found.append([step])
        elif step.scope in scopes:
            scopes[step.scope].append(step)
        elif getattr(step.evidence, "ending", None) is None:
            scopes[step.scope] = [step]
            found.append(scopes[step.scope])
    return found


def sets_of(answer: DnsAnswer) -> frozenset[tuple[str, str, frozenset[str]]]:
    """Return an answer's record sets and signatures, whatever their order, TTL and the case of names."""
    return frozenset(
        (
            rrset.name.lower(),
            rrset.rtype,
            frozenset(_canonical(rrset.rtype, one) for one in rrset.records),
        )
        for rrset in answer.answer
    )


def _canonical(rtype: str, record: str) -> str:
    """Return a record with its names in lower case, as it is signed (RFC 4034 6.2)."""
    if rtype in _OF_NAMES:
        return record.lower()
    if rtype == "RRSIG":
        fields = record.split(" ")
        return " ".join(one.lower() if n == _SIGNER else one for n, one in enumerate(fields))
    return record


def enforces(policy: bytes, host: str) -> bool:
    """Say whether an MTA-STS policy (RFC 8461 3.2) is enforced and names the host."""
    pairs = [line.partition(b":") for line in policy.replace(b"\r\n", b"\n").split(b"\n")]
    fields = [(key.strip(), value.strip()) for key, _, value in pairs]
    modes = [value for key, value in fields if key == b"mode"]
    names = {value.lower().decode("latin-1") for key, value in fields if key == b"mx"}
    covers = host.lower() in names or f"*.{host.partition('.')[2]}".lower() in names
    return modes[:1] == [b"enforce"] and covers
