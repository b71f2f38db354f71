"""What the recognisers of all products share: sayings, who is named in a line, and making a clue.

A ``Saying`` is a phrase of a product with what it means; the first that matches a line decides.
Patterns are bounded and look for fixed words, so that no text makes them slow.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from mxwalk import limits
from mxwalk.clues.credentials import quoted
from mxwalk.clues.lines import STAMP, Line
from mxwalk.clues.model import Clue, Form, Product, Standing
from mxwalk.clues.status_codes import STATUS, Status, meaning_of, parse_status
from mxwalk.clues.status_registry import Registered
from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.text import visible

LOCAL = r"[^\s<>@,;:()'\"\[\]]{1,64}"
DOMAIN = r"[^\s<>@,;:()'\"\[\]|/\\=]{1,253}"
MAILBOX = re.compile(rf"(?<![^\s<>@,;:()'\"\[\]=])({LOCAL})@({DOMAIN})")
HOST_AND_ADDRESS = re.compile(
    r"(?<![\w.-])([\w.-]{1,253}) ?\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\](?::(\d{1,5}))?"
)
_WHEN = re.compile(STAMP)
REPLY = re.compile(r"(?<![\d.])([245]\d\d)[ -](?:#?([245]\.\d{1,3}\.\d{1,3})\b)?")


@dataclass(frozen=True, slots=True)
class Saying:
    """A phrase of a product.  ``meaning`` is given to ``say``; empty fields leave open."""

    pattern: re.Pattern[str]
    meaning: str
    step: StepKind | None = None
    findings: tuple[str, ...] = ()
    standing: Standing = Standing.TOLD
    sender: str = ""


def saying(
    words: str,
    meaning: str,
    step: StepKind | None = None,
    findings: tuple[str, ...] = (),
    standing: Standing = Standing.TOLD,
    sender: str = "",
) -> Saying:
    """Return a saying; ``words`` is a regular expression without regard to case."""
    return Saying(re.compile(words, re.IGNORECASE), meaning, step, findings, standing, sender)


def first_saying(text: str, sayings: Iterable[Saying]) -> tuple[Saying, re.Match[str]] | None:
    """Return the first of ``sayings`` that stands in the text."""
    for one in sayings:
        if found := one.pattern.search(text):
            return one, found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who and what a line names."""

    recipients: tuple[str, ...] = ()
    host: str = ""
    address: str = ""
    port: int = 0
    when: str = ""


@lru_cache(maxsize=4_096)
def mailbox(text: str) -> str:
    """Return ``text`` as a mailbox with a domain that can be looked up; empty if it is none.

    One whose local part is not seen as it stands is none: marks that lie on what is before it, say.
    """
    local, at, domain = text.strip().strip("<>").strip(".").rpartition("@")
    if not at or not local or len(local.encode("utf-8", "replace")) > limits.LOCAL_PART_BYTES:
        return ""
    name = host_name(domain)
    return f"{local}@{name}" if name and visible(local) == local else ""


def mailboxes(text: str) -> Iterator[str]:
    """Yield the mailboxes that stand in a text."""
    if "@" in text:
        for found in MAILBOX.finditer(text):
            one = mailbox(found.group())
            if one:
                yield one


@lru_cache(maxsize=4_096)
def host_name(text: str) -> str:
    """Return ``text`` as a host name of at least two labels, in A-labels; empty if it is none."""
    plain = text.strip().rstrip(".").lower()
    if "." not in plain or len(plain) > limits.NAME_BYTES or is_address(plain):
        return ""
    try:
        name = parse_name(plain).ascii
    except InvalidNameError:
        return ""
    return "" if name.rpartition(".")[2].isdecimal() else name


@lru_cache(maxsize=4_096)
def ip_address(text: str) -> str:
    """Return ``text`` if it is an IP address, else nothing."""
    return text if is_address(text) else ""


def port_number(text: str | None) -> int:
    """Return a port; 0 for none or one that cannot be."""
    number = int(text) if text else 0
    return number if number <= 65_535 else 0


def host_and_address(text: str) -> Named:
    """Return the first ``host[address]:port`` of a text."""
    found = HOST_AND_ADDRESS.search(text)
    if found is None:
        return Named()
    return Named(host=host_name(found[1]), address=ip_address(found[2]), port=port_number(found[3]))


def time_of(line: Line) -> str:
    """Return the time stamp a log line begins with, as it stands there."""
    found = _WHEN.search(line.text[:120])
    return found.group() if found else ""


