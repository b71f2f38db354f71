"""Published primes for ephemeral Diffie-Hellman: what old servers still use, and the registered ones.

OpenSSL takes no prime below 1024 bits at any security level, on either side.
"""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

GENERATOR = 2

# RFC 2409 6.2, RFC 3526 2 and 3: each 2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) * pi] + k)
PRIMES: Mapping[int, int] = MappingProxyType(
    {
        1024: int(
            "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22"
            "514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6"
            "f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381"
            "ffffffffffffffff",
            16,
        ),
        1536: int(
            "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22"
            "514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6"
            "f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d"
            "c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb"
            "9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff",
            16,
        ),
        2048: int(
            "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22"
            "514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6"
            "f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d"
            "c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb"
            "9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e8603"
            "9b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510"
            "15728e5a8aacaa68ffffffffffffffff",
            16,
        ),
    }
)

# RFC 7919 appendix A: SHA-256 of each prime
_REGISTERED = {
    "9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966": "ffdhe2048",
    "0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17": "ffdhe3072",
    "4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e": "ffdhe4096",
    "227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7": "ffdhe6144",
    "770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833": "ffdhe8192",
}


def registered_name(prime: bytes) -> str:
    """Return the name of a prime of RFC 7919 (big-endian octets), empty for any other."""
    return _REGISTERED.get(hashlib.sha256(prime.lstrip(b"\0")).hexdigest(), "")
