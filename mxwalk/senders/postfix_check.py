"""How each Postfix level checks the server, and the word its log has for the result."""

import hashlib
from typing import Protocol

from mxwalk.delivery.dane import dane_result
from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.senders.dane import as_checked
from mxwalk.senders.passage import Check, Checked, Course, Passage
from mxwalk.senders.postfix_level import Level, match_names
from mxwalk.senders.situation import Obstacle, Situation
from mxwalk.senders.strength import shows_path, weakly_signed
from mxwalk.text import visible
from mxwalk.tls.certificate import public_key_info

TRUSTED, UNTRUSTED, VERIFIED, ANONYMOUS = "Trusted", "Untrusted", "Verified", "Anonymous"


class Configured(Protocol):
    """What a check needs to know of the configuration of a level."""

    @property
    def label(self) -> str:
        """The level's name for people."""
        ...

    @property
    def strategies(self) -> tuple[str, ...]:
        """The match strategies in force."""
        ...

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprints accepted."""
        ...


def check_for(level: Level, profile: Configured) -> Check | None:
    """Return the check of a level; ``None`` where the certificate is not looked at."""
    if level.uses_dane:
        return _by_dane
    if level.uses_names:
        return lambda at: _by_names(at, profile)
    if level is Level.FINGERPRINT:
        return lambda at: _by_fingerprint(at, profile.fingerprints)
    return None


def _by_dane(at: Situation) -> Checked | Obstacle:
    result = dane_result(at.delivery, at.host, at.attempt)
    return at.missing(StepKind.HANDSHAKE) if result is None else as_checked(at, result)


def _by_names(at: Situation, profile: Configured) -> Checked | Obstacle:
    chain, handshake = at.attempt.chain, at.attempt.handshake
    if handshake is not None and not (handshake.presented or handshake.unseen):
        return _result(at, StepKind.HANDSHAKE, say("{peer} presented no certificate", peer=at.peer))
    if chain is None:
        return at.missing(StepKind.CHAIN)
    if chain.errors:
        text = visible(chain.errors[0].text, 200)
        return _result(
            at,
            StepKind.CHAIN,
            say("the chain of {peer} is not trusted: {text}", peer=at.peer, text=text),
        )
    if weakly_signed(chain):
        weak = say("it is signed with SHA-1, which OpenSSL refuses at security level 1")
        return _result(
            at,
            StepKind.CHAIN,
            say("the chain of {peer} is not trusted: {weak}", peer=at.peer, weak=weak),
        )
    if handshake is None or not shows_path(chain, handshake):
        return at.missing(StepKind.CHAIN)  # what was not seen may be signed with SHA-1
    matched = match_names(at.attempt, profile.strategies, profile.label)
    if matched is None:
        return at.missing(StepKind.IDENTITY)
    return Checked(
        verified=matched.verified,
        reason=f"{at.peer}: {matched.summary}",
        step=at.seq(StepKind.IDENTITY),
        kind=StepKind.IDENTITY,
    )


def _result(at: Situation, kind: StepKind, reason: str) -> Checked:
    return Checked(verified=False, reason=reason, step=at.seq(kind), kind=kind)


def _by_fingerprint(at: Situation, fingerprints: tuple[str, ...]) -> Checked | Obstacle:
    """Compare SHA-256 of certificate and key (smtp_tls_fingerprint_digest since Postfix 3.6)."""
    handshake = at.attempt.handshake
    if handshake is None or handshake.unseen:
        return at.missing(StepKind.HANDSHAKE if handshake is None else StepKind.CHAIN)
    leaf = handshake.presented[0] if handshake.presented else b""
    digests = {hashlib.sha256(data).hexdigest() for data in (leaf, public_key_info(leaf)) if data}
    wanted = {one.replace(":", "").lower() for one in fingerprints}
    verified = bool(digests & wanted)
    said = say("is one of those configured") if verified else say("is not among those configured")
    return Checked(
        verified=verified,
        reason=say(
            "{peer}: the fingerprint {hexdigest} {said}",
            peer=at.peer,
            hexdigest=hashlib.sha256(leaf).hexdigest(),
            said=said,
        ),
        step=at.seq(StepKind.HANDSHAKE),
        kind=StepKind.HANDSHAKE,
    )


def trust_word(at: Situation, passage: Passage, *, half: bool) -> str:
    """Return the first word of the TLS summary: what Postfix made of the certificate."""
    handshake, chain = at.attempt.handshake, at.attempt.chain
    if handshake is None or not handshake.presented:
        return ANONYMOUS
    if half and passage.course is Course.ENCRYPTED:
        return TRUSTED
    if passage.course is Course.VERIFIED:
        return VERIFIED
    if passage.course is Course.NOT_AUTHENTIC:  # also where the chain is trusted and the name wrong
        return UNTRUSTED
    return TRUSTED if chain is not None and not chain.errors else UNTRUSTED
