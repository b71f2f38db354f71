"""Deliveries built from evidence by hand: a trail of steps in the words of the protocol."""

from __future__ import annotations

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.gather import gather_names
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import (
    ChainChecked,
    Connected,
    Exchanged,
    Handshaken,
    IssuersFetched,
    LookedAgain,
    RevocationChecked,
)
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, ExtendedError, RRset
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    PtrName,
    ResolverChecked,
)
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Route, Target, TargetKind
from mxwalk.evidence.tls import (
    Offer,
    PathCertificate,
    StoreVerdict,
    TlsAlert,
    TrustStore,
    VerifyError,
)
from mxwalk.evidence.trace import Header, Trace
from mxwalk.evidence.wire import Direction, Ending, EndingKind, Layer, WireChunk
from mxwalk.names import parse_name
from tests.findings.certificates import GOOD_CHAIN, NOW_TEXT

SERVER = "192.0.2.53:53"
GREETING = b"220 mx01.example.com ESMTP ready\r\n"
EHLO_REPLY = b"250-mx01.example.com\r\n250-8BITMIME\r\n250-SIZE 33554432\r\n250 STARTTLS\r\n"
EHLO_TLS_REPLY = b"250-mx01.example.com\r\n250-8BITMIME\r\n250 SIZE 33554432\r\n"
STORE = TrustStore(kind="file", path="/etc/roots.pem", roots=142)


def answer(
    qname: str,
    rtype: str,
    *records: str,
    status: DnsStatus | None = None,
    hops: tuple[str, ...] = (),
    flags: tuple[str, ...] = ("QR", "RA"),
    ede: tuple[tuple[int, str], ...] = (),
    error: str = "",
) -> DnsAnswer:
    end = hops[-1] if hops else qname
    sets = (RRset(name=end, rtype=rtype, ttl_s=300, records=records),) if records else ()
    return DnsAnswer(
        qname=qname,
        rtype=rtype,
        status=status or (DnsStatus.OK if records else DnsStatus.NODATA),
        server=SERVER,
        answer=sets,
        cname_hops=hops,
        flags=flags,
        error=error,
        elapsed_s=0.012,
        extended_errors=tuple(ExtendedError(code=code, text=text) for code, text in ede),
    )


def ending(kind: EndingKind, detail: str = "as it happened", after_s: float = 30.0) -> Ending:
    return Ending(kind=kind, detail=detail, after_s=after_s)


def verify_error(name: str, code: int, depth: int = 0) -> VerifyError:
    return VerifyError(depth=depth, code=code, name=name, text=name.lower().replace("_", " "))


