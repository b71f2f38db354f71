"""What the messages of a TLS handshake showed beyond protocol, cipher and certificates.

Everything here is valid for a part of a handshake as well: what was not seen is ``UNKNOWN``, empty or
``None``.  Nothing of it is a judgement.
"""

import enum

import msgspec

from mxwalk.evidence.wire import Direction


class Support(enum.Enum):
    """Whether a server has a feature of the protocol, as far as this handshake tells."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"  # the negotiated version has no such thing
    UNKNOWN = "unknown"  # the handshake did not come that far


class HandshakeMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the handshake, a ChangeCipherSpec, or an alert, in the order seen.

    ``at_s`` counts seconds from the first message; ``size`` are the octets of the message with its
    header, without those of records; ``note`` is what matters of its contents, in a few words.
    ``alert`` is an alert's number.
    """

    at_s: float
    direction: Direction
    name: str
    size: int
    note: str = ""
    alert: int | None = None


class TempKey(msgspec.Struct, frozen=True, kw_only=True):
    """The server's ephemeral key, from ServerKeyExchange or its key share.

    ``method`` is ``ECDHE``, ``DHE``, ``KEM`` or ``hybrid``, ``group`` the registered name, empty for
    parameters of the server's own.  ``bits`` is the length of the prime or of the curve's keys, for
    key encapsulations the number of the parameter set.
    """

    method: str
    group: str
    bits: int


class ClientCertificateAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A CertificateRequest (RFC 8446 4.3.2, RFC 5246 7.4.4).

    ``authorities`` are the acceptable CAs' names in DER, as far as kept, ``authority_count`` how many
    were sent; none means any.  ``types`` are TLS 1.2's certificate types.
    """

    types: tuple[str, ...] = ()
    signature_schemes: tuple[str, ...] = ()
    authorities: tuple[bytes, ...] = ()
    authority_count: int = 0


class Resumption(msgspec.Struct, frozen=True, kw_only=True):
    """What the server gave to resume this session by.

    ``session_id_octets`` is TLS 1.2's session ID (a server that keeps state, RFC 5246 7.3),
    ``tickets`` how many NewSessionTicket were seen; lifetime and size are the first one's.
    """

    session_id_octets: int = 0
    tickets: int = 0
    ticket_lifetime_s: int = 0
    ticket_octets: int = 0
    offered: Support = Support.UNKNOWN


class TlsFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the messages said.

    ``client_hello_octets`` is the size of our first ClientHello, ``hello_retry`` tells that the
    server asked for a second one (RFC 8446 4.1.4).  ``alpn`` is the protocol the server chose; we
    offer none, for SMTP has none.  ``compression`` is the method's name.
    ``extended_master_secret`` is RFC 7627, ``secure_renegotiation`` RFC 5746.
    ``server_extensions`` are the names of what the server put into its hello messages.
    """

    client_hello_octets: int = 0
    hello_retry: bool = False
    temp_key: TempKey | None = None
    alpn: str = ""
    compression: str = ""
    extended_master_secret: Support = Support.UNKNOWN
    secure_renegotiation: Support = Support.UNKNOWN
    server_extensions: tuple[str, ...] = ()
    client_certificate: ClientCertificateAsked | None = None
    resumption: Resumption = Resumption()
    stapling: Support = Support.UNKNOWN
