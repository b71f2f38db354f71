"""The tab *revocation*: how a certificate stands, by which source, and how the path is read."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.evidence.revocation import NotAsked
from mxwalk.language import say
from mxwalk.revocation.model import CertificateStanding, SourceStanding, Standing, Staple
from mxwalk.revocation.readings import PathReadings, Reading, read_path
from mxwalk.revocation.words import source_name
from widgets.chain_entry import Entry
from widgets.chain_fields import LABEL, field, note, short
from widgets.chain_standing import standing_mark, standing_words, why_not
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, table_row
from widgets.row import Row, text_row

_SOURCES_SHOWN = 12
_READING_COLUMN = 30
_UNSEEN = (Staple.NONE, Staple.NOT_SEEN)
_UNMET = (Staple.REQUIRED_MISSING, Staple.REQUIRED_UNUSABLE)


def revocation_rows(state: Picture, entry: Entry, width: int) -> Iterator[Row]:
    """Yield the standing of one certificate with each source's own, then the path read both ways."""
    checked = state.attempt.revocation
    if checked is None:
        text = say("not checked: the walk has not come to it, or left it out")
        yield text_row("unchecked", line((f"{glyphs().planned} {text}", Look.DIM)))
        return
    judged = state.standings
    if state.moved:
        text = say(
            "as of {date}: what CRLs and responders say is of then",
            date=short(checked.checked_at, 40),
        )
        yield text_row("of-then", line((f"{glyphs().warn} {text}", Look.WARN)))
    one = next((each for each in judged if each.certificate == entry.der), None)
    if one is None:
        yield text_row("not-asked", line((why_not(state, entry), Look.DIM)))
    else:
        yield from _standing(one, width)
    if checked.not_asked is NotAsked.OFFLINE:
        yield text_row(
            "offline", line((say("nobody was asked: the walk was made offline"), Look.DIM))
        )
    yield from _readings(read_path(judged), width)
    yield text_row("products", Content(), line((say("what senders do about it"), Look.HEADING)))
    for product in state.products:
        words = line((product.title, Look.STRONG), ": ", _reading(product.reading))
        words += line(f"  {product.sentence}", (f"  {product.basis}", Look.DIM))
        yield note(("product", product.title), words, width, what=say("reading"))


def revocation_text(state: Picture, entry: Entry) -> str:
    """Return what is known of one certificate, one source a line."""
    one = next((each for each in state.standings if each.certificate == entry.der), None)
    if one is None:
        return say("not checked")
    lines = [f"{standing_words(one.standing)}: {one.sentence}"]
    lines += [f"{source_name(each)}: {each.sentence}" for each in one.sources]
    return "\n".join(lines)


def _state(standing: Standing) -> Content:
    symbol, look = standing_mark(standing)
    return line((f"{symbol} {standing_words(standing).replace('-', ' ')}", look))


def _standing(one: CertificateStanding, width: int) -> Iterator[Row]:
    by = one.decided_by
    told = (
        say("by {source}", source=source_name(by))
        if by in one.sources and by is not None
        else one.sentence
    )
    copy = f"{standing_words(one.standing)}: {one.sentence}"
    yield field("", say("standing"), _state(one.standing) + line(f"  {told}"), width, copy=copy)
    if one.exempt:
        yield field("", say("expected"), line(one.exempt), width)
    if one.disagreement:
        words = line((f"{glyphs().warn} {one.disagreement}", Look.WARN))
        yield field("", say("disagree"), words, width)
    if one.staple_sentence:
        look, sign = (Look.DIM if one.staple in _UNSEEN else Look.PLAIN), ""
        if one.staple in _UNMET:
            look, sign = Look.WARN, f"{glyphs().warn} "
        yield field("", say("staple"), line((f"{sign}{one.staple_sentence}", look)), width)
    for number, source in enumerate(one.sources[:_SOURCES_SHOWN]):
        yield field(number, source.kind.value.upper(), _source(source), width, copy=source.url)


def _source(source: SourceStanding) -> Content:
    words = _state(source.standing) + line(f"  {source.sentence}")
    if source.url:
        words += line((f"  {short(source.url, 200)}", Look.DIM))
    for remark in source.remarks[:3]:
        words += line((f"  {glyphs().info} {short(remark)}", Look.INFO))
    return words


def _readings(readings: PathReadings, width: int) -> Iterator[Row]:
    """Yield both readings of the path, side by side where there is room."""
    soft = _reading(readings.soft) + line(f"  {readings.soft_sentence}")
    hard = _reading(readings.hard) + line(f"  {readings.hard_sentence}")
    yield text_row("readings", Content(), line((say("the path"), Look.HEADING)))
    if width < 2 * _READING_COLUMN + LABEL:
        yield field("path", say("soft-fail"), soft, width)
        yield field("path", say("hard-fail"), hard, width)
        return
    half = (width - 2) // 2
    heads = (fit(say("soft-fail"), half, Look.DIM), fit(say("hard-fail"), half, Look.DIM))
    lines = (*table_row(heads, (half, half)), *table_row((soft, hard), (half, half)))
    copy = "\n".join((f"{say('soft-fail')}: {soft.plain}", f"{say('hard-fail')}: {hard.plain}"))
    yield Row(key=("tab", "readings"), lines=lines, copy=copy, what=say("both readings"))


def _reading(reading: Reading | None) -> Content:
    match reading:
        case None:
            return line((f"{glyphs().unknown} " + say("not known"), Look.UNKNOWN))
        case Reading.CLEAN:
            return line((f"{glyphs().ok} " + say("clean"), Look.OK))
        case Reading.TOLERATED:
            return line((f"{glyphs().warn} " + say("tolerated"), Look.WARN))
        case Reading.REFUSED:
            return line((f"{glyphs().fail} " + say("refused"), Look.FAIL))
        case Reading.REVOKED:
            return line((f"{glyphs().fail} " + say("revoked"), Look.FAIL))
