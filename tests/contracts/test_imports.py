"""What is loaded when: help without heavy libraries, the engine without a terminal UI."""

import pkgutil
import subprocess
import sys

import mxwalk

HEAVY = ("textual", "rich", "OpenSSL", "cryptography", "dns", "jinja2")


def loaded(code: str) -> set[str]:
    """Run code in a fresh interpreter and return the top-level packages it loaded."""
    report = "import sys; sys.stderr.write(' '.join({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stderr.split())


def test_help_loads_no_heavy_library():
    code = "from mxwalk.cli import cli\nfor words in (['--help'], ['check', '--help'], ['--version']):\n    cli(words, standalone_mode=False)"
    assert not loaded(code) & set(HEAVY)


def test_no_module_of_the_engine_loads_the_interface():
    names = [
        module.name
        for module in pkgutil.walk_packages(mxwalk.__path__, "mxwalk.")
        if not module.name.endswith("__main__")
    ]
    assert "mxwalk.walk.walker" in names
    code = "import importlib\nfor name in " + repr(names) + ":\n    importlib.import_module(name)"
    assert not loaded(code) & {"textual", "rich", "tui", "widgets", "smtplib"}


def test_a_walk_to_a_real_target_loads_no_lab():
    code = """
from mxwalk.cli import cli
words = ["check", "[127.0.0.1]:1", "--timeout", "1", "--ca-file", "certifi", "--output", "/dev/null"]
cli(words, standalone_mode=False)
import sys
assert "mxwalk.session" in sys.modules
assert not [name for name in sys.modules if name.startswith("mxwalk.lab")]
"""
    loaded(code)


def test_the_screen_of_a_delivery_loads_nothing_of_mail_authentication():
    code = """
import tui.app, tui.screens.walk, mxwalk.session
import sys
ours = ("mxwalk.mailauth.", "mxwalk.dmarcrpt", "mxwalk.receivers.esa", "dkim", "defusedxml")
assert not [name for name in sys.modules if name.startswith(ours)]
"""
    loaded(code)
