"""From a connection to the picture the chain view draws: at once, or as a sketch until it is done.

Everything is a pure function of the evidence and a date; a large chain takes tenths of a second, so
that a thread works on it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.evidence.connection import ChainChecked
from mxwalk.evidence.tls import PathCertificate, VerifyError
from mxwalk.language import per_language
from mxwalk.pkix.model import ChainExplained
from mxwalk.pkix.validate import explain_chain
from widgets.chain_entry import entries_of
from widgets.chain_judged import anchors_of, judge
from widgets.chain_state import Picture

# A chain up to this size is explained at once; a larger one in a thread, while the rest is drawn.
AT_ONCE_CERTIFICATES = 8
AT_ONCE_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Basis:
    """What a picture is made of: as long as it is the same, so is the picture."""

    presented: tuple[bytes, ...]
    chain: ChainChecked | None
    fetched: tuple[bytes, ...]
    at: datetime | None
    now: datetime

    @classmethod
    def of(cls, attempt: Attempt, now: datetime, at: datetime | None) -> "Basis":
        """Return the basis of a connection's picture at a time."""
        seen = examined(attempt)
        presented = seen.handshake.presented if seen.handshake else ()
        fetched = attempt.issuers.certificates if attempt.issuers else ()
        return cls(presented, seen.chain, fetched, at, now)

    @property
    def light(self) -> bool:
        """Whether the picture takes no noticeable time."""
        ders = (*self.presented, *self.fetched)
        return len(ders) <= AT_ONCE_CERTIFICATES and sum(map(len, ders)) <= AT_ONCE_BYTES


def sketch(attempt: Attempt, now: datetime, at: datetime | None = None) -> Picture:
    """Return what can be said without looking at a certificate."""
    seen = examined(attempt)
    judged = judge(seen.handshake, seen.chain, None) if seen.handshake and seen.chain else None
    return Picture(
        attempt=attempt,
        seen=seen,
        entries=(),
        chain=seen.chain,
        judged=judged if at is None else None,
        now=now,
        working=True,
    )


def finished(attempt: Attempt, now: datetime, at: datetime | None = None) -> Picture:
    """Return the picture explained; that may take some tenths of a second for a hostile chain."""
    found = picture(attempt, now, at)
    return replace(found, explained=explain(found))


def renewed(found: Picture, attempt: Attempt) -> Picture:
    """Return the picture of the same certificates after more was done on the connection."""
    return replace(found, attempt=attempt, seen=examined(attempt))


def picture(attempt: Attempt, now: datetime, at: datetime | None = None) -> Picture:
    """Return the picture of a connection without the explanation; ``at`` moves it to another date."""
    seen = examined(attempt)
    judged = None
    if seen.chain is not None and seen.handshake is not None:
        judged = judge(seen.handshake, seen.chain, at)
    fetched = attempt.issuers.certificates if attempt.issuers else ()
    return Picture(
        attempt=attempt,
        seen=seen,
        entries=entries_of(seen.handshake, judged.path if judged else (), fetched),
        chain=seen.chain,
        judged=judged,
        moved=at is not None and judged is not None,
        now=now,
    )


def explain(state: Picture) -> ChainExplained | None:
    """Return the explanation of a picture, ``None`` before the chain was verified."""
    if state.judged is None or state.chain is None or not state.presented:
        return None
    if state.moved:
        anchors = anchors_of(state.chain.path, state.chain.errors) + state.anchors
        return _explain(
            state.presented, state.judged.path, state.judged.at, anchors, state.fetched, None
        )
    return _explain(
        state.presented,
        state.judged.path,
        state.judged.at,
        state.anchors or None,
        state.fetched,
        state.judged.errors,
    )


@per_language(maxsize=16)
def _explain(
    presented: tuple[bytes, ...],
    path: tuple[PathCertificate, ...],
    at: datetime,
    anchors: tuple[bytes, ...] | None,
    fetched: tuple[bytes, ...],
    errors: tuple[VerifyError, ...] | None,
) -> ChainExplained:
    return explain_chain(presented, path, at, anchors=anchors, fetched=fetched, errors=errors)
