"""A stapled OCSP response that the certificate promises (RFC 7633, RFC 6066 8)."""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import named
from mxwalk.findings.raising import at_attempt, current, entry, found, show
from mxwalk.language import say
from mxwalk.revocation.model import Staple
from mxwalk.tls.certificate import read_certificate

_R = Owner.RECEIVER
NOT_STAPLED = entry(
    "REVO009", Severity.WARNING, _R, "a staple is demanded and missing", "RFC 7633 4.2.3"
)

ENTRIES = (NOT_STAPLED,)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield where a response is demanded and no usable one came."""
    for attempt in current(delivery):
        yield from _staple(attempt, examined(attempt))


def _staple(attempt: Attempt, shown: Attempt) -> Iterator[Finding]:
    handshake = shown.handshake
    if handshake is None or not handshake.presented:
        return
    leaf = read_certificate(handshake.presented[0])
    of_leaf = next((one for one in standings(attempt) if one.depth == 0), None)
    unusable = of_leaf is not None and of_leaf.staple is Staple.REQUIRED_UNUSABLE
    if not leaf.must_staple or (handshake.ocsp_staple and not unusable):
        return
    where = at_attempt(shown, StepKind.HANDSHAKE)
    said = (
        of_leaf.staple_sentence
        if of_leaf is not None and unusable
        else say("it demands a stapled OCSP response (must-staple), and the server sent none")
    )
    yield found(
        NOT_STAPLED,
        where,
        say(
            "the server's certificate {named} of {where}: {said}; strict clients refuse it,"
            " mail servers do not look",
            named=named(leaf),
            where=where.name,
            said=show(said, 300),
        ),
        say(
            "Exim: tls_ocsp_file; Postfix cannot staple: have the certificate issued without"
            " must-staple (certbot without --must-staple)"
        ),
        s_client(attempt.place, attempt.port, handshake.sni or attempt.host.name, "-status"),
    )
