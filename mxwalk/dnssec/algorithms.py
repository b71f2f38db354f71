"""The algorithms a validator supports, by number; what is missing here makes a zone insecure.

RFC 9904 and the IANA registries: RSA/SHA-1 still verifies; DSA, GOST and RSA/MD5 do not.
"""

from collections.abc import Mapping
from types import MappingProxyType

ALGORITHMS: Mapping[int, str] = MappingProxyType({
    5: "RSA/SHA-1",
    7: "RSA/SHA-1 with NSEC3",
    8: "RSA/SHA-256",
    10: "RSA/SHA-512",
    13: "ECDSA P-256",
    14: "ECDSA P-384",
    15: "Ed25519",
    16: "Ed448",
})  # fmt: skip
DIGESTS: Mapping[int, str] = MappingProxyType({1: "SHA-1", 2: "SHA-256", 4: "SHA-384"})
