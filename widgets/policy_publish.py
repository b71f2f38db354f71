"""What to publish for the MX hosts seen: the file and the record, testing first and then enforce.

Every row copies what belongs into a file or a zone, so that nothing has to be typed.
"""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.mtasts.advice import Advice, Publication
from mxwalk.mtasts.model import Mode
from mxwalk.tlsrpt.record import Standing
from widgets.glyphs import glyphs
from widgets.plain import Look, line, wrap
from widgets.policy_fields import heading, remark
from widgets.policy_state import Picture, Section, names_of
from widgets.row import Row, text_row

_HERE = Section.PUBLISH


def publish_rows(found: Picture, width: int) -> Iterator[Row]:
    """Yield the steps, then file and record of each stage."""
    advice = found.advice
    if advice is None:
        words = "the policy is made from the MX hosts: none are known yet"
        yield heading(_HERE, "", line((words, Look.DIM)), width)
        return
    yield heading(_HERE, "", line((advice.why, Look.DIM)), width)
    yield from _before_enforce(found, width)
    for number, words in enumerate(advice.steps, 1):
        yield text_row(
            (_HERE, "step", number),
            *wrap(line((f"  {number}. ", Look.ACCENT), words), width, indent=5),
        )
    if found.reports is None or found.reports.standing is not Standing.USABLE:
        yield _record("report", "TLS-RPT record", advice.report, width)
    if advice.new_id:
        yield from _stage("first", advice.first, width)
    if _differs(advice):
        yield from _stage("then", advice.then, width)


def _differs(advice: Advice) -> bool:
    return advice.first.mode is not advice.then.mode


def _before_enforce(found: Picture, width: int) -> Iterator[Row]:
    """Warn of hosts that would get no mail under enforce."""
    if not found.failing:
        return
    names = names_of(found.failing)
    now = found.state.mode is Mode.ENFORCE
    words = f"mend the certificate first: {names} get no mail from senders that obey enforce"
    if not now:
        words = f"not yet enforce: {names} would get no mail until the certificate is mended"
    yield remark(_HERE, "before", Mark.FAIL if now else Mark.WARN, words, width)


def _stage(name: str, one: Publication, width: int) -> Iterator[Row]:
    mode = one.mode.value
    words = line(
        (f"  {name}: ", Look.STRONG), (f"mode {mode}", Look.HEADING), ("  y copies", Look.DIM)
    )
    yield text_row((_HERE, name, "heading"), words)
    yield _file(name, one, width)
    yield _record((name, "record"), "record", one.record, width)


def _file(name: str, one: Publication, width: int) -> Row:
    lines: list[Content] = wrap(line("    ", (one.url, Look.DIM)), width, indent=6)
    body = one.text.splitlines()
    for text in body:
        piece = line((f"    {glyphs().separator} ", Look.DIM), (text, Look.STRONG))
        lines += wrap(piece, width, indent=8)
    copy = "".join(f"{text}\n" for text in body)
    return Row(key=(_HERE, name, "file"), lines=tuple(lines), copy=copy, what="policy file")


def _record(key: object, what: str, zone_line: str, width: int) -> Row:
    lines = wrap(line("    ", (zone_line, Look.STRONG)), width, indent=6)
    return Row(key=(_HERE, key), lines=tuple(lines), copy=zone_line, what=what)
