"""The command line as people and scripts use it, on the embedded lab."""

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.evidence.journal import read_trace
from mxwalk.lab.scenario import scenario_names
from mxwalk.session import own_host_name, traces_directory


def run(*words: str, **kwargs):
    return CliRunner().invoke(cli, list(words), prog_name="mxwalk", **kwargs)


@pytest.fixture
def trace_file(tmp_path):
    path = tmp_path / "walk.mxtrace"
    words = ["check", "--lab", "esa-hosted", "--sender", "esa:6", "--save", str(path)]
    assert run(*words).exit_code == 3
    return path


@pytest.mark.parametrize(
    "words", [(), ("check",), ("lab",), ("open",), ("report",), ("explain",), ("completion",)]
)
def test_every_command_has_help_with_examples(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert result.output.count("mxwalk") >= 2


def test_the_help_lists_the_walks_options_and_no_hidden_command():
    output = run("--help").output
    assert "--route HOST[:PORT][,PRIORITY]" in output
    assert "\n  mxwalk user@example.com      walk the delivery" in output  # not wrapped
    assert "\n  walk " not in output
    assert run("--version").output.startswith("mxwalk, version ")


def test_a_walk_prints_lines_and_exits_with_the_verdict():
    result = run("check", "--lab", "esa-hosted", "--sender", "esa:6")
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert any("EHLO" in line and "ms" in line for line in lines)
    assert "> ESA 6 Required - Verify Hosted Domains" in result.stdout
    assert lines.index("VERDICT") < lines.index("SENDERS")


@pytest.mark.parametrize(
    ("scenario", "sender", "code"),
    [("esa-san", "esa:5", 0), ("ehlo-1869", "esa:5", 3), ("greet-421", "esa:5", 4)],
)
def test_exit_codes(scenario, sender, code):
    result = run("check", "--lab", scenario, "--sender", sender, "--format", "json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["exit_code"]) == (code, code)


def test_without_a_terminal_the_lab_and_the_default_command_print_text():
    for words in (("lab", "esa-san"), ("lab", "esa-san", "--format", "text")):
        result = run(*words)
        assert result.exit_code == 0
        assert "VERDICT" in result.stdout


def test_a_trace_is_reported_on_in_every_format(trace_file, tmp_path):
    for fmt, start in (
        ("text", "user@"),
        ("json", "{"),
        ("markdown", "# Mail"),
        ("html", "<!DOCTYPE"),
        ("trace", "{"),
    ):
        result = run("report", str(trace_file), "--format", fmt)
        assert result.exit_code == 3
        assert result.stdout.startswith(start)
        target = tmp_path / f"report.{fmt}"
        assert run("report", str(trace_file), "--format", fmt, "--output", str(target)).stdout == ""
        assert target.read_text("utf-8") == result.stdout
    assert read_trace(tmp_path / "report.trace") == read_trace(trace_file)


def test_a_trace_is_opened_from_standard_input(trace_file):
    result = run("open", "-", input=trace_file.read_bytes())
    assert result.exit_code == 3
    assert "VERDICT" in result.stdout
    assert run("open", str(trace_file), "--sender", "esa:5").exit_code in (0, 1)


def test_a_damaged_trace_opens_with_a_warning(trace_file):
    trace_file.write_bytes(trace_file.read_bytes()[:-40])
    result = run("report", str(trace_file))
    assert "is cut off" in result.stderr
    assert "The trace is damaged" in result.stdout
    assert "the trace breaks off after step" in " ".join(result.stdout.split())


def test_a_damaged_trace_of_a_delivery_without_fault_does_not_end_with_zero(tmp_path):
    saved = tmp_path / "walk.mxtrace"
    assert run("check", "--lab", "pkix-good", "--save", str(saved)).exit_code == 0
    assert run("report", str(saved)).exit_code == 0
    saved.write_bytes(saved.read_bytes() * 2)
    assert run("report", str(saved)).exit_code == 1


def test_a_trust_anchor_is_where_validation_begins_and_stays_in_the_trace(tmp_path):
    anchors, saved = tmp_path / "anchors", tmp_path / "walk.mxtrace"
    digest = "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"
    anchors.write_text(f". IN DS 20326 8 2 {digest}\n")  # not the lab's root
    words = ("check", "--lab", "dane-good", "--trust-anchor", str(anchors), "--save", str(saved))
    for result in (run(*words), run("report", str(saved))):
        assert "DNSSEC022" in result.stdout
        assert "DS key tags 20326" in result.stdout
        assert "DNSSEC023" not in result.stdout  # no doubt on the resolver
    anchors.write_text("nothing of use\n")
    assert run(*words[:-2]).exit_code == 2
    assert "DNSSEC040" in run("check", "--lab", "dane-good").stdout


def test_files_are_never_overwritten_without_force(tmp_path):
    path = tmp_path / "out.html"
    path.write_text("precious")
    words = ["check", "--lab", "esa-san", "--format", "html", "--output", str(path)]
    result = run(*words)
    assert result.exit_code == 2
    assert "exists already" in result.stderr
    assert path.read_text() == "precious"
    assert run(*words, "--force").exit_code == 0
    assert path.read_text().startswith("<!DOCTYPE")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("check",), "give either a TARGET or --lab NAME"),
        (("check", "example.com", "--lab", "esa-san"), "give either a TARGET or --lab NAME"),
        ((), "no target"),
        (("a..b",), "empty label"),
        (("check", "\udcff@example.com"), r"the target \xff@example.com: not UTF-8"),
        (("check", "user@"), "the name is empty"),
        (("check", "--lab", "esa-hostd"), "did you mean esa-hosted"),
        (("check", "--lab", "esa-san", "--resolver", "192.0.2.1"), "answers DNS itself"),
        (("check", "x.example", "--sender", "postfix:best"), "known are esa:1"),
        (("check", "x.example", "--sender", "esa:7"), "known are esa:1"),
        (("check", "x.example", "--sender", "postfix:secure:nexthops"), "neither a strategy nor"),
        (("check", "x.example", "--sender", "postfix:fingerprint:ab"), "64 hexadecimal digits"),
        (("check", "x.example", "--port", "99999"), "from 1 to 65535"),
        (("check", "x.example", "--format", "pdf"), "'pdf' is not one of"),
        (("check", "x.example", "--output", "/nowhere/x"), "no such directory"),
        (("--nonsense",), "No such option"),
        (("explain", "NOPE001"), "there is no finding"),
        (("report", "/nowhere.mxtrace"), "cannot read the trace"),
        (("lab", "nope"), "there is no scenario"),
    ],
)
def test_usage_errors_are_one_sentence_and_exit_2(words, sentence):
    result = run(*words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_a_target_called_like_a_command_stands_behind_two_hyphens():
    # As a command's name "explain" would take one more word; as a target it does not.
    result = run("--", "explain", "EHLO001")
    assert result.exit_code == 2
    assert "unexpected extra argument (EHLO001)" in result.stderr
    assert "Usage: mxwalk [OPTIONS] [TARGET]" in result.stderr


def test_redaction_and_ascii(tmp_path):
    result = run("check", "--lab", "esa-san", "--redact", "--ascii")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    assert "probe.example.net" not in result.stdout
    assert "redacted" in result.stdout


def test_what_is_saved_beside_a_redacted_report_is_redacted_too(tmp_path):
    path = tmp_path / "out.mxtrace"
    assert run("check", "--lab", "esa-san", "--redact", "--save", str(path)).exit_code == 0
    trace = read_trace(path)
    assert trace.header.redacted
    assert len(trace.steps) > 6
    assert not re.search(rb"probe\.example\.net|user@", path.read_bytes())


def test_the_scenarios_are_listed_by_group():
    result = run("lab")
    assert result.exit_code == 0
    for name in scenario_names():
        assert name in result.stdout


def test_explain_lists_and_explains():
    assert "EHLO" in run("explain").stdout
    code = next(
        line.split()[0] for line in run("explain").stdout.splitlines() if line.startswith("EHLO")
    )
    result = run("explain", code.lower())
    assert result.exit_code == 0
    assert result.stdout.startswith(code)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_scripts_are_printed(shell):
    assert "_MXWALK_COMPLETE" in run("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mxwalk ch", "check"),
        ("mxwalk --send", "--sender"),
        ("mxwalk check --sender esa:", "ESA 6 Required"),
        ("mxwalk lab esa-h", "esa-hosted"),
        ("mxwalk explain ehlo", "EHLO"),
    ],
)
def test_completion_finds_commands_and_values(words, found):
    env = {
        "_MXWALK_COMPLETE": "zsh_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    assert (
        found
        in CliRunner()
        .invoke(cli, [], prog_name="mxwalk", env=env, complete_var="_MXWALK_COMPLETE")
        .output
    )