class Trail:
    """A growing trace.  Every method returns the trail, so that a case reads like a session."""

    def __init__(self, target: str = "example.com", **options: object) -> None:
        kind, domain, address = TargetKind.DOMAIN, None, ""
        if target.startswith("["):
            kind, address = TargetKind.ADDRESS, target.strip("[]")
        elif ":" in target:
            kind, domain = TargetKind.HOST, parse_name(target.partition(":")[0])
        else:
            domain = parse_name(target)
        self.target = Target(text=target, kind=kind, domain=domain, address=address)
        self.options = Options(helo="probe.example.net", **options)  # type: ignore[arg-type]
        self.steps: list[Step] = []
        self.scope = Scope()

    def add(
        self,
        kind: StepKind,
        evidence: Evidence,
        *,
        wire: tuple[WireChunk, ...] = (),
        cancelled: bool = False,
        scope: Scope | None = None,
    ) -> Trail:
        self.steps.append(
            Step(
                seq=len(self.steps) + 1,
                kind=kind,
                scope=self.scope if scope is None else scope,
                started_s=float(len(self.steps)),
                elapsed_s=0.5,
                evidence=evidence,
                wire=wire,
                cancelled=cancelled,
            )
        )
        return self

    # look-ups

    def resolver(self, reply: DnsAnswer | None = None) -> Trail:
        good = DnsAnswer(
            qname=".",
            rtype="DNSKEY",
            status=DnsStatus.OK,
            server=SERVER,
            flags=("QR", "RA", "AD"),
            answer=(
                RRset(name=".", rtype="DNSKEY", ttl_s=300, records=("257 3 8 AwEA",)),
                RRset(name=".", rtype="RRSIG", ttl_s=300, records=("DNSKEY 8 0 172800",)),
            ),
        )
        return self.add(StepKind.RESOLVER, ResolverChecked(answer=reply or good))

    def mx(self, *records: str, reply: DnsAnswer | None = None) -> Trail:
        domain = self.target.domain.ascii if self.target.domain else ""
        looked_up = MxLookedUp(domain=domain, answer=reply or answer(domain, "MX", *records))
        return self.add(StepKind.MX, looked_up)

    def host(
        self,
        name: str,
        *addresses: str,
        replies: tuple[DnsAnswer, ...] | None = None,
        hops: tuple[str, ...] = (),
    ) -> Trail:
        v6 = [a for a in addresses if ":" in a]
        v4 = [a for a in addresses if ":" not in a]
        both = (answer(name, "AAAA", *v6, hops=hops), answer(name, "A", *v4, hops=hops))
        self.scope = Scope(host=name, port=25)
        return self.add(StepKind.ADDRESS, AddressesLookedUp(host=name, answers=replies or both))

    def ptr(self, address: str, *names: tuple[str, bool], reply: DnsAnswer | None = None) -> Trail:
        got = reply or answer("1.2.0.192.in-addr.arpa", "PTR", *(name for name, _ in names))
        evidence = PtrLookedUp(
            address=address,
            answer=got,
            names=tuple(
                PtrName(
                    name=name,
                    answers=(answer(name, "A", address if ok else "203.0.113.9"),),
                    confirmed=ok,
                )
                for name, ok in names
            ),
        )
        scope = Scope(host=self.scope.host, address=address, port=25)
        return self.add(StepKind.PTR, evidence, scope=scope)

    # the session

    def connect(self, address: str, end: Ending | None = None, *, port: int = 25) -> Trail:
        attempt = 1 + sum(
            s.kind is StepKind.CONNECT and s.scope.address == address for s in self.steps
        )
        self.scope = Scope(host=self.scope.host, address=address, port=port, attempt=attempt)
        evidence = Connected(address=address, port=port, local_address="198.51.100.1", ending=end)
        return self.add(StepKind.CONNECT, evidence)

    def say(
        self,
        kind: StepKind,
        command: bytes,
        reply: bytes,
        end: Ending | None = None,
        **more: object,
    ) -> Trail:
        wire = more.pop("wire", ())
        cancelled = more.pop("cancelled", False)
        evidence = Exchanged(command=command, reply=reply, ending=end, **more)  # type: ignore[arg-type]
        return self.add(kind, evidence, wire=wire, cancelled=cancelled)  # type: ignore[arg-type]

    def greet(self, reply: bytes = GREETING, end: Ending | None = None, **more: object) -> Trail:
        return self.say(StepKind.GREETING, b"", reply, end, **more)

    def ehlo(self, reply: bytes = EHLO_REPLY, end: Ending | None = None, **more: object) -> Trail:
        command = more.pop("command", b"EHLO probe.example.net\r\n")
        return self.say(StepKind.EHLO, command, reply, end, **more)  # type: ignore[arg-type]

    def helo(self, reply: bytes) -> Trail:
        return self.say(StepKind.HELO, b"HELO probe.example.net\r\n", reply)

    def starttls(
        self, reply: bytes = b"220 2.0.0 Ready to start TLS\r\n", trailing: bytes = b""
    ) -> Trail:
        return self.say(StepKind.STARTTLS, b"STARTTLS\r\n", reply, trailing=trailing)

    def handshake(self, chain: tuple[bytes, ...] = GOOD_CHAIN, **facts: object) -> Trail:
        agreed: dict[str, object] = {
            "protocol": "TLSv1.3",
            "cipher": "TLS_AES_256_GCM_SHA384",
            "cipher_bits": 256,
            "group": "X25519",
        }
        if facts.get("ending"):
            agreed = {}
        evidence = Handshaken(
            sni=self.scope.host,
            presented=chain,
            presented_count=len(chain),
            **(agreed | facts),  # type: ignore[arg-type]
        )
        return self.add(StepKind.HANDSHAKE, evidence)

    def chain(
        self,
        *errors: VerifyError,
        path: tuple[bytes, ...] = GOOD_CHAIN,
        store: TrustStore = STORE,
        at: str = NOW_TEXT,
        beside: tuple[StoreVerdict, ...] = (),
        sent: tuple[bytes, ...] | None = None,
    ) -> Trail:
        evidence = ChainChecked(
            store=store,
            evaluated_at=at,
            path=tuple(PathCertificate(der=der, sent=sent is None or der in sent) for der in path),
            errors=errors,
            beside=beside,
        )
        return self.add(StepKind.CHAIN, evidence)

    def issuers(self, *certificates: bytes, problem: str = "") -> Trail:
        fetch = Fetched(
            url="http://ca.example.net/1.cer", purpose=Purpose.ISSUER, status=200, problem=problem
        )
        return self.add(
            StepKind.ISSUERS, IssuersFetched(fetched=(fetch,), certificates=certificates)
        )

    def revocation(self, checked: RevocationChecked) -> Trail:
        return self.add(StepKind.REVOCATION, checked)

    def look(
        self,
        kind: StepKind,
        chain: tuple[bytes, ...] = GOOD_CHAIN,
        *errors: VerifyError,
        **facts: object,
    ) -> Trail:
        """One more look; it comes to a handshake that ends as ``facts`` say."""
        offer = {
            StepKind.CLASSIC_GROUPS: Offer.CLASSIC,
            StepKind.LEGACY_TLS: Offer.LEGACY,
            StepKind.WITHOUT_SNI: Offer.WITHOUT_SNI,
        }[kind]
        nameless = kind is StepKind.WITHOUT_SNI
        handshake = Handshaken(
            sni="" if nameless else self.scope.host,
            offer=offer,
            presented=chain,
            presented_count=len(chain),
            **facts,  # type: ignore[arg-type]
        )
        checked = ChainChecked(
            store=STORE,
            evaluated_at=NOW_TEXT,
            path=tuple(PathCertificate(der=der, sent=True) for der in chain),
            errors=errors,
        )
        names = gather_names(self.delivery(), self.scope.host, self.scope.address)
        evidence = LookedAgain(
            offer=offer,
            handshake=handshake,
            chain=checked if chain else None,
            identity=names,
            ending=handshake.ending,
        )
        return self.add(kind, evidence)

    def identity(self) -> Trail:
        names = gather_names(self.delivery(), self.scope.host, self.scope.address)
        return self.add(StepKind.IDENTITY, names)

    def ehlo_tls(
        self, reply: bytes = EHLO_TLS_REPLY, end: Ending | None = None, **more: object
    ) -> Trail:
        return self.say(StepKind.EHLO_TLS, b"EHLO probe.example.net\r\n", reply, end, **more)

    def quit(self, reply: bytes = b"221 2.0.0 Bye\r\n", end: Ending | None = None) -> Trail:
        return self.say(StepKind.QUIT, b"QUIT\r\n", reply, end)

    def delivery(self) -> Delivery:
        header = Header(
            tool="mxwalk test", started_at=NOW_TEXT, target=self.target, options=self.options
        )
        return build_delivery(Trace(header=header, steps=tuple(self.steps)))


