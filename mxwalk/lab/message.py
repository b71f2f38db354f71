"""The message of a scenario: its fields and body, who signs it, and what happens to it on the way.

Signatures are made when the lab starts, by dkimpy with keys made then; the public halves stand in the
zones as ``{dkim:NAME}``.  What is done to the message after signing is data too, so that a mailing
list's footer is a footer and not a recorded failure.
"""

import enum

import msgspec

from mxwalk.evidence.mailauth import SurveyInput
from mxwalk.names import is_address


class DkimKeyKind(enum.Enum):
    """The key pairs the lab makes."""

    RSA_2048 = "rsa-2048"
    RSA_1024 = "rsa-1024"
    RSA_768 = "rsa-768"
    ED25519 = "ed25519"


class DkimKeySpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key pair to make."""

    kind: DkimKeyKind = DkimKeyKind.RSA_2048


class SignSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signature to add on top; times are seconds relative to the lab's start.

    Without ``algorithm`` it is the key's with SHA-256, without ``headers`` what RFC 6376 5.4.1
    recommends.  ``length`` writes ``l=`` with the length of the body as it is then.
    """

    key: str
    domain: str
    selector: str
    canonicalization: str = "relaxed/relaxed"
    algorithm: str = ""
    headers: tuple[str, ...] = ()
    identity: str = ""
    length: bool = False
    signed_s: int = -60
    expires_s: int | None = None


class SealSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An ARC set to add on top (RFC 8617 5.1).

    ``results`` is what ARC-Authentication-Results says was found, in the name of ``authserv_id``.
    """

    key: str
    domain: str
    selector: str
    authserv_id: str
    results: str
    signed_s: int = -30


class AfterSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens to the message after it was signed, in this order.

    ``replace`` pairs are texts of header or body as they stand and what takes their place;
    ``sign`` and ``seal`` are what a forwarder or a mailing list adds of its own in the end.
    """

    replace: tuple[tuple[str, str], ...] = ()
    subject_prefix: str = ""
    append_body: str = ""
    prepend_headers: str = ""
    sign: tuple[SignSpec, ...] = ()
    seal: tuple[SealSpec, ...] = ()


class MessageSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message walk: lines end with LF here and with CRLF on the wire.

    Empty envelope values are left to be assumed from the message, as for a file opened by hand.
    """

    headers: str
    body: str = ""
    client_ip: str = ""
    helo: str = ""
    mail_from: str = ""
    receiver: str = ""
    sign: tuple[SignSpec, ...] = ()
    after: AfterSpec = AfterSpec()


class SurveySpec(SurveyInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A domain survey; the scenario's target is the domain."""


def check_message(message: MessageSpec, keys: dict[str, DkimKeySpec]) -> None:
    """Refuse a message that cannot be made.  Raises ``ValueError`` with the place and the reason."""
    if message.client_ip and not is_address(message.client_ip):
        raise ValueError(f"message: {message.client_ip!r} is no address")
    if not message.headers.strip():
        raise ValueError("message: headers are empty")
    if "\n\n" in message.headers.strip("\n"):
        raise ValueError("message: an empty line in the headers would end them")
    if "\r" in message.headers + message.body:
        raise ValueError("message: lines end with LF here, not with CRLF")
    named = [sign.key for sign in (*message.sign, *message.after.sign)]
    named += [seal.key for seal in message.after.seal]
    for name in named:
        if name not in keys:
            raise ValueError(f"message: the key {name!r} is not in dkim_keys")
