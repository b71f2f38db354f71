"""What one more connection with another ClientHello showed: old TLS, a large hello, the name in SNI.

RFC 8446 4.1.2, RFC 8996, RFC 6066 3.  The walk's own handshake is that of a modern client; a server
that only another one reaches fails for the modern ones.
"""

from collections.abc import Iterator

from mxwalk.delivery.looks import as_seen_by, completed
from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.step import Handshaken, LookedAgain, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.commands import options_of, s_client
from mxwalk.findings.identity_case import IdentityCase
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import named
from mxwalk.findings.raising import at_attempt, count, current, entry, found, show
from mxwalk.identity.presented import presented_ids
from mxwalk.tls.certificate import read_certificate

_R = Owner.RECEIVER
LEGACY_ONLY = entry("TLS008", Severity.ERROR, _R, "only a legacy client gets through", "RFC 9325 3")
LARGE_HELLO = entry(
    "TLS009", Severity.ERROR, _R, "a large ClientHello does not get through", "RFC 8446 4.1.2"
)
SNI_NEEDED = entry("TLS010", Severity.ERROR, _R, "no handshake without SNI", "RFC 6066 3")
OTHER_WITHOUT_SNI = entry(
    "TLS011", Severity.NOTICE, _R, "another certificate without SNI", "RFC 6066 3"
)
NAME_REFUSED = entry("TLS012", Severity.ERROR, _R, "the name in SNI is refused", "RFC 6066 3")

ENTRIES = (LEGACY_ONLY, LARGE_HELLO, SNI_NEEDED, OTHER_WITHOUT_SNI, NAME_REFUSED)

_INCONCLUSIVE = (EndingKind.CANCELLED, EndingKind.LOCAL, EndingKind.TIMEOUT)
_NAMELESS = "Postfix and Exim send no name unless they do DANE"
_SHORT_PRIME = 2_048  # RFC 9325 4.5


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the looks show beside the walk's own handshake."""
    for attempt in current(delivery):
        handshake = attempt.handshake
        if handshake is None:
            continue
        if handshake.ending is None:
            yield from _without_name(attempt, handshake)
            continue
        classic = completed(attempt, StepKind.CLASSIC_GROUPS)
        legacy = completed(attempt, StepKind.LEGACY_TLS)
        nameless = completed(attempt, StepKind.WITHOUT_SNI)
        if classic is not None and classic.handshake is not None:
            yield _large_hello(attempt, handshake, classic.handshake)
        elif legacy is not None and legacy.handshake is not None:
            yield _legacy(attempt, handshake, legacy.handshake)
        if nameless is not None and not (classic or legacy):
            yield _name_refused(attempt, handshake)


def _how(handshake: Handshaken) -> str:
    """Say in a few words how a handshake ended."""
    fatal = next((alert for alert in handshake.alerts if alert.fatal), None)
    if fatal is not None:
        return f"alert {show(fatal.name or str(fatal.code))} ({fatal.code})"
    if handshake.ending is None:
        return "it stands"
    return {
        EndingKind.RESET: "the connection is reset",
        EndingKind.CLOSED: "the connection is closed",
        EndingKind.HALF_CLOSED: "the connection is closed",
        EndingKind.TIMEOUT: "nothing comes back",
    }.get(handshake.ending.kind, show(handshake.ending.detail))


def _legacy(attempt: Attempt, modern: Handshaken, legacy: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.LEGACY_TLS)
    key = legacy.facts.temp_key
    short = key is not None and key.method == "DHE" and 0 < key.bits < _SHORT_PRIME
    prime = f" with a Diffie-Hellman prime of {key.bits} bits" if key is not None and short else ""
    return found(
        LEGACY_ONLY,
        where,
        f"{where.name} does not agree with a modern client (TLS 1.2 and 1.3: {_how(modern)}); a legacy"
        f" client gets {show(legacy.protocol)} {show(legacy.cipher)}{prime}; senders with a current"
        " OpenSSL or SCHANNEL, Exchange Online among them, fail like the modern client",
        "update the mail server's TLS library, enable TLS 1.2 with ECDHE: Postfix: smtpd_tls_protocols"
        " = >=TLSv1.2, smtpd_tls_dh1024_param_file = auto; Exchange: SCHANNEL Protocols\\TLS"
        " 1.2\\Server Enabled=1",
        s_client(
            attempt.address,
            attempt.port,
            legacy.sni or attempt.host.name,
            *options_of(legacy),
            "-brief",
        ),
    )


