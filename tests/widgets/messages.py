"""A message walk and a survey made by hand over a canned zone, with fixed times and keys.

``message_trace(spoil)`` puts the same text, usually a hostile one, wherever the sender, the other
domains or the network could have put it.
"""

from base64 import b64encode
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mxwalk.delivery.authentication import message_case
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.mailauth import (
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
)
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Header, Purpose, Trace
from mxwalk.mailauth.asking import Asking
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.dkim.verify import questions, verify
from mxwalk.mailauth.dmarc.discovery import look_up
from mxwalk.mailauth.dmarc.reporting import authorise
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.survey import expand
from mxwalk.receivers.registry import judge_or_first
from mxwalk.walk.target import message_target, parse_target
from tests.mailauth.spf.zone import Zone, spf, txt
from tests.widgets.samples import NOW
from widgets.shown import Shown

STARTED = "2026-11-21T20:00:00Z"
STAMP = 1_795_291_200  # STARTED in seconds
CLIENT = "192.0.2.25"
PLAIN = (
    b"Received: from mail.example.com (mail.example.com [192.0.2.25])\r\n"
    b"\tby mx.receiver.example with ESMTPS id 4711;\r\n\tSat, 21 Nov 2026 19:59:58 +0000\r\n"
    b"Received: from desk.example.com ([198.51.100.7])\r\n"
    b"\tby mail.example.com with ESMTPSA id 4710;\r\n\tSat, 21 Nov 2026 19:59:56 +0000\r\n"
    b"From: Alice Example <alice@example.com>\r\n"
    b"To: bob@receiver.example\r\n"
    b"Subject: The minutes of Friday\r\n"
    b"Date: Sat, 21 Nov 2026 19:59:55 +0000\r\n"
    b"Message-ID: <1@example.com>\r\n"
    b"\r\n"
    b"Dear Bob,\r\n\r\nthe minutes are attached.\r\n\r\nAlice\r\n"
)
_KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEY_PEM = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
KEY_TEXT = b"v=DKIM1; k=ed25519; p=" + b64encode(_KEY.public_key().public_bytes_raw())
ZONE: dict[str, dict[str, tuple[str, ...] | DnsStatus]] = {
    "example.com": {
        "TXT": (txt("v=spf1 include:_spf.example.net a:%{h} mx ip4:192.0.2.0/24 -all"),),
        "A": ("192.0.2.80",),
        "MX": ("10 mail.example.com.",),
    },
    "mail.example.com": {"A": ("192.0.2.26",), **spf("v=spf1 a -all")},
    "_spf.example.net": dict(spf("v=spf1 ip4:203.0.113.0/24 include:_b.example.net ~all")),
    "_b.example.net": dict(spf("v=spf1 ip4:198.51.100.0/25 ip6:2001:db8::/32 ?all")),
    "_dmarc.example.com": {
        "TXT": (txt("v=DMARC1; p=quarantine; sp=reject; pct=50; rua=mailto:d@reports.example"),)
    },
    "example.com._report._dmarc.reports.example": {"TXT": (txt("v=DMARC1;"),)},
    "s1._domainkey.example.com": {"TXT": (txt(KEY_TEXT),)},
    "s1._domainkey.mailer.example": {"TXT": (txt(KEY_TEXT),)},
    "_dmarc.mailer.example": {"TXT": (txt("v=DMARC1; p=none"),)},
}


def signed(raw: bytes = PLAIN, domain: str = "example.com", **how: object) -> bytes:
    """Return the message with a signature that verifies over ``ZONE``."""
    signing = Signing(domain=domain, selector="s1", timestamp=STAMP - 60, **how)  # type: ignore[arg-type]
    return sign(raw, KEY_PEM, signing)


