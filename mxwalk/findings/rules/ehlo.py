"""The lines of an EHLO response: what RFC 1869 4.3 and RFC 5321 4.1.1.1 object to, line by line.

The parser read every line twice; a strict client (the ESA is one) and a lenient one part where a
keyword stands in the greeting line.  What the exchange as a whole means is judged in ``session``.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.again import again
from mxwalk.findings.commands import swaks
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, at_attempt, current, entry, found, server_name, show
from mxwalk.language import noted, say
from mxwalk.smtp.model import EhloDeviation, EhloLine, EhloResponse, Reading

_R = Owner.RECEIVER
EMPTY_GREETING = entry(
    "EHLO001", Severity.WARNING, _R, "an empty greeting line", "RFC 5321 4.1.1.1"
)
NOT_A_DOMAIN = entry(
    "EHLO002", Severity.WARNING, _R, "a greeting line without a domain", "RFC 5321 4.1.1.1"
)
KEYWORD_IN_GREETING = entry(
    "EHLO003", Severity.ERROR, _R, "a keyword stands in the greeting line", "RFC 1869 4.3"
)
KEYWORD_SYNTAX = entry("EHLO004", Severity.WARNING, _R, "an invalid keyword", "RFC 1869 4.3")
PARAMETER_SYNTAX = entry("EHLO005", Severity.WARNING, _R, "an invalid parameter", "RFC 1869 4.3")
AUTH_EQUALS = entry("EHLO006", Severity.NOTICE, _R, "the old form AUTH=", "RFC 4954 3")
DUPLICATE = entry("EHLO007", Severity.NOTICE, _R, "a keyword appears twice", "RFC 5321 4.1.1.1")
SIZE = entry("EHLO008", Severity.NOTICE, _R, "SIZE without a number", "RFC 1870 3")
MASKED = entry("EHLO009", Severity.ERROR, _R, "a keyword overwritten on the way", "RFC 3207 6")
STARTTLS_PARAMETER = entry(
    "EHLO010", Severity.WARNING, _R, "STARTTLS with a parameter", "RFC 3207 2"
)
UNREGISTERED = entry("EHLO011", Severity.NOTICE, _R, "an unregistered keyword", "RFC 5321 2.2.2")
EMPTY_LINE = entry("EHLO012", Severity.WARNING, _R, "a line without a keyword", "RFC 1869 4.3")

ENTRIES = (
    EMPTY_GREETING,
    NOT_A_DOMAIN,
    KEYWORD_IN_GREETING,
    KEYWORD_SYNTAX,
    PARAMETER_SYNTAX,
    AUTH_EQUALS,
    DUPLICATE,
    SIZE,
    MASKED,
    STARTTLS_PARAMETER,
    UNREGISTERED,
    EMPTY_LINE,
)

_BY_DEVIATION: dict[EhloDeviation, Entry] = {
    EhloDeviation.GREETING_EMPTY: EMPTY_GREETING,
    EhloDeviation.GREETING_NOT_A_DOMAIN: NOT_A_DOMAIN,
    EhloDeviation.KEYWORD_IN_GREETING: KEYWORD_IN_GREETING,
    EhloDeviation.KEYWORD_SYNTAX: KEYWORD_SYNTAX,
    EhloDeviation.PARAMETER_SYNTAX: PARAMETER_SYNTAX,
    EhloDeviation.AUTH_EQUALS: AUTH_EQUALS,
    EhloDeviation.DUPLICATE: DUPLICATE,
    EhloDeviation.SIZE_PARAMETER: SIZE,
    EhloDeviation.MASKED: MASKED,
    EhloDeviation.STARTTLS_PARAMETER: STARTTLS_PARAMETER,
    EhloDeviation.UNREGISTERED: UNREGISTERED,
    EhloDeviation.EMPTY_LINE: EMPTY_LINE,
}

_FIX = {
    "EHLO001": noted("line 1 must read 250-{host}"),
    "EHLO002": noted("line 1 must read 250-{host}"),
    "EHLO003": noted(
        "put the host's domain into line 1 and {keyword} on a line of its own:"
        " 250-{host} / 250 {keyword}"
    ),
    "EHLO004": noted("a keyword is letters, digits and hyphens; remove the line or correct it"),
    "EHLO005": noted("parameters are printable ASCII, one space apart"),
    "EHLO006": noted(
        "send 250-AUTH LOGIN PLAIN with a space; Postfix: broken_sasl_auth_clients = no"
    ),
    "EHLO007": noted("list the keyword once, with all its parameters"),
    "EHLO008": noted("send 250-SIZE 52428800, or 250-SIZE 0 for no fixed limit"),
    "EHLO009": noted(
        "switch the SMTP inspection of the firewall off: Cisco ASA: policy-map"
        " global_policy / class inspection_default / no inspect esmtp"
    ),
    "EHLO010": noted("send 250-STARTTLS alone"),
    "EHLO011": noted("check its spelling; a sender ignores what it does not know"),
    "EHLO012": noted("remove the empty line"),
}


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what each line of the EHLO responses, before and inside TLS, shows."""
    for attempt in map(in_step, current(delivery)):
        before, inside = attempt.ehlo, attempt.ehlo_tls
        if before is not None:
            yield from _response(attempt, StepKind.EHLO, before)
        if inside is not None and _lines(inside) != (_lines(before) if before else ()):
            yield from _response(attempt, StepKind.EHLO_TLS, inside, known=before)


