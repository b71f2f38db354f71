"""Benchmark: reports of 50 MB opened, with the memory it takes; records and small reports a second.

Run by ``make bench``.  Each report is opened by a process of its own, whose peak memory is that of the
whole interpreter; what the interpreter takes without a report is printed beside it.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.record import read_records
from tests.tlsrpt.examples import APPENDIX_B, mail, report

MB = 1_000_000
SIZE = 50 * MB
CHILD = """
import sys, time
from pathlib import Path
from mxwalk.tlsrpt.files import open_reports
from mxwalk.tlsrpt.summary import summarise
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
before = peak()
started = time.perf_counter()
reading = open_reports([Path(name) for name in sys.argv[1:]])
opened = time.perf_counter() - started
summary = summarise(reading.reports)
summed = time.perf_counter() - started - opened
rows = sum(len(p.details) for r in reading.reports for p in r.policies)
print(before, peak(), opened, summed, len(reading.reports), rows, summary.failures, sep=";")
for problem in reading.problems:
    print(problem.sentence, file=sys.stderr)
"""


def large_report(size: int = SIZE) -> bytes:
    """Return a report of ``size`` octets: one policy, as many rows as fit, few of them alike."""
    document = report()
    policy = document["policies"][0]
    row = policy["failure-details"][2]
    one = len(json.dumps(row).encode()) + 12
    count = size // one
    policy["failure-details"] = [
        row
        | {
            "sending-mta-ip": f"2001:db8::{number % 500:x}",
            "receiving-ip": f"203.0.113.{number % 256}",
            "receiving-mx-hostname": f"mx{number % 2_000}.mail.company-y.example",
            "failed-session-count": number % 90 + 1,
        }
        for number in range(count)
    ]
    total = sum(one["failed-session-count"] for one in policy["failure-details"])
    policy["summary"]["total-failure-session-count"] = total
    return json.dumps(document).encode()


def measure(*paths: Path) -> dict[str, float]:
    """Open the reports in another process; return seconds, MiB and counts."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    names = ("before_mib", "peak_mib", "opened_s", "summed_s", "reports", "rows", "failures")
    return dict(zip(names, map(float, done.stdout.strip().split(";")), strict=True))


def _told(name: str, octets: int, found: dict[str, float]) -> None:
    print(
        f"{name:28} {octets / MB:6.1f} MB on disk  {found['rows']:9,.0f} rows"
        f"   opened {found['opened_s']:5.2f} s, added up {found['summed_s']:5.2f} s"
        f"   peak {found['peak_mib']:4.0f} MiB (without a report {found['before_mib']:.0f})"
    )


def main() -> None:
    """Print all measurements."""
    large = large_report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, file, content in (
            ("a report of 50 MB", "a.json", large),
            ("the same, packed", "a.json.gz", gzip.compress(large, 6)),
            ("the same, in an e-mail", "a.eml", bytes(mail(large))),
        ):
            path = folder / file
            path.write_bytes(content)
            _told(what, len(content), measure(path))
            path.unlink()
        many = folder / "many"
        many.mkdir()
        for number in range(1_000):
            document = json.dumps(report(**{"report-id": f"{number}"}))
            (many / f"{number}.json.gz").write_bytes(gzip.compress(document.encode()))
        found = measure(many)
        _told("1,000 files of one day each", sum(p.stat().st_size for p in many.iterdir()), found)
    started = time.perf_counter()
    for _ in range(2_000):
        read_reports(APPENDIX_B, "x")
    print(f"the RFC's example            {(time.perf_counter() - started) / 2:6.2f} ms each")
    started = time.perf_counter()
    for number in range(10_000):
        read_records([b"v=TLSRPTv1; rua=mailto:r%d@example.com,https://example.com/x" % number])
    print(f"10,000 records               {time.perf_counter() - started:6.2f} s")


if __name__ == "__main__":
    main()
