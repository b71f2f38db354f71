"""Postfix: smtp(8), qmgr(8) and error(8) log lines, its queue listing, and the text of its bounces.

Words after Postfix 3.7 (``src/smtp``, ``src/tls``) and its TLS_README.  The TLS summary (``Untrusted TLS
connection established to``) carries no queue id; it is joined to the recipients that the same process
names next.
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.causes import ALL
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue, Form, Product, Standing
from mxwalk.clues.status_codes import STATUS, parse_status
from mxwalk.clues.words import (
    Named,
    Saying,
    clue,
    first_saying,
    host_and_address,
    mailbox,
    of_reply,
    of_status,
    saying,
    time_of,
)
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say

MARKS = (
    "mail system at host",
    "-queue id-",
    "postfix",
    "status=",
    "tls connection established to",
    "server certificate not ",
    "mail queue id",
)

_PROCESS = re.compile(r"\bpostfix[\w-]{0,20}/(?:[\w-]{1,30}/)?([\w-]{1,20})\[(\d{1,10})\]")
_STATUS = re.compile(r"\bstatus=(deferred|bounced|sent|expired|undeliverable|deliverable)\b")
_TO = re.compile(r"\bto=<([^<>]{1,400})>")
_RELAY = re.compile(r"\brelay=([^\s,]{1,400})")
_DSN = re.compile(r"\bdsn=(\d\.\d{1,3}\.\d{1,3})")
_QUEUED = re.compile(
    r"^[0-9A-Za-z]{6,20}[*!]? {1,8}\d{1,12} \w{3} \w{3} {1,2}\d{1,2} \d\d:\d\d:\d\d {1,8}\S{1,320}"
    r" {1,4}\((.{1,1500}?)\) {1,8}(\S{1,64}@\S{1,255})"
)
_BOUNCED = re.compile(r"^<([^<>\s]{1,64}@[^<>\s]{1,255})>: ")
_TLS_UP = re.compile(r"\b(Anonymous|Untrusted|Trusted|Verified) TLS connection established to\b")

_TRUST = {
    "Anonymous": (noted("TLS is up without a certificate: the session is encrypted, the server is not known."), ("TLS001", "TLS007"), "postfix:may"),
    "Untrusted": (noted("TLS is up, and no trusted CA vouches for the certificate. At levels may and encrypt the message goes out all the same; where verification is demanded it does not."), ("CERT007", "CERT006", "CERT005"), "postfix:may"),
    "Trusted": (noted("TLS is up, the chain leads to a trusted CA, and the name was not verified: it was not asked, or it does not match."), ("CERT001", "IDENT001"), "postfix:secure"),
    "Verified": (noted("TLS is up and the server was authenticated, by its TLSA records or by CA and name."), ("DANE001", "TLS001"), "postfix:dane"),
}  # fmt: skip

SAYINGS: tuple[Saying, ...] = (
    saying(r"TLS is required, but was not offered", noted("The level demands TLS, and the server's EHLO response does not offer STARTTLS."), StepKind.STARTTLS, ("STLS001", "DANE003", "EHLO009", "RPLY025"), sender="postfix:encrypt"),
    saying(r"TLS is required, but host .{1,400} refused to start TLS", noted("The level demands TLS, and the server answers STARTTLS with a refusal."), StepKind.STARTTLS, ("STLS003", "STLS002"), sender="postfix:encrypt"),
    saying(r"TLS is required, but our TLS engine is unavailable|client TLS configuration problem", noted("Postfix's own TLS settings do not work; nothing is wrong at the receiver."), None, ()),
    saying(r"Server certificate not trusted", noted("The level demands a chain to a trusted CA, and there is none."), StepKind.CHAIN, ("CERT007", "CERT006", "CERT005"), sender="postfix:secure"),
    saying(r"Server certificate not verified", noted("The certificate does not satisfy the level: with DANE no TLSA record matches, with verify and secure the name or the chain does not."), StepKind.TLSA, ("DANE002", "DANE006", "IDENT001"), sender="postfix:dane"),
    saying(r"Cannot start TLS", noted("STARTTLS was accepted and the handshake failed."), StepKind.HANDSHAKE, ("STLS007", "STLS009", "STLS008"), sender="postfix:encrypt"),
    saying(r"(?:no|non)[- ](?:DNSSEC|MX RRset).{0,40}|non DNSSEC destination", noted("The level dane-only demands signed DNS, and the destination's is not."), StepKind.MX, ("DNSSEC032", "DANE014"), sender="postfix:dane-only"),
    saying(r"no (?:usable )?TLSA records found|TLSA records unusable", noted("There is no TLSA record to authenticate the host by."), StepKind.TLSA, ("DANE011", "DANE015"), sender="postfix:dane-only"),
    saying(r"TLSA lookup error|DANE TLSA lookup problem", noted("The TLSA look-up failed, so the message must wait: the receiver's zone does not validate, or its name server does not answer for TLSA."), StepKind.TLSA, ("DANE010", "DNSSEC001", "DNSSEC005"), sender="postfix:dane"),
    saying(r"mail for \S{1,300} loops back to myself", noted("The MX record leads to the sender itself."), StepKind.MX, ("ROUTE024",)),
)  # fmt: skip

_STANDINGS = {
    "deferred": Standing.DEFERRED,
    "bounced": Standing.BOUNCED,
    "expired": Standing.BOUNCED,
    "undeliverable": Standing.BOUNCED,
    "sent": Standing.DELIVERED,
    "deliverable": Standing.DELIVERED,
}


def recognise(lines: Sequence[Line]) -> Iterator[Clue]:
    """Yield what Postfix wrote."""
    whole = any("mail system at host" in line.text.lower() for line in lines[:60])
    following: dict[str, tuple[str, ...]] = {}  # machine and process: recipients named next
    found: list[Clue] = []
    for line in reversed(lines):
        if "posttls-finger" in line.text:
            continue
        process = _PROCESS.search(line.text)
        number = f"{_machine(line, process)} {process[2]}" if process else ""
        one = _read(line, process, following.get(number, ()), whole)
        if one is None:
            continue
        if one.recipients and number:
            following[number] = one.recipients
        found.append(one)
    yield from reversed(found)


def _machine(line: Line, process: re.Match[str]) -> str:
    """Return the word before the program's name: which machine wrote the line (RFC 3164 4.1.2)."""
    return (line.text[: process.start()].split() or [""])[-1]


