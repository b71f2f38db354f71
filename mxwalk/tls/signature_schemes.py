"""The names of signature schemes (IANA "TLS SignatureScheme" registry; RFC 8446 4.2.3).

TLS 1.2's pairs of hash and signature (RFC 5246 7.4.1.4.1) share the numbers; pairs the newer
registry does not name are put together from both parts.
"""

from collections.abc import Mapping
from types import MappingProxyType

SCHEMES: Mapping[int, str] = MappingProxyType(
    {
        0x0201: "rsa_pkcs1_sha1",
        0x0203: "ecdsa_sha1",
        0x0401: "rsa_pkcs1_sha256",
        0x0403: "ecdsa_secp256r1_sha256",
        0x0501: "rsa_pkcs1_sha384",
        0x0503: "ecdsa_secp384r1_sha384",
        0x0601: "rsa_pkcs1_sha512",
        0x0603: "ecdsa_secp521r1_sha512",
        0x0704: "eccsi_sha256",
        0x0708: "sm2sig_sm3",
        0x0804: "rsa_pss_rsae_sha256",
        0x0805: "rsa_pss_rsae_sha384",
        0x0806: "rsa_pss_rsae_sha512",
        0x0807: "ed25519",
        0x0808: "ed448",
        0x0809: "rsa_pss_pss_sha256",
        0x080A: "rsa_pss_pss_sha384",
        0x080B: "rsa_pss_pss_sha512",
        0x081A: "ecdsa_brainpoolP256r1tls13_sha256",
        0x081B: "ecdsa_brainpoolP384r1tls13_sha384",
        0x081C: "ecdsa_brainpoolP512r1tls13_sha512",
        0x0904: "mldsa44",
        0x0905: "mldsa65",
        0x0906: "mldsa87",
    }
)

_HASHES = {1: "md5", 2: "sha1", 3: "sha224", 4: "sha256", 5: "sha384", 6: "sha512"}
_SIGNATURES = {1: "rsa_pkcs1", 2: "dsa", 3: "ecdsa"}

# In TLS 1.2 these say ECDSA with a hash, without fixing the curve (RFC 8446 4.2.3).
_CURVELESS = {0x0403: "ecdsa_sha256", 0x0503: "ecdsa_sha384", 0x0603: "ecdsa_sha512"}


def scheme_name(code: int, *, curve_bound: bool = True) -> str:
    """Return the scheme's name; before TLS 1.3 (``curve_bound`` false) ECDSA names no curve."""
    if not curve_bound and code in _CURVELESS:
        return _CURVELESS[code]
    if code in SCHEMES:
        return SCHEMES[code]
    digest, signature = _HASHES.get(code >> 8), _SIGNATURES.get(code & 0xFF)
    if digest and signature:
        return f"{signature}_{digest}"
    return f"0x{code:04X}"