def drip(data: bytes) -> tuple[WireChunk, ...]:
    """Return the wire of a reply that comes byte by byte."""
    return tuple(
        WireChunk(
            at_s=float(index),
            direction=Direction.RECEIVED,
            layer=Layer.CLEAR,
            data=data[index : index + 1],
        )
        for index in range(len(data))
    )


def alert(code: int, name: str, *, fatal: bool = True, sent: bool = False) -> TlsAlert:
    direction = Direction.SENT if sent else Direction.RECEIVED
    return TlsAlert(direction=direction, fatal=fatal, code=code, name=name)


def at_door(address: str = "192.0.2.1", **options: object) -> Trail:
    """A trail up to the moment before the connection."""
    return Trail(**options).mx("10 mx01.example.com.").host("mx01.example.com", address)  # type: ignore[arg-type]


def inside(address: str = "192.0.2.1", **options: object) -> Trail:
    """A trail up to the greeting, all well."""
    return at_door(address, **options).connect(address).greet()


def in_tls() -> Trail:
    """A trail up to the 220 to STARTTLS, all well."""
    return inside().ehlo().starttls()


def with_certificate(*chain: bytes, **facts: object) -> Trail:
    """A trail whose handshake presented this chain, up to the identity."""
    return in_tls().handshake(chain, **facts).chain(path=chain).identity()


def clean() -> Delivery:
    """A delivery to which nobody can object."""
    return (
        Trail()
        .resolver()
        .mx("10 mx01.example.com.")
        .host("mx01.example.com", "192.0.2.1")
        .ptr("192.0.2.1", ("mx01.example.com.", True))
        .connect("192.0.2.1")
        .greet()
        .ehlo()
        .starttls()
        .handshake()
        .chain()
        .identity()
        .ehlo_tls()
        .say(StepKind.MAIL, b"MAIL FROM:<a@example.net>\r\n", b"250 2.1.0 Ok\r\n")
        .say(StepKind.RCPT, b"RCPT TO:<b@example.com>\r\n", b"250 2.1.5 Ok\r\n")
        .quit()
        .delivery()
    )


__all__ = [
    "Delivery",
    "EndingKind",
    "Route",
    "StepKind",
    "Trail",
    "alert",
    "answer",
    "at_door",
    "clean",
    "drip",
    "ending",
    "in_tls",
    "inside",
    "verify_error",
    "with_certificate",
]
