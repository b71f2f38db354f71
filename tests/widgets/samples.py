"""A delivery made by hand: the seed's hosted domain, with fixed times, keys and digests.

``sample_trace(spoil)`` puts the same text, usually a hostile one, wherever the other side or the
network could have put it.
"""

import datetime as dt
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.connection import (
    ChainChecked,
    Connected,
    Exchanged,
    Handshaken,
    IdentityGathered,
)
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    PtrName,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.tls import PathCertificate, TlsAlert, TrustStore, VerifyError
from mxwalk.evidence.trace import Header, Trace
from mxwalk.evidence.wire import Direction, Ending, EndingKind, Layer, WireChunk
from mxwalk.findings.registry import check
from mxwalk.senders.registry import profile, profiles
from mxwalk.walk.target import parse_target
from widgets.shown import Shown

NOW = dt.datetime(2026, 11, 21, 20, 0, tzinfo=dt.UTC)
MX = "mx01.subd.emailhosted.not"
ADDRESS = "192.0.2.1"
EHLO = (
    b"250-mx0a.emailhosted.not\r\n250-8BITMIME\r\n250-SIZE 36700160\r\n250-PIPELINING\r\n"
    b"250 STARTTLS\r\n"
)
EHLO_TLS = (
    b"250-mx0a.emailhosted.not\r\n250-8BITMIME\r\n250-SIZE 52428800\r\n250-PIPELINING\r\n"
    b"250 AUTH PLAIN\r\n"
)
EHLO_1869 = (
    b"250-STARTTLS\r\n250-mail.domain1.com\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-HELP\r\n"
    b"250-DELIVERBY 300\r\n250 SIZE 30000000\r\n"
)


