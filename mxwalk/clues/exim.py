"""Exim: main log lines with their flags (``==``, ``**``, ``=>``), its TLS remarks, and its bounces.

Log flags and fields after the Exim specification, chapter "Log files"; words of TLS and DANE after
Exim 4.96's ``transports/smtp.c``, ``tls-openssl.c`` and ``tls-gnu.c``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from mxwalk.clues.causes import ALL
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue, Form, Product, Standing
from mxwalk.clues.words import (
    Named,
    Saying,
    clue,
    first_saying,
    host_name,
    ip_address,
    mailbox,
    mailboxes,
    of_reply,
    port_number,
    saying,
    time_of,
)
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say

MARKS = (" h=", "== ", "** ", "=> ", "created automatically by mail delivery software", "tls session", "ssl verify error", "dane")  # fmt: skip

_ID = r"(?:\w{6}-\w{6}-\w{2}|\w{6}-\w{11}-\w{4})"
_FLAG = re.compile(rf"(?:^|\s)(?:{_ID} )?(==|\*\*|=>|->|>>) (\S{{1,320}}@\S{{1,255}}?)(?= |:|$)")
_MESSAGE = re.compile(rf"(?:^|\s)({_ID})(?=\s)")
_HOST = re.compile(
    r"\bH=([\w.-]{1,253})? ?(?:\([^()]{0,255}\) )?\[([0-9A-Fa-f:.]{3,45})\](?::(\d{1,5}))?"
)
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]{3,45})\]")
_NAMED = re.compile(r"\bhost ([\w.-]{1,253}) \[([0-9A-Fa-f:.]{3,45})\]")
_TRUST = re.compile(r"\bCV=(yes|no|dane)\b")

SAYINGS: tuple[Saying, ...] = (
    saying(r"a TLS session is required, but the server did not offer", noted("TLS is demanded for this host, and its EHLO response does not offer STARTTLS."), StepKind.STARTTLS, ("STLS001", "DANE003", "EHLO009"), sender="exim:require-dane"),
    saying(r"a TLS session is required, but an attempt to start TLS failed|a TLS session is required", noted("TLS is demanded for this host, and it did not come about."), StepKind.HANDSHAKE, ("STLS003", "STLS007"), sender="exim:require-dane"),
    saying(r"DANE (?:error|attempt failed|validation failed|verify)|dane(?:-required| required)|no matching TLSA", noted("DANE is in force for this host and did not succeed: the TLSA look-up failed, or the certificate fits no record."), StepKind.TLSA, ("DANE002", "DANE010"), sender="exim:try-dane"),
    saying(r"TLS session failure: delivering unencrypted", noted("The handshake failed, and the message was tried in clear text."), StepKind.HANDSHAKE, ("STLS007", "STLS009"), sender="exim:try-dane"),
    saying(r"SSL verify error: certificate name mismatch|certificate name mismatch", noted("The certificate's names do not include the host's."), StepKind.IDENTITY, ("IDENT001", "STS016")),
    saying(r"TLS certificate verif|SSL verify error|\(certificate verification failed\)", noted("The certificate of the host could not be verified."), StepKind.CHAIN, ("CERT017", "CERT007", "DANE002"), sender="exim:try-dane"),
    saying(r"SMTP error from remote mail server after STARTTLS", noted("The server answers STARTTLS with a refusal."), StepKind.STARTTLS, ("STLS003", "STLS002"), sender="exim:try-dane"),
    saying(r"TLS (?:error on connection|session)\b", noted("The handshake began after STARTTLS and did not end."), StepKind.HANDSHAKE, ("STLS009", "STLS007"), sender="exim:try-dane"),
    saying(r"retry timeout exceeded", noted("The retry rules are used up: the reason stands in earlier lines for this host."), StepKind.CONNECT, ("CONN002",)),
    saying(r"retry time not reached|have been failing for a long time", noted("The host was not tried this time: it failed before and is left alone for a while."), StepKind.CONNECT, ("CONN002",)),
)  # fmt: skip

_STANDINGS = {
    "==": Standing.DEFERRED,
    "**": Standing.BOUNCED,
    "=>": Standing.DELIVERED,
    "->": Standing.DELIVERED,
    ">>": Standing.DELIVERED,
}
_CV = {
    "yes": (noted("Delivered over TLS; the certificate was verified."), ("CERT001", "TLS001")),
    "no": (noted("Delivered over TLS; the certificate was not verified, which a sender without a demand accepts."), ("CERT007", "IDENT001")),
    "dane": (noted("Delivered over TLS; the server was authenticated by its TLSA records."), ("DANE001",)),
}  # fmt: skip


def recognise(lines: Sequence[Line]) -> Iterator[Clue]:
    """Yield what Exim wrote."""
    bounce = any(
        "created automatically by mail delivery software" in one.text for one in lines[:60]
    )
    people: dict[str, dict[str, str]] = {}  # by message: recipient to the host's address
    for line in lines:
        flag, message = _FLAG.search(line.text), _MESSAGE.search(line.text)
        if flag and message:
            for one in _known(flag[2]):
                people.setdefault(message[1], {}).setdefault(one, _where(line.text).address)
    for line in lines:
        message = _MESSAGE.search(line.text)
        recipients = _whose(line, people.get(message[1], {})) if message else ()
        flag = _FLAG.search(line.text)
        if flag is not None:
            yield from _flagged(line, flag)
        elif bounce:
            yield from _bounced(line)
        else:
            yield from _remark(line, recipients, logged=message is not None)


def _whose(line: Line, people: Mapping[str, str]) -> tuple[str, ...]:
    """Return the recipients of a message that a remark is about; of several those at its host."""
    if len(people) < 2:
        return tuple(people)
    bracketed = _BRACKETED.search(line.text)
    address = ip_address(bracketed[1]) if bracketed else ""
    return tuple(one for one, at in people.items() if address and at == address)


def _where(text: str) -> Named:
    found = _HOST.search(text) or _NAMED.search(text)
    if found is None:
        return Named()
    port = port_number(found[3]) if found.re is _HOST else 0
    return Named(host=host_name(found[1] or ""), address=ip_address(found[2]), port=port)


def _flagged(line: Line, flag: re.Match[str]) -> Iterator[Clue]:
    text = line.text
    standing = _STANDINGS[flag[1]]
    at = _where(text)
    original = next(mailboxes(text[flag.end() : flag.end() + 330].split(" R=")[0]), "")
    named = Named(
        recipients=_known(flag[2]) or ((original,) if original else ()),
        host=at.host,
        address=at.address,
        port=at.port,
        when=time_of(line),
    )
    begin = flag.start(1)
    if standing is Standing.DELIVERED:
        trust = _TRUST.search(text)
        words, findings = _CV[trust[1]] if trust else (
            noted("Delivered, and without TLS by this line."), ("STLS001",) if " X=" not in text else ()
        )  # fmt: skip
        sender = "exim:try-dane"
        yield clue(
            line, begin, len(text), Product.EXIM, Form.LOG, meaning=say(words), standing=standing,
            step=StepKind.RCPT if trust else StepKind.STARTTLS, findings=findings, sender=sender, named=named,
        )  # fmt: skip
        return
    yield _explained(line, begin, flag.end(), Form.LOG, standing, named)


def _explained(
    line: Line, begin: int, read_from: int, form: Form, standing: Standing, named: Named
) -> Clue:
    words = line.text[read_from:]
    answered = "SMTP error from remote mail server" in words and "after STARTTLS" not in words
    known = first_saying(words, SAYINGS)
    known = known if known and known[0].step is not StepKind.CHAIN else _finer(words) or known
    reading = of_reply(words.partition("SMTP error")[2] or words) if answered else None
    sender, status = "exim:try-dane", ""
    if reading is not None:
        meaning, step, findings = reading.meaning, reading.step, reading.findings
        status = reading.status
    elif known is not None or (known := first_saying(words, ALL)) is not None:
        one = known[0]
        meaning, step, findings = say(one.meaning), one.step, one.findings
        sender = one.sender or sender
    elif (other := of_reply(words)) is not None:
        meaning, step, findings, status = other.meaning, other.step, other.findings, other.status
    else:
        meaning, step, findings = say("Exim could not deliver it."), None, ()
    return clue(
        line, begin, len(line.text), Product.EXIM, form, meaning=meaning, standing=standing,
        step=step, findings=findings, status=status, sender=sender, named=named,
    )  # fmt: skip


def _finer(words: str) -> tuple[Saying, re.Match[str]] | None:
    """Return what the TLS library adds to Exim's general words, such as an expired certificate."""
    found = first_saying(words, ALL)
    general = found is None or found[0].pattern.pattern.startswith("certificate verif")
    return None if general else found


