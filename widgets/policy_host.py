"""One delivery host in full: its pattern, its certificates, DANE, and what senders do with it."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.sts import DaneRole, StsCheck
from mxwalk.language import noted, say
from mxwalk.senders.model import Verdict
from mxwalk.walk.ending import is_unfinished
from widgets.plain import Look, fit, line, outcome_mark, outcome_words, wrap
from widgets.policy_fields import state_words
from widgets.policy_state import HostLine, Picture, Section
from widgets.row import Row, text_row

_LABEL = 15
DANE_WORDS = {
    DaneRole.AUTHENTICATES: (Mark.INFO, noted("decides")),
    DaneRole.FORBIDS: (Mark.FAIL, noted("forbids")),
    DaneRole.ENCRYPTS: (Mark.INFO, noted("any TLS")),
    DaneRole.NONE: (Mark.INFO, noted("none")),
    DaneRole.UNKNOWN: (Mark.UNKNOWN, noted("unknown")),
}


def in_full(found: Picture, one: HostLine, width: int) -> Iterator[Row]:
    """Yield what is known of a host, each with its reason."""
    address = ", ".join(one.host.addresses[:8])
    head = line("  ", (one.host.planned.display, Look.HEADING), (f"  {address}", Look.DIM))
    yield text_row((Section.HOSTS, "full"), Content(), *wrap(head, width, 4))
    if one.match is not None:
        state = Mark.OK if one.match.pattern is not None else Mark.FAIL
        yield _told(noted("pattern"), state_words(state, one.match.sentence), width)
    for number, words in enumerate(_certificates(one.checks)):
        yield _told(noted("certificate"), words, width, number)
    state, _ = DANE_WORDS[one.sts.dane]
    reason = one.host.dane.reason if one.host.dane else ""
    authenticates = one.sts.dane is DaneRole.AUTHENTICATES
    role = say("DANE decides, MTA-STS is not asked") if authenticates else say(one.sts.dane.value)
    words = state_words(state, role)
    yield _told("DANE", words + line((f"  {reason}" if reason else "", Look.DIM)), width)
    mode = say("now, {mode}", mode=found.state.mode.value) if found.state.mode else say("now")
    over = not is_unfinished(found.delivery)
    yield _told(mode, _verdict_words(one.now, over=over), width)
    if not found.state.enforced:
        yield _told(noted("if enforce"), _verdict_words(one.enforced, over=over), width)


def _certificates(checks: Sequence[tuple[Attempt, StsCheck | None]]) -> Iterator[Content]:
    several = len(checks) > 1
    for attempt, check in checks:
        where = f"[{attempt.address}] " if several else ""
        if check is None:
            words = state_words(Mark.UNKNOWN, say("{where}no certificate was seen", where=where))
        else:
            state = Mark.OK if check.passed else Mark.FAIL
            words = state_words(state, f"{where}{check.reason}")
            if check.fault is not None:
                words += line((say("  reported as {fault}", fault=check.fault.value), Look.DIM))
        yield words
    if not checks:
        yield state_words(Mark.UNKNOWN, say("not connected yet"))


def _verdict_words(verdict: Verdict, *, over: bool) -> Content:
    words = outcome_words(verdict.outcome, over=over)
    said = state_words(outcome_mark(verdict.outcome), words)
    return said + line(f": {verdict.reason}" if verdict.reason else "")


def _told(name: str, words: Content, width: int, number: int = 0) -> Row:
    """Return a labelled sentence; of several with one label the first has it."""
    label = fit("" if number else say(name), _LABEL - 2, Look.DIM)
    return Row(
        key=(Section.HOSTS, "told", name, number),
        lines=tuple(wrap(line("    ", label) + words, width, indent=_LABEL + 2)),
        copy=words.plain,
        what=say(name),
    )
