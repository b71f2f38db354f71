"""The walks whose wire is harmed: scenarios of the lab, cut down to what differs between them."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from mxwalk.evidence.target import Options
from mxwalk.lab.host import TlsVersion
from mxwalk.lab.model import Scenario
from mxwalk.lab.scenario import load_scenario
from tests.torture.faults import FAULTS_IN_RECORDS

replace = msgspec.structs.replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tortured:
    """A walk: ``scenario`` makes it, ``envelope`` says whether MAIL and RCPT are sent.

    Its DNS messages are harmed with ``on_dns``.  Each octet of its TLS records takes ``in_records`` of the
    faults there are for it, by turns.
    """

    name: str
    scenario: Callable[[], Scenario]
    envelope: bool = False
    on_dns: bool = False
    in_records: int = 3

    def options(self, options: Options) -> Options:
        """Return the walk's options."""
        if not self.envelope:
            return options
        return replace(options, mail_from="a@example.net", rcpt_to="user@example.com")


def _tls_1_2() -> Scenario:
    scenario = load_scenario("pkix-good")
    (host,) = scenario.hosts
    tls = replace(host.tls, max_version=TlsVersion.TLS_1_2)
    return replace(scenario, hosts=(replace(host, tls=tls),))


def _one_host(scenario: Scenario, gone: str) -> Scenario:
    """Leave out the second MX host, which repeats the first."""
    zone = scenario.zones["example.com"]
    records = "\n".join(line for line in zone.lines if gone not in line)
    zones = {**scenario.zones, "example.com": replace(zone, records=records)}
    return replace(scenario, zones=zones, hosts=scenario.hosts[:1])


def without_tls(scenario: Scenario) -> Scenario:
    """Return the scenario with hosts that offer no STARTTLS."""
    hosts = tuple(replace(host, certificate="") for host in scenario.hosts)
    return replace(scenario, hosts=hosts)


def without_records(scenario: Scenario, word: str) -> Scenario:
    """Return the scenario without the records whose lines have this word."""
    zones = {
        name: replace(zone, records="\n".join(line for line in zone.lines if word not in line))
        for name, zone in scenario.zones.items()
    }
    return replace(scenario, zones=zones)


WALKS = (
    Tortured(
        name="plain", scenario=lambda: load_scenario("starttls-missing"), envelope=True, on_dns=True
    ),
    Tortured(
        name="starttls",
        scenario=lambda: load_scenario("pkix-good"),
        envelope=True,
        in_records=FAULTS_IN_RECORDS,
    ),
    Tortured(name="tls12", scenario=_tls_1_2, in_records=FAULTS_IN_RECORDS),
    Tortured(name="dane", scenario=lambda: load_scenario("dane-good"), on_dns=True),
    Tortured(
        name="mta-sts",
        scenario=lambda: _one_host(load_scenario("sts-enforce-good"), "mx2"),
        on_dns=True,
    ),
    Tortured(
        name="two-hosts",
        scenario=lambda: load_scenario("esa-hosted"),
        on_dns=True,
        in_records=1,
    ),
)


def walk_named(name: str) -> Tortured:
    """Return the walk of this name.  Raises ``KeyError``."""
    return {walk.name: walk for walk in WALKS}[name]
