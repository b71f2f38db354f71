"""What the walk was asked for: the target and the options, as recorded in the trace's header."""

import enum

import msgspec

from mxwalk.names import Name


class TargetKind(enum.Enum):
    """What the target text was understood as."""

    MAILBOX = "mailbox"  # user@domain: MX of the domain
    DOMAIN = "domain"  # domain: MX of the domain
    HOST = "host"  # host:port: that host, no MX
    ADDRESS = "address"  # [192.0.2.1]:25: that address
    MESSAGE = "message"  # a message as received, looked at from the receiving side


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """The target as typed and as understood.

    ``domain`` is the recipient domain (for a host target the host itself); it is ``None`` only for
    an address target, and for a message without a readable author.  ``port`` is 0 unless the target
    named one.
    """

    text: str
    kind: TargetKind
    domain: Name | None = None
    local_part: str = ""
    address: str = ""
    port: int = 0


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """An SMTP route (smtproutes): connect to ``destination`` instead of the MX hosts.

    ``destination`` is a host name in A-labels or an address; lower ``priority`` is tried first.
    """

    destination: str
    port: int = 0
    priority: int = 0


class Family(enum.Enum):
    """Which addresses to use."""

    ANY = "any"
    IPV4 = "ipv4"
    IPV6 = "ipv6"


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds without progress after which a phase ends (scaled down from RFC 5321 4.5.3.2).

    Progress prolongs a wait, up to five times that (``limits.DRIP_FACTOR``).
    """

    dns_s: float = 5.0
    connect_s: float = 30.0
    greeting_s: float = 60.0
    command_s: float = 60.0
    tls_s: float = 60.0
    quit_s: float = 5.0


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Everything else that shaped the walk.

    ``trust_anchor`` holds DNSSEC trust anchors as lines (DS or DNSKEY), empty for those of IANA's root.
    ``resolver`` is ``address:port`` or empty for the system's; ``trust`` is ``system``, ``certifi``,
    ``lab`` or a file; ``at`` an RFC 3339 time for certificate validity or empty for now; ``sender``
    the profile whose verdict counts for the exit code; ``both_leaves`` asks each server also for the
    certificate of the other key type, ``without_sni`` for what it shows to a client without SNI.
    With ``offline`` no address that a certificate names is asked (CRL, OCSP, issuers);
    ``private_urls`` allows such addresses to be private ones.
    """

    sender: str = "esa:5"
    helo: str = ""
    mail_from: str | None = None
    rcpt_to: str | None = None
    routes: tuple[Route, ...] = ()
    port: int = 25
    resolver: str = ""
    trust: str = "system"
    trust_anchor: str = ""
    at: str = ""
    family: Family = Family.ANY
    first_host: bool = False
    both_leaves: bool = False
    without_sni: bool = False
    offline: bool = False
    private_urls: bool = False
    timeouts: Timeouts = Timeouts()