def _remark(line: Line, recipients: tuple[str, ...], *, logged: bool) -> Iterator[Clue]:
    """Read a line without a flag: a TLS error of a connection."""
    if " H=" not in f" {line.text}" and not logged and "SSL verify error" not in line.text:
        return
    if "<= " in line.text or "Completed" in line.text:
        return
    known = first_saying(line.text, SAYINGS)
    known = known if known and known[0].step is not StepKind.CHAIN else _finer(line.text) or known
    known = known or (first_saying(line.text, ALL) if logged else None)
    if known is None:
        return
    one = known[0]
    at = _where(line.text)
    bracketed = _BRACKETED.search(line.text)
    begin = line.text.find("H=")
    message = _MESSAGE.search(line.text)
    yield clue(
        line, begin if begin >= 0 else (message.end() + 1 if message else 0), len(line.text),
        Product.EXIM, Form.LOG, meaning=say(one.meaning), step=one.step, findings=one.findings,
        sender=one.sender or "exim:try-dane",
        named=Named(
            recipients=recipients, host=at.host,
            address=at.address or (ip_address(bracketed[1]) if bracketed else ""),
            port=at.port, when=time_of(line),
        ),
    )  # fmt: skip


def _bounced(line: Line) -> Iterator[Clue]:
    """Read the paragraph of a bounce that names a recipient and the reason."""
    first, _, rest = line.text.partition(" ")
    recipient = mailbox(first.rstrip(":"))
    if not recipient or not rest:
        return
    at = _where(rest)
    named = Named(recipients=(recipient,), host=at.host, address=at.address)
    yield _explained(line, 0, len(first), Form.BOUNCE, Standing.BOUNCED, named)


def _known(text: str) -> tuple[str, ...]:
    one = mailbox(text)
    return (one,) if one else ()