def _read(
    line: Line, process: re.Match[str] | None, recipients: tuple[str, ...], whole: bool
) -> Clue | None:
    text = line.text
    if status := _STATUS.search(text):
        return _status_line(line, status)
    if summary := _TLS_UP.search(text):
        return _tls_line(line, summary, recipients)
    if process is not None:
        return _other_line(line, process.end(), recipients)
    if queued := _QUEUED.match(text):
        named = Named(recipients=_known(queued[2]), when="")
        return _reason(line, queued.start(1), queued.end(1), Form.LOG, Standing.DEFERRED, named)
    if whole and (bounced := _BOUNCED.match(text)):
        named = Named(recipients=_known(bounced[1]))
        return _reason(
            line,
            bounced.end(),
            len(text),
            Form.BOUNCE,
            Standing.BOUNCED,
            named,
        )
    return None


def _status_line(line: Line, status: re.Match[str]) -> Clue:
    text = line.text
    to, relay, dsn = _TO.search(text), _RELAY.search(text), _DSN.search(text)
    at = host_and_address(relay[1]) if relay else Named()
    named = Named(
        recipients=_known(to[1]) if to else (),
        host=at.host,
        address=at.address,
        port=at.port,
        when=time_of(line),
    )
    standing = _STANDINGS[status[1]]
    begin = to.start() if to else status.start()
    if standing is Standing.DELIVERED:
        words = say("The message was handed over to the next host, which has it now.")
        return clue(
            line, begin, len(text), Product.POSTFIX, Form.LOG,
            meaning=words, standing=standing, step=StepKind.RCPT, status=dsn[1] if dsn else "", named=named,
        )  # fmt: skip
    return _reason(
        line, status.end(), len(text), Form.LOG, standing, named,
        status=dsn[1] if dsn else "", quote_from=begin,
    )  # fmt: skip


