"""What is to be said of the SPF record itself, and the record to publish instead.

Where the record can be mended without asking anybody, its zone line follows the remarks.
"""

from collections.abc import Iterator, Sequence

from mxwalk.delivery.mark import Mark
from mxwalk.dns.txt import txt_line
from mxwalk.language import say, say_many
from mxwalk.mailauth.spf.lint_model import Kind, Remark, Severity
from mxwalk.mailauth.spf.model import Record
from mxwalk.mailauth.spf.repair import DENY_ALL, fixed
from widgets.message_rows import heading, note, publish, remark, state_words
from widgets.plain import Look, line, shorten, wrap
from widgets.row import Row

_MARKS = {
    Severity.ERROR: Mark.FAIL,
    Severity.WARNING: Mark.WARN,
    Severity.NOTICE: Mark.INFO,
}
_SHOWN = 40
_TEXT = 600


def lint_words(found: Sequence[Remark], record: Record | None) -> tuple[Mark, str]:
    """Return the state of the record as far as its own text goes."""
    if not found:
        return (Mark.OK, say("nothing to remark")) if record else (Mark.INFO, say("no record"))
    worst = found[0].severity
    count = sum(one.severity is worst for one in found)
    more = len(found) - count
    words = _counted(worst, count)
    return _MARKS[worst], say("{words}, {more} more", words=words, more=more) if more else words


def _counted(severity: Severity, count: int) -> str:
    match severity:
        case Severity.ERROR:
            return say_many("{n} error", "{n} errors", count)
        case Severity.WARNING:
            return say_many("{n} warning", "{n} warnings", count)
        case Severity.NOTICE:
            return say_many("{n} notice", "{n} notices", count)


def lint_rows(
    found: Sequence[Remark], record: Record | None, width: int, *, unfolded: bool
) -> Iterator[Row]:
    """Yield the remarks, worst first, each with its fix, then the mended record."""
    yield heading(
        "lint", say("remarks on the record"), state_words(*lint_words(found, record)), width,
        unfolded=unfolded,
    )  # fmt: skip
    if not unfolded:
        return
    for number, one in enumerate(found[:_SHOWN]):
        yield _remark(one, number, width)
    if len(found) > _SHOWN:
        yield note(
            ("lint", "more"), say("and {found} more remarks", found=len(found) - _SHOWN), width
        )
    missing = next((one for one in found if one.kind is Kind.NO_RECORD), None)
    if missing is not None:
        yield publish(("lint", "deny"), txt_line(missing.domain, DENY_ALL.encode()), width)
    if record is not None:
        better = fixed(record)
        if better != " ".join(record.text.split()):
            octets = better.encode("latin-1", "replace")
            yield publish(("lint", "fixed"), txt_line(record.domain, octets), width)


def _remark(one: Remark, number: int, width: int) -> Row:
    place = say("octet {start}: ", start=one.start + 1) if one.end else ""
    where = f"{shorten(one.text, 80)}  " if one.text and one.text not in one.sentence else ""
    row = remark(
        ("lint", number),
        _MARKS[one.severity],
        f"{where}{place}{shorten(one.sentence, _TEXT)}",
        width,
    )
    if not one.fix:
        return row
    fix = line("    ", (say("fix "), Look.ACCENT), (shorten(one.fix, _TEXT), Look.PLAIN))
    return Row(
        key=row.key,
        lines=(*row.lines, *wrap(fix, width, indent=8)),
        copy=f"{row.copy}. {line(one.fix).plain}",
        what=say("remark"),
    )
