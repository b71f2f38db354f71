"""Message walks and surveys over a canned DNS: the evidence a walk would have kept, without a walk."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import structs

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.authentication import spf_sender
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.report_addresses import reports_of, reports_to
from mxwalk.dns.txt import txt_line
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.mailauth import (
    ArcChecked,
    Concluded,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    MessageInput,
    MessageRead,
    ReportersChecked,
    SpfChecked,
    SpfIdentity,
    SpfRecordLookedUp,
    SurveyInput,
    Verified,
)
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.mailauth.asking import Asking, Question, T
from mxwalk.mailauth.dmarc.discovery import look_up
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.survey import expand
from mxwalk.names import parse_name

NOW = "2026-11-22T08:00:00Z"
CLIENT = "192.0.2.10"
Texts = dict[str, str | tuple[str, ...]]


@cache
def key_text(bits: int = 2048, extra: str = "") -> str:
    """A key record's text; the private half is thrown away."""
    if bits < 1024:  # no such key can be made any more; it is only read
        public = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) + 1).public_key()
    else:
        public = rsa.generate_private_key(65537, bits).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; {extra}p={base64.b64encode(der).decode()}"


@dataclass
class Dns:
    """TXT by name, other records by name and type, failures by name; NXDOMAIN elsewhere."""

    txt: Texts = field(default_factory=dict)
    other: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    failing: dict[str, DnsStatus] = field(default_factory=dict)

    def answer(self, question: Question) -> DnsAnswer:
        name, rtype = question.qname.lower(), question.rtype
        if name in self.failing:
            status = self.failing[name]
            return DnsAnswer(qname=question.qname, rtype=rtype, status=status, error="it failed")
        records = self.other.get((name, rtype), ())
        if rtype == "TXT" and name in self.txt:
            text = self.txt[name]
            each = (text,) if isinstance(text, str) else text
            records = tuple(_presented(one) for one in each)
        if records:
            sets = (RRset(name=question.qname, rtype=rtype, ttl_s=300, records=records),)
            return DnsAnswer(
                qname=question.qname, rtype=rtype, status=DnsStatus.OK, answer=sets, rcode="NOERROR"
            )
        names = [*self.txt, *(key for key, _ in self.other)]
        there = any(one == name or one.endswith(f".{name}") for one in names)
        return DnsAnswer(
            qname=question.qname,
            rtype=rtype,
            status=DnsStatus.NODATA if there else DnsStatus.NXDOMAIN,
        )

    def run(self, asking: Asking[T]) -> tuple[DnsAnswer, ...]:
        """Drive an evaluation; return every answer it rested on."""
        kept: dict[Question, DnsAnswer] = {}
        try:
            questions = next(asking)
            while True:
                for one in questions:
                    kept.setdefault(one, self.answer(one))
                questions = asking.send(tuple(kept[one] for one in questions))
        except StopIteration:
            return tuple(kept.values())


def _presented(text: str) -> str:
    if text.startswith("\0"):  # strings as they stand in a zone
        return text[1:]
    return txt_line("x", text.encode("latin-1")).removeprefix("x. IN TXT ")


class _Steps:
    """A growing trace; every step is a method of its subclass."""

    def __init__(self, dns: Dns, header: Header) -> None:
        self.dns, self.header = dns, header
        self.steps: list[Step] = []

    def add(self, kind: StepKind, evidence: Evidence, host: str = "", attempt: int = 0) -> None:
        self.steps.append(
            Step(
                seq=len(self.steps) + 1,
                kind=kind,
                scope=Scope(host=host, attempt=attempt),
                started_s=float(len(self.steps)),
                elapsed_s=0.1,
                evidence=evidence,
            )
        )

    def delivery(self) -> Delivery:
        return build_delivery(Trace(header=self.header, steps=tuple(self.steps)))


