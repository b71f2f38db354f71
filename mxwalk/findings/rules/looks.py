"""What one more connection with another ClientHello showed: old TLS, a large hello.

RFC 8446 4.1.2, RFC 8996.  The walk's own handshake is that of a modern client; a server
that only another one reaches fails for the modern ones.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import completed
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.step import StepKind
from mxwalk.findings.agreed import ended_how
from mxwalk.findings.commands import options_of, s_client
from mxwalk.findings.failure import Cause, LegacyOnly, legacy_only
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.parameters import is_forward_secret
from mxwalk.findings.raising import at_attempt, current, entry, found, show
from mxwalk.language import noted, say, say_many
from mxwalk.tls.certificate import read_certificate

_R = Owner.RECEIVER
LEGACY_ONLY = entry("TLS008", Severity.ERROR, _R, "only a legacy client gets through", "RFC 9325 3")
LARGE_HELLO = entry(
    "TLS009", Severity.WARNING, _R, "a large ClientHello does not get through", "RFC 8446 4.1.2"
)

ENTRIES = (LEGACY_ONLY, LARGE_HELLO)

_SHORT_KEY = 2_048  # RFC 9325 4.5
_ECDHE = noted(
    "offer ECDHE with AES-GCM: Postfix: smtpd_tls_ciphers = medium or high without"
    " excluding it, smtpd_tls_eecdh_grade = auto; Exim: tls_require_ciphers ="
    " HIGH:!aNULL, tls_eccurve = auto"
)
_SHA256 = noted(
    "let the server sign with SHA-256: update its TLS library, and take SHA-1 out of what"
    " it is set to (OpenSSL: SignatureAlgorithms in openssl.cnf)"
)
_LONGER_KEY = noted("make a key of 2048 bits RSA or P-256 and have it certified")


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the looks show beside the walk's own handshake."""
    for attempt in current(delivery):
        handshake = attempt.handshake
        if handshake is None or handshake.ending is None:
            continue
        classic = completed(attempt, StepKind.CLASSIC_GROUPS)
        failed = legacy_only(attempt)
        if classic is not None and classic.handshake is not None:
            yield _large_hello(attempt, handshake, classic.handshake)
        elif failed is not None and failed.leads(Cause.OTHER):
            yield _legacy(attempt, failed)


def _legacy(attempt: Attempt, failed: LegacyOnly) -> Finding:
    """Tell the failure where no other code names its cause: version, cipher and prime are modern."""
    where, legacy = failed.where, failed.legacy
    odd = _odd(legacy)
    with_these = (
        say(" with {words}", words=say(" and ").join((words for words, _ in odd))) if odd else ""
    )
    return found(
        LEGACY_ONLY,
        where,
        say(
            "{where} gives a legacy client {protocol} {cipher}{with_these} and a modern one"
            " nothing: {consequence}",
            where=where.name,
            protocol=show(legacy.protocol),
            cipher=show(legacy.cipher),
            with_these=with_these,
            consequence=failed.consequence,
        ),
        "; ".join(fix for _, fix in odd)
        or say("update the mail server's TLS library, then walk again"),
        s_client(
            attempt.address,
            attempt.port,
            legacy.sni or attempt.host.name,
            *options_of(legacy),
            "-brief",
        ),
    )


def _odd(handshake: Handshaken) -> list[tuple[str, str]]:
    """Name what a modern client may not take, each with what mends it."""
    odd = []
    if not is_forward_secret(handshake):
        odd.append((say("no forward secrecy"), say(_ECDHE)))
    if handshake.signature.lower().endswith(("sha1", "md5")):
        odd.append(
            (
                say("its handshake signed by {signature}", signature=show(handshake.signature)),
                say(_SHA256),
            )
        )
    if handshake.presented:
        own = read_certificate(handshake.presented[0]).key
        if own.type in ("RSA", "RSA-PSS", "DSA") and 0 < own.bits < _SHORT_KEY:
            odd.append((say("a key of {bits} bits", bits=own.bits), say(_LONGER_KEY)))
    return odd


def _large_hello(attempt: Attempt, modern: Handshaken, classic: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.CLASSIC_GROUPS)
    large, small = modern.facts.client_hello_octets, classic.facts.client_hello_octets
    sizes = say(" of {large}", large=say_many("{n} octet", "{n} octets", large)) if large else ""
    smaller = say(" of {small}", small=say_many("{n} octet", "{n} octets", small)) if small else ""
    return found(
        LARGE_HELLO,
        where,
        say(
            "{where} does not take a ClientHello{sizes}, which is two packets for its hybrid"
            " post-quantum group ({ended_how}), and takes one{smaller} without it ({protocol}"
            " {cipher}): senders that offer it (OpenSSL 3.5, Go 1.24 or newer) fail, all"
            " others get through",
            where=where.name,
            sizes=sizes,
            ended_how=ended_how(modern),
            smaller=smaller,
            protocol=show(classic.protocol),
            cipher=show(classic.cipher),
        ),
        say(
            "let the firewall pass it or switch its TLS or SMTP inspection off; update the"
            " TLS stack or the load balancer in front of the server"
        ),
        s_client(
            attempt.address,
            attempt.port,
            modern.sni or attempt.host.name,
            "-groups",
            "X25519MLKEM768:X25519",
        ),
    )
