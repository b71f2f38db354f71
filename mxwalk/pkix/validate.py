"""A chain explained: OpenSSL's path with what speaks against it, and the other paths there are.

The verdict is OpenSSL's, for a TLS server's certificate, without names and without revocation; this
finds the same reasons by its own reading of the certificates (RFC 5280 6), so that each can be shown
with the certificate, the place and the fix.
"""

from dataclasses import replace
from datetime import datetime

from mxwalk.evidence.tls import PathCertificate, VerifyError
from mxwalk.limits import CHAIN_CERTIFICATES, PATH_CERTIFICATES
from mxwalk.pkix.build import build_path
from mxwalk.pkix.candidates import AtHand, nothing_sent
from mxwalk.pkix.horizon import chain_horizon
from mxwalk.pkix.links import explain_links
from mxwalk.pkix.model import Candidate, ChainExplained, Objection, PathEnd
from mxwalk.pkix.oddities import chain_oddities
from mxwalk.pkix.order import sent_order
from mxwalk.pkix.paths import Pool, find_paths
from mxwalk.pkix.traits import looks_self_signed
from mxwalk.pkix.verdict import as_openssl_says
from mxwalk.tls.certificate import read_certificate

# OpenSSL's codes that say that a path ends in no anchor: no issuer, or a root nobody trusts.
_END_ERRORS = frozenset({2, 18, 19, 20, 21, 22, 27, 28})


def explain_chain(
    presented: tuple[bytes, ...],
    path: tuple[PathCertificate, ...],
    at: datetime,
    *,
    anchors: tuple[bytes, ...] | None = None,
    fetched: tuple[bytes, ...] = (),
    errors: tuple[VerifyError, ...] | None = None,
) -> ChainExplained:
    """Explain the chain ``presented`` (DER, the server's certificate first) at a time; total.

    ``path`` is the one OpenSSL built; without one it is built here.  ``anchors`` is the whole trust
    store when the caller has it (an empty one is empty).  Without it, ``errors``, all of OpenSSL's
    objections, tell whether the path's top is trusted; without those a self-signed top counts as
    trusted.  ``fetched`` are issuers got from the addresses in certificates; they make further
    candidates and change no verdict.  With ``errors`` the objections are OpenSSL's, each in our words
    where we found it, too.
    """
    presented, fetched = presented[:CHAIN_CERTIFICATES], fetched[:CHAIN_CERTIFICATES]
    path = path[: PATH_CERTIFICATES + 1]  # OpenSSL builds none that is longer
    built = build_path(presented, anchors or (), at)
    ders = tuple(one.der for one in path) or built.ders
    # Of two roots with one name in the store, OpenSSL may take the other than the one sent.
    passed_over = anchors is not None and built.ders == ders and not built.trusted
    roots = _roots(ders, anchors, errors)
    stored = (one.der for one in path if not one.sent)
    store = tuple(dict.fromkeys((*stored, *(anchors or ()), *roots)))
    hand = AtHand(sent=presented, fetched=fetched, store=store, roots=roots, at=at)
    everything = tuple(dict.fromkeys((*presented, *fetched, *hand.store)))
    chosen, constraints = (
        hand.judge(ders, passed_over=passed_over) if ders else (nothing_sent(), ())
    )
    disputed: tuple[Objection, ...] = ()
    if errors is not None:
        told, disputed = as_openssl_says(chosen.objections, errors)
        chosen = replace(chosen, objections=told)
    candidates, complete = _candidates(hand, chosen)
    return ChainExplained(
        at=at,
        chosen=chosen,
        candidates=candidates,
        complete=complete,
        disputed=disputed,
        links=explain_links(ders, everything),
        order=sent_order(presented, store),
        constraints=constraints,
        horizon=chain_horizon(ders, at, whole=chosen.end is PathEnd.ANCHOR and chosen.valid),
        oddities=chain_oddities(presented, ders, everything),
    )


def _roots(
    path: tuple[bytes, ...],
    anchors: tuple[bytes, ...] | None,
    errors: tuple[VerifyError, ...] | None,
) -> frozenset[bytes]:
    """Return the trust anchors as far as they are known."""
    if anchors is not None:
        return frozenset(anchors)
    refused = errors is not None and any(error.code in _END_ERRORS for error in errors)
    if refused or not path or not looks_self_signed(read_certificate(path[-1])):
        return frozenset()
    return frozenset({path[-1]})


def _candidates(hand: AtHand, chosen: Candidate) -> tuple[tuple[Candidate, ...], bool]:
    """Return the candidate paths, the chosen one first, and whether the search ended by itself."""
    if not chosen.members:
        return (), True
    found = find_paths(hand.sent[0], Pool.of(hand.sent, hand.fetched, hand.store))
    others = [
        hand.judge(tuple(member.der for member in members))[0]
        for members in found.paths
        if members != chosen.members
    ]
    return (chosen, *others), found.complete