class MessageWalk(_Steps):
    """A walk of one message."""

    def __init__(self, dns: Dns, raw: str, **given: object) -> None:
        message = MessageInput(
            raw=raw.replace("\n", "\r\n").encode("utf-8", "surrogateescape"),
            **given,  # type: ignore[arg-type]
        )
        target = Target(text="message.eml", kind=TargetKind.MESSAGE)
        header = Header(
            tool="test", started_at=NOW, target=target, options=Options(), message=message
        )
        super().__init__(dns, header)
        case = self.case()
        if case.author_domain:
            target = structs.replace(target, domain=parse_name(case.author_domain))
            self.header = structs.replace(self.header, target=target)
        self.add(StepKind.MESSAGE, MessageRead())

    def case(self):  # type: ignore[no-untyped-def]
        case = self.delivery().message
        assert case is not None
        return case

    def spf(self) -> MessageWalk:
        """Check both identities, where there are any."""
        case = self.case()
        come = case.arrival
        for identity, domain in (
            (SpfIdentity.MAILFROM, case.mailfrom_domain),
            (SpfIdentity.HELO, case.helo_domain),
        ):
            if not come.client_ip.value or not domain:
                continue
            called = SpfChecked(
                identity=identity,
                client_ip=come.client_ip.value,
                domain=domain,
                sender=spf_sender(come, identity),
                helo=come.helo.value,
            )
            asking = evaluate(
                called.client_ip,
                domain,
                called.sender,
                called.helo,
                receiver="unknown",
                now=from_rfc3339(NOW),
            )
            kind = StepKind.SPF_MAILFROM if identity is SpfIdentity.MAILFROM else StepKind.SPF_HELO
            self.add(kind, structs.replace(called, answers=self.dns.run(asking)), domain)
        return self

    def dkim(self, *found: Verified, detail: str = "") -> MessageWalk:
        """Look at every signature; the library says ``found`` of each in turn, the last of the rest."""
        for one in self.case().signatures:
            at = min(one.number, len(found)) - 1
            verified = found[at] if found else Verified.VALID
            asked = Question(one.key_name, "TXT")
            checked = DkimChecked(
                number=one.number,
                key=self.dns.answer(asked) if one.domain and one.selector else None,
                verified=verified,
                body_hash=one.body_hash if verified is Verified.VALID else b"x" * 32,
                detail=detail,
            )
            self.add(StepKind.DKIM, checked, one.domain, one.number)
        return self

    def arc(self, result: str, sets: int = 1) -> MessageWalk:
        found = tuple((n, Verified.VALID, Verified.VALID) for n in range(1, sets + 1))
        self.add(StepKind.ARC, ArcChecked(result=result, sets=found))
        return self

    def dmarc(self) -> MessageWalk:
        """Discover every identifier, then weigh."""
        case = self.case()
        for domain in case.identifiers:
            asking = look_up(domain, author=domain == case.author_domain)
            self.add(
                StepKind.DMARC,
                DmarcDiscovered(domain=domain, answers=self.dns.run(asking)),
                domain,
            )
        reports = reports_to(self.case().assessment())
        if reports is not None and reports.has_outside:
            answers = self.dns.run(reports.asking())
            self.add(StepKind.REPORTERS, ReportersChecked(domain=reports.domain, answers=answers))
        for kind in (StepKind.ALIGNMENT, StepKind.DISPOSITION, StepKind.RESULT_HEADERS):
            self.add(kind, Concluded())
        return self

    def all(self, *found: Verified) -> Delivery:
        """Everything, in order."""
        return self.spf().dkim(*found).dmarc().delivery()


