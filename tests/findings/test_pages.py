"""The pages of the documentation are those of the catalogue as it is."""

from __future__ import annotations

import re
from pathlib import Path

from mxwalk.findings.pages import pages, write
from mxwalk.language import speaking

DOCS = Path(__file__).resolve().parents[2] / "docs"


def on_disk() -> dict[str, str]:
    return {
        path.relative_to(DOCS).as_posix(): path.read_text("utf-8")
        for part in ("findings", "recipes")
        for path in (DOCS / part).glob("*.md")
    }


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    assert on_disk() == dict(pages()), "run: python -m mxwalk.findings.pages docs"


def test_links_between_pages_lead_to_pages() -> None:
    written = pages()
    for name, text in written.items():
        for target in re.findall(
            r"\]\(((?!https:)[^)]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        ):
            where = (DOCS / name).parent / target
            assert Path(where).resolve().relative_to(DOCS).as_posix() in written, (name, target)


def test_the_pages_are_english_whatever_language_is_spoken() -> None:
    before = pages()["findings/CERT006.md"]
    with speaking("ko"):
        assert pages()["findings/CERT006.md"] == before


def test_writing_removes_pages_of_codes_that_are_no_more(tmp_path: Path) -> None:
    stale = tmp_path / "findings" / "OLD001.md"
    stale.parent.mkdir()
    stale.write_text("x")
    write(tmp_path)
    assert not stale.exists()
    assert (tmp_path / "findings" / "CERT006.md").is_file()
