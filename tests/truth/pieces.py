"""Every way to take one piece of evidence out of a trace.

A piece is a step, a DNS answer or one record of it, a certificate, a reply or one line of it, a CRL, a
policy: any optional or repeated member of the evidence structs, found by walking through them, so that
new evidence is taken apart as well.  What says that something failed (an ending, a verification error)
is no piece: without it the trace would claim a success that nobody saw, which is forging, not losing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import dns.exception
import dns.message
import dns.rdataset
import dns.rrset
import msgspec

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.step import Decided, Noted, Step
from mxwalk.evidence.trace import Trace

# Members whose absence claims that all went well, and why nobody takes them away alone.
CLAIMS = {
    ("Connected", "ending"): "without it the connection stands",
    ("Exchanged", "ending"): "without it the reply is whole",
    ("Handshaken", "ending"): "without it the handshake is complete",
    ("LookedAgain", "ending"): "without it the handshake is complete",
    ("LookedAgain", "inside_ending"): "without it the reply is whole",
    ("ChainChecked", "errors"): "without one OpenSSL trusts the chain",
    ("StoreVerdict", "errors"): "without one OpenSSL trusts the chain",
    ("RevocationChecked", "not_asked"): "without it somebody was asked",
    (
        "DnsAnswer",
        "answer",
    ): "without a record the name has none; the message is taken apart instead",
    ("DnsAnswer", "authority"): "as the answer section",
    ("CrlExtract", "entry"): "without it the certificate is not on the list",
    ("CrlExtract", "unhandled"): "without one every critical extension was understood",
}
# All of a row are taken; only of a flood the first, the last and some between.
ELEMENTS = 64


@dataclass(frozen=True, slots=True)
class Loss:
    """A trace without one piece; ``what`` names the piece by step and member."""

    what: str
    trace: Trace


def losses(trace: Trace) -> Iterator[Loss]:
    """Yield the trace without each of its pieces, and cut after each step."""
    for at, step in enumerate(trace.steps):
        if isinstance(step.evidence, Decided | Noted):
            continue  # what a person decided or wrote is no evidence of the peers
        name = f"step {step.seq} {step.kind.value} {step.scope.host} {step.scope.address}".strip()
        before, after = trace.steps[:at], trace.steps[at + 1 :]
        yield Loss(name, msgspec.structs.replace(trace, steps=(*before, *after)))
        yield Loss(f"{name} and all later", msgspec.structs.replace(trace, steps=before))
        for member, lesser in _lesser(step.evidence):
            changed: Step = msgspec.structs.replace(step, evidence=lesser)
            kept = (*before, changed, *after)
            yield Loss(f"{name}: {member}", msgspec.structs.replace(trace, steps=kept))


def _lesser(struct: msgspec.Struct) -> Iterator[tuple[str, msgspec.Struct]]:
    """Yield the struct without each of its pieces, with the piece's name."""
    if isinstance(struct, DnsAnswer):
        yield from _without_records(struct)
    for field in msgspec.structs.fields(type(struct)):
        if (type(struct).__name__, field.name) in CLAIMS:
            continue
        for member, value in _lesser_values(
            getattr(struct, field.name), optional=field.default is None
        ):
            yield f"{field.name}{member}", msgspec.structs.replace(struct, **{field.name: value})


def _lesser_values(value: object, *, optional: bool) -> Iterator[tuple[str, object]]:
    match value:
        case msgspec.Struct():
            if optional:
                yield "", None
            for member, without in _lesser(value):
                yield f".{member}", without
        case bytes() if value:
            yield "", b""
            lines = value.splitlines(keepends=True)
            if len(lines) > 1 and value.endswith(b"\r\n"):
                for at in _some(len(lines)):
                    yield f" line {at + 1}", b"".join((*lines[:at], *lines[at + 1 :]))
        case tuple() if value:
            if len(value) > 1:
                yield "", ()
            for at in _some(len(value)):
                yield f"[{at}]", (*value[:at], *value[at + 1 :])
                if isinstance(value[at], tuple):
                    continue  # a pair is one piece
                for member, lesser in _lesser_values(value[at], optional=False):
                    yield f"[{at}]{member}", (*value[:at], lesser, *value[at + 1 :])
        case _:
            pass


def _without_records(answer: DnsAnswer) -> Iterator[tuple[str, DnsAnswer]]:
    """Yield the answer without each record set, and each record, of its message as it came."""
    try:
        message = dns.message.from_wire(answer.wire)
    except (dns.exception.DNSException, ValueError):
        return
    for section in (message.answer, message.authority):
        for at, rrset in enumerate(list(section)):
            del section[at]
            name = f"wire without {rrset.to_text().splitlines()[0][:60]}"
            yield name, msgspec.structs.replace(answer, wire=message.to_wire(max_size=65_535))
            if len(rrset) > 1:
                for record in list(rrset):
                    rest = [each for each in rrset if each != record]
                    section.insert(at, dns.rrset.from_rdata_list(rrset.name, rrset.ttl, rest))
                    wire = message.to_wire(max_size=65_535)
                    yield (
                        f"wire without {str(record)[:60]}",
                        msgspec.structs.replace(answer, wire=wire),
                    )
                    del section[at]
            section.insert(at, rrset)


def _some(count: int) -> tuple[int, ...]:
    """Return the places that are tried of so many."""
    if count <= ELEMENTS:
        return tuple(range(count))
    return tuple(sorted({n * (count - 1) // (ELEMENTS - 1) for n in range(ELEMENTS)}))
