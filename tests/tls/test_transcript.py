"""Handshake messages written by hand, and any other bytes in their place."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import Support, TempKey
from mxwalk.evidence.wire import Direction
from mxwalk.limits import ACCEPTABLE_AUTHORITIES, HANDSHAKE_MESSAGES
from mxwalk.tls import messages
from mxwalk.tls.hellos import read_alpn, read_client_hello, read_server_hello
from mxwalk.tls.octets import Octets, numbers, vectors
from mxwalk.tls.transcript import ALERT, CHANGE_CIPHER_SPEC, HANDSHAKE, Transcript
from tests.hostile import HOSTILE

TLS_1_2, TLS_1_3 = messages.TLS_1_2, 0x0304
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def vector(size: int, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return len(data).to_bytes(size, "big") + data


def extension(code: int, data: bytes = b"") -> bytes:
    return code.to_bytes(2, "big") + vector(2, data)


def message(kind: int, *parts: bytes) -> bytes:
    return bytes([kind]) + vector(3, *parts)


def server_hello(version: int, *extensions: bytes, session_id=b"", random=b"r" * 32) -> bytes:
    legacy = min(version, TLS_1_2).to_bytes(2, "big")
    if version >= TLS_1_3:
        extensions = (extension(43, version.to_bytes(2, "big")), *extensions)
    block = vector(2, *extensions) if extensions else b""
    return message(2, legacy, random, vector(1, session_id), b"\xc0\x2f\x00", block)


def seen(*received: bytes, sent: bytes = b"") -> Transcript:
    transcript = Transcript()
    if sent:
        transcript.take(Direction.SENT, HANDSHAKE, sent, 0.0)
    for number, one in enumerate(received):
        transcript.take(Direction.RECEIVED, HANDSHAKE, one, float(number))
    return transcript


def certificate_message(version: int, *certificates: bytes) -> bytes:
    entries = b"".join(
        vector(3, one) + (b"\0\0" if version == TLS_1_3 else b"") for one in certificates
    )
    return (b"\0" if version == TLS_1_3 else b"") + vector(3, entries)


def test_certificates_are_taken_in_order_as_far_as_they_are_whole() -> None:
    for version in (0x0301, TLS_1_2, TLS_1_3):
        body = certificate_message(version, b"one", b"two", b"three")
        assert list(messages.certificates(body, version)) == [b"one", b"two", b"three"]
        assert list(messages.certificates(body[:-6], version))[:1] == [b"one"]
        assert list(messages.certificates(b"", version)) == []


def test_a_key_exchange_is_read_with_either_kind_of_parameters() -> None:
    signature = b"\x04\x03" + vector(2, b"sign")
    ecdhe = b"\x03\x00\x1d" + vector(1, b"p" * 32)
    dhe = vector(2, b"\x01" + b"p" * 128) + vector(2, b"\x02") + vector(2, b"y" * 128)
    assert messages.read_key_exchange(ecdhe + signature, TLS_1_2) == messages.KeyExchange(
        curve=29, scheme=0x0403
    )
    assert messages.read_key_exchange(dhe + signature, TLS_1_2) == messages.KeyExchange(
        prime_bits=1_025, scheme=0x0403
    )
    # RFC 4346 7.4.3: before TLS 1.2 the signature says no scheme
    assert messages.read_key_exchange(ecdhe + vector(2, b"sign"), 0x0301).curve == 29
    assert messages.read_key_exchange(ecdhe, TLS_1_2) == messages.KeyExchange(curve=29)
    assert messages.read_key_exchange(b"", TLS_1_2) == messages.KeyExchange()
    assert messages.read_key_exchange(dhe[:-1] + signature, TLS_1_2) == messages.KeyExchange()


def test_features_of_tls_1_2_are_answered_yes_or_no_by_the_hello() -> None:
    facts = seen(server_hello(TLS_1_2, extension(23), extension(0xFF01, b"\0"))).seen.facts()
    assert facts.extended_master_secret is Support.YES
    assert facts.secure_renegotiation is Support.YES
    assert facts.server_extensions == ("extended_master_secret", "renegotiation_info")
    assert facts.compression == "none"
    bare = seen(server_hello(TLS_1_2)).seen.facts()
    assert bare.extended_master_secret is Support.NO
    assert bare.secure_renegotiation is Support.NO


def test_features_that_tls_1_3_has_of_itself_are_not_applicable() -> None:
    facts = seen(server_hello(TLS_1_3)).seen.facts()
    assert facts.extended_master_secret is Support.NOT_APPLICABLE
    assert facts.secure_renegotiation is Support.NOT_APPLICABLE


def test_before_the_hello_everything_is_unknown() -> None:
    transcript = seen()
    facts = transcript.seen.facts()
    assert transcript.seen.protocol == transcript.seen.group == transcript.seen.suite == ""
    assert {
        facts.extended_master_secret,
        facts.secure_renegotiation,
        facts.stapling,
        facts.resumption.offered,
    } == {Support.UNKNOWN}
    assert facts.temp_key is None
    assert facts.client_certificate is None
    cut = seen(server_hello(TLS_1_2)[:30]).seen.facts()
    assert cut.extended_master_secret is Support.UNKNOWN
    assert cut.compression == ""


def test_a_hello_retry_request_is_no_server_hello() -> None:
    retry = server_hello(TLS_1_3, extension(51, b"\x00\x17"), random=RETRY)
    share = extension(51, b"\x00\x17" + vector(2, b"p" * 65))
    transcript = seen(retry)
    assert transcript.seen.facts().hello_retry
    assert transcript.seen.protocol == ""
    assert transcript.messages[0].name == "HelloRetryRequest"
    assert transcript.messages[0].note == "asks for a key share of secp256r1"
    transcript.take(Direction.RECEIVED, HANDSHAKE, server_hello(TLS_1_3, share), 1.0)
    assert transcript.seen.group == "secp256r1"
    assert transcript.seen.facts().temp_key == TempKey(method="ECDHE", group="secp256r1", bits=256)
    assert transcript.messages[1].note == "TLSv1.3, ECDHE-RSA-AES128-GCM-SHA256, secp256r1"


def test_session_ids_and_tickets_offer_resumption_in_tls_1_2() -> None:
    finished = message(20, b"f" * 12)
    ticket = message(4, (7_200).to_bytes(4, "big"), vector(2, b"t" * 160))
    by_id = seen(server_hello(TLS_1_2, session_id=b"i" * 32), finished).seen.facts().resumption
    assert (by_id.offered, by_id.session_id_octets, by_id.tickets) == (Support.YES, 32, 0)
    by_ticket = seen(server_hello(TLS_1_2), ticket, finished).seen.facts().resumption
    assert by_ticket.offered is Support.YES
    assert (by_ticket.tickets, by_ticket.ticket_lifetime_s) == (1, 7_200)
    assert by_ticket.ticket_octets == 160
    assert seen(server_hello(TLS_1_2), finished).seen.facts().resumption.offered is Support.NO
    assert seen(server_hello(TLS_1_2)).seen.facts().resumption.offered is Support.UNKNOWN
    # RFC 5077 3.3: an empty ticket gives nothing to resume by
    empty = message(4, bytes(4), vector(2))
    nothing = seen(server_hello(TLS_1_2), empty, finished).seen.facts().resumption
    assert nothing.offered is Support.NO


def test_in_tls_1_3_the_session_id_is_an_echo_and_tickets_come_later() -> None:
    hello = server_hello(TLS_1_3, session_id=b"i" * 32)
    facts = seen(hello, message(20, b"f" * 32)).seen.facts()
    assert facts.resumption.offered is Support.UNKNOWN
    assert facts.resumption.session_id_octets == 0
    ticket = message(4, (300).to_bytes(4, "big"), b"aaaa", vector(1, b"n"), vector(2, b"t" * 8))
    later = seen(hello, ticket, ticket).seen.facts().resumption
    assert (later.offered, later.tickets, later.ticket_lifetime_s) == (Support.YES, 2, 300)


def test_a_certificate_request_names_types_schemes_and_authorities() -> None:
    names = (b"\x30\x03one", b"\x30\x03two")
    listed = vector(2, *(vector(2, one) for one in names))
    old = message(13, vector(1, b"\x01\x40"), vector(2, b"\x04\x03\x08\x04"), listed)
    asked = seen(server_hello(TLS_1_2), old).seen.facts().client_certificate
    assert asked is not None
    assert asked.types == ("rsa_sign", "ecdsa_sign")
    assert asked.signature_schemes == ("ecdsa_sha256", "rsa_pss_rsae_sha256")
    assert (asked.authorities, asked.authority_count) == (names, 2)
    block = vector(2, extension(13, vector(2, b"\x04\x03")), extension(47, listed))
    transcript = seen(server_hello(TLS_1_3), message(13, b"\0", block))
    asked = transcript.seen.facts().client_certificate
    assert asked is not None
    assert asked.types == ()
    assert asked.signature_schemes == ("ecdsa_secp256r1_sha256",)
    assert asked.authorities == names
    assert transcript.messages[1].note == "2 acceptable CAs"


def test_of_endless_authorities_and_messages_a_bounded_number_is_kept() -> None:
    listed = vector(2, *(vector(2, b"\x30\x00") for _ in range(5_000)))
    request = message(13, vector(1, b"\x01"), vector(2), listed)
    asked = seen(server_hello(TLS_1_2), request).seen.facts().client_certificate
    assert asked is not None
    assert (len(asked.authorities), asked.authority_count) == (ACCEPTABLE_AUTHORITIES, 5_000)
    transcript = seen(*[message(4, bytes(6))] * 1_000)
    assert (len(transcript.messages), transcript.count) == (HANDSHAKE_MESSAGES, 1_000)
    assert transcript.seen.facts().resumption.tickets == 1_000


def test_stapling_is_known_once_its_place_has_passed() -> None:
    hello, done = server_hello(TLS_1_2, extension(5)), message(14)
    assert seen(hello).seen.facts().stapling is Support.UNKNOWN
    assert seen(hello, done).seen.facts().stapling is Support.NO
    assert seen(hello, message(22, b"\x01"), done).seen.facts().stapling is Support.YES
    entry = vector(3, b"cert") + vector(2, extension(5, b"\x01"))
    certificate = message(11, b"\0", vector(3, entry))
    transcript = seen(server_hello(TLS_1_3), certificate)
    assert transcript.seen.facts().stapling is Support.YES
    assert transcript.messages[1].note == "1 certificate, an OCSP response"


def test_a_protocol_nobody_asked_for_is_shown() -> None:
    alpn = extension(16, vector(2, vector(1, b"sm\x1btp")))
    transcript = seen(server_hello(TLS_1_3), message(8, vector(2, extension(0), alpn)))
    assert transcript.seen.facts().alpn == "sm\\x1btp"
    assert transcript.messages[1].note == "server_name application_layer_protocol_negotiation"


def test_times_directions_and_sizes_are_those_of_the_messages() -> None:
    transcript = Transcript()
    transcript.take(Direction.SENT, HANDSHAKE, message(1, b"x" * 40), 100.0)
    transcript.take(Direction.RECEIVED, CHANGE_CIPHER_SPEC, b"\x01", 100.25)
    transcript.take(Direction.RECEIVED, ALERT, b"\x02\x28", 100.5)
    transcript.take(Direction.RECEIVED, 23, b"application data", 101.0)
    assert [(one.at_s, one.direction.value, one.name, one.size) for one in transcript.messages] == [
        (0.0, "C", "ClientHello", 44),
        (0.25, "S", "ChangeCipherSpec", 1),
        (0.5, "S", "Alert", 2),
    ]
    assert transcript.messages[2].note == "fatal handshake_failure (40)"
    assert transcript.seen.facts().client_hello_octets == 44


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_bytes_are_named_in_printable_words(data) -> None:
    transcript = seen(server_hello(TLS_1_2))
    for kind in range(26):
        for direction in Direction:
            transcript.take(direction, HANDSHAKE, bytes([kind]) + b"\0\0\0" + data, 0.0)
    transcript.take(Direction.RECEIVED, ALERT, data, 0.0)
    assert all((one.name + one.note).isprintable() for one in transcript.messages)
    facts = transcript.seen.facts()
    assert facts.alpn.isprintable()
    assert read_alpn(data).isprintable()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Direction),
            st.sampled_from([20, 21, 22, 23, 99]),
            st.one_of(
                st.binary(max_size=120),
                st.builds(
                    lambda kind, body: bytes([kind]) + vector(3, body),
                    st.sampled_from([*messages.NAMES, 77]),
                    st.binary(max_size=300),
                ),
                st.sampled_from([server_hello(TLS_1_2), server_hello(TLS_1_3)]),
            ),
        ),
        max_size=12,
    )
)
def test_any_messages_in_any_order_make_valid_evidence(passed) -> None:
    transcript = Transcript()
    for number, (direction, content_type, data) in enumerate(passed):
        transcript.take(direction, content_type, data, float(number))
    seen_ = transcript.seen
    evidence = Handshaken(
        sni="",
        protocol=seen_.protocol,
        cipher=seen_.suite,
        group=seen_.group,
        signature=seen_.signature,
        presented=seen_.certificates,
        messages=transcript.messages,
        facts=seen_.facts(),
    )
    encoded = msgspec.json.encode(evidence)
    assert msgspec.json.decode(encoded, type=Handshaken) == evidence


@given(st.binary(max_size=400))
def test_hellos_of_any_bytes_are_read(data) -> None:
    hello = read_client_hello(data)
    assert hello.server_name.isprintable()
    assert len(hello.versions) > 0
    assert read_server_hello(data).whole is (len(data) >= 38 + (data[34] if len(data) > 34 else 0))


@given(st.binary(max_size=60), st.integers(1, 3))
def test_a_cursor_never_goes_beyond_the_end(data, size) -> None:
    reader = Octets(data)
    taken = reader.vector(size)
    assert len(taken) <= max(0, len(data) - size)
    assert reader.left == len(data) - min(size, len(data)) - len(taken)
    assert len(numbers(data, size)) == len(data) // size
    assert (
        b"".join(vector(size, one) for one in vectors(data, size))
        == data[: sum(size + len(one) for one in vectors(data, size))]
    )
