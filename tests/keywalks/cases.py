"""What is walked by keys: a screen or a trace, at a size, in a language, by a seed."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mxwalk.evidence.trace import Trace
from mxwalk.lab.scenario import scenario_names
from mxwalk.language import LANGUAGES
from tests.clues.test_corpus import text_of
from tests.dmarcrpt.examples import metadata, record, report
from tests.dmarcrpt.test_summary import LIST, SERVICE, SPOOFED
from tests.lab.walks import walked
from tests.tlsrpt.examples import APPENDIX_B, dated, octets
from tui.request import Request

SIZES = ((60, 18), (80, 24), (100, 30), (120, 36), (200, 60))
LIVE = (
    "esa-hosted",
    "pkix-good",
    "dane-mismatch",
    "mx-null",
    "greet-421",
    "domain-monitoring",
    "spf-softfail",
)
# Screens that are opened without a trace of the lab.
OTHERS = ("start", "reports", "dmarc", "compare", "clues", "tour", "nothing-walked")
_FORM = re.compile(
    r"(?P<kind>trace|live|screen):(?P<name>\S+?)@(?P<w>\d+)x(?P<h>\d+)/(?P<code>\w+)"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One walk by keys."""

    kind: str
    name: str
    size: tuple[int, int]
    code: str

    def __str__(self) -> str:
        width, height = self.size
        return f"{self.kind}:{self.name}@{width}x{height}/{self.code}"

    @classmethod
    def parse(cls, text: str) -> "Case":
        """Read what ``str`` writes.  Raises ``ValueError``."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"no case: {text!r}")
        size = int(found["w"]), int(found["h"])
        return cls(found["kind"], found["name"], size, found["code"])


def cases() -> Iterator[Case]:
    """Yield every case: traces and screens at all sizes, the language changing from each to the next.

    A scenario is walked in both languages, and every size sees both.
    """
    subjects = [("screen", name) for name in OTHERS]
    subjects += [("live", name) for name in LIVE if name in scenario_names()]
    subjects += [("trace", name) for name in scenario_names()]
    codes = tuple(LANGUAGES)
    for (at, (kind, name)), (turn, size) in itertools.product(
        enumerate(subjects), enumerate(SIZES)
    ):
        yield Case(kind, name, size, codes[(at + turn) % len(codes)])


async def trace_of(name: str) -> Trace:
    """Return the trace of a scenario."""
    return (await walked(name)).trace


async def request_for(case: Case) -> Request | None:
    """Return what the interface is to open; ``None`` is the start screen."""
    match case.kind, case.name:
        case "trace", name:
            return Request(trace=await trace_of(name))
        case "live", name:
            return Request(scenario=name)
        case "screen", "start":
            return None
        case "screen", "reports":
            return Request(reports=(_tls_reports(),))
        case "screen", "dmarc":
            from mxwalk.dmarcrpt.known import read_known
            from mxwalk.dmarcrpt.look import Look

            return Request(
                dmarc=Look(paths=(_dmarc_reports(),), known=read_known(()), resolver="192.0.2.53")
            )
        case "screen", "compare":
            from mxwalk.compare.side import Side

            one, other = await trace_of("pkix-good"), await trace_of("pkix-expired")
            return Request(comparison=(Side(trace=one), Side(trace=other)))
        case "screen", "clues":
            from mxwalk.clues.reading import understand

            return Request(clues=understand(text_of("exo-old-323")))
        case "screen", "tour":
            from tui.touring import request_for as stop

            return stop(0)
        case "screen", "nothing-walked":
            trace = await trace_of("pkix-good")
            return Request(trace=Trace(header=trace.header, steps=()))
        case _:
            raise ValueError(f"no case: {case}")


def _tls_reports() -> Path:
    folder = Path("tls-reports")
    folder.mkdir(exist_ok=True)
    (folder / "a.json").write_bytes(APPENDIX_B)
    for day in range(3, 9):
        content = octets(dated(f"2016-04-{day:02}", f"b{day}", 40, day))
        (folder / f"{day}.json").write_bytes(content)
    (folder / "z.json").write_bytes(b"{")
    return folder


def _dmarc_reports() -> Path:
    folder = Path("dmarc-reports")
    folder.mkdir(exist_ok=True)
    (folder / "a.xml").write_bytes(report(record(count=900), SPOOFED, head=metadata("a", 0)))
    (folder / "b.xml").write_bytes(report(SERVICE, head=metadata("b", 1)))
    (folder / "c.xml").write_bytes(report(LIST, head=metadata("c", 2, "other.example")))
    (folder / "e.xml").write_bytes(b"<x/>")
    return folder
