"""How a scripted SMTP host behaves, as data: arrival, greeting, EHLO responses, STARTTLS, TLS.

Server text is written as a list of lines (each sent with CR LF) or as one string that is sent as it
stands; characters up to U+00FF stand for that byte, others for their UTF-8 octets.
"""

import enum
from typing import Literal

import msgspec

Text = str | tuple[str, ...]


def to_octets(text: Text) -> bytes:
    """Return server text as the bytes to send."""
    if isinstance(text, tuple):
        return b"".join(to_octets(line) + b"\r\n" for line in text)
    return b"".join(
        char.encode("latin-1") if char <= "\xff" else char.encode("utf-8") for char in text
    )


class Arrival(enum.Enum):
    """What happens to a TCP connection to the host."""

    ACCEPT = "accept"
    REFUSE = "refuse"  # no listener: RST to the SYN
    UNREACHABLE = "unreachable"  # no route to the address
    DROP = "drop"  # the SYN is lost: no answer at all
    RESET = "reset"  # accepted, then RST
    CLOSE = "close"  # accepted, then FIN
    SILENT = "silent"  # accepted, then nothing


class StartTls(enum.Enum):
    """What the server does on STARTTLS once it has answered 220."""

    HANDSHAKE = "handshake"
    GARBAGE = "garbage"  # answers the ClientHello with bytes that are no TLS record
    CLOSE = "close"
    RESET = "reset"
    SILENT = "silent"


class Staple(enum.Enum):
    """The OCSP response that a server staples to its handshake (RFC 6066 8)."""

    NONE = "none"
    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    TRY_LATER = "try-later"
    WRONG_SIGNER = "wrong-signer"
    OTHER_CERTIFICATE = "other-certificate"
    GARBAGE = "garbage"


class TlsVersion(enum.Enum):
    """A protocol version the server speaks."""

    TLS_1_0 = "TLSv1"
    TLS_1_1 = "TLSv1.1"
    TLS_1_2 = "TLSv1.2"
    TLS_1_3 = "TLSv1.3"


class TooLarge(enum.Enum):
    """How a middlebox in front of the server treats a ClientHello that is larger than it expects."""

    RESET = "reset"
    CLOSE = "close"
    SILENT = "silent"


class TlsSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the server speaks TLS.

    ``ciphers`` is an OpenSSL cipher list, empty for all, ``groups`` its list of groups, empty for
    OpenSSL's own, ``signatures`` likewise what may sign the handshake (``ECDSA+SHA1``).  ``dh_bits``
    switches DHE on with a prime of 1024, 1536 or 2048 bits; a client that offers ffdhe groups gets one
    of those instead, or, when ``groups`` has none, an alert (RFC 7919 4).  With
    ``ask_client_certificate`` a client without one is let in, with ``require_client_certificate``
    not; ``acceptable_authorities`` are common names of the CAs it names.  With ``sni_required`` a
    client that names none of these hosts gets an alert.  Without ``tickets`` no session of TLS 1.2 can
    be resumed.  A ClientHello of more than ``max_client_hello`` octets (0: any) never gets an answer:
    ``too_large`` says what happens instead.
    """

    min_version: TlsVersion = TlsVersion.TLS_1_0
    max_version: TlsVersion = TlsVersion.TLS_1_3
    ciphers: str = ""
    groups: str = ""
    signatures: str = ""
    dh_bits: Literal[0, 1024, 1536, 2048] = 0
    ask_client_certificate: bool = False
    require_client_certificate: bool = False
    acceptable_authorities: tuple[str, ...] = ()
    sni_required: tuple[str, ...] = ()
    tickets: bool = True
    max_client_hello: int = 0
    too_large: TooLarge = TooLarge.RESET


class HostSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A host's behaviour at every ``address:port`` of ``at``.

    ``name`` fills the default greeting and EHLO response of a well-behaved server, which offers
    STARTTLS when it has a certificate.  ``second_certificate`` has a key of the other type, and the
    same issuers; ``staple`` is what the authority says of the first.  ``ehlo_tls`` is the response
    inside TLS.  ``replies`` maps a verb to its reply in place of the default, in both layers; a
    STARTTLS reply other than 220 refuses. ``starttls_extra`` is sent in clear together with the 220.
    ``greeting_delay_s`` passes before the first byte, ``greeting_octets_per_s`` drips the greeting,
    ``ehlo_endless`` repeats the EHLO response's last line as a continuation without end.
    """

    at: tuple[str, ...]
    name: str = ""
    certificate: str = ""
    second_certificate: str = ""
    tls: TlsSpec = TlsSpec()
    staple: Staple = Staple.NONE
    arrival: Arrival = Arrival.ACCEPT
    greeting: Text | None = None
    greeting_delay_s: float = 0.0
    greeting_octets_per_s: float = 0.0
    ehlo: Text | None = None
    ehlo_tls: Text | None = None
    ehlo_endless: bool = False
    starttls: StartTls = StartTls.HANDSHAKE
    starttls_extra: str = ""
    replies: dict[str, Text] = {}
