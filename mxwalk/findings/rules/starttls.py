"""STARTTLS and the way into TLS: offered, accepted, and the handshake that may fail.

RFC 3207.  A throttled or unanswered session says nothing about STARTTLS and raises nothing here.
What fails behind the 220 is graver than what fails before it: no sender returns to clear text then.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import TlsAlert
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.findings.again import again
from mxwalk.findings.agreed import detail_of
from mxwalk.findings.commands import posttls_finger, s_client, swaks
from mxwalk.findings.failure import is_explained
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.raising import at_attempt, current, explained, found, show
from mxwalk.findings.rules.starttls_codes import (
    ALERT,
    BROKEN_OFF,
    ENTRIES,
    INJECTED,
    NO_TLS,
    NOT_EVERYWHERE,
    NOT_OFFERED,
    REFUSED,
    TEMPORARY,
    TIMEOUT,
)
from mxwalk.language import noted, say
from mxwalk.smtp.model import EhloDeviation, Reading
from mxwalk.text import excerpt
from mxwalk.tls.alerts import UNRECOGNIZED_NAME, explain_alert

__all__ = ["ENTRIES", "check"]

_ALERT_FIX = {
    40: noted(
        "offer ciphers and groups both sides know (ECDHE with AES-GCM or CHACHA20,"
        " X25519, P-256) and a certificate that fits them"
    ),
    42: noted(
        "the server wants a client certificate that it likes; do not ask senders for one on port 25"
    ),
    48: noted("the server wants a client certificate of a CA it knows; do not ask senders for one"),
    70: noted(
        "update the mail server's TLS library or operating system to one that speaks TLS"
        " 1.2, and take away settings that switch it off: Postfix: smtpd_tls_protocols"
        " without !TLSv1.2; Exim: openssl_options without +no_tlsv1_2; Windows: SCHANNEL"
        " Protocols\\TLS 1.2\\Server Enabled=1"
    ),
    80: noted(
        "an internal error: look into the server's log; often the private key cannot be read"
    ),
    112: noted(
        "the server knows no certificate for the name in SNI: add it, or serve a default one"
    ),
    116: noted(
        "do not ask senders for a client certificate on port 25: Postfix: smtpd_tls_req_ccert = no"
    ),
}
_LOG = noted("look into the server's log for this session")
_THEIR_ALERT = noted(
    "the server sends the alert {alert} ({code}){detail}: {meaning}{asked_before}{others}; the"
    " handshake with {where} fails, and {no_fallback}"
)
_OUR_ALERT = noted(
    "our side sends the alert {alert} ({code}){detail}: {meaning}{asked_before}{others}; the"
    " handshake with {where} fails, and {no_fallback}"
)
_RESET = noted("{where} reset the connection in the middle of the handshake; {no_fallback}")
_CLOSED = noted("{where} closed the connection in the middle of the handshake; {no_fallback}")
_HANDSHAKE_FAILURE = 40
_NOTHING_IN_COMMON = noted(
    "no cipher suite, group or signature algorithm in common, or no certificate"
)
_NAMELESS_FIX = noted(
    "serve a default certificate for clients without SNI: Postfix: smtpd_tls_chain_files"
    " besides tls_server_sni_maps; HAProxy: no strict-sni; nginx: no ssl_reject_handshake"
)
_NO_FALLBACK = noted(
    "the ESA does not go back to clear text, other senders without a duty to use TLS do, some at a"
    " later try"
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the offer, the command and the handshake show."""
    offering = [
        a.host.name
        for a in current(delivery)
        if a.ehlo is not None and a.ehlo.offers("STARTTLS", Reading.LENIENT)
    ]
    for attempt in map(in_step, current(delivery)):
        yield from _offer(attempt, offering)
        yield from _command(attempt)
        handshake = attempt.handshake
        # a look that tells why is told by its own rule, with the fix that fits
        if handshake is not None and handshake.ending is not None and not is_explained(attempt):
            yield from _handshake(attempt, handshake)


def _offer(attempt: Attempt, offering: list[str]) -> Iterator[Finding]:
    response = attempt.ehlo
    if response is None or response.offers("STARTTLS", Reading.LENIENT):
        return
    where = at_attempt(attempt, StepKind.EHLO)
    masked = any(EhloDeviation.MASKED in line.deviations for line in response.lines)
    command = swaks(attempt.place, attempt.port, ("--quit-after", "EHLO"))
    yield found(
        NOT_OFFERED,
        where,
        say(
            "{where} does not offer STARTTLS: senders that require TLS do not deliver, others"
            " send in clear",
            where=where.name,
        ),
        say(
            "let the device that overwrites the keyword pass it (EHLO009); the server itself"
            " may offer it"
        )
        if masked
        else say(
            "Postfix: smtpd_tls_security_level = may with smtpd_tls_chain_files; Exim:"
            " tls_advertise_hosts = *; ESA: listenerconfig / hostaccess / default / TLS"
            " preferred"
        ),
        command,
    )
    if offering:
        yield found(
            NOT_EVERYWHERE,
            where,
            say(
                "{where} does not offer STARTTLS while {offering} does: a forgotten host, or"
                " something on the way removes it",
                where=where.name,
                offering=show(offering[0]),
            ),
            say("configure all hosts alike; compare from another network to tell the two apart"),
            command,
        )


