"""What a sender's library objects to in a chain that OpenSSL, as the walk asks it, finds right.

The walk's own verification refuses neither weak signatures nor a missing staple, so that such a
chain can be seen.
"""

from itertools import pairwise

from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.revocation.names import same_name
from mxwalk.tls.certificate import CertificateFacts, read_certificate

_BROKEN = frozenset({"md2", "md4", "md5", "sha1"})


def weakly_signed(chain: ChainChecked) -> bool:
    """Say whether a certificate of the path is signed with SHA-1 or worse; the anchor may be."""
    below = [read_certificate(one.der) for one in chain.path[:-1]]
    return any(facts.signature_hash in _BROKEN for facts in below)


def shows_path(chain: ChainChecked, handshake: Handshaken) -> bool:
    """Say whether the path that was verified is there from the leaf up, link by link."""
    path = [one.der for one in chain.path]
    if not all(path) or path[:1] != list(handshake.presented[:1]):
        return False
    facts = [read_certificate(der) for der in path]
    return all(_names(below, above) for below, above in pairwise(facts))


def _names(below: CertificateFacts, above: CertificateFacts) -> bool:
    """Say whether ``above`` is the issuer by name: CAs write theirs in several ways (RFC 5280 7.1)."""
    one, other = below.issuer_der, above.subject_der
    return one == other or same_name(one, other)


def misses_staple(handshake: Handshaken) -> bool:
    """Say whether the leaf promises a stapled OCSP response (RFC 7633 4.2.3) that did not come."""
    if not handshake.presented or handshake.ocsp_staple:
        return False
    return read_certificate(handshake.presented[0]).must_staple
