"""Pages in a real browser; ``.ci/run`` requires it, elsewhere it is skipped where there is none."""

from pathlib import Path

import pytest

from mxwalk.reports.render import render
from tests.hostile import BUNDLES
from tests.hostility import browser
from tests.hostility.table import Case, faults
from tests.widgets.samples import sample_trace

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(not browser.CHROMIUM, reason="Chromium is not installed"),
]


@pytest.mark.parametrize("text", ["pages", "markup"])
@pytest.mark.parametrize(
    "door", ["EHLO", "certificates", "published", "message", "trace of a delivery"]
)
def test_a_page_asks_nobody_runs_nothing_and_says_what_was_said(door: str, text: str) -> None:
    case = Case("browser", door, text)
    assert list(faults(case)) == [], f"python -m tests.hostility --replay {str(case)!r}"


def test_a_page_that_would_act_is_found(tmp_path: Path) -> None:
    page = render(sample_trace(BUNDLES["pages"]), "html", sender="esa:5")
    image = '<img src="http://hostile.example/i"><script>document.title = "run"</script>'
    wrong = list(browser.faults(page.replace("</main>", f"{image}</main>"), tmp_path))
    assert any("GET /i" in one for one in wrong)
    assert any("img" in one for one in wrong)
