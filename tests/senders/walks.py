"""Build traces step by step, as a walk would leave them, for the tests of the sender profiles."""

import functools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import structs

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.gather import gather_names
from mxwalk.delivery.looks import retried_as
from mxwalk.delivery.model import Delivery
from mxwalk.dnssec.model import Status
from mxwalk.evidence.connection import ChainChecked, Connected, Exchanged, Handshaken, LookedAgain
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    PtrName,
    ResolverChecked,
)
from mxwalk.evidence.step import Decided, DecisionKind, Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.tls import Offer, PathCertificate, TrustStore, VerifyError
from mxwalk.evidence.trace import Header, Trace
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.names import parse_name
from tests.dane.world import validation

GOOD_EHLO = b"250-mx.example.net\r\n250-8BITMIME\r\n250-SIZE 33554432\r\n250 STARTTLS\r\n"
# The order RFC 1869 4.3 does not allow: STARTTLS where the greeting must be.
EHLO_1869 = (
    b"250-STARTTLS\r\n250-mail.domain1.com\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-HELP\r\n"
    b"250-DELIVERBY 300\r\n250 SIZE 30000000\r\n"
)
NO_STARTTLS = b"250-mx.example.net\r\n250 SIZE 33554432\r\n"
INSIDE = b"250-mx.example.net\r\n250 SIZE 33554432\r\n"
EXPIRED = VerifyError(
    depth=0, code=10, name="X509_V_ERR_CERT_HAS_EXPIRED", text="certificate has expired"
)


def ending(kind: EndingKind, detail: str = "") -> Ending:
    return Ending(kind=kind, detail=detail or kind.value)


