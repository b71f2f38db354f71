"""Traces for the report tests: walks on the lab, and hostile ones made of them."""

import asyncio
import datetime as dt
from functools import cache

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from mxwalk.evidence.bounds import header_fault, step_fault
from mxwalk.evidence.connection import Exchanged, Handshaken
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.lookups import PtrName
from mxwalk.evidence.mailauth import MessageInput, SpfChecked
from mxwalk.evidence.step import Scope, Step
from mxwalk.evidence.target import Options, Target
from mxwalk.evidence.trace import Header, Trace
from mxwalk.names import Name
from mxwalk.session import Saving, lab_options, open_walk

NAMES = (
    "esa-hosted",
    "ehlo-1869",
    "starttls-injection",
    "pkix-self-signed",
    "refused",
    "mx-null",
    "idn",
    "esa-routes-same-ip",
    "greet-421",
    "dane-mixed",
    "dane-cname",
    "dnssec-stale-ds",
)
# Fields the reader checks, or by which steps find their host.
_KEPT = {
    (Header, "started_at"),
    (Header, "format"),
    (Target, "address"),
    (Options, "at"),
    (Options, "sender"),
    (Scope, "host"),
    (Scope, "address"),
    (MessageInput, "client_ip"),
    (SpfChecked, "client_ip"),
}
_KEPT_NAMES = {"evaluated_at", "address", "rtype", "qname", "destination"}


@cache
def lab_trace(name: str) -> Trace:
    async def walk() -> Trace:
        async with open_walk(None, lab_options(name), scenario=name, save=Saving.NOWHERE) as walk:
            while await walk.step() is not None:
                pass
        return walk.trace

    return asyncio.run(walk())


def certificate(names: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[:15] or "x")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365))
    )
    if names.isascii() and names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(names)]), critical=False
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def hostile_trace(payload: bytes, base: str = "esa-san") -> Trace:
    """A lab walk in which everything the types leave free says ``payload``."""
    text = payload.decode("utf-8", "replace")
    der = certificate(text)

    def spoil(value, name=""):
        match value:
            case str():
                short = name in {"text", "local_part", "helo", "mail_from", "rcpt_to", "receiver"}
                return value if name in _KEPT_NAMES else text[:16] if short else text
            case Exchanged():
                lines = value.reply.splitlines(keepends=True)
                reply = b"".join(line[:4] + payload + line[4:] for line in lines)
                return msgspec.structs.replace(
                    value, reply=reply, command=b"EHLO " + payload + b"\r\n", trailing=payload
                )
            case Handshaken():
                return fields(value, presented=(der, payload))
            case PtrName():
                return fields(value)
            case Name():
                return value
            case tuple():
                return tuple(spoil(item, name) for item in value)
            case msgspec.Struct():
                return fields(value)
            case bytes():
                return value[:4] + payload + value[4:]
            case _:
                return value

    def fields(value, **given):
        new = {
            name: spoil(getattr(value, name), name)
            for name in value.__struct_fields__
            if (type(value), name) not in _KEPT and name not in {"domain", "tool_"}
        }
        return msgspec.structs.replace(value, **(new | given))

    trace = lab_trace(base)
    steps: list[Step] = []
    for step in trace.steps:
        new = fields(step)
        steps.append(
            step if step_fault(new, step.seq) or step.kind.value in ("mx", "address") else new
        )
    header = fields(trace.header)
    if header.survey is not None and header_fault(header):  # a selector that is no name at all
        header = msgspec.structs.replace(header, survey=trace.header.survey)
    assert not header_fault(header)
    spoiled = Trace(header=header, steps=tuple(steps))
    return read_back(spoiled)


def read_back(trace: Trace) -> Trace:
    import io

    again = read_trace(io.BytesIO(dump_trace(trace)))
    assert not again.damage, again.damage
    return again
