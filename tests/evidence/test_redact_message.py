"""Redaction of message walks: what goes, what stays, and that every result stays the same."""

import asyncio
import base64
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.redaction import own_hosts, redact, renamed
from mxwalk.evidence import redact as evidence
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.lookups import ResolverChecked
from mxwalk.evidence.mailauth import MessageInput, SpfChecked, SpfIdentity
from mxwalk.evidence.redact_message import redacted_fields
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.limits import MESSAGE_HEADER_BYTES
from mxwalk.mailauth.asking import ask, replay
from mxwalk.mailauth.message import read_message
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.reports.render import render
from mxwalk.reports.view import build_view
from tests.hostile import HOSTILE
from tests.reports.samples import lab_trace

RAW = b"""Received: from mail.example.com (mail.example.com [192.0.2.25])\r
 (Authenticated sender: anna.berger)\r
 by mx.example.net with ESMTPS id 7 for <bob.jones@example.net>;\r
 Fri, 20 Nov 2026 09:00:00 +0000\r
Return-Path: <anna.berger+list@example.com>\r
Received-SPF: pass (mx.example.net: domain of anna.berger+list@example.com designates\r
 192.0.2.25) client-ip=192.0.2.25; envelope-from="anna.berger+list@example.com"; helo=mail.example.com\r
Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=anna.berger+list@example.com;\r
 dkim=pass header.i=anna.berger@example.com; auth=pass smtp.auth=anna.berger\r
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; i=anna.berger@example.com;\r
 h=from:subject; z=Subject:Quarterly=20numbers|To:bob.jones@example.net; bh=QUJD; b=QUJD\r
From: "Anna Berger" <anna.berger@example.com>\r
To: Bob Jones <bob.jones@example.net>\r
Subject: Quarterly numbers\r
Date: Fri, 20 Nov 2026 09:00:00 +0000\r
Message-ID: <secret-1@example.com>\r
List-Unsubscribe: <https://example.com/u?a=bob.jones%40example.net>\r
X-Mailer: Anna's own\r
\r
Dear Bob, the numbers.\r
"""
SECRETS = ("anna", "berger", "bob", "jones", "quarterly", "numbers", "secret", "own")


def redacted(raw: bytes, senders=frozenset({b"anna.berger", b"anna.berger+list"})) -> bytes:
    return redacted_fields(raw, senders)


def test_people_subject_body_and_fields_of_no_use_are_gone():
    text = redacted(RAW).decode().lower()
    for secret in SECRETS:
        assert secret not in text, secret


def test_what_authentication_rests_on_stays():
    message = read_message(redacted(RAW), whole=False)
    assert [field.name for field in message.fields] == [
        field.name for field in read_message(RAW).fields
    ]
    assert message.author_domains == ("example.com",)
    assert message.return_path == "sender@example.com"
    (hop,) = message.hops
    assert (hop.ip, hop.helo, hop.by, hop.recipient) == (
        "192.0.2.25", "mail.example.com", "mx.example.net", "recipient@example.net",
    )  # fmt: skip
    signature = message.signatures[0].value
    assert "d=example.com; s=s1; i=sender@example.com" in signature.replace("  ", " ")
    assert "z=" not in signature
    results = message.value("Authentication-Results")
    assert "smtp.mailfrom=sender@example.com" in results
    assert "header.i=sender@example.com" in results
    assert "smtp.auth=redacted" in results
    assert 'envelope-from="sender@example.com"' in message.value("Received-SPF")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b" Anna <anna@example.com>", b" <sender@example.com>"),
        (b" anna@example.com", b" <sender@example.com>"),
        (b' "x@evil.example" <anna@example.com>', b" <sender@example.com>"),
        (b" a@one.example, b@two.example", b" <recipient@one.example>, <recipient@two.example>"),
        (b" (Anna) anna@example.com (Berger)", b" <sender@example.com>"),
        (b" undisclosed:;", b" redacted"),
        (b"", b" redacted"),
    ],
)
def test_an_author_is_an_address_alone(value, expected):
    found = redacted(b"From:" + value + b"\r\n", frozenset({b"anna"}))
    assert found == b"From:" + expected + b"\r\n"


