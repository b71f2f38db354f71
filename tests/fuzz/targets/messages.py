"""Messages: header and body, DKIM signatures and the ARC chain in them, held against their keys.

An input is the text of a key record, a line feed, and a message with whatever line ends.
"""

import re
from collections.abc import Iterable

import dkim  # type: ignore[import-untyped]

from mxwalk.delivery.authentication import spf_sender
from mxwalk.dns.txt import txt_line
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.mailauth import (
    DkimChecked,
    MessageInput,
    SpfChecked,
    SpfIdentity,
    Verified,
)
from mxwalk.limits import ARC_SETS, DKIM_SIGNATURES, MESSAGE_FIELDS
from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.arc.verify import verify_chain
from mxwalk.mailauth.dkim.judge import judge
from mxwalk.mailauth.dkim.key import read_key, read_key_text, strength
from mxwalk.mailauth.dkim.model import Reason, Signature
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.dkim.tagwords import key_words, signature_words
from mxwalk.mailauth.dkim.verify import key_type, verify
from mxwalk.mailauth.dmarc.discovery import domain_key
from mxwalk.mailauth.envelope import arrival
from mxwalk.mailauth.message import Message, read_message
from mxwalk.mailauth.message_oddities import to_wire
from tests.fuzz.choices import Choices
from tests.fuzz.evidence import comes_back
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import pieces

NOW = 1_750_000_000.0
_MOST_JUDGED = 4
_TIMED = re.compile(rb"(?i)(?:^|[;\s])[xt]\s*=")


def _check(data: bytes) -> None:
    choices = Choices(data)
    whole = choices.number(4) != 3
    record, _, text = choices.rest().partition(b"\n")
    _check_key(record)
    raw, notes = to_wire(text)
    for note in notes:
        printable(note)
    message = read_message(raw, whole=whole)
    _check_message(message, raw)
    signatures = read_signatures(message)
    promise(len(signatures) <= DKIM_SIGNATURES, "signatures without end")
    for signature in signatures[:_MOST_JUDGED]:
        _check_signature(message, signature, record)
    chain = read_chain(message)
    promise(len(chain.sets) <= ARC_SETS, "sets without end")
    for problem in chain.problems:
        printable(problem)
    answers = [
        _answer(one.key_name, record)
        for each in chain.sets
        for one in (each.message, each.seal)
        if one is not None
    ]
    checked = verify_chain(message, answers, chain)
    promise(checked.result in {"none", "pass", "fail"}, "the result", checked.result)
    promise((checked.result == "none") is not chain.present, "none, though there is a chain")
    printable(checked.detail)


def _answer(name: str, record: bytes) -> DnsAnswer:
    line = txt_line("x", record).removeprefix("x. IN TXT ")
    rrset = RRset(name=name, rtype="TXT", ttl_s=300, records=(line,))
    return DnsAnswer(qname=name, rtype="TXT", status=DnsStatus.OK, answer=(rrset,))


def _check_key(record: bytes) -> None:
    key = read_key_text(record)
    promise(
        bool(key.problem) is (key.reason is not Reason.VALID), "a problem without a reason", key
    )
    printable(key.problem)
    for word in key_words(key):
        printable(word.meaning)
    strength(key)


def _check_message(message: Message, raw: bytes) -> None:
    promise(len(message.fields) <= MESSAGE_FIELDS, "fields without end")
    head = b"".join(field.raw for field in message.fields)
    promise(head in raw, "other header fields")
    promise(raw.endswith(message.body), "another body")
    for field in message.fields:
        promise(field.name.isprintable(), "a name that is not visible")
        promise("\n" not in field.value, "a value of several lines")
    for deviation in message.deviations:
        all_printable(deviation)
    for domain in message.author_domains:
        printable(domain)
    come = arrival(message, MessageInput(raw=raw))
    all_printable(come)
    for identity in SpfIdentity:
        sender = spf_sender(come, identity)
        domain = domain_key(sender.rpartition("@")[2])
        comes_back(
            SpfChecked(
                identity=identity,
                client_ip=come.client_ip.value,
                domain=domain,
                sender=sender,
                helo=come.helo.value,
            )
        )


def _check_signature(message: Message, signature: Signature, record: bytes) -> None:
    printable(signature.problem)
    for word in signature_words(signature):
        printable(word.meaning)
    answer = _answer(signature.key_name, record)
    checked = verify(message, signature, answer)
    printable(checked.detail)
    key = read_key(signature.key_name, answer, key_type(signature))
    evidence = DkimChecked(
        number=signature.number,
        key=answer,
        verified=checked.verified,
        body_hash=checked.body_hash,
        body_bytes=checked.body_bytes,
        detail=checked.detail,
    )
    comes_back(evidence)
    for given in (evidence, None):
        verdict = judge(message, signature, key, given, NOW)
        all_printable(verdict)
    if checked.verified is Verified.VALID:
        promise(checked.body_hash == signature.body_hash, "valid with another body hash")
        field = message.signatures[signature.number - 1]
        if message.whole and not _TIMED.search(field.raw):
            promise(_by_dkimpy(message, signature, record), "valid, and dkimpy says otherwise")


