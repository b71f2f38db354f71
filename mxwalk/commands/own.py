"""``mxwalk self``: the checks of this machine, as lines or as JSON."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import platformdirs

from mxwalk.clock import Clock, SystemClock
from mxwalk.commands.columns import fitted
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.settings import parse_helo
from mxwalk.commands.streams import print_document, print_lines
from mxwalk.commands.traces import load
from mxwalk.delivery.mark import Mark
from mxwalk.dns.resolver import StubResolver, parse_resolver, system_servers
from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.limits import EGRESS_HOSTS
from mxwalk.net.dialer import SystemDialer
from mxwalk.ownside import egress as way_out
from mxwalk.ownside.checks import examine
from mxwalk.ownside.model import Side
from mxwalk.ownside.network import source_address
from mxwalk.ownside.result import Result
from mxwalk.reports.labels import SYMBOLS
from mxwalk.session import own_host_name
from mxwalk.walk.target import parse_target
from mxwalk.wrapping import padded

SCHEMA = "mxwalk-self-1"
CLEAR, LOOK, WRONG, UNTOLD = 0, 1, 3, 4
_TIMEOUT_S = 3.0
_LABEL = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    side: Side
    outside: tuple[str, ...] = ()
    fmt: str | None = None
    ascii_only: bool = False


def here(
    resolver: str = "",
    helo: str = "",
    clock: Clock | None = None,
    *,
    trust: str = "",
    walk: str = "",
    hosts: Iterable[str] = (),
) -> Side:
    """Return this machine as the checks see it.  Raises ``UsageError`` where no resolver is known."""
    servers = (parse_resolver(resolver),) if resolver else system_servers()
    clock = clock or SystemClock()
    return Side(
        resolver=StubResolver(servers, timeout_s=_TIMEOUT_S, clock=clock),
        servers=tuple(servers),
        clock=clock,
        dialer=SystemDialer(),
        source=source_address,
        state_directory=platformdirs.user_state_path("mxwalk", appauthor=False),
        helo=helo or own_host_name(),
        trust=trust or "system",
        walk=load(walk) if walk else None,
        timeout_s=_TIMEOUT_S,
        egress=tuple(parse_receiver(host) for host in hosts),
    )


async def self_check(
    resolver: str, helo: str, clock: Clock, outside: Sequence[str] = ()
) -> AsyncIterator[Result]:
    """Yield each check as soon as it is known; ``resolver`` is ``address:port`` or empty."""
    try:
        side = here(resolver, helo, clock)
    except (UsageError, ValueError) as error:
        yield Result(id="resolver", label=say("resolver"), state=Mark.FAIL, words=str(error))
        return
    async for one in examine(side, outside):
        yield one


async def egress_check(resolver: str, clock: Clock) -> AsyncIterator[way_out.Attempt]:
    """Connect to the large receivers and yield each attempt.  Raises ``UsageError``."""
    async for one in way_out.attempts(here(resolver, "", clock)):
        yield one


def parse_receiver(text: str) -> tuple[str, int]:
    """Read a mail domain, a host with its port, or an address; port 0 means: look up the MX.

    Raises ``UsageError`` for what is none of them.
    """
    try:
        target = parse_target(text)
    except UsageError as error:
        raise UsageError(f"--egress-host {error}") from error
    return target.domain.ascii if target.domain else target.address, target.port


def asked_from(values: Mapping[str, Any]) -> Asked:
    """Return the command line as one value.  Raises ``UsageError`` and ``TraceError``."""
    hosts = tuple(values["hosts"])
    if len(hosts) > EGRESS_HOSTS:
        raise UsageError(say("--egress-host: at most {most} of them", most=EGRESS_HOSTS))
    outside = []
    if values["ask_outside"]:
        outside.append("bogus")
    if values["egress"] or hosts:
        outside.append("egress")
    helo = parse_helo(values["helo"]) if values["helo"] else ""
    side = here(
        values["resolver"],
        helo,
        trust=values["ca_file"] or "",
        walk=values["walk"] or "",
        hosts=hosts,
    )
    return Asked(
        side=side, outside=tuple(outside), fmt=values["fmt"], ascii_only=values["ascii_only"]
    )


def run(asked: Asked) -> int:
    """Make the checks, print them as they come, and return the exit code."""
    found = run_to_end(_run(asked))
    if asked.fmt == "json":
        document = {"schema": SCHEMA, "checks": [_plain(one) for one in found]}
        print_document(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return code_of(found, asked.outside)


async def _run(asked: Asked) -> tuple[Result, ...]:
    found: list[Result] = []
    inside = tuple(one for one in asked.outside if one != "egress")
    async for one in examine(asked.side, inside):
        found.append(one)
        _print(asked, lines(one))
    if "egress" in asked.outside:
        made = []
        async for attempt in way_out.attempts(asked.side):
            made.append(attempt)
            _print(asked, fitted("    ", attempt.words, 4))
        found.append(way_out.conclude(made))
        _print(asked, lines(found[-1]))
    return tuple(found)


def _print(asked: Asked, said: Iterable[str]) -> None:
    if asked.fmt != "json":
        print_lines(said, ascii_only=asked.ascii_only)


def _plain(one: Result) -> dict[str, str]:
    return {"id": one.id, "state": one.state.value, "words": one.words, "fix": one.fix}


def lines(one: Result) -> list[str]:
    """Return a result as lines: what was found, and what to do about it."""
    hang = _LABEL + 2
    label = padded(f"{one.label} ", _LABEL)
    said = fitted(f"{SYMBOLS[one.state.value]} {label}", one.words, hang)
    return [*said, *(fitted(" " * hang, one.fix, hang) if one.fix else [])]


def code_of(found: Iterable[Result], outside: Iterable[str] = ()) -> int:
    """Return the exit code for the results."""
    results = tuple(found)
    states = {one.state for one in results}
    if Mark.FAIL in states:
        return WRONG
    asked = frozenset(outside)
    if any(one.id in asked and one.state is Mark.UNKNOWN for one in results):
        return UNTOLD
    return LOOK if Mark.WARN in states else CLEAR
