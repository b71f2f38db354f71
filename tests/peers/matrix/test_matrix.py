"""The committed page is that of the servers here, and every difference in it has its reason."""

import pytest

from tests.peers.matrix.__main__ import PAGE
from tests.peers.matrix.explanations import EXPLANATIONS
from tests.peers.matrix.opinions import Explanation, Opinion, unexplained, unneeded
from tests.peers.matrix.page import page, without_versions
from tests.peers.matrix.section import Section
from tests.peers.matrix.survey import PROGRAMS, everything
from tests.peers.programs import needs

ONE = Opinion("Hosts", "expired", "Postfix", "swaks", "trusted", "expired")
WHY = Explanation("Hosts", ("expired",), ("Postfix",), ("swaks",), "trusted", "It looks away.")


@pytest.fixture(scope="module")
def sections() -> tuple[Section, ...]:
    needs(*PROGRAMS)
    return everything()


@pytest.fixture(scope="module")
def opinions(sections) -> list[Opinion]:
    return [opinion for section in sections for opinion in section.opinions]


@pytest.mark.peers
def test_every_opinion_that_differs_has_its_reason(opinions):
    assert [str(one) for one in unexplained(opinions, EXPLANATIONS)] == []


@pytest.mark.peers
def test_every_reason_is_needed_wherever_it_says(opinions):
    assert unneeded(opinions, EXPLANATIONS) == []


@pytest.mark.peers
def test_the_committed_page_is_what_the_run_gives(sections):
    text = page(sections)
    print(text)
    assert without_versions(PAGE.read_text("utf-8")) == without_versions(text)


@pytest.mark.peers
def test_every_peer_was_asked_about_in_every_situation_by_more_than_one(sections):
    for section in sections:
        for row in section.rows:
            for peer in section.peers:
                here = {one.tool for one in section.opinions if (one.row, one.peer) == (row, peer)}
                assert len(here) >= 2, (section.title, row, peer)


def test_a_difference_without_a_reason_is_found_and_one_with_a_reason_is_not():
    assert unexplained([ONE], ()) == [ONE]
    assert unexplained([ONE], (WHY,)) == []
    elsewhere = Opinion("Hosts", "expired", "Exim", "swaks", "trusted", "expired")
    otherwise = Opinion("Hosts", "expired", "Postfix", "swaks", "no TLS", "expired")
    assert unexplained([elsewhere, otherwise], (WHY,)) == [elsewhere, otherwise]


def test_a_reason_is_not_needed_where_nothing_differs_or_something_else_is_said():
    agreeing = Opinion("Hosts", "expired", "Postfix", "swaks", "expired", "expired")
    otherwise = Opinion("Hosts", "expired", "Postfix", "swaks", "no TLS", "expired")
    wider = Explanation("Hosts", ("expired",), ("Postfix", "Exim"), ("swaks",), "trusted", "Why.")
    assert unneeded([ONE], (WHY,)) == []
    assert unneeded([agreeing], (WHY,)) == [
        "Hosts: expired: Postfix: swaks no longer says 'trusted'"
    ]
    assert unneeded([otherwise], (WHY,)) != []
    assert unneeded([ONE], (wider,)) == ["Hosts: expired: Exim: swaks no longer says 'trusted'"]
    assert unneeded([], (WHY,)) == []  # nothing was looked at


def test_the_committed_page_names_every_reason():
    text = PAGE.read_text("utf-8")
    assert all(one.why in text for one in EXPLANATIONS)
    assert "not explained" not in text
