"""The documentation is that of the program as it is: generated pages, links, commands, exit codes."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.evidence.step import Evidence, StepKind
from mxwalk.lab.scenario import scenario_names
from mxwalk.reports.exitcode import ExitCode
from mxwalk.reports.schema import report_schema
from screenshots.make import PICTURES
from tests.docs.command_pages import commands, examples, exit_codes
from tests.docs.make import DOCS, generated
from tests.docs.trace_page import evidence_types, tag

ROOT = DOCS.parent
WRITTEN = sorted(
    path
    for path in (*DOCS.glob("*.md"), *DOCS.glob("screens/*.md"))
    if path.name not in ("rfc-map.md", "keys.md")
)
QUOTED = re.compile(r"^```\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", generated())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == generated()[name](), "run: make docs"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_links_lead_to_files(path: Path) -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if target.startswith("../../screenshots/"):
            continue  # test_every_picture_shown_is_made
        assert (path.parent / target).resolve().exists(), target


def test_every_picture_shown_is_made() -> None:
    made = {picture.name for picture in PICTURES}
    for path in WRITTEN:
        shown = re.findall(r"screenshots/(?:ko/)?([\w-]+)\.svg", path.read_text("utf-8"))
        assert set(shown) <= made, path.name


def command_lines() -> list[str]:
    found: dict[str, None] = {}
    for path in WRITTEN:
        for block in QUOTED.findall(path.read_text("utf-8")):
            for line in block.splitlines():
                if line.startswith(("mxwalk ", "MXWALK_LANGUAGE=ko mxwalk ")) and "[" not in line:
                    found[line.removeprefix("MXWALK_LANGUAGE=ko ")] = None
    return list(found)


def parsed(line: str) -> tuple[click.Command, dict[str, object]]:
    """Parse a command line without running it; raises ``click.ClickException`` if it is none."""
    words = shlex.split(re.split(r" {3,}| [|>] ", line)[0])[1:]
    if "--language" in words:
        at = words.index("--language")
        del words[at : at + 2]
    named = bool(words) and words[0] in cli.commands
    command = cli.commands[words.pop(0) if named else "walk"]
    return command, command.make_context(command.name, [w for w in words if w != "--"]).params


@pytest.mark.parametrize("line", command_lines())
def test_every_command_shown_is_one(line: str) -> None:
    if re.search(r"[A-Z]{4,}", line.replace("DANE002", "").replace("EHLO003", "")):
        return  # a form with a place for something
    parsed(line)


def in_lab() -> list[str]:
    found = [
        line for line in command_lines() if "--lab " in line or re.search(r"mxwalk lab \w", line)
    ]
    return [line for line in found if "--save" not in line and "--output" not in line]


@pytest.mark.parametrize("line", in_lab())
def test_commands_shown_for_the_lab_run(line: str) -> None:
    words = shlex.split(re.split(r" {3,}", line)[0])[1:]
    found = CliRunner().invoke(cli, words)
    assert found.exit_code in (0, 1, 3, 4), found.output[-300:]
    assert found.output


def test_examples_in_help_are_commands() -> None:
    for _name, command in commands():
        for line in examples(command):
            start = line[line.index("mxwalk ") :]
            if "$(" in line or re.search(r"\.\.\.|\*", line):
                continue
            parsed(start)


def test_exit_codes_are_those_of_a_walk() -> None:
    documented = set(exit_codes(dict(commands())["check"]))
    assert documented == {int(code) for code in ExitCode if code is not ExitCode.INTERRUPTED}


@pytest.mark.parametrize(
    ("scenario", "sender", "code"),
    [("esa-hosted", "esa:5", 0), ("ehlo-1869", "esa:2", 1), ("ehlo-1869", "esa:5", 3)],
)
def test_a_walk_ends_with_the_code_documented(scenario: str, sender: str, code: int) -> None:
    found = CliRunner().invoke(cli, ["check", "--lab", scenario, "--sender", sender])
    assert found.exit_code == code


def test_every_command_that_can_fail_documents_its_exit_codes() -> None:
    plain = {"completion", "dkim-key", "explain", "open"}
    silent = {name for name, command in commands() if not exit_codes(command)}
    assert silent <= plain


def test_every_kind_of_evidence_and_of_step_is_on_the_page_of_the_trace_format() -> None:
    page = (DOCS / "trace-format.md").read_text("utf-8")
    union = set(getattr(Evidence, "__args__", ()))
    assert union == set(evidence_types())
    for kind in evidence_types():
        assert f"### {tag(kind)}\n" in page
        for field in msgspec.structs.fields(kind):
            assert f"| `{field.encode_name}` |" in page
    for step in StepKind:
        assert f"`{step.value}`" in page


def test_the_page_of_json_has_the_members_of_the_schema() -> None:
    page = (DOCS / "json-schema.md").read_text("utf-8")
    schema = json.loads(json.dumps(report_schema()))
    report = schema["$defs"]["Report"]["properties"]
    assert all(f"| `{member}` |" in page for member in report)


def test_scenarios_named_in_the_pages_exist() -> None:
    for line in command_lines():
        for name in re.findall(r"(?:mxwalk lab|--lab) ([a-z][\w-]+)", line):
            assert name in scenario_names(), line


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_mandoc_finds_nothing_wrong_with_the_manual_page() -> None:
    found = subprocess.run(
        ["mandoc", "-Tlint", "-Wwarning", str(DOCS / "mxwalk.1")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert [
        line for line in found.stdout.splitlines() if "WARNING" in line or "ERROR" in line
    ] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_sets_the_manual_page_without_a_warning() -> None:
    found = subprocess.run(
        ["groff", "-mandoc", "-ww", "-Tascii", "-z", str(DOCS / "mxwalk.1")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_the_manual_page_names_every_command_and_option() -> None:
    page = (DOCS / "mxwalk.1").read_text("utf-8")
    for name, command in commands():
        assert name == "walk" or f".Ss {name}" in page
        for param in command.params:
            if isinstance(param, click.Option) and not param.hidden:
                assert f"Fl {param.opts[0][1:]}" in page, (name, param.opts)
