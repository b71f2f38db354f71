"""What the handshake agreed on: protocol, cipher, key exchange, and alerts besides.

RFC 8996 (TLS 1.0 and 1.1 are gone), RFC 9325 (recommended parameters), RFC 7465 (no RC4).
"""

import re
from collections.abc import Iterator

from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.step import Handshaken, StepKind
from mxwalk.findings.again import again
from mxwalk.findings.agreed import agreed, ended_inside
from mxwalk.findings.commands import options_of, s_client
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import at_attempt, current, entry, found, show

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

_MODERN = ("TLSv1.2", "TLSv1.3")
_WEAK = re.compile(
    r"RC4|3DES|DES-CBC|(?<![A-Z0-9])DES(?![A-Z0-9])|NULL|EXP|RC2|ADH|AECDH|ANON|IDEA"
)
_EPHEMERAL = re.compile(r"ECDHE|(?<!EC)DHE|EDH|^TLS_(AES|CHACHA20)|ADH|AECDH")
_CLOSE_NOTIFY = 0


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the finished handshakes show."""
    for attempt in current(delivery):
        seen = agreed(attempt)
        if seen is not None:
            yield from _parameters(*seen)
        if seen is not None and attempt.tls_is_up:
            yield from _agreed(*seen)
        yield from _after(attempt)


def _command(attempt: Attempt, handshake: Handshaken) -> str:
    name = handshake.sni or attempt.host.name
    return s_client(attempt.address, attempt.port, name, *options_of(handshake), "-brief")


def _parameters(attempt: Attempt, handshake: Handshaken) -> Iterator[Finding]:
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    command = _command(attempt, handshake)
    protocol, cipher = show(handshake.protocol), show(handshake.cipher)
    weak = _weakness(handshake)
    if _old(handshake):
        yield found(
            OLD_PROTOCOL,
            where,
            f"{where.name} agrees on {protocol} at best: strict senders refuse it",
            "Postfix: smtpd_tls_protocols = >=TLSv1.2 with a current OpenSSL; Exchange: SCHANNEL"
            " Protocols\\TLS 1.2\\Server Enabled=1; ESA: sslconfig / INBOUND",
            command,
        )
    if weak:
        yield found(
            WEAK_CIPHER,
            where,
            f"{where.name} agrees on {cipher}: {weak}",
            "Postfix: smtpd_tls_mandatory_ciphers = high and smtpd_tls_exclude_ciphers = aNULL, RC4,"
            " 3DES; Exim: tls_require_ciphers = HIGH:!aNULL:!3DES:!RC4",
            command,
        )
    elif handshake.cipher and not _forward_secret(handshake):
        yield found(
            NO_FORWARD_SECRECY,
            where,
            f"{where.name} agrees on {cipher}, which has no forward secrecy: a stolen key opens"
            " recorded mail",
            "prefer ECDHE: Postfix: tls_preempt_cipherlist = yes, smtpd_tls_eecdh_grade = auto",
            command,
        )


def _agreed(attempt: Attempt, handshake: Handshaken) -> Iterator[Finding]:
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    command = _command(attempt, handshake)
    protocol, cipher = show(handshake.protocol), show(handshake.cipher)
    if not handshake.presented:
        yield found(
            NO_CERTIFICATE,
            where,
            f"{where.name} finished the handshake without a certificate ({cipher}): nobody is"
            " authenticated",
            "give the server a certificate: Postfix: smtpd_tls_chain_files = key.pem, chain.pem",
            command,
        )
    for alert in handshake.alerts:
        if not alert.fatal and alert.code != _CLOSE_NOTIFY:
            yield found(
                ALERT_BESIDE,
                where,
                f"a warning alert {show(alert.name or str(alert.code))} ({alert.code}) came with"
                f" the handshake of {where.name}",
                "unrecognized_name: let the server know the name in SNI; others: its log",
                command,
            )
    if not _old(handshake) and not _weakness(handshake) and handshake.presented:
        group = f", {show(handshake.group)}" if handshake.group else ""
        bits = f" ({handshake.cipher_bits} bits)" if handshake.cipher_bits else ""
        yield found(
            AGREED, where, f"{protocol} with {cipher}{bits}{group}", "nothing to do", command
        )


def _old(handshake: Handshaken) -> bool:
    return bool(handshake.protocol) and handshake.protocol not in _MODERN


def _weakness(handshake: Handshaken) -> str:
    name = handshake.cipher.upper()
    hit = _WEAK.search(name)
    if hit:
        reasons = {"NULL": "it does not encrypt", "RC4": "RC4 is forbidden (RFC 7465 2)"}
        anonymous = "nobody is authenticated" if hit.group() in ("ADH", "AECDH", "ANON") else ""
        return reasons.get(hit.group(), anonymous or f"{hit.group()} can be broken")
    if 0 < handshake.cipher_bits < 112:  # RFC 9325 4.1
        return f"{handshake.cipher_bits} bits are too few"
    return ""


def _forward_secret(handshake: Handshaken) -> bool:
    return handshake.protocol == "TLSv1.3" or bool(_EPHEMERAL.search(handshake.cipher.upper()))


def _after(attempt: Attempt) -> Iterator[Finding]:
    for step, exchange, ending in ended_inside(attempt):
        # RFC 8446 4.4.2.4: in TLS 1.3 a missing client certificate is refused after the handshake
        where = at_attempt(attempt, step)
        said = show(exchange.command.rstrip(), 60)
        asked = attempt.handshake is not None and attempt.handshake.facts.client_certificate
        yield found(
            ALERT_AFTER,
            where,
            f"{where.name} ends TLS after the handshake,"
            f" {f'at {said}' if said else 'before any command'}: {show(ending.detail)};"
            + (
                " it had asked for a client certificate and demands one"
                if asked
                else " it may demand a client certificate"
            ),
            "do not ask senders for a client certificate on port 25: Postfix: smtpd_tls_req_ccert"
            " = no; Exim: tls_verify_hosts empty",
            again(attempt, step),
        )