def _large_hello(attempt: Attempt, modern: Handshaken, classic: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.CLASSIC_GROUPS)
    large, small = modern.facts.client_hello_octets, classic.facts.client_hello_octets
    sizes = f" of {count(large, 'octet')}" if large else ""
    smaller = f" of {count(small, 'octet')}" if small else ""
    return found(
        LARGE_HELLO,
        where,
        f"{where.name} dies of a ClientHello{sizes} with a hybrid post-quantum group ({_how(modern)})"
        f" and takes one{smaller} without ({show(classic.protocol)} {show(classic.cipher)}): a firewall"
        " or an old TLS stack cannot take a ClientHello of two packets; senders with OpenSSL 3.5, Go"
        " 1.24 or newer, fail",
        "let the firewall pass it or switch its TLS or SMTP inspection off; update the TLS stack or"
        " the load balancer in front of the server",
        s_client(
            attempt.address,
            attempt.port,
            modern.sni or attempt.host.name,
            "-groups",
            "X25519MLKEM768:X25519",
        ),
    )


def _name_refused(attempt: Attempt, handshake: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.WITHOUT_SNI)
    return found(
        NAME_REFUSED,
        where,
        f"{where.name} refuses the name {show(handshake.sni, 100)} in SNI ({_how(handshake)}) and"
        " takes a client that sends none: senders that name the server fail, among them all that do"
        " DANE or MTA-STS",
        f"configure the name {show(handshake.sni, 100)}, or ignore unknown names: Postfix:"
        " tls_server_sni_maps; Exim: tls_certificate with ${tls_in_sni}",
        s_client(attempt.address, attempt.port, handshake.sni or attempt.host.name),
    )


def _without_name(attempt: Attempt, handshake: Handshaken) -> Iterator[Finding]:
    look = attempt.look(StepKind.WITHOUT_SNI)
    if look is None or look.handshake is None or not handshake.sni:
        return
    ending = look.handshake.ending
    if ending is None:
        yield from _other_certificate(attempt, handshake, look)
    elif ending.kind not in _INCONCLUSIVE:
        where = at_attempt(attempt, StepKind.WITHOUT_SNI)
        yield found(
            SNI_NEEDED,
            where,
            f"{where.name} completes the handshake for the name {show(handshake.sni, 100)} and"
            f" refuses a client that sends no name ({_how(look.handshake)}): {_NAMELESS}",
            "serve a default certificate for clients without SNI: Postfix: smtpd_tls_chain_files"
            " besides tls_server_sni_maps; HAProxy: no strict-sni; nginx: no ssl_reject_handshake",
            s_client(attempt.address, attempt.port, "", "-noservername"),
        )


def _other_certificate(
    attempt: Attempt, handshake: Handshaken, look: LookedAgain
) -> Iterator[Finding]:
    named_one, nameless = handshake.presented[:1], look.presented[:1]
    if not named_one or not nameless or named_one == nameless:
        return
    where = at_attempt(attempt, StepKind.WITHOUT_SNI)
    worse = _worse(attempt, look)
    yield found(
        OTHER_WITHOUT_SNI,
        where,
        f"{where.name} shows one certificate ({named(read_certificate(named_one[0]))}) for the name"
        f" {show(handshake.sni, 100)} and another ({named(read_certificate(nameless[0]))}) without"
        " one"
        f"{f': {worse}' if worse else ''}; {_NAMELESS}",
        f"make the certificate for {show(handshake.sni, 100)} the default one: Postfix:"
        " smtpd_tls_chain_files; Exim: tls_certificate without ${tls_in_sni}",
        s_client(attempt.address, attempt.port, "", "-noservername", "-showcerts"),
        Severity.WARNING if worse else None,
    )


def _worse(attempt: Attempt, look: LookedAgain) -> str:
    """Say what the certificate without SNI fails in, and the other does not."""
    before = attempt.chain
    if look.chain is not None and look.chain.errors and before is not None and not before.errors:
        error = look.chain.errors[0]
        return f"that one is not trusted ({show(error.name or str(error.code), 80)})"
    if _names_fit(attempt) and not _names_fit(as_seen_by(attempt, StepKind.WITHOUT_SNI)):
        return "that one does not have the names senders look for"
    return ""


def _names_fit(attempt: Attempt) -> bool:
    handshake, gathered = attempt.handshake, attempt.identity
    if handshake is None or gathered is None or not handshake.presented:
        return False
    case = IdentityCase(attempt, gathered, presented_ids(handshake.presented[0]))
    return case.verify.verified or case.hosted.verified
