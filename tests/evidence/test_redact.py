"""Redaction: no secret is left in any encoding, and the rest is still a trace that can be judged."""

import base64
import re
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.connection import ChainChecked, Connected, Exchanged, Handshaken
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp
from mxwalk.evidence.redact import redact
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.tls import StoreVerdict, TrustStore
from mxwalk.evidence.trace import Header, Trace
from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.names import parse_name
from tests.evidence.strategies import traces
from tests.generated import examples

SCOPE = Scope(host="mx1.example.com", address="192.0.2.1", port=25, attempt=1)
REPLIES = {
    StepKind.GREETING: b"220 mx1.example.com ESMTP 192.0.2.1\r\n",
    StepKind.EHLO: b"250-mx1.example.com Hello nat.isp.example [203.0.113.9] (%(helo)s)\r\n250 SIZE 5\r\n",
    StepKind.MAIL: b"250 2.1.0 <%(local2)s@%(own)s> mx.%(own)s ok\r\n",
    StepKind.RCPT: b"550 5.1.1 <%(local)s@example.com> user %(local)s, see /?id=%(local)s%%40example.com\r\n",
}
COMMANDS = {
    StepKind.GREETING: b"",
    StepKind.EHLO: b"EHLO %(helo)s\r\n",
    StepKind.MAIL: b"MAIL FROM:<%(local2)s@%(own)s>\r\n",
    StepKind.RCPT: b"RCPT TO:<%(local)s@example.com>\r\n",
}


def walk(
    helo="secret.corp.example",
    own="corp.example",
    local="alice.secret",
    local2="bob.secret",
    size=3,
):
    fill = {
        b"helo": helo.encode(),
        b"own": own.encode(),
        b"local": local.encode(),
        b"local2": local2.encode(),
    }
    steps = [
        Step(
            seq=1,
            kind=StepKind.MX,
            scope=Scope(),
            started_s=0,
            elapsed_s=0,
            evidence=MxLookedUp(
                domain="example.com",
                answer=DnsAnswer(
                    qname="example.com",
                    rtype="MX",
                    status=DnsStatus.OK,
                    server="198.51.100.53:53",
                    answer=(
                        RRset(
                            name="example.com",
                            rtype="MX",
                            ttl_s=60,
                            records=("10 mx1.example.com.",),
                        ),
                    ),
                ),
            ),
        ),
        Step(
            seq=2,
            kind=StepKind.ADDRESS,
            scope=Scope(host="mx1.example.com"),
            started_s=0,
            elapsed_s=0,
            evidence=AddressesLookedUp(
                host="mx1.example.com",
                answers=(
                    DnsAnswer(
                        qname="mx1.example.com",
                        rtype="A",
                        status=DnsStatus.OK,
                        server="198.51.100.53:53",
                        answer=(
                            RRset(
                                name="mx1.example.com", rtype="A", ttl_s=60, records=("192.0.2.1",)
                            ),
                        ),
                    ),
                ),
            ),
        ),
        Step(
            seq=3,
            kind=StepKind.CONNECT,
            scope=SCOPE,
            started_s=0,
            elapsed_s=0,
            evidence=Connected(address="192.0.2.1", port=25, local_address="198.51.100.7"),
        ),
    ]
    for kind, reply in REPLIES.items():
        sent, received = COMMANDS[kind] % fill, reply % fill
        wire = (
            [WireChunk(at_s=0.1, direction=Direction.SENT, layer=Layer.CLEAR, data=sent)]
            if sent
            else []
        )
        wire += [
            WireChunk(
                at_s=0.2 + at,
                direction=Direction.RECEIVED,
                layer=Layer.CLEAR,
                data=received[at : at + size],
            )
            for at in range(0, len(received), size)
        ]
        wire.append(
            WireChunk(
                at_s=9, direction=Direction.SENT, layer=Layer.TLS_RECORDS, data=b"\x17\x03\x03"
            )
        )
        steps.append(
            Step(
                seq=len(steps) + 1,
                kind=kind,
                scope=SCOPE,
                started_s=0,
                elapsed_s=0,
                evidence=Exchanged(command=sent, reply=received),
                wire=tuple(wire),
            )
        )
    return Trace(
        header=Header(
            tool="t",
            started_at="2026-11-21T20:13:00Z",
            target=Target(
                text=f"{local}@example.com",
                kind=TargetKind.MAILBOX,
                domain=parse_name("example.com"),
                local_part=local,
            ),
            options=Options(
                helo=helo,
                mail_from=f"{local2}@{own}",
                rcpt_to=f"{local}@example.com",
                resolver="198.51.100.53:53",
                trust="/home/bob.secret/ca.pem",
            ),
        ),
        steps=tuple(steps),
    )


