"""DMARC: the result, where the record was looked for, the record tag by tag, alignment, reports.

Both readings, RFC 9989 and RFC 7489, stand side by side.  In a survey there is no message: results and
alignment are left out, and ``o`` goes to the next name.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.lint import lint
from mxwalk.mailauth.dmarc.model import DmarcResult, Query, Reading
from mxwalk.mailauth.dmarc.remarks import Around, Remark, Seen
from mxwalk.mailauth.published import NamePublished
from widgets.dmarc_head import result_rows
from widgets.dmarc_matrix import matrix_rows
from widgets.dmarc_path import path_rows, path_words
from widgets.dmarc_readers import reader_rows, readers_words
from widgets.dmarc_record import lint_rows, lint_words, record_rows, record_words
from widgets.dmarc_reports import reports_rows, reports_words
from widgets.dmarc_state import Picture, of_message, of_name
from widgets.message_folds import FoldingView
from widgets.message_rows import empty, gap, heading, publish, state_words
from widgets.plain import Look, line, shorten
from widgets.row import Row
from widgets.shown import Shown
from widgets.spf_head import choice_row

Part = tuple[str, str, Content, Callable[[Picture, int], Iterator[Row]]]


class DmarcView(FoldingView):
    """DMARC of a message, or of the names of a survey."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "identity", "The next name of the survey", show=False, id="dmarc.name"),
    ]
    empty = noted("No DMARC record was looked for yet.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._picked = ""
        self._seen_step: int | None = None
        self._drawn_from: object = None
        self._shown_picture: Picture | None = None
        self._linted: tuple[Picture | None, tuple[Remark, ...]] = (None, ())

    # -- what is chosen -------------------------------------------------------------------------

    def show(self, shown: Shown) -> None:
        """Draw this moment; selecting a name's discovery in a survey shows that name."""
        step = shown.step
        if step is not None and step.seq != self._seen_step:
            self._seen_step = step.seq
            if step.kind is StepKind.DMARC and shown.delivery.survey is not None:
                self._picked = step.scope.host
        super().show(shown)

    def action_identity(self) -> None:
        """Go to the next name of a survey."""
        names = [one.domain for one in self._names()]
        if len(names) < 2:
            self.notify(say("There is no other name to look at here."), markup=False, timeout=4)
        else:
            here = names.index(self._picked) if self._picked in names else 0
            self._picked = names[(here + 1) % len(names)]
            self._chosen = {}
            self.rebuild()
            self.scroll_home(animate=False)

    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Name the key for the names where there are several."""
        keys = (("tree.fold", noted("fold")), ("app.copy", noted("copy")))
        return (("dmarc.name", noted("name")), *keys) if len(self._names()) > 1 else keys

    def _names(self) -> tuple[NamePublished, ...]:
        survey = self.shown.delivery.survey if self.shown else None
        return (survey.main, *survey.subdomains) if survey else ()

    def _surveyed(self) -> NamePublished | None:
        names = self._names()
        return next(
            (one for one in names if one.domain == self._picked), names[0] if names else None
        )

    def _picture(self) -> Picture | None:
        """Return what is drawn, made once for a moment and a name."""
        shown = self.shown
        if shown is None:
            return None
        basis = (id(shown.delivery), self._picked)
        if self._drawn_from != basis:
            self._drawn_from, self._shown_picture = basis, self._made(shown)
        return self._shown_picture

    def _made(self, shown: Shown) -> Picture | None:
        case, survey, name = shown.delivery.message, shown.delivery.survey, self._surveyed()
        if case is not None:
            return of_message(case)
        return of_name(name, survey) if survey is not None and name is not None else None

    def title_words(self) -> str:
        """Say domain and result in the frame's title."""
        picture = self._picture()
        if picture is None:
            return ""
        ours = picture.assessments.get(Reading.RFC9989)
        domain = shorten(picture.domain, 60)
        if ours is not None:
            return f"{domain}: {ours.result.value}"
        asked = picture.policies[Reading.RFC9989].asked
        return f"{domain}: {asked.value if asked else say('no policy')}"

    # -- rows -----------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the result, then the parts."""
        if self.shown is None:
            return
        names = self._names()
        if names:
            here = self._surveyed()
            yield choice_row([(one.domain, one is here) for one in names], say("name"), width)
            yield gap("choice")
        picture = self._picture()
        if picture is None:
            yield empty("none", self._missing(), width)
            return
        if picture.assessments:
            yield from result_rows(picture, width)
            yield gap("result")
        for number, (key, name, words, rows) in enumerate(self._parts(picture)):
            if number:
                yield gap(key)
            unfolded = self.unfolds(key, first=key != "readers" or picture.differs)
            yield heading(key, name, words, width, unfolded=unfolded)
            if unfolded:
                yield from rows(picture, width)

    def _parts(self, picture: Picture) -> Iterator[Part]:
        """Yield key, name, state and rows of each part; of a message alignment comes first."""
        if picture.assessments:
            yield "align", say("alignment"), _alignment_words(picture), matrix_rows
        if self._linted[0] is not picture:
            self._linted = (picture, self._remarks(picture))
        remarks = self._linted[1]
        name = picture.record.name if picture.record else f"_dmarc.{picture.domain}"
        lint_part = (
            "lint",
            say("remarks on the record"),
            lint_words(remarks),
            lambda _picture, width: lint_rows(remarks, name, width),
        )
        lines = self._to_publish(picture)
        if lines:  # nothing matters more where there is no record
            yield (
                "publish",
                say("what to publish"),
                line((say("no record counts"), Look.DIM)),
                lambda _picture, width: iter([publish("publish-line", lines[0], width)]),
            )
        yield "path", say("discovery"), path_words(picture), path_rows
        yield "record", say("record"), record_words(picture), record_rows
        if picture.record is not None or remarks:
            yield lint_part
        yield "reports", say("reports"), reports_words(picture), reports_rows
        yield "readers", say("who reads it how"), readers_words(picture), reader_rows

    def _to_publish(self, picture: Picture) -> tuple[str, ...]:
        """Return the plan's records for a surveyed name without one, in the order of publishing."""
        survey = self.shown.delivery.survey if self.shown else None
        if picture.record is not None or survey is None or survey.plan is None:
            return ()
        at = f"_dmarc.{picture.domain}. "
        lines = (one for stage in survey.plan.stages for one in stage.publish)
        return tuple(one.text for one in lines if one.text.startswith(at))

    def _missing(self) -> str:
        case = self.shown.delivery.message if self.shown else None
        if case is not None and not case.author_domain:
            return say(
                "There is no domain in From to look for: {problem}",
                problem=shorten(case.author_problem, 300),
            )
        if case is None and not self._names():
            return say("This walk looks for no DMARC record.")
        return say("Not looked for yet: n performs the next step, c all of them.")

    def _remarks(self, picture: Picture) -> tuple[Remark, ...]:
        """Return the lint of the name where the record stands, or of the name itself."""
        discovery = picture.discoveries[Reading.RFC9989]
        record = picture.record
        wanted = record.name if record else f"_dmarc.{picture.domain}"
        query: Query | None = next((q for q in discovery.queries if q.qname == wanted), None)
        if query is None:
            return ()
        domain = wanted.removeprefix("_dmarc.")
        around = Around(
            domain=domain,
            organizational=discovery.organizational if not discovery.failed else "",
            authorisations=tuple(picture.reporters),
            spf=self._spf_seen(picture),
            dkim=self._dkim_seen(picture),
            sends=self._sends(),
        )
        return lint(query, around)

    def _sends(self) -> Seen:
        survey = self.shown.delivery.survey if self.shown else None
        if survey is None:
            return Seen.UNKNOWN
        return Seen.YES if survey.asked.sends else Seen.NO

    def _spf_seen(self, picture: Picture) -> Seen:
        name = self._surveyed()
        if picture.assessments or name is None or name.spf is None:
            return Seen.UNKNOWN
        return Seen.YES if name.spf.root.records else Seen.NO

    def _dkim_seen(self, picture: Picture) -> Seen:
        survey = self.shown.delivery.survey if self.shown else None
        if picture.assessments or survey is None or survey.keys is None:
            return Seen.UNKNOWN
        return Seen.YES if any(key.tags is not None for key in survey.keys) else Seen.UNKNOWN


def _alignment_words(picture: Picture) -> Content:
    ours = picture.assessments[Reading.RFC9989]
    counting = sum(one.counts for one in ours.alignments)
    if counting:
        words = say(
            "{number} of {all} identifiers pass and are aligned",
            number=counting,
            all=len(ours.alignments),
        )
        return state_words(Mark.OK, words)
    if ours.result is DmarcResult.TEMPERROR:
        return state_words(Mark.UNKNOWN, say("not certain"))
    return (
        state_words(Mark.FAIL, say("nothing that passes is aligned"))
        if ours.alignments
        else line((say("no identifier"), Look.DIM))
    )
