"""Printed text is fitted to the terminal by words, and is ASCII where the locale is C."""

import os
import subprocess
import sys

import pytest

from mxwalk.commands.columns import fitted
from mxwalk.commands.streams import print_lines
from mxwalk.wrapping import cells

BOUNCE = "Remote Server returned '550 5.7.323 tlsa-invalid: The domain failed DANE validation'\n"


def mxwalk(*words: str, given: str = "", **env: str) -> str:
    spoken = ("LC_ALL", "LC_CTYPE", "LANG", "MXWALK_LANGUAGE", "PYTHONIOENCODING", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if name not in spoken}
    return subprocess.run(
        [sys.executable, "-m", "mxwalk", *words],
        input=given.encode(), capture_output=True, check=False, timeout=60, env=kept | env,
    ).stdout.decode()  # fmt: skip


def test_words_hang_below_their_column_and_none_is_broken_or_lost() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve thirteen"
    lines = fitted("! head  ", words, 8, 40)
    assert all(cells(line) <= 40 for line in lines)
    assert " ".join(" ".join(lines).split()) == f"! head {words}"
    assert fitted("! head  ", "", 8, 40) == ["! head"]


@pytest.mark.parametrize("width", [60, 80])
def test_clue_and_lab_fit_the_terminal(width: int) -> None:
    for out in (
        mxwalk("clue", "-", given=BOUNCE, COLUMNS=str(width), LC_ALL="C.UTF-8"),
        mxwalk("lab", COLUMNS=str(width), LC_ALL="C.UTF-8"),
    ):
        assert out
        lines = [line for line in out.splitlines() if "mxwalk " not in line]
        assert max(map(cells, lines)) <= width


def test_the_c_locale_prints_ascii() -> None:
    assert mxwalk("clue", "-", given=BOUNCE, LC_ALL="C").isascii()
    assert mxwalk("clue", "-", given=BOUNCE, LANG="C").isascii()
    assert "“" in mxwalk("clue", "-", given=BOUNCE, LC_ALL="C.UTF-8")


def test_symbols_are_plain_in_the_c_locale(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MXWALK_LANGUAGE", raising=False)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    print_lines(["✗ a", "• b"])
    assert capsys.readouterr().out == "x a\n* b\n"