@functools.cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@functools.cache
def certificate(*names: str, cn: str = "") -> bytes:
    """Return a self-signed certificate with these dNSNames and Common Name, as DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)] if cn else [])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")]))
        .public_key(_key().public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    signed = builder.sign(_key(), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def answer(
    qname: str, rtype: str, *records: str, status: DnsStatus | None = None, error: str = ""
) -> DnsAnswer:
    sets = (RRset(name=qname, rtype=rtype, ttl_s=300, records=records),) if records else ()
    return DnsAnswer(
        qname=qname,
        rtype=rtype,
        status=status or (DnsStatus.OK if records else DnsStatus.NODATA),
        answer=sets,
        error=error,
    )


def address_target() -> Target:
    return Target(text="[192.0.2.1]:25", kind=TargetKind.ADDRESS, address="192.0.2.1", port=25)


@dataclass
class Walked:
    """A growing trace."""

    domain: str = "example.com"
    options: Options = field(default_factory=Options)
    target: Target | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def trace(self) -> Trace:
        target = self.target or Target(
            text=f"user@{self.domain}",
            kind=TargetKind.MAILBOX,
            domain=parse_name(self.domain),
            local_part="user",
        )
        header = Header(
            tool="mxwalk test",
            started_at="2026-11-21T20:00:00Z",
            target=target,
            options=self.options,
        )
        return Trace(header=header, steps=tuple(self.steps))

    @property
    def delivery(self) -> Delivery:
        """The delivery as in an unsigned domain: the answers have no messages to be validated."""
        made = build_delivery(self.trace)
        if made.mx is None or made.mx_validation is not None:
            return made
        return replace(made, mx_validation=validation(Status.INSECURE, self.domain, "MX"))

    def add(self, kind: StepKind, evidence: Evidence, scope: Scope | None = None) -> "Walked":
        self.steps.append(
            Step(
                seq=len(self.steps) + 1,
                kind=kind,
                scope=scope or Scope(),
                started_s=float(len(self.steps)),
                elapsed_s=0.01,
                evidence=evidence,
            )
        )
        return self

    def seq(self, kind: StepKind) -> int:
        return next(step.seq for step in reversed(self.steps) if step.kind is kind)

    def resolver(self, status: DnsStatus | None = None) -> "Walked":
        found = answer(".", "DNSKEY", *(() if status else ("x",)), status=status)
        return self.add(StepKind.RESOLVER, ResolverChecked(answer=found))

    def mx(self, *records: str, status: DnsStatus | None = None, error: str = "") -> "Walked":
        found = answer(self.domain, "MX", *records, status=status, error=error)
        return self.add(StepKind.MX, MxLookedUp(domain=self.domain, answer=found))

    def addresses(self, host: str, *v4: str, status: DnsStatus | None = None) -> "Walked":
        six = [a for a in v4 if ":" in a]
        four = [a for a in v4 if ":" not in a]
        answers = (answer(host, "A", *four, status=status), answer(host, "AAAA", *six))
        if status is not None and not v4:
            answers = (answers[0], answer(host, "AAAA", status=status))
        evidence = AddressesLookedUp(host=host, answers=answers)
        return self.add(StepKind.ADDRESS, evidence, Scope(host=host))

    def decide(self, kind: DecisionKind, host: str = "") -> "Walked":
        return self.add(StepKind.DECISION, Decided(decision=kind), Scope(host=host))

    def at(self, host: str, address: str, attempt: int = 1, port: int = 25) -> "Connection":
        return Connection(self, Scope(host=host, address=address, port=port, attempt=attempt))


@dataclass
class Connection:
    """The steps over one connection."""

    walked: Walked
    scope: Scope

    def add(self, kind: StepKind, evidence: Evidence) -> "Connection":
        self.walked.add(kind, evidence, self.scope)
        return self

    def ptr(self, name: str, *, confirmed: bool = True) -> "Connection":
        address = self.scope.address
        back = answer(name, "A", address if confirmed else "203.0.113.9")
        evidence = PtrLookedUp(
            address=address,
            answer=answer("ptr.example", "PTR", f"{name}."),
            names=(PtrName(name=name, answers=(back,), confirmed=confirmed),),
        )
        return self.add(StepKind.PTR, evidence)

    def connect(self, end: Ending | None = None) -> "Connection":
        return self.add(
            StepKind.CONNECT,
            Connected(address=self.scope.address, port=self.scope.port, ending=end),
        )

    def say(self, kind: StepKind, reply: bytes = b"", end: Ending | None = None) -> "Connection":
        return self.add(kind, Exchanged(reply=reply, ending=end))

    def greeting(
        self, reply: bytes = b"220 mx ESMTP\r\n", end: Ending | None = None
    ) -> "Connection":
        return self.say(StepKind.GREETING, reply, end)

    def ehlo(self, reply: bytes = GOOD_EHLO, end: Ending | None = None) -> "Connection":
        return self.say(StepKind.EHLO, reply, end)

    def helo(self, reply: bytes = b"250 mx\r\n", end: Ending | None = None) -> "Connection":
        return self.say(StepKind.HELO, reply, end)

    def starttls(self, reply: bytes = b"220 go\r\n", end: Ending | None = None) -> "Connection":
        return self.say(StepKind.STARTTLS, reply, end)

    def handshake(self, *chain: bytes, end: Ending | None = None) -> "Connection":
        """A handshake; after one that failed, the looks that follow it fail in the same way."""
        evidence = Handshaken(
            sni=self.scope.host,
            protocol="" if end else "TLSv1.3",
            cipher="" if end else "TLS_AES_256_GCM_SHA384",
            presented=chain,
            presented_count=len(chain),
            ending=end,
        )
        self.add(StepKind.HANDSHAKE, evidence)
        offers = {StepKind.CLASSIC_GROUPS: Offer.CLASSIC, StepKind.LEGACY_TLS: Offer.LEGACY}
        for kind in retried_as(evidence):
            again = structs.replace(evidence, offer=offers[kind])
            self.add(kind, LookedAgain(offer=offers[kind], handshake=again, ending=end))
        return self

    def chain(self, *errors: VerifyError) -> "Connection":
        """The check of the chain presented last; its path is what was sent."""
        last = self.walked.steps[-1].evidence
        presented = last.presented if isinstance(last, Handshaken | LookedAgain) else ()
        return self.add(
            StepKind.CHAIN,
            ChainChecked(
                store=TrustStore(kind="lab", path="", roots=1),
                evaluated_at="2026-11-21T20:00:00Z",
                path=tuple(PathCertificate(der=der, sent=True) for der in presented),
                errors=errors,
            ),
        )

    def identity(self) -> "Connection":
        names = gather_names(self.walked.delivery, self.scope.host, self.scope.address)
        return self.add(StepKind.IDENTITY, names)

    def ehlo_tls(self, reply: bytes = INSIDE, end: Ending | None = None) -> "Connection":
        return self.say(StepKind.EHLO_TLS, reply, end)

    def envelope(self, mail: bytes = b"250 ok\r\n", rcpt: bytes = b"250 ok\r\n") -> "Connection":
        self.say(StepKind.MAIL, mail)
        return self.say(StepKind.RCPT, rcpt) if mail.startswith(b"250") else self

    def quit(self) -> "Connection":
        return self.say(StepKind.QUIT, b"221 bye\r\n")

    def greeted(self, ehlo: bytes = GOOD_EHLO) -> "Connection":
        return self.connect().greeting().ehlo(ehlo)

    def secured(self, der: bytes, *errors: VerifyError) -> "Connection":
        """A whole good connection with this certificate."""
        up = self.greeted().starttls().handshake(der).chain(*errors).identity()
        return up.ehlo_tls()


def one_host(host: str = "mx.example.net", options: Options | None = None) -> Walked:
    """A domain with one MX host at 192.0.2.1."""
    walked = Walked(options=options or Options()).resolver().mx(f"10 {host}.")
    return walked.addresses(host, "192.0.2.1")
