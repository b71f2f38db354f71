"""The fields a receiver would write, and what the message's own claims differ in."""

from __future__ import annotations

from mxwalk.delivery.result_headers import claims_of, our_results
from mxwalk.evidence.mailauth import Verified
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.results.comparing import Why
from mxwalk.mailauth.results.reading import read
from tests.receivers.walks import DMARC_REJECT, SPF, good, keyed, mail, walk

TXT = {**SPF, **DMARC_REJECT, **keyed()}


def case(top: str = "", *found: Verified, ip: str = "192.0.2.10") -> MessageCase:
    raw = mail("alice@example.com", "example.com sel", top=top)
    message = walk(raw, TXT, ip=ip).all(*found).message
    assert message is not None
    return message


def test_a_field_for_each_identity_of_spf_and_one_for_all_results() -> None:
    # RFC 7208 9.1: Received-SPF for each identity; RFC 8601 2.2: one field a receiver
    message = good().message
    assert message is not None
    assert [one.name for one in message.written] == [
        "Received-SPF",
        "Received-SPF",
        "Authentication-Results",
    ]
    first, second, results = (one.value for one in message.written)
    assert first.startswith("pass ")
    assert "identity=mailfrom" in first
    assert "identity=helo" in second
    assert "client-ip=192.0.2.10" in first
    again = read(results)
    assert again.authserv_id == "mx.example.net"
    assert [(one.method, one.result) for one in again.results] == [
        ("spf", "pass"),
        ("spf", "pass"),
        ("dkim", "pass"),
        ("dmarc", "pass"),
    ]
    assert again.deviations == ()
    assert all(line.startswith((" ", "\t")) for line in results.split("\r\n")[1:])


def test_nothing_is_written_before_its_step() -> None:
    made = walk(mail(), TXT).spf().delivery().message
    assert made is not None
    assert made.written == ()
    assert made.differences == ()


def test_a_claim_that_agrees_gives_no_difference() -> None:
    same = "Authentication-Results: mx.example.net; dmarc=pass header.from=example.com\n"
    assert case(same).differences == ()


def test_the_receivers_own_field_counts_and_a_foreign_one_proves_nothing() -> None:
    foreign = "Authentication-Results: mx.example.org; dmarc=fail header.from=example.com\n"
    own = "Authentication-Results: mx.example.net; dkim=fail header.d=example.com\n"
    (only,) = case(foreign + own).differences
    assert only.method == "dkim"
    (untrusted,) = case(foreign).differences
    assert untrusted.why is Why.NOT_TRUSTED


def test_a_signature_that_was_broken_since_is_told_as_such() -> None:
    own = "Authentication-Results: mx.example.net; dkim=pass header.d=example.com\n"
    (only,) = case(own, Verified.BODY_HASH).differences
    assert (only.claimed, only.ours, only.why) == ("pass", "fail", Why.CHANGED)


def test_spf_of_an_earlier_hop_is_told_as_passed_on() -> None:
    received = "Received: from a ([198.41.0.4]) by mx.example.net; Sun, 22 Nov 2026\n"
    own = "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=alice@example.com\n"
    (only,) = case(received + own, ip="203.0.113.9").differences
    assert only.why is Why.FORWARDED


def test_claims_are_read_from_the_top_and_bounded() -> None:
    many = "".join(f"Authentication-Results: r{n}.example; spf=pass\n" for n in range(30))
    message = case(many).message
    claims = claims_of(message)
    assert claims[0].authserv_id == "r0.example"
    assert len(claims) == 10


def test_our_results_follow_what_was_checked() -> None:
    made = walk(mail("alice@example.com", "example.com sel"), TXT).spf().delivery().message
    assert made is not None
    assert [one.result.method for one in our_results(made)] == ["spf", "spf"]