def test_forms_of_local_parts_that_forwarders_make_are_found():
    raw = (
        b"Return-Path: <SRS0=hA=T7=example.com=anna.berger@fwd.example.net>\r\n"
        b"From: anna.berger@example.com\r\n"
        b"Received: from x (x [192.0.2.1]) by y for <bounce+bob=40example.net@lists.example.org>; now\r\n"
    )
    text = redacted(raw).lower()
    assert b"anna" not in text
    assert b"bob" not in text
    assert b"@fwd.example.net>" in text
    assert b"@lists.example.org>" in text


def test_postmaster_is_nobodys_name():
    assert redacted(b"From: postmaster@example.com\r\n") == b"From: <postmaster@example.com>\r\n"


@pytest.mark.parametrize(
    "value",
    [b"a" * 1_500_000, b'"' + b'\\"' * 700_000, b"<" + b"@" * 1_500_000, b"(" * 1_500_000,
     b"x@" * 700_000, b"a=40" * 400_000, b"\r\n " * 400_000],
    ids=range(7),
)  # fmt: skip
@pytest.mark.parametrize(
    "name", [b"From", b"Received", b"DKIM-Signature", b"Authentication-Results"]
)
def test_a_long_field_takes_no_long_time(name, value):
    began = time.process_time()
    for length in (4_000, 60_000, len(value)):
        assert redacted(name + b": " + value[:length] + b"\r\n")
    assert time.process_time() - began < 5


@given(st.binary(max_size=600))
def test_any_octets_are_redacted_to_fields_or_nothing(raw):
    found = redacted(raw)
    assert found == b"" or found.endswith(b"\r\n")
    assert len(found) <= MESSAGE_HEADER_BYTES


