"""Received fields as real systems write them, and the envelope that is assumed from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.mailauth import MessageInput
from mxwalk.mailauth.envelope import Origin, arrival
from mxwalk.mailauth.message import read_message
from mxwalk.mailauth.message_received import is_public, read_received

DATE = "; Tue, 1 Jul 2025 10:00:00 +0200"
AT = 1_751_356_800


@pytest.mark.parametrize(
    ("text", "helo", "rdns", "ip", "by"),
    [
        (  # Postfix
            (
                "from mail.example.com (rdns.example.com [192.0.2.1]) (using TLSv1.3 with cipher "
                "TLS_AES_256_GCM_SHA384 (256/256 bits)) (No client certificate requested) "
                "by mx.example.net (Postfix) with ESMTPS id 4XY for <b@example.net>"
            ),
            "mail.example.com",
            "rdns.example.com",
            "192.0.2.1",
            "mx.example.net",
        ),
        (
            "from mail.example.com (unknown [IPv6:2001:db8::1]) by mx.example.net (Postfix) with ESMTP id 4",
            "mail.example.com",
            "",
            "2001:db8::1",
            "mx.example.net",
        ),
        (  # Exim
            (
                "from [192.0.2.1] (helo=mail.example.com) by mx.example.net with esmtps (TLS1.3) tls X "
                "(Exim 4.96) (envelope-from <a@example.com>) id 1abc-00 for b@example.net"
            ),
            "mail.example.com",
            "",
            "192.0.2.1",
            "mx.example.net",
        ),
        (
            "from rdns.example.com ([192.0.2.1]:51234 helo=mail.example.com) by mx.example.net with esmtp",
            "mail.example.com",
            "rdns.example.com",
            "192.0.2.1",
            "mx.example.net",
        ),
        (  # sendmail
            (
                "from mail.example.com (rdns.example.com [192.0.2.1] (may be forged)) by mx.example.net "
                "(8.17.1/8.17.1) with ESMTP id 5abc"
            ),
            "mail.example.com",
            "rdns.example.com",
            "192.0.2.1",
            "mx.example.net",
        ),
        (  # Exchange
            (
                "from AM0.example.com (2001:db8:a6::1) by DB8.example.net (2001:db8::2) with Microsoft SMTP "
                "Server (version=TLS1_2, cipher=TLS_E) id 15.20.1"
            ),
            "AM0.example.com",
            "",
            "2001:db8:a6::1",
            "DB8.example.net",
        ),
        (  # Gmail
            (
                "from mail.example.com (rdns.example.com. [192.0.2.1]) by mx.example.net with ESMTPS id a1 "
                "for <b@example.net> (version=TLS1_3 cipher=X bits=256/256)"
            ),
            "mail.example.com",
            "rdns.example.com",
            "192.0.2.1",
            "mx.example.net",
        ),
        (  # ESA
            "from mail.example.com ([192.0.2.1]) by esa1.example.net with ESMTP/TLS/ECDHE-RSA-X",
            "mail.example.com",
            "",
            "192.0.2.1",
            "esa1.example.net",
        ),
        (  # qmail
            "from unknown (HELO mail.example.com) (192.0.2.1) by mx.example.net with SMTP",
            "mail.example.com",
            "",
            "192.0.2.1",
            "mx.example.net",
        ),
        ("by 2001:db8:a05:6a10 with SMTP id a1", "", "", "", "2001:db8:a05:6a10"),
        ("(from root@localhost) by mx.example.net id x", "", "", "", "mx.example.net"),
    ],
)
def test_the_forms_of_mail_systems_are_read(
    text: str, helo: str, rdns: str, ip: str, by: str
) -> None:
    hop = read_received(text + DATE, 1, 1)
    assert (hop.helo, hop.rdns, hop.ip, hop.by, hop.at) == (helo, rdns, ip, by, AT)


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "from ",
                "by ",
                "(",
                ")",
                "[192.0.2.1]",
                "[",
                "]",
                ";",
                "helo=",
                "HELO ",
                "with ",
                "a.example ",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_any_text_is_read_as_a_hop_without_error(text: str) -> None:
    hop = read_received(text, 1, 1)
    assert isinstance(hop.is_public, bool)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("192.0.2.1", True),  # documentation counts as public
        ("2001:db8::1", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:192.0.2.1", True),
        ("nonsense", False),
    ],
)
def test_inner_addresses_are_told_from_public_ones(address: str, public: bool) -> None:
    assert is_public(address) is public


INNER = "Received: from edge (edge.example.net [10.0.0.2]) by store.example.net (Postfix) with ESMTP id 1;\r\n x\r\n"
BORDER = "Received: from mail.example.com (mail.example.com [192.0.2.1])\r\n by edge.example.net (Postfix) with ESMTPS id 2;\r\n x\r\n"
OUTER = "Received: from pc ([198.51.100.7]) by mail.example.com with ESMTPSA id 3; x\r\n"
REST = "From: Ann <ann@example.com>\r\n\r\nHello.\r\n"


def test_what_was_given_is_taken_as_it_is() -> None:
    given_ = MessageInput(
        raw=b"", client_ip="192.0.2.9", helo="h.example", mail_from="<>", receiver="r.example"
    )
    found = arrival(read_message((BORDER + REST).encode()), given_)
    assert [
        one.origin for one in (found.client_ip, found.helo, found.mail_from, found.receiver)
    ] == ([Origin.GIVEN] * 4)
    assert (found.client_ip.value, found.null_sender) == ("192.0.2.9", True)
    assert not found.client_ip.assumed


def test_the_topmost_public_client_is_assumed() -> None:
    found = arrival(read_message((INNER + BORDER + OUTER + REST).encode()), MessageInput(raw=b""))
    assert (found.client_ip.value, found.client_ip.origin) == ("192.0.2.1", Origin.RECEIVED)
    assert (found.helo.value, found.receiver.value) == ("mail.example.com", "edge.example.net")
    assert found.client_ip.line == 3
    assert found.client_ip.sentence == (
        "The client's address 192.0.2.1 is assumed from Received field 2 (line 3)."
    )


def test_without_a_public_client_a_private_one_is_assumed_and_said() -> None:
    found = arrival(read_message((INNER + REST).encode()), MessageInput(raw=b""))
    assert found.client_ip.value == "10.0.0.2"
    assert "private" in found.client_ip.sentence


def test_a_given_address_picks_the_hop_it_stands_in() -> None:
    given_ = MessageInput(raw=b"", client_ip="198.51.100.7")
    found = arrival(read_message((INNER + BORDER + OUTER + REST).encode()), given_)
    assert (found.helo.value, found.helo.line) == ("pc", 6)
    assert found.receiver.value == "mail.example.com"


def test_the_helo_of_another_client_is_not_taken_for_a_given_address() -> None:
    given_ = MessageInput(raw=b"", client_ip="203.0.113.5")
    found = arrival(read_message((BORDER + REST).encode()), given_)
    assert (found.helo.value, found.helo.origin) == ("", Origin.UNKNOWN)


@pytest.mark.parametrize(
    ("fields", "value", "origin"),
    [
        ("Return-Path: <a@example.com>\r\n", "a@example.com", Origin.RETURN_PATH),
        ("Return-Path: <>\r\n", "<>", Origin.RETURN_PATH),
        ("Return-Path: nobody\r\n", "", Origin.UNKNOWN),
        ("", "", Origin.UNKNOWN),
        (
            'Received-SPF: pass (x) identity=mailfrom; envelope-from="a@example.com"; helo=h\r\n',
            "a@example.com",
            Origin.RECEIVED_SPF,
        ),
        (
            "Received: from [192.0.2.1] (helo=h.example) by mx.example (envelope-from <a@example.com>) id 1; x\r\n",
            "a@example.com",
            Origin.RECEIVED,
        ),
    ],
)
def test_the_reverse_path_is_taken_from_what_there_is(
    fields: str, value: str, origin: Origin
) -> None:
    found = arrival(read_message((fields + REST).encode()), MessageInput(raw=b""))
    assert (found.mail_from.value, found.mail_from.origin) == (value, origin)


def test_received_spf_stands_in_where_no_received_field_helps() -> None:
    """The fields that the guide prints: two identities, the client's address in both."""
    fields = (
        "Received-SPF: None (mx1.example.net: no sender) identity=helo;\r\n"
        ' client-ip=192.0.2.3; receiver=mx1.example.net; x-sender="postmaster@omp.example.com"\r\n'
        "Received-SPF: Pass (mx1.example.net: domain of\r\n x@example.com designates 192.0.2.3)"
        " identity=mailfrom;\r\n client-ip=192.0.2.3; receiver=mx1.example.net;\r\n"
        ' envelope-from="x@example.com"; helo=omp.example.com\r\n'
    )
    found = arrival(read_message((fields + REST).encode()), MessageInput(raw=b""))
    assert {
        one.origin for one in (found.client_ip, found.helo, found.mail_from, found.receiver)
    } == {Origin.RECEIVED_SPF}
    assert (found.client_ip.value, found.helo.value) == ("192.0.2.3", "omp.example.com")
    assert (found.mail_from.value, found.receiver.value) == ("x@example.com", "mx1.example.net")


def test_nothing_known_is_said_to_be_unknown() -> None:
    found = arrival(read_message(REST.encode()), MessageInput(raw=b""))
    assert found.hop is None
    assert [
        one.value for one in (found.client_ip, found.helo, found.mail_from, found.receiver)
    ] == [""] * 4


def test_octets_that_are_no_utf8_leave_an_envelope_that_a_trace_can_hold() -> None:
    raw = (
        b"Return-Path: <a\xff@example.com>\r\nReceived: from \xfe (x.example [192.0.2.1])"
        b" by mx\xfd.example with ESMTP\r\n" + REST.encode()
    )
    found = arrival(read_message(raw), MessageInput(raw=b""))
    assert (found.mail_from.value, found.helo.value, found.receiver.value) == (
        "a\ufffd@example.com",
        "\ufffd",
        "mx\ufffd.example",
    )
    for one in (found.mail_from, found.helo, found.receiver):
        one.value.encode()
