"""Pieces of two texts: what differs, cut where a reader sees a cut."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mxwalk.compare.spans import changed_spans
from mxwalk.text import visible

_TEXTS = st.text(alphabet="ab \u0301\u0489\u093ee-", max_size=12).map(visible)


def test_a_letter_keeps_its_marks_where_the_other_side_has_the_letter_alone():
    before, after = changed_spans("2.0.0 ready", "2.0.0 ready\u0301 soon")
    assert [(one.text, one.differs) for one in before] == [("2.0.0 ", False), ("ready", True)]
    assert [(one.text, one.differs) for one in after] == [
        ("2.0.0 ", False),
        ("ready\u0301 soon", True),
    ]


@given(_TEXTS, _TEXTS)
def test_pieces_are_the_texts_and_none_begins_with_a_mark_of_the_piece_before(before, after):
    for text, spans in zip((before, after), changed_spans(before, after), strict=True):
        assert "".join(one.text for one in spans) == text
        for span in spans[1:]:
            assert not unicodedata.category(span.text[0]).startswith("M")
