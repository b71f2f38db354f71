"""An ARC set as an intermediary adds it (RFC 8617 5.1): results, message signature, and seal.

The message signature is made as a DKIM signature is.  The seal covers the ARC fields alone, in the
order of 5.1.1, and is the first of its chain here.
"""

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mxwalk.errors import ScenarioError
from mxwalk.lab.message import SealSpec
from mxwalk.mailauth.dkim.library import canonical_body, canonical_fields, hash_of, make_signature
from mxwalk.mailauth.dkim.sign import RECOMMENDED
from mxwalk.mailauth.message import read_message

_ALGORITHM = "rsa-sha256"


def sealed(raw: bytes, spec: SealSpec, key_pem: bytes, stamp: int) -> bytes:
    """Return the message with ARC set 1 on top; ``stamp`` is seconds since 1970."""
    message = read_message(raw)
    have = {field.key for field in message.fields}
    names = [*(name for name in RECOMMENDED if name in have), "dkim-signature"]
    body = canonical_body(message.body, "relaxed")
    who = f"a={_ALGORITHM}; d={spec.domain}; s={spec.selector}; t={stamp}"
    results = f"ARC-Authentication-Results: i=1; {spec.results}\r\n".encode()
    signature = make_signature(
        message.fields,
        [
            (b"i", b"1"),
            (b"a", _ALGORITHM.encode("ascii")),
            (b"c", b"relaxed/relaxed"),
            (b"d", spec.domain.encode("ascii")),
            (b"s", spec.selector.encode("ascii")),
            (b"t", str(stamp).encode("ascii")),
            (b"h", " : ".join(names).encode("ascii")),
            (b"bh", b64encode(hash_of(_ALGORITHM, body))),
        ],
        key_pem,
        "ARC-Message-Signature",
    )
    seal = f"ARC-Seal: i=1; cv=none; {who};\r\n b=".encode("ascii")
    octets = _canonical(results) + _canonical(signature) + _canonical(seal).removesuffix(b"\r\n")
    return seal + b64encode(_sealed_by(key_pem, octets)) + b"\r\n" + signature + results + raw


def _canonical(field: bytes) -> bytes:
    """Return a field as it is hashed (RFC 8617 5.1.1: relaxed)."""
    name, _, value = field.partition(b":")
    ((key, canonical),) = canonical_fields([(name, value)], "relaxed")
    return key + b":" + canonical


def _sealed_by(key_pem: bytes, octets: bytes) -> bytes:
    key = load_pem_private_key(key_pem, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ScenarioError("a seal is made with an RSA key")
    return key.sign(octets, padding.PKCS1v15(), SHA256())
