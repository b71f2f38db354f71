"""What the walk proposes to do next: the pending step with its exact bytes, and rules for edits."""

from mxwalk.delivery.envelope import mail_command, rcpt_command
from mxwalk.delivery.model import Delivery
from mxwalk.errors import UsageError
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted, say
from mxwalk.names import address_literal, is_address
from mxwalk.smtp.dialogue import command_problem
from mxwalk.walk.course import next_stop
from mxwalk.walk.courses import course_of
from mxwalk.walk.model import Pending
from mxwalk.walk.order import Item

_COMMANDS = frozenset(
    {
        StepKind.EHLO,
        StepKind.HELO,
        StepKind.STARTTLS,
        StepKind.EHLO_TLS,
        StepKind.MAIL,
        StepKind.RCPT,
        StepKind.RSET,
        StepKind.QUIT,
    }
)
_ENVELOPE = frozenset({StepKind.MAIL, StepKind.RCPT})
_GREETING_VERBS = frozenset({b"EHLO", b"HELO"})


def propose(delivery: Delivery, item: Item, local_address: str) -> Pending:
    """Return the pending step for ``item``; ``local_address`` names us without a HELO name."""
    kind, scope = item.kind, item.scope
    if delivery.trace.header.purpose is not Purpose.DELIVERY:
        stop = next_stop(delivery, course_of(delivery))
        return Pending(kind=kind, scope=scope, text=stop.text if stop else kind.value)
    payload = _payload(delivery, kind, local_address)
    return Pending(
        kind=kind,
        scope=scope,
        text=payload.decode("utf-8", "replace").rstrip("\r\n") or _describe(delivery, item),
        payload=payload,
        editable=kind in _COMMANDS,
    )


def edited(pending: Pending, payload: bytes) -> Pending:
    """Return ``pending`` with other bytes.

    Raises ``UsageError`` when the step sends nothing, when the bytes are no single SMTP command, or
    when the command is another one (EHLO and HELO may stand for each other).
    """
    if not pending.editable:
        raise UsageError(say("nothing is sent in this step: {step}", step=pending.text))
    if problem := command_problem(payload, smtputf8=pending.kind in _ENVELOPE):
        raise UsageError(problem)
    ours, planned = _verb(payload), _verb(pending.payload)
    kind = pending.kind
    if ours != planned:
        if not {ours, planned} <= _GREETING_VERBS or kind is StepKind.EHLO_TLS:
            said = say(
                "the step's command is {verb}; only its text can change", verb=planned.decode()
            )
            raise UsageError(said)
        kind = StepKind.HELO if ours == b"HELO" else StepKind.EHLO
    text = payload.decode("utf-8", "replace").rstrip("\r\n")
    return Pending(kind=kind, scope=pending.scope, text=text, payload=payload, editable=True)


def _verb(payload: bytes) -> bytes:
    return payload.split(b" ", 1)[0].strip().upper()


def helo_name(delivery: Delivery, local_address: str) -> str:
    """Return the name we introduce ourselves with: the option's, else an address literal."""
    if delivery.options.helo:
        return delivery.options.helo
    if not is_address(local_address):
        return "[127.0.0.1]"
    return address_literal(local_address)


def _payload(delivery: Delivery, kind: StepKind, local_address: str) -> bytes:
    if kind in (StepKind.EHLO, StepKind.EHLO_TLS):
        text = f"EHLO {helo_name(delivery, local_address)}"
    elif kind is StepKind.HELO:
        text = f"HELO {helo_name(delivery, local_address)}"
    elif kind is StepKind.STARTTLS:
        text = "STARTTLS"  # RFC 3207 4: no parameters
    elif kind is StepKind.MAIL:
        return mail_command(delivery)
    elif kind is StepKind.RCPT:
        return rcpt_command(delivery)
    elif kind is StepKind.RSET:
        text = "RSET"
    elif kind is StepKind.QUIT:
        text = "QUIT"
    else:
        return b""
    return text.encode("utf-8", "surrogatepass") + b"\r\n"  # what is no UTF-8 is not sent


_WORDS = {
    StepKind.RESOLVER: noted("ask the resolver for the root's DNSKEY records"),
    StepKind.MX: noted("ask for the MX records of {domain}"),
    StepKind.POLICY_RECORDS: noted("ask for the MTA-STS and TLS-RPT records of {domain}"),
    StepKind.STS_POLICY: noted("fetch the MTA-STS policy from mta-sts.{domain}"),
    StepKind.ADDRESS: noted("ask for the addresses of {host}"),
    StepKind.TLSA: noted("ask for the TLSA records of {host} port {port}"),
    StepKind.PTR: noted("ask for the reverse name of {address}"),
    StepKind.CONNECT: noted("connect to {address} port {port}"),
    StepKind.GREETING: noted("wait for the greeting"),
    StepKind.HANDSHAKE: noted("TLS handshake, {sni}"),
    StepKind.CHAIN: noted("verify the certificate chain"),
    StepKind.ISSUERS: noted("fetch the missing issuer, to explain"),
    StepKind.REVOCATION: noted("check revocation (CRL, OCSP)"),
    StepKind.IDENTITY: noted("compare the names"),
    # What distinguishes a look stands first: the address may be cut off in a narrow window.
    StepKind.CLASSIC_GROUPS: noted("small ClientHello: connect again to {address}"),
    StepKind.LEGACY_TLS: noted("legacy TLS: connect again to {address}"),
    StepKind.WITHOUT_SNI: noted("without SNI: connect again to {address}"),
    StepKind.OTHER_LEAF: noted("the other key type's leaf: connect again to {address}"),
}


def _describe(delivery: Delivery, item: Item) -> str:
    """Say for people what a step does that sends no command."""
    scope = item.scope
    return say(
        _WORDS.get(item.kind, item.kind.value),
        domain=delivery.domain,
        host=scope.host,
        address=scope.address,
        port=scope.port,
        sni=say("no SNI") if is_address(scope.host) else f"SNI {scope.host}",
    )
