"""The path as a whole, read softly and strictly, side by side.

Soft-fail lets pass whatever nobody calls revoked; hard-fail wants a current "good" for every
certificate for which one can be expected.  Which one applies is the sender's choice.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace

from mxwalk.language import noted, say
from mxwalk.revocation.judge import overall
from mxwalk.revocation.model import CertificateStanding, SourceKind, Standing, Staple
from mxwalk.revocation.plan import pointers


class Reading(enum.Enum):
    """What a reading makes of the path."""

    CLEAN = "clean"
    TOLERATED = "tolerated"
    REFUSED = "refused"
    REVOKED = "revoked"

    @property
    def passes(self) -> bool:
        """Whether a sender that reads like this trusts the path."""
        return self in {Reading.CLEAN, Reading.TOLERATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReadings:
    """Both readings with a sentence each."""

    soft: Reading
    soft_sentence: str
    hard: Reading
    hard_sentence: str


# What a certificate demands (RFC 7633 4.2.3) and did not get; a strict reader begins with it.
_UNSTAPLED = (Staple.REQUIRED_MISSING, Staple.REQUIRED_UNUSABLE)
_NOBODY = noted("no certificate of a path was looked at")


def read_path(standings: tuple[CertificateStanding, ...]) -> PathReadings:
    """Return the soft and the hard reading of the certificates of a path, from the leaf up."""
    revoked = _first(standings, lambda one: one.standing is Standing.REVOKED)
    if revoked is not None:
        said = say("{place} is {sentence}", place=place(revoked.depth), sentence=revoked.sentence)
        return PathReadings(
            soft=Reading.REVOKED, soft_sentence=said, hard=Reading.REVOKED, hard_sentence=said
        )
    unstapled = _first(standings, lambda one: one.staple in _UNSTAPLED)
    found = _unrevoked(standings)
    if unstapled is None:
        return found
    said = f"{place(unstapled.depth)}: {unstapled.staple_sentence}"
    return replace(found, hard=Reading.REFUSED, hard_sentence=said)


def _unrevoked(standings: tuple[CertificateStanding, ...]) -> PathReadings:
    """Read a path of which nobody calls a certificate revoked."""
    undecided = _first(standings, lambda one: not satisfied(one))
    if standings and undecided is None:
        exempt = any(one.standing is Standing.NOT_APPLICABLE for one in standings)
        if exempt:
            said = say("no certificate of the path is revoked, as far as one can be")
        else:
            said = say("no certificate of the path is revoked")
        return PathReadings(
            soft=Reading.CLEAN, soft_sentence=said, hard=Reading.CLEAN, hard_sentence=said
        )
    open_ = f"{place(undecided.depth)}: {undecided.sentence}" if undecided else say(_NOBODY)
    return PathReadings(
        soft=Reading.TOLERATED,
        soft_sentence=say("passed over, for nobody says revoked ({open})", open=open_),
        hard=Reading.REFUSED,
        hard_sentence=say("not proved good ({open})", open=open_),
    )


def satisfied(standing: CertificateStanding) -> bool:
    """Say whether a strict reader has nothing against a certificate."""
    if standing.standing is Standing.GOOD:
        return True
    return standing.standing is Standing.NOT_APPLICABLE and bool(standing.exempt)


def by_sources(
    standing: CertificateStanding, issuer: bytes, *kinds: SourceKind
) -> CertificateStanding:
    """Return the standing as one who looks at these kinds of sources only sees it."""
    kept = tuple(source for source in standing.sources if source.kind in kinds)
    whom = pointers(standing.depth, standing.certificate, issuer)
    if SourceKind.CRL not in kinds:
        whom = replace(whom, crl_urls=())
    if SourceKind.OCSP not in kinds:
        whom = replace(whom, ocsp_urls=())
    if not whom.asks and not whom.nothing:
        names = say(" or ").join(kind.value for kind in kinds)
        whom = replace(whom, nothing=say("it names no {names} to ask", names=names))
    worth, sentence, decided_by = overall(kept, whom)
    return replace(
        standing,
        standing=worth,
        sentence=sentence,
        sources=kept,
        decided_by=decided_by,
        disagreement="",
    )


def place(depth: int) -> str:
    """Name a certificate by its place in the path."""
    return (
        say("the leaf") if depth == 0 else say("the CA certificate at depth {depth}", depth=depth)
    )


def _first(
    standings: tuple[CertificateStanding, ...], wanted: Callable[[CertificateStanding], bool]
) -> CertificateStanding | None:
    return next((one for one in standings if wanted(one)), None)
