"""``mxwalk lab``: the list of scenarios, and the run of all of them against their expectations."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from mxwalk.commands.columns import fitted
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.streams import print_lines
from mxwalk.delivery.build import build_delivery
from mxwalk.findings.registry import check
from mxwalk.lab.model import Scenario
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.lab.stories import group_of, title_of
from mxwalk.language import say
from mxwalk.receivers.registry import judge, judges
from mxwalk.session import walk_scenario
from mxwalk.wrapping import cells, padded


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scenario's run: how many verdicts were compared, and each difference in words."""

    name: str
    verdicts: int
    findings: int
    differences: tuple[str, ...]


def list_scenarios() -> None:
    """Print every scenario with its title, by group."""
    scenarios = [load_scenario(name) for name in scenario_names()]
    width = max((len(scenario.name) for scenario in scenarios), default=0)
    scenarios.sort(key=lambda scenario: (scenario.group, scenario.name))
    for group, members in groupby(scenarios, key=lambda scenario: scenario.group):
        rows = (
            row
            for item in members
            for row in fitted(f"  {item.name:<{width}}  ", title_of(item), width + 4)
        )
        print_lines([group_of(group), *rows, ""])
    print_lines([say("Open one with: mxwalk lab NAME")])


def check_scenarios(names: Sequence[str] | None) -> int:
    """Walk scenarios (default: all) and print what differs from their expectations; 1 if any."""
    names = names or scenario_names()
    width = max(len(name) for name in names)
    print_lines([_row(say("scenario"), width, say("verdicts"), say("findings"), say("result"))])
    failed = 0
    for name in names:
        outcome = run_to_end(compare(load_scenario(name)))
        failed += bool(outcome.differences)
        result = say("differs") if outcome.differences else say("as expected")
        print_lines(
            [
                _row(name, width, f"{outcome.verdicts}", f"{outcome.findings}", result),
                *(f"  {difference}" for difference in outcome.differences),
            ]
        )
    print_lines(
        [say("{number} scenarios, {failed} with differences", number=len(names), failed=failed)]
    )
    return 1 if failed else 0


def _row(name: str, width: int, verdicts: str, findings: str, result: str) -> str:
    numbers = " " * (8 - cells(verdicts)) + verdicts + "  " + " " * (8 - cells(findings)) + findings
    return f"{padded(name, width)}  {numbers}  {result}"


async def compare(scenario: Scenario) -> Comparison:
    """Walk a scenario and hold verdicts, codes, deciding steps and findings against its table."""
    trace = await walk_scenario(scenario.name)
    delivery = build_delivery(trace)
    kinds = {step.seq: step.kind for step in trace.steps}
    differences = [
        say("{id}: no outcome is expected", id=each.id)
        for each in judges(scenario.purpose)
        if each.id not in scenario.expect.verdicts
    ]
    for sender, expected in scenario.expect.verdicts.items():
        verdict = judge(scenario.purpose, sender).judge(delivery)
        if verdict.outcome is not expected:
            differences.append(
                say(
                    "{sender}: {outcome}, expected {expected} ({reason})",
                    sender=sender,
                    outcome=verdict.outcome.value,
                    expected=expected.value,
                    reason=verdict.reason,
                )
            )
        code = scenario.expect.codes.get(sender, verdict.code)
        if verdict.code != code:
            differences.append(
                say(
                    "{sender}: code {code}, expected {expected}",
                    sender=sender,
                    code=verdict.code or say("none"),
                    expected=code,
                )
            )
        wanted = scenario.expect.deciding.get(sender)
        decided = kinds.get(verdict.step) if verdict.step is not None else None
        if wanted is not None and decided is not wanted:
            found = decided.value if decided else say("no step")
            differences.append(
                say(
                    "{sender}: decided by {found}, expected {wanted}",
                    sender=sender,
                    found=found,
                    wanted=wanted.value,
                )
            )
    codes = {finding.code for finding in check(delivery)}
    expected_codes = set(scenario.expect.findings)
    differences.extend(
        say("finding {code} is missing", code=code) for code in sorted(expected_codes - codes)
    )
    differences.extend(
        say("finding {code} is unexpected", code=code) for code in sorted(codes - expected_codes)
    )
    return Comparison(
        name=scenario.name,
        verdicts=len(scenario.expect.verdicts),
        findings=len(codes),
        differences=tuple(differences),
    )
