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
