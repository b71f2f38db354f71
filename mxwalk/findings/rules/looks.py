"""What one more connection with another ClientHello showed: old TLS, a large hello.

RFC 8446 4.1.2, RFC 8996.  The walk's own handshake is that of a modern client; a server
that only another one reaches fails for the modern ones.
"""

from collections.abc import Iterator

from mxwalk.delivery.looks import completed
from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.handshake import Support
from mxwalk.evidence.step import Handshaken, StepKind
from mxwalk.findings.agreed import ended_how
from mxwalk.findings.commands import options_of, s_client
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import at_attempt, count, current, entry, found, show
from mxwalk.tls.certificate import read_certificate

_R = Owner.RECEIVER
LEGACY_ONLY = entry("TLS008", Severity.ERROR, _R, "only a legacy client gets through", "RFC 9325 3")
LARGE_HELLO = entry(
    "TLS009", Severity.ERROR, _R, "a large ClientHello does not get through", "RFC 8446 4.1.2"
)

ENTRIES = (LEGACY_ONLY, LARGE_HELLO)

_SHORT_PRIME = _SHORT_KEY = 2_048  # RFC 9325 4.5


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the looks show beside the walk's own handshake."""
    for attempt in current(delivery):
        handshake = attempt.handshake
        if handshake is None or handshake.ending is None:
            continue
        classic = completed(attempt, StepKind.CLASSIC_GROUPS)
        legacy = completed(attempt, StepKind.LEGACY_TLS)
        if classic is not None and classic.handshake is not None:
            yield _large_hello(attempt, handshake, classic.handshake)
        elif legacy is not None and legacy.handshake is not None:
            yield _legacy(attempt, handshake, legacy.handshake)


def _legacy(attempt: Attempt, modern: Handshaken, legacy: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.LEGACY_TLS)
    odd = _old_fashioned(legacy)
    with_these = f" with {' and '.join(odd)}" if odd else ""
    refused_by_all = legacy.facts.secure_renegotiation is Support.NO  # by every OpenSSL 3
    others = "" if refused_by_all else ", while an opportunistic Postfix still encrypts"
    return found(
        LEGACY_ONLY,
        where,
        f"{where.name} does not agree with a modern client (TLS 1.2 and 1.3: {ended_how(modern)}); a"
        f" legacy client gets {show(legacy.protocol)} {show(legacy.cipher)}{with_these}; strict senders"
        f" fail or send in clear, Exchange Online among them{others}",
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


def _old_fashioned(handshake: Handshaken) -> list[str]:
    """Name what else a modern client refuses; version and cipher are named already."""
    key, found_odd = handshake.facts.temp_key, []
    if key is not None and key.method == "DHE" and 0 < key.bits < _SHORT_PRIME:
        found_odd.append(f"a Diffie-Hellman prime of {key.bits} bits")
    if handshake.signature.lower().endswith(("sha1", "md5")):
        found_odd.append(f"its handshake signed by {show(handshake.signature)}")
    if handshake.presented:
        own = read_certificate(handshake.presented[0]).key
        if own.type in ("RSA", "RSA-PSS", "DSA") and 0 < own.bits < _SHORT_KEY:
            found_odd.append(f"a key of {own.bits} bits")
    if handshake.facts.secure_renegotiation is Support.NO:
        found_odd.append("no secure renegotiation")
    return found_odd


def _large_hello(attempt: Attempt, modern: Handshaken, classic: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.CLASSIC_GROUPS)
    large, small = modern.facts.client_hello_octets, classic.facts.client_hello_octets
    sizes = f" of {count(large, 'octet')}" if large else ""
    smaller = f" of {count(small, 'octet')}" if small else ""
    return found(
        LARGE_HELLO,
        where,
        f"{where.name} dies of a ClientHello{sizes} with a hybrid post-quantum group"
        f" ({ended_how(modern)}) and takes one{smaller} without ({show(classic.protocol)}"
        f" {show(classic.cipher)}): a firewall or an old TLS stack cannot take a ClientHello of two"
        " packets; senders with OpenSSL 3.5, Go 1.24 or newer, fail",
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
