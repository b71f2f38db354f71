"""Hostile text in every field of the evidence: no exception, and only printable sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.handshake import ClientCertificateAsked, Support, TempKey, TlsFacts
from mxwalk.evidence.revocation import (
    CrlAsked,
    CrlEntry,
    CrlExtract,
    CrlSignature,
    NotAsked,
    OcspAsked,
    RevocationOf,
)
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import StoreVerdict, TrustStore, VerifyError
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.registry import check
from tests.findings.builders import Trail, alert, answer, ending
from tests.findings.certificates import GOOD_CHAIN, NOW_TEXT, make
from tests.generated import examples
from tests.hostile import HOSTILE


def _everywhere(raw: bytes) -> list[Delivery]:
    text = raw.decode("utf-8", "replace")
    host = "mx01.example.com"
    broken = ending(EndingKind.TLS_ERROR, text)
    bad_chain = (raw, GOOD_CHAIN[0], raw, GOOD_CHAIN[1])

    def trail() -> Trail:
        begun = Trail().resolver(answer(".", "DNSKEY", status=DnsStatus.REFUSED, error=text))
        begun.mx(f"10 {text}", f"20 {host}.", text, f"0 .{text}").host(host, "192.0.2.1", text)
        begun.ptr("192.0.2.1", (text, False), ("mx.example.net", True)).connect("192.0.2.1")
        return begun.greet(raw, trailing=raw)

    said = trail().ehlo(
        b"250-" + raw + b"\r\n250-STARTTLS\r\n250 " + raw, command=raw, planned=b"x"
    )
    said.starttls(b"220 " + raw + b"\r\n", trailing=raw)
    done = said.handshake(
        bad_chain, protocol=text, cipher=text, group=text, alerts=(alert(99, text, fatal=False),)
    )
    done.chain(
        VerifyError(depth=-1, code=999, name=text, text=text),
        VerifyError(depth=5_000, code=10, name=text, text=text),
        VerifyError(depth=0, code=20, name=text, text=text),
        path=bad_chain,
        store=TrustStore(kind=text, path=text, roots=3),
        at=text,
    )
    done.issuers(raw, GOOD_CHAIN[1], problem=text).revocation(_revocation(raw, text, text))
    done.look(StepKind.WITHOUT_SNI, bad_chain, VerifyError(depth=9, code=7, name=text, text=text))
    done.identity().ehlo_tls(raw, broken).say(StepKind.MAIL, raw, b"550 " + raw)
    done.say(StepKind.RCPT, b"RCPT TO:<" + raw, b"250 " + raw).quit(raw, ending(EndingKind.RESET))
    failed = trail().ehlo().starttls()
    failed.handshake((), ending=broken, alerts=(alert(70, text),), facts=_facts(raw, text))
    failed.look(StepKind.LEGACY_TLS, bad_chain, protocol=text, cipher=text, facts=_facts(raw, text))
    judged = trail().ehlo().starttls().handshake(bad_chain, facts=_facts(raw, text))
    stores = tuple(
        StoreVerdict(
            store=TrustStore(kind=kind, path=text, roots=1),
            errors=(VerifyError(depth=0, code=19, name=text, text=text),),
        )
        for kind in ("certifi", text)
    )
    judged.chain(path=bad_chain, store=TrustStore(kind="system", path=text, roots=3), beside=stores)
    judged.revocation(_revocation(raw, text, NOW_TEXT))
    others = [
        failed.delivery(),
        judged.delivery(),
        trail().ehlo(raw, ending(EndingKind.CLOSED, text)).delivery(),
        trail().ehlo(b"500 " + raw).helo(b"500 " + raw).delivery(),
        trail().ehlo().starttls().handshake((), ending=broken, alerts=(alert(1, text),)).delivery(),
        Trail().mx(reply=answer(text, "MX", status=DnsStatus.LOOP, hops=(text, text))).delivery(),
        Trail()
        .mx(reply=answer(text, "MX", status=DnsStatus.SERVFAIL, ede=((1, text),), error=text))
        .delivery(),
        Trail().mx("10 a.").host("a", replies=(answer("a", "A", text, hops=(text,)),)).delivery(),
    ]
    return [done.delivery(), *others]


def _facts(raw: bytes, text: str) -> TlsFacts:
    return TlsFacts(
        client_hello_octets=-1,
        temp_key=TempKey(method="DHE", group=text, bits=7),
        alpn=text,
        extended_master_secret=Support.NO,
        secure_renegotiation=Support.NO,
        client_certificate=ClientCertificateAsked(authorities=(raw, raw), authority_count=-5),
    )


def _revocation(raw: bytes, text: str, at: str) -> RevocationChecked:
    def fetch(purpose: Purpose) -> Fetched:
        return Fetched(url=text, purpose=purpose, problem=text)

    entry = CrlEntry(revoked_at=text, reason=text, invalid_since=text, issuer=raw)
    extract = CrlExtract(
        issuer=raw, this_update=text, next_update=text, entry=entry, signature=CrlSignature.VERIFIED
    )
    asked = (
        CrlAsked(fetch=fetch(Purpose.CRL), extract=extract),
        CrlAsked(fetch=fetch(Purpose.CRL)),
        OcspAsked(fetch=fetch(Purpose.OCSP), response=raw),
        OcspAsked(response=raw),
    )
    return RevocationChecked(
        checked_at=at,
        certificates=(
            RevocationOf(depth=0, certificate=GOOD_CHAIN[0], issuer=raw, asked=asked),
            RevocationOf(depth=-3, certificate=raw, asked=asked),
        ),
        not_asked=NotAsked.OFFLINE,
    )


def _check(raw: bytes) -> None:
    for delivery in _everywhere(raw):
        findings = check(delivery)
        assert findings
        for finding in findings:
            for text in (finding.sentence, finding.fix, finding.command):
                assert text.isprintable()
                assert len(text) < 1_100
            assert finding.sentence


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_every_field_is_told_in_printable_sentences(raw: bytes) -> None:
    _check(raw)


@examples(60)
@given(st.binary(max_size=300))
def test_any_bytes_in_every_field_are_told_in_printable_sentences(raw: bytes) -> None:
    _check(raw)


@pytest.mark.parametrize("raw", [item for item in HOSTILE if 0 < len(item) < 60], ids=repr)
def test_hostile_names_in_a_certificate_are_told_in_printable_sentences(raw: bytes) -> None:
    from tests.findings.builders import with_certificate

    whole = raw.decode("utf-8", "replace").replace("\0", "").encode()
    cn = whole[:60].decode(errors="ignore")  # a common name has 64 octets at most
    names = tuple(n for n in ("*.example.com", raw.decode("latin-1")) if n.isascii())
    chain = (make(cn, names).der,)
    for finding in check(with_certificate(*chain).delivery()):
        assert finding.sentence.isprintable()
        assert finding.command.isprintable()
