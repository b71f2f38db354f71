"""SPF: the record as a tree of terms, evaluated for the client, or surveyed whatever the client.

``o`` goes to the other identity, or in a survey to the next name; a term unfolds to its macros, its
look-ups and the record it leads to; ``i`` evaluates another record or address, which publishes nothing.
"""

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from mxwalk.dns.txt import txt_line
from mxwalk.evidence.mailauth import SpfChecked, SpfIdentity
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.mailauth.case import MessageCase, SpfCheck
from mxwalk.mailauth.published import NamePublished
from mxwalk.mailauth.spf.flatten import Flattened, flatten_advice
from mxwalk.mailauth.spf.lint import lint
from mxwalk.mailauth.spf.lint_model import Remark
from mxwalk.mailauth.spf.model import Record, SpfResult
from mxwalk.mailauth.spf.survey_model import Survey
from widgets.message_folds import FoldingView
from widgets.message_rows import empty, gap, note, publish
from widgets.plain import shorten
from widgets.row import Row, text_row
from widgets.shown import Shown
from widgets.spf_head import choice_row, counter, result_rows
from widgets.spf_lint import lint_rows
from widgets.spf_survey import survey_rows
from widgets.spf_tree import tree_rows
from widgets.spf_try import to_try
from widgets.spf_twigs import Bough, of_evaluation, of_survey

_WORDS = {SpfIdentity.MAILFROM: "MAIL FROM", SpfIdentity.HELO: "HELO"}
_KINDS = {StepKind.SPF_MAILFROM: SpfIdentity.MAILFROM, StepKind.SPF_HELO: SpfIdentity.HELO}


