"""Benchmark: validation of a chain of six zones, cold and warm, beside delv on the same server.

Also how many TLSA records are held against certificates a second.  Run by ``make bench``.  Times are ratios within one run; without delv (bind9-dnsutils) only the ratio
to the bare signature checks that the chain cannot avoid is given.  Everything stays on loopback.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import dns.dnssec

from mxwalk.clock import SystemClock
from mxwalk.dane.matching import association_data, compare_all
from mxwalk.dane.tlsa import TlsaRecord, make_record
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec import signatures
from mxwalk.dnssec.anchors import TrustAnchors, read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import Question, Status
from mxwalk.dnssec.validator import validate
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.zones import ZoneSpec
from mxwalk.tls.certificate import public_key_info
from tests.tls.pki import issue

NAMES = ("test", "a.test", "b.a.test", "c.b.a.test", "d.c.b.a.test")
QUESTION = ("mx.d.c.b.a.test", "A")
RUNS = 15
TLSA_SECONDS = 0.5


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


def _tlsa_per_s() -> tuple[float, float, int, int]:
    """Return comparisons of a record and a certificate a second, cold and warm, and how many at once.

    Cold is a chain not seen before, so each certificate is parsed and hashed; warm is one whose
    digests are known, as on every later look at a walk.
    """
    root = issue("Bench Root", ca=True)
    middle = issue("Bench CA", root, ca=True)
    leaf = issue("mx.example.net", middle, dns=("mx.example.net",))
    chain = (leaf.der, middle.der, root.der)
    records = tuple(_records(chain))

    def rate(*, cold: bool) -> float:
        compared, spent = 0, 0.0
        while spent < TLSA_SECONDS:
            if cold:
                association_data.cache_clear()
                public_key_info.cache_clear()
            started = time.perf_counter()
            grid = compare_all(records, chain)
            spent += time.perf_counter() - started
            compared += len(grid.records) * len(grid.chain)
        return compared / spent

    matched = sum(cell.equal for row in compare_all(records, chain).cells for cell in row)
    assert matched == len(chain) * 6
    return rate(cold=True), rate(cold=False), len(records), len(chain)


def _records(chain: tuple[bytes, ...]) -> Iterator[TlsaRecord]:
    """Yield a record of each selector and matching type for each certificate, and as many others."""
    for usage, certificate in zip((3, 2, 2), chain, strict=True):
        for selector, matching_type in product((0, 1), (0, 1, 2)):
            data = association_data(certificate, selector, matching_type)
            yield make_record(usage, selector, matching_type, data)
            yield make_record(usage, selector, matching_type, bytes(len(data)))


async def measure() -> None:
    """Print the ratios."""
    cold_rate, warm_rate, records, certificates = _tlsa_per_s()
    print(
        f"TLSA, {records} records x {certificates} certificates: {cold_rate:,.0f} comparisons a second"
        f" cold, {warm_rate:,.0f} warm"
    )
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
