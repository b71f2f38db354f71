"""The figures of a sweep as plain lines; the last block is what can be quoted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.torture.faults import Case
from tests.torture.plan import per_octet_of_records
from tests.torture.sweep import Result
from tests.torture.walks import WALKS

# QUIT's last octets, tickets and DNS questions that another answer made needless may not come.
_MISSED_SHARE = 0.02
_MISSED_AT_LEAST = 3


@dataclass(slots=True)
class Figures:
    """What came of the cases so far."""

    cases: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # walk, wire, way
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    harmless: int = 0
    wrong: list[Result] = field(default_factory=list)
    slowest: Result | None = None
    whole: dict[str, int] = field(default_factory=dict)  # walk: how many cases it has
    asked: int = 0  # how many cases were to be run
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)  # walk, wire
    rendered: Counter[str] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        """Count one case."""
        case = result.case
        wire = _wire(case)
        self.cases[case.walk, wire, case.way.value] += 1
        self.faults[case.fault] += 1
        self.ends[result.ends] += 1
        self.outcomes.update(outcome.value for outcome in result.outcomes)
        self.harmless += result.harmless
        self.missing[case.walk, wire] += not result.hit
        self.rendered.update(result.rendered)
        if result.wrong:
            self.wrong.append(result)
        if self.slowest is None or _share(result) > _share(self.slowest):
            self.slowest = result

    @property
    def cut(self) -> bool:
        """Whether cases were left out for want of time."""
        return self.cases.total() < self.asked

    def faults_of_sweep(self) -> list[str]:
        """Return why these figures prove nothing, a sentence each: no cases, or faults that did not strike."""
        if not self.cases:
            return ["no case was run"]
        counts: Counter[tuple[str, str]] = Counter()
        for (walk, wire, _), count in self.cases.items():
            counts[walk, wire] += count
        return [
            f"{walk} {wire}: {missed:,} of {counts[walk, wire]:,} faults did not strike"
            for (walk, wire), missed in sorted(self.missing.items())
            if missed > _MISSED_AT_LEAST + counts[walk, wire] * _MISSED_SHARE
        ]

    def lines(self) -> Iterator[str]:
        """Yield the tables, what is wrong, and the summary."""
        yield "cases by walk, wire and direction:"
        for (walk, wire, way), count in sorted(self.cases.items()):
            yield f"  {walk:10} {wire:14} {way:7} {count:7,}"
        yield from _table("cases by fault:", self.faults)
        yield from _table("where the walk says that the connection ended:", self.ends)
        yield from _table("verdicts of all senders:", self.outcomes)
        for result in self.wrong:
            yield from told_of(result)
        yield from _table("reports rendered, of evidence that was new:", self.rendered)
        yield ""
        yield from self._summary()

    def _summary(self) -> Iterator[str]:
        count, whole = self.cases.total(), sum(self.whole.values())
        share = f" of {whole:,} ({count / whole:.1%})" if whole else ""
        missed = self.missing.total()
        if self.cut:
            yield f"CUT OFF for want of time: {count:,} of {self.asked:,} cases asked for were run"
        yield f"cases: {count:,}{share}; the fault came too late to strike: {missed:,}"
        yield f"faults per octet of TLS records, its first and last octets all: {_shares(self.whole)}"
        yield f"evidence unharmed: {self.harmless:,}; harmed: {count - self.harmless:,}"
        if self.slowest is not None:
            yield (
                f"slowest walk: {self.slowest.elapsed_s:.1f} s of its {self.slowest.budget_s:.1f} s"
                f" ({self.slowest.case})"
            )
        yield f"verdicts: {self.outcomes.total():,}; wrong cases: {len(self.wrong):,}"
        yield from self.faults_of_sweep()
        leaks = sum(" left" in sentence for result in self.wrong for sentence in result.wrong)
        yield f"tasks, sockets and files left behind: {leaks}"


def told_of(result: Result) -> Iterator[str]:
    """Yield what is wrong with a case, and how to see it again."""
    yield f"WRONG {result.case}"
    yield from (f"  {sentence}" for sentence in result.wrong)
    yield f"  replay: python -m tests.torture --replay '{result.case}'"


def _wire(case: Case) -> str:
    wire = "dns" if case.wire.startswith("dns") else case.wire
    return f"{wire}+tcp" if wire == "dns" and case.wire.endswith("+tcp") else wire


def _shares(names: Iterable[str]) -> str:
    """Return how many faults each walk takes per octet of its TLS records."""
    return ", ".join(
        "{} {} of {}".format(walk.name, *per_octet_of_records(walk))
        for walk in WALKS
        if walk.name in names and walk.name != "plain"
    )


def _share(result: Result) -> float:
    return result.elapsed_s / result.budget_s


def _table(title: str, counts: Counter[str]) -> Iterator[str]:
    yield title
    for name, count in counts.most_common():
        yield f"  {count:9,}  {name}"
