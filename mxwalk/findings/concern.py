"""Which finding to begin with: the one behind the chosen sender's verdict, not another sender's.

A code of an area that some senders alone ask for (the identity flows of the ESA, MTA-STS, DANE)
concerns these, and so not the roll-out of SPF, DKIM and DMARC; every other code concerns all.  Order
within a severity is by that and by the step and the host that decided.  The severity itself is
overruled by what kept the mail alone: a warning at the step of a connection that decided is told before
the errors of other steps.  A fault of our own resolver comes first where a look-up decided, and behind
the others of its severity where a connection did.
"""

from collections.abc import Iterable, Sequence

from mxwalk.delivery.model import Delivery
from mxwalk.findings.decided import by_look_up
from mxwalk.findings.model import Finding, Severity
from mxwalk.senders.model import Verdict

OWN_RESOLVER = frozenset({"DNS001", "DNS002"})
_DANE = ("exchange-online", "mta-sts", "rfc7672", "postfix:dane", "exim:")
_FIRST, _LAST = -1, 9
_STS = ("exchange-online", "mta-sts")  # RFC 8461
_CONCERNED: tuple[tuple[str, tuple[str, ...]], ...] = (  # code, sender: how each begins
    ("IDENT001", ("esa:4", "esa:5")),
    ("IDENT002", ("esa:6",)),
    ("IDENT003", ("esa:4", "esa:5")),
    ("IDENT004", ("esa:4", "esa:5")),
    ("IDENT01", ("esa:",)),
    ("RPLY025", ("postfix:",)),  # a greeting that Postfix alone reads so
    ("DKIM016", ("esa",)),  # five signatures at most
    ("STS", _STS),
    ("DANE", _DANE),
)


def concerns(finding: Finding, sender: str) -> bool:
    """Say whether a finding can matter to the sender with this id."""
    for code, senders in _CONCERNED:
        if finding.code.startswith(code):
            return sender.startswith(senders)
    return True


def for_verdict(
    findings: Iterable[Finding], verdict: Verdict, delivery: Delivery | None = None
) -> tuple[Finding, ...]:
    """Return the findings worst first, those that the verdict rests on first among equals.

    ``delivery`` tells what decided the verdict; without it, a look-up is taken to have.  Warnings that
    decided come first of all.
    """
    findings = tuple(findings)
    first = decisive_warnings(findings, verdict, delivery) if delivery is not None else ()
    looked_up = delivery is None or by_look_up(delivery, verdict)

    def place(one: Finding) -> tuple[int, int]:
        if one.code in OWN_RESOLVER:
            return one.level.rank, _FIRST if looked_up else _LAST
        return one.level.rank, _distance(one, verdict)

    others = [one for one in findings if one not in first]
    return (*first, *causes_first(sorted(others, key=place)))


def decisive_warnings(
    findings: Iterable[Finding], verdict: Verdict, delivery: Delivery
) -> tuple[Finding, ...]:
    """Return the warnings at the step that kept the mail, where no error stands there.

    None where it is delivered, and where a look-up decided: what is behind that may stand elsewhere.
    """
    if verdict.outcome.delivered or verdict.step is None or by_look_up(delivery, verdict):
        return ()
    here = [one for one in findings if one.step == verdict.step]
    if any(one.level is Severity.ERROR for one in here):
        return ()
    return tuple(
        one for one in here if one.level is Severity.WARNING and concerns(one, verdict.sender)
    )


def causes_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Put a finding in front of those of its severity that follow from it."""
    done: dict[Finding, None] = {}
    for one in findings:
        chain = [one]
        while behind := [f for f in findings if _is_behind(f, chain[0]) and f not in chain]:
            chain[:0] = behind
        done.update(dict.fromkeys(chain))
    return tuple(done)


def _is_behind(cause: Finding, one: Finding) -> bool:
    return bool(one.cause) and cause.code == one.cause and cause.level is one.level


def _distance(finding: Finding, verdict: Verdict) -> int:
    decisive = finding.step is not None and finding.step == verdict.step
    if concerns(finding, verdict.sender):
        at_host = bool(finding.host) and finding.host == verdict.host
        return 0 if decisive else 1 if at_host else 3
    return 2 if decisive else 4
