"""One path judged: where its certificates came from, where it ends, what speaks against it."""

from dataclasses import dataclass
from datetime import datetime

from mxwalk.language import say
from mxwalk.pkix import fixes
from mxwalk.pkix.checks import Examined, objections
from mxwalk.pkix.constraints import check_constraints
from mxwalk.pkix.ending import ending
from mxwalk.pkix.model import (
    Candidate,
    ConstraintCheck,
    Member,
    Objection,
    PathEnd,
    Reason,
    Source,
)
from mxwalk.pkix.traits import looks_self_signed
from mxwalk.tls.certificate import read_certificate


def nothing_sent() -> Candidate:
    """Return the path of a server that sent no certificate."""
    sentence = say("no certificate was sent")
    objection = Objection(depth=0, reason=Reason.OTHER, sentence=sentence, fix=say(fixes.CONFIGURE))
    return Candidate(
        members=(), end=PathEnd.ISSUER_MISSING, end_text=sentence, objections=(objection,)
    )


@dataclass(frozen=True, slots=True)
class AtHand:
    """The certificates at hand: those sent, fetched and stored, and which of them are anchors."""

    sent: tuple[bytes, ...]
    fetched: tuple[bytes, ...]
    store: tuple[bytes, ...]
    roots: frozenset[bytes]
    at: datetime

    def source(self, der: bytes) -> Source:
        """Say where a certificate came from; what the server sent counts as sent."""
        if der in self.sent:
            return Source.SENT
        return Source.FETCHED if der in self.fetched and der not in self.store else Source.STORE

    def is_trusted(self, top: bytes) -> bool:
        """Say whether a path that ends in ``top`` ends in an anchor; OpenSSL takes roots only."""
        return top in self.roots and looks_self_signed(read_certificate(top))

    def judge(
        self, path: tuple[bytes, ...], *, passed_over: bool = False
    ) -> tuple[Candidate, tuple[ConstraintCheck, ...]]:
        """Judge a path, which is not empty; with it come its name comparisons.

        ``passed_over`` tells that OpenSSL did not recognise its top as an anchor, although it is one.
        """
        on_path = frozenset(path)
        end = ending(
            path,
            trusted=self.is_trusted(path[-1]) and not passed_over,
            top_from_store=self.source(path[-1]) is Source.STORE,
            others=tuple(
                der for der in (*self.sent, *self.fetched, *self.store) if der not in on_path
            ),
            store=self.store,
        )
        checks, violations = check_constraints(path)
        examined = Examined(ders=path, ending=end, at=self.at, violations=violations)
        members = tuple(Member(der, self.source(der)) for der in path)
        found = objections(examined)
        judged = Candidate(
            members=members,
            end=end.end,
            end_text=end.text,
            dead_end=end.dead_end,
            objections=found,
        )
        return judged, checks
