"""What each of our ClientHellos offers, in one table.

``MODERN`` is what OpenSSL 3.2 and later and the libraries of today's distributions send by default:
TLS 1.2 and 1.3, security level 2, their own order of groups with a hybrid first where they have one.
The others differ in the one thing they are to show.  No offer has an anonymous cipher, for those show
no certificate, and none refuses a certificate: a weak or wrong one must be seen to be judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from OpenSSL import SSL

from mxwalk.evidence.tls import Offer
from mxwalk.tls.openssl import set_groups

# OpenSSL's own list and order, without the hybrid groups (draft-ietf-tls-ecdhe-mlkem).
_CURVES = "X25519:P-256:X448:P-384:P-521"
_CLASSIC_GROUPS = f"{_CURVES}:ffdhe2048:ffdhe3072"
# No PSK and SRP: they need a secret shared beforehand, and a server may answer them first.
_MODERN_CIPHERS = "DEFAULT:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=2"
_LEGACY_CIPHERS = "ALL:COMPLEMENTOFDEFAULT:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a ClientHello offers, in OpenSSL's terms.

    Versions are protocol numbers; ``ciphers`` is a cipher list for TLS 1.2 and older with the security
    level; empty ``groups`` are the library's own.  ``legacy_renegotiation`` accepts servers without
    secure renegotiation (RFC 5746 4.1 leaves that to the client).
    """

    min_version: int = SSL.TLS1_2_VERSION
    max_version: int = SSL.TLS1_3_VERSION
    ciphers: str = _MODERN_CIPHERS
    groups: str = ""
    server_name: bool = True
    legacy_renegotiation: bool = False


OFFERS: Mapping[Offer, Parameters] = MappingProxyType(
    {
        Offer.MODERN: Parameters(),
        Offer.CLASSIC: Parameters(groups=_CLASSIC_GROUPS),
        Offer.LEGACY: Parameters(
            min_version=SSL.TLS1_VERSION,
            ciphers=_LEGACY_CIPHERS,
            # RFC 7919 4: to a client that names a prime of the registry a server gives that or
            # nothing; to one that names none, its own prime, however short.
            groups=_CURVES,
            legacy_renegotiation=True,
        ),
        Offer.WITHOUT_SNI: Parameters(server_name=False),
        # In TLS 1.2 the cipher suite names the leaf's key (RFC 8422 2); in TLS 1.3 it does not.
        Offer.RSA_LEAF: Parameters(
            max_version=SSL.TLS1_2_VERSION,
            ciphers="ECDHE+aRSA:!aNULL:!eNULL:@SECLEVEL=0",
            legacy_renegotiation=True,
        ),
        Offer.ECDSA_LEAF: Parameters(
            max_version=SSL.TLS1_2_VERSION,
            ciphers="ECDHE+aECDSA:!aNULL:!eNULL:@SECLEVEL=0",
            legacy_renegotiation=True,
        ),
    }
)


def offering_context(offer: Offer) -> SSL.Context:
    """Return a client's context that makes this offer; verification is the caller's to set up."""
    parameters = OFFERS[offer]
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(parameters.min_version)
    context.set_max_proto_version(parameters.max_version)
    context.set_cipher_list(parameters.ciphers.encode("ascii"))
    if parameters.groups:
        set_groups(context, parameters.groups)
    context.set_options(SSL.OP_NO_RENEGOTIATION)
    if parameters.legacy_renegotiation:
        context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    return context
