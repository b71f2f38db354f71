"""What a lab scenario consists of: zones, certificates, scripted hosts and what is expected.

A scenario is data.  These structs are the format of the files in ``scenarios/``; unknown keys are
refused, so that a misspelt key cannot make a scenario quietly well-behaved.  Server text is
written as a list of lines (each sent with CR LF) or as one string that is sent as it stands;
characters up to U+00FF stand for that byte, others for their UTF-8 octets.  A new area adds an
optional table here.
"""

import enum

import msgspec

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Family, Route, Timeouts
from mxwalk.lab.dns_faults import DnsFaultKind
from mxwalk.lab.zones import ZoneFault
from mxwalk.senders.model import Outcome

Text = str | tuple[str, ...]


def to_octets(text: Text) -> bytes:
    """Return server text as the bytes to send."""
    if isinstance(text, tuple):
        return b"".join(to_octets(line) + b"\r\n" for line in text)
    return b"".join(
        char.encode("latin-1") if char <= "\xff" else char.encode("utf-8") for char in text
    )


class ZoneText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A zone as zone-file text relative to its name.

    SOA, NS, parents and reverse zones are made for it; an ``ADDRESS PTR NAME`` line may stand in
    any zone.  Like most mail domains it is unsigned unless it says otherwise.
    """

    records: str = ""
    signed: bool = False
    faults: tuple[ZoneFault, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The records, without blank lines and comment lines."""
        lines = (line.strip() for line in self.records.splitlines())
        return tuple(line for line in lines if line and not line.startswith(";"))


class DnsFaultText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that the DNS server fails on; ``*`` stands for any name or type."""

    name: str
    kind: DnsFaultKind
    rtype: str = "*"
    ede_code: int = -1
    ede_text: str = ""


class KeyKind(enum.Enum):
    """The key a certificate is made for."""

    P256 = "p256"
    RSA_2048 = "rsa-2048"
    RSA_1024 = "rsa-1024"


class SignatureHash(enum.Enum):
    """The hash its issuer signs with."""

    SHA256 = "sha256"
    SHA1 = "sha1"


class Purpose(enum.Enum):
    """The extended key usage (RFC 5280 4.2.1.12)."""

    SERVER = "server"
    CLIENT = "client"


class CertificateSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate to be made when the lab starts.

    ``issuer`` is ``root``, ``intermediate``, ``self`` or another certificate of the scenario that
    has ``authority``.  ``names`` become dNSName entries, ``addresses`` iPAddress entries; without
    either there is no subjectAltName.  ``not_before`` and ``not_after`` count from now (``-30d``,
    ``+6h``). ``send`` lists what the server presents, in order; without it the leaf and its
    issuers up to, but without, the root.  ``permitted`` and ``excluded`` are name constraints of
    an authority.
    """

    cn: str = ""
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    issuer: str = "intermediate"
    not_before: str = "-30d"
    not_after: str = "+60d"
    key: KeyKind = KeyKind.P256
    hash: SignatureHash = SignatureHash.SHA256
    purpose: Purpose = Purpose.SERVER
    authority: bool = False
    permitted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    send: tuple[str, ...] | None = None


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


class HostSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A host's behaviour at every ``address:port`` of ``at``.

    ``name`` fills the default greeting and EHLO response of a well-behaved server, which offers
    STARTTLS when it has a certificate.  ``ehlo_tls`` is the response inside TLS.  ``replies`` maps
    a verb to its reply in place of the default, in both layers; a STARTTLS reply other than 220
    refuses. ``starttls_extra`` is sent in clear together with the 220.  ``greeting_delay_s``
    passes before the first byte, ``greeting_octets_per_s`` drips the greeting, ``ehlo_endless``
    repeats the EHLO response's last line as a continuation without end.
    """

    at: tuple[str, ...]
    name: str = ""
    certificate: str = ""
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


class TimeoutsSpec(Timeouts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The walk's timeouts; shorter than for real peers, the lab is near."""

    dns_s: float = 3.0
    connect_s: float = 5.0
    greeting_s: float = 10.0
    command_s: float = 10.0
    tls_s: float = 10.0
    quit_s: float = 1.0


class OptionsSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the walk that the scenario depends on."""

    sender: str = "esa:5"
    helo: str = "probe.example.net"
    mail_from: str | None = None
    rcpt_to: str | None = None
    routes: tuple[Route, ...] = ()
    port: int = 25
    family: Family = Family.ANY
    first_host: bool = False
    timeouts: TimeoutsSpec = TimeoutsSpec()


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a walk must find: every sender's outcome, the finding codes, the deciding steps."""

    verdicts: dict[str, Outcome]
    findings: tuple[str, ...] = ()
    deciding: dict[str, StepKind] = {}


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scenario; ``name`` is its file's, ``story`` tells the administrator what to look at."""

    group: str
    title: str
    story: str
    target: str
    expect: Expectation
    options: OptionsSpec = OptionsSpec()
    zones: dict[str, ZoneText] = {}
    dns_faults: tuple[DnsFaultText, ...] = ()
    certificates: dict[str, CertificateSpec] = {}
    hosts: tuple[HostSpec, ...] = ()
    name: str = ""
