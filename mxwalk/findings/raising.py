"""What every rule module uses: entries, places, and the one way to make a ``Finding``.

Values from the network reach a sentence only through ``show``, and ``found`` makes the whole
sentence printable once more, so that no rule can forget it.
"""

from dataclasses import dataclass, replace

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.commands import endpoint
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.language import noted, say
from mxwalk.names import is_address
from mxwalk.smtp.enhanced import explain_enhanced
from mxwalk.smtp.model import Reply
from mxwalk.text import visible

SENTENCE_CHARS = 1_000
VALUE_CHARS = 160
A_NAME = noted("<the server's name>")
_NOTHING = (noted("nothing has to be done"), noted("nothing to do"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of a finding: step, host, address and port, line of the EHLO response."""

    step: int | None = None
    host: str = ""
    address: str = ""
    port: int = 25
    line: int = 0

    def at_line(self, number: int) -> "Where":
        """Return the same place with a line number."""
        return replace(self, line=number)

    @property
    def name(self) -> str:
        """``host [address]:port`` as far as it is known, printable."""
        if not self.address:
            return show(self.host)
        where = endpoint(self.address, self.port)
        if not self.host or self.host == self.address:
            return show(where)
        bracketed = where if where.startswith("[") else f"[{self.address}]:{self.port}"
        return f"{show(self.host)} {show(bracketed)}"


def entry(
    code: str, severity: Severity, owner: Owner, title: str, rfc: str, *, tls_rpt: str = ""
) -> Entry:
    """Return a catalogue entry (its long text lies in ``texts/CODE.md``)."""
    return Entry(code=code, severity=severity, owner=owner, title=title, rfc=rfc, tls_rpt=tls_rpt)


def show(value: str | bytes, limit: int = VALUE_CHARS) -> str:
    """Return an untrusted value for use in a sentence."""
    return visible(value, limit)


def server_name(name: str) -> str:
    """Return a host's name for a fix; of one that is known by its address alone, what to put there."""
    return say(A_NAME) if is_address(name) else show(name)


def found(  # noqa: PLR0913, PLR0917 - one parameter a field of the finding
    what: Entry,
    where: Where,
    sentence: str,
    fix: str,
    command: str = "",
    severity: Severity | None = None,
    owner: Owner | None = None,
    cause: str = "",
) -> Finding:
    """Return the finding of ``what`` at ``where``, everything in it printable.

    Where nothing has to be done nobody must act.
    """
    if owner is None and fix.startswith(tuple(say(words) for words in _NOTHING)):
        owner = Owner.NOBODY
    return Finding(
        entry=what,
        sentence=visible(sentence, SENTENCE_CHARS),
        fix=visible(fix, SENTENCE_CHARS),
        command=visible(command, SENTENCE_CHARS),
        step=where.step,
        host=where.host,
        address=where.address,
        line=where.line,
        severity=severity,
        owner=owner,
        cause=cause,
    )


def at_step(step: Step | None) -> Where:
    """Return the place a step's scope gives."""
    if step is None:
        return Where()
    scope = step.scope
    return Where(step=step.seq, host=scope.host, address=scope.address, port=scope.port or 25)


def at_attempt(attempt: Attempt, step: Step | StepKind | None = None) -> Where:
    """Return the place of a connection, at one of its steps when given."""
    found_step = attempt.step(step) if isinstance(step, StepKind) else step
    return Where(
        step=found_step.seq if found_step else None,
        host=attempt.host.name,
        address=attempt.address,
        port=attempt.port,
    )


def explained(reply: Reply) -> str:
    """Return what the reply's enhanced status code says (RFC 3463), to follow it; empty without."""
    code = explain_enhanced(reply.enhanced_code)
    return (
        say(" - {code} means: {code_2}", code=code.code, code_2=code.title.removesuffix("."))
        if code
        else ""
    )


def domain_shown(delivery: Delivery) -> str:
    """Return the recipient domain for people, or the target's text when there is none."""
    domain = delivery.target.domain
    return show(str(domain)) if domain else show(delivery.target.text)


def current(delivery: Delivery) -> tuple[Attempt, ...]:
    """Return the connections that count: the last one to each address; a retry replaces it."""
    return tuple(attempt for host in delivery.hosts for attempt in current_of(host))


def current_of(host: Host) -> tuple[Attempt, ...]:
    """Return the last connection to each address of a host, in the order of the addresses."""
    return tuple({(a.address, a.port): a for a in host.attempts}.values())


def resolver_of(delivery: Delivery, answer: DnsAnswer) -> str:
    """Return the server to ask again by hand; empty where it is gone, as the lab's is, or redacted."""
    header = delivery.trace.header
    return "" if header.scenario or header.redacted else answer.server


def family_answers(delivery: Delivery, address: str) -> bool:
    """Say whether any address of the same family, at any time of this walk, sent a packet back.

    Where none did, a time-out may as well be our own network without that family, or with a firewall.
    """
    silent = (EndingKind.TIMEOUT, EndingKind.UNREACHABLE, EndingKind.LOCAL, EndingKind.CANCELLED)
    return any(
        attempt.connected is not None
        and (":" in attempt.address) == (":" in address)
        and (attempt.connected.ending is None or attempt.connected.ending.kind not in silent)
        for host in delivery.hosts
        for attempt in host.attempts
    )


def greeted(attempt: Attempt) -> bool:
    """Say whether the server was ready to talk: a complete 220 greeting."""
    greeting = attempt.greeting
    return greeting is not None and greeting.complete and greeting.code == 220


def someone_else_greeted(delivery: Delivery, attempt: Attempt) -> bool:
    """Say whether a connection to another address reached a 220 greeting."""
    return any(greeted(a) for a in current(delivery) if a.address != attempt.address)


def grave_unless_others(delivery: Delivery, attempt: Attempt) -> Severity:
    """Return ERROR when no other address answers, WARNING when mail has another way."""
    return Severity.WARNING if someone_else_greeted(delivery, attempt) else Severity.ERROR
