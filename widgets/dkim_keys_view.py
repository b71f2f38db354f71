"""The key records of a domain's selectors: where each stands, what it is, and what is wrong with it.

DNS cannot list selectors: what is not named here may be there all the same.
"""

from collections.abc import Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted, say, say_many
from mxwalk.mailauth.dkim.key import strength
from mxwalk.mailauth.dkim.model import KeyRecord
from mxwalk.mailauth.published import Survey
from widgets.dkim_signature import key_rows, strength_words
from widgets.message_folds import FoldingView, fold_sign
from widgets.message_rows import empty, gap, note, remark
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.row import Row

_ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)
_TEXT = 600
_SHOWN = 300


class DkimKeysView(FoldingView):
    """The keys of a survey."""

    KEYS = (("tree.fold", noted("open")), ("app.copy", noted("copy")))
    empty = noted("No key was looked up yet.")

    def title_words(self) -> str:
        """Say how many keys there are in the frame's title."""
        survey = self._survey()
        if survey is None or survey.keys is None:
            return say("not looked up yet")
        count = sum(one.tags is not None for one in survey.keys)
        names = sum(not one.name.startswith("*.") for one in survey.keys)
        at = say_many("{n} selector", "{n} selectors", names)
        return say_many("{n} key at {where}", "{n} keys at {where}", count, where=at)

    def _survey(self) -> Survey | None:
        return self.shown.delivery.survey if self.shown else None

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the keys that are there, then the names without one."""
        survey = self._survey()
        if survey is None or survey.keys is None:
            if self.shown is not None:
                words = say(
                    "The keys were not looked up yet. n performs the next step, c all of them."
                )
                yield empty("none", words, width)
            return
        there = [one for one in survey.keys if one.tags is not None]
        for number, key in enumerate(there[:_SHOWN]):
            at = ("key", number)
            unfolded = self.unfolds(at, first=len(there) == 1 or bool(key.problem))
            yield _row(key, at, width, unfolded=unfolded)
            if unfolded:
                yield from key_rows(key, at, width)
        if not there:
            yield note("nothing", say("No key stands at the names that were looked up."), width)
        yield gap("missing")
        yield from _missing([one for one in survey.keys if one.tags is None], width)
        if not survey.asked.selectors and not survey.asked.probe:
            words = say("--selector NAME looks a selector up, --probe the common ones.")
            yield note("how", words, width)


def _row(key: KeyRecord, at: tuple[object, ...], width: int, *, unfolded: bool) -> Row:
    selector = key.name.partition("._domainkey.")[0]
    if key.revoked:
        state, words = Mark.INFO, say("revoked")
    elif key.problem:
        state, words = Mark.FAIL, shorten(key.problem, _TEXT)
    else:
        state, words = Mark.OK, say("{key} {bits} bits", key=key.key_type, bits=key.bits)
    symbol, look = mark(state)
    name = say("* (any selector)") if selector == "*" else shorten(selector, 100)
    head = line(
        fold_sign(unfolded=unfolded),
        " ",
        fit(name, 20, Look.STRONG),
        " ",
        (f"{symbol} {words}", look),
    )
    if not key.problem:
        head += line("  ") + strength_words(strength(key))
    lines = tuple(wrap(head, width, indent=4))
    return Row(key=at, lines=lines, copy=line(key.name).plain, what=say("name"))


def _missing(keys: list[KeyRecord], width: int) -> Iterator[Row]:
    """Yield what failed, then in one line the names that have no key."""
    for number, key in enumerate(one for one in keys if one.status not in _ANSWERED):
        words = f"{shorten(key.name, 255)}: {shorten(key.problem or key.status.value, _TEXT)}"
        yield remark(("failed", number), Mark.UNKNOWN, words, width)
    none = [one for one in keys if one.status in _ANSWERED]
    names = ", ".join(shorten(one.name.partition("._domainkey.")[0], 64) for one in none[:_SHOWN])
    if names:
        yield note("without", say("no key at: {names}", names=names), width)