class DomainSurvey(_Steps):
    """A survey of one domain."""

    def __init__(self, dns: Dns, domain: str = "example.com", **asked: object) -> None:
        target = Target(text=domain, kind=TargetKind.DOMAIN, domain=parse_name(domain))
        survey = SurveyInput(**asked)  # type: ignore[arg-type]
        header = Header(
            tool="test", started_at=NOW, target=target, options=Options(), survey=survey
        )
        super().__init__(dns, header)
        self.domain, self.asked = domain, survey

    def all(self) -> Delivery:
        """Everything that concerns SPF, DKIM and DMARC, and the plan."""
        mx = self.dns.answer(Question(self.domain, "MX"))
        self.add(StepKind.MX, MxLookedUp(domain=self.domain, answer=mx))
        self._name(self.domain)
        survey = self.delivery().survey
        main = survey.main if survey else None
        if main is not None and main.policy is not None and main.dmarc is not None:
            reports = reports_of(main.policy, main.dmarc.walk)
            if reports is not None and reports.has_outside:
                self.add(
                    StepKind.REPORTERS,
                    ReportersChecked(domain=reports.domain, answers=self.dns.run(reports.asking())),
                )
        if self.asked.selectors:
            names = (f"{one}._domainkey.{self.domain}" for one in self.asked.selectors)
            answers = tuple(self.dns.answer(Question(name, "TXT")) for name in names)
            self.add(StepKind.DKIM_KEYS, DkimKeysLookedUp(domain=self.domain, answers=answers))
        for name in self.asked.subdomains:
            self._name(name)
        self.add(StepKind.ROLL_OUT, Concluded())
        return self.delivery()

    def _name(self, name: str) -> None:
        spf = SpfRecordLookedUp(domain=name, answers=self.dns.run(expand(name)))
        self.add(StepKind.SPF_RECORD, spf, name)
        found = DmarcDiscovered(domain=name, answers=self.dns.run(look_up(name, author=True)))
        self.add(StepKind.DMARC, found, name)


def mail(
    author: str = "Alice <alice@example.com>",
    *signed: str,
    top: str = "",
    fields: str = "",
    body: str = "Hello\n",
) -> str:
    """A message; each of ``signed`` is ``d= s=`` with further tags, ``top`` stands above all."""
    signatures = "".join(signature(*one.split(" ")) for one in signed)
    return (
        f"{top}{signatures}From: {author}\nTo: bob@example.net\nSubject: Hello\n"
        f"Date: Sun, 22 Nov 2026 07:59:00 +0000\nMessage-ID: <1@example.com>\n{fields}\n{body}"
    )


def signature(domain: str, selector: str = "sel", *more: str) -> str:
    """A DKIM-Signature field; ``more`` are tags that take the place of the usual ones."""
    tags = {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": domain,
        "s": selector,
        "h": "from:to:subject:date",
        "bh": "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=",
        "b": "AAAAAAAA",
    }
    for one in more:
        name, _, value = one.partition("=")
        tags[name] = value
    listed = "; ".join(f"{name}={value}" for name, value in tags.items() if value)
    return f"DKIM-Signature: {listed}\n"


def walk(
    raw: str,
    txt: Texts | None = None,
    *,
    dns: Dns | None = None,
    ip: str = CLIENT,
    helo: str = "mail.example.com",
    mail_from: str = "alice@example.com",
    **given: object,
) -> MessageWalk:
    """A message walk with everything given, over these TXT records."""
    zone = dns or Dns(txt=txt or {})
    return MessageWalk(
        zone, raw, client_ip=ip, helo=helo, mail_from=mail_from, receiver="mx.example.net", **given
    )


SPF = {
    "example.com": f"v=spf1 ip4:{CLIENT} -all",
    "mail.example.com": f"v=spf1 ip4:{CLIENT} -all",
}
DMARC_REJECT = {"_dmarc.example.com": "v=DMARC1; p=reject; rua=mailto:d@example.com"}


def keyed(domain: str = "example.com", selector: str = "sel", bits: int = 2048) -> Texts:
    return {f"{selector}._domainkey.{domain}": key_text(bits)}


def good(policy: str = "reject") -> Delivery:
    """A message to which nobody can object: SPF and DKIM pass and are aligned."""
    txt = {
        **SPF,
        **keyed(),
        "_dmarc.example.com": f"v=DMARC1; p={policy}; rua=mailto:d@example.com",
    }
    return walk(mail("alice@example.com", "example.com sel"), txt).all()
