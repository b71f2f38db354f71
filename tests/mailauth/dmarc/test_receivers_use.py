"""The list of receivers claims nothing without a source."""

import re

from mxwalk.mailauth.dmarc.receivers_use import RECEIVERS, Use, receivers


def test_every_entry_has_a_source_and_says_what_was_found():
    assert len({one.name for one in RECEIVERS}) == len(RECEIVERS)
    for one in RECEIVERS:
        assert one.source
        assert one.note.endswith(".")
        assert re.fullmatch(r"|20\d\d-\d\d-\d\d", one.as_of)


def test_the_esa_reads_by_rfc_7489_and_what_is_not_known_is_not_claimed():
    assert any("ESA" in one.name for one in receivers(Use.RFC7489))
    assert any(one.name == "Gmail" for one in receivers(Use.UNKNOWN))
    assert sum(len(receivers(use)) for use in Use) == len(RECEIVERS)
