"""``message/delivery-status`` (RFC 3464), as fields in any text: attached, forwarded or copied out.

Fields of a message come first, then a group for each recipient that begins with Final-Recipient or
Original-Recipient.  The diagnostic code's words belong to the system that wrote the report, or to the
receiver it quotes; known products explain their own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mxwalk.clues import postfix
from mxwalk.clues.causes import ALL
from mxwalk.clues.exchange_codes import AS_SENDER, OWN
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue, Form, Product, Standing
from mxwalk.clues.status_codes import STATUS, Status, parse_status
from mxwalk.clues.words import (
    Named,
    clue,
    first_saying,
    host_name,
    ip_address,
    mailbox,
    of_reply,
    of_status,
)
from mxwalk.evidence.step import StepKind
from mxwalk.language import say

MARKS = ("final-recipient", "original-recipient", "diagnostic-code", "reporting-mta")

_FIELD = re.compile(
    r"(Reporting-MTA|Original-Recipient|Final-Recipient|Action|Status|Remote-MTA|Diagnostic-Code"
    r"|Last-Attempt-Date|Will-Retry-Until|X-Postfix-Queue-ID|X-Postfix-Sender|Arrival-Date) ?:[ \t]*(.*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\[?([0-9A-Fa-f]{0,4}[:.][0-9A-Fa-f:.]{3,45})\]?")
_ACTIONS = {  # RFC 3464 2.3.3
    "failed": Standing.BOUNCED,
    "delayed": Standing.DEFERRED,
    "delivered": Standing.DELIVERED,
    "relayed": Standing.DELIVERED,
    "expanded": Standing.DELIVERED,
}
_OWN_WORDS = re.compile(r"starttls-not-supported|certificate-expired|tlsa-invalid|dnssec-invalid|certificate-host-mismatch|failed MTA-STS validation", re.IGNORECASE)  # fmt: skip


@dataclass(slots=True)
class _Group:
    """The fields of one recipient, each with its line and where its value begins."""

    fields: dict[str, tuple[Line, int]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return a field's value."""
        found = self.fields.get(name)
        return found[0].text[found[1] :].strip() if found else ""

    def typed(self, name: str) -> tuple[str, str]:
        """Return a field of two parts, ``rfc822;user@example.com`` (RFC 3464 2.1.2)."""
        kind, semicolon, value = self.value(name).partition(";")
        return (kind.strip().lower(), value.strip()) if semicolon else ("", kind.strip())


def recognise(lines: Sequence[Line]) -> Iterator[Clue]:
    """Yield a clue for each recipient of a delivery status notification."""
    whole, groups = _Group(), [_Group()]
    for line in lines:
        found = _FIELD.match(line.text)
        if found is None:
            continue
        name = found[1].lower()
        if name in ("reporting-mta", "x-postfix-queue-id", "x-postfix-sender", "arrival-date"):
            whole.fields.setdefault(name, (line, found.start(2)))
            continue
        fresh = name == "original-recipient" or (
            name == "final-recipient" and "original-recipient" not in groups[-1].fields
        )
        if name in groups[-1].fields or (
            fresh and groups[-1].fields and "action" in groups[-1].fields
        ):
            groups.append(_Group())
        groups[-1].fields.setdefault(name, (line, found.start(2)))
    for group in groups:
        if "final-recipient" in group.fields or "diagnostic-code" in group.fields:
            yield _read(group, whole)


def _read(group: _Group, whole: _Group) -> Clue:
    kind, diagnostic = group.typed("diagnostic-code")
    if kind not in ("smtp", "x-postfix", "x-unix", "") and not kind.startswith("x-"):
        diagnostic = group.value("diagnostic-code")
    recipient = mailbox(group.typed("final-recipient")[1]) or mailbox(
        group.typed("original-recipient")[1]
    )
    standing = _ACTIONS.get(group.value("action").split(" ")[0].lower(), Standing.UNKNOWN)
    coded = STATUS.match(group.value("status"))
    status = parse_status(coded.group()) if coded else None
    inner = STATUS.search(diagnostic)
    if inner and (
        status is None
        or status.key == "0.0"
        or (status.detail == 0 and inner.group() != status.text)
    ):
        status = parse_status(inner.group()) or status
    host, address = _remote(group)
    named = Named(
        recipients=(recipient,) if recipient else (),
        host=host,
        address=address,
        when=group.value("last-attempt-date"),
    )
    product, sender = _whose(whole, kind, diagnostic, status.key if status else "")
    at = group.fields.get("diagnostic-code") or group.fields.get("final-recipient")
    assert at is not None  # one of the two is there
    line, begin = at
    meaning, step, findings = _explained(product, kind, diagnostic, status)
    return clue(
        line, begin, len(line.text), product, Form.DELIVERY_STATUS, meaning=meaning,
        standing=standing, step=step, findings=findings, status=status.text if status else "",
        sender=sender, named=named,
    )  # fmt: skip


def _explained(
    product: Product, kind: str, diagnostic: str, code: Status | None
) -> tuple[str, StepKind | None, tuple[str, ...]]:
    if product is Product.EXCHANGE_ONLINE and code is not None:
        told = of_status(code, code.exchange)
        return told.meaning, told.step, told.findings
    if kind != "smtp" or not STATUS.search(diagnostic):
        own = postfix.SAYINGS if product is Product.POSTFIX else ()
        known = first_saying(diagnostic, own) or first_saying(diagnostic, ALL)
        if known is not None:
            return say(known[0].meaning), known[0].step, known[0].findings
    reading = of_reply(diagnostic) or (of_status(code) if code else None)
    if reading is not None:
        return reading.meaning, reading.step, reading.findings
    return say("A delivery status notification that gives no reason."), None, ()


def _remote(group: _Group) -> tuple[str, str]:
    """Return host and address of the one that answered (RFC 3464 2.3.5)."""
    text = group.typed("remote-mta")[1]
    address = _ADDRESS.search(text)
    first = text.split(" ")[0].strip("()[]")
    return host_name(first), ip_address(address[1]) if address else ip_address(first)


def _whose(whole: _Group, kind: str, diagnostic: str, key: str) -> tuple[Product, str]:
    """Return whose words they are, and the sender profile that speaks so."""
    reporter = whole.typed("reporting-mta")[1].lower()
    exchange = reporter.endswith(("outlook.com", "exchangelabs.com")) or bool(
        _OWN_WORDS.search(diagnostic)
    )
    if exchange or key in OWN:
        return Product.EXCHANGE_ONLINE, "exchange-online" if key in AS_SENDER else ""
    if kind == "x-postfix" or "x-postfix-queue-id" in whole.fields:
        known = first_saying(diagnostic, postfix.SAYINGS) if kind == "x-postfix" else None
        return Product.POSTFIX, (known[0].sender if known else "") or "postfix:may"
    return Product.STANDARD, ""
