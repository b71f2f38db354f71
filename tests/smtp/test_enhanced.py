"""Enhanced status codes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.smtp.enhanced import CLASSES, DETAILS, SUBJECTS, explain_enhanced


def test_registry_is_whole() -> None:
    counts = dict.fromkeys(SUBJECTS, 0)
    for code in DETAILS:
        counts[code.partition(".")[0]] += 1
    assert counts == {"0": 1, "1": 11, "2": 5, "3": 7, "4": 8, "5": 7, "6": 11, "7": 31}
    assert set(CLASSES) == {"2", "4", "5"}


def test_every_detail_is_one_sentence_with_a_reference() -> None:
    for code, (title, reference) in DETAILS.items():
        assert re.fullmatch(r"[A-Z][^\n]{15,80}\.", title), code
        assert re.fullmatch(r"RFC [0-9]{4}|IANA registry", reference)


def test_known_code_is_explained() -> None:
    explained = explain_enhanced("5.7.1")
    assert explained is not None
    assert explained.registered
    assert explained.title == "The sender is not authorized, or local policy refuses the message."
    assert explained.outcome == "a permanent failure: trying again unchanged will fail again"
    assert (explained.subject, explained.reference) == ("security or policy", "RFC 3463")


def test_requiretls_code_cites_its_own_rfc() -> None:
    explained = explain_enhanced("5.7.30")
    assert explained is not None
    assert explained.reference == "RFC 8689"


def test_code_of_a_server_s_own_is_marked_and_framed() -> None:
    explained = explain_enhanced("5.7.323")
    assert explained is not None
    assert not explained.registered
    assert explained.title == "The server's own code, not registered; about security or policy."
    nowhere = explain_enhanced("4.999.0")
    assert nowhere is not None
    assert nowhere.subject == "an unknown subject"


@pytest.mark.parametrize(
    "code", ["", "5.7", "3.7.1", "5.7.1000", "5.7.1 ", "5.7.\u0661", "5-7-1", "x"]
)
def test_other_forms_are_no_code(code: str) -> None:
    assert explain_enhanced(code) is None


@given(st.text(max_size=12))
def test_any_text_is_answered(code: str) -> None:
    explained = explain_enhanced(code)
    assert explained is None or explained.code == code
