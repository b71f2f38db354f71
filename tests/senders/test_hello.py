"""Which of a server's handshakes each sender would have had."""

import pytest
from msgspec.structs import replace

from mxwalk.evidence.connection import Exchanged, Handshaken, LookedAgain
from mxwalk.evidence.handshake import Support, TempKey, TlsFacts
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.senders.hello import MODERN, Hello, Legacy
from mxwalk.senders.model import Outcome
from mxwalk.senders.offer import by_grammar
from mxwalk.senders.postfix_hello import hello_of
from mxwalk.senders.postfix_level import Level
from mxwalk.senders.reach import Session, open_session, see_tls
from mxwalk.senders.registry import profile
from mxwalk.senders.situation import Fault, Obstacle, Situation
from tests.senders.walks import GOOD_EHLO, one_host

LEGACY = Hello(legacy=Legacy())
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


def test_a_name_left_out_changes_nothing_where_the_handshake_fails_with_it_as_well():
    made = walked(
        shaken(Offer.MODERN, REFUSED),
        classic_groups=looked(Offer.CLASSIC),
        without_sni=looked(Offer.WITHOUT_SNI, REFUSED),
    )
    assert offer_seen(NAMELESS, made) is Offer.CLASSIC


def test_what_the_server_said_after_the_handshake_stays_with_the_handshake_without_a_name():
    made = walked(shaken(Offer.MODERN)).ehlo_tls().envelope(rcpt=b"550 5.1.1 nobody\r\n")
    made.add(StepKind.WITHOUT_SNI, looked(Offer.WITHOUT_SNI))
    seen = NAMELESS.of(attempt_of(made))
    assert seen.handshake.offer is Offer.WITHOUT_SNI
    assert seen.reply(StepKind.EHLO_TLS).code == 250
    assert seen.reply(StepKind.RCPT).code == 550


def old(
    protocol="TLSv1.2", cipher="ECDHE-ECDSA-AES256-GCM-SHA384", signature="", dh_bits=0,
    renegotiation=Support.YES,
):  # fmt: skip
    key = TempKey(method="DHE", group="", bits=dh_bits) if dh_bits else None
    return Handshaken(
        sni="mx.example.net", offer=Offer.LEGACY, protocol=protocol, cipher=cipher,
        signature=signature, facts=TlsFacts(temp_key=key, secure_renegotiation=renegotiation),
    )  # fmt: skip


UNANSWERED = shaken(Offer.MODERN, REFUSED)
ANSWERED = replace(UNANSWERED, protocol="TLSv1.2")  # our own side ended it, later
(HOST,) = one_host().delivery.hosts
POSTFIX = hello_of(Level.MAY, HOST).legacy
POSTFIX_VERIFY = hello_of(Level.VERIFY, HOST).legacy
ESA = Legacy(lowest="TLSv1.1", tls_1_2=False)
GNUTLS = Legacy(dh_bits=1024, names_dh_groups=True, lacks=("CAMELLIA", "CCM8"))


@pytest.mark.parametrize(
    ("first", "seen", "takers"),
    [
        (UNANSWERED, old("TLSv1"), "postfix gnutls"),
        (UNANSWERED, old("TLSv1.1"), "postfix gnutls esa"),
        (UNANSWERED, old("TLSv1.1", "DHE-RSA-CAMELLIA256-SHA", "", 1024), "postfix gnutls esa"),
        (UNANSWERED, old(cipher="ECDHE-ECDSA-CAMELLIA128-SHA256"), "postfix verify"),
        (UNANSWERED, old(cipher="AES128-CCM8"), "postfix verify"),
        (UNANSWERED, old(cipher="SEED-SHA"), "gnutls"),
        (UNANSWERED, old(signature="ecdsa_sha1"), "postfix gnutls"),
        (UNANSWERED, old(dh_bits=1024), "postfix verify"),  # RFC 7919: named, and not to be had
        (ANSWERED, old(dh_bits=1024), "postfix verify gnutls"),
        (ANSWERED, old(dh_bits=768), "postfix"),
        (ANSWERED, old(renegotiation=Support.NO), "gnutls"),
        (UNANSWERED, old("TLSv1", renegotiation=Support.NO), "gnutls"),
    ],
)
def test_a_legacy_handshake_counts_as_far_as_the_sender_offers_the_same(first, seen, takers):
    known = {"postfix": POSTFIX, "verify": POSTFIX_VERIFY, "gnutls": GNUTLS, "esa": ESA}
    assert {name for name, one in known.items() if one.takes(first, seen)} == set(takers.split())


