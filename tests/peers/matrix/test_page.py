"""A cell of the page counts who agrees, and names the reasons of those who do not."""

import pytest

from tests.peers.matrix import page as pages
from tests.peers.matrix.opinions import Explanation, Opinion
from tests.peers.matrix.section import Section

WHY = Explanation("Hosts", ("expired",), ("Postfix",), ("swaks",), "trusted", "It looks away.")


def opinion(tool: str, said: str, peer: str = "Postfix") -> Opinion:
    return Opinion("Hosts", "expired", peer, tool, said, "expired")


def written(*opinions: Opinion) -> str:
    section = Section(
        "Hosts", "Who says what.", ("Situation", "what it is"), {"expired": "out of date"},
        ("Postfix", "Exim"), opinions,
    )  # fmt: skip
    return pages.page([section])


@pytest.fixture(autouse=True)
def reasons(monkeypatch):
    monkeypatch.setattr(pages, "EXPLANATIONS", (WHY,))


def test_who_agrees_is_counted_and_a_difference_has_the_number_of_its_reason():
    text = written(
        opinion("mxwalk", "expired"), opinion("swaks", "trusted"),
        opinion("mxwalk", "expired", "Exim"), opinion("swaks", "expired", "Exim"),
    )  # fmt: skip
    assert "| expired | out of date | 1 of 2 (1) | all 2 |" in text
    assert "1. swaks on expired at Postfix: `trusted`.  It looks away." in text
    assert "| Hosts | 1 | 2 | 4 | 3 | 1 |" in text


def test_a_difference_without_a_reason_is_shown_as_such():
    text = written(opinion("mxwalk", "fine"), opinion("swaks", "expired"))
    assert "| expired | out of date | 1 of 2 (not explained) |  |" in text


def test_versions_are_no_part_of_the_comparison():
    text = written(opinion("mxwalk", "expired"))
    assert pages.without_versions(f"{text}{pages.VERSIONS}\n\n- Postfix 3.7.11\n") == (
        pages.without_versions(f"{text}{pages.VERSIONS}\n\n- Postfix 3.10.1\n")
    )
    assert "Who says what." in pages.without_versions(text)
