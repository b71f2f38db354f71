"""The findings in Korean: the same ones in the same order, told with the same values."""

import re

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.findings.model import Entry, Finding
from mxwalk.findings.registry import catalogue, check
from mxwalk.lab.scenario import scenario_names
from mxwalk.language import say, speaking
from tests.findings.cases import CASES, Factory
from tests.lab.walks import walked

_HANGUL = re.compile(r"[가-힣]")
# What stands in a sentence or a fix of ours that no language changes: whatever holds a digit or a dot
# inside (addresses, names, dates, numbers, digests, replies' codes) and what is in quotes.
_VALUES = re.compile(r"[\w.:/=@+*-]*\d[\w.:/=@+*-]*|[\w*-]+(?:\.[\w-]+)+|\"[^\"]+\"")
# A zone line is the same in every language: an owner name, its class, and behind them the data.
_ZONE_LINES = re.compile(r"(?:\S+ IN (?:A|AAAA|MX|PTR) [^;]+(?:; )?)+")
_TLS_AGREED = "TLS001"


def _same(finding: Finding) -> tuple[object, ...]:
    """Return what no language changes."""
    return (
        finding.code,
        finding.level,
        finding.actor,
        finding.cause,
        finding.command,
        (finding.step, finding.host, finding.address, finding.line),
    )


def _values(text: str) -> set[str]:
    return {value.strip('.,:;"') for value in _VALUES.findall(text)} - {""}


@pytest.mark.parametrize("name", scenario_names())
async def test_a_scenario_raises_the_same_findings_with_the_same_values(name: str) -> None:
    delivery = await walked(name)
    english = check(delivery)
    with speaking("ko"):
        korean = check(build_delivery(delivery.trace))
    assert [_same(finding) for finding in korean] == [_same(finding) for finding in english]
    for ours, theirs in zip(english, korean, strict=True):
        for text, translated in ((ours.sentence, theirs.sentence), (ours.fix, theirs.fix)):
            assert {value for value in _values(text) if value not in translated} == set()
            assert translated.isprintable()


@pytest.mark.parametrize(
    ("code", "factory"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)]
)
def test_a_fault_is_the_same_finding_in_korean(code: str, factory: Factory) -> None:
    english = check(factory())
    with speaking("ko"):
        korean = check(factory())
    assert [_same(finding) for finding in korean] == [_same(finding) for finding in english]
    for finding in korean:
        is_value = finding.code == _TLS_AGREED
        assert is_value or _HANGUL.search(finding.sentence), finding.sentence
        is_value = _ZONE_LINES.fullmatch(finding.fix) is not None
        assert is_value or _HANGUL.search(finding.fix), finding.fix


@pytest.mark.parametrize("entry", catalogue().values(), ids=list(catalogue()))
def test_title_owner_and_severity_are_korean(entry: Entry) -> None:
    with speaking("ko"):
        for text in (say(entry.title), entry.owner.words, entry.severity.words):
            assert _HANGUL.search(text)