def _by_dkimpy(message: Message, signature: Signature, record: bytes) -> bool:
    try:
        found: bool = dkim.DKIM(message.raw, minkey=512).verify(
            idx=signature.number - 1, dnsfunc=lambda _name, **_: record
        )
    except dkim.MessageFormatError:  # it takes no white space before a colon (RFC 5322 4.5.8)
        return True
    return found


def _seeds() -> Iterable[bytes]:
    from mxwalk.mailauth.arc.seal import Sealing, seal
    from mxwalk.mailauth.dkim.make import KeyKind, make_key
    from mxwalk.mailauth.dkim.sign import Signing, sign

    plain = (
        b"Received: from mail.example.com (mail.example.com [192.0.2.1])\r\n\tby mx.example.org with ESMTPS id 1;\r\n"
        b"\tSun, 15 Jun 2025 15:00:00 +0000\r\nReceived-SPF: pass client-ip=192.0.2.1; envelope-from=a@example.com\r\n"
        b"From: Ann <ann@example.com>\r\nTo: list@example.org\r\nSubject: Minutes\r\n"
        b"Date: Sun, 15 Jun 2025 15:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHello  there.\r\n\r\nBye.\r\n"
    )
    for kind, bits in ((KeyKind.ED25519, 256), (KeyKind.RSA, 1_024)):
        pair = make_key(kind, bits)
        record = pair.record.encode()
        for header, body, length in (
            ("relaxed", "relaxed", None),
            ("simple", "simple", None),
            ("relaxed", "simple", 7),
        ):
            how = Signing(
                domain="example.com",
                selector="s",
                header_canon=header,
                body_canon=body,
                length=length,
                timestamp=0,
            )
            signed = sign(plain, pair.private_pem, how)
            yield record + b"\n" + signed + b"\0"
            yield (
                record
                + b"\n"
                + signed.replace(b"Minutes", b"[list] Minutes")
                + b"-- \r\nfooter\r\n\0"
            )
        sealing = Sealing(
            domain="example.org", selector="arc", authserv_id="mx.example.org", results="dkim=pass header.d=example.com",
            cv="", timestamp=1_750_000_000,
        )  # fmt: skip
        once = seal(signed, pair.private_pem, sealing)
        yield record + b"\n" + once + b"\0"
        yield record + b"\n" + once.replace(b"i=1", b"i=2") + b"\0"
    for record in (
        b"v=DKIM1; p=",
        b"k=rsa; t=y:s; h=sha1; s=*; n=x; g=; p=AAAA",
        b"v=DKIM2",
        b"p=MFww",
        b"\xff;;=;p=\x1b",
    ):
        yield record + b"\n" + plain.replace(b"\r\n", b"\n") + b"\0"
    yield b"\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from:from:subject; bh=; b=;\r\n z=From:a|x\r\n\r\n\3"
    yield b"\nARC-Seal: i=1; cv=none\nARC-Seal: i=1; cv=pass\nARC-Message-Signature: i=51\nARC-Authentication-Results: x\n\n\0"
    yield b"\nFrom a@b Sun\n folded\nnot a field\n\0"


_WORDS = (
    b"DKIM-Signature: v=1; a=rsa-sha256;", b" c=relaxed/simple;", b" d=example.com;", b" s=s;", b" h=from:subject;", b" bh=",
    b" b=", b" l=0;", b" x=1;", b" t=1;", b" i=@example.com;", b" q=dns/txt;", b" z=From:a|To:b;", b"\r\n\t", b"From: ", b"\r\n\r\n",
    b"ARC-Seal: i=1; cv=none;", b"ARC-Message-Signature: i=1;", b"ARC-Authentication-Results: i=1; a;", b"List-Id: <a.b>\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b--\r\n", b"ed25519-sha256", b"rsa-sha1", b"; k=ed25519", b"; p=",
)  # fmt: skip
TARGET = Target(
    promise="A message is read without loss, and a signature is valid only if another verifier agrees.",
    check=_check,
    calls=lambda size: 1_500_000 + 20_000 * size,
    max_len=3_000,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(
        data, choices, pieces.LINES if choices.flag() else pieces.FIELDS, _WORDS
    ),
    seeds=_seeds,
)