def everything(trace: Trace) -> bytes:
    """All text of the dump, its base64 decoded, and the streams put together."""
    dump = dump_trace(trace)
    decoded = [
        base64.b64decode(match)
        for match in re.findall(rb'"([A-Za-z0-9+/]{4,}={0,2})"', dump)
        if len(match) % 4 == 0
    ]
    streams = {
        (step.scope, chunk.direction, chunk.layer): b""
        for step in trace.steps
        for chunk in step.wire
    }
    for step in trace.steps:
        for chunk in step.wire:
            streams[step.scope, chunk.direction, chunk.layer] += chunk.data
    return b"\n".join([dump, *decoded, *streams.values()]).lower()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_no_secret_is_left_however_the_bytes_arrived(size):
    trace = walk(size=size)
    text = everything(redact(trace))
    for secret in (
        b"secret",
        b"corp.example",
        b"198.51.100.7",
        b"198.51.100.53",
        b"203.0.113.9",
        b"isp.example",
        b"/home",
    ):
        assert secret in everything(trace)
        assert secret not in text
    for kept in (
        b"mx1.example.com",
        b"192.0.2.1",
        b"250 size 5",
        b"550 5.1.1 <recipient@example.com>",
    ):
        assert kept in text


def test_what_is_replaced_stays_of_its_kind():
    trace = redact(walk())
    assert trace.header.redacted
    assert trace.header.target.text == "recipient@example.com"
    assert trace.header.options == Options(
        helo="redacted.example",
        mail_from="sender@redacted.example",
        rcpt_to="recipient@example.com",
        resolver="192.0.2.254:53",
        trust="redacted.pem",
    )
    replies = [step.evidence.reply for step in trace.steps if isinstance(step.evidence, Exchanged)]
    assert replies[1] == (
        b"250-mx1.example.com Hello redacted.example [192.0.2.254] (redacted.example)\r\n250 SIZE 5\r\n"
    )
    assert replies[3] == (
        b"550 5.1.1 <recipient@example.com> user recipient, see /?id=recipient%40example.com\r\n"
    )
    received = b"".join(
        chunk.data for chunk in trace.steps[4].wire if chunk.direction is Direction.RECEIVED
    )
    assert received == replies[1]


def test_redaction_twice_is_redaction_once():
    once = redact(walk())
    assert redact(once) == once


def test_tls_records_stay_only_in_the_handshake():
    records = WireChunk(
        at_s=0, direction=Direction.SENT, layer=Layer.TLS_RECORDS, data=b"\x16\x03\x01"
    )
    trace = walk()
    handshake = Step(
        seq=8,
        kind=StepKind.HANDSHAKE,
        scope=SCOPE,
        started_s=0,
        elapsed_s=0,
        evidence=Handshaken(sni="mx1.example.com", presented=(b"corp.example",)),
        wire=(records,),
    )
    redacted = redact(trace.with_step(handshake))
    assert [
        step.seq for step in redacted.steps for c in step.wire if c.layer is Layer.TLS_RECORDS
    ] == [8]
    assert redacted.steps[-1].evidence == handshake.evidence  # certificates are kept


def test_the_targets_own_names_are_no_secrets():
    trace = walk(helo="example.com", own="example.com")
    redacted = redact(trace)
    assert redacted.header.target.domain == parse_name("example.com")
    assert redacted.header.options.mail_from == "sender@example.com"


@pytest.mark.parametrize("local", ["size", "250", "a", "5.1.1", "mx1"])
def test_an_unlucky_local_part_does_not_break_the_replies(local):
    replies = [
        s.evidence.reply
        for s in redact(walk(local=local)).steps
        if isinstance(s.evidence, Exchanged)
    ]
    assert replies[1].endswith(b"\r\n250 SIZE 5\r\n")
    assert replies[1].startswith(b"250-mx1.example.com Hello ")
    assert replies[3].startswith(b"550 ")


def test_a_name_the_server_greets_us_by_is_ours_wherever_it_stands():
    trace = walk()
    hello = (
        b"250-mx1.example.com Hello host-9.dsl.isp.example, pleased to meet you\r\n250 SIZE 5\r\n"
    )
    evidence = Exchanged(command=b"EHLO x\r\n", reply=hello)
    step = Step(
        seq=8, kind=StepKind.EHLO, scope=SCOPE, started_s=0, elapsed_s=0, evidence=evidence
    )  # fmt: skip
    redacted = redact(trace.with_step(step)).steps[-1].evidence.reply
    assert redacted == hello.replace(b"host-9.dsl.isp.example", b"redacted.example")