class SpfView(FoldingView):
    """The evaluation of a message's identities, or the survey of a domain's records."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o", "identity", "The other identity, or the next name", show=False, id="spf.identity"
        ),
        Binding("i", "what_if", "What if: another record or address", show=False, id="spf.what-if"),
    ]
    empty = noted("No SPF evaluation yet.")

    class WhatIfWanted(Message):
        """Another record or address is to be tried; the check is that of the walk."""

        def __init__(self, view: "SpfView", checked: SpfChecked, record: str) -> None:
            super().__init__()
            self.view = view
            self.checked = checked
            self.record = record

        @property
        def control(self) -> "SpfView":
            """The view that asks."""
            return self.view

    class NothingToTry(Message):
        """There is no evaluation that could be changed."""

        def __init__(self, view: "SpfView") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "SpfView":
            """The view that asks."""
            return self.view

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._identity: str = ""
        self._is_picked = False  # by the key
        self._seen_step: int | None = None
        self._tree: tuple[object, Bough | None] = (None, None)
        self._linted: tuple[Survey | None, tuple[Remark, ...]] = (None, ())
        self._flat: tuple[Survey | None, Flattened | None] = (None, None)

    # -- what is chosen -------------------------------------------------------------------------

    def show(self, shown: Shown) -> None:
        """Draw this moment; selecting the step of an identity shows that identity."""
        step = shown.step
        if step is not None and step.seq != self._seen_step:
            self._seen_step = step.seq
            wanted = _KINDS.get(step.kind)
            if wanted is not None:
                self._identity = wanted.value
            elif step.kind is StepKind.SPF_RECORD:
                self._identity = step.scope.host
            elif not self._is_picked:
                self._identity = ""  # the first
        super().show(shown)

    def action_identity(self) -> None:
        """Go to the other identity, or to the next name of a survey."""
        names = [key for key, _ in self._choices()]
        if len(names) < 2:
            self.notify(say("There is no other name to look at here."), markup=False, timeout=4)
        else:
            here = names.index(self._chosen_name()) if self._chosen_name() in names else 0
            self._identity = names[(here + 1) % len(names)]
            self._is_picked = True
            self._chosen = {}
            self.rebuild()
            self.scroll_home(animate=False)

    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Name the key for the identities, or for the names where there are several."""
        words = noted("identity") if self._case() is not None else noted("name")
        switch = (("spf.identity", words),) if len(self._choices()) > 1 else ()
        return (
            ("spf.what-if", noted("what if")),
            *switch,
            ("tree.fold", noted("fold")),
            ("app.copy", noted("copy")),
        )

    def _case(self) -> MessageCase | None:
        return self.shown.delivery.message if self.shown else None

    def _names(self) -> tuple[NamePublished, ...]:
        survey = self.shown.delivery.survey if self.shown else None
        return (survey.main, *survey.subdomains) if survey else ()

    def _choices(self) -> list[tuple[str, str]]:
        """Return key and words of what can be shown."""
        case = self._case()
        if case is None:
            return [(one.domain, one.domain) for one in self._names()]
        domains = {
            SpfIdentity.MAILFROM: case.mailfrom_domain,
            SpfIdentity.HELO: case.helo_domain,
        }
        return [
            (one.value, f"{_WORDS[one]} {domains[one] or say('no domain')}") for one in SpfIdentity
        ]

    def _chosen_name(self) -> str:
        names = [key for key, _ in self._choices()]
        return self._identity if self._identity in names else names[0] if names else ""

    def _check(self) -> SpfCheck | None:
        case = self._case()
        return case.spf.get(SpfIdentity(self._chosen_name())) if case else None

    def _published(self) -> NamePublished | None:
        wanted = self._chosen_name()
        return next((one for one in self._names() if one.domain == wanted), None)

    def title_words(self) -> str:
        """Say identity and result in the frame's title."""
        check = self._check()
        if check is not None:
            domain = shorten(check.evaluation.domain, 60)
            return f"{_WORDS[check.identity]} {domain}: {check.evaluation.result.value}"
        return shorten(self._chosen_name(), 60) if self._names() else ""

    # -- rows -----------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the choice, the result or the counts, the tree, and the remarks."""
        if self.shown is None:
            return
        choices = self._choices()
        if not choices:
            yield empty("none", say("This walk checks no SPF record."), width)
            return
        here = self._chosen_name()
        what = say("identity") if self._case() is not None else say("name")
        yield choice_row([(words, key == here) for key, words in choices], what, width)
        yield gap("choice")
        if self._case() is not None:
            yield from self._evaluated(width)
        else:
            yield from self._surveyed(width)

    def _evaluated(self, width: int) -> Iterator[Row]:
        check = self._check()
        if check is None:
            yield empty("none", self._missing(), width)
            return
        evaluation = check.evaluation
        yield from result_rows(evaluation, width)
        bough = self._bough(evaluation, of_evaluation)
        if bough is None or bough.record is None:
            yield from self._without_record(check, width)
            return
        yield gap("tree")
        yield from tree_rows(bough, self._unfolds, width)
        record = bough.record
        yield gap("lint")
        found = lint(record)
        yield from lint_rows(found, record, width, unfolded=self.unfolds("lint", first=True))

    def _without_record(self, check: SpfCheck, width: int) -> Iterator[Row]:
        """Say what a gateway publishes for its HELO name, which is all that a bounce is checked by."""
        evaluation = check.evaluation
        if check.identity is SpfIdentity.HELO and evaluation.result is SpfResult.NONE:
            words = say(
                "A record at the HELO name lets bounces pass: they have no MAIL FROM (RFC 7208 2.4)"
            )
            yield gap("advice")
            yield note("advice", words, width, indent=0)
            zone = txt_line(evaluation.domain, b"v=spf1 a -all")
            yield publish("publish", zone, width, indent=0)

    def _missing(self) -> str:
        case = self._case()
        assert case is not None
        if not case.arrival.client_ip.value:
            return say("SPF cannot be checked: the client's address is not known. --ip gives it.")
        domains = (case.mailfrom_domain, case.helo_domain)
        if not domains[self._chosen_name() == SpfIdentity.HELO.value]:
            return say("SPF cannot be checked: there is no domain in this identity.")
        return say("Not checked yet: n performs the next step, c all of them.")

    def _surveyed(self, width: int) -> Iterator[Row]:
        name = self._published()
        if name is None or name.spf is None:
            yield empty(
                "none", say("Not looked up yet: n performs the next step, c all of them."), width
            )
            return
        survey = name.spf
        voids = max(survey.voids, survey.voids6)
        words = counter(survey.lookups, voids, if_nothing=True)
        yield text_row("counters", words)
        bough = self._bough(survey.root, of_survey)
        if bough is not None:
            yield gap("tree")
            yield from tree_rows(bough, self._unfolds, width)
        yield gap("networks")
        yield from survey_rows(survey, self._flattened(survey), self._unfolds, width)
        yield gap("lint")
        found = self._remarks(survey)
        record: Record | None = survey.root.record
        yield from lint_rows(found, record, width, unfolded=self.unfolds("lint", first=True))

    def _remarks(self, survey: Survey) -> tuple[Remark, ...]:
        """Return the lint of a survey, made once as long as it stays the same."""
        if self._linted[0] is not survey:
            self._linted = (survey, lint(survey=survey, sends=self._sends()))
        return self._linted[1]

    def _flattened(self, survey: Survey) -> Flattened | None:
        """Return what flattening would look like, made once."""
        if self._flat[0] is not survey:
            self._flat = (survey, flatten_advice(survey))
        return self._flat[1]

    def _sends(self) -> bool:
        survey = self.shown.delivery.survey if self.shown else None
        return survey is None or survey.asked.sends

    def _unfolds(self, key: Hashable, first: bool) -> bool:
        return self.unfolds(key, first=first)

    def _bough(self, of: object, make: object) -> Bough | None:
        """Return the tree of what is shown, made once as long as it stays the same."""
        if self._tree[0] is not of:
            self._tree = (of, make(of))  # type: ignore[operator]
        return self._tree[1]

    # -- what if --------------------------------------------------------------------------------

    def action_what_if(self) -> None:
        """Ask for another record or address to evaluate."""
        found = to_try(self.shown, self._check(), self._published())
        if found is None:
            self.post_message(self.NothingToTry(self))
        else:
            self.post_message(self.WhatIfWanted(self, *found))