def _reason(  # noqa: PLR0913 -- what is quoted, what is read, and who is named
    line: Line,
    begin: int,
    end: int,
    form: Form,
    standing: Standing,
    named: Named,
    *,
    status: str = "",
    quote_from: int | None = None,
) -> Clue:
    """Return the clue for a reason of Postfix, as it stands behind ``status=`` or in a bounce."""
    reason = line.text[begin:end]
    at = host_and_address(reason)
    who = named if named.host else Named(
        recipients=named.recipients, host=at.host, address=at.address, port=at.port, when=named.when
    )  # fmt: skip
    said = " said: " in reason or "refused to talk" in reason
    known = None if said else first_saying(reason, SAYINGS) or first_saying(reason, ALL)
    code = parse_status(status)
    reading = of_reply(reason) if said else None
    if known is not None:
        one = known[0]
        meaning, step, findings, sender = say(one.meaning), one.step, one.findings, one.sender
    elif reading is not None:
        meaning, step, findings, sender = reading.meaning, reading.step, reading.findings, ""
        status = reading.status or status
    elif code is not None:
        told = of_status(code)
        meaning, step, findings, sender = told.meaning, told.step, told.findings, ""
    else:
        meaning, step, findings, sender = say("Postfix could not deliver it."), None, (), ""
    if "delivery temporarily suspended" in reason:
        meaning = say(
            "{meaning} The destination is left alone for a while after that.", meaning=meaning
        )
    return clue(
        line, begin if quote_from is None else quote_from, end, Product.POSTFIX, form,
        meaning=meaning, standing=standing, step=step, findings=findings, status=status,
        sender=sender or "postfix:may", named=who,
    )  # fmt: skip


def _tls_line(line: Line, summary: re.Match[str], recipients: tuple[str, ...]) -> Clue:
    meaning, findings, sender = _TRUST[summary[1]]
    at = host_and_address(line.text[summary.end() :])
    named = Named(
        recipients=recipients, host=at.host, address=at.address, port=at.port, when=time_of(line)
    )
    return clue(
        line, summary.start(), len(line.text), Product.POSTFIX, Form.LOG,
        meaning=say(meaning), step=StepKind.HANDSHAKE if summary[1] == "Anonymous" else StepKind.CHAIN,
        findings=findings, sender=sender, named=named,
    )  # fmt: skip


def _other_line(line: Line, begin: int, recipients: tuple[str, ...]) -> Clue | None:
    """Read what smtp(8) says without a status: warnings, verification errors, refused hosts."""
    words = line.text[begin:]
    known = first_saying(words, SAYINGS) or first_saying(words, ALL)
    said = of_reply(words) if " said: " in words or "refused to talk" in words else None
    if known is None and said is None:
        return None
    at = host_and_address(words)
    named = Named(
        recipients=recipients, host=at.host, address=at.address, port=at.port, when=time_of(line)
    )
    quoted = begin + len(words) - len(words.lstrip(": "))
    if said is not None and (known is None or " said: " in words):
        return clue(
            line, quoted, len(line.text), Product.POSTFIX, Form.LOG,
            meaning=said.meaning, step=said.step, findings=said.findings, status=said.status,
            sender="postfix:may", named=named,
        )  # fmt: skip
    one = known[0] if known else SAYINGS[0]
    code = STATUS.search(words)
    return clue(
        line, quoted, len(line.text), Product.POSTFIX, Form.LOG,
        meaning=say(one.meaning), step=one.step, findings=one.findings,
        status=code.group() if code else "", sender=one.sender or "postfix:may", named=named,
    )  # fmt: skip


def _known(text: str) -> tuple[str, ...]:
    one = mailbox(text)
    return (one,) if one else ()
