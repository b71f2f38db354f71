"""Benchmark: a report of 200 MB of XML, read as a stream, against a plain pass of expat over it.

Run by ``make bench``; SIZE in MB may be given.  Each reading has a process of its own, whose peak
memory is that of the whole interpreter; the time is also told as a ratio to expat's own, which does
nothing with what it finds.
"""

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.dmarcrpt.examples import POLICY, metadata, record, result

MB = 1_000_000
PEAK = """
from pathlib import Path
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
"""
READ = (
    PEAK
    + """
import sys, time
from mxwalk.dmarcrpt.files import open_reports
from mxwalk.dmarcrpt.summary import summarise
before = peak()
started = time.perf_counter()
reading = open_reports([Path(sys.argv[1])])
opened = time.perf_counter() - started
summary = summarise(reading.reports)
summed = time.perf_counter() - started - opened
rows = sum(len(report.rows) for report in reading.reports)
print(before, peak(), opened, summed, rows, summary.messages, summary.sources.count, sep=";")
for problem in reading.problems:
    print(problem.sentence, file=sys.stderr)
"""
)
PLAIN = (
    PEAK
    + """
import gzip, sys, time
from xml.parsers import expat
before = peak()
file = (gzip.open if sys.argv[1].endswith(".gz") else open)(sys.argv[1], "rb")
started = time.perf_counter()
parser = expat.ParserCreate(namespace_separator="}")
parser.buffer_text = True
parser.StartElementHandler = lambda name, attributes: None
parser.EndElementHandler = lambda name: None
parser.CharacterDataHandler = lambda text: None
while piece := file.read(65536):
    parser.Parse(piece, False)
parser.Parse(b"", True)
print(before, peak(), time.perf_counter() - started, 0, 0, 0, 0, sep=";")
"""
)
NAMES = ("before_mib", "peak_mib", "opened_s", "summed_s", "rows", "messages", "sources")


def write_large(path: Path, size: int) -> int:
    """Write a report of about ``size`` octets, a record at a time; return the number of records."""
    kinds = [
        record("IP", "N"),
        record("IP", "N", "fail", "fail", results=[result("spf", "example.com", "softfail")]),
        record(
            "IP",
            "N",
            "fail",
            "fail",
            reasons=[("local_policy", "arc=pass")],
            results=[
                result("dkim", "example.com", "fail", selector="s1"),
                result("dkim", "service.example", "pass", selector="k2"),
                result("spf", "bounce.service.example", "pass"),
            ],
        ),
    ]
    opener = gzip.open if path.suffix == ".gz" else open
    number = written = 0
    with opener(path, "wb") as file:
        head = f'<?xml version="1.0"?><feedback><version>1.0</version>{metadata()}{POLICY}'
        file.write(head.encode())
        while written < size:
            ip = f"2001:db8:{number % 977:x}::{number % 50_021:x}"
            text = kinds[number % 3].replace("IP", ip).replace("N<", f"{number % 97 + 1}<")
            written += file.write(text.encode())
            number += 1
        file.write(b"</feedback>")
    return number


def measure(program: str, path: Path) -> dict[str, float]:
    """Run a program over the report in another process; return seconds, MiB and counts."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    if done.stderr:
        print(done.stderr.strip())
    return dict(zip(NAMES, map(float, done.stdout.strip().split(";")), strict=True))


def main(size_mb: int = 200) -> None:
    """Print all measurements."""
    with tempfile.TemporaryDirectory() as name:
        for file, size in (("a.xml", size_mb), ("a.xml.gz", size_mb // 8)):
            path = Path(name) / file
            records = write_large(path, size * MB)
            octets = path.stat().st_size
            plain = measure(PLAIN, path)
            found = measure(READ, path)
            print(
                f"{file:9} {size} MB of XML, {octets / MB:6.1f} MB on disk, {records:,} records"
                f" of {found['sources']:,.0f} sources:"
                f" read {found['opened_s']:5.2f} s, added up {found['summed_s']:5.2f} s,"
                f" peak {found['peak_mib']:4.0f} MiB (without a report {found['before_mib']:.0f});"
                f" expat alone {plain['opened_s']:5.2f} s: {found['opened_s'] / plain['opened_s']:.1f}"
                f" times; {found['peak_mib'] / size:.2f} of the XML's size in memory"
            )
            path.unlink()


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
