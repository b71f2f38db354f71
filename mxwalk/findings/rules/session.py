"""EHLO and HELO as commands: refused, replaced, repeated inside TLS, and the name we give.

RFC 5321 3.2 and 4.1.1.1 (fallback to HELO), RFC 3207 4.2 (what is known before TLS is forgotten, the
list is asked again, STARTTLS is not offered twice).
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.again import again
from mxwalk.findings.commands import swaks
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    at_attempt,
    current,
    entry,
    explained,
    found,
    grave_unless_others,
    show,
)
from mxwalk.language import say, say_many
from mxwalk.smtp.ehlo_words import is_address_literal, is_domain
from mxwalk.smtp.model import EhloDeviation, EhloResponse, Reading, Reply
from mxwalk.text import excerpt

_R = Owner.RECEIVER
HELO_ONLY = entry("EHLO020", Severity.ERROR, _R, "EHLO refused, HELO taken", "RFC 5321 3.2")
BOTH_REFUSED = entry("EHLO021", Severity.ERROR, _R, "EHLO and HELO refused", "RFC 5321 4.1.1.1")
REFUSED_INSIDE = entry("EHLO022", Severity.ERROR, _R, "EHLO refused inside TLS", "RFC 3207 4.2")
STARTTLS_AGAIN = entry(
    "EHLO023", Severity.WARNING, _R, "STARTTLS offered again inside TLS", "RFC 3207 4.2"
)
CHANGED = entry("EHLO024", Severity.NOTICE, _R, "other extensions inside TLS", "RFC 3207 4.2")
OUR_NAME = entry(
    "EHLO025", Severity.WARNING, Owner.YOU, "our EHLO name is no full name", "RFC 5321 4.1.4"
)
WELL_FORMED = entry(
    "EHLO026", Severity.OK, Owner.NOBODY, "a well-formed EHLO response", "RFC 5321 4.1.1.1"
)

ENTRIES = (
    HELO_ONLY,
    BOTH_REFUSED,
    REFUSED_INSIDE,
    STARTTLS_AGAIN,
    CHANGED,
    OUR_NAME,
    WELL_FORMED,
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the EHLO and HELO exchanges show."""
    for attempt in map(in_step, current(delivery)):
        yield from _refusals(delivery, attempt)
        yield from _our_name(attempt)
        if attempt.ehlo is not None:
            yield from _well_formed(attempt, attempt.ehlo)
        if attempt.ehlo_tls is not None:
            yield from _inside(attempt, attempt.ehlo_tls)


def _refused(reply: Reply | None) -> bool:
    """Say whether a whole reply refuses; 421 is the server closing, judged in ``envelope``.

    Another code of success refuses nothing (RPLY024).
    """
    return (
        reply is not None
        and reply.complete
        and reply.code not in (0, 421)
        and reply.code // 100 != 2
    )


def _refusals(delivery: Delivery, attempt: Attempt) -> Iterator[Finding]:
    ehlo, helo = attempt.reply(StepKind.EHLO), attempt.reply(StepKind.HELO)
    command = again(attempt, attempt.step(StepKind.HELO) or attempt.step(StepKind.EHLO))
    if ehlo is not None and _refused(ehlo):
        said = f"{excerpt(ehlo.said)}{explained(ehlo)}"
        if helo is not None and helo.complete and helo.code == 250:
            yield found(
                HELO_ONLY,
                at_attempt(attempt, StepKind.EHLO),
                say(
                    "EHLO is refused ({said}), HELO is taken: no extensions, so no STARTTLS",
                    said=said,
                ),
                say(
                    "let the server, or the proxy before it, accept EHLO (Cisco ASA: no"
                    " inspect esmtp; Postfix: no EHLO in smtpd_discard_ehlo_keywords and no"
                    " smtpd restriction on it)"
                ),
                command,
            )
        elif _refused(helo) or (helo is None and attempt.step(StepKind.QUIT)):
            both = f"; HELO: {excerpt(helo.said)}" if helo else ""
            yield found(
                BOTH_REFUSED,
                at_attempt(attempt, StepKind.HELO if helo else StepKind.EHLO),
                say(
                    "EHLO is refused ({said}){both}: the session cannot begin", said=said, both=both
                ),
                say(
                    "see the reply's text: the server may object to the name or the address of"
                    " the sender"
                ),
                command,
                grave_unless_others(delivery, attempt),
            )
    inside = attempt.reply(StepKind.EHLO_TLS)
    if inside is not None and _refused(inside):
        yield found(
            REFUSED_INSIDE,
            at_attempt(attempt, StepKind.EHLO_TLS),
            say(
                "EHLO inside TLS is refused: {inside}{explained}",
                inside=excerpt(inside.said),
                explained=explained(inside),
            ),
            say("the server must accept EHLO after the handshake (RFC 3207 4.2)"),
            again(attempt, attempt.step(StepKind.EHLO_TLS)),
            grave_unless_others(delivery, attempt),
        )


