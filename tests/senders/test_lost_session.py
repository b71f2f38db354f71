"""TLS that breaks off at the first command inside, as where a client certificate is demanded."""

import pytest

from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.dane.world import leaf, record
from tests.senders.dane_walks import CHAIN, Domain, Host
from tests.senders.walks import ending

CLEAR, DEFERRED = Outcome.DELIVERED_CLEAR, Outcome.DEFERRED
GOOD = record("3 1 1", leaf())


def broken_off(*tlsa, end=EndingKind.TLS_ALERT):
    domain = Domain(Host(tlsa=tlsa))
    up = domain.connect().greeted().starttls().handshake(*CHAIN).chain().identity()
    up.ehlo_tls(b"", ending(end))
    return domain.delivery


@pytest.mark.parametrize(
    ("sender", "free", "dane"),
    [
        ("postfix:may", CLEAR, CLEAR),
        ("postfix:encrypt", DEFERRED, DEFERRED),
        ("postfix:dane", CLEAR, DEFERRED),
        ("postfix:verify", DEFERRED, DEFERRED),
        ("exim:try-dane", CLEAR, DEFERRED),
    ],
)
def test_where_tls_is_optional_the_message_goes_in_clear(sender, free, dane):
    assert profile(sender).judge(broken_off()).outcome is free
    assert profile(sender).judge(broken_off(GOOD)).outcome is dane


def test_postfix_defers_first_and_says_what_it_was_doing():
    sent = profile("postfix:may").judge(broken_off())
    assert sent.next_action.startswith("first defers (4.4.2), then sends in clear")
    kept = profile("postfix:encrypt").judge(broken_off())
    reason = "lost connection with mx.example.net[192.0.2.1] while performing the EHLO handshake"
    assert f"dsn=4.4.2, status=deferred ({reason})" in kept.log


@pytest.mark.parametrize("sender", ["postfix:may", "exim:try-dane"])
def test_a_timeout_inside_tls_decides_nothing(sender):
    assert profile(sender).judge(broken_off(end=EndingKind.TIMEOUT)).outcome is Outcome.UNKNOWN