def _lines(response: EhloResponse) -> tuple[bytes, ...]:
    return tuple(line.reply.text for line in response.lines)


def _response(
    attempt: Attempt,
    kind: StepKind,
    response: EhloResponse,
    known: EhloResponse | None = None,
) -> Iterator[Finding]:
    """Yield the findings on the lines; lines of ``known`` were judged already."""
    where = at_attempt(attempt, kind)
    before = set(_lines(known)) if known else set()
    for line in response.lines:
        if line.reply.text in before and line.number > 1:
            continue
        for index, deviation in enumerate(line.deviations):
            note = line.notes[index] if index < len(line.notes) else say(deviation.value)
            if _covered(line, deviation):
                continue
            yield _finding(attempt, response, where.at_line(line.number), line, (deviation, note))


def _covered(line: EhloLine, deviation: EhloDeviation) -> bool:
    """Say whether there is nothing to tell, or another deviation of the line tells it better."""
    if deviation is EhloDeviation.UNREGISTERED and line.keyword.startswith("X"):
        return True  # RFC 5321 2.2.2: such keywords are private and never registered
    return (
        deviation in (EhloDeviation.GREETING_NOT_A_DOMAIN, EhloDeviation.GREETING_EMPTY)
        and EhloDeviation.KEYWORD_IN_GREETING in line.deviations
    ) or (
        deviation is EhloDeviation.KEYWORD_SYNTAX
        and any(d in line.deviations for d in (EhloDeviation.AUTH_EQUALS, EhloDeviation.MASKED))
    )


def _told(line: EhloLine, note: str) -> str:
    return show(note, 300).removesuffix(".").removeprefix(say("Line {number} ", number=line.number))


def _finding(
    attempt: Attempt,
    response: EhloResponse,
    where: Where,
    line: EhloLine,
    said: tuple[EhloDeviation, str],
) -> Finding:
    deviation, note = said
    what = _BY_DEVIATION[deviation]
    tls_seen = response.offers("STARTTLS", Reading.STRICT)
    severity: Severity | None = None
    sentence = say(
        "{where}, line {number}: {told}",
        where=where.name,
        number=line.number,
        told=_told(line, note),
    )
    if deviation is EhloDeviation.KEYWORD_IN_GREETING:
        sentence = say(
            "{keyword} (a keyword) stands in the greeting line: strict senders do not see it",
            keyword=show(line.keyword),
        )
        if line.keyword != "STARTTLS" or tls_seen:
            severity = Severity.WARNING
    elif deviation is EhloDeviation.MASKED and tls_seen:
        severity = Severity.WARNING
    inside = attempt.step(StepKind.EHLO_TLS)
    return found(
        what,
        where,
        sentence,
        say(_FIX[what.code], host=server_name(attempt.host.name), keyword=show(line.keyword)),
        again(attempt, inside)
        if inside is not None and inside.seq == where.step
        else swaks(attempt.place, attempt.port, ("--quit-after", "EHLO")),
        severity,
    )