@pytest.mark.parametrize("payload", [item[:2_000] for item in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_values_leave_no_more_fields_than_came(payload):
    raw = b"From: a@example.com\r\nReceived: " + payload + b"\r\nSubject: " + payload + b"\r\n"
    before, after = read_message(raw), read_message(redacted(raw), whole=False)
    assert len(after.fields) <= len(before.fields) + raw.count(b"\n")
    assert after.value("Subject") in ("redacted", "")


SCENARIOS = (
    "dkim-good",
    "dkim-list-footer",
    "dmarc-arc",
    "dmarc-claims-differ",
    "dmarc-forwarder",
    "spf-macro-exists",
    "spf-null-sender",
    "spf-void-lookups",
)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_redacted_walk_opens_and_shows_the_same_results(name):
    trace = lab_trace(name)
    kept = read_trace(io.BytesIO(dump_trace(redact(trace))))
    assert not kept.damage
    assert kept.header.redacted
    assert kept.header.message is not None
    assert not kept.header.message.whole
    before, after = (build_view(one, "").report for one in (trace, kept))
    assert before.message is not None
    assert after.message is not None
    assert [one.result for one in after.message.spf] == [one.result for one in before.message.spf]
    assert [(one.result, one.reason) for one in after.message.signatures] == [
        (one.result, one.reason) for one in before.message.signatures
    ]
    assert [one.result for one in after.message.dmarc] == [
        one.result for one in before.message.dmarc
    ]
    assert [one.outcome for one in after.verdicts] == [one.outcome for one in before.verdicts]
    assert after.target.text == "message.eml"
    assert any("redaction removed" in left for left in after.unchecked)
    raw = base64.b64encode(kept.header.message.raw) + dump_trace(kept)
    for secret in (b"anna@", b"Berger", base64.b64encode(b"Anna Berger")):
        assert secret not in raw


def header(sender: str) -> Header:
    given = MessageInput(raw=b"From: " + sender.encode() + b"\r\n", mail_from=sender)
    target = Target(text="m.eml", kind=TargetKind.MESSAGE)
    return Header(
        tool="t", started_at="2026-11-22T00:00:00Z", target=target, options=Options(), message=given
    )


class Zone:
    def __init__(self, **records: tuple[str, str]) -> None:
        self.records = {tuple(key.split("|")): value for key, value in records.items()}
        self.asked: list[str] = []

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.append(qname)
        found = self.records.get((qname.lower(), rtype))
        if found is None:
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.NXDOMAIN, wire=b"denied")
        sets = (RRset(name=qname, rtype=rtype, ttl_s=60, records=(found,)),)
        return DnsAnswer(
            qname=qname, rtype=rtype, status=DnsStatus.OK, answer=sets, wire=qname.encode()
        )


def checked(record: str, sender: str, **more: str) -> SpfChecked:
    zone = Zone(**{"example.com|TXT": f'"{record}"', **more})
    asking = evaluate("192.0.2.1", "example.com", sender, "mail.example.com")
    outcome = asyncio.run(ask(asking, zone))
    return SpfChecked(
        identity=SpfIdentity.MAILFROM,
        client_ip="192.0.2.1",
        domain="example.com",
        sender=sender,
        helo="mail.example.com",
        answers=outcome.answers,
    )


@pytest.mark.parametrize(
    ("record", "names", "result"),
    [
        # RFC 7208 7.4: the macro letters of the sender, with transformers
        ("v=spf1 exists:%{l}._spf.%{d} -all", "anna.berger._spf.example.com", SpfResult.PASS),
        ("v=spf1 exists:%{lr}._spf.%{d} -all", "berger.anna._spf.example.com", SpfResult.PASS),
        ("v=spf1 exists:%{l1r}._spf.%{d} -all", "anna._spf.example.com", SpfResult.PASS),
        ("v=spf1 exists:%{l}._no.%{d} -all", "anna.berger._spf.example.com", SpfResult.FAIL),
        ("v=spf1 exists:%{s}.x ?all", "nothing.example.com", SpfResult.NEUTRAL),
    ],
)
def test_macros_with_the_local_part_come_to_the_same_result(record, names, result):
    real = checked(record, "anna.berger@example.com", **{f"{names}|A": "127.0.0.2"})
    kept = renamed(real, "sender@example.com", header("anna.berger@example.com"))
    text = dump_trace_text(kept)
    assert "anna" not in text
    assert "berger" not in text
    for one, sender in ((real, real.sender), (kept, "sender@example.com")):
        again = replay(evaluate(one.client_ip, one.domain, sender, one.helo), one.answers)
        assert again.result is result
    assert len(kept.answers) == len(real.answers)


def dump_trace_text(kept: SpfChecked) -> str:
    import msgspec

    wire = b"".join(answer.wire for answer in kept.answers)
    return msgspec.json.encode(kept).decode() + wire.decode()


def test_an_include_that_hangs_on_the_sender_is_kept_under_the_new_name():
    more = {
        "anna._u.example.com|TXT": '"v=spf1 a:%{l}.hosts.example.com -all"',
        "anna.hosts.example.com|A": "192.0.2.1",
    }
    real = checked("v=spf1 include:%{l}._u.example.com -all", "anna@example.com", **more)
    kept = renamed(real, "sender@example.com", header("anna@example.com"))
    assert {answer.qname for answer in kept.answers} >= {
        "sender._u.example.com",
        "sender.hosts.example.com",
    }
    again = replay(evaluate(kept.client_ip, kept.domain, kept.sender, kept.helo), kept.answers)
    assert again.result is SpfResult.PASS


def test_an_evaluation_that_was_broken_off_stays_undecided():
    real = checked("v=spf1 exists:%{l}._spf.%{d} -all", "anna@example.com")
    cut = SpfChecked(
        **{name: getattr(real, name) for name in real.__struct_fields__}
        | {"answers": real.answers[:1]}
    )
    kept = renamed(cut, "sender@example.com", header("anna@example.com"))
    again = replay(evaluate(kept.client_ip, kept.domain, kept.sender, kept.helo), kept.answers)
    assert again.result is SpfResult.TEMPERROR


def test_without_the_evaluation_the_answers_go_and_nothing_is_wrong():
    trace = evidence.redact(lab_trace("dkim-good"))
    case = build_delivery(trace).message
    assert case is not None
    assert case.spf_result is SpfResult.TEMPERROR
    report = build_view(trace, "").report
    assert {one.outcome for one in report.verdicts} & {"accepted-authentic"}  # DKIM still stands


def test_other_traces_are_redacted_as_before():
    assert redact(lab_trace("esa-san")) == evidence.redact(lab_trace("esa-san"))
    survey = redact(lab_trace("domain-monitoring"))
    assert survey.header.target.text == "example.com"
    assert build_view(survey, "").report.survey is not None


# -- whoever received it ---------------------------------------------------------------------------------

OWN = b"""Received: from mx.ours.example (mx.ours.example [10.0.0.2])\r
 by store.ours.example with LMTP id 1; Fri, 20 Nov 2026 09:00:01 +0000\r
Received: from mail.partner.example (mail.partner.example [192.0.2.77])\r
 by mx.ours.example with ESMTPS id 7 for <bob.jones@customer.example>;\r
 Fri, 20 Nov 2026 09:00:00 +0000\r
Received-SPF: pass (mx.ours.example: fine) client-ip=192.0.2.77; helo=mail.partner.example\r
Authentication-Results: auth.ours.example; spf=pass smtp.mailfrom=anna@partner.example\r
DKIM-Signature: v=1; a=rsa-sha256; d=partner.example; s=s1; h=from; bh=QUJD; b=QUJD\r
Return-Path: <anna@partner.example>\r
From: anna@partner.example\r
Date: Fri, 20 Nov 2026 09:00:00 +0000\r
\r
Hello\r
"""


def of_ours(raw: bytes = OWN, receiver: str = "", resolver: str = "10.9.8.7") -> Trace:
    message = MessageInput(raw=raw, file_name="a.eml", receiver=receiver, whole=True)
    target = Target(text="a.eml", kind=TargetKind.MESSAGE)
    options = Options(resolver=resolver, sender="rfc9989")
    found = Header(
        tool="t", started_at="2026-11-20T09:00:00Z", target=target, options=options,
        message=message,
    )  # fmt: skip
    answer = DnsAnswer(qname=".", rtype="DNSKEY", status=DnsStatus.NXDOMAIN, server="10.9.8.7:53")
    step = Step(
        seq=1, kind=StepKind.RESOLVER, scope=Scope(), started_s=0.0, elapsed_s=0.0,
        evidence=ResolverChecked(answer=answer),
    )  # fmt: skip
    return Trace(header=found, steps=(step,))


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "json", "trace"])
@pytest.mark.parametrize("receiver", ["", "in.ours.example"])
def test_no_host_of_the_receiver_and_no_resolver_is_left(fmt: str, receiver: str) -> None:
    trace = of_ours(receiver=receiver)
    shown = render(trace, fmt, sender="rfc9989", redacted=True)
    assert "ours.example" not in shown
    assert "10.9.8.7" not in shown
    assert "192.0.2.77" in shown or fmt in ("text", "trace")
    assert "@192.0.2.254" not in shown
    assert "--resolver 192.0.2.254" not in shown
    given = redact(trace).header.message
    assert given is not None
    assert b"ours.example" not in given.raw
    assert b"by redacted.example" in given.raw
    assert b"from mail.partner.example (mail.partner.example [192.0.2.77])" in given.raw


def test_a_name_that_the_report_is_about_stays() -> None:
    raw = OWN.replace(b"partner.example", b"ours.example").replace(b"auth.ours", b"ours")
    given = redact(of_ours(raw)).header.message
    assert given is not None
    assert b"mx.ours.example" not in given.raw
    assert b"store.ours.example" not in given.raw
    assert b"from mail.ours.example" in given.raw
    assert b"d=ours.example" in given.raw


def test_words_of_spf_are_no_hosts() -> None:
    raw = OWN.replace(b"by mx.ours.example", b"by mx")
    assert b"mx" not in own_hosts(of_ours(raw))
