"""What is cited exists, and the map of it is up to date."""

import re

from tests.docs.citations import ROOT, citations, in_text, known
from tests.docs.make import generated
from tests.docs.rfc_map import page


def test_every_rfc_cited_is_in_the_list() -> None:
    missing = {one.rfc: one.file for one in citations() if one.rfc not in known()}
    assert missing == {}, "add title and sections to tests/docs/rfc_sections.toml"


def test_every_section_cited_exists_in_its_rfc() -> None:
    wrong = [
        f"RFC {one.rfc} {one.section} in {one.file}"
        for one in citations()
        if one.section and one.section not in known()[one.rfc].sections
    ]
    assert wrong == []


def test_an_rfc_is_in_the_list_only_while_it_is_cited() -> None:
    assert sorted(known()) == sorted({one.rfc for one in citations()})


def test_sections_of_the_list_have_the_section_above_them() -> None:
    for number, rfc in known().items():
        above = {section.rpartition(".")[0] for section in rfc.sections if "." in section}
        assert above <= rfc.sections, number


def test_a_citation_is_read_over_lines_and_with_more_sections_behind_it() -> None:
    text = """
    # as RFC 5321 4.1.1.1,
    # 4.2.1 and section 4.5.3.1.5 say; (RFC 9989, appendix A.4); RFC 7672
    # 2.2.1; RFC 8461.  RFC 5280 has 3 kinds; RFC9989 4.10.
    """
    assert list(in_text(text)) == [
        (5321, "4.1.1.1"),
        (5321, "4.2.1"),
        (5321, "4.5.3.1.5"),
        (9989, "A.4"),
        (7672, "2.2.1"),
        (8461, ""),
        (5280, ""),
        (9989, "4.10"),
    ]


def test_a_number_behind_a_comma_is_no_section() -> None:
    assert list(
        in_text("RFC 5321 4.5.3.2, 10 minutes; RFC 3339 2026-01-01; RFC 5246, 12 bytes")
    ) == [
        (5321, "4.5.3.2"),
        (3339, ""),
        (5246, "12"),
    ]


def test_the_map_names_modules_and_findings_that_exist() -> None:
    for name in re.findall(r"\]\(([a-z]+/[^)]+)\)", page()):
        assert (ROOT / "docs" / name).is_file(), name


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "rfc-map.md").read_text("utf-8") == generated()["rfc-map.md"](), (
        "run: make docs"
    )
