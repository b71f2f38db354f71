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
    """The extended key usage (RFC 5280 4.2.1.12)."""

    SERVER = "server"
    CLIENT = "client"


class CertificateSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate to be made when the lab starts.

    ``issuer`` is ``root``, ``intermediate``, ``self`` or another certificate of the scenario that
    has ``authority``.  ``names`` become dNSName entries, ``addresses`` iPAddress entries; without
    either there is no subjectAltName.  ``not_before`` and ``not_after`` count from now (``-30d``,
    ``+6h``). ``send`` lists what the server presents, in order; without it the leaf and its
    issuers up to, but without, the root.  ``permitted`` and ``excluded`` are name constraints of
    an authority.
    """

    cn: str = ""
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    issuer: str = "intermediate"
    not_before: str = "-30d"
    not_after: str = "+60d"
    key: KeyKind = KeyKind.P256
    hash: SignatureHash = SignatureHash.SHA256
    purpose: Purpose = Purpose.SERVER
    authority: bool = False
    permitted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    send: tuple[str, ...] | None = None
