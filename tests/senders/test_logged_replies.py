"""A sender's log line has the whole reply, as it can be searched for, up to a bound."""

from __future__ import annotations

import pytest

from mxwalk.language import speaking
from mxwalk.limits import LOG_REPLY_CHARS
from mxwalk.senders.registry import profile
from tests.senders.dane_walks import Domain

LONG = b"554-5.7.1 %s\r\n554 5.7.1 and so on\r\n" % (b"x" * 90)
FLOOD = b"".join(b"554-5.7.1 %d\r\n" % one for one in range(2_000)) + b"554 5.7.1 last\r\n"


def logged(sender: str, greeting: bytes) -> str:
    domain = Domain()
    domain.connect().connect().greeting(greeting).quit()
    return profile(sender).judge(domain.delivery).log


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ("esa:5", f"('554', ['5.7.1 {'x' * 90}', '5.7.1 and so on'])"),
        ("postfix:may", f": 554-5.7.1 {'x' * 90} 554 5.7.1 and so on"),
        ("exim:try-dane", rf": 554-5.7.1 {'x' * 90}\n554 5.7.1 and so on"),
    ],
)
def test_a_long_reply_of_two_lines_stands_in_the_log_whole(sender: str, said: str) -> None:
    with speaking("ko"):
        assert said in logged(sender, LONG)


@pytest.mark.parametrize("sender", ["esa:5", "postfix:may", "exim:try-dane"])
def test_an_endless_reply_is_logged_in_part(sender: str) -> None:
    line = logged(sender, FLOOD)
    assert "554" in line
    assert len(line) < LOG_REPLY_CHARS + 300
