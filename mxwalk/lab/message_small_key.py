"""RSA keys so small that no library makes them any more (RFC 8301 3.2: under 1024 bits is never valid).

Two random primes are enough for a key that protects nothing but a scenario.
"""

import secrets

from cryptography.hazmat.primitives.asymmetric import rsa

_ROUNDS = 24  # of Miller-Rabin
_SMALL_PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


def small_key(bits: int, exponent: int) -> rsa.RSAPrivateKey:
    """Return a new key whose modulus has exactly ``bits`` bits, an even number."""
    p = _prime(bits // 2, exponent)
    q = _prime(bits // 2, exponent)
    while q == p:
        q = _prime(bits // 2, exponent)
    private = pow(exponent, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=private,
        dmp1=rsa.rsa_crt_dmp1(private, p),
        dmq1=rsa.rsa_crt_dmq1(private, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(exponent, p * q),
    ).private_key()


def _prime(bits: int, exponent: int) -> int:
    """Return a prime with its two top bits set, so that a product of two has twice the bits."""
    while True:
        candidate = secrets.randbits(bits) | 0b11 << (bits - 2) | 1
        if (candidate - 1) % exponent and _is_prime(candidate):
            return candidate


def _is_prime(number: int) -> bool:
    """Miller-Rabin for odd numbers of many digits."""
    if any(number % small == 0 for small in _SMALL_PRIMES):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(_ROUNDS):
        power = pow(secrets.randbelow(number - 3) + 2, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True
