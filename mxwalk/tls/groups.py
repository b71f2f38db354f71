"""The groups keys are exchanged in (IANA "TLS Supported Groups" registry; RFC 8446 4.2.7).

A hybrid group joins a post-quantum key encapsulation with an elliptic curve, so that a secret is
kept as long as one of them holds (draft-ietf-tls-ecdhe-mlkem).  Its key share makes a ClientHello
larger than one packet.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class GroupKind(enum.Enum):
    """What a group computes in."""

    CURVE = "elliptic curve"
    FINITE_FIELD = "finite field"
    KEM = "post-quantum key encapsulation"
    HYBRID = "post-quantum hybrid"


@dataclass(frozen=True, slots=True)
class Group:
    """A registered group: ``bits`` of its keys, and the octets of both key shares in TLS 1.3.

    For key encapsulations ``bits`` is the parameter set's number; a share of 0 octets is one that
    TLS 1.3 does not have.
    """

    code: int
    name: str
    kind: GroupKind
    bits: int
    client_share: int = 0
    server_share: int = 0


def _curve(code: int, name: str, bits: int, share: int = 0) -> Group:
    return Group(code, name, GroupKind.CURVE, bits, share, share)


def _field(code: int, bits: int) -> Group:
    # RFC 8446 4.2.8.1: a share is as long as the prime
    return Group(code, f"ffdhe{bits}", GroupKind.FINITE_FIELD, bits, bits // 8, bits // 8)


# Numbers 1 to 22, not to be used any more (RFC 8422 5.1.1)
_OLD_CURVES = """
sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1
sect409k1 sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1
secp224r1 secp256k1
"""
_GROUPS = (
    *(_curve(code, name, int(name[4:7])) for code, name in enumerate(_OLD_CURVES.split(), start=1)),
    _curve(23, "secp256r1", 256, 65),  # RFC 8446 4.2.8.2: an uncompressed point
    _curve(24, "secp384r1", 384, 97),
    _curve(25, "secp521r1", 521, 133),
    _curve(26, "brainpoolP256r1", 256),
    _curve(27, "brainpoolP384r1", 384),
    _curve(28, "brainpoolP512r1", 512),
    _curve(29, "x25519", 253, 32),  # RFC 7748: 255 bits, of which OpenSSL and others count 253
    _curve(30, "x448", 448, 56),
    _curve(31, "brainpoolP256r1tls13", 256, 65),
    _curve(32, "brainpoolP384r1tls13", 384, 97),
    _curve(33, "brainpoolP512r1tls13", 512, 129),
    *(_curve(34 + at, f"GC256{letter}", 256, 64) for at, letter in enumerate("ABCD")),
    *(_curve(38 + at, f"GC512{letter}", 512, 128) for at, letter in enumerate("ABC")),
    _curve(41, "curveSM2", 256, 65),
    *(_field(256 + at, bits) for at, bits in enumerate((2048, 3072, 4096, 6144, 8192))),
    Group(512, "MLKEM512", GroupKind.KEM, 512, 800, 768),
    Group(513, "MLKEM768", GroupKind.KEM, 768, 1_184, 1_088),
    Group(514, "MLKEM1024", GroupKind.KEM, 1_024, 1_568, 1_568),
    Group(4_587, "SecP256r1MLKEM768", GroupKind.HYBRID, 768, 1_249, 1_153),
    Group(4_588, "X25519MLKEM768", GroupKind.HYBRID, 768, 1_216, 1_120),
    Group(4_589, "SecP384r1MLKEM1024", GroupKind.HYBRID, 1_024, 1_665, 1_665),
    Group(4_590, "curveSM2MLKEM768", GroupKind.HYBRID, 768, 1_249, 1_153),
    Group(25_497, "X25519Kyber768Draft00", GroupKind.HYBRID, 768, 1_216, 1_120),
    Group(25_498, "SecP256r1Kyber768Draft00", GroupKind.HYBRID, 768, 1_249, 1_153),
)

GROUPS: Mapping[int, Group] = MappingProxyType({group.code: group for group in _GROUPS})
_BY_NAME = {group.name.lower(): group for group in _GROUPS}


def group_name(code: int) -> str:
    """Return the registered name, or the number in hexadecimal."""
    known = GROUPS.get(code)
    return known.name if known else f"0x{code:04X}"


def find_group(name: str) -> Group | None:
    """Return the group of that name, in any case of letters; ``None`` for an unknown one."""
    return _BY_NAME.get(name.lower())


def is_hybrid(group: str) -> bool:
    """Say whether the group of that name joins a post-quantum algorithm with a classic one."""
    known = find_group(group)
    return known is not None and known.kind is GroupKind.HYBRID


def is_post_quantum(group: str) -> bool:
    """Say whether a quantum computer gains nothing against the group of that name."""
    known = find_group(group)
    return known is not None and known.kind in {GroupKind.HYBRID, GroupKind.KEM}