def clue(  # noqa: PLR0913 -- a clue has that many sides
    line: Line,
    begin: int,
    end: int,
    product: Product,
    form: Form,
    *,
    meaning: str,
    standing: Standing = Standing.TOLD,
    step: StepKind | None = None,
    findings: tuple[str, ...] = (),
    status: str = "",
    sender: str = "",
    named: Named | None = None,
) -> Clue:
    """Return a clue for the words of ``line`` between two positions in it."""
    who = named or Named()
    end = max(begin, min(end, len(line.text)))
    start = line.offset(begin)
    recipients = tuple(dict.fromkeys(who.recipients))[: limits.CLUE_RECIPIENTS]
    return Clue(
        product=product,
        form=form,
        standing=standing,
        start=start,
        end=max(start, line.offset(end - 1) + 1) if end else start,
        quoted=quoted(line.text[begin:end]),
        meaning=meaning,
        step=step,
        findings=findings,
        status=status,
        sender=sender,
        recipients=recipients,
        domain=recipients[0].rpartition("@")[2] if recipients else "",
        host=who.host,
        address=who.address,
        port=who.port,
        when=visible(who.when, 40),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reply or a code says, whoever said it."""

    meaning: str
    step: StepKind | None
    findings: tuple[str, ...]
    status: str
    standing: Standing


_STANDINGS = {"2": Standing.TOLD, "4": Standing.DEFERRED, "5": Standing.BOUNCED}
_COMMAND = re.compile(
    r"(?:reply to|after|response to|sending|answer to)(?: pipelined| the)?"
    r" (rcpt to|mail from|starttls|ehlo|helo|initial connection)|(refused to talk to me)",
    re.IGNORECASE,
)
_AT_COMMAND: dict[str, tuple[StepKind, tuple[str, ...]]] = {
    "rcpt to": (StepKind.RCPT, ("ENV002",)),
    "mail from": (StepKind.MAIL, ("ENV001",)),
    "starttls": (StepKind.STARTTLS, ("STLS003", "STLS002")),
    "ehlo": (StepKind.EHLO, ("EHLO021", "EHLO020")),
    "helo": (StepKind.HELO, ("EHLO021",)),
    "initial connection": (StepKind.GREETING, ("RPLY002", "RPLY001")),
    "refused to talk to me": (StepKind.GREETING, ("RPLY002", "RPLY001")),
}


def of_status(status: Status, entry: Registered | None = None) -> Reading:
    """Return what a code says; with ``entry``, in the words of that system."""
    known = entry or status.registered
    return Reading(
        meaning=say(entry.meaning) if entry else meaning_of(status),
        step=known.step if known else None,
        findings=known.findings if known else (),
        status=status.text if status.klass else "",
        standing=_STANDINGS.get(status.klass, Standing.UNKNOWN),
    )


def of_reply(text: str) -> Reading | None:
    """Return what the first reply or code in a text says; ``None`` when there is neither."""
    reply = REPLY.search(text)
    code = STATUS.search(text, reply.end(1) if reply and reply[2] else 0)
    status = parse_status((reply[2] if reply else None) or (code.group() if code else ""))
    if status is not None:
        return _at_command(of_status(status), text)
    if reply is None:
        return None
    reading = Reading(
        meaning=_plain_reply(reply[1]),
        step=StepKind.RCPT if reply[1] in ("550", "551", "553", "450") else None,
        findings=("ENV002",) if reply[1] in ("550", "551", "553", "450") else (),
        status="",
        standing=_STANDINGS[reply[1][0]],
    )
    return _at_command(reading, text)


_SENDER = re.compile(
    r"\bsender(?:'s)? (?:address|domain|verif\w{1,10}|rejected|denied|unknown|has)|\bMAIL FROM\b",
    re.IGNORECASE,
)


def addressed(reading: Reading, text: str) -> tuple[str, ...]:
    """Return the mailboxes in a reply; none where it is the sender that is refused."""
    if reading.step is StepKind.MAIL or (
        _SENDER.search(text) and "recipient" not in text.lower() and "RCPT" not in text
    ):
        return ()
    return tuple(mailboxes(text))


def _at_command(reading: Reading, text: str) -> Reading:
    """Point at the command that was answered, where the words name it and the code does not."""
    if reading.step not in (None, StepKind.RCPT, StepKind.STARTTLS, StepKind.CONNECT):
        return reading
    found = _COMMAND.search(text)
    if found is not None:
        step, findings = _AT_COMMAND[(found[1] or found[2]).lower()]
        return replace(reading, step=step, findings=findings)
    return reading


def _plain_reply(code: str) -> str:
    match code:  # RFC 5321 4.2.3
        case "421":
            return say("The server closes the connection: it takes no mail now.")
        case "450" | "451" | "452":
            return say("The server does not take it now; the sender tries again.")
        case "454":
            return say("TLS is not available at the server now (RFC 3207 4).")
        case "530":
            return say("The server demands STARTTLS or a login first.")
        case "550" | "551" | "553":
            return say("The server refuses the recipient or the sender; its words say why.")
        case "552":
            return say("The message is larger than the server takes, or the mailbox is full.")
        case "554" | "521":
            return say("The server refuses the transaction, or every connection from this client.")
        case "556":
            return say("The domain accepts no mail (RFC 7504).")
    if code.startswith("4"):
        return say("A reply that defers: the sender tries again.")
    if code.startswith("5"):
        return say("A reply that refuses for good.")
    return say("A reply that accepts.")
