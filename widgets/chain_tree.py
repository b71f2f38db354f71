"""The certificates as a tree from leaf to root: who, where from, which link, and when valid."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.language import say
from mxwalk.pkix.model import KeyIds, Link
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.keys import SignatureCheck
from widgets.chain_entry import Entry, Place
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, cut, fit, fit_content, line, shorten, wrap
from widgets.row import Row, text_row
from widgets.validity_bar import TimeLine, validity_words

LISTED = 9
_INDENTS = 4
_CAME, _WORDS = 8, 17
_BESIDE = 58  # from this width on the bars stand beside the names


def tree_rows(state: Picture, at: int, width: int, *, low: bool) -> Iterator[Row]:
    """Yield the rows of the certificates around the selected one, then the axis of the bars."""
    entries = state.entries
    first = min(max(0, at - LISTED // 2), max(0, len(entries) - LISTED))
    shown = entries[first : first + LISTED]
    table = _Table(state, shown, width)
    if first:
        yield text_row("above", line((say("{number} more above", number=first), Look.DIM)))
    every = not low and len(entries) <= _INDENTS
    for index, entry in enumerate(shown, first):
        if entry.place is not Place.PATH and (
            index == 0 or entries[index - 1].place is not entry.place
        ):
            yield text_row(("group", entry.place), *_group(entry.place, width))
        linked = every or index == at
        yield Row(
            key=("certificate", index),
            lines=tuple(table.lines(entry, linked=linked, chosen=index == at)),
        )
        if entry.last and (broken := _broken(state, entry)) is not None:
            yield text_row("broken", *wrap(_pad(entry, 1) + broken, width, 6))
    left = len(entries) - first - len(shown)
    if left > 0:
        yield text_row("below", line((say("{number} more below", number=left), Look.DIM)))
    yield text_row("axis", *table.axis())


class _Table:
    def __init__(self, state: Picture, shown: tuple[Entry, ...], width: int) -> None:
        self._state, self._width = state, width
        self._beside = width >= _BESIDE
        bar = max(18, (width - _CAME - _WORDS - 4) * 2 // 5) if self._beside else width - 4
        self._bar = min(bar, 60)
        self._name = width - _CAME - _WORDS - 2 - (self._bar + 2 if self._beside else 0)
        periods = [(entry.facts.not_before, entry.facts.not_after) for entry in shown]
        called = f"{state.at:%Y-%m-%d}" if state.moved else say("now")
        self._line = TimeLine(periods, state.at, self._bar, called=called)

    def lines(self, entry: Entry, *, linked: bool, chosen: bool) -> Iterator[Content]:
        """Yield the line of one certificate, and how it hangs on the next one."""
        facts = entry.facts
        role = f"{glyphs().next} {say(entry.role)} " if chosen else f"{say(entry.role)} "
        name = _pad(entry, 0) + line(
            _mark(self._state, entry),
            " ",
            (role, Look.HEADING if entry.place is Place.PATH else Look.DIM),
        )
        room = max(6, self._name - name.cell_length)
        name += fit(entry.name, room, Look.STRONG, middle=True)
        words = validity_words(facts.not_before, facts.not_after, self._state.at)
        if self._state.is_revoked(entry):
            words = line((f"{glyphs().fail} " + say("revoked"), Look.FAIL))
        came = fit(entry.came, _CAME, Look.DIM)
        bar = self._line.bar(facts.not_before, facts.not_after)
        parts = [fit_content(name, self._name), came]
        if self._beside:
            parts.append(bar)
        yield cut(Content("  ").join(parts) + " " + words, self._width)
        if not self._beside:
            yield line("    ") + bar
        link = self._state.link(entry) if linked else None
        if link is not None:
            said = _pad(entry, 1) + line((f"{glyphs().branch} ", Look.DIM)) + link_words(link)
            yield from wrap(said, self._width, len(_pad(entry, 1)) + 2)

    def axis(self) -> Iterator[Content]:
        """Yield the axis below the bars."""
        left = self._name + _CAME + 4 if self._beside else 4
        caption = say("validity") if self._beside else ""
        yield fit(caption, left, Look.DIM) + self._line.axis()


def link_words(link: Link) -> Content:
    """Say what a link to the issuer was checked by."""
    key = read_certificate(link.issuer).key
    size = f" {key.bits}" if key.bits else ""
    kind = f"{key.type}{size}".strip() or say("unreadable")
    match link.signature:
        case SignatureCheck.VERIFIED:
            signed = line(
                (f"{glyphs().ok} " + say("signature verified"), Look.OK),
                " " + say("by its {kind} key", kind=kind),
            )
        case SignatureCheck.WRONG:
            signed = line(
                (f"{glyphs().fail} " + say("signature wrong"), Look.FAIL),
                ": " + say("not its {kind} key's", kind=kind),
            )
            if link.verified_by:
                signed += line(", " + say("but made by the key {key}", key=link.verified_by[:16]))
        case SignatureCheck.UNKNOWN:
            signed = line(
                (
                    f"{glyphs().unknown} " + say("signature cannot be checked"),
                    Look.UNKNOWN,
                ),
                " " + say("with its {kind} key", kind=kind),
            )
    names = say("names equal") if link.names_equal else say("NAMES DIFFER")
    ids = {
        KeyIds.EQUAL: say("key ids equal"),
        KeyIds.ABSENT: say("no key id to compare"),
        KeyIds.DIFFER: say("KEY IDS DIFFER"),
    }[link.key_ids]
    bad = not link.names_equal or link.key_ids is KeyIds.DIFFER
    more = (
        "; " + say("cross-signed ({number} more)", number=len(link.alternatives))
        if link.alternatives
        else ""
    )
    return signed + line((f"; {names}, {ids}{more}", Look.WARN if bad else Look.DIM))


def _mark(state: Picture, entry: Entry) -> tuple[str, Look]:
    if entry.place is not Place.PATH:
        return (glyphs().info if entry.place is Place.FETCHED else glyphs().none), Look.DIM
    if state.objections(entry) or state.is_revoked(entry):
        return glyphs().fail, Look.FAIL
    if state.judged is None or not entry.facts.readable:
        return glyphs().unknown, Look.UNKNOWN
    if state.is_odd(entry):
        return glyphs().warn, Look.WARN
    return glyphs().ok, Look.OK


def _pad(entry: Entry, more: int) -> Content:
    depth = min(entry.depth or 0, _INDENTS) if entry.place is Place.PATH else 0
    return Content(" " * 2 * depth + "  " * more)


def _group(place: Place, width: int) -> list[Content]:
    words = {
        Place.FETCHED: say("fetched from the CA to explain; mail servers do not fetch"),
        Place.EXTRA: say("sent, but not used"),
        Place.DUPLICATE: say("sent again"),
        Place.PATH: "",
    }[place]
    return wrap(line((words, Look.HEADING)), width)


def _broken(state: Picture, entry: Entry) -> Content | None:
    """Return a line for the certificate the path breaks off at, where it does."""
    facts = entry.facts
    if state.judged is None or state.trusted or facts.self_issued or not facts.readable:
        return None
    names = dict(facts.issuer_attributes)
    name = shorten(names.get("CN") or facts.issuer or say("no name"), 60)
    return line(
        (f"{glyphs().fail} " + say("missing") + " ", Look.FAIL),
        (name, Look.STRONG),
        (": " + say("neither sent nor in the store"), Look.FAIL),
    )
