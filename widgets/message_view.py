"""The message: who it says it is from, how it came, the way it took, and what is odd about it.

Of the envelope every value tells its origin: given, or assumed from a field of the message, which is
not the same.  The ``Received`` fields are shown in the order of time, with the delay of each hop.
"""

from collections.abc import Iterator

from rich.cells import cell_len

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say, say_many
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.envelope import Known, Origin
from mxwalk.mailauth.message_addresses import AddressList
from widgets.message_folds import FoldingView
from widgets.message_path import path_rows, path_words
from widgets.message_rows import empty, field, gap, heading, note, remark, state_words
from widgets.plain import Look, fit, line, shorten
from widgets.row import Row

_NAMED = ("Return-Path", "Sender", "Reply-To", "To", "Subject", "Date", "Message-ID", "List-Id")
_ALWAYS = ("Return-Path", "Sender", "Reply-To", "Subject")
_MAILBOXES_SHOWN = 10
_DEVIATIONS_SHOWN = 60
_TEXT = 1_000
_VALUE = 34  # cells of an envelope value, before its origin


class MessageView(FoldingView):
    """Identities, envelope, path and deviations of the message."""

    empty = noted("No message yet.")

    def title_words(self) -> str:
        """Say the author domain in the frame's title."""
        case = self._case()
        if case is None:
            return ""
        return say("from {domain}", domain=shorten(case.author_domain or say("no domain"), 60))

    def _case(self) -> MessageCase | None:
        return self.shown.delivery.message if self.shown else None

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the four parts."""
        case = self._case()
        if case is None:
            if self.shown is not None:
                yield empty("none", say("This walk is not that of a message."), width)
            return
        yield from self._identities(case, width)
        yield gap("came")
        yield from self._envelope(case, width)
        yield gap("path")
        yield from self._path(case, width)
        yield gap("odd")
        yield from self._deviations(case, width)

    # -- who ------------------------------------------------------------------------------------

    def _identities(self, case: MessageCase, width: int) -> Iterator[Row]:
        unfolded = self.unfolds("who", first=True)
        good = bool(case.author_domain)
        words = (
            say("author domain {domain}", domain=case.author_domain)
            if good
            else say("no author domain")
        )
        state = state_words(Mark.OK if good else Mark.FAIL, words)
        yield heading("who", say("who it says it is from"), state, width, unfolded=unfolded)
        if not unfolded:
            return
        yield from _authors(case, width)
        message = case.message
        for name in _NAMED:
            fields = message.named(name)
            if not fields:
                if name in _ALWAYS:
                    yield field(("id", name), name, line((say("none"), Look.DIM)), width)
                continue
            value = line(shorten(fields[0].value, _TEXT) or say("empty"))
            if len(fields) > 1:
                value += line(
                    (
                        "  " + say("and {number} more of this name", number=len(fields) - 1),
                        Look.WARN,
                    )
                )
            yield field(("id", name), name, value, width, copy=line(fields[0].value).plain)
        listed = message.list_fields
        if listed:
            names = ", ".join(dict.fromkeys(one.name for one in listed[:8]))
            words = say("a mailing list has touched it: {fields}", fields=shorten(names, 300))
            yield remark(("id", "list"), Mark.INFO, words, width)

    # -- how it came ----------------------------------------------------------------------------

    def _envelope(self, case: MessageCase, width: int) -> Iterator[Row]:
        unfolded = self.unfolds("came", first=True)
        come = case.arrival
        parts = (come.client_ip, come.helo, come.mail_from)
        missing = [one for one in parts if one.origin is Origin.UNKNOWN]
        assumed = [one for one in parts if one.assumed]
        if missing:
            state = state_words(Mark.UNKNOWN, say("not all of it is known"))
        elif assumed:
            state = state_words(Mark.WARN, say("partly assumed from the message itself"))
        else:
            state = state_words(Mark.OK, say("as given"))
        yield heading("came", say("how it came"), state, width, unfolded=unfolded)
        if not unfolded:
            return
        for name, known in (
            (say("client"), come.client_ip),
            ("HELO", come.helo),
            ("MAIL FROM", come.mail_from),
            (say("receiver"), come.receiver),
        ):
            yield _known(name, known, width)
        if missing or assumed:
            words = say("--ip, --helo and --mail-from give what the message cannot prove.")
            yield note(("came", "give"), words, width)

    # -- the way --------------------------------------------------------------------------------

    def _path(self, case: MessageCase, width: int) -> Iterator[Row]:
        unfolded = self.unfolds("path", first=True)
        hops = case.message.hops
        yield heading("path", say("the way it took"), path_words(hops), width, unfolded=unfolded)
        if unfolded:
            yield from path_rows(hops, case.arrival.hop, width)

    # -- what is odd ----------------------------------------------------------------------------

    def _deviations(self, case: MessageCase, width: int) -> Iterator[Row]:
        found = case.message.deviations
        unfolded = self.unfolds("odd", first=True)
        count = len(found)
        if not case.message.whole:
            state = state_words(Mark.UNKNOWN, say("header fields only: the body is not there"))
        elif count:
            state = state_words(Mark.WARN, say_many("{n} deviation", "{n} deviations", count))
        else:
            state = state_words(Mark.OK, say("none"))
        yield heading("odd", say("deviations from RFC 5322"), state, width, unfolded=unfolded)
        if not unfolded:
            return
        for number, one in enumerate(found[:_DEVIATIONS_SHOWN]):
            words = say("line {line}: {what}", line=one.line, what=shorten(one.what, _TEXT))
            yield remark(("odd", number), Mark.WARN, words, width)
        if count > _DEVIATIONS_SHOWN:
            yield note(
                ("odd", "more"), say("and {more} more", more=count - _DEVIATIONS_SHOWN), width
            )
        size = say(
            "{fields} header fields, {body} octets of body",
            fields=len(case.message.fields),
            body=len(case.message.body),
        )
        yield note(("odd", "size"), size, width)


def _authors(case: MessageCase, width: int) -> Iterator[Row]:
    """Yield a row for each mailbox of From, and what is wrong with the list."""
    found: AddressList = case.message.author
    raw = "; ".join(one.value for one in case.message.named("From")[:4])
    if not found.mailboxes:
        words = line((shorten(raw, _TEXT) or say("none"), Look.FAIL))
        yield field(("id", "From"), "From", words, width, copy=line(raw).plain)
    for number, one in enumerate(found.mailboxes[:_MAILBOXES_SHOWN]):
        domain = one.domain or "?"
        words = line(
            (f"{shorten(one.display, 300)} " if one.display else "", Look.PLAIN),
            (f"<{shorten(one.address, 400)}>", Look.STRONG),
            "  ",
            (say("domain {domain}", domain=domain), Look.INFO),
        )
        copy = line(one.address).plain
        yield field(("id", "From", number), "" if number else "From", words, width, copy=copy)
        if one.problem:
            yield remark(("id", "problem", number), Mark.FAIL, shorten(one.problem, _TEXT), width)
        elif "@" in one.display and domain not in one.display:
            words_ = say(
                "the display name has another address in it: readers may take that for the sender"
            )
            yield remark(("id", "display", number), Mark.WARN, words_, width)
    if len(found.mailboxes) > _MAILBOXES_SHOWN:
        yield note(
            ("id", "more"),
            say("and {more} more", more=len(found.mailboxes) - _MAILBOXES_SHOWN),
            width,
        )
    for number, problem in enumerate(found.problems[:5]):
        yield remark(("id", "list", number), Mark.WARN, shorten(problem, _TEXT), width)


def _known(name: str, known: Known, width: int) -> Row:
    """Return a value of the envelope, its origin, and the field it was taken from."""
    if known.origin is Origin.UNKNOWN:
        state = state_words(Mark.UNKNOWN, say("unknown"))
        return field(("came", name), name, state, width, copy=known.sentence)
    mark = Mark.WARN if known.assumed else Mark.OK
    where = ", " + say("line {line}", line=known.line) if known.line else ""
    shown = shorten(known.value, _TEXT)
    room = min(_VALUE, max(18, width - 52))
    value = fit(shown, room, Look.STRONG) if cell_len(shown) <= room else line((shown, Look.STRONG))
    words = value + "  " + state_words(mark, f"{say(known.origin.value)}{where}")
    return field(("came", name), name, words, width, copy=line(known.value).plain)
