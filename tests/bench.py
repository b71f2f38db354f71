"""Benchmark: cold start, a walk over simulated round trips, parsing, memory.

Run by ``make bench``.  Everything is a ratio within one run, because machines differ: cold start to
an empty Textual app, a walk to the sum of the round trips it cannot avoid.  Traffic goes to the
embedded lab on loopback only.
"""

import asyncio
import os
import pty
import resource
import select
import statistics
import subprocess
import sys
import time

from mxwalk.clock import SystemClock
from mxwalk.evidence.connection import Connected, Exchanged, Handshaken
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.trace import Trace
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.smtp.ehlo import read_ehlo
from mxwalk.smtp.replies import ReplyParser, parse_reply
from mxwalk.walk.walker import Walk

RTT_S = 0.05
RUNS = 7
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready-to-measure")
Empty().run()
"""


def best_s(command: list[str]) -> float:
    """Return the shortest of several runs of a command that ends by itself."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return min(times)


def first_screen_s(command: list[str], marker: bytes) -> float:
    """Return the shortest time from start to ``marker`` on a terminal of 80x24."""
    return min(_first_screen_s(command, marker) for _ in range(RUNS))


def _first_screen_s(command: list[str], marker: bytes) -> float:
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execvp(command[0], command)
    seen = b""
    try:
        while marker not in seen:
            ready, _, _ = select.select([terminal], [], [], 20)
            if not ready or time.perf_counter() - started > 20:
                message = f"{command} did not show {marker!r} within 20 s"
                raise TimeoutError(message)
            seen += os.read(terminal, 65536)
        return time.perf_counter() - started
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def unavoidable_s(trace: Trace) -> float:
    """Return the round trips a lock-step walk over this trace cannot do without, in seconds.

    One for each question that had to wait for the one before, one for the connection, one for the
    greeting (it is sent when the last packet of the TCP set-up arrives), one for each command and its
    reply, one for a TLS 1.3 handshake, and one for what a DNSSEC validation had to fetch: all keys on
    the way down can be asked for together.
    """
    trips = 0
    for step in trace.steps:
        match step.evidence:
            case MxLookedUp(support=support):
                trips += 1 + bool(support)
            case PolicyRecordsLookedUp(support=support):  # both asked at the same time
                trips += 1 + bool(support)
            case AddressesLookedUp(answers=answers, support=support):
                trips += any(not answer.from_cache for answer in answers) + bool(support)
            case TlsaLookedUp(answers=answers, support=support):
                trips += bool(answers) + bool(support)
            case PtrLookedUp(names=names):
                forward = (answer for name in names for answer in name.answers)
                trips += 1 + any(not answer.from_cache for answer in forward)
            case ResolverChecked() | Connected() | Handshaken() | Exchanged():
                trips += 1
            case _:
                pass
    return trips * RTT_S


async def walk_ratio(name: str) -> tuple[float, float]:
    """Walk a scenario with simulated round trips; return elapsed and unavoidable seconds."""
    async with Lab(load_scenario(name), rtt_s=RTT_S) as lab:
        walk = Walk(
            lab.target,
            lab.options,
            dialer=lab.dialer,
            resolver=lab.resolver,
            store=lab.store,
            validation=lab.validation,
            clock=SystemClock(),
        )
        started = time.perf_counter()
        async for _ in walk:
            pass
        return time.perf_counter() - started, unavoidable_s(walk.trace)


def parsing() -> None:
    """Parse 10,000 different EHLO responses, whole and byte by byte."""
    replies = [
        b"250-mx%d.example.com\r\n250-PIPELINING\r\n250-SIZE 33554432\r\n250-STARTTLS\r\n"
        b"250-AUTH PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n" % number
        for number in range(10_000)
    ]
    started = time.perf_counter()
    for raw in replies:
        parse_reply(raw)
    whole = time.perf_counter() - started
    started = time.perf_counter()
    for raw in replies[:1000]:
        parser = ReplyParser()
        for octet in raw:
            parser.receive_data(bytes([octet]))
            parser.next_reply()
    bytewise = (time.perf_counter() - started) * 10
    started = time.perf_counter()
    for raw in replies:
        read_ehlo(raw)
    ehlo = time.perf_counter() - started
    print(f"parse 10,000 replies of 7 lines      {whole:6.2f} s ({whole / 10:.3f} ms each)")
    print(f"  byte by byte                       {bytewise / whole:6.1f} x")
    print(f"  and read as EHLO, twice            {ehlo / whole:6.1f} x")


def main() -> None:
    """Print all measurements."""
    python = sys.executable
    bare = best_s([python, "-c", "pass"])
    print(f"python -c pass                       {bare * 1000:6.0f} ms")
    help_s = best_s([python, "-m", "mxwalk", "--help"])
    print(f"mxwalk --help                        {help_s * 1000:6.0f} ms")
    empty = first_screen_s([python, "-c", EMPTY_APP], b"ready-to-measure")
    print(f"empty Textual app, first screen      {empty * 1000:6.0f} ms   1.00")
    start = first_screen_s([python, "-m", "mxwalk", "lab", "esa-hosted"], b"delivery hosts")
    print(f"mxwalk lab esa-hosted, first screen  {start * 1000:6.0f} ms   {start / empty:.2f}")
    print(f"mxwalk --help to the empty app                   {help_s / empty:.2f}")
    for name in ("pkix-good", "esa-hosted"):
        ratios = [asyncio.run(walk_ratio(name)) for _ in range(3)]
        elapsed, floor = min(ratios, key=lambda pair: pair[0] / pair[1])
        spread = statistics.median(pair[0] / pair[1] for pair in ratios)
        print(
            f"walk {name:12} at {RTT_S * 1000:.0f} ms a trip    {elapsed:6.2f} s to {floor:.2f} s"
            f"   {elapsed / floor:.2f} (median {spread:.2f})"
        )
    parsing()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process          {peak:6.0f} MiB")


if __name__ == "__main__":
    main()