def test_nothing_is_decided_while_a_look_is_still_to_come():
    made = walked(shaken(Offer.MODERN, REFUSED))
    assert MODERN.awaits(attempt_of(made)) is StepKind.CLASSIC_GROUPS
    for name in ("esa:5", "exchange-online", "postfix:may"):
        assert profile(name).judge(made.walked.delivery).outcome is Outcome.UNKNOWN
    made.add(StepKind.CLASSIC_GROUPS, looked(Offer.CLASSIC, REFUSED))
    assert MODERN.awaits(attempt_of(made)) is None
    assert LEGACY.awaits(attempt_of(made)) is StepKind.LEGACY_TLS
    assert profile("postfix:encrypt").judge(made.walked.delivery).outcome is Outcome.UNKNOWN


def test_a_look_without_a_name_that_was_made_is_not_missed_where_another_look_counts():
    at = one_host(options=Options(without_sni=True)).at("mx.example.net", "192.0.2.1")
    at.greeted(GOOD_EHLO).starttls().add(StepKind.HANDSHAKE, shaken(Offer.MODERN, REFUSED))
    at.add(StepKind.CLASSIC_GROUPS, looked(Offer.CLASSIC))
    nameless = Situation.of(
        at.walked.delivery, at.walked.delivery.hosts[0], attempt_of(at), NAMELESS
    )
    assert nameless.unseen is StepKind.WITHOUT_SNI
    at.add(StepKind.WITHOUT_SNI, looked(Offer.WITHOUT_SNI, REFUSED))
    nameless = Situation.of(
        at.walked.delivery, at.walked.delivery.hosts[0], attempt_of(at), NAMELESS
    )
    assert nameless.attempt.handshake.offer is Offer.CLASSIC
    assert nameless.unseen is None


def nameless(*, throttled=False, **looks):
    """The course of a sender without server_name at a server whose handshake stands."""
    at = one_host(options=Options(without_sni=True)).at("mx.example.net", "192.0.2.1")
    at.greeted(GOOD_EHLO).starttls().add(StepKind.HANDSHAKE, shaken(Offer.MODERN))
    if throttled:
        at.add(StepKind.QUIT, Exchanged(command=b"QUIT\r\n", reply=b"421 4.3.2 closing\r\n"))
    for kind, look in looks.items():
        at.add(StepKind(kind.replace("_", "-")), look)
    delivery = at.walked.delivery
    situation = Situation.of(delivery, delivery.hosts[0], attempt_of(at), NAMELESS)
    session = open_session(situation)
    assert isinstance(session, Session)
    seen = see_tls(situation, session, by_grammar)
    assert isinstance(seen, Obstacle)
    return seen


BUSY = LookedAgain(offer=Offer.WITHOUT_SNI, refusal=b"421 busy\r\n", ending=REFUSED)


def test_a_look_without_a_name_that_is_still_to_come_leaves_the_course_open():
    assert nameless().fault is Fault.OPEN


@pytest.mark.parametrize(
    "case",
    [
        {"without_sni": BUSY},
        {"without_sni": LookedAgain(offer=Offer.WITHOUT_SNI, ending=REFUSED)},
        {"other_leaf": BUSY},
        {"throttled": True},
    ],
)
def test_a_look_without_a_name_that_shows_nothing_is_not_still_to_come(case):
    seen = nameless(**case)
    assert seen.fault is Fault.INCONCLUSIVE
    assert seen.reason.endswith("shows to a client without server_name was not seen")
    assert (seen.step is not None) is ("without_sni" in case)


def test_a_look_that_a_busy_server_keeps_from_coming_is_not_awaited():
    at = walked(shaken(Offer.MODERN, REFUSED))
    at.add(StepKind.CLASSIC_GROUPS, BUSY)
    delivery = at.walked.delivery
    situation = Situation.of(delivery, delivery.hosts[0], attempt_of(at), LEGACY)
    assert situation.awaits is StepKind.LEGACY_TLS
    seen = see_tls(situation, open_session(situation), by_grammar)
    assert seen.fault is Fault.INCONCLUSIVE
    assert "421" in seen.reason
