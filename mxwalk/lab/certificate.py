"""The certificates of a scenario as data; the lab's authority makes them when it starts."""

import enum

import msgspec


class KeyKind(enum.Enum):
    """The key a certificate is made for."""

    P256 = "p256"
    RSA_2048 = "rsa-2048"
    RSA_1024 = "rsa-1024"


class SignatureHash(enum.Enum):
    """The hash its issuer signs with."""

    SHA256 = "sha256"
    SHA1 = "sha1"


class Purpose(enum.Enum):
    """An extended key usage (RFC 5280 4.2.1.12, RFC 6960 4.2.2.2)."""

    SERVER = "server"
    CLIENT = "client"
    EMAIL = "email"
    OCSP_SIGNING = "ocsp-signing"
    ANY = "any"


class Usage(enum.Enum):
    """A bit of the key usage (RFC 5280 4.2.1.3), by its name there."""

    DIGITAL_SIGNATURE = "digitalSignature"
    CONTENT_COMMITMENT = "contentCommitment"
    KEY_ENCIPHERMENT = "keyEncipherment"
    DATA_ENCIPHERMENT = "dataEncipherment"
    KEY_AGREEMENT = "keyAgreement"
    CERTIFICATE_SIGNING = "keyCertSign"
    CRL_SIGNING = "cRLSign"


class CertificateSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate to be made when the lab starts.

    ``issuer`` is ``root``, ``intermediate``, ``self`` or another certificate of the scenario that
    has ``authority``.  ``names`` become dNSName entries, ``addresses`` iPAddress entries; without
    either there is no subjectAltName.  ``not_before`` and ``not_after`` count from now (``-30d``,
    ``+6h``). ``send`` lists what the server presents, in order; without it the leaf and its
    issuers up to, but without, the root; ``extras`` unrelated certificates follow.  ``permitted``
    and ``excluded`` are name constraints of an authority.

    ``key_of`` names a certificate whose subject and key this one certifies again (cross-signing).
    ``purposes`` are the extended key usages instead of ``purpose``, none when it is empty;
    ``key_usage`` likewise for the key usage, which an authority and a leaf have by themselves.
    ``crl``, ``ocsp`` and ``issuer_urls`` are the addresses of its distribution points, responders and
    issuer (RFC 5280 4.2.1.13, 4.2.2.1).  ``policies`` are object identifiers.  ``serial`` is random
    without one.  ``must_staple`` is RFC 7633's, ``ocsp_nocheck`` RFC 6960 4.2.2.2.1's, and
    ``critical_unknown`` adds a critical extension that nobody knows.
    """

    cn: str = ""
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    issuer: str = "intermediate"
    key_of: str = ""
    not_before: str = "-30d"
    not_after: str = "+60d"
    key: KeyKind = KeyKind.P256
    hash: SignatureHash = SignatureHash.SHA256
    purpose: Purpose = Purpose.SERVER
    purposes: tuple[Purpose, ...] | None = None
    key_usage: tuple[Usage, ...] | None = None
    authority: bool = False
    path_length: int | None = None
    permitted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    serial: int | None = None
    crl: tuple[str, ...] = ()
    ocsp: tuple[str, ...] = ()
    issuer_urls: tuple[str, ...] = ()
    must_staple: bool = False
    ocsp_nocheck: bool = False
    critical_unknown: bool = False
    send: tuple[str, ...] | None = None
    extras: int = 0
