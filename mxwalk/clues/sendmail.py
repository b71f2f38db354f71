"""sendmail: delivery lines (``stat=``), STARTTLS remarks of the client, and its bounces.

Fields and values after sendmail 8.17's operations guide and ``cf/README`` (``${verify}``).
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.clues.causes import ALL
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue, Form, Product, Standing
from mxwalk.clues.status_codes import parse_status
from mxwalk.clues.words import (
    Named,
    Saying,
    addressed,
    clue,
    first_saying,
    host_name,
    ip_address,
    mailbox,
    mailboxes,
    of_reply,
    of_status,
    saying,
    time_of,
)
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say

MARKS = ("stat=", "starttls=", "ruleset=tls_", "transcript of session follows")

_STAT = re.compile(
    r"\bstat=(Deferred|Sent|User unknown|Host unknown|Service unavailable|[\w ]{1,40})"
)
_TO = re.compile(r"\bto=([^\s,][^,]{0,400})")
_RELAY = re.compile(
    r"\brelay=([\w.-]{0,253}?)\.? ?(?:\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\])?(?=[,\s]|$)"
)
_DSN = re.compile(r"\bdsn=(\d\.\d{1,3}\.\d{1,3})")
_CLIENT = re.compile(r"\bSTARTTLS=client\b")
_VERIFY = re.compile(r"\bverify=([A-Z_]{2,20})\b")
_MESSAGE = re.compile(r"\bverifymsg=(.{1,200})")
_ERROR = re.compile(r"\bSTARTTLS=client[,:] ?(?:error|SSL_connect|TLS)")
_RULE = re.compile(r"\bruleset=tls_(?:server|rcpt)\b.{0,600}?\breject=(.{1,400})")
_TALKING = re.compile(r"while talking to ([\w.-]{1,253}?)\.?:")
_SAID = re.compile(r"<<< ([245]\d\d[ -].{1,400})")

_VERIFIED = {
    "OK": (noted("The server's certificate was verified."), StepKind.CHAIN, ("CERT001", "TLS001")),
    "TRUSTED": (noted("The server was authenticated by its TLSA records."), StepKind.TLSA, ("DANE001",)),
    "DANE_FAIL": (noted("The certificate fits none of the TLSA records."), StepKind.TLSA, ("DANE002",)),
    "FAIL": (noted("The server's certificate could not be verified: unknown issuer, wrong dates or a chain that is not complete. Without a rule that demands it the session goes on."), StepKind.CHAIN, ("CERT007", "CERT006", "CERT002", "CERT005")),
    "NO": (noted("The server presented no certificate."), StepKind.HANDSHAKE, ("TLS007",)),
    "NOT": (noted("No certificate was asked for."), StepKind.HANDSHAKE, ()),
    "NONE": (noted("STARTTLS was not performed."), StepKind.STARTTLS, ("STLS001",)),
    "TEMP": (noted("A temporary error kept the certificate from being verified."), StepKind.STARTTLS, ("STLS002",)),
    "PROTOCOL": (noted("A protocol error happened in SMTP after STARTTLS."), StepKind.STARTTLS, ("STLS003",)),
    "SOFTWARE": (noted("The TLS handshake failed."), StepKind.HANDSHAKE, ("STLS007", "STLS009")),
}  # fmt: skip
SAYINGS: tuple[Saying, ...] = (
    saying(r"TLS handshake failed", noted("STARTTLS was accepted and the handshake failed."), StepKind.HANDSHAKE, ("STLS007", "STLS009", "STLS008")),
    saying(r"encryption too weak|less than \d+", noted("A rule demands stronger encryption than the session has."), StepKind.HANDSHAKE, ("TLS003",)),
    saying(r"(?:not )?authenticat(?:ed|ion)(?: failed| required)?|verify.{0,10}fail", noted("A rule demands a verified certificate, and it is not."), StepKind.CHAIN, ("CERT007", "IDENT001")),
    saying(r"STARTTLS.{0,30}(?:not (?:offered|available|supported)|required)|no TLS", noted("A rule demands TLS, and the server does not offer it."), StepKind.STARTTLS, ("STLS001",)),
    saying(r"Name server: .{1,300} host name lookup failure|host name lookup failure", noted("A DNS look-up failed for now."), StepKind.MX, ("ROUTE004", "ROUTE022")),
)  # fmt: skip


def recognise(lines: Sequence[Line]) -> Iterator[Clue]:
    """Yield what sendmail wrote."""
    talking = ""
    reported: tuple[str, ...] = ()
    for line in lines:
        text = line.text
        if "ermanent fatal errors" in text or "ransient non-fatal errors" in text:
            reported = tuple(mailboxes(text)) or reported
        elif found := _TALKING.search(text):
            talking = host_name(found[1])
        elif said := _SAID.search(text):
            yield _transcript(line, said, talking, reported)
        if _CLIENT.search(text):
            yield from _client(line)
        elif rule := _RULE.search(text):
            yield _ruled(line, rule)
        elif (stat := _STAT.search(text)) and "mailer=" in text:
            yield _delivery(line, stat)


def _named(line: Line) -> Named:
    to, relay = _TO.search(line.text), _RELAY.search(line.text)
    people = to[1].split(",")[0] if to else ""
    one = mailbox(people)
    return Named(
        recipients=(one,) if one else (),
        host=host_name(relay[1]) if relay else "",
        address=ip_address(relay[2] or "") if relay else "",
        when=time_of(line),
    )


def _delivery(line: Line, stat: re.Match[str]) -> Clue:
    text = line.text
    to, dsn = _TO.search(text), _DSN.search(text)
    begin = to.start() if to else stat.start()
    status = dsn[1] if dsn else ""
    words = text[stat.start() :]
    if stat[1].startswith("Sent"):
        return clue(
            line, begin, len(text), Product.SENDMAIL, Form.LOG, standing=Standing.DELIVERED,
            meaning=say("The message was handed over to the next host, which has it now."),
            step=StepKind.RCPT, status=status, named=_named(line),
        )  # fmt: skip
    standing = Standing.DEFERRED if stat[1].startswith("Deferred") else Standing.BOUNCED
    known = first_saying(words, SAYINGS) or first_saying(words, ALL)
    code = parse_status(status)
    reading = of_reply(words) or (of_status(code) if code else None)
    if known is not None:
        meaning, step, findings = say(known[0].meaning), known[0].step, known[0].findings
    elif reading is not None:
        meaning, step, findings = reading.meaning, reading.step, reading.findings
    else:
        meaning, step, findings = say("sendmail could not deliver it."), None, ()
    generic = status.endswith(".0.0") and reading is not None and reading.status
    return clue(
        line, begin, len(text), Product.SENDMAIL, Form.LOG, meaning=meaning, standing=standing,
        step=step, findings=findings, named=_named(line),
        status=reading.status if generic and reading else status,
    )  # fmt: skip


def _client(line: Line) -> Iterator[Clue]:
    text = line.text
    found = _VERIFY.search(text)
    begin = text.find("STARTTLS=client")
    if found and found[1] in _VERIFIED:
        words, told_by, findings = _VERIFIED[found[1]]
        step: StepKind | None = told_by
        meaning = say(words)
    elif message := _MESSAGE.search(text):
        if message[1].strip().lower() in ("ok", "none"):
            return
        known = first_saying(message[1], ALL)
        if known is None:
            return
        meaning, step, findings = say(known[0].meaning), known[0].step, known[0].findings
    elif _ERROR.search(text):
        known = first_saying(text[begin:], ALL)
        one = known[0] if known else SAYINGS[0]
        meaning, step, findings = say(one.meaning), one.step, one.findings
    else:
        return
    yield clue(
        line, begin, len(text), Product.SENDMAIL, Form.LOG, meaning=meaning, step=step,
        findings=findings, named=_named(line),
    )  # fmt: skip


def _ruled(line: Line, rule: re.Match[str]) -> Clue:
    reading = of_reply(rule[1])
    known = first_saying(rule[1], SAYINGS)
    meaning = say("A rule for TLS with this server refuses the session.")
    step: StepKind | None = StepKind.STARTTLS
    findings: tuple[str, ...] = ("STLS001", "STLS007")
    if known is not None:
        meaning, step, findings = say(known[0].meaning), known[0].step, known[0].findings
    return clue(
        line, rule.start(), len(line.text), Product.SENDMAIL, Form.LOG, meaning=meaning, step=step,
        findings=findings, status=reading.status if reading else "", named=_named(line),
    )  # fmt: skip


def _transcript(line: Line, said: re.Match[str], talking: str, reported: tuple[str, ...]) -> Clue:
    reading = of_reply(said[1])
    assert reading is not None  # the pattern begins with a reply code
    people = addressed(reading, line.text) or reported
    standing = reading.standing
    return clue(
        line, 0, len(line.text), Product.SENDMAIL, Form.BOUNCE, meaning=reading.meaning,
        standing=standing, step=reading.step, findings=reading.findings, status=reading.status,
        named=Named(recipients=people, host=talking),
    )  # fmt: skip
