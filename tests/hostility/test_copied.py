"""What a key copies, tells or offers as a name is visible before the application makes it so."""

import pytest

from mxwalk.dmarcrpt.names import SourceName
from tests.hostile import BUNDLES
from tests.hostility.seen import unseen
from tui.screens.dmarc_reports import _told
from tui.screens.file_dialog import file_name
from widgets.plain import line
from widgets.row import Row
from widgets.rows import Rows

_TEXTS = [raw.decode("utf-8", "replace") for raw in BUNDLES.values()]


@pytest.mark.parametrize("text", _TEXTS, ids=BUNDLES)
def test_a_row_gives_visible_text_to_copy_in_its_lines(text: str) -> None:
    rows = Rows()
    rows.rows = (Row(key="one", lines=(line("shown"),), copy=f"{text}\nsecond"),)
    rows._cursor = "one"
    copied, _ = rows.copy_value()
    assert copied.endswith("\nsecond")
    assert list(unseen(copied)) == []


@pytest.mark.parametrize("text", _TEXTS, ids=BUNDLES)
def test_what_is_told_of_a_source_is_visible(text: str) -> None:
    for name in (None, SourceName(ip=text, problem="no name"), SourceName(ip=text, name=text)):
        assert list(unseen(_told(text, name))) == []


@pytest.mark.parametrize("text", _TEXTS, ids=BUNDLES)
def test_a_file_named_after_what_came_from_outside_has_a_visible_name(text: str) -> None:
    named = file_name(text)
    assert list(unseen(named)) == []
    assert "/" not in named
