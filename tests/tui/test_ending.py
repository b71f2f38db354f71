"""Signals that ask the interface to end, in moments that no test of a terminal meets by itself."""

import signal
import subprocess
import sys

import pytest

_AFTER_THE_LOOP = """
import asyncio, os, signal
from functools import partial
from tui.terminal import Ending
ending, loop = Ending(), asyncio.new_event_loop()
ending.begin(partial(loop.call_soon_threadsafe, print))
loop.close()
os.kill(os.getpid(), signal.SIGTERM)
print("left in order", flush=True)
ending.finish()
print("and did not end", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals of this kind")
def test_a_signal_between_the_end_of_the_loop_and_that_of_the_program_takes_effect() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _AFTER_THE_LOOP],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (-signal.SIGTERM, "left in order\n", "")
