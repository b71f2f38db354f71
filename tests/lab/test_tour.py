"""The tour says nothing that its walks do not show, in any language."""

import re
from functools import cache

import pytest
from rich.cells import cell_len

from mxwalk.commands.tours import told, walk_stop
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import catalogue, check
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.lab.tour import Stop, stops
from mxwalk.language import LANGUAGES, speaking
from mxwalk.receivers.registry import judge
from mxwalk.reports.render import render
from mxwalk.wrapping import fill
from tui import actions

STOPS = stops()
PARTS = ("title", "intro", "see", "question", "answer")
_walked: dict[str, Trace] = {}


async def walked(stop: Stop) -> Trace:
    if stop.id not in _walked:
        _walked[stop.id] = await walk_stop(stop)
    return _walked[stop.id]


@cache
def in_language(code: str) -> tuple[Stop, ...]:
    with speaking(code):
        return stops()


def words(stop: Stop) -> str:
    return " ".join([*(getattr(stop, part) for part in PARTS), *(t.words for t in stop.tasks)])


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.id)
async def test_what_a_stop_claims_is_what_its_walk_comes_to(stop: Stop) -> None:
    trace = await walked(stop)
    delivery = build_delivery(trace)
    purpose = load_scenario(stop.scenario).purpose
    for sender, outcome in stop.claims.verdicts.items():
        assert judge(purpose, sender).judge(delivery).outcome is outcome, sender
    for sender, code in stop.claims.codes.items():
        assert judge(purpose, sender).judge(delivery).code == code
    found = {finding.code: finding for finding in check(delivery)}
    for code, owner in stop.claims.findings.items():
        assert (found[code].owner or found[code].entry.owner) is owner, code
    assert stop.sender in stop.claims.verdicts


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("number", range(len(STOPS)), ids=[stop.id for stop in STOPS])
async def test_what_a_stop_quotes_is_in_the_report_of_its_walk(number: int, code: str) -> None:
    stop = in_language(code)[number]
    trace = await walked(stop)
    report = render(trace, "text", sender=stop.sender)
    for quoted in re.findall(r"`([^`]+)`", words(stop)):
        assert quoted in report, quoted


@pytest.mark.parametrize("code", LANGUAGES)
def test_findings_that_are_named_are_claimed(code: str) -> None:
    for stop in in_language(code):
        named = set(re.findall(r"[A-Z]{3,6}\d{3}(?!\d)", words(stop)))
        assert named <= set(stop.claims.findings), stop.id
        assert named <= set(catalogue())


def test_every_language_quotes_and_names_the_same() -> None:
    first, *others = (in_language(code) for code in LANGUAGES)
    for other in others:
        for here, there in zip(first, other, strict=True):
            for part in PARTS:
                pattern = r"`[^`]+`|[A-Z]{3,6}\d{3}(?!\d)"
                one, two = getattr(here, part), getattr(there, part)
                assert sorted(re.findall(pattern, one)) == sorted(re.findall(pattern, two)), one
            assert (here.scenario, here.claims) == (there.scenario, there.claims)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_words_fit_into_the_bar_at_80_columns(code: str) -> None:
    for stop in in_language(code):
        assert cell_len(stop.title) <= 50
        for part in ("intro", "see", "question", "answer"):
            text = getattr(stop, part).replace("`", "")
            assert len(fill(text, 76)) <= 3, (stop.id, part)
        tasks = "   ".join(f"{task.key} {task.words}" for task in stop.tasks)
        assert cell_len(tasks) <= 78, (stop.id, tasks)


def test_tasks_name_keys_of_the_registry() -> None:
    from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS

    keys = {one.id: actions.key_words(one.key) for one in actions.WALK}
    views = {f"view.{v.id}": v.key for v in (*VIEWS, *MESSAGE_VIEWS, *DOMAIN_VIEWS)}
    for stop in STOPS:
        for task in stop.tasks:
            known = {**views, **keys}[task.action]
            assert task.key == known or task.action == "view.dmarc", task


def test_each_scenario_is_visited_once_and_exists() -> None:
    visited = [stop.scenario for stop in STOPS]
    assert len(set(visited)) == len(visited)
    assert set(visited) <= set(scenario_names())


async def test_the_text_tells_every_part_and_the_outcome() -> None:
    stop = STOPS[1]
    text = "\n".join(told(2, 12, stop, await walked(stop)))
    assert "2/12  STARTTLS that is there" in text
    assert "> ESA 5 Required - Verify: deferred" in text
    assert "EHLO003: STARTTLS" in text
    assert "`" not in text
