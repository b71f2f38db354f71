"""Which of a server's handshakes each sender would have had."""

import pytest

from mxwalk.evidence.step import Handshaken, LookedAgain, StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.senders.hello import MODERN, Hello
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.senders.walks import GOOD_EHLO, one_host

LEGACY = Hello(legacy=True)
NAMELESS = Hello(names_server=False)
REFUSED = Ending(kind=EndingKind.RESET, detail="reset")


def shaken(offer, ending=None):
    protocol = "" if ending else "TLSv1.2"
    return Handshaken(sni="mx.example.net", offer=offer, protocol=protocol, ending=ending)


def looked(offer, ending=None):
    return LookedAgain(offer=offer, handshake=shaken(offer, ending), ending=ending)


def walked(first, **looks):
    """A connection with this first handshake, then the looks by kind of step."""
    at = one_host().at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO).starttls()
    at.add(StepKind.HANDSHAKE, first)
    for kind, look in looks.items():
        at.add(StepKind(kind.replace("_", "-")), look)
    return at


def attempt_of(connection):
    (attempt,) = connection.walked.delivery.attempts
    return attempt


def offer_seen(hello, connection):
    return hello.of(attempt_of(connection)).handshake.offer


@pytest.mark.parametrize("hello", [MODERN, LEGACY])
def test_a_good_handshake_counts_for_everyone_who_names_the_server(hello):
    made = walked(shaken(Offer.MODERN), without_sni=looked(Offer.WITHOUT_SNI, REFUSED))
    assert offer_seen(hello, made) is Offer.MODERN


def test_who_names_no_server_has_the_handshake_without_a_name_good_or_bad():
    made = walked(shaken(Offer.MODERN), without_sni=looked(Offer.WITHOUT_SNI, REFUSED))
    seen = NAMELESS.of(attempt_of(made))
    assert (seen.handshake.offer, seen.tls_is_up) == (Offer.WITHOUT_SNI, False)


def test_without_such_a_look_the_one_with_a_name_stands_for_it():
    assert offer_seen(NAMELESS, walked(shaken(Offer.MODERN))) is Offer.MODERN


def test_a_look_that_never_came_to_a_handshake_changes_nothing():
    refusal = LookedAgain(offer=Offer.WITHOUT_SNI, refusal=b"421 busy\r\n", ending=REFUSED)
    made = walked(shaken(Offer.MODERN), without_sni=refusal)
    assert offer_seen(NAMELESS, made) is Offer.MODERN


@pytest.mark.parametrize("hello", [MODERN, LEGACY, NAMELESS])
def test_a_small_client_hello_is_what_every_sender_sends(hello):
    made = walked(shaken(Offer.MODERN, REFUSED), classic_groups=looked(Offer.CLASSIC))
    assert offer_seen(hello, made) is Offer.CLASSIC


def test_a_legacy_handshake_counts_for_those_who_speak_tls_1_0_alone():
    made = walked(
        shaken(Offer.MODERN, REFUSED),
        classic_groups=looked(Offer.CLASSIC, REFUSED),
        legacy_tls=looked(Offer.LEGACY),
    )
    assert offer_seen(LEGACY, made) is Offer.LEGACY
    assert offer_seen(MODERN, made) is Offer.MODERN


def test_nothing_is_decided_while_a_look_is_still_to_come():
    made = walked(shaken(Offer.MODERN, REFUSED))
    assert MODERN.awaits(attempt_of(made)) is StepKind.CLASSIC_GROUPS
    for name in ("esa:5", "exchange-online", "postfix:may"):
        assert profile(name).judge(made.walked.delivery).outcome is Outcome.UNKNOWN
    made.add(StepKind.CLASSIC_GROUPS, looked(Offer.CLASSIC, REFUSED))
    assert MODERN.awaits(attempt_of(made)) is None
    assert LEGACY.awaits(attempt_of(made)) is StepKind.LEGACY_TLS
    assert profile("esa:5").judge(made.walked.delivery).outcome is Outcome.DEFERRED
    assert profile("postfix:encrypt").judge(made.walked.delivery).outcome is Outcome.UNKNOWN
