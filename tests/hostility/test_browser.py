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


@pytest.mark.parametrize(
    ("asked", "page", "counts"),
    [
        (b"GET /time HTTP/1.1\r\nHost: clients2.google.com\r\n\r\n", "", False),
        (
            b"GET /t HTTP/1.1\r\nHost: clients2.google.com\r\n\r\n",
            "//clients2.&#103;oogle.com/t",
            True,
        ),
        (b"GET /t HTTP/1.1\r\nHost: www.google.com\r\n\r\n", "", True),
        (b"GET /google HTTP/1.1\r\nHost: h.example\r\n\r\n", "", True),
        (b"GET /?clients2.google.com HTTP/1.1\r\nHost: h.example\r\n\r\n", "", True),
        (b"GET / HTTP/1.1\r\nHost: clients2.google.com.h.example\r\n\r\n", "", True),
        (b"\x16\x03\x01\0\0\x15update.googleapis.com\0", "", False),
        (b"\x16\x03\x01\0\0\x15update.googleapis.com\0", "UPDATE.googleapis.com", True),
        (b"\x16\x03\x01\0\0\x0ewww.google.com\0", "", True),
        (b"\x16\x03\x01 update.googleapis.com", "", True),
        (b"", "", False),
    ],
)
def test_what_chromium_asks_for_itself_is_told_from_what_a_page_asks(
    asked: bytes, page: str, counts: bool
) -> None:
    assert browser.of_the_page(asked, page) is counts


def test_a_page_that_asks_hosts_of_chromiums_own_is_found(tmp_path: Path) -> None:
    page = render(sample_trace(BUNDLES["pages"]), "html", sender="esa:5")
    images = '<img src="http://www.google.com/a"><img src="http://clients2.google.com/b">'
    wrong = list(browser.faults(page.replace("</main>", f"{images}</main>"), tmp_path))
    assert any("GET /a" in one for one in wrong)
    assert any("GET /b" in one for one in wrong)


def test_a_page_that_would_act_is_found(tmp_path: Path) -> None:
    page = render(sample_trace(BUNDLES["pages"]), "html", sender="esa:5")
    image = '<img src="http://hostile.example/i"><script>document.title = "run"</script>'
    wrong = list(browser.faults(page.replace("</main>", f"{image}</main>"), tmp_path))
    assert any("GET /i" in one for one in wrong)
    assert any("img" in one for one in wrong)
