"""When the walk looks again with another ClientHello, and a connection as that look shows it."""

import pytest

from mxwalk.delivery.looks import as_seen_by, completed, examined, looks_of, retried_as
from mxwalk.evidence.connection import Exchanged, Handshaken, LookedAgain
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import Offer, TlsAlert
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from tests.senders.walks import GOOD_EHLO, one_host

SMALL, LEGACY = StepKind.CLASSIC_GROUPS, StepKind.LEGACY_TLS


def alert(code):
    return TlsAlert(direction=Direction.RECEIVED, fatal=True, code=code, name=str(code))


def failed(kind, *, protocol="", alerts=(), offer=Offer.MODERN):
    ending = Ending(kind=kind, detail="it failed") if kind else None
    return Handshaken(
        sni="mx.example.net", protocol=protocol, alerts=alerts, ending=ending, offer=offer
    )


@pytest.mark.parametrize(
    ("handshake", "looks"),
    [
        (failed(None, protocol="TLSv1.3"), ()),
        # A ClientHello that is too long for a middlebox is cut off without a word.
        (failed(EndingKind.RESET), (SMALL, LEGACY)),
        (failed(EndingKind.CLOSED), (SMALL, LEGACY)),
        (failed(EndingKind.TIMEOUT), (SMALL,)),
        (failed(EndingKind.TIMEOUT, protocol="TLSv1.2"), ()),
        # RFC 8446 6.2: protocol_version says that no version is shared; a smaller hello changes nothing.
        (failed(EndingKind.TLS_ALERT, alerts=(alert(70),)), (LEGACY,)),
        (failed(EndingKind.TLS_ALERT, alerts=(alert(40),)), (SMALL, LEGACY)),
        # Our side refuses what a ServerHello chose: a short prime, an old signature.
        (failed(EndingKind.TLS_ALERT, protocol="TLSv1.2"), (LEGACY,)),
        (failed(EndingKind.TLS_ALERT, alerts=(alert(112),)), ()),
        (failed(EndingKind.TLS_ERROR), ()),  # what came was no TLS
        (failed(EndingKind.TLS_ERROR, protocol="TLSv1.2"), (LEGACY,)),
        (failed(EndingKind.CANCELLED), ()),
        (failed(EndingKind.RESET, offer=Offer.LEGACY), ()),
    ],
)
def test_a_failed_handshake_gives_reason_for_these_looks(handshake, looks):
    assert retried_as(handshake) == looks


def refused():
    """A connection whose handshake is refused for its version, before any look."""
    at = one_host().at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO).starttls()
    return at.add(StepKind.HANDSHAKE, failed(EndingKind.TLS_ALERT, alerts=(alert(70),)))


def look(offer, *, ending=None, presented=(b"leaf",)):
    shown = Handshaken(
        sni="mx.example.net", offer=offer, protocol="TLSv1", presented=presented, ending=ending
    )
    return LookedAgain(offer=offer, handshake=shown, inside=b"250 mx\r\n", ending=ending)


def attempt_of(connection):
    (attempt,) = connection.walked.delivery.attempts
    return attempt


def test_a_connection_is_shown_with_the_looks_handshake_in_the_place_of_its_own():
    connection = refused()
    connection.add(LEGACY, look(Offer.LEGACY))
    attempt = attempt_of(connection)
    assert attempt.dead
    seen = as_seen_by(attempt, LEGACY)
    assert (seen.tls_is_up, seen.dead, seen.handshake.protocol) == (True, False, "TLSv1")
    assert seen.ehlo == attempt.ehlo
    assert seen.reply(StepKind.EHLO_TLS).code == 250
    assert seen.step(StepKind.HANDSHAKE).seq == attempt.step(LEGACY).seq
    assert [evidence.offer for _, evidence in looks_of(attempt)] == [Offer.LEGACY]


def test_what_came_behind_ehlo_inside_tls_is_not_lost_with_a_look_that_keeps_replies_alone():
    connection = one_host().at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO).starttls()
    connection.handshake(b"leaf")
    connection.add(StepKind.EHLO_TLS, Exchanged(reply=b"250 mx\r\n", trailing=b"550 no\r\n"))
    connection.add(StepKind.WITHOUT_SNI, look(Offer.WITHOUT_SNI))
    seen = as_seen_by(attempt_of(connection), StepKind.WITHOUT_SNI)
    assert seen.exchange(StepKind.EHLO_TLS).trailing == b"550 no\r\n"


def test_without_that_look_the_connection_stays_as_it_is():
    attempt = attempt_of(refused())
    assert as_seen_by(attempt, LEGACY) is attempt
    assert examined(attempt) is attempt
    assert completed(attempt, LEGACY) is None


def test_what_is_examined_is_the_first_handshake_that_came_to_certificates():
    connection = refused()
    connection.add(
        SMALL, look(Offer.CLASSIC, presented=(), ending=Ending(kind=EndingKind.RESET, detail=""))
    )
    connection.add(LEGACY, look(Offer.LEGACY))
    attempt = attempt_of(connection)
    assert examined(attempt).handshake.offer is Offer.LEGACY
    assert completed(attempt, SMALL) is None
    assert completed(attempt, LEGACY) is not None
