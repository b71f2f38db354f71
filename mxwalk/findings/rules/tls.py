"""What the handshake agreed on: protocol, cipher, key exchange, and alerts besides.

RFC 8996 (TLS 1.0 and 1.1 are gone), RFC 9325 (recommended parameters), RFC 7465 (no RC4).
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.step import StepKind
from mxwalk.findings.again import again
from mxwalk.findings.agreed import agreed, detail_of, ended_inside
from mxwalk.findings.commands import options_of, s_client
from mxwalk.findings.failure import Cause, LegacyOnly, legacy_only
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.parameters import is_forward_secret, is_old, weakness
from mxwalk.findings.raising import at_attempt, current, entry, found, show
from mxwalk.language import noted, say

_R = Owner.RECEIVER
AGREED = entry("TLS001", Severity.OK, Owner.NOBODY, "TLS is up", "RFC 3207 4")
OLD_PROTOCOL = entry("TLS002", Severity.ERROR, _R, "a protocol below TLS 1.2", "RFC 8996 4")
WEAK_CIPHER = entry("TLS003", Severity.ERROR, _R, "a weak cipher", "RFC 9325 4.1")
NO_FORWARD_SECRECY = entry("TLS004", Severity.NOTICE, _R, "no forward secrecy", "RFC 9325 4.1")
ALERT_BESIDE = entry("TLS005", Severity.NOTICE, _R, "a warning alert", "RFC 8446 6")
ALERT_AFTER = entry(
    "TLS006", Severity.ERROR, _R, "an alert after the handshake", "RFC 8446 4.4.2.4"
)
NO_CERTIFICATE = entry("TLS007", Severity.ERROR, _R, "no certificate was sent", "RFC 9325 4.1")

ENTRIES = (
    AGREED,
    OLD_PROTOCOL,
    WEAK_CIPHER,
    NO_FORWARD_SECRECY,
    ALERT_BESIDE,
    ALERT_AFTER,
    NO_CERTIFICATE,
)

_CLOSE_NOTIFY = 0
_DEMANDS = noted(
    "{where} ends TLS after the handshake, {when}: {detail}; it had asked for a client certificate and"
    " demands one"
)
_MAY_DEMAND = noted(
    "{where} ends TLS after the handshake, {when}: {detail}; it may demand a client certificate"
)
_NEWER = noted(
    "update the mail server's TLS library or operating system to one that speaks TLS 1.2"
    " (OpenSSL 1.0.1, Windows Server 2008 R2 with SCHANNEL Protocols\\TLS 1.2\\Server"
    " Enabled=1, or newer) and take away settings that switch it off; only when TLS 1.2"
    " works, forbid older versions: Postfix: smtpd_tls_protocols = >=TLSv1.2"
)
_NO_WEAK_CIPHERS = noted(
    "Postfix: smtpd_tls_mandatory_ciphers = high and smtpd_tls_exclude_ciphers = aNULL,"
    " RC4, 3DES; Exim: tls_require_ciphers = HIGH:!aNULL:!3DES:!RC4"
)
# A server that has nothing else must get the strong ones first.
_STRONG_CIPHERS = noted(
    "offer ECDHE with AES-GCM first, then take the weak ones away: Postfix:"
    " smtpd_tls_ciphers = high, smtpd_tls_exclude_ciphers = aNULL, RC4, 3DES; Exim:"
    " tls_require_ciphers = HIGH:!aNULL:!3DES:!RC4"
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the finished handshakes show."""
    for attempt in current(delivery):
        seen = agreed(attempt)
        if seen is not None:
            yield from _parameters(*seen, legacy_only(attempt))
        if seen is not None and attempt.tls_is_up:
            yield from _agreed(*seen)
        yield from _after(attempt)


def _command(attempt: Attempt, handshake: Handshaken) -> str:
    name = handshake.sni or attempt.host.name
    return s_client(attempt.place, attempt.port, name, *options_of(handshake), "-brief")


