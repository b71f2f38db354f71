"""Where text comes out: one line a way, with the check of what it may hold.

A way takes what a door brings and returns the documents it makes of it.  ``covers`` names the part of the
product it tries, which the test of completeness counts.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from mxwalk.compare.comparing import compare
from mxwalk.compare.side import Side
from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.letters.compose import write_letters
from mxwalk.letters.eml import draft
from mxwalk.letters.model import Contact
from mxwalk.reports.comparison import FORMATS as COMPARISON_FORMATS
from mxwalk.reports.comparison import render_comparison
from mxwalk.reports.render import FORMATS, formats_for, render
from tests.hostility import program
from tests.hostility.documents import CHECKS, Check
from tests.hostility.doors import Kind
from tests.reports.samples import lab_trace
from tests.widgets.messages import good_trace
from tests.widgets.samples import sample_trace

Made = Iterator[tuple[str, Check]]  # a document, and what it is held against


@dataclass(frozen=True, slots=True)
class Way:
    """One way out."""

    name: str
    takes: Kind
    covers: str
    make: Callable[[Trace], Made] | Callable[[bytes], Made]


def _report(fmt: str, trace: Trace, *, redacted: bool = False) -> Made:
    if fmt in formats_for(trace.header.purpose):
        yield render(trace, fmt, sender=_judge(trace), redacted=redacted), CHECKS[fmt]


def _judge(trace: Trace) -> str:
    return "esa:5" if trace.header.purpose is Purpose.DELIVERY else "standard"


@cache
def _clean(purpose: Purpose) -> Trace:
    match purpose:
        case Purpose.DELIVERY:
            return sample_trace()
        case Purpose.MESSAGE:
            return good_trace()
        case Purpose.DOMAIN:
            return lab_trace("domain-complete")


def _comparison(trace: Trace) -> Made:
    clean, hostile = Side(trace=_clean(trace.header.purpose)), Side(trace=trace)
    for sides in ((clean, hostile), (hostile, clean)):
        found = compare(*sides, "")
        for fmt in COMPARISON_FORMATS:
            yield render_comparison(found, fmt), CHECKS[fmt]


def _letters(language: str, trace: Trace) -> Made:
    contact = Contact(name="Anna \u05d0\u0301", phone="+49 1", mailbox="a@example.net", since="now")
    post = write_letters(trace, _judge(trace), language, contact=contact)
    yield post.nothing, CHECKS["text"]
    for letter in post.letters:
        yield letter.subject, CHECKS["text"]
        yield letter.body, CHECKS["text"]
        yield draft(letter, sender=contact.mailbox), CHECKS["eml"]
        for to in letter.to:
            yield f"{to.mailbox} {to.reason}", CHECKS["text"]


def _command(*words: str, check: str = "text", name: str = "given") -> Callable[..., Made]:
    """Return the way of a command; ``FILE`` among its words is the file that the door brought."""

    def make(brought: Trace | bytes) -> Made:
        raw = brought if isinstance(brought, bytes) else dump_trace(brought)
        with tempfile.TemporaryDirectory(prefix="hostility-") as folder:
            path = Path(folder, name)
            path.write_bytes(raw)
            given = [str(path) if word == "FILE" else word for word in words]
            said = program.run(*given, given=raw if "-" in words else b"")
        yield said.fault, CHECKS["text"]
        if said.fault:
            yield f"\x1b it raised {said.fault}", CHECKS["text"]
        yield said.err, CHECKS["text"]
        if said.code != 2:
            yield said.out, CHECKS[check]
        else:
            yield said.out, CHECKS["text"]

    return make


WAYS = (
    *(Way(f"report: {fmt}", Kind.WALK, f"report {fmt}", partial(_report, fmt)) for fmt in FORMATS),
    *(
        Way(f"report, redacted: {fmt}", Kind.WALK, "", partial(_report, fmt, redacted=True))
        for fmt in ("text", "json", "trace")
    ),
    Way("comparison", Kind.WALK, "comparison", _comparison),
    *(
        Way(f"letters: {code}", Kind.WALK, "letters", partial(_letters, code))
        for code in ("en", "ko")
    ),
    Way("mxwalk report", Kind.WALK, "command report", _command("report", "FILE")),
    Way("mxwalk report --ascii", Kind.WALK, "", _command("report", "FILE", "--ascii")),
    Way("mxwalk open", Kind.WALK, "command open", _command("open", "-")),
    Way("mxwalk diff", Kind.WALK, "command diff", _command("diff", "FILE", "FILE")),
    Way("mxwalk letter", Kind.WALK, "command letter", _command("letter", "FILE")),
    Way(
        "mxwalk letter --format json",
        Kind.WALK,
        "",
        _command("letter", "FILE", "--format", "json", check="json"),
    ),
    Way("mxwalk tlsrpt", Kind.TLS_REPORT, "command tlsrpt", _command("tlsrpt", "FILE", "--text")),
    Way(
        "mxwalk tlsrpt --format json",
        Kind.TLS_REPORT,
        "",
        _command("tlsrpt", "FILE", "--format", "json", check="json"),
    ),
    Way("mxwalk dmarc", Kind.DMARC_REPORT, "command dmarc", _command("dmarc", "FILE", "--text")),
    Way(
        "mxwalk dmarc --format json",
        Kind.DMARC_REPORT,
        "",
        _command("dmarc", "FILE", "--format", "json", check="json"),
    ),
    Way("mxwalk clue", Kind.PASTE, "command clue", _command("clue", "FILE")),
    Way(
        "mxwalk clue --format json",
        Kind.PASTE,
        "",
        _command("clue", "-", "--format", "json", check="json"),
    ),
    Way("mxwalk open, of a paste", Kind.PASTE, "", _command("open", "-", "--format", "text")),
    Way("mxwalk message", Kind.PASTE, "command message", _command("message", "FILE", "--offline")),
)


def faults(way: Way, brought: Trace | bytes) -> Iterator[str]:
    """Yield what is wrong with what comes out of this way."""
    try:
        made = list(way.make(brought))  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - that none escapes is part of what is tried
        yield f"it raised {error!r}"[:500]
        return
    for document, check in made:
        yield from check(document)


def pages_of_comparison(trace: Trace) -> Iterator[str]:
    """Yield the page of a comparison with a walk that is in order."""
    sides = Side(trace=_clean(trace.header.purpose)), Side(trace=trace)
    yield render_comparison(compare(*sides, ""), "html")
