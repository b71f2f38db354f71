"""What is written to standard output when the locale or the system is against it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mxwalk.evidence.journal import read_trace

FULL = Path("/dev/full")


def mxwalk(*words, stdout=subprocess.PIPE, **environment):
    return subprocess.run(
        [sys.executable, "-m", "mxwalk.cli", *words],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        timeout=50,
        check=False,
    )


@pytest.fixture(scope="module")
def idn(tmp_path_factory):
    path = tmp_path_factory.mktemp("idn") / "idn.mxtrace"
    assert mxwalk("check", "--lab", "idn", "--save", str(path)).returncode == 0
    return str(path)


def test_documents_for_programs_are_utf_8_in_every_locale(idn, tmp_path):
    def printed(fmt):
        return mxwalk("report", idn, "--format", fmt, LC_ALL="C", PYTHONIOENCODING="ascii").stdout

    assert "b\u00fccher" in json.loads(printed("json").decode())["summary"]
    assert "b\u00fccher" in printed("html").decode()
    again = tmp_path / "again.mxtrace"
    again.write_bytes(printed("trace"))
    assert read_trace(again).header.target.text == "post@b\u00fccher.example"
    assert b"b\\xfccher" in printed("text")  # for people: what the terminal can show


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("fmt", ["text", "json"])
def test_a_full_disk_behind_standard_output_is_one_sentence(idn, fmt):
    with FULL.open("wb") as full:
        result = mxwalk("report", idn, "--format", fmt, stdout=full)
    assert (result.returncode, result.stderr.count(b"\n")) == (2, 1)
    assert b"No space left" in result.stderr


def test_report_and_trace_need_two_files(tmp_path):
    path = str(tmp_path / "both")
    result = mxwalk("check", "--lab", "esa-san", "--output", path, "--save", path, "--force")
    assert result.returncode == 2
    assert b"the same file" in result.stderr
    assert not (tmp_path / "both").exists()


def test_a_device_or_a_pipe_is_written_to_without_force(idn, tmp_path):
    report = ("report", idn, "--format", "json")
    piped = mxwalk(*report, "--output", "/dev/stdout")
    assert piped.returncode in (0, 1, 3), piped.stderr
    assert json.loads(piped.stdout)["schema"] == "mxwalk-report-1"
    assert mxwalk(*report, "--output", "/dev/null").stderr == b""
    with (tmp_path / "redirected").open("wb") as file:
        file.write(b"before\n")
        file.flush()
        mxwalk(*report, "--output", "/dev/stdout", stdout=file)
    first, document = (tmp_path / "redirected").read_bytes().split(b"\n", 1)
    assert (first, json.loads(document)) == (b"before", json.loads(piped.stdout))

    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE) as reader:
        assert mxwalk(*report, "--output", str(fifo)).stderr == b""
        assert reader.communicate(timeout=50)[0] == piped.stdout


def test_a_pipe_that_nobody_reads_is_refused_in_a_sentence(idn, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    result = mxwalk("report", idn, "--output", str(fifo))
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.endswith(b"fifo: nobody reads from this pipe\n")


def test_a_trace_is_never_saved_over_a_device():
    result = mxwalk("check", "--lab", "esa-san", "--save", "/dev/null", "--force")
    assert result.returncode == 2
    assert b"a file of its own" in result.stderr
    assert Path("/dev/null").is_char_device()


def test_a_trace_written_as_a_report_is_for_its_owner_alone(idn, tmp_path):
    path = tmp_path / "again.mxtrace"
    words = ("report", idn, "--format", "trace", "--output", str(path))
    mxwalk(*words)
    assert path.stat().st_mode & 0o777 == 0o600
    assert mxwalk(*words).returncode == 2
    path.chmod(0o644)
    mxwalk(*words, "--force")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_trace(path) == read_trace(Path(idn))