@pytest.mark.parametrize(
    "said",
    [
        b"550 host-203-0-113-9.isp.test denied",
        b"550 9-113-0-203.pool.isp.test denied",
        b"550 see http://x.test/why?id=x%40corp.example&ip=203.0.113.9",
        b"550 listed: 9.113.0.203.bl.test",
        b"550 cb007109.dyn.isp.test and x-CB007109-z.other.test denied",
        b"550 see http://x.test/?c=0xCB007109",
        b"250 2.0.0 queued as mx1.cb007109",
    ],
)
def test_our_address_and_domain_are_found_in_the_forms_servers_write(said):
    evidence = Exchanged(command=b"X\r\n", reply=said + b"\r\n")  # the EHLO reply named 203.0.113.9
    step = Step(
        seq=8, kind=StepKind.EHLO, scope=SCOPE, started_s=0, elapsed_s=0, evidence=evidence
    )  # fmt: skip
    redacted = redact(walk().with_step(step)).steps[-1].evidence.reply
    assert not re.search(rb"(?i)113|corp|cb0071", redacted)


def reply_redacted(said: bytes, **given: str) -> bytes:
    step = Step(
        seq=8, kind=StepKind.EHLO, scope=SCOPE, started_s=0, elapsed_s=0,
        evidence=Exchanged(reply=said),
        wire=tuple(
            WireChunk(at_s=at, direction=Direction.RECEIVED, layer=Layer.CLEAR, data=said[at : at + 5])
            for at in range(0, len(said), 5)
        ),
    )  # fmt: skip
    last = redact(walk(**given).with_step(step)).steps[-1]
    assert b"".join(chunk.data for chunk in last.wire) == last.evidence.reply
    return last.evidence.reply


