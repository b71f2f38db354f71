"""What one connection to a delivery host leaves behind, from the TCP handshake to the last look.

The policy host of MTA-STS is connected to in the same way, so its evidence stands here too.
"""

import msgspec

from mxwalk.evidence.fetch import Fetched
from mxwalk.evidence.handshake import HandshakeMessage, TlsFacts
from mxwalk.evidence.revocation import NotAsked, RevocationOf
from mxwalk.evidence.tls import (
    Offer,
    PathCertificate,
    StoreVerdict,
    TlsAlert,
    TrustStore,
    VerifyError,
)
from mxwalk.evidence.wire import Ending, EndingKind


class Connected(msgspec.Struct, frozen=True, kw_only=True, tag="connect"):
    """A TCP connection attempt; ``ending`` is ``None`` when it stands."""

    address: str
    port: int
    local_address: str = ""
    ending: Ending | None = None


class Exchanged(msgspec.Struct, frozen=True, kw_only=True, tag="exchange"):
    r"""A command and the raw reply (the greeting is a reply to no command).

    ``command`` is what was really sent, CRLF included; ``planned`` what the walk had proposed when
    the administrator changed it, else empty.  ``reply`` holds the bytes of the reply, complete or as
    far as it came; ``trailing`` bytes that had arrived behind it.  ``ending`` is ``None`` when a
    complete reply came.  ``first_byte_s`` is the wait for the reply's first byte.  ``behind`` are
    messages of TLS that came behind the handshake meanwhile: session tickets, alerts.
    """

    command: bytes = b""
    planned: bytes = b""
    reply: bytes = b""
    trailing: bytes = b""
    first_byte_s: float = 0.0
    behind: tuple[HandshakeMessage, ...] = ()
    ending: Ending | None = None

    @property
    def unsent(self) -> bool:
        """Whether our own side kept the command back; nothing was sent and nothing came."""
        local = self.ending is not None and self.ending.kind is EndingKind.LOCAL
        return local and not self.command and not self.reply


class Handshaken(msgspec.Struct, frozen=True, kw_only=True, tag="handshake"):
    """A TLS handshake: what was negotiated, or how it ended, and the certificates presented.

    ``presented`` is the chain as DER in the order sent; it may be there although the handshake
    failed.  OpenSSL's verification inside this handshake is the chain step's evidence.  ``signature``
    is the scheme of the server's signature where it is known.  ``messages`` are those of the handshake
    in order, ``message_count`` how many there were before the limit, ``facts`` what they said.
    ``clear_leftover`` are bytes that came in clear between the 220 and the handshake and were not fed
    to TLS.  ``unseen`` says that nobody saw which certificates there were: a pasted text holds none.
    """

    sni: str
    offer: Offer = Offer.MODERN
    protocol: str = ""
    cipher: str = ""
    cipher_bits: int = 0
    group: str = ""
    signature: str = ""
    presented: tuple[bytes, ...] = ()
    presented_count: int = 0  # before the limit on kept certificates
    ocsp_staple: bytes = b""
    alerts: tuple[TlsAlert, ...] = ()
    messages: tuple[HandshakeMessage, ...] = ()
    message_count: int = 0
    facts: TlsFacts = TlsFacts()
    clear_leftover: bytes = b""
    unseen: bool = False
    ending: Ending | None = None


class ChainChecked(msgspec.Struct, frozen=True, kw_only=True, tag="chain"):
    """OpenSSL's verification of the presented chain against a trust store at a time.

    No errors means that the chain is trusted; names are judged elsewhere.  ``beside`` tells what other
    trust stores would have made of it; no sender is judged by them.
    """

    store: TrustStore
    evaluated_at: str
    path: tuple[PathCertificate, ...] = ()
    errors: tuple[VerifyError, ...] = ()
    beside: tuple[StoreVerdict, ...] = ()


class IssuersFetched(msgspec.Struct, frozen=True, kw_only=True, tag="issuers"):
    """Issuers that were not sent, from where the certificates say they are (RFC 5280 4.2.2.1).

    ``certificates`` are what came, in DER, from the leaf's side up; ``anchors`` what of the trust store
    stands on the path that OpenSSL builds with them, if it builds one.  They explain; no verdict rests
    on them, for mail servers do not fetch.
    """

    fetched: tuple[Fetched, ...] = ()
    certificates: tuple[bytes, ...] = ()
    anchors: tuple[bytes, ...] = ()


class RevocationChecked(msgspec.Struct, frozen=True, kw_only=True, tag="revocation"):
    """What CRLs and OCSP responders said of each certificate of the path below the anchor.

    ``not_asked`` says why nobody was asked; a stapled response is looked at all the same.
    """

    checked_at: str
    certificates: tuple[RevocationOf, ...] = ()
    not_asked: NotAsked | None = None


class PolicyFetched(msgspec.Struct, frozen=True, kw_only=True, tag="sts-policy"):
    """The MTA-STS policy of a domain from its policy host (RFC 8461 3.3).

    ``body`` is the file as it came, empty when there is none to use; ``fetched.problem`` says why.
    ``handshake`` and ``chain`` are what the policy host showed, ``objection`` why it is not the one
    named; ``remarks`` tell what is odd and does no harm.
    """

    domain: str
    fetched: Fetched
    body: bytes = b""
    handshake: Handshaken | None = None
    chain: ChainChecked | None = None
    objection: str = ""
    remarks: tuple[str, ...] = ()
    cancelled: bool = False


class IdentityGathered(msgspec.Struct, frozen=True, kw_only=True, tag="identity"):
    """The names this connection could be checked against, gathered without the certificate.

    ``routes`` are the FQDN routes that lead to the connected address; ``any_fqdn_route`` tells that
    the domain has one at all.  ``mx_hosts`` are all MX hosts of the domain in order, ``mx_host`` the
    one this connection belongs to (empty for routes).  ``ptr_names`` pairs each PTR name with its
    forward confirmation.
    """

    recipient_domain: str
    mx_host: str = ""
    mx_hosts: tuple[str, ...] = ()
    mx_authentic: bool = False
    routes: tuple[str, ...] = ()
    any_fqdn_route: bool = False
    ptr_names: tuple[tuple[str, bool], ...] = ()


class LookedAgain(msgspec.Struct, frozen=True, kw_only=True, tag="look"):
    """One more connection to the same address, with another ClientHello.

    ``refusal`` is the reply that ended it before the handshake (greeting, EHLO or STARTTLS not
    accepted), as it came.  ``inside`` is the reply to EHLO inside TLS, ``inside_ending`` why no whole
    one came.  ``ending`` is ``None`` when the
    handshake was completed; for a leaf of another key type a failed one is how a server without such
    a leaf answers.
    """

    offer: Offer
    refusal: bytes = b""
    handshake: Handshaken | None = None
    chain: ChainChecked | None = None
    identity: IdentityGathered | None = None
    inside: bytes = b""
    inside_ending: Ending | None = None
    ending: Ending | None = None

    @property
    def presented(self) -> tuple[bytes, ...]:
        """The chain as DER in the order sent."""
        return self.handshake.presented if self.handshake else ()
