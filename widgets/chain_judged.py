"""OpenSSL's verdict on a chain: the handshake's own, or asked again at another date.

At another date the trust anchors are those this walk has shown, of each store; the security level of
the handshake, which objects to weak keys at any time, keeps its word.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from mxwalk.clock import from_rfc3339
from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.evidence.tls import PathCertificate, StoreVerdict, VerifyError
from mxwalk.pkix.model import Reason
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.reasons import reason_of

_NO_ANCHOR = frozenset(
    {Reason.ISSUER_MISSING, Reason.UNTRUSTED_ROOT, Reason.SELF_SIGNED_LEAF, Reason.TOO_LONG}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict at a time: OpenSSL's objections and the path it built."""

    at: datetime
    errors: tuple[VerifyError, ...]
    path: tuple[PathCertificate, ...]
    stores: tuple[StoreVerdict, ...]


def judge(handshake: Handshaken, chain: ChainChecked, at: datetime | None) -> Judged:
    """Return the walk's own verdict, or that at another date."""
    if at is None:
        own = _moment(chain)
        return Judged(at=own, errors=chain.errors, path=chain.path, stores=chain.beside)
    errors, path = _again(handshake.presented, anchors_of(chain.path, chain.errors), at)
    # The handshake's security level objects to weak keys at any time; verifying alone does not.
    weak = tuple(error for error in chain.errors if reason_of(error.code) is Reason.WEAK)
    return Judged(
        at=at,
        errors=(*errors, *weak),
        path=path or chain.path,
        stores=tuple(_store_again(handshake.presented, one, at) for one in chain.beside),
    )


def _store_again(presented: tuple[bytes, ...], one: StoreVerdict, at: datetime) -> StoreVerdict:
    errors, path = _again(presented, anchors_of(one.path, one.errors), at)
    return StoreVerdict(store=one.store, errors=errors, path=path)


@lru_cache(maxsize=64)
def _again(
    presented: tuple[bytes, ...], anchors: tuple[bytes, ...], at: datetime
) -> tuple[tuple[VerifyError, ...], tuple[PathCertificate, ...]]:
    return verify_again(presented, anchors, at)


def anchors_of(
    path: tuple[PathCertificate, ...], errors: tuple[VerifyError, ...]
) -> tuple[bytes, ...]:
    """Return what a store is known to hold: what it supplied, and the top where that was trusted."""
    held = [one.der for one in path if not one.sent]
    refused = any(reason_of(error.code) in _NO_ANCHOR for error in errors)
    if path and not refused:
        held.append(path[-1].der)
    return tuple(dict.fromkeys(held))


def _moment(chain: ChainChecked) -> datetime:
    try:
        return from_rfc3339(chain.evaluated_at)
    except ValueError:  # a trace may hold anything
        return datetime.fromtimestamp(0, UTC)
