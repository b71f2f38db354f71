"""What ``make audit`` says of an answer, of half an answer and of none."""

import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.security import audit
from tests.security.audit import CLEAN, KNOWN, PINS, ROOT, UNTOLD, pinned

TWO = "# pinned\na==1.0\nb==2.0  # why\n"
CLEAN_ANSWER = '{"dependencies": [{"name": "a", "version": "1.0", "vulns": []}, {"name": "b", "version": "2.0", "vulns": []}], "fixes": []}'
ONE_KNOWN = '{"dependencies": [{"name": "a", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": ["CVE-1"], "description": "x"}]}, {"name": "b", "version": "2.0", "vulns": []}]}'
ONE_SKIPPED = '{"dependencies": [{"name": "a", "skip_reason": "Dependency not found"}, {"name": "b", "version": "2.0", "vulns": []}]}'
HALF = '{"dependencies": [{"name": "a", "version": "1.0", "vulns": []}]}'


def saying(out: str, err: str = "", code: int = 0) -> audit.Run:
    def run(words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.CompletedProcess(list(words), code, out, err)

    return run


@pytest.mark.parametrize(
    ("out", "expected", "words"),
    [
        (CLEAN_ANSWER, CLEAN, "2 of 2 pinned versions told of, 0 vulnerabilities"),
        (ONE_KNOWN, KNOWN, "a 1.0: PYSEC-1, CVE-1; mended in 1.1"),
        (ONE_SKIPPED, UNTOLD, "INCOMPLETE, nothing was told of 1 versions (a)"),
        (HALF, UNTOLD, "INCOMPLETE"),
        ('{"dependencies": []}', UNTOLD, "0 of 2"),
        ("", UNTOLD, "NOT DONE, the service pypi could not be asked: no route"),
        ("<html>", UNTOLD, "NOT DONE"),
        ('{"message": "not found"}', UNTOLD, "NOT DONE"),
    ],
)
def test_only_a_whole_answer_is_a_clean_one(
    tmp_path: Path, out: str, expected: int, words: str
) -> None:
    file = tmp_path / "pins.txt"
    file.write_text(TWO)
    code, lines = audit.audit(file, "pypi", saying(out, "warning\nno route", 1))
    assert code == expected
    assert any(words in line for line in lines)


def test_a_tool_that_cannot_be_had_is_said_so(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(audit, "OWN", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    assert audit.main([], saying("", "No matching distribution found", 1)) == UNTOLD
    assert "NOT DONE, pip-audit could not be installed: No matching" in capsys.readouterr().out

    def fails(_: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        raise subprocess.TimeoutExpired("pip-audit", 600)

    assert audit.audit(ROOT / "constraints.txt", "osv", fails)[0] == UNTOLD


def test_everything_that_is_installed_is_pinned_and_asked_about() -> None:
    asked = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in pinned(ROOT / "constraints.txt")
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {_name(one) for one in needed}
    assert names <= asked


def test_the_audits_own_tool_is_pinned() -> None:
    group = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["audit"]
    assert [one.replace("-", "_") for one in group] == [
        one for one in pinned(PINS) if one.startswith("pip_audit")
    ]
    assert all(line.count("==") == 1 for line in pinned(PINS))


def _name(requirement: str) -> str:
    for end in "[=<>~ ;":
        requirement = requirement.partition(end)[0]
    return requirement.lower().replace("_", "-")
