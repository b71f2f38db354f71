"""How a scripted SMTP host behaves, as data: arrival, greeting, EHLO responses, STARTTLS, TLS.

Server text is written as a list of lines (each sent with CR LF) or as one string that is sent as it
stands; characters up to U+00FF stand for that byte, others for their UTF-8 octets.
"""

import enum

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


class TlsVersion(enum.Enum):
    """A protocol version the server speaks."""

    TLS_1_0 = "TLSv1"
    TLS_1_1 = "TLSv1.1"
    TLS_1_2 = "TLSv1.2"
    TLS_1_3 = "TLSv1.3"


class TlsSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the server speaks TLS; ``ciphers`` is an OpenSSL cipher list, empty for all.

    With ``sni_required`` a client that names none of these hosts gets an alert.
    """

    min_version: TlsVersion = TlsVersion.TLS_1_0
    max_version: TlsVersion = TlsVersion.TLS_1_3
    ciphers: str = ""
    require_client_certificate: bool = False
    sni_required: tuple[str, ...] = ()


class HostSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A host's behaviour at every ``address:port`` of ``at``.

    ``name`` fills the default greeting and EHLO response of a well-behaved server, which offers
    STARTTLS when it has a certificate.  ``second_certificate`` has a key of the other type, and the
    same issuers.  ``ehlo_tls`` is the response inside TLS.  ``replies`` maps
    a verb to its reply in place of the default, in both layers; a STARTTLS reply other than 220
    refuses. ``starttls_extra`` is sent in clear together with the 220.  ``greeting_delay_s``
    passes before the first byte, ``greeting_octets_per_s`` drips the greeting, ``ehlo_endless``
    repeats the EHLO response's last line as a continuation without end.
    """

    at: tuple[str, ...]
    name: str = ""
    certificate: str = ""
    second_certificate: str = ""
    tls: TlsSpec = TlsSpec()
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