def test_a_walk_to_a_real_address_needs_no_lab(tmp_path):
    with socket.socket() as bound:  # bound and not listening: the connection is refused
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        result = run(
            f"[127.0.0.1]:{port}", "--resolver", f"127.0.0.1:{port}", "--timeout", "1",
            "--helo", "probe.example.net", "--format", "json",
        )  # fmt: skip
    document = json.loads(result.stdout)
    assert result.exit_code == 3
    address = document["hosts"][0]["addresses"][0]
    assert address["connections"][0]["ending"]["kind"] == "refused"
    assert f"mxwalk check '[127.0.0.1]:{port}' --sender esa:5" in document["commands"][0]["command"]


def test_a_closed_pipe_ends_the_walk_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "mxwalk", "check", "--lab", "esa-san"],
        stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_leaves_a_valid_trace(tmp_path):
    path = tmp_path / "walk.mxtrace"
    # whoever runs the tests in the background may have the signal ignored
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code += "; from mxwalk.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "check", "--lab", "silent", "--timeout", "60", "--save", str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if " connect " in line:
            process.send_signal(signal.SIGINT)
            break
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "mxwalk: interrupted\n"
    trace = read_trace(path)
    assert not trace.damage
    assert len(trace.steps) >= 3


def test_a_name_of_this_machine_is_fully_qualified_or_not_used(monkeypatch):
    for name, used in (
        ("probe", ""), ("probe.example.net", "probe.example.net"), ("mac.local", ""), ("bad name", ""),
    ):  # fmt: skip
        monkeypatch.setattr("socket.gethostname", lambda name=name: name)
        assert own_host_name() == used
    assert traces_directory().name == "traces"


def test_explain_finds_codes_by_words_by_area_and_several_at_once():
    found = run("explain", "TLSA", "expired")
    assert found.exit_code == 0
    assert found.stdout.splitlines()[0].startswith("DANE004")
    areas = {
        line.split()[0].rstrip("0123456789") for line in run("explain", "ARC").stdout.splitlines()
    }
    assert areas == {"ARC"}
    both = run("explain", "ehlo003", "CERT006").stdout
    assert both.startswith("EHLO003")
    assert "\n\n\nCERT006" in both
    assert "\nBy product\n" in both
    assert "\nSources\n" in both


def test_explain_of_words_that_stand_nowhere_is_refused():
    result = run("explain", "zzzz\x1b[31m")
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert "the areas are" in result.stderr
