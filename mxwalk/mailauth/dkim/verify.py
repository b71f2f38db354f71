"""Verification of one signature (RFC 6376 6.1): the key's question, and what the library finds.

The parts are kept apart, so that it can be said which of them failed: the body's hash, and the
signature over the header fields.  Nothing here looks at the clock: expiry is judged where the
evidence is read.
"""

from dataclasses import dataclass

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.mailauth import Verified
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.dkim.key import read_key, read_keys
from mxwalk.mailauth.dkim.library import canonical_body, check_header, hash_of
from mxwalk.mailauth.dkim.model import KeyRecord, Reason, Signature
from mxwalk.mailauth.message import Message
from mxwalk.text import visible

HEADER_AGREES = "the signature over the header fields agrees"
HEADER_DIFFERS = "the signature over the header fields does not agree"
BODY_AGREES = "the body hash agrees"
BODY_DIFFERS = "the body hash does not agree"
NO_BODY = "the body is not there"


@dataclass(frozen=True, slots=True)
class Checked:
    """The parts of ``DkimChecked`` that the library decides; see there."""

    verified: Verified
    body_hash: bytes = b""
    body_bytes: int = 0
    detail: str = ""


def questions(signature: Signature) -> Asking[KeyRecord]:
    """Ask for the key record of a signature (RFC 6376 3.6.2); unusable ones ask nothing."""
    if not signature.domain or not signature.selector:
        return _no_name(signature)
    (answer,) = yield (Question(signature.key_name, "TXT"),)
    return read_key(signature.key_name, answer, key_type(signature))


def key_type(signature: Signature) -> str:
    """Return the type of key that the signature's algorithm needs: ``rsa`` or ``ed25519``."""
    return signature.algorithm.partition("-")[0]


def verify(message: Message, signature: Signature, answer: DnsAnswer | None) -> Checked:
    """Return what became of a signature; ``answer`` is that to its key's question.

    Never raises.  Of several usable key records each is tried (RFC 6376 6.1.2).
    """
    if signature.problem and not signature.body_hash:
        return Checked(Verified.UNUSABLE, detail=signature.problem)
    digest, size = b"", 0
    if message.whole:
        canonical = canonical_body(message.body, signature.body_canon, signature.length)
        digest, size = hash_of(signature.algorithm, canonical), len(canonical)
    if signature.problem:
        return Checked(Verified.UNUSABLE, digest, size, signature.problem)
    if answer is None:
        return Checked(Verified.NOT_VERIFIED, digest, size, "the key was not asked for")
    keys = usable_keys(signature, answer)
    if not keys:
        key = read_key(signature.key_name, answer, key_type(signature))
        seen = Verified.UNUSABLE if key.tags is not None else Verified.NOT_VERIFIED
        what = key.problem or f"k={key.key_type} does not fit a={signature.algorithm}"
        return Checked(seen, digest, size, what)
    header, words = _try_keys(message, signature, keys)
    if not message.whole:
        verdict = Verified.NOT_VERIFIED if header else Verified.HEADER
        return Checked(verdict, detail=f"{words}; {NO_BODY}")
    if digest != signature.body_hash:
        return Checked(Verified.BODY_HASH, digest, size, f"{BODY_DIFFERS}; {words}")
    return Checked(
        Verified.VALID if header else Verified.HEADER, digest, size, f"{BODY_AGREES}; {words}"
    )


def usable_keys(signature: Signature, answer: DnsAnswer) -> list[KeyRecord]:
    """Return the usable key records of the type that the signature needs."""
    return [
        key
        for key in read_keys(signature.key_name, answer)
        if not key.problem and key.key_type == key_type(signature)
    ]


def _try_keys(message: Message, signature: Signature, keys: list[KeyRecord]) -> tuple[bool, str]:
    detail = ""
    for number, key in enumerate(keys, start=1):
        check = check_header(message.fields, signature, key)
        if check.agrees:
            which = f" by key record {number} of {len(keys)}" if len(keys) > 1 else ""
            return True, f"{HEADER_AGREES}{which}"
        detail = detail or visible(check.detail, 300)
    return False, f"{HEADER_DIFFERS} ({detail})" if detail else HEADER_DIFFERS


def _no_name(signature: Signature) -> KeyRecord:
    return KeyRecord(
        name="", status=DnsStatus.CANCELLED, problem=signature.problem, reason=Reason.SYNTAX
    )
