"""What the handshake's messages showed beside version and cipher: requests, extensions, short keys.

RFC 7627, RFC 5746, RFC 9325.  A feature that was not seen because the handshake did not come so far
raises nothing.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import Support
from mxwalk.evidence.step import StepKind
from mxwalk.findings.agreed import agreed, ended_inside
from mxwalk.findings.commands import options_of, s_client
from mxwalk.findings.failure import Cause, LegacyOnly, legacy_only
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.parameters import PRIME_BITS, short_prime
from mxwalk.findings.raising import Where, at_attempt, current, entry, found, show
from mxwalk.language import say, say_many
from mxwalk.tls.authority_names import authority_name

_R = Owner.RECEIVER
ASKS_CERTIFICATE = entry(
    "TLS013", Severity.NOTICE, _R, "a client certificate is asked for", "RFC 8446 4.3.2"
)
NO_EXTENDED_SECRET = entry(
    "TLS014", Severity.NOTICE, _R, "no Extended Master Secret", "RFC 7627 5.2"
)
NO_SECURE_RENEGOTIATION = entry(
    "TLS015", Severity.WARNING, _R, "no secure renegotiation", "RFC 5746 4.1"
)
SHORT_PRIME = entry("TLS016", Severity.WARNING, _R, "a short Diffie-Hellman prime", "RFC 9325 4.5")

ENTRIES = (ASKS_CERTIFICATE, NO_EXTENDED_SECRET, NO_SECURE_RENEGOTIATION, SHORT_PRIME)

_AUTHORITIES = 3  # named in a sentence


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the first completed handshake of each connection shows."""
    for attempt in current(delivery):
        seen = agreed(attempt)
        if seen is None:
            continue
        shown, handshake = seen
        failed = legacy_only(attempt)
        yield from _asks_certificate(shown, handshake)
        if failed is None or not failed.leads(Cause.VERSION):  # else one update mends all of it
            yield from _extensions(shown, handshake, failed)
            yield from _prime(shown, handshake, failed)


def _command(attempt: Attempt, handshake: Handshaken, line: str = "") -> str:
    """Return the command that shows the handshake, or the line of its output that says it."""
    name = handshake.sni or attempt.host.name
    whole = s_client(attempt.place, attempt.port, name, *options_of(handshake))
    return f"{whole} | grep -i '{line}'" if line else whole


def _asks_certificate(attempt: Attempt, handshake: Handshaken) -> Iterator[Finding]:
    asked = handshake.facts.client_certificate
    if asked is None or any(ended_inside(attempt)):  # the latter is told as TLS006
        return
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    names = ", ".join(show(authority_name(one), 80) for one in asked.authorities[:_AUTHORITIES])
    more = asked.authority_count - min(len(asked.authorities), _AUTHORITIES)
    rest = (
        say(" and {more}", more=say_many("{n} other", "{n} others", more))
        if names and more > 0
        else ""
    )
    whose = say("of {names}{rest}", names=names, rest=rest) if names else say("of any CA")
    yield found(
        ASKS_CERTIFICATE,
        where,
        say(
            "{where} asks for a client certificate {whose}; the handshake went on without one",
            where=where.name,
            whose=whose,
        ),
        say(
            "nothing to do where partners show certificates; otherwise spare senders the"
            " request: Postfix: smtpd_tls_ask_ccert = no; Exim: tls_try_verify_hosts empty"
        ),
        _command(attempt, handshake),
    )


def _extensions(
    attempt: Attempt, handshake: Handshaken, failed: LegacyOnly | None
) -> Iterator[Finding]:
    where, facts = at_attempt(attempt, StepKind.HANDSHAKE), handshake.facts
    if facts.extended_master_secret is Support.NO:
        yield found(
            NO_EXTENDED_SECRET,
            where,
            say(
                "{where} agrees on {protocol} without Extended Master Secret: someone in the"
                " middle may make two connections share their keys",
                where=where.name,
                protocol=show(handshake.protocol),
            ),
            say(
                "update the server's TLS library (OpenSSL 1.1.0, SCHANNEL of 2015, or newer),"
                " or use TLS 1.3"
            ),
            _command(attempt, handshake, "extended master"),
        )
    if facts.secure_renegotiation is Support.NO:
        yield found(
            NO_SECURE_RENEGOTIATION,
            _place(where, failed, Cause.RENEGOTIATION),
            say(
                "{where} does not know secure renegotiation: clients with OpenSSL 3 break"
                ' such a handshake off ("unsafe legacy renegotiation disabled"){consequence}',
                where=where.name,
                consequence=_consequence(failed, Cause.RENEGOTIATION),
            ),
            say(
                "update the server's TLS library, or the device in front of it; every one"
                " since 2010 knows it"
            ),
            _command(attempt, handshake, "renegotiation"),
            Severity.ERROR if failed else None,
        )


def _prime(attempt: Attempt, handshake: Handshaken, failed: LegacyOnly | None) -> Iterator[Finding]:
    bits = short_prime(handshake)
    if not bits:
        return
    where = at_attempt(attempt, StepKind.HANDSHAKE)
    yield found(
        SHORT_PRIME,
        _place(where, failed, Cause.PRIME),
        say(
            "{where} uses a Diffie-Hellman prime of {bits} bits with {cipher}: {prime_bits}"
            ' is the least, and OpenSSL at security level 2 refuses it ("dh key too'
            ' small"){consequence}',
            where=where.name,
            bits=bits,
            cipher=show(handshake.cipher),
            prime_bits=PRIME_BITS,
            consequence=_consequence(failed, Cause.PRIME),
        ),
        say(
            "Postfix: smtpd_tls_dh1024_param_file = auto; Exim: tls_dhparam = ffdhe2048; or"
            " offer ECDHE in its place"
        ),
        _command(attempt, handshake, "temp key"),
        Severity.ERROR if failed else None,
    )


def _place(where: Where, failed: LegacyOnly | None, cause: Cause) -> Where:
    return failed.where if failed and failed.leads(cause) else where


def _consequence(failed: LegacyOnly | None, cause: Cause) -> str:
    return f"; {failed.consequence}" if failed and failed.leads(cause) else ""