def collect(asking: Asking[object], zone: Zone) -> tuple[DnsAnswer, ...]:
    """Run an evaluation over a zone and return the answers, each once."""
    kept: dict[tuple[str, str], DnsAnswer] = {}
    try:
        wanted = next(asking)
        while True:
            for one in wanted:
                if tuple(one) not in kept:
                    kept[one.qname, one.rtype] = zone.answer(*one)
            wanted = asking.send(tuple(kept[one.qname, one.rtype] for one in wanted))
    except StopIteration:
        return tuple(kept.values())


class Steps:
    """Appends steps with rising numbers and fixed times."""

    def __init__(self, header: Header) -> None:
        self.trace = Trace(header=header)

    def add(self, kind: StepKind, evidence: Evidence, host: str = "", attempt: int = 0) -> None:
        seq = len(self.trace.steps) + 1
        self.trace = self.trace.with_step(
            Step(
                seq=seq,
                kind=kind,
                scope=Scope(host=host, attempt=attempt),
                started_s=seq * 0.1,
                elapsed_s=seq * 0.004,
                evidence=evidence,
            )
        )


def message_trace(
    raw: bytes = PLAIN,
    *,
    names: dict[str, dict[str, tuple[str, ...] | DnsStatus]] | None = None,
    upto: StepKind = StepKind.RESULT_HEADERS,
    **given: object,
) -> Trace:
    """Return the walk of a message over ``ZONE`` (or ``names``), up to a kind of step."""
    zone = Zone(names if names is not None else ZONE)
    message = MessageInput(raw=raw, file_name="minutes.eml", **given)  # type: ignore[arg-type]
    header = Header(
        tool="mxwalk 0.1.0",
        started_at=STARTED,
        target=message_target(message),
        options=Options(),
        message=message,
    )
    steps = Steps(header)
    for kind in _perform(steps, zone, message):
        if kind is upto:
            break
    return steps.trace


def _perform(steps: Steps, zone: Zone, message: MessageInput):  # type: ignore[no-untyped-def]
    case = message_case(steps.trace)
    assert case is not None
    steps.add(StepKind.MESSAGE, MessageRead())
    yield StepKind.MESSAGE
    for kind, identity, domain in (
        (StepKind.SPF_MAILFROM, SpfIdentity.MAILFROM, case.mailfrom_domain),
        (StepKind.SPF_HELO, SpfIdentity.HELO, case.helo_domain),
    ):
        ip, helo = case.arrival.client_ip.value, case.arrival.helo.value
        path = case.arrival.mail_from.value.strip("<>")
        sender = path if identity is SpfIdentity.MAILFROM and path else f"postmaster@{helo}"
        if ip and domain:
            answers = collect(evaluate(ip, domain, sender, helo), zone)
            checked = SpfChecked(
                identity=identity, client_ip=ip, domain=domain, sender=sender, helo=helo,
                answers=answers,
            )  # fmt: skip
            steps.add(kind, checked, host=domain)
        yield kind
    for one in case.signatures:
        answers = collect(questions(one), zone)
        key = answers[0] if answers else None
        found = verify(case.message, one, key)
        checked_ = DkimChecked(
            number=one.number, key=key, verified=found.verified, body_hash=found.body_hash,
            body_bytes=found.body_bytes, detail=found.detail,
        )  # fmt: skip
        steps.add(StepKind.DKIM, checked_, host=one.domain, attempt=one.number)
    yield StepKind.DKIM
    for domain in case.identifiers:
        answers = collect(look_up(domain, author=domain == case.author_domain), zone)
        steps.add(StepKind.DMARC, DmarcDiscovered(domain=domain, answers=answers), host=domain)
    yield StepKind.DMARC
    now = message_case(steps.trace)
    assert now is not None
    one_ = now.assessment()
    record = one_.policy.record if one_ else None
    if one_ is not None and record is not None:
        uris = (*record.aggregate, *record.failure)
        asking = authorise(record.name.removeprefix("_dmarc."), one_.discovery.organizational, uris)
        evidence = ReportersChecked(domain=case.author_domain, answers=collect(asking, zone))
        steps.add(StepKind.REPORTERS, evidence)
    yield StepKind.REPORTERS
    for kind in (StepKind.ALIGNMENT, StepKind.DISPOSITION, StepKind.RESULT_HEADERS):
        steps.add(kind, Concluded())
        yield kind


