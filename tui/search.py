"""What the command palette finds besides commands: everything a walk has shown, and what can be opened.

The index is made of the moment, once for each; looking in it is a plain search for the words typed.
Each hit says where it goes: to a step in a view with the cursor on it, to a finding, to a scenario or
saved walk, or to the explanation of a code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.notes import note_line
from mxwalk.delivery.status import status
from mxwalk.evidence.step import Step, StepKind
from mxwalk.findings.model import Finding
from mxwalk.findings.registry import catalogue
from mxwalk.lab.scenario import scenario_names
from mxwalk.language import say
from mxwalk.limits import SEARCH_ENTRIES
from mxwalk.senders.model import Verdict
from mxwalk.smtp.model import Reading
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.walk.ending import is_unfinished
from mxwalk.walk.plan import label_of
from tui.moment import Moment
from tui.paths import recent_traces
from widgets.plain import outcome_words

HITS = 40  # more than a person looks through
_CHARS = 200
_RECENT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on a walk's screen: a step in a view, and what the cursor goes to."""

    step: int
    view: str = ""  # empty: the step's own
    find: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Something to open: a lab scenario, the file of a saved walk, or a code to explain."""

    scenario: str = ""
    path: str = ""
    code: str = ""


Goal = Spot | Opened | Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to find: what it is, what it is called, and where it is; all of it is visible text.

    ``besides`` is searched and not shown.
    """

    kind: str
    name: str
    goal: Goal
    where: str = ""
    besides: str = ""

    @property
    def haystack(self) -> str:
        """What is searched, in lower case."""
        return f"{self.kind} {self.name} {self.where} {self.besides}".casefold()


class Index:
    """Entries with what is searched of them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple((entry, entry.haystack) for entry in islice(entries, SEARCH_ENTRIES))

    def search(self, query: str) -> list[tuple[float, Entry]]:
        """Return the best entries that hold every word, with a score up to 1; no words find nothing."""
        words = query.casefold().split()
        if not words:
            return []
        found = [
            (_score(words, entry, haystack), -number, entry)
            for number, (entry, haystack) in enumerate(self._entries)
            if all(word in haystack for word in words)
        ]
        found.sort(key=lambda hit: hit[:2], reverse=True)
        return [(score, entry) for score, _, entry in found[:HITS]]


def _score(words: list[str], entry: Entry, haystack: str) -> float:
    name = entry.name.casefold()
    wanted = " ".join(words)
    if name == wanted:
        return 1.0
    if name.startswith(wanted):
        return 0.9
    if wanted in name:
        return 0.8
    return 0.6 if wanted in haystack else 0.5


def index_of(
    now: Moment | None, verdicts: Iterable[Verdict] = (), own_views: frozenset[str] = frozenset()
) -> Index:
    """Return the index of a moment, and of what can be opened from anywhere.

    ``own_views`` are the ids of the screen's views: what none of them shows leads to its step alone.
    """
    entries = [*(_of_moment(now, verdicts) if now else ()), *_openable()]
    return Index(_fitting(entry, own_views) for entry in entries)


def _fitting(entry: Entry, own_views: frozenset[str]) -> Entry:
    goal = entry.goal
    if not isinstance(goal, Spot) or not goal.view or goal.view in own_views:
        return entry
    plain = Spot(step=goal.step, find=goal.find)
    return replace(entry, goal=plain)


def _of_moment(now: Moment, verdicts: Iterable[Verdict]) -> Iterator[Entry]:
    delivery = now.delivery
    for finding in now.findings:
        where = f"{finding.host} [{finding.address}]" if finding.address else finding.host
        words = f"{finding.code} {finding.sentence}"
        yield _entry(say("finding"), words, finding, besides=where)
    for host in delivery.hosts:
        yield from _host(host)
    for attempt in delivery.attempts:
        yield from _attempt(attempt)
    over = not is_unfinished(delivery)
    for verdict in verdicts:
        goal = Spot(step=verdict.step or 0, view="verdicts", find=verdict.label)
        words = outcome_words(verdict.outcome, over=over)
        yield _entry(say("verdict"), f"{verdict.label}: {words}", goal, verdict.sender)
    for step in now.trace.steps:
        if step.kind is not StepKind.NOTE:
            yield _step(step, delivery)
    for about, note in delivery.notes.items():
        yield _entry(say("note"), note_line(note), Spot(step=about))


def _step(step: Step, delivery: Delivery) -> Entry:
    where = f"{step.scope.host} [{step.scope.address}]" if step.scope.address else step.scope.host
    name = f"{label_of(step.kind)}: {status(step, delivery).summary}"
    return _entry(say("step"), name, Spot(step=step.seq), where)


def _host(host: Host) -> Iterator[Entry]:
    plan = host.planned
    known = host.address_step or next((a.steps[0] for a in host.attempts if a.steps), None)
    step = known.seq if known else 0
    spot = Spot(step=step, view="route", find=plan.display)
    yield _entry(
        say("host"), plan.display, spot, say("port {port}", port=plan.port), besides=plan.name
    )
    for address in host.addresses:
        latest = host.latest(address)
        made = latest.steps[0].seq if latest and latest.steps else step
        spot = Spot(step=made, view="route", find=address)
        yield _entry(say("address"), address, spot, plan.display)
    if host.dane is not None:
        for record in host.dane.records:
            words = f"{record.usage} {record.selector} {record.matching_type} {record.data.hex()}"
            spot = Spot(step=host.dane.step or step, view="tlsa", find=record.data.hex()[:16])
            yield _entry("TLSA", words, spot, host.dane.base_domain)


def _attempt(attempt: Attempt) -> Iterator[Entry]:
    where = f"{attempt.host.display} [{attempt.address}]"
    for response, kind in (
        (attempt.ehlo, StepKind.EHLO),
        (attempt.ehlo_tls, StepKind.EHLO_TLS),
    ):
        step = attempt.step(kind)
        if response is None or step is None:
            continue
        for keyword in sorted(response.keywords(Reading.LENIENT)):
            spot = Spot(step=step.seq, view="ehlo", find=visible(keyword))
            yield _entry(label_of(kind), visible(keyword, _CHARS), spot, where)
    handshake, step = attempt.handshake, attempt.step(StepKind.CHAIN)
    step = step or attempt.step(StepKind.HANDSHAKE)
    if handshake is None or step is None:
        return
    for der in handshake.presented[:20]:
        facts = read_certificate(der)
        names = " ".join(facts.dns_names[:50])
        spot = Spot(step=step.seq, view="chain", find=facts.common_name or facts.subject)
        besides = f"{facts.sha256} {facts.spki_sha256} {facts.serial} {facts.issuer} {names}"
        yield _entry(say("certificate"), facts.subject, spot, where, besides)


def _openable() -> Iterator[Entry]:
    for path in recent_traces(_RECENT):
        yield _entry(say("saved walk"), path.stem, Opened(path=str(path)))
    for name in scenario_names():
        yield _entry(say("lab scenario"), name, Opened(scenario=name))
    yield from _codes()


def _codes() -> Iterator[Entry]:
    for code, entry in catalogue().items():
        yield _entry(say("explain"), f"{code} {say(entry.title)}", Opened(code=code))


def _entry(kind: str, name: str, goal: Goal, where: str = "", besides: str = "") -> Entry:
    return Entry(
        kind=kind,
        name=visible(name, _CHARS),
        goal=goal,
        where=visible(where, _CHARS),
        besides=besides,
    )