@pytest.mark.parametrize("before", [b"", b"x", b"id", b"to=<", b"\xff\x00"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize(
    "mailbox", [b"Alice.Secret", b"alice.secret@example.com", b"ALICE.SECRET@EXAMPLE.COM>"]
)
def test_a_local_part_in_base64_is_replaced_with_its_whole_token(mailbox, encode, before):
    token = encode(before + mailbox)
    for written in (token, token.rstrip(b"=")):
        said = b"550-5.7.1 http://x.test/?t=%b&v=1\r\n550-%b\r\n550 no\r\n" % (written, written)
        assert reply_redacted(said) == (
            b"550-5.7.1 http://x.test/?t=cmVjaXBpZW50&v=1\r\n550-cmVjaXBpZW50\r\n550 no\r\n"
        )


def test_short_local_parts_in_base64_count_by_themselves_only():
    bob, mailbox = base64.b64encode(b"bob"), base64.b64encode(b"ab@example.com")
    assert reply_redacted(b"550 %b\r\n" % bob, local="bob") == b"550 cmVjaXBpZW50\r\n"
    longer = b"550 %b\r\n" % base64.b64encode(b"kabobs")
    assert reply_redacted(longer, local="bob") == longer
    assert reply_redacted(b"550 %b\r\n" % mailbox, local="ab") == b"550 cmVjaXBpZW50\r\n"
    alone = b"550 %b\r\n" % base64.b64encode(b"ab")
    assert reply_redacted(alone, local="ab") == alone


@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from([b" ", b"<", b"="]))
def test_a_local_part_in_base64_is_found_at_any_place_in_a_token(before, after, edge):
    token = base64.b64encode(before + b"alice.secret" + after)
    redacted = reply_redacted(b"550 a" + edge + token + b"\r\n")
    assert redacted == b"550 a" + edge + b"cmVjaXBpZW50\r\n"


def test_a_local_part_of_zeros_is_found_in_no_text():
    assert reply_redacted(b"...\r\n", local="\0" * 6) == b"...\r\n"


def test_replies_full_of_base64_are_redacted_in_reasonable_time():
    said = b"250 " + base64.b64encode(b"alice.secret@" * 3_500) + b" QUJD" * 2_000 + b"\r\n"
    assert reply_redacted(said) == b"250 cmVjaXBpZW50" + b" QUJD" * 2_000 + b"\r\n"


@pytest.mark.parametrize(
    "wire",
    [
        b"\x05Probe\x04corp\x07example\x00",
        b"\x04corp\x07example\x00" + b"\x05probe\xc0\x00",  # a compression pointer to corp.example
        b"\xc0\x02\x00\x05probe\xc0\x0b\x04corp\xc0\x12\x07example\x00",
        b"EDE: client probe.corp.example",
        b"EDE: client 10.9.8.7",
        b"\x00\x04\x0a\x09\x08\x07",
        b"\x05probe\xc0" * 300,
    ],
)
def test_a_dns_message_that_holds_our_name_or_address_is_dropped(wire):
    trace = walk(helo="probe.corp.example")
    own = Connected(address="192.0.2.1", port=25, local_address="10.9.8.7")
    trace = trace.with_step(
        Step(
            seq=8, kind=StepKind.CONNECT, scope=SCOPE, started_s=0, elapsed_s=0, evidence=own
        )
    )  # fmt: skip
    answer = DnsAnswer(qname="probe.corp.example", rtype="MX", status=DnsStatus.OK, wire=wire)
    step = Step(
        seq=9,
        kind=StepKind.MX,
        scope=Scope(),
        started_s=0,
        elapsed_s=0,
        evidence=MxLookedUp(domain="x", answer=answer),
    )
    redacted = redact(trace.with_step(step)).steps[-1].evidence.answer
    assert (redacted.qname, redacted.wire) == ("redacted.example", b"")


def test_a_dns_message_without_our_names_is_kept_for_dnssec():
    answer = DnsAnswer(
        qname="example.com", rtype="MX", status=DnsStatus.OK,
        wire=b"\x06secret\x07example\x03com\x00\xc0\xff",
    )  # fmt: skip
    step = Step(
        seq=8, kind=StepKind.MX, scope=Scope(), started_s=0, elapsed_s=0,
        evidence=MxLookedUp(domain="example.com", answer=answer),
    )  # fmt: skip
    assert redact(walk().with_step(step)).steps[-1].evidence.answer == answer


word = st.from_regex(r"[bdfghjkqvz]{6,12}", fullmatch=True)


@given(helo=word, own=word, local=word, local2=word, size=st.integers(1, 40))
@examples(40)
def test_generated_secrets_are_found_everywhere(helo, own, local, local2, size):
    trace = walk(f"{helo}.example.net", f"{own}.example.org", local, local2, size)
    text = everything(redact(trace))
    for secret in (helo, own, local, local2):
        assert secret.encode() not in text


@given(traces())
@examples(40)
def test_any_trace_can_be_redacted(trace):
    redacted = redact(trace)
    assert redacted.header.redacted
    assert len(redacted.steps) == len(trace.steps)


def test_long_hostile_replies_are_redacted_in_reasonable_time():
    reply = b"250 " + b"a." * 16_000 + b"1:" * 8_000 + b"[" * 8_000 + b"\r\n"
    step = Step(
        seq=8,
        kind=StepKind.RCPT,
        scope=SCOPE,
        started_s=0,
        elapsed_s=0,
        evidence=Exchanged(reply=reply),
    )
    assert redact(walk().with_step(step)).steps[-1].evidence.reply.endswith(b"[\r\n")


def test_a_reply_that_came_byte_by_byte_is_redacted_in_linear_time():
    said = b"198.51.100.7 " * 5_000
    chunks = tuple(
        WireChunk(
            at_s=float(at), direction=Direction.RECEIVED, layer=Layer.CLEAR, data=said[at : at + 1]
        )
        for at in range(len(said))
    )
    evidence = Exchanged(reply=b"250 mx\r\n")
    step = Step(seq=1, kind=StepKind.EHLO, scope=Scope(), started_s=0.0, elapsed_s=0.0,
                evidence=evidence, wire=chunks)  # fmt: skip
    begun = time.process_time()
    target = Target(text="[192.0.2.1]", kind=TargetKind.ADDRESS, address="192.0.2.1")
    header = Header(tool="t", started_at="2026-11-21T20:13:00Z", target=target, options=Options())
    kept = redact(Trace(header=header, steps=(step,)))
    assert time.process_time() - begun < 3
    assert b"198.51.100.7" not in b"".join(chunk.data for chunk in kept.steps[0].wire)


def test_where_a_bundle_lies_in_somebodys_home_is_not_told():
    store = TrustStore(kind="certifi", path="/home/bob.secret/venv/certifi/cacert.pem", roots=1)
    public = TrustStore(kind="system", path="/etc/ssl/certs/ca-certificates.crt", roots=1)
    beside = (StoreVerdict(store=store), StoreVerdict(store=public))
    checked = ChainChecked(store=store, evaluated_at="2026-11-21T20:13:00Z", beside=beside)
    step = Step(
        seq=1, kind=StepKind.CHAIN, scope=Scope(), started_s=0, elapsed_s=0, evidence=checked
    )
    trace = msgspec.structs.replace(walk(), steps=(step,))
    assert b"secret" not in everything(redact(trace))
    assert public.path.encode() in everything(redact(trace))
