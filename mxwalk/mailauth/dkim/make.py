"""Making a DKIM key pair: the record to publish, and the private key for the signer alone.

The private key is written once, to a new file only its owner can read (mode 0600), and is
never shown.  Sizes follow RFC 8301 3.2 and RFC 8463.
"""

import enum
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mxwalk.dns.txt import txt_line
from mxwalk.errors import UsageError
from mxwalk.files import write_whole
from mxwalk.language import noted, say
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.wordings import system_words

_STRING_OCTETS = 255  # RFC 1035 3.3.14
_EXPONENT = 65_537


class KeyKind(enum.Enum):
    """Kinds of keys, by the word of ``k=``."""

    RSA = "rsa"
    ED25519 = "ed25519"


# What is to be known about each size before it is chosen.
ADVICE = {
    (KeyKind.RSA, 1_024): (
        noted(
            "RFC 8301 3.2 still lets receivers accept 1024 bits, but calls for 2048; some"
            " receivers count it as weak. Choose it only where the DNS service cannot hold a"
            " longer record."
        )
    ),
    (KeyKind.RSA, 2_048): (
        noted(
            "2048 bits are what RFC 8301 3.2 recommends, and every verifier can check them."
            " The record needs two strings."
        )
    ),
    (KeyKind.RSA, 3_072): (
        noted(
            "3072 bits: verifiers must support them (RFC 8301 3.2), but signatures grow and"
            " gain little for a key that is replaced regularly."
        )
    ),
    (KeyKind.RSA, 4_096): (
        noted(
            "4096 bits are the most that verifiers must support (RFC 8301 3.2). The record no"
            " longer fits an answer of 512 octets over UDP, and signing costs several times"
            " as much."
        )
    ),
    (KeyKind.ED25519, 256): (
        noted(
            "Ed25519 (RFC 8463) has short keys and signatures, but many receivers cannot"
            " check it: sign with an RSA key of another selector as well."
        )
    ),
}
RSA_SIZES = tuple(bits for kind, bits in ADVICE if kind is KeyKind.RSA)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A new key pair: the record's text, and the private key as PKCS#8 PEM, kept out of ``repr``."""

    kind: KeyKind
    bits: int
    record: str
    advice: str
    private_pem: bytes = field(repr=False)

    @property
    def strings(self) -> tuple[str, ...]:
        """The record in character-strings of at most 255 octets (RFC 6376 3.6.2.2)."""
        return tuple(
            self.record[at : at + _STRING_OCTETS]
            for at in range(0, len(self.record), _STRING_OCTETS)
        )


def make_key(kind: KeyKind = KeyKind.RSA, bits: int = 2_048, *, notes: str = "") -> KeyPair:
    """Return a new key pair; ``bits`` counts for RSA only.

    Raises ``UsageError`` for sizes other than 1024, 2048, 3072 and 4096.
    """
    if kind is KeyKind.ED25519:
        secret = ed25519.Ed25519PrivateKey.generate()
        public = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)  # RFC 8463 4
        pem = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        bits = 256
    else:
        if bits not in RSA_SIZES:
            sizes = ", ".join(str(size) for size in RSA_SIZES)
            raise UsageError(
                say("an RSA key for DKIM has {sizes} bits, not {bits}", sizes=sizes, bits=bits)
            )
        secret_rsa = rsa.generate_private_key(_EXPONENT, bits)
        public = secret_rsa.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        pem = secret_rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    said = f" n={notes};" if notes else ""
    return KeyPair(
        kind=kind,
        bits=bits,
        record=f"v=DKIM1; k={kind.value};{said} p={b64encode(public).decode('ascii')}",
        advice=say(ADVICE[kind, bits]),
        private_pem=pem,
    )


def key_record_name(domain: str, selector: str) -> str:
    """Return ``<selector>._domainkey.<domain>`` (RFC 6376 3.6.2.1).

    Raises ``UsageError`` when domain or selector is no name.
    """
    try:
        return f"{parse_name(selector).ascii}._domainkey.{parse_name(domain).ascii}"
    except InvalidNameError as error:
        raise UsageError(say("no DKIM key can be named: {error}", error=error)) from error


def zone_line(domain: str, selector: str, pair: KeyPair) -> str:
    """Return the line for the zone, its text in strings of at most 255 octets."""
    return txt_line(key_record_name(domain, selector), pair.record.encode("ascii"))


def write_private_key(path: Path, pair: KeyPair) -> None:
    """Write the private key to a new file of mode 0600.

    Raises ``UsageError`` when the file exists, even as a symbolic link, or cannot be written; nothing
    of it is left then.
    """
    try:
        write_whole(path, pair.private_pem, replace=False)
    except FileExistsError as error:
        raise UsageError(
            say("{path} exists; a private key never replaces a file", path=path)
        ) from error
    except OSError as error:
        raise UsageError(
            say("{path} cannot be made: {why}", path=path, why=system_words(error))
        ) from error
