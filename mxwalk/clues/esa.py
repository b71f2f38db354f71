"""Cisco ESA: ``mail_logs`` and Message Tracking, whose lines are joined by their numbers.

A connection has a DCID, a message a MID, a recipient a RID: the address stands in the line that opens
the connection, the recipient in the one that takes the message, and the fault in a third.  Words after
Cisco's technotes on TLS and on message disposition.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mxwalk import limits
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
    of_reply,
    port_number,
    saying,
    time_of,
)
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say

MARKS = ("dcid", "icid", "delivery connection", "bounced by destination server", "starttls command not supported", "bad destination host", "mid ")  # fmt: skip

_DCID = re.compile(r"\bDCID:? (\d{1,12})")
_ICID = re.compile(r"\bICID:? (\d{1,12})")
_MID = re.compile(r"\b(?:MID|[Mm]essage) (\d{1,12})\b")
_RID = re.compile(r"\bRID \[?(\d{1,6})")
_TO = re.compile(r"\b(?:RID \d{1,6} To:|to) <?([^\s<>,;()@]{1,64}@[^\s<>,;()@]{1,255})")
_OPENED = re.compile(
    r"New SMTP DCID (\d{1,12}) interface \S{1,80}(?: \([^()]{1,60}\))? address (\S{1,60})(?: port (\d{1,5}))?"
)
_TRACKED = re.compile(
    r"\(DCID (\d{1,12})\) opened .{0,120}?to IP address ([0-9A-Fa-f:.]{3,45}) on port (\d{1,5})"
)
_BROKEN = re.compile(
    r"Connection Error: DCID:? (\d{1,12}) domain: (\S{1,255}) IP: (\S{1,60}) port: (\d{1,5}) details: (.{0,300})"
)

_NOT_OFFERED = noted(
    "The receiving host did not offer STARTTLS, or refused it: with TLS Preferred the ESA goes on in clear text, with Required it does not deliver."
)
SAYINGS: tuple[Saying, ...] = (
    saying(r"STARTTLS command not supported", _NOT_OFFERED, StepKind.STARTTLS, ("STLS001", "STLS003", "EHLO009"), sender="esa:3"),
    saying(r"STARTTLS unexpected response", noted("The receiving host answered STARTTLS with something else than 220."), StepKind.STARTTLS, ("STLS003", "STLS002"), sender="esa:3"),
    saying(r"TLS was required but (?:the )?remote host did not", noted("TLS Required, and the receiving host offers none."), StepKind.STARTTLS, ("STLS001",), sender="esa:3"),
    saying(r"TLS (?:is |was )?required but", noted("TLS Required, and TLS did not come about: not offered, the handshake failed, or the certificate was not verified."), StepKind.STARTTLS, ("STLS001", "STLS007", "CERT017"), sender="esa:3"),
    saying(r"TLS success protocol \S+ cipher .{0,100}(?:not verified|unverified)", noted("TLS is up and the certificate was not verified."), StepKind.CHAIN, ("CERT007", "IDENT001"), sender="esa:4"),
    saying(r"TLS success|accepted TLS protocol", noted("TLS is up. Whether the certificate was verified depends on the setting."), StepKind.HANDSHAKE, ("TLS001",), sender="esa:2"),
    saying(r"(?:identity|hostname|host name|name) (?:does not match|mismatch)|no match(?:ing)? (?:name|identity)", noted("The certificate was checked, and none of its names is one that the ESA looks for: with Verify the recipient's domain, or the CN by a PTR name; never the MX host."), StepKind.IDENTITY, ("IDENT001", "IDENT002", "IDENT009"), sender="esa:5"),
)  # fmt: skip
_VERIFY = saying(r"TLS (?:failed|deferred)|TLS: verification failed|verif(?:y|ication) (?:error|failed)", noted("TLS did not come about, or the certificate was not verified."), StepKind.CHAIN, ("CERT017", "CERT007", "IDENT001"), sender="esa:5")  # fmt: skip
_FAILED = saying(r"TLS (?:failed|deferred)|failed TLS", noted("The TLS handshake with the receiving host failed."), StepKind.HANDSHAKE, ("STLS007", "STLS009", "STLS008"), sender="esa:3")  # fmt: skip
_INBOUND = noted("This is a connection from outside to the ESA: no delivery, and no walk shows it.")
_DELIVERED = re.compile(r"Message done DCID|RID \[\d{1,6}\] Response|received remote SMTP response|sent to \S{1,320}@|delivered to destination", re.IGNORECASE)  # fmt: skip
_DELAYED = re.compile(r"\bDelayed: |\bdelayed\b")
_BOUNCED = re.compile(r"\bBounced: |\b(?:hard[- ])?bounced\b")
_ANSWER = re.compile(r"\('(\d{3})', ?\[(.{0,600})")
_CODE = re.compile(r" ([45]\.\d{1,3}\.\d{1,3})\b")
_TLS = re.compile(r"\bTLS\b|STARTTLS|certificate|\bSSL", re.IGNORECASE)
_VERIFYING = re.compile(r"verif|certificate", re.IGNORECASE)


@dataclass(slots=True)
class _Log:
    """What the numbers of a log stand for."""

    addresses: dict[str, tuple[str, int]] = field(default_factory=dict)  # by DCID
    domains: dict[str, str] = field(default_factory=dict)  # by DCID
    recipients: dict[tuple[str, str], str] = field(default_factory=dict)  # by MID and RID
    messages: dict[str, list[str]] = field(default_factory=dict)  # by DCID
    delivering: set[str] = field(default_factory=set)  # DCIDs over which a delivery began

    def of(self, dcid: str, mid: str, rid: str, text: str) -> Named:
        """Return who is named by a line with these numbers."""
        direct = _TO.search(text)
        one = mailbox(direct[1]) if direct else ""
        people = [one] if one else []
        for message in [mid] if mid else self.messages.get(dcid, [])[: limits.CLUE_MESSAGES]:
            if people:
                break
            exact = self.recipients.get((message, rid)) if rid else None
            people = [exact] if exact else [
                who for (number, _), who in self.recipients.items() if number == message
            ]  # fmt: skip
        if not people and not mid and dcid not in self.messages:
            people = self._only()
        address, port = self.addresses.get(dcid, ("", 0))
        return Named(recipients=tuple(who for who in people if who), address=address, port=port)

    def _only(self) -> list[str]:
        """Return the one recipient of a log of one connection or message that is of no other."""
        people = set(self.recipients.values())
        whose = {number for number, _ in self.recipients}
        elsewhere = any(whose & set(numbers) for numbers in self.messages.values())
        return list(people) if len(people) == 1 and not elsewhere else []


def recognise(lines: Sequence[Line]) -> Iterator[Clue]:
    """Yield what an ESA wrote."""
    log = _joined(lines)
    seen_rejected: set[str] = set()
    for line in lines:
        text = line.text
        dcid, icid = _DCID.search(text), _ICID.search(text)
        if icid is not None and dcid is None:
            if first_saying(text, (_VERIFY, *SAYINGS)):
                yield clue(
                    line, icid.start(), len(text), Product.ESA, _form(text),
                    meaning=say(_INBOUND), named=Named(when=time_of(line)),
                )  # fmt: skip
            continue
        number = dcid[1] if dcid else ""
        one = _read(line, number, log)
        if one is not None:
            key = f"{number} {one.meaning} {one.recipients}"
            if one.standing is Standing.DELIVERED and key in seen_rejected:
                continue
            seen_rejected.add(key)
            yield one


def _joined(lines: Sequence[Line]) -> _Log:
    log = _Log()
    for line in lines:
        text = line.text
        dcid, mid, rid = _DCID.search(text), _MID.search(text), _RID.search(text)
        if opened := _OPENED.search(text) or _TRACKED.search(text):
            if len(log.addresses) < limits.CLUE_RECORDS:
                port = port_number(opened[3]) or 25
                log.addresses[opened[1]] = (ip_address(opened[2]), port)
        elif broken := _BROKEN.search(text):
            log.addresses[broken[1]] = (ip_address(broken[3]), port_number(broken[4]))
            log.domains[broken[1]] = host_name(broken[2])
        if mid and (to := _TO.search(text)) and len(log.recipients) < limits.CLUE_RECORDS:
            log.recipients.setdefault((mid[1], rid[1] if rid else ""), mailbox(to[1]))
        if dcid and mid and len(log.messages) < limits.CLUE_RECORDS:
            log.messages.setdefault(dcid[1], []).append(mid[1])
            if "elivery start" in text:
                log.delivering.add(dcid[1])
    return log


def _form(text: str) -> Form:
    tracking = "DCID" not in text.partition("(DCID")[0] and ("(DCID" in text or "essage " in text)
    return Form.TRACKING if tracking and "Info:" not in text else Form.LOG


def _read(line: Line, dcid: str, log: _Log) -> Clue | None:
    text = line.text
    mid, rid = _MID.search(text), _RID.search(text)
    who = log.of(dcid, mid[1] if mid else "", rid[1] if rid else "", text)
    broken = _BROKEN.search(text)
    domain = log.domains.get(dcid, "")
    named = Named(
        recipients=who.recipients, host=domain if broken else "", address=who.address,
        port=who.port, when=time_of(line),
    )  # fmt: skip
    begin = _begin(line)
    if broken:
        known = first_saying(broken[5], ALL)
        return clue(
            line, begin, len(text), Product.ESA, _form(text), sender="esa:5",
            meaning=say(known[0].meaning) if known else say("The ESA could not connect."),
            step=known[0].step if known else StepKind.CONNECT,
            findings=known[0].findings if known else ("CONN002",), named=named,
        )  # fmt: skip
    if not dcid and not mid and _ANSWER.search(text) and (code := _CODE.search(f" {text}")):
        gone = Standing.BOUNCED if code[1].startswith("5") else Standing.DEFERRED
        return _refused(line, begin, gone, named)
    if not dcid and not mid:
        known = first_saying(text, SAYINGS)
        return _said(line, begin, known[0], named) if known else None
    standing = (
        Standing.BOUNCED if _BOUNCED.search(text)
        else Standing.DEFERRED if _DELAYED.search(text)
        else Standing.DELIVERED if _DELIVERED.search(text) and "TLS" not in text
        else Standing.TOLD
    )  # fmt: skip
    if standing in (Standing.BOUNCED, Standing.DEFERRED):
        return _refused(line, begin, standing, named)
    if standing is Standing.DELIVERED:
        return clue(
            line, begin, len(text), Product.ESA, _form(text), standing=standing, step=StepKind.RCPT,
            meaning=say("The receiving host took the message."), named=named,
        )  # fmt: skip
    known = first_saying(text, SAYINGS)
    if known is not None:
        one = known[0]
        clear = one.meaning is _NOT_OFFERED and dcid in log.delivering
        sender = "esa:2" if clear else one.sender  # a delivery began all the same: Preferred
        return _said(line, begin, one, named, sender)
    if "TLS" in text and _VERIFY.pattern.search(text):
        one = _tls_failure(text)
        return _said(line, begin, one, named, one.sender or "esa:5")
    return None


def _tls_failure(text: str) -> Saying:
    """Return what is behind ``TLS failed``: the words after it decide."""
    known = first_saying(text, ALL)
    if known is not None:
        return known[0] if known[0].step is not None else _VERIFY
    return _VERIFY if _VERIFYING.search(text) else _FAILED


def _said(line: Line, begin: int, one: Saying, named: Named, sender: str = "") -> Clue:
    return clue(
        line, begin, len(line.text), Product.ESA, _form(line.text), meaning=say(one.meaning),
        step=one.step, findings=one.findings, sender=sender or one.sender, named=named,
    )  # fmt: skip


def _refused(line: Line, begin: int, standing: Standing, named: Named) -> Clue:
    text = line.text
    answer = _ANSWER.search(text)
    words = f"{answer[1]} {answer[2].lstrip(chr(39))}" if answer else text[begin:]
    known = first_saying(text, SAYINGS)
    reading = None
    if answer is not None and known is None and answer[1] == "000" and _TLS.search(answer[2]):
        one = _tls_failure(answer[2])
        known = (one, answer)  # the code is the ESA's own; the reason behind it decides
    elif answer is None or answer[1] == "000" or known:
        known = known or first_saying(text, ALL)
    if known is None:
        reading = of_reply(words) or of_reply(text[begin:])
    meaning, status = say("The ESA could not deliver it."), ""
    step: StepKind | None = None
    findings: tuple[str, ...] = ()
    if known is not None:
        meaning, step, findings = say(known[0].meaning), known[0].step, known[0].findings
    elif reading is not None:
        meaning, step, findings = reading.meaning, reading.step, reading.findings
        status = reading.status
    code = _CODE.search(f" {text}")
    return clue(
        line, begin, len(text), Product.ESA, _form(text), standing=standing, meaning=meaning,
        step=step, findings=findings, status=status or (code[1] if code else ""),
        sender=(known[0].sender if known else "") or "esa:5", named=named,
    )  # fmt: skip


def _begin(line: Line) -> int:
    """Return where the words begin, behind the time stamp and the level."""
    found = re.search(r"\b(?:Info|Warning|Critical): ", line.text[:160])
    if found:
        return found.end()
    stamp = time_of(line)
    if not stamp:
        return 0
    rest = re.match(r"\s*(?:\(GMT [^()]{1,10}\))?\s*", line.text[len(stamp) :])
    at = line.text.find(stamp) + len(stamp)
    return at + (rest.end() if rest else 0)
