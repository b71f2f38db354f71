"""What a message walk and a domain survey were given and what they saw (RFC 7208, 6376, 9989, 8617).

SPF and DMARC evidence is the DNS answers alone: the evaluation is a pure function of them and is run
again when a trace is read.  The outcome of a signature's verification is kept, as OpenSSL's is: it is
the library's word, and a redacted trace has no body to verify again.
"""

import enum

import msgspec

from mxwalk.evidence.dns import DnsAnswer


class MessageInput(msgspec.Struct, frozen=True, kw_only=True):
    r"""The message of a message walk, with CRLF line ends, and what was told of its arrival.

    ``client_ip``, ``helo`` and ``mail_from`` are empty where they were not given; an empty reverse-path
    is ``<>``.  ``receiver`` is the name of the receiving host for the headers it would write.
    ``whole`` is false when only header fields were given, or redaction dropped the body.
    """

    raw: bytes
    file_name: str = ""
    client_ip: str = ""
    helo: str = ""
    mail_from: str = ""
    receiver: str = ""
    whole: bool = True


class SurveyInput(msgspec.Struct, frozen=True, kw_only=True):
    """What a domain survey looks at besides what every domain publishes at fixed names.

    ``selectors`` are DKIM selectors to look up; ``probe`` adds the common ones; ``subdomains`` names
    below the domain to check too; ``sends`` says whether the domain is known to send mail.
    """

    selectors: tuple[str, ...] = ()
    probe: bool = False
    subdomains: tuple[str, ...] = ()
    sends: bool = True


class MessageRead(msgspec.Struct, frozen=True, kw_only=True, tag="message"):
    """The message in the header was read: its fields, its identities.  Nothing was asked."""


class SpfIdentity(enum.Enum):
    """Which identity SPF checks (RFC 7208 2.3, 2.4)."""

    MAILFROM = "mailfrom"
    HELO = "helo"


class SpfChecked(msgspec.Struct, frozen=True, kw_only=True, tag="spf"):
    """The DNS answers of one ``check_host()`` (RFC 7208 4) and what it was called with."""

    identity: SpfIdentity
    client_ip: str
    domain: str
    sender: str
    helo: str
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


class Verified(enum.Enum):
    """What the library said of a signature, or of an ARC chain."""

    VALID = "valid"
    BODY_HASH = "body-hash"  # the body is not what was signed
    HEADER = "header"  # the body hash agrees, the signature over the header fields does not
    UNUSABLE = "unusable"  # not verified: signature or key cannot be used
    NOT_VERIFIED = (
        "not-verified"  # the body is not there, the key could not be had, or beyond a limit
    )


class DkimChecked(msgspec.Struct, frozen=True, kw_only=True, tag="dkim"):
    """One DKIM signature: the key's TXT answer and the verification (RFC 6376 6.1).

    ``number`` counts the message's DKIM-Signature fields from the top, from 1.  ``body_hash`` is the
    hash of the canonicalised body as it came; ``detail`` is the library's own word.
    """

    number: int
    key: DnsAnswer | None = None
    verified: Verified = Verified.NOT_VERIFIED
    body_hash: bytes = b""
    body_bytes: int = 0
    detail: str = ""
    support: tuple[DnsAnswer, ...] = ()


class ArcChecked(msgspec.Struct, frozen=True, kw_only=True, tag="arc"):
    """The message's ARC chain (RFC 8617 5.2): the keys' answers and the library's result.

    ``sets`` pairs an instance number with what its message signature and its seal were found to be.
    """

    answers: tuple[DnsAnswer, ...] = ()
    result: str = "none"  # none, pass, fail
    sets: tuple[tuple[int, Verified, Verified], ...] = ()
    detail: str = ""
    support: tuple[DnsAnswer, ...] = ()


class DmarcDiscovered(msgspec.Struct, frozen=True, kw_only=True, tag="dmarc"):
    """The TXT answers of DMARC discovery for one identifier (RFC 9989 4.10; RFC 7489 6.6.3).

    For the Author Domain also what tells whether the name exists (RFC 9989 3.2.13).
    """

    domain: str
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


class ReportersChecked(msgspec.Struct, frozen=True, kw_only=True, tag="dmarc-reports"):
    """Whether the addresses that reports go to have agreed to receive them (RFC 9990 4)."""

    domain: str
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


class Concluded(msgspec.Struct, frozen=True, kw_only=True, tag="concluded"):
    """A step that asks nothing: it weighs what the steps before it have shown."""


class SpfRecordLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="spf-record"):
    """Everything the SPF record of a domain leads to, whatever the client's address."""

    domain: str
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


class DkimKeysLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="dkim-keys"):
    """Key records at selectors of a domain (RFC 6376 3.6.2), asked together."""

    domain: str
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


# The evidence that is a number of answers, with what their validation needed.
LOOKED_UP = (
    SpfChecked,
    ArcChecked,
    DmarcDiscovered,
    ReportersChecked,
    SpfRecordLookedUp,
    DkimKeysLookedUp,
)

# Everything that steps of message walks and surveys leave behind.
OF_MAIL_AUTHENTICATION = (MessageRead, DkimChecked, Concluded, *LOOKED_UP)
