"""``mxwalk diff``: exit codes, formats, and which walk is the one before."""

import json

import msgspec
import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.evidence.journal import dump_trace
from tests.reports.samples import lab_trace


def run(*args: object, given: bytes | None = None):
    return CliRunner().invoke(cli, ["diff", *map(str, args)], input=given)


@pytest.fixture
def saved(tmp_path):
    def save(name: str, file: str = "", began: str = ""):
        trace = lab_trace(name)
        if began:
            header = msgspec.structs.replace(trace.header, started_at=began)
            trace = msgspec.structs.replace(trace, header=header)
        path = tmp_path / (file or f"{name}.mxtrace")
        path.write_bytes(dump_trace(trace))
        return path

    return save


def test_the_same_walk_twice_is_exit_code_0(saved):
    result = run(saved("pkix-good"), saved("pkix-good", "other.mxtrace"))
    assert result.exit_code == 0
    assert "Nothing that matters differs." in " ".join(result.stdout.split())


def test_a_difference_is_exit_code_1_and_the_answer_comes_first(saved):
    result = run(saved("pkix-good"), saved("pkix-expired"))
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "ESA 5 Required - Verify: before: delivered, verified; now: deferred."
    )


def test_one_walk_that_saw_less_is_exit_code_4(saved, tmp_path):
    whole = lab_trace("pkix-good")
    cut = tmp_path / "cut.mxtrace"
    cut.write_bytes(dump_trace(msgspec.structs.replace(whole, steps=whole.steps[:-3])))
    result = run(cut, saved("pkix-good"), "--format", "json")
    document = json.loads(result.stdout)
    assert result.exit_code in (1, 4)
    assert document["unknown"]
    assert "gone" not in {row["kind"] for row in document["differences"]}


@pytest.mark.parametrize("fmt", ["text", "json", "markdown", "html"])
def test_every_format_names_the_cause(saved, fmt):
    result = run(saved("pkix-good"), saved("pkix-expired"), "--format", fmt)
    assert result.exit_code == 1
    assert "certificate has expired" in result.stdout


def test_one_trace_may_come_from_standard_input(saved):
    result = run(saved("pkix-good"), "-", given=dump_trace(lab_trace("pkix-good")))
    assert result.exit_code == 0


def test_one_trace_alone_is_compared_with_the_walk_before_it(saved, tmp_path, monkeypatch):
    monkeypatch.setattr("mxwalk.saved.traces_directory", lambda: tmp_path / "traces")
    (tmp_path / "traces").mkdir()
    today = saved("pkix-expired", "today.mxtrace", "2026-11-22T06:00:00Z")
    assert "no earlier walk" in run(today).stderr
    for day, name in (("20", "pkix-self-signed"), ("21", "pkix-good"), ("23", "pkix-wrong-name")):
        trace = lab_trace(name)
        header = msgspec.structs.replace(
            trace.header, started_at=f"2026-11-{day}T06:00:00Z", scenario="pkix-expired"
        )
        path = tmp_path / "traces" / f"202611{day}T060000Z-pkix-expired.mxtrace"
        path.write_bytes(dump_trace(msgspec.structs.replace(trace, header=header)))
    result = run(today)
    assert result.exit_code == 1
    assert "20261121T060000Z" in result.stderr
    assert "certificate has expired" in result.stdout


def test_the_walk_before_is_known_by_its_target_and_not_by_the_name_of_its_file(
    saved, tmp_path, monkeypatch
):
    monkeypatch.setattr("mxwalk.saved.traces_directory", lambda: tmp_path / "traces")
    (tmp_path / "traces").mkdir()
    lab = lab_trace("pkix-good")
    for file, began, scenario in (
        ("yesterday", "2026-11-21T06:00:00Z", ""),
        ("20261122T050000Z-example.com", "2026-11-22T05:00:00Z", "pkix-good"),
    ):
        header = msgspec.structs.replace(lab.header, started_at=began, scenario=scenario)
        path = tmp_path / "traces" / f"{file}.mxtrace"
        path.write_bytes(dump_trace(msgspec.structs.replace(lab, header=header)))
    trace = lab_trace("pkix-expired")
    header = msgspec.structs.replace(trace.header, started_at="2026-11-22T06:00:00Z", scenario="")
    today = tmp_path / "today.mxtrace"
    today.write_bytes(dump_trace(msgspec.structs.replace(trace, header=header)))
    assert "yesterday.mxtrace" in run(today).stderr


def test_two_hosts_of_one_trace_are_compared(saved):
    trace = saved("starttls-stripped-on-one-mx")
    result = run(trace, "--host", "mx1.example.com", "mx2.example.com")
    assert result.exit_code == 1
    assert "STARTTLS" in result.stdout


def test_redaction_replaces_the_local_part(saved):
    result = run(saved("pkix-good"), saved("pkix-expired"), "--redact")
    assert "user@" not in result.stdout
    assert "redacted" in result.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "two traces"),
        (["-", "-"], "standard input"),
        (["a", "b", "--host", "x", "y"], "--host"),
        (["a", "--lab", "pkix-good", "pkix-good"], "--lab"),
        (["/nowhere/a.mxtrace", "/nowhere/b.mxtrace"], "a.mxtrace"),
        (["--lab", "spf-pass", "pkix-good"], "nothing to compare"),
        (["--lab", "pkix-good", "pkix-good", "--sender", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_used_is_exit_code_2(args, words):
    result = run(*args)
    assert result.exit_code == 2
    assert words in result.stderr


def test_two_scenarios_are_walked_and_compared():
    result = run("--lab", "starttls-454", "starttls-454")
    assert result.exit_code == 0
