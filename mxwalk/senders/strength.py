"""Signatures that a sender's library does not take, although the chain is right otherwise.

The walk's own verification does not refuse weak signatures, so that they can be seen.
"""

from mxwalk.evidence.step import ChainChecked
from mxwalk.tls.certificate import read_certificate

_BROKEN = frozenset({"md2", "md4", "md5", "sha1"})


def weakly_signed(chain: ChainChecked) -> bool:
    """Say whether a certificate of the path is signed with SHA-1 or worse; the anchor may be."""
    below = [read_certificate(one.der) for one in chain.path[:-1]]
    return any(facts.signature_hash in _BROKEN for facts in below)