@lru_cache
def certificate(
    cn: str,
    names: tuple[str, ...] = (),
    *,
    issuer: str = "",
    serial: int = 1,
    days: tuple[int, int] = (-30, 60),
) -> bytes:
    """Return a certificate that is the same in every run: Ed25519 signs without randomness."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([serial]) * 32)
    signer = Ed25519PrivateKey.from_private_bytes(bytes([9 if issuer else serial]) * 32)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)])
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or cn)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(NOW + dt.timedelta(days=days[0]))
        .not_valid_after(NOW + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        san = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(san, critical=False)
    return builder.sign(signer, None).public_bytes(serialization.Encoding.DER)


LEAF = certificate(
    "*.emailhosted.not", ("*.emailhosted.not", "emailhosted.not"), issuer="Lab Root", serial=2
)
ROOT = certificate("Lab Root", serial=9, days=(-400, 4_000))


def answer(qname: str, rtype: str, *records: str, **more: object) -> DnsAnswer:
    rrsets = (RRset(name=qname, rtype=rtype, ttl_s=300, records=records),) if records else ()
    status = DnsStatus.OK if records else DnsStatus.NODATA
    made = DnsAnswer(
        qname=qname,
        rtype=rtype,
        status=status,
        server="192.0.2.53:53",
        answer=rrsets,
        elapsed_s=0.004,
    )
    return msgspec.structs.replace(made, **more)


def _record(begins: bytes, octets: int) -> bytes:
    return begins + octets.to_bytes(2, "big") + bytes(octets)


def _chunks(*parts: tuple[str, bytes], layer: Layer = Layer.CLEAR) -> tuple[WireChunk, ...]:
    return tuple(
        WireChunk(at_s=0.01 * index, direction=Direction(who), layer=layer, data=data)
        for index, (who, data) in enumerate(parts)
    )


class Builder:
    """Appends steps with rising numbers and fixed times."""

    def __init__(self, target: str = "user@example.com", options: Options | None = None) -> None:
        header = Header(
            tool="mxwalk 0.1.0",
            started_at="2026-11-21T20:00:00Z",
            target=parse_target(target),
            options=options or Options(helo="probe.example.net"),
        )
        self.trace = Trace(header=header)
        self.host, self.address = MX, ADDRESS

    def add(
        self, kind: StepKind, evidence: Evidence, wire: tuple[WireChunk, ...] = (), **more: bool
    ) -> None:
        look_up = kind in (StepKind.RESOLVER, StepKind.MX)
        connected = not look_up and kind not in (StepKind.ADDRESS, StepKind.TLSA)
        scope = Scope(
            host="" if look_up else self.host,
            address=self.address if connected else "",
            port=25 if connected or kind is StepKind.TLSA else 0,
            attempt=1 if connected else 0,
        )
        seq = len(self.trace.steps) + 1
        step = Step(
            seq=seq, kind=kind, scope=scope, started_s=seq * 1.0, elapsed_s=seq * 0.003,
            evidence=evidence, wire=wire, **more,
        )  # fmt: skip
        self.trace = self.trace.with_step(step)

    def say(self, kind: StepKind, command: bytes, reply: bytes, layer: Layer = Layer.CLEAR) -> None:
        parts = [("S", reply)] if not command else [("C", command), ("S", reply)]
        self.add(kind, Exchanged(command=command, reply=reply), _chunks(*parts, layer=layer))


def sample_trace(spoil: bytes = b"", *, ehlo: bytes = EHLO) -> Trace:
    """Return the whole walk; with ``spoil``, that text stands wherever the other side could put it."""
    text = spoil.decode("utf-8", "surrogateescape")
    build = Builder()
    signed = (
        RRset(name=".", rtype="DNSKEY", ttl_s=60, records=("257 3 13 AAAA",)),
        RRset(name=".", rtype="RRSIG", ttl_s=60, records=("DNSKEY 13 0 60 1 1 1 . AAAA",)),
    )
    build.add(
        StepKind.RESOLVER,
        ResolverChecked(
            answer=answer(".", "DNSKEY", "x", answer=signed, flags=("AD",), error=text)
        ),
    )
    mx = ("10 mx01.subd.emailhosted.not.",) + ((text[:200],) if spoil else ())
    build.add(
        StepKind.MX, MxLookedUp(domain="example.com", answer=answer("example.com", "MX", *mx))
    )
    build.add(
        StepKind.ADDRESS,
        AddressesLookedUp(
            host=MX, answers=(answer(MX, "A", ADDRESS), answer(MX, "AAAA", error=text))
        ),
    )
    build.add(StepKind.TLSA, TlsaLookedUp(host=MX, port=25))
    ptr = "mx0a.emailhosted.not"
    names = [PtrName(name=ptr, answers=(answer(ptr, "A", ADDRESS),), confirmed=True)]
    if spoil:
        names.append(PtrName(name=text, answers=(), confirmed=False))
    build.add(
        StepKind.PTR,
        PtrLookedUp(
            address=ADDRESS, answer=answer("1.2.0.192.in-addr.arpa", "PTR", ptr), names=tuple(names)
        ),
    )
    build.add(StepKind.CONNECT, Connected(address=ADDRESS, port=25, local_address="192.0.2.99"))
    build.say(StepKind.GREETING, b"", b"220 mx0a.emailhosted.not ESMTP" + spoil + b"\r\n")
    spoilt = (
        ehlo.replace(b"250 STARTTLS", b"250-" + spoil[:400] + b"\r\n250 STARTTLS")
        if spoil
        else ehlo
    )
    build.say(StepKind.EHLO, b"EHLO probe.example.net\r\n", spoilt)
    build.say(StepKind.STARTTLS, b"STARTTLS\r\n", b"220 2.0.0 ready" + spoil[:400] + b"\r\n")
    common = x509_safe(text)
    leaf = certificate(common, (), issuer="Lab Root", serial=2) if common else LEAF
    alerts = (
        (TlsAlert(direction=Direction.RECEIVED, fatal=False, code=112, name=text),) if spoil else ()
    )
    build.add(
        StepKind.HANDSHAKE,
        Handshaken(
            sni=text if spoil else MX, protocol="TLSv1.3", cipher=text or "TLS_AES_256_GCM_SHA384", cipher_bits=256,
            group="X25519", signature="ecdsa_secp256r1_sha256", presented=(leaf, spoil) if spoil else (leaf,),
            presented_count=1, alerts=alerts,
        ),
        _chunks(("C", _record(b"\x16\x03\x01", 298)), ("S", _record(b"\x16\x03\x03", 898)), layer=Layer.TLS_RECORDS),
    )  # fmt: skip
    errors = (VerifyError(depth=0, code=20, name=text, text=text),) if spoil else ()
    build.add(
        StepKind.CHAIN,
        ChainChecked(
            store=TrustStore(kind="lab", path=text, roots=1),
            evaluated_at="2026-11-21T20:00:00Z",
            path=(PathCertificate(der=leaf, sent=True), PathCertificate(der=ROOT, sent=False)),
            errors=errors,
        ),
    )
    build.add(
        StepKind.IDENTITY,
        IdentityGathered(
            recipient_domain="example.com",
            mx_host=MX,
            mx_hosts=(MX, *((text,) if spoil else ())),
            ptr_names=((ptr, True), *(((text, True),) if spoil else ())),
        ),
    )
    build.say(StepKind.EHLO_TLS, b"EHLO probe.example.net\r\n", EHLO_TLS, Layer.TLS_DATA)
    if spoil:
        build.add(
            StepKind.QUIT,
            Exchanged(command=b"QUIT\r\n", ending=Ending(kind=EndingKind.RESET, detail=text)),
        )
    else:
        build.say(StepKind.QUIT, b"QUIT\r\n", b"221 2.0.0 closing\r\n", Layer.TLS_DATA)
    return build.trace


def x509_safe(text: str) -> str:
    """Return what of ``text`` a Common Name can carry."""
    return text.encode("utf-8", "ignore")[:60].decode("utf-8", "ignore")


def shown_at(trace: Trace, kind: StepKind, sender: str = "esa:5") -> Shown:
    """Return what the views are given when the last step of a kind is selected."""
    delivery = build_delivery(trace)
    step = next(step for step in reversed(trace.steps) if step.kind is kind)
    everyone = profiles()
    return Shown(
        delivery=delivery,
        sender=profile(sender),
        profiles=everyone,
        verdicts=tuple(each.judge(delivery) for each in everyone),
        findings=check(delivery),
        step=step,
        attempt=delivery.attempt_of(step) or (delivery.attempts[0] if delivery.attempts else None),
        now=NOW,
    )
