"""Records to publish, the check before installing, the states of a rollover."""

from mxwalk.dane.advice import (
    Installation,
    RecordState,
    check_installation,
    records_for,
    rollover,
)
from mxwalk.dane.tlsa import make_record
from tests.dane.world import HOST, NAMES, NOW, intermediate, leaf, record, root

NOW_IN_USE = [leaf().der, intermediate().der]
NEXT = [leaf(own=2).der, intermediate().der]


def test_the_records_to_publish_are_311_of_the_leaf_and_211_of_the_issuer() -> None:
    advised = records_for(NOW_IN_USE, HOST, 25)
    assert [one.record for one in advised] == [
        record("3 1 1", leaf()),
        record("2 1 1", intermediate()),
    ]
    assert advised[0].line.startswith("_25._tcp.mx.example.net. IN TLSA 3 1 1 ")


def test_without_issuer_only_the_leaf_is_advised_and_nothing_for_garbage() -> None:
    assert len(records_for([leaf().der], HOST, 25)) == 1
    assert records_for([b"garbage"], HOST, 25) == ()
    assert records_for([], HOST, 25) == ()


def test_every_record_of_a_rollover_has_its_state() -> None:
    records = [
        record("3 1 1", leaf()),
        record("3 1 1", leaf(own=2)),
        make_record(3, 1, 1, b"x" * 32),
        record("3 1 1", leaf()),
        make_record(3, 1, 1, b"x" * 31),
        record("2 1 1", intermediate()),
    ]
    states = [one.state for one in rollover(records, [NOW_IN_USE], NEXT)]
    assert states == [
        RecordState.CURRENT,
        RecordState.PREPARED,
        RecordState.STALE,
        RecordState.DUPLICATE,
        RecordState.MALFORMED,
        RecordState.CURRENT,
    ]


def test_an_anchor_given_in_full_is_in_use_though_it_is_not_sent() -> None:
    records = [record("2 0 0", intermediate()), record("2 1 0", intermediate())]
    states = {one.state for one in rollover(records, [[leaf().der]])}
    assert states == {RecordState.CURRENT}
    other = record("2 0 0", root())  # it signed the intermediate, which was not sent
    assert rollover([other], [[leaf().der]])[0].state is RecordState.UNMATCHED


def test_without_the_next_certificate_stale_and_prepared_cannot_be_told_apart() -> None:
    standing = rollover([make_record(3, 1, 1, b"x" * 32)], [NOW_IN_USE])[0]
    assert standing.state is RecordState.UNMATCHED


def test_a_record_for_one_of_two_leaves_says_so() -> None:
    # RSA and ECDSA leaves, or two addresses with different certificates
    standing = rollover([record("3 1 1", leaf())], [NOW_IN_USE, NEXT])[0]
    assert standing.state is RecordState.CURRENT
    assert "1 of the 2" in standing.sentence


def test_installing_an_uncovered_certificate_stops_mail_and_says_what_to_publish() -> None:
    check = check_installation([record("3 1 1", leaf())], NEXT, NAMES, NOW, (HOST, 25))
    assert check.installation is Installation.STOPS_MAIL
    assert "mail stops" in check.sentence
    assert check.publish[0].record == record("3 1 1", leaf(own=2))


def test_installing_a_covered_certificate_is_safe() -> None:
    prepared = [record("3 1 1", leaf()), record("3 1 1", leaf(own=2))]
    assert (
        check_installation(prepared, NEXT, NAMES, NOW, (HOST, 25)).installation is Installation.SAFE
    )
    by_issuer = [record("2 1 1", intermediate())]
    assert (
        check_installation(by_issuer, NEXT, NAMES, NOW, (HOST, 25)).installation
        is Installation.SAFE
    )


def test_unusable_records_have_no_effect_on_installing() -> None:
    check = check_installation([record("1 1 1", leaf())], NEXT, NAMES, NOW, (HOST, 25))
    assert check.installation is Installation.NO_EFFECT