def _parameters(
    attempt: Attempt, handshake: Handshaken, failed: LegacyOnly | None
) -> Iterator[Finding]:
    """Yield what is wrong with the parameters; ``failed`` where a modern client takes none of them."""
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    command = _command(attempt, handshake)
    cipher, weak = show(handshake.cipher), weakness(handshake)
    if failed is not None and failed.leads(Cause.VERSION):
        yield _too_old(failed, weak, command)
        return
    if is_old(handshake):
        yield found(
            OLD_PROTOCOL,
            where,
            say(
                "{where} agrees on {protocol} at best: strict senders refuse it",
                where=where.name,
                protocol=show(handshake.protocol),
            ),
            say(_NEWER),
            command,
        )
    if weak:
        leads = failed is not None and failed.leads(Cause.CIPHER)
        yield found(
            WEAK_CIPHER,
            failed.where if failed and leads else where,
            say("{where} agrees on {cipher}: {weak}", where=where.name, cipher=cipher, weak=weak)
            + (f"; {failed.consequence}" if failed and leads else ""),
            say(_STRONG_CIPHERS) if failed else say(_NO_WEAK_CIPHERS),
            command,
        )
    elif failed is None and handshake.cipher and not is_forward_secret(handshake):
        yield found(
            NO_FORWARD_SECRECY,
            where,
            say(
                "{where} agrees on {cipher}, which has no forward secrecy: a stolen key opens"
                " recorded mail",
                where=where.name,
                cipher=cipher,
            ),
            say(
                "prefer ECDHE: Postfix: tls_preempt_cipherlist = yes, smtpd_tls_eecdh_grade = auto"
            ),
            command,
        )


def _too_old(failed: LegacyOnly, weak: str, command: str) -> Finding:
    where, legacy = failed.where, failed.legacy
    return found(
        OLD_PROTOCOL,
        where,
        say(
            "{where} speaks {protocol} at best ({cipher}{value}): {consequence}",
            where=where.name,
            protocol=show(legacy.protocol),
            cipher=show(legacy.cipher),
            value=f": {weak}" if weak else "",
            consequence=failed.consequence,
        ),
        say(_NEWER),
        command,
    )


def _agreed(attempt: Attempt, handshake: Handshaken) -> Iterator[Finding]:
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    command = _command(attempt, handshake)
    protocol, cipher = show(handshake.protocol), show(handshake.cipher)
    if not (handshake.presented or handshake.unseen):
        yield found(
            NO_CERTIFICATE,
            where,
            say(
                "{where} finished the handshake without a certificate ({cipher}): nobody is"
                " authenticated",
                where=where.name,
                cipher=cipher,
            ),
            say(
                "give the server a certificate: Postfix: smtpd_tls_chain_files = key.pem, chain.pem"
            ),
            command,
        )
    for alert in handshake.alerts:
        if not alert.fatal and alert.code != _CLOSE_NOTIFY:
            yield found(
                ALERT_BESIDE,
                where,
                say(
                    "a warning alert {alert} ({code}) came with the handshake of {where}",
                    alert=show(alert.name or str(alert.code)),
                    code=alert.code,
                    where=where.name,
                ),
                say("unrecognized_name: let the server know the name in SNI; others: its log"),
                command,
            )
    if not is_old(handshake) and not weakness(handshake) and handshake.presented:
        group = f", {show(handshake.group)}" if handshake.group else ""
        bits = (
            say(" ({cipher_bits} bits)", cipher_bits=handshake.cipher_bits)
            if handshake.cipher_bits
            else ""
        )
        yield found(
            AGREED,
            where,
            say(
                "{protocol} with {cipher}{bits}{group}",
                protocol=protocol,
                cipher=cipher,
                bits=bits,
                group=group,
            ),
            say("nothing to do"),
            command,
        )


def _after(attempt: Attempt) -> Iterator[Finding]:
    for step, exchange, ending in ended_inside(attempt):
        # RFC 8446 4.4.2.4: in TLS 1.3 a missing client certificate is refused after the handshake
        where = at_attempt(attempt, step)
        said = show(exchange.command.rstrip(), 60)
        asked = attempt.handshake is not None and attempt.handshake.facts.client_certificate
        yield found(
            ALERT_AFTER,
            where,
            say(
                _DEMANDS if asked else _MAY_DEMAND,
                where=where.name,
                when=say("at {said}", said=said) if said else say("before any command"),
                detail=detail_of(attempt, ending),
            ),
            say(
                "do not ask senders for a client certificate on port 25: Postfix:"
                " smtpd_tls_req_ccert = no; Exim: tls_verify_hosts empty"
            ),
            again(attempt, step),
        )
