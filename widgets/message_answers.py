"""The DNS answers of a step as they came: what a survey shows in place of the wire.

Without a step that asked, those of all steps stand here, in their order.
"""

from collections.abc import Iterator, Sequence

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, ResolverChecked, TlsaLookedUp
from mxwalk.evidence.mailauth import LOOKED_UP, DkimChecked
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Step
from mxwalk.language import noted, say
from widgets.plain import Look, duration, line, shorten, wrap
from widgets.row import Row, text_row
from widgets.wire_view import WireView

_ANSWERS_SHOWN = 400
_RECORDS_SHOWN = 40
_RECORD = 1_000


class AnswersView(WireView):
    """The answers."""

    empty = noted("Nothing was asked yet.")
    NOTHING = noted("Nothing was asked.")

    def show(
        self,
        steps: Sequence[Step],
        focus: Step | None = None,
        busy: str = "",
        *,
        going: bool = True,
    ) -> None:
        """Draw the answers of ``focus``, or of all steps where it asked nothing."""
        del busy  # answers come with their step
        self.tell_whether(going=going)
        asked = focus is not None and bool(asked_in(focus))
        self._steps = (focus,) if asked and focus is not None else tuple(steps)
        self._focus = focus.seq if focus else None
        self.rebuild()

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield each question with its records."""
        left = _ANSWERS_SHOWN
        for step in self._steps:
            for number, answer in enumerate(asked_in(step)):
                left -= 1
                if left < 0:
                    yield text_row(
                        "rest", line((say("and more, all of them in the trace"), Look.WARN))
                    )
                    return
                yield from self._answer(step, number, answer, width)

    def _answer(self, step: Step, number: int, answer: DnsAnswer, width: int) -> Iterator[Row]:
        good = answer.status is DnsStatus.OK
        state = "" if good else f"  {answer.status.value} {shorten(answer.error, 200)}".rstrip()
        head = line(
            (f"{shorten(answer.qname, 260)} {answer.rtype}", Look.STRONG),
            (state, Look.PLAIN if good else Look.UNKNOWN),
            (f"  {duration(answer.elapsed_s)}", Look.DIM),
        )
        yield Row(
            key=(step.seq, number, 0),
            lines=tuple(wrap(head, width, indent=4)),
            copy=line(answer.qname).plain,
            what=say("name"),
        )
        records = [record for each in answer.answer for record in each.records]
        for index, record in enumerate(records[:_RECORDS_SHOWN], start=1):
            text = shorten(record, _RECORD)
            yield Row(
                key=(step.seq, number, index),
                lines=tuple(wrap(line("  ", text), width, indent=4)),
                copy=line(record).plain,
                what=say("record"),
            )
        if len(records) > _RECORDS_SHOWN:
            words = "  " + say("and {number} more records", number=len(records) - _RECORDS_SHOWN)
            yield text_row((step.seq, number, "rest"), line((words, Look.DIM)))


def asked_in(step: Step) -> tuple[DnsAnswer, ...]:
    """Return the answers of a step; what its validation needed besides is left out."""
    match step.evidence:
        case MxLookedUp(answer=answer) | ResolverChecked(answer=answer):
            return (answer,)
        case AddressesLookedUp(answers=answers) | TlsaLookedUp(answers=answers):
            return answers
        case PolicyRecordsLookedUp(sts=sts, tls_rpt=tls_rpt):
            return (sts, tls_rpt)
        case DkimChecked(key=key):
            return (key,) if key is not None else ()
        case evidence if isinstance(evidence, LOOKED_UP):
            return evidence.answers
        case _:
            return ()
