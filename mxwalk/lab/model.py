"""What a lab scenario consists of: zones, certificates, scripted hosts and what is expected.

A scenario is data.  These structs are the format of the files in ``scenarios/``; unknown keys are
refused, so that a misspelt key cannot make a scenario quietly well-behaved.  A new area adds an
optional table here.
"""

import msgspec

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Family, Route, Timeouts
from mxwalk.evidence.trace import Purpose
from mxwalk.lab.certificate import CertificateSpec
from mxwalk.lab.dns_faults import DnsFaultKind
from mxwalk.lab.host import HostSpec
from mxwalk.lab.http_model import HttpSpec
from mxwalk.lab.message import DkimKeySpec, MessageSpec, SurveySpec
from mxwalk.lab.zones import ZoneAlgorithm, ZoneFault
from mxwalk.senders.model import Outcome


class ZoneText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A zone as zone-file text relative to its name.

    SOA, NS, parents and reverse zones are made for it; an ``ADDRESS PTR NAME`` line may stand in
    any zone.  TLSA data may be a placeholder (``lab.association``).  Like most mail domains it is
    unsigned unless it says otherwise.
    """

    records: str = ""
    signed: bool = False
    faults: tuple[ZoneFault, ...] = ()
    nsec3_iterations: int | None = None
    algorithm: ZoneAlgorithm = ZoneAlgorithm.ECDSA

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
    both_leaves: bool = False
    without_sni: bool = False
    offline: bool = False
    timeouts: TimeoutsSpec = TimeoutsSpec()


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a walk must find: every sender's outcome, the finding codes, the deciding steps.

    ``codes`` holds enhanced status codes of verdicts, for the senders whose code is worth telling.
    """

    verdicts: dict[str, Outcome]
    codes: dict[str, str] = {}
    findings: tuple[str, ...] = ()
    deciding: dict[str, StepKind] = {}


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scenario; ``name`` is its file's, ``story`` tells the administrator what to look at."""

    group: str
    title: str
    story: str
    target: str
    expect: Expectation
    message: MessageSpec | None = None
    survey: SurveySpec | None = None
    dkim_keys: dict[str, DkimKeySpec] = {}
    options: OptionsSpec = OptionsSpec()
    zones: dict[str, ZoneText] = {}
    dns_faults: tuple[DnsFaultText, ...] = ()
    certificates: dict[str, CertificateSpec] = {}
    hosts: tuple[HostSpec, ...] = ()
    http: tuple[HttpSpec, ...] = ()
    name: str = ""

    @property
    def purpose(self) -> Purpose:
        """What kind of walk it is for."""
        if self.message is not None:
            return Purpose.MESSAGE
        return Purpose.DOMAIN if self.survey is not None else Purpose.DELIVERY
