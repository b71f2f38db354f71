"""Benchmark: validation of a chain of six zones, cold and warm, beside delv on the same server.

Run by ``make bench``.  Times are ratios within one run; without delv (bind9-dnsutils) only the ratio
to the bare signature checks that the chain cannot avoid is given.  Everything stays on loopback.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import dns.dnssec

from mxwalk.clock import SystemClock
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec import signatures
from mxwalk.dnssec.anchors import TrustAnchors, read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import Question, Status
from mxwalk.dnssec.validator import validate
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.zones import ZoneSpec

NAMES = ("test", "a.test", "b.a.test", "c.b.a.test", "d.c.b.a.test")
QUESTION = ("mx.d.c.b.a.test", "A")
RUNS = 15


def _zones() -> list[ZoneSpec]:
    host = "ns.lab A 192.0.2.53"
    return [
        ZoneSpec(name=name, records=(host,) if name == "test" else ("mx A 192.0.2.1",))
        for name in NAMES
    ]


async def _ours_s(lab: LabDns, anchors: TrustAnchors) -> tuple[float, float, int]:
    """Return the median cold and warm time of a validation, and the signatures a cold one checks."""
    cold, warm, checked = [], [], 0
    for _ in range(RUNS):
        resolver = StubResolver([(lab.address, lab.port)], 5.0, checking_disabled=True)
        book = AnswerBook()
        before = book.checks_left
        started = time.perf_counter()
        result, _ = await validate_live(resolver, QUESTION, anchors, datetime.now(UTC), book)
        cold.append(time.perf_counter() - started)
        assert result.status is Status.SECURE, result.sentence
        assert len(result.links) == len(NAMES) + 1
        checked = before - book.checks_left
        started = time.perf_counter()
        validate(Question(*QUESTION), book, anchors, result.at)
        warm.append(time.perf_counter() - started)
    return statistics.median(cold), statistics.median(warm), checked


async def _bare_s(lab: LabDns, anchors: TrustAnchors) -> float:
    """Return the median time of the signature checks alone."""
    calls = []
    real = dns.dnssec.validate_rrsig

    def timed(*args: object, **kwargs: object) -> None:
        started = time.perf_counter()
        try:
            real(*args, **kwargs)
        finally:
            calls.append(time.perf_counter() - started)

    signatures.dns.dnssec.validate_rrsig = timed
    try:
        await _ours_s(lab, anchors)
    finally:
        signatures.dns.dnssec.validate_rrsig = real
    return sum(calls) / RUNS


async def _delv_s(delv: str, lab: LabDns) -> float:
    """Return the median time of delv, its start included."""
    _, _, _, tag, algorithm, digest_type, digest = lab.trust_anchor.split()
    with tempfile.TemporaryDirectory() as where:
        anchors = Path(where) / "anchors"
        anchors.write_text(
            f'trust-anchors {{ . static-ds {tag} {algorithm} {digest_type} "{digest}"; }};\n'
        )
        command = (delv, f"@{lab.address}", "-p", str(lab.port), "-a", str(anchors), *QUESTION)
        times = []
        for _ in range(RUNS):
            started = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
            )
            output, _ = await process.communicate()
            times.append(time.perf_counter() - started)
            assert b"fully validated" in output, output
    return statistics.median(times)


async def measure() -> None:
    """Print the ratios."""
    lab = LabDns(_zones(), {}, clock=SystemClock())
    await lab.start()
    try:
        anchors = read_anchors(lab.trust_anchor)
        bare = await _bare_s(lab, anchors)
        cold, warm, checked = await _ours_s(lab, anchors)
        print(
            f"six zones, cold: {cold * 1000:.1f} ms, {checked} signatures, {cold / bare:.1f} x their checks"
        )
        print(f"six zones, warm: {warm * 1000:.2f} ms, {warm / cold:.3f} x cold")
        if delv := shutil.which("delv"):
            theirs = await _delv_s(delv, lab)
            print(
                f"delv, its start included: {theirs * 1000:.1f} ms; ours cold is {cold / theirs:.2f} x that"
            )
        else:
            print("delv is not installed: no ratio to it")
    finally:
        await lab.stop()


if __name__ == "__main__":
    asyncio.run(measure())
