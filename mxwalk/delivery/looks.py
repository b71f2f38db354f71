"""One more look at an address with another ClientHello, and a connection as that look shows it.

The walk's first handshake offers what a modern client offers.  Where it fails, the walk looks again
without hybrid groups, then as a legacy client (RFC 8996: such clients are refused by others); on
request also without server_name and for the leaf of the other key type.
"""

from dataclasses import replace

from msgspec import structs

from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.connection import Exchanged, Handshaken, LookedAgain, RevocationChecked
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import EndingKind
from mxwalk.smtp.replies import parse_reply

LOOKS = (
    StepKind.CLASSIC_GROUPS,
    StepKind.LEGACY_TLS,
    StepKind.WITHOUT_SNI,
    StepKind.OTHER_LEAF,
)
_AFTERWARDS = (StepKind.EHLO_TLS, StepKind.MAIL, StepKind.RCPT, StepKind.RSET, StepKind.QUIT)
_CUT_OFF = (EndingKind.RESET, EndingKind.CLOSED, EndingKind.HALF_CLOSED)
_UNRECOGNIZED_NAME, _PROTOCOL_VERSION = 112, 70  # RFC 8446 6


def looks_of(attempt: Attempt) -> tuple[tuple[Step, LookedAgain], ...]:
    """Return the looks made beside a connection, in order."""
    return tuple(
        (step, step.evidence) for step in attempt.steps if isinstance(step.evidence, LookedAgain)
    )


def retried_as(handshake: Handshaken) -> tuple[StepKind, ...]:
    """Return the looks that a failed handshake gives reason for, in order; none for one that stands.

    A ClientHello above one packet is what some middleboxes die of, without a ServerHello or an alert
    that says why; the small one tells.  A timeout after it says nothing about versions or ciphers.
    """
    ending = handshake.ending
    if ending is None or handshake.offer is not Offer.MODERN:
        return ()
    answered = bool(handshake.protocol)
    codes = {alert.code for alert in handshake.alerts}
    if _UNRECOGNIZED_NAME in codes:  # the name is what it does not like
        return ()
    match ending.kind:
        case EndingKind.TIMEOUT if not answered:
            return (StepKind.CLASSIC_GROUPS,)
        case EndingKind.TLS_ALERT if answered or _PROTOCOL_VERSION in codes:
            return (StepKind.LEGACY_TLS,)
        case EndingKind.TLS_ERROR if answered:
            return (StepKind.LEGACY_TLS,)
        case EndingKind.TLS_ALERT:
            return (StepKind.CLASSIC_GROUPS, StepKind.LEGACY_TLS)
        case kind if kind in _CUT_OFF and not answered:
            return (StepKind.CLASSIC_GROUPS, StepKind.LEGACY_TLS)
        case _:
            return ()


def says_421(look: LookedAgain) -> bool:
    """Say whether the server closed the look's connection of its own accord (RFC 5321 3.8)."""
    return any(parse_reply(reply).code == 421 for reply in (look.refusal, look.inside))


def looks_are_over(attempt: Attempt) -> bool:
    """Say whether no look follows any more: a server that answered 421 is not asked again."""
    return attempt.throttled or any(says_421(look) for _, look in looks_of(attempt))


def completed(attempt: Attempt, kind: StepKind) -> LookedAgain | None:
    """Return a look whose handshake was completed."""
    look = attempt.look(kind)
    return look if look is not None and look.ending is None and look.handshake else None


def as_seen_by(attempt: Attempt, kind: StepKind) -> Attempt:
    """Return the connection with the look's handshake, chain and EHLO in the place of its own.

    What the server said later on the connection itself stays, for a look does not ask; so does what
    came behind its answer to EHLO, which a look does not keep.  Steps keep the number of the look;
    without such a look the connection comes back as it is.
    """
    step, look = attempt.step(kind), attempt.look(kind)
    if step is None or look is None or look.handshake is None:
        return attempt
    order = list(StepKind)
    before = tuple(
        one for one in attempt.steps if order.index(one.kind) < order.index(StepKind.HANDSHAKE)
    )
    seen = [structs.replace(step, kind=StepKind.HANDSHAKE, evidence=look.handshake)]
    if look.chain is not None:
        seen.append(structs.replace(step, kind=StepKind.CHAIN, evidence=look.chain))
    checked = attempt.step(StepKind.REVOCATION)
    if checked is not None and _is_of(attempt.revocation, look.presented[:1]):
        seen.append(checked)
    if look.identity is not None:
        seen.append(structs.replace(step, kind=StepKind.IDENTITY, evidence=look.identity))
    if look.inside or look.inside_ending is not None:
        own = attempt.exchange(StepKind.EHLO_TLS)
        behind = own.trailing if own is not None and look.inside_ending is None else b""
        exchanged = Exchanged(reply=look.inside, trailing=behind, ending=look.inside_ending)
        seen.append(structs.replace(step, kind=StepKind.EHLO_TLS, evidence=exchanged))
    shown = {one.kind for one in seen}
    later = [one for one in attempt.steps if one.kind in _AFTERWARDS and one.kind not in shown]
    return replace(attempt, steps=(*before, *seen, *later))


def _is_of(checked: RevocationChecked | None, leaf: tuple[bytes, ...]) -> bool:
    """Say whether revocation was asked about this leaf: another handshake may have shown another."""
    asked = checked.certificates if checked else ()
    return bool(leaf) and any((one.depth, one.certificate) == (0, leaf[0]) for one in asked)


def examined(attempt: Attempt) -> Attempt:
    """Return the connection as the first handshake shows it that came to certificates."""
    handshake = attempt.handshake
    if handshake is None or handshake.presented:
        return attempt
    for kind in (StepKind.CLASSIC_GROUPS, StepKind.LEGACY_TLS, StepKind.WITHOUT_SNI):
        look = attempt.look(kind)
        if look is not None and look.presented:
            return as_seen_by(attempt, kind)
    return attempt
