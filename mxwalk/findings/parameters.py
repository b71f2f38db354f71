"""What two sides agreed on, held against what is asked of TLS today (RFC 9325, RFC 8996, RFC 7465)."""

import re

from mxwalk.evidence.connection import Handshaken
from mxwalk.language import say

_MODERN = ("TLSv1.2", "TLSv1.3")
_WEAK = re.compile(
    r"RC4|3DES|DES-CBC|(?<![A-Z0-9])DES(?![A-Z0-9])|NULL|EXP|RC2|ADH|AECDH|ANON|IDEA"
)
_EPHEMERAL = re.compile(r"ECDHE|(?<!EC)DHE|EDH|^TLS_(AES|CHACHA20)|ADH|AECDH")
PRIME_BITS = 2_048  # RFC 9325 4.5


def is_old(handshake: Handshaken) -> bool:
    """Say whether a version below TLS 1.2 was agreed on (RFC 8996 4)."""
    return bool(handshake.protocol) and handshake.protocol not in _MODERN


def weakness(handshake: Handshaken) -> str:
    """Say why the cipher is weak; empty where it is not."""
    hit = _WEAK.search(handshake.cipher.upper())
    if hit:
        reasons = {"NULL": say("it does not encrypt"), "RC4": say("RC4 is forbidden (RFC 7465 2)")}
        anonymous = (
            say("nobody is authenticated") if hit.group() in ("ADH", "AECDH", "ANON") else ""
        )
        return reasons.get(
            hit.group(), anonymous or say("{cipher} can be broken", cipher=hit.group())
        )
    if 0 < handshake.cipher_bits < 112:  # RFC 9325 4.1
        return say("{cipher_bits} bits are too few", cipher_bits=handshake.cipher_bits)
    return ""


def is_forward_secret(handshake: Handshaken) -> bool:
    """Say whether the key exchange is ephemeral (RFC 9325 4.1)."""
    return handshake.protocol == "TLSv1.3" or bool(_EPHEMERAL.search(handshake.cipher.upper()))


def short_prime(handshake: Handshaken) -> int:
    """Return the length of a Diffie-Hellman prime that is too short, in bits; else 0."""
    key = handshake.facts.temp_key
    is_short = key is not None and key.method == "DHE" and 0 < key.bits < PRIME_BITS
    return key.bits if key is not None and is_short else 0
