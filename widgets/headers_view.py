"""The headers: what a receiver would write, beside what the message claims, and why they differ.

Every result is a row: found here, claimed there, and one sentence where they are not the same.  Below
stand the fields to write, ready to copy, and the claims with whose word they are.
"""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.result_headers import our_results, receiver_of
from mxwalk.language import noted, say, say_many
from mxwalk.mailauth.case import MessageCase, WrittenHeader
from mxwalk.mailauth.results.comparing import Around, is_trusted
from mxwalk.mailauth.results.model import AuthResults
from widgets.headers_compare import CELL, claimed_row, compared_row, is_about, result_word
from widgets.message_folds import FoldingView
from widgets.message_rows import empty, field, gap, heading, note, remark, state_words
from widgets.plain import Look, fit, line, shorten, wrap
from widgets.row import Row, text_row

_TEXT = 900
_CLAIMS_SHOWN = 20
_RESULTS_SHOWN = 40


class HeadersView(FoldingView):
    """Result headers, written and claimed."""

    empty = noted("No result headers yet.")

    def title_words(self) -> str:
        """Say in the frame's title how many differences there are."""
        case = self._case()
        if case is None or not case.written:
            return ""
        if not case.claims:
            return say("the message claims nothing")
        count = len(case.differences)
        return say_many("{n} difference to the claims", "{n} differences to the claims", count)

    def _case(self) -> MessageCase | None:
        return self.shown.delivery.message if self.shown else None

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the comparison, the fields to write, and the claims."""
        case = self._case()
        if case is None:
            if self.shown is not None:
                yield empty("none", say("This walk is not that of a message."), width)
            return
        if not case.written:
            words = say(
                "Not written yet: that is the walk's last step. n performs the next, c all of them."
            )
            yield empty("none", words, width)
        else:
            yield from self._comparison(case, width)
            yield gap("written")
            yield from self._written(case, width)
        yield gap("claims")
        yield from self._claims(case, width)

    # -- comparison -----------------------------------------------------------------------------

    def _comparison(self, case: MessageCase, width: int) -> Iterator[Row]:
        unfolded = self.unfolds("compare", first=True)
        yield heading(
            "compare", say("found and claimed"), _agreement(case), width, unfolded=unfolded
        )
        if not unfolded:
            return
        claimed = compared(case)
        room = max(18, width - 2 * CELL - 4)
        head = line(
            "  ",
            fit(say("result"), room, Look.DIM),
            fit(say("found here"), CELL, Look.DIM),
            (say("claimed"), Look.DIM),
        )
        yield text_row("compare-head", head)
        left = list(case.differences)
        for number, ours in enumerate(our_results(case)):
            one = ours.result
            found = next((each for each in left if is_about(each, one)), None)
            if found is not None:
                left.remove(found)
            yield compared_row(one, found, claimed, ("compare", number), room, width)
        for number, each in enumerate(left[:_RESULTS_SHOWN]):  # what only the field tells of
            yield claimed_row(each, ("claimed", number), room, width)

    # -- written --------------------------------------------------------------------------------

    def _written(self, case: MessageCase, width: int) -> Iterator[Row]:
        unfolded = self.unfolds("written", first=True)
        words = line(
            (
                say("as {receiver} would", receiver=receiver_of(case) or say("a receiver")),
                Look.DIM,
            )
        )
        yield heading("written", say("to be written"), words, width, unfolded=unfolded)
        if unfolded:
            for number, one in enumerate(case.written):
                yield _field(one, ("written", number), width)

    # -- claims ---------------------------------------------------------------------------------

    def _claims(self, case: MessageCase, width: int) -> Iterator[Row]:
        unfolded = self.unfolds("claims", first=True)
        received = case.message.named("Received-SPF")
        count = len(case.claims)
        if count:
            words = line(
                (
                    say_many(
                        "{n} Authentication-Results field",
                        "{n} Authentication-Results fields",
                        count,
                    ),
                    Look.DIM,
                )
            )
        else:
            words = line((say("no Authentication-Results field"), Look.DIM))
        yield heading("claims", say("what the message claims"), words, width, unfolded=unfolded)
        if not unfolded:
            return
        around = _around(case)
        for number, claim in enumerate(case.claims[:_CLAIMS_SHOWN]):
            yield from _claim(claim, around, ("claims", number), width)
        for number, one in enumerate(received[:5]):
            value = line(shorten(one.value, _TEXT))
            yield field(("received-spf", number), "Received-SPF", value, width, label=15)
        if not count and not received:
            words_ = say("No receiver before has left a word in it, or it was removed on the way.")
            yield note("claims-none", words_, width)


def compared(case: MessageCase) -> AuthResults | None:
    """Return the field that is held against what was found: the receiver's own, else the topmost."""
    around = _around(case)
    own = next((one for one in case.claims if is_trusted(one, around)), None)
    return own or next(iter(case.claims), None)


def _around(case: MessageCase) -> Around:
    name = receiver_of(case)
    return Around(trusted=(name,) if name else ())


def _agreement(case: MessageCase) -> Content:
    if not case.claims:
        return state_words(Mark.INFO, say("nothing is claimed"))
    count = len(case.differences)
    if count:
        return state_words(Mark.WARN, say_many("{n} difference", "{n} differences", count))
    return state_words(Mark.OK, say("no difference"))


def _field(one: WrittenHeader, key: object, width: int) -> Row:
    """Return a field to write; folded as it would stand in the message only where all of that fits.

    Where it does not, it is unfolded and wrapped to the pane, for folds within folds are no text.
    """
    first, *rest = one.value.replace("\r", "").split("\n")
    name = (f"{one.name}: ", Look.INFO)
    folded = [line(name, first), *(line("    ", part.strip()) for part in rest[:60])]
    if all(part.cell_length <= width for part in folded):
        lines = folded
    else:
        words = " ".join(part.strip() for part in (first, *rest))
        lines = wrap(line(name, words), width, indent=4)
    return Row(
        key=key, lines=tuple(lines), copy=f"{one.name}: {one.value}", what=say("header field")
    )


def _claim(
    claim: AuthResults, around: Around, key: tuple[object, ...], width: int
) -> Iterator[Row]:
    who = shorten(claim.authserv_id, 200) or say("nobody named")
    if is_trusted(claim, around):
        state = state_words(Mark.OK, say("the receiver's own"))
    elif around.trusted:
        state = state_words(Mark.WARN, say("not the receiver's: it proves nothing"))
    else:
        state = state_words(Mark.UNKNOWN, say("whose word it is is not known"))
    words = line("  ", (who, Look.STRONG), "  ") + state
    yield Row(key=key, lines=tuple(wrap(words, width, indent=4)), copy=who, what=say("name"))
    for number, one in enumerate(claim.results[:_RESULTS_SHOWN]):
        said = " ".join(f"{each.key}={each.value}" for each in one.properties[:12])
        label = fit(f"{shorten(one.method, 8)}=", 7, Look.INFO)
        content = (
            line("    ")
            + label
            + result_word(shorten(one.result, 12))
            + line((shorten(said, _TEXT), Look.DIM))
        )
        copy = line(f"{one.method}={one.result} {said}").plain
        lines = tuple(wrap(content, width, indent=11 + CELL))
        yield Row(key=(*key, number), lines=lines, copy=copy, what=say("claim"))
    for number, text in enumerate(claim.deviations[:10]):
        yield remark((*key, "odd", number), Mark.WARN, shorten(text, _TEXT), width, indent=4)
