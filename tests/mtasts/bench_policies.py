"""How long MTA-STS takes to read: ten thousand policies and records, and the worst there are."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from mxwalk.limits import STS_POLICY_BYTES
from mxwalk.mtasts.patterns import coverage
from mxwalk.mtasts.policy import read_policy
from mxwalk.mtasts.record import read_record

_COUNT = 10_000
_PLAIN = "version: STSv1\r\nmode: enforce\r\nmx: mx{0}.example.com\r\nmx: *.mx{0}.example.net\r\nmax_age: 604800\r\n"
_WORST = {
    "64 KB of line ends": b"\n" * STS_POLICY_BYTES,
    "64 KB of one line": b"a" * STS_POLICY_BYTES,
    "64 KB of mx": b"mx: a.example.com\n" * (STS_POLICY_BYTES // 18),
    "64 KB of bytes": bytes(range(256)) * (STS_POLICY_BYTES // 256),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for all of ``count``; ``worst_s`` for the slowest single file of the hostile ones."""

    count: int
    policies_s: float
    records_s: float
    matched_s: float
    worst: str
    worst_s: float

    def __str__(self) -> str:
        return (
            f"MTA-STS: {self.count:,} policies read in {self.policies_s:.2f} s,"
            f" as many records in {self.records_s:.2f} s, matched in {self.matched_s:.2f} s;"
            f" the worst file ({self.worst}) in {self.worst_s * 1_000:.0f} ms"
        )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(count: int = _COUNT) -> Measured:
    """Read and match that many policies, and the worst ones."""
    bodies = [_PLAIN.format(number).encode() for number in range(count)]
    policies = [read_policy(body) for body in bodies[:100]]
    assert all(one.valid and not one.deviations for one in policies)
    policies_s = _timed(lambda: [read_policy(body) for body in bodies])
    texts = [b"v=STSv1; id=20261122T%06dZ;" % number for number in range(count)]
    records_s = _timed(lambda: [read_record([text]) for text in texts])
    patterns = policies[7].patterns
    hosts = ("mx7.example.com", "a.mx7.example.net", "other.example.org")
    matched_s = _timed(lambda: [coverage(patterns, hosts) for _ in range(count)])
    times = {name: _timed(lambda body=body: read_policy(body)) for name, body in _WORST.items()}
    worst = max(times, key=lambda name: times[name])
    return Measured(count, policies_s, records_s, matched_s, worst, times[worst])


if __name__ == "__main__":
    print(measure())
