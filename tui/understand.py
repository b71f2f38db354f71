"""What the text in the start screen's one field means: a target, a file of some kind, or a scenario."""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mxwalk.commands.settings import check_sender
from mxwalk.errors import UsageError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.target import Target, TargetKind
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.tlsrpt.sniffing import looks_like_report
from mxwalk.walk.target import parse_target
from tui.request import Request

_TRACES = (".mxtrace", ".jsonl")
_SUFFIXES = (*_TRACES, ".json", ".json.gz", ".eml")
_SNIFFED = 4_096
_PASTED = 4_000
_EXCHANGE = re.compile(r"\b[45]\.7\.32[1-4]\b")  # its codes for DANE and DNSSEC
_MAILBOX = re.compile(r"[\w.+=-]{1,64}@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What was understood, in words; ``problem`` says what is wrong when nothing was."""

    words: str = ""
    problem: str = ""
    target: str | None = None
    scenario: str | None = None
    path: Path | None = None
    reports: Path | None = None

    @property
    def usable(self) -> bool:
        """Whether Enter can do something with it."""
        return not self.problem and bool(self.words)


def understand(text: str) -> Meaning:
    """Say what ``text`` means; total, and quick enough for every key."""
    plain = text.strip()
    if not plain:
        return Meaning()
    if plain.removeprefix("lab:").strip() in scenario_names():
        name = plain.removeprefix("lab:").strip()
        return Meaning(words=f"lab scenario: {load_scenario(name).title}", scenario=name)
    if plain.startswith(("/", "~", "./", "../")) or plain.endswith(_SUFFIXES):
        return _file(plain)
    if "/" in plain and (found := _file(plain)).usable:  # a relative path, if it is there
        return found
    try:
        target = parse_target(plain)
    except UsageError as error:
        return _pasted(plain) or Meaning(problem=str(error))
    return Meaning(words=_target_words(target), target=plain)


def _pasted(text: str) -> Meaning | None:
    """Return the first mailbox in a text of several words, such as a line of a bounce or a log."""
    if " " not in text:
        return None
    for found in islice(_MAILBOX.finditer(text[:_PASTED]), 20):
        try:
            target = parse_target(found.group())
        except UsageError:
            continue
        words = f"in this text: {_target_words(target)}"
        if code := _EXCHANGE.search(text[:_PASTED]):
            words += f"; {code.group()} is Exchange Online's: choose it as the sender"
        return Meaning(words=words, target=found.group())
    return None


def _file(text: str) -> Meaning:
    """Say what a path leads to: a saved walk, TLS reports, or nothing."""
    try:
        path = Path(text).expanduser()
        if path.is_dir():
            words = "a folder: Enter opens the TLS reports in it"
            return Meaning(words=words, reports=path)
        if path.is_file():
            if _is_report(path):
                return Meaning(words="a file: Enter opens it as a TLS report", reports=path)
            return Meaning(words="a file: Enter opens it as a saved walk", path=path)
    except PermissionError:
        return Meaning(problem="you may not read that")
    except (OSError, ValueError, RuntimeError):
        pass
    return Meaning(problem="there is no such file")


def _is_report(path: Path) -> bool:
    """Tell a TLS report, packed or in an e-mail too, from a saved walk."""
    if path.name.endswith(_TRACES):
        return False
    with path.open("rb") as file:
        begins = file.read(_SNIFFED)
    return looks_like_report(begins) and b'"mxwalk-trace"' not in begins


def _target_words(target: Target) -> str:
    name = target.domain.unicode if target.domain else ""
    if target.domain and target.domain.ascii != name:
        name = f"{name} ({target.domain.ascii})"
    match target.kind:
        case TargetKind.MAILBOX:
            return f"mailbox {target.local_part} at {name}: its MX hosts are looked up and walked"
        case TargetKind.DOMAIN:
            return f"mail domain {name}: its MX hosts are looked up and walked"
        case TargetKind.HOST:
            return f"host {name}, port {target.port}: walked directly, no MX look-up"
        case TargetKind.ADDRESS:
            port = f", port {target.port}" if target.port else ""
            return f"address {target.address}{port}: walked directly"


def to_request(meaning: Meaning, sender: str) -> Request:
    """Return the request for a usable meaning.  Raises ``TraceError`` or ``UsageError``."""
    if meaning.path is not None:
        return Request(trace=read_trace(meaning.path), sender=check_sender(sender))
    if meaning.reports is not None:
        return Request(reports=(meaning.reports,))
    return Request(target=meaning.target, scenario=meaning.scenario, sender=sender)
