"""Loading scenarios: one TOML file each in ``scenarios/``, read strictly.

Adding a scenario is adding a file.  A file that refers to a certificate it does not define, names
an address outside the documentation ranges (RFC 5737, RFC 3849), or has a key this version does
not know is refused with one sentence that says where.
"""

import difflib
import re
from importlib import resources

import msgspec

from mxwalk.errors import ScenarioError, UnknownScenarioError
from mxwalk.evidence.trace import Purpose
from mxwalk.lab.association import placeholders
from mxwalk.lab.certificate import KeyKind
from mxwalk.lab.certificate_check import check_certificate
from mxwalk.lab.host import Arrival, HostSpec, Staple, to_octets
from mxwalk.lab.http_check import check_http
from mxwalk.lab.message import check_message
from mxwalk.lab.message_keys import named_keys
from mxwalk.lab.model import Scenario, ZoneText
from mxwalk.lab.reading import parse_endpoint
from mxwalk.language import say
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

ESA_SETTINGS = tuple(f"esa:{number}" for number in range(1, 7))

_NAME = re.compile(r"(?!.{65})[a-z0-9]+(-[a-z0-9]+)*")


def scenario_names() -> tuple[str, ...]:
    """Return the names of all scenarios, sorted."""
    folder = resources.files("mxwalk.lab") / "scenarios"
    return tuple(
        sorted(
            entry.name.removesuffix(".toml")
            for entry in folder.iterdir()
            if entry.name.endswith(".toml")
        )
    )


def load_scenario(name: str) -> Scenario:
    """Return the scenario called ``name``.

    Raises ``ScenarioError`` when there is none (with near matches) or when its file is not well
    formed.
    """
    # The pattern also keeps path separators out of the file name.
    file = resources.files("mxwalk.lab") / "scenarios" / f"{name}.toml"
    if not _NAME.fullmatch(name) or not file.is_file():
        near = difflib.get_close_matches(name, scenario_names(), n=5, cutoff=0.5)
        typed = visible(name, 80)
        raise UnknownScenarioError(
            say(
                "there is no scenario {name!r}; did you mean {near}?",
                name=typed,
                near=", ".join(near),
            )
            if near
            else say("there is no scenario {name!r}; see the list: mxwalk lab", name=typed)
        )
    return parse_scenario(name, file.read_bytes())


def parse_scenario(name: str, content: bytes) -> Scenario:
    """Read a scenario file's content.  Raises ``ScenarioError`` with the place and the reason."""
    try:
        scenario = msgspec.toml.decode(content, type=Scenario)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"scenario {name}: {error}") from error
    scenario = msgspec.structs.replace(scenario, name=name)
    try:
        _validate(scenario)
    except ValueError as error:
        raise ScenarioError(f"scenario {name}: {error}") from error
    return scenario


def _validate(scenario: Scenario) -> None:
    for field in ("group", "title", "story", "target"):
        if not getattr(scenario, field).strip():
            raise ValueError(f"{field} is empty")
    _validate_purpose(scenario)
    if scenario.purpose is Purpose.DELIVERY and (missing := _missing(scenario)):
        raise ValueError(f"expect.verdicts lacks {', '.join(missing)}")
    if unknown := scenario.expect.deciding.keys() - scenario.expect.verdicts.keys():
        raise ValueError(f"expect.deciding names senders without a verdict: {sorted(unknown)}")
    if unknown := scenario.expect.codes.keys() - scenario.expect.verdicts.keys():
        raise ValueError(f"expect.codes names senders without a verdict: {sorted(unknown)}")
    for name, zone in scenario.zones.items():
        try:
            parse_name(name)
        except InvalidNameError as error:
            raise ValueError(f"zone {name!r}: {error}") from error
        _validate_zone(name, zone, scenario)
    for label, certificate in scenario.certificates.items():
        check_certificate(label, certificate, scenario.certificates)
    taken: set[tuple[str, int]] = set()
    for host in scenario.hosts:
        _validate_host(host, scenario, taken)
    known = {*scenario.certificates, "root", "intermediate"}
    for server in scenario.http:
        check_http(server, known)
        _take(server.at, taken)


def _missing(scenario: Scenario) -> list[str]:
    return [sender for sender in ESA_SETTINGS if sender not in scenario.expect.verdicts]


def _validate_purpose(scenario: Scenario) -> None:
    if scenario.message is not None and scenario.survey is not None:
        raise ValueError("a scenario is of a message or of a survey, not of both")
    if scenario.message is not None:
        check_message(scenario.message, scenario.dkim_keys)


def _validate_zone(name: str, zone: ZoneText, scenario: Scenario) -> None:
    if zone.faults and not zone.signed:
        raise ValueError(f"zone {name}: faults of signatures in a zone that is not signed")
    for line in zone.lines:
        if unknown := set(named_keys(line)) - scenario.dkim_keys.keys():
            raise ValueError(f"zone {name}: {line!r} names the unknown key {unknown.pop()!r}")
        for placeholder in placeholders(line):
            known = placeholder.certificate in scenario.certificates
            if not known and placeholder.certificate not in ("root", "intermediate"):
                raise ValueError(
                    f"zone {name}: {line!r} names the unknown certificate"
                    f" {placeholder.certificate!r}"
                )


def _validate_host(host: HostSpec, scenario: Scenario, taken: set[tuple[str, int]]) -> None:
    if not host.at:
        raise ValueError("a host has no address in at")
    _take(host.at, taken)
    where = f"host {host.at[0]}"
    if host.certificate and host.certificate not in scenario.certificates:
        raise ValueError(f"{where}: certificate {host.certificate!r} is not defined")
    if host.staple is not Staple.NONE and not host.certificate:
        raise ValueError(f"{where}: a staple needs a certificate")
    if host.second_certificate:
        _validate_second(host, scenario, where)
    if host.arrival is Arrival.ACCEPT and not host.name:
        raise ValueError(f"{where}: name is missing")
    for verb, reply in host.replies.items():
        if not re.fullmatch(r"[A-Z]{4,8}", verb):
            raise ValueError(f"{where}: {verb!r} in replies is no verb in upper case")
        if verb == "STARTTLS" and to_octets(reply).startswith(b"220"):
            raise ValueError(f"{where}: a 220 to STARTTLS comes by itself; see the key starttls")
    if host.greeting_delay_s < 0 or host.greeting_octets_per_s < 0:
        raise ValueError(f"{where}: a time or a rate is negative")


def _take(at: tuple[str, ...], taken: set[tuple[str, int]]) -> None:
    for text in at:
        endpoint = parse_endpoint(text)
        if endpoint in taken:
            raise ValueError(f"two hosts at {text}")
        taken.add(endpoint)


def _validate_second(host: HostSpec, scenario: Scenario, where: str) -> None:
    first = scenario.certificates.get(host.certificate)
    second = scenario.certificates.get(host.second_certificate)
    if first is None or second is None:
        raise ValueError(f"{where}: a second certificate needs both to be defined")
    if (first.key is KeyKind.P256) == (second.key is KeyKind.P256):
        raise ValueError(f"{where}: the second certificate has a key of the same type")
    if first.issuer != second.issuer:
        raise ValueError(f"{where}: the second certificate has another issuer")
