"""The name in SNI, held against one more connection that sends none (RFC 6066 3).

Mail servers differ in whether they name the server, so both kinds of senders have to get through.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import as_seen_by, completed
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Handshaken, LookedAgain
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.agreed import agreed, ended_how
from mxwalk.findings.commands import s_client
from mxwalk.findings.identity_case import IdentityCase
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import named
from mxwalk.findings.raising import at_attempt, current, entry, found, show
from mxwalk.identity.presented import presented_ids
from mxwalk.language import noted, say
from mxwalk.tls.certificate import read_certificate

_R = Owner.RECEIVER
SNI_NEEDED = entry("TLS010", Severity.ERROR, _R, "no handshake without SNI", "RFC 6066 3")
OTHER_WITHOUT_SNI = entry(
    "TLS011", Severity.NOTICE, _R, "another certificate without SNI", "RFC 6066 3"
)
NAME_REFUSED = entry("TLS012", Severity.ERROR, _R, "the name in SNI is refused", "RFC 6066 3")

ENTRIES = (SNI_NEEDED, OTHER_WITHOUT_SNI, NAME_REFUSED)

_INCONCLUSIVE = (
    EndingKind.CANCELLED,
    EndingKind.LOCAL,
    EndingKind.TIMEOUT,
    EndingKind.TOO_LONG,
)
_NAMELESS = noted("Postfix and Exim send no name unless they do DANE")


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the name changes."""
    for attempt in current(delivery):
        handshake = attempt.handshake
        if handshake is None:
            continue
        if handshake.ending is None:
            yield from _without_name(attempt, handshake)
        elif agreed(attempt) is None and completed(attempt, StepKind.WITHOUT_SNI) is not None:
            yield _name_refused(attempt, handshake)


def _name_refused(attempt: Attempt, handshake: Handshaken) -> Finding:
    where = at_attempt(attempt, StepKind.WITHOUT_SNI)
    return found(
        NAME_REFUSED,
        where,
        say(
            "{where} refuses the name {sni} in SNI ({ended_how}) and takes a client that"
            " sends none: senders that name the server fail, among them all that do DANE or"
            " MTA-STS",
            where=where.name,
            sni=show(handshake.sni, 100),
            ended_how=ended_how(handshake),
        ),
        say(
            "configure the name {sni}, or ignore unknown names: Postfix: tls_server_sni_maps;"
            " Exim: tls_certificate with ${{tls_in_sni}}",
            sni=show(handshake.sni, 100),
        ),
        s_client(attempt.place, attempt.port, handshake.sni or attempt.host.name),
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
            say(
                "{where} refuses a client that does not name it in SNI ({ended_how}) and"
                " takes one that sends {sni}: {nameless}",
                where=where.name,
                ended_how=ended_how(look.handshake),
                sni=show(handshake.sni, 100),
                nameless=say(_NAMELESS),
            ),
            say(
                "serve a default certificate for clients without SNI: Postfix:"
                " smtpd_tls_chain_files besides tls_server_sni_maps; HAProxy: no strict-sni;"
                " nginx: no ssl_reject_handshake"
            ),
            s_client(attempt.place, attempt.port, "", "-noservername"),
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
        say(
            "{where} shows one certificate ({named}) for the name {sni} and another"
            " ({named_2}) without one{value}; {nameless}",
            where=where.name,
            named=named(read_certificate(named_one[0])),
            sni=show(handshake.sni, 100),
            named_2=named(read_certificate(nameless[0])),
            value=f": {worse}" if worse else "",
            nameless=say(_NAMELESS),
        ),
        say(
            "make the certificate for {sni} the default one: Postfix: smtpd_tls_chain_files;"
            " Exim: tls_certificate without ${{tls_in_sni}}",
            sni=show(handshake.sni, 100),
        ),
        s_client(attempt.place, attempt.port, "", "-noservername", "-showcerts"),
        Severity.WARNING if worse else None,
    )


def _worse(attempt: Attempt, look: LookedAgain) -> str:
    """Say what the certificate without SNI fails in, and the other does not."""
    before = attempt.chain
    if look.chain is not None and look.chain.errors and before is not None and not before.errors:
        error = look.chain.errors[0]
        return say(
            "that one is not trusted ({error})", error=show(error.name or str(error.code), 80)
        )
    if _names_fit(attempt) and not _names_fit(as_seen_by(attempt, StepKind.WITHOUT_SNI)):
        return say("that one does not have the names senders look for")
    return ""


def _names_fit(attempt: Attempt) -> bool:
    handshake, gathered = attempt.handshake, attempt.identity
    if handshake is None or gathered is None or not handshake.presented:
        return False
    case = IdentityCase(attempt, gathered, presented_ids(handshake.presented[0]))
    return case.verify.verified or case.hosted.verified