def _our_name(attempt: Attempt) -> Iterator[Finding]:
    exchange = attempt.exchange(StepKind.EHLO)
    words = exchange.command.split() if exchange else []
    if len(words) < 2:
        return
    name = words[1].decode("utf-8", "backslashreplace")
    full = is_domain(name) and "." in name.rstrip(".")
    if full or is_address_literal(name):
        return
    yield found(
        OUR_NAME,
        at_attempt(attempt, StepKind.EHLO),
        say(
            "we said EHLO {name}: not a full domain name, nor an address literal; servers may"
            " refuse that",
            name=show(name, 80),
        ),
        say(
            "--helo mail.example.net with the name your own address has in DNS; Postfix:"
            " smtp_helo_name = $myhostname"
        ),
        swaks(attempt.place, attempt.port, ("--ehlo", name), ("--quit-after", "EHLO")),
    )


def _well_formed(attempt: Attempt, response: EhloResponse) -> Iterator[Finding]:
    told = {deviation for line in response.lines for deviation in line.deviations}
    if response.deviations or told - {EhloDeviation.UNREGISTERED}:
        return
    words = list(response.keywords(Reading.STRICT))
    yield found(
        WELL_FORMED,
        at_attempt(attempt, StepKind.EHLO),
        say(
            "{host} offers {words}: {words_2}",
            host=show(attempt.host.display),
            words=say_many("{n} extension", "{n} extensions", len(words)),
            words_2=show(", ".join(words)),
        )
        if words
        else say("{host} offers no extension", host=show(attempt.host.display)),
        say("nothing to do"),
        swaks(attempt.place, attempt.port, ("--quit-after", "EHLO")),
    )


def _inside(attempt: Attempt, inside: EhloResponse) -> Iterator[Finding]:
    where = at_attempt(attempt, StepKind.EHLO_TLS)
    command = again(attempt, attempt.step(StepKind.EHLO_TLS))
    if inside.offers("STARTTLS", Reading.STRICT):
        # RFC 3207 4.2: the server must not return STARTTLS in response to an EHLO inside TLS
        yield found(
            STARTTLS_AGAIN,
            where,
            say("{where} offers STARTTLS again inside TLS", where=where.name),
            say("list STARTTLS only before TLS; a TLS proxy that passes EHLO through does this"),
            command,
        )
    before = attempt.ehlo
    if before is None:
        return
    old, new = before.keywords(Reading.LENIENT), inside.keywords(Reading.LENIENT)
    ignored = ("STARTTLS", "AUTH", "REQUIRETLS")  # expected to come or go with TLS
    gone = [word for word in old if word not in new and word not in ignored]
    come = [word for word in new if word not in old and word not in ignored]
    changed = [word for word in old if word in new and old[word] != new[word]]
    changed = [word for word in changed if word not in ignored]
    if gone or come or changed:
        parts = [(say("gone"), gone), (say("new"), come), (say("changed"), changed)]
        words = "; ".join(f"{what}: {show(', '.join(w), 80)}" for what, w in parts if w)
        yield found(
            CHANGED,
            where,
            say(
                "the extensions of {where} differ inside TLS: {words}",
                where=where.name,
                words=words,
            ),
            say("allowed; if it is not meant, look for a proxy that answers before TLS"),
            command,
        )