def _command(attempt: Attempt) -> Iterator[Finding]:
    reply, exchange = attempt.starttls, attempt.exchange(StepKind.STARTTLS)
    if reply is None or exchange is None or not reply.complete:
        return
    where = at_attempt(attempt, StepKind.STARTTLS)
    said = f"{excerpt(reply.said)}{explained(reply)}"
    command = s_client(attempt.place, attempt.port, attempt.host.name)
    if reply.code == 454:  # RFC 3207 4: TLS not available due to temporary reason
        yield found(
            TEMPORARY,
            where,
            say("{where} offers STARTTLS and answers {said}", where=where.name, said=said),
            say(
                "the server cannot load its key or certificate: look into its log; Postfix:"
                " postconf -n | grep smtpd_tls, Exim: tls_certificate and its permissions"
            ),
            command,
        )
    elif reply.code not in (421, 0) and reply.code // 100 != 2:
        yield found(
            REFUSED,
            where,
            say("{where} offers STARTTLS and refuses it: {said}", where=where.name, said=said),
            say(
                "do not list STARTTLS where it is not served, or let the server (not the"
                " proxy) answer"
            ),
            command,
        )
    if reply.code == 220 and exchange.trailing:
        # RFC 3207 4.2: the client must discard what it learned before TLS; these bytes were sent
        # before TLS and would be read as if they came from inside (class of CVE-2011-0411).
        yield found(
            INJECTED,
            where,
            say(
                "{where} sent {trailing} bytes in clear behind its 220: {trailing_2}",
                where=where.name,
                trailing=len(exchange.trailing),
                trailing_2=excerpt(exchange.trailing),
            ),
            say(
                "the server must send nothing between the 220 and the handshake; someone on"
                " the way can inject replies like this"
            ),
            again(attempt, attempt.step(StepKind.STARTTLS)),
        )


def _fatal(handshake: Handshaken) -> TlsAlert | None:
    return next((alert for alert in handshake.alerts if alert.fatal), None)


def _handshake(attempt: Attempt, handshake: Handshaken) -> Iterator[Finding]:
    ending, alert = handshake.ending, _fatal(handshake)
    assert ending is not None
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    command = s_client(attempt.place, attempt.port, handshake.sni or attempt.host.name)
    match ending.kind:
        case EndingKind.CANCELLED | EndingKind.LOCAL:
            return
        case EndingKind.TIMEOUT:
            yield found(
                TIMEOUT,
                where,
                say(
                    "{where} said 220 and then nothing for {after_s:.0f} s: inconclusive;"
                    " {no_fallback}",
                    where=where.name,
                    after_s=ending.after_s,
                    no_fallback=say(_NO_FALLBACK),
                ),
                say(
                    "look for a firewall that drops large TLS packets (MTU), or a server"
                    " without entropy or threads"
                ),
                command,
            )
        case EndingKind.TLS_ALERT | EndingKind.TLS_ERROR if alert is not None:
            by_server = alert.direction is Direction.RECEIVED
            named = bool(handshake.sni)
            yield found(
                ALERT,
                where,
                say(
                    _THEIR_ALERT if by_server else _OUR_ALERT,
                    alert=show(alert.name or str(alert.code)),
                    code=alert.code,
                    detail="" if by_server else _detail(attempt, ending),
                    meaning=_meaning(alert, handshake),
                    asked_before=_asked_before(handshake),
                    others=_others(attempt),
                    where=where.name,
                    no_fallback=say(_NO_FALLBACK),
                ),
                say(_NAMELESS_FIX)
                if alert.code == UNRECOGNIZED_NAME and not named
                else say(_ALERT_FIX.get(alert.code, _LOG)),
                command,
            )
        case EndingKind.TOO_LONG:
            yield found(
                BROKEN_OFF,
                where,
                say(
                    "mxwalk broke off the handshake with {where}{detail}: inconclusive",
                    where=where.name,
                    detail=_detail(attempt, ending),
                ),
                say("look at what the server sends in its handshake, and at a proxy before it"),
                command,
                Severity.WARNING,
            )
        case EndingKind.TLS_ALERT | EndingKind.TLS_ERROR:
            yield found(
                NO_TLS,
                where,
                say(
                    "{where} said 220 and then sent no TLS that can be used{detail}; {no_fallback}",
                    where=where.name,
                    detail=_detail(attempt, ending),
                    no_fallback=say(_NO_FALLBACK),
                ),
                say(
                    "after the 220 the very next bytes of the server must be its ServerHello;"
                    " look for a proxy that answers STARTTLS itself"
                ),
                posttls_finger(attempt.host.name, attempt.port),
            )
        case _:
            yield found(
                BROKEN_OFF,
                where,
                say(
                    _RESET if ending.kind is EndingKind.RESET else _CLOSED,
                    where=where.name,
                    no_fallback=say(_NO_FALLBACK),
                ),
                say("look into the server's log: often the certificate or key cannot be loaded"),
                command,
            )


def _asked_before(handshake: Handshaken) -> str:
    """Say what may have been wanted: TLS 1.2 has no alert of its own for it (RFC 5246 7.4.6)."""
    asked = handshake.facts.client_certificate is not None
    return say("; the server had asked for a client certificate") if asked else ""


def _others(attempt: Attempt) -> str:
    """Say that another ClientHello fares no better, where one was tried."""
    look = attempt.look(StepKind.LEGACY_TLS)
    tried = look is not None and look.handshake is not None and look.handshake.ending is not None
    return say("; a legacy client fares no better") if tried else ""


def _meaning(alert: TlsAlert, handshake: Handshaken) -> str:
    by_server = alert.direction is Direction.RECEIVED
    if alert.code == _HANDSHAKE_FAILURE and by_server and not handshake.protocol:
        return say(_NOTHING_IN_COMMON)  # it answers the ClientHello, nothing else was seen yet
    meaning = explain_alert(alert.code, named=bool(handshake.sni)).removesuffix(".")
    return meaning[:1].lower() + meaning[1:]


def _detail(attempt: Attempt, ending: Ending) -> str:
    return f" ({detail_of(attempt, ending)})" if ending.detail else ""
