"""When our own side is looked at first, and when an answer of somebody speaks against it."""

import pytest

from mxwalk.findings.first_suspect import first_suspect
from mxwalk.findings.model import Finding
from mxwalk.findings.registry import catalogue
from mxwalk.senders.model import Outcome, Verdict


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(
        sender="esa:5", label="ESA", outcome=outcome, reason="", log="", step=None, next_action=""
    )


def found(code: str) -> Finding:
    return Finding(entry=catalogue()[code], sentence="", fix="")


@pytest.mark.parametrize(
    ("outcome", "code", "suspected"),
    [
        (Outcome.DEFERRED, "DNS001", True),
        (Outcome.DEFERRED, "CONN003", True),
        (Outcome.DEFERRED, "CONN013", True),
        (Outcome.BOUNCED, "CONN013", False),  # another address answered
        (Outcome.BOUNCED, "DNS002", True),  # the answer may be made up
        (Outcome.DELIVERED_CLEAR, "DNS001", False),
        (Outcome.COMPLETE, "DNS001", False),
    ],
)
def test_our_own_side_is_suspected_where_nobody_answered(outcome, code, suspected) -> None:
    assert bool(first_suspect(verdict(outcome), [found(code)])) is suspected
