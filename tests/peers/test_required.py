"""A skipped test is a failure where all peers are required, and a reason elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.citations import ROOT
from tests.peers import programs, required

MODULES = {
    "test_skipping": (
        "import pytest\n"
        "def test_in_itself():\n    pytest.skip('no server one')\n"
        "@pytest.mark.skip('no server two')\ndef test_by_a_mark(): pass\n"
        "@pytest.fixture\ndef server():\n    pytest.skip('no server three')\n"
        "def test_in_a_fixture(server): pass\n"
        "@pytest.mark.xfail(reason='no server four')\ndef test_expected_to_fail(): assert False\n"
    ),
    "test_skipped": "import pytest\npytest.skip('no server five', allow_module_level=True)\n",
    "test_passing": "def test_one(): assert True\n",
}


def run(where: Path, module: str, *options: str) -> subprocess.CompletedProcess[str]:
    (where / f"{module}.py").write_text(MODULES[module])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rsx", "-p", "no:cacheprovider", "-c", "/dev/null",
         "--rootdir", where, *options, where / f"{module}.py"],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=120,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
    )  # fmt: skip


def test_a_skip_is_a_failure_where_all_peers_are_required(tmp_path):
    done = run(tmp_path, "test_skipping", "-p", "tests.peers.required")
    assert done.returncode == 1, done.stdout
    assert done.stdout.splitlines()[-1].startswith("2 failed, 2 errors in ")
    for word in ("one", "two", "three", "four"):
        assert f"{required.SENTENCE}" in done.stdout
        assert f"no server {word}" in done.stdout


def test_a_module_that_skips_itself_is_an_error_where_all_peers_are_required(tmp_path):
    done = run(tmp_path, "test_skipped", "-p", "tests.peers.required")
    assert done.returncode not in (0, 5), done.stdout
    assert "no server five" in done.stdout


def test_a_skip_is_a_reason_elsewhere_and_a_passing_test_passes_everywhere(tmp_path):
    done = run(tmp_path, "test_skipping")
    assert done.returncode == 0
    assert "no server one" in done.stdout
    assert run(tmp_path, "test_passing", "-p", "tests.peers.required").returncode == 0


def test_everything_that_runs_before_a_change_is_taken_requires_all_peers():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    runs = [line for line in lines if "pytest" in line and "-m peers" in line]
    assert runs
    assert all("-p tests.peers.required" in line for line in runs)


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(programs.os, "geteuid", lambda: 0)
    with pytest.raises(pytest.skip.Exception, match="not installed: no-such-mail-server "):
        programs.needs("sh", "no-such-mail-server")
    programs.needs("sh")
    monkeypatch.setattr(programs.os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match="as root"):
        programs.needs("sh")
