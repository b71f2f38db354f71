"""The DKIM key pairs of a scenario, made when the lab runs, and their places in zone text.

``{dkim:NAME}`` in a zone stands for the base64 of ``p=`` (RFC 6376 3.6.1).  A quoted string that has
become longer than 255 octets by it is split into several, as it must be in a zone file (RFC 1035
3.3.14).  Keys are made when they are first needed.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mxwalk.lab.message import DkimKeyKind, DkimKeySpec
from mxwalk.lab.message_small_key import small_key

_PLACEHOLDER = re.compile(r"\{dkim:([A-Za-z0-9_-]+)\}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STRING_OCTETS = 255
_EXPONENT = 65_537
_SMALL_BITS = 768


class LabKey:
    """A key pair; ``private_pem`` is PKCS#8, ``public`` the base64 of ``p=``."""

    def __init__(self, kind: DkimKeyKind) -> None:
        self._kind = kind

    def make(self) -> None:
        """Make the key pair now, unless it is made."""
        _ = self._private

    @cached_property
    def _private(self) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
        match self._kind:
            case DkimKeyKind.RSA_2048:
                return rsa.generate_private_key(_EXPONENT, 2_048)
            case DkimKeyKind.RSA_1024:
                return rsa.generate_private_key(_EXPONENT, 1_024)  # noqa: S505 - on purpose
            case DkimKeyKind.RSA_768:
                return small_key(_SMALL_BITS, _EXPONENT)
            case DkimKeyKind.ED25519:
                return ed25519.Ed25519PrivateKey.generate()

    @cached_property
    def private_pem(self) -> bytes:
        """The private key, for the signer."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @cached_property
    def public(self) -> str:
        """What stands in ``p=``: SubjectPublicKeyInfo, or an Ed25519 key alone (RFC 8463 4)."""
        key = self._private.public_key()
        if isinstance(key, ed25519.Ed25519PublicKey):
            octets = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            octets = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(octets).decode("ascii")


class LabKeys:
    """A scenario's key pairs by name."""

    def __init__(self, specs: Mapping[str, DkimKeySpec]) -> None:
        self._keys = {name: LabKey(spec.kind) for name, spec in specs.items()}

    def key(self, name: str) -> LabKey:
        """Return the key pair called ``name``."""
        return self._keys[name]

    def make(self) -> None:
        """Make all of them now."""
        for key in self._keys.values():
            key.make()

    def filled(self, line: str) -> str:
        """Return a line of a zone with its keys in it, and its strings as long as they may be."""
        if not _PLACEHOLDER.search(line):
            return line
        line = _PLACEHOLDER.sub(lambda match: self._keys[match[1]].public, line)
        return _QUOTED.sub(lambda match: _split(match[1]), line)


def named_keys(line: str) -> tuple[str, ...]:
    """Return the names of the keys that a line of a zone has placeholders for."""
    return tuple(_PLACEHOLDER.findall(line))


def _split(text: str) -> str:
    parts = [text[at : at + _STRING_OCTETS] for at in range(0, len(text), _STRING_OCTETS)]
    return " ".join(f'"{part}"' for part in parts or [""])
