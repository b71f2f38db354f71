"""The figures of a sweep as plain lines; the last block is what can be quoted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.torture.sweep import Result


@dataclass(slots=True)
class Figures:
    """What came of the cases so far."""

    cases: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # walk, wire, way
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    harmless: int = 0
    missed: int = 0
    wrong: list[Result] = field(default_factory=list)
    slowest: Result | None = None
    whole: dict[str, int] = field(default_factory=dict)  # walk: how many cases it has

    def add(self, result: Result) -> None:
        """Count one case."""
        case = result.case
        wire = "dns" if case.wire.startswith("dns") else case.wire
        wire += "+tcp" if case.wire.endswith("+tcp") else ""
        self.cases[case.walk, wire, case.way.value] += 1
        self.faults[case.fault] += 1
        self.ends[result.ends] += 1
        self.outcomes.update(outcome.value for outcome in result.outcomes)
        self.harmless += result.harmless
        self.missed += not result.hit
        if result.wrong:
            self.wrong.append(result)
        if self.slowest is None or _share(result) > _share(self.slowest):
            self.slowest = result

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
        yield ""
        yield from self._summary()

    def _summary(self) -> Iterator[str]:
        count, whole = self.cases.total(), sum(self.whole.values())
        share = f" of {whole:,} ({count / whole:.1%})" if whole else ""
        yield f"cases: {count:,}{share}; the fault came too late to strike: {self.missed:,}"
        yield f"evidence unharmed: {self.harmless:,}; harmed: {count - self.harmless:,}"
        if self.slowest is not None:
            yield (
                f"slowest walk: {self.slowest.elapsed_s:.1f} s of its {self.slowest.budget_s:.1f} s"
                f" ({self.slowest.case})"
            )
        yield f"verdicts: {self.outcomes.total():,}; wrong cases: {len(self.wrong):,}"
        leaks = sum(" left" in sentence for result in self.wrong for sentence in result.wrong)
        yield f"tasks, sockets and files left behind: {leaks}"


def told_of(result: Result) -> Iterator[str]:
    """Yield what is wrong with a case, and how to see it again."""
    yield f"WRONG {result.case}"
    yield from (f"  {sentence}" for sentence in result.wrong)
    yield f"  replay: python -m tests.torture --replay '{result.case}'"


def _share(result: Result) -> float:
    return result.elapsed_s / result.budget_s


def _table(title: str, counts: Counter[str]) -> Iterator[str]:
    yield title
    for name, count in counts.most_common():
        yield f"  {count:9,}  {name}"