@lru_cache(maxsize=4)
def good_trace() -> Trace:
    """Return the walk of a message that passes."""
    return message_trace(signed(), mail_from="alice@example.com", receiver="mx.receiver.example")


def spoilt_trace(spoil: bytes) -> Trace:
    """Return a walk in which one text stands wherever the other side can put it."""
    line = spoil.replace(b"\r", b" ").replace(b"\n", b" ")[:900]
    raw = signed(
        b"Return-Path: <" + line[:200] + b"@example.com>\r\nSender: " + line + b"\r\n"
        b"Received: from " + line + b" (" + line + b" [192.0.2.25]) by " + line + b" with "
        + line + b"; Sat, 21 Nov 2026 19:59:58 +0000\r\n"
        b"Authentication-Results: " + line + b"; spf=pass (" + line + b") smtp.mailfrom=" + line
        + b"\r\nList-Id: " + line + b"\r\nReply-To: " + line + b"\r\n" + PLAIN.replace(
            b"The minutes", line + b" minutes"
        ).replace(b"Alice Example", line[:60])
    )  # fmt: skip
    raw = raw.replace(b"the minutes are", b"the minutes were " + spoil[:2_000])
    raw = b"DKIM-Signature: v=1; a=" + line + b"; d=" + line + b"; z=From:" + line + b"\r\n" + raw
    text = txt(line)
    names: dict[str, dict[str, tuple[str, ...] | DnsStatus]] = {
        name: dict(records) for name, records in ZONE.items()
    }
    names["example.com"]["TXT"] = (
        txt(
            b"v=spf1 exists:%{l}.example.net a:"
            + line.replace(b" ", b"")
            + b" exp=x.example.com "
            + line
        ),
        text,
    )
    names["_dmarc.example.com"]["TXT"] = (
        txt(
            b"v=DMARC1; p=reject; rua=mailto:"
            + line
            + b",mailto:a@b.example; "
            + line
            + b"="
            + line
        ),
    )
    names["s1._domainkey.example.com"]["TXT"] = (txt(b"v=DKIM1; k=ed25519; n=" + line + b"; p="),)
    return message_trace(raw, names=names, client_ip=CLIENT, helo=line.decode("utf-8", "replace"))


def survey_trace(
    domain: str = "example.com",
    *,
    names: dict[str, dict[str, tuple[str, ...] | DnsStatus]] | None = None,
    subdomains: tuple[str, ...] = (),
) -> Trace:
    """Return the survey of a domain over ``ZONE``."""
    zone = Zone(names if names is not None else ZONE)
    header = Header(
        tool="mxwalk 0.1.0",
        started_at=STARTED,
        target=parse_target(domain),
        options=Options(),
        survey=SurveyInput(subdomains=subdomains),
    )
    steps = Steps(header)
    for name in (domain, *subdomains):
        answers = collect(expand(name), zone)
        steps.add(StepKind.SPF_RECORD, SpfRecordLookedUp(domain=name, answers=answers), host=name)
        answers = collect(look_up(name, author=True), zone)
        steps.add(StepKind.DMARC, DmarcDiscovered(domain=name, answers=answers), host=name)
    steps.add(StepKind.DKIM_KEYS, DkimKeysLookedUp(domain=domain))
    return steps.trace


def shown_of(trace: Trace, kind: StepKind) -> Shown:
    """Return what the views are given when the last step of a kind is selected."""
    delivery = build_delivery(trace)
    step = next((step for step in reversed(trace.steps) if step.kind is kind), None)
    return Shown(
        delivery=delivery, sender=judge_or_first(Purpose.DELIVERY, "esa:5"), step=step, now=NOW
    )
