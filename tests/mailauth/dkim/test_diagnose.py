"""Messages changed on their way in the manner of real systems; what was done is found again."""

import quopri
from base64 import b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.mailauth.dkim.diagnose import diagnose
from mxwalk.mailauth.dkim.diagnosis import Change, Diagnosis
from mxwalk.mailauth.dkim.library import canonical_body, hash_of, make_signature
from mxwalk.mailauth.dkim.make import KeyKind, KeyPair, make_key
from mxwalk.mailauth.dkim.model import DkimResult, Reason
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.message import read_message
from tests.mailauth.dkim.rfc_examples import RFC6376_KEY
from tests.mailauth.dkim.signing import NOW, verdicts

NAME = "sel._domainkey.example.com"
HEADER = """\
From: Ann <ann@example.com>
To: Bob <list@example.org>
Subject: Re: Minutes
Date: Sun, 15 Jun 2025 15:00:00 +0000
Message-ID: <1@example.com>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
"""
BODY = """\
Dear Bob,

From tomorrow on  we meet at ten, caf\u00e9 included.
.signed lines may begin with a dot.

--\x20
Ann
"""
MULTIPART = """\
From: Ann <ann@example.com>
To: Bob <list@example.org>
Subject: Minutes
Date: Sun, 15 Jun 2025 15:00:00 +0000
Message-ID: <1@example.com>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1"

--b1
Content-Type: text/plain

Hello in plain text.
--b1
Content-Type: text/html

<p>Hello in HTML.</p>
--b1--
"""


def wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


MESSAGE = wire(f"{HEADER}\n{BODY}")


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return make_key()


def signed(pair: KeyPair, raw: bytes = MESSAGE, **how: object) -> bytes:
    signing = Signing(domain="example.com", selector="sel", timestamp=int(NOW), **how)  # type: ignore[arg-type]
    return sign(raw, pair.private_pem, signing)


def found(pair: KeyPair, raw: bytes, record: bytes = b"") -> tuple[Reason, tuple[Diagnosis, ...]]:
    verdict = verdicts(raw, {NAME: record or pair.record.encode()})[-1]
    message = read_message(raw)
    given = diagnose(message, verdict.signature, verdict.key, verdict.reason)
    assert verdict.explanation[: len(given)] == tuple(one.sentence for one in given)
    return verdict.reason, given


def edit(before: str, after: str, times: int = 1) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        assert wire(before) in raw
        return raw.replace(wire(before), wire(after), times)

    return change


def append(text: str) -> Callable[[bytes], bytes]:
    return lambda raw: raw + wire(text)


def recoded(raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    head = head.replace(b"Transfer-Encoding: 8bit", b"Transfer-Encoding: quoted-printable")
    encoded = quopri.encodestring(body.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return head + b"\r\n\r\n" + encoded


FOOTER = "_______________\nlist mailing list\nhttps://lists.example.org/listinfo\n"
WIDE = "a" * 500 + " " + "b" * 700

# name, what the message was signed with, what was done to its body, what is found
BODIES: list[tuple[str, dict[str, object], Callable[[bytes], bytes], Change]] = [
    ("footer", {}, append(FOOTER), Change.FOOTER),
    ("footer, simple", {"body_canon": "simple"}, append("\n" + FOOTER), Change.FOOTER),
    ("banner", {}, edit("Dear Bob", "CAUTION: external sender\n\nDear Bob"), Change.BANNER),
    ("line added", {}, edit(".signed", "AD: buy\n.signed"), Change.LINES_ADDED),
    (
        "trailing space removed",
        {"body_canon": "simple"},
        edit("\n-- \n", "\n--\n"),
        Change.WHITE_SPACE,
    ),
    ("From quoted", {}, edit("\nFrom tomorrow", "\n>From tomorrow"), Change.FROM_QUOTED),
    ("dot doubled", {}, edit("\n.signed", "\n..signed"), Change.DOTS),
    ("dot lost", {}, edit("\n.signed", "\nsigned"), Change.UNKNOWN),
    ("to quoted-printable", {"headers": ("from", "subject")}, recoded, Change.ENCODING),
    (
        "to latin-1",
        {},
        lambda raw: raw.replace("caf\u00e9".encode(), "caf\u00e9".encode("latin-1")),
        Change.CHARSET,
    ),
    (
        "bare LF in the body",
        {},
        lambda raw: (
            raw.partition(b"\r\n\r\n")[0]
            + b"\r\n\r\n"
            + raw.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n")
        ),
        Change.LINE_ENDS,
    ),
    ("cut short, l=", {"length": -1}, lambda raw: raw[:-12], Change.TRUNCATED),
    ("another word", {}, edit("at ten", "at nine"), Change.UNKNOWN),
]


@pytest.mark.parametrize(
    ("how", "change", "expected"), [one[1:] for one in BODIES], ids=[one[0] for one in BODIES]
)
def test_a_changed_body_is_explained(
    how: dict[str, object], change: Callable[[bytes], bytes], expected: Change, pair: KeyPair
) -> None:
    reason, given = found(pair, change(signed(pair, **how)))
    assert reason is Reason.BODY_HASH
    assert given[0].change is expected, given
    assert given[0].certain is (expected is not Change.UNKNOWN)


def test_white_space_added_under_simple_is_told(pair: KeyPair) -> None:
    raw = signed(pair, wire(f"{HEADER}\nOne line.\n"), body_canon="simple")
    reason, given = found(pair, raw.replace(b"One line.", b"One line.  "))
    assert (reason, given[0].change, given[0].certain) == (
        Reason.BODY_HASH,
        Change.WHITE_SPACE,
        True,
    )


def test_a_long_line_broken_at_990_octets_is_told(pair: KeyPair) -> None:
    raw = signed(pair, wire(f"{HEADER}\n{WIDE}\nend\n"))
    broken = raw.replace(WIDE.encode(), WIDE.encode()[:990] + b"\r\n " + WIDE.encode()[990:])
    reason, given = found(pair, broken)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.REWRAPPED, True)


def test_base64_lines_of_another_width_are_told(pair: KeyPair) -> None:
    head = HEADER.replace("8bit", "base64")
    text = b64encode(b"The same octets, written in other lines. " * 9).decode()

    def body(width: int) -> str:
        return "".join(text[at : at + width] + "\n" for at in range(0, len(text), width))

    raw = signed(pair, wire(f"{head}\n{body(76)}"))
    reason, given = found(pair, raw.replace(wire(body(76)), wire(body(64))))
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.REWRAPPED, True)
    assert "76 characters" in given[0].sentence


def test_a_mime_part_added_by_a_list_is_told(pair: KeyPair) -> None:
    part = "--b1\nContent-Type: text/plain\n\nlist mailing list\n"
    raw = edit("--b1--", part + "--b1--")(signed(pair, wire(MULTIPART)))
    reason, given = found(pair, raw)
    assert (reason, given[0].change, given[0].certain) == (
        Reason.BODY_HASH,
        Change.PART_ADDED,
        True,
    )
    assert "by a mailing list" in given[0].sentence


def test_an_html_part_added_between_is_told(pair: KeyPair) -> None:
    plain = MULTIPART.replace("--b1\nContent-Type: text/html\n\n<p>Hello in HTML.</p>\n", "")
    raw = signed(pair, wire(plain))
    html = "--b1\nContent-Type: text/html\n\n<p>Hello in HTML.</p>\n"
    reason, given = found(pair, edit("--b1--", html + "--b1--")(raw))
    assert (reason, given[0].change, given[0].certain) == (
        Reason.BODY_HASH,
        Change.PART_ADDED,
        True,
    )


def test_a_footer_inside_a_part_is_told(pair: KeyPair) -> None:
    raw = edit("plain text.\n", "plain text.\nThis mail was scanned.\n")(
        signed(pair, wire(MULTIPART))
    )
    reason, given = found(pair, raw)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.FOOTER, True)


def test_footers_in_both_parts_are_told(pair: KeyPair) -> None:
    raw = signed(pair, wire(MULTIPART))
    raw = edit("plain text.\n", "plain text.\n\n-- \nScanned.\n")(raw)
    raw = edit("HTML.</p>\n", "HTML.</p>\n<hr>\n<p>Scanned.</p>\n")(raw)
    reason, given = found(pair, raw)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.FOOTER, True)
    assert "two parts" in given[0].sentence


def test_a_signer_that_hashes_by_another_way_than_it_says_is_told(pair: KeyPair) -> None:
    fields = read_message(MESSAGE).fields
    body = canonical_body(MESSAGE.partition(b"\r\n\r\n")[2], "simple")
    tags = {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": "example.com",
        "s": "sel",
        "h": "from",
        "bh": b64encode(hash_of("rsa-sha256", body)).decode(),
    }
    octets = [(name.encode(), value.encode()) for name, value in tags.items()]
    field = make_signature(fields, octets, ["from"], pair.private_pem, "DKIM-Signature")
    reason, given = found(pair, field + MESSAGE)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.CANONICAL, True)


def test_a_body_wrapped_into_a_multipart_is_told(pair: KeyPair) -> None:
    raw = signed(pair)
    head, _, body = raw.partition(b"\r\n\r\n")
    wrapped = b"--x\r\nContent-Type: text/plain\r\n\r\n" + body + b"--x\r\n\r\nfooter\r\n--x--\r\n"
    reason, given = found(pair, head + b"\r\n\r\n" + wrapped)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.WRAPPED, True)


def test_a_missing_closing_boundary_makes_a_cut_likely(pair: KeyPair) -> None:
    raw = signed(pair, wire(MULTIPART))
    reason, given = found(pair, raw[: raw.rindex(b"<p>Hello")])
    assert (reason, given[0].change, given[0].certain) == (
        Reason.BODY_HASH,
        Change.TRUNCATED,
        False,
    )


def test_an_empty_body_that_was_signed_is_told(pair: KeyPair) -> None:
    raw = signed(pair, wire(f"{HEADER}\n"))
    reason, given = found(pair, raw + b"text\r\n")
    assert (reason, given[0].change) == (Reason.BODY_HASH, Change.EMPTY)


def test_text_behind_the_length_passes_and_is_told(pair: KeyPair) -> None:
    """RFC 6376 8.2: what follows l= is not protected."""
    raw = signed(pair, length=-1) + b"Pay to account 123\r\n"
    reason, given = found(pair, raw)
    assert (reason, given[0].change) == (Reason.VALID, Change.APPENDED)
    assert "Pay to account" in given[0].sentence


HEADERS: list[tuple[str, dict[str, object], Callable[[bytes], bytes], Change]] = [
    ("tag", {}, edit("Subject: Re: Min", "Subject: [list] Re: Min"), Change.SUBJECT),
    ("tag behind Re:", {}, edit("Re: Min", "Re: [list] Min"), Change.SUBJECT),
    (
        "spam mark",
        {"header_canon": "simple"},
        edit("Re: Min", "***SPAM*** Re: Min"),
        Change.SUBJECT,
    ),
    (
        "From added",
        {},
        edit("From: Ann", "From: Eve <eve@example.net>\nFrom: Ann"),
        Change.FROM_ADDED,
    ),
    (
        "over-signed field added",
        {"headers": ("from", "to", "subject", "reply-to")},
        edit("To: Bob", "Reply-To: eve@example.net\nTo: Bob"),
        Change.FIELD_ADDED,
    ),
    ("Subject added", {}, append(""), Change.UNKNOWN),
    (
        "From replaced by a list",
        {},
        edit(
            "From: Ann <ann@example.com>",
            'From: "Ann via list" <list@example.org>\nX-Original-From: Ann <ann@example.com>',
        ),
        Change.FIELD_CHANGED,
    ),
    (
        "From replaced and Subject tagged",
        {},
        lambda raw: edit("Re: Min", "[list] Re: Min")(
            edit(
                "From: Ann <ann@example.com>",
                "From: list@example.org\nReply-To: Ann <ann@example.com>",
            )(raw)
        ),
        Change.FIELD_CHANGED,
    ),
    (
        "To changed, z= kept it",
        {"copies": True},
        edit("To: Bob <list@example.org>", "To: undisclosed"),
        Change.FIELD_CHANGED,
    ),
    (
        "refolded",
        {"header_canon": "simple"},
        edit("Subject: Re: Min", "Subject:\n Re: Min"),
        Change.FORM,
    ),
    ("name's case", {"header_canon": "simple"}, edit("Message-ID:", "Message-Id:"), Change.FORM),
    ("charset", {}, edit("charset=utf-8", "charset=us-ascii"), Change.CHARSET),
    ("encoding", {}, edit("Encoding: 8bit", "Encoding: 7bit"), Change.ENCODING),
    ("Date removed", {}, edit("Date: Sun, 15 Jun 2025 15:00:00 +0000\n", ""), Change.FIELD_MISSING),
    ("another author", {}, edit("ann@example.com", "amy@example.com"), Change.UNKNOWN),
]


@pytest.mark.parametrize("kind", [KeyKind.RSA, KeyKind.ED25519], ids=lambda kind: kind.value)
@pytest.mark.parametrize(
    ("name", "how", "change", "expected"), HEADERS, ids=[one[0] for one in HEADERS]
)
def test_a_changed_header_is_explained(
    name: str,
    how: dict[str, object],
    change: Callable[[bytes], bytes],
    expected: Change,
    kind: KeyKind,
) -> None:
    pair = make_key(kind)
    raw = change(signed(pair, **how))
    if name == "Subject added":  # an unsigned copy above the signed one: bottom-up still verifies
        raw = raw.replace(b"From: Ann", b"Subject: other\r\nFrom: Ann", 1)
        assert found(pair, raw) == (Reason.VALID, ())
        return
    reason, given = found(pair, raw)
    assert reason is Reason.HEADER
    assert given[0].change is expected, given
    assert given[0].certain is (expected not in (Change.UNKNOWN, Change.FIELD_MISSING))


def test_fields_in_another_order_are_told(pair: KeyPair) -> None:
    """RFC 6376 5.4.2: fields that stand several times are signed from the bottom up."""
    both = wire("X-Tag: one\nX-Tag: two\n") + MESSAGE
    raw = signed(pair, both, headers=("from", "x-tag", "x-tag"))
    assert found(pair, raw)[0] is Reason.VALID
    reason, given = found(pair, edit("X-Tag: one\nX-Tag: two\n", "X-Tag: two\nX-Tag: one\n")(raw))
    assert (reason, given[0].change, given[0].certain) == (Reason.HEADER, Change.REORDERED, True)


def test_another_key_of_the_same_size_is_told_from_a_changed_header(pair: KeyPair) -> None:
    reason, given = found(pair, signed(pair), make_key().record.encode())
    assert (reason, given[0].change, given[0].certain) == (Reason.HEADER, Change.WRONG_KEY, True)


def test_a_key_of_another_size_is_told(pair: KeyPair) -> None:
    reason, given = found(pair, signed(pair), make_key(bits=1024).record.encode())
    assert (reason, given[0].change) == (Reason.HEADER, Change.WRONG_KEY)
    assert "256 octets" in given[0].sentence
    assert "128" in given[0].sentence


def test_a_list_and_an_earlier_pass_are_said_beside_the_cause(pair: KeyPair) -> None:
    raw = signed(pair) + wire(FOOTER)
    marks = wire(
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com\n"
        "List-Id: <list.example.org>\n"
    )
    _, given = found(pair, marks + raw)
    assert [one.change for one in given] == [Change.FOOTER, Change.LIST, Change.PASSED_BEFORE]


def test_a_body_and_a_subject_changed_by_a_list_are_both_told(pair: KeyPair) -> None:
    raw = edit("Re: Min", "[list] Re: Min")(signed(pair)) + wire(FOOTER)
    reason, given = found(pair, raw)
    assert reason is Reason.BODY_HASH
    assert [one.change for one in given] == [Change.FOOTER, Change.SUBJECT]
    assert all(one.certain for one in given)


def test_a_hostile_body_is_given_up_in_bounded_time(pair: KeyPair) -> None:
    raw = signed(pair) + b"--b\r\n\r\n" * 20_000 + b" " * 300_000
    (verdict,) = verdicts(raw, {NAME: pair.record.encode()})
    assert verdict.result is DkimResult.FAIL


def test_fields_that_were_left_unsigned_are_named(pair: KeyPair) -> None:
    """RFC 6376 5.4.1: what should be signed besides From."""
    raw = signed(pair, headers=("from", "date", "content-type"))
    (verdict,) = verdicts(raw, {NAME: pair.record.encode()})
    assert verdict.result is DkimResult.PASS
    assert verdict.explanation == (
        "Not signed, so that anybody can change it on the way: To, Subject.",
    )


PAIR = make_key(bits=1024)
SIGNED = signed(PAIR, wire(MULTIPART), copies=True, body_canon="simple", header_canon="simple")


@given(
    st.integers(0, len(SIGNED)),
    st.integers(0, 200),
    st.binary(max_size=60)
    | st.sampled_from([b"\r\n", b"--b1\r\n", b"Subject: [x] y\r\n", b"\n", b"\0"]),
    st.sampled_from([PAIR.record.encode(), RFC6376_KEY]),
)
def test_any_change_is_judged_and_explained_without_error(
    at: int, length: int, new: bytes, record: bytes
) -> None:
    raw = SIGNED[:at] + new + SIGNED[at + length :]
    for verdict in verdicts(raw, {NAME: record}):
        assert all(one.isprintable() for one in (verdict.sentence, *verdict.explanation))


LONG = MULTIPART.replace("plain text.\n", "plain text.\n" + "one more line of many\n" * 2_000)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("--b1\nContent-Type: text/html", "Scanned.\n--b1\nContent-Type: text/html", Change.FOOTER),
        ("Hello in plain", "CAUTION: external\n\nHello in plain", Change.BANNER),
        (
            "--b1\nContent-Type: text/plain\n",
            "see below\n--b1\nContent-Type: text/plain\n",
            Change.FOOTER,
        ),
        (
            "--b1\nContent-Type: text/html",
            "--b1\nContent-Type: text/x\n\nnew\n--b1\nContent-Type: text/html",
            Change.PART_ADDED,
        ),
    ],
)
def test_in_a_long_body_blocks_are_looked_for_where_they_are_put(
    before: str, after: str, expected: Change, pair: KeyPair
) -> None:
    raw = edit(before, after)(signed(pair, wire(LONG)))
    reason, given = found(pair, raw)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, expected, True)


def test_parts_converted_to_quoted_printable_are_told(pair: KeyPair) -> None:
    part = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\ncaf\u00e9\n"
    text = MULTIPART.replace("Content-Type: text/plain\n\nHello in plain text.\n", part)
    raw = signed(pair, wire(text))
    changed = raw.replace(b"Encoding: 8bit", b"Encoding: quoted-printable")
    changed = changed.replace("caf\u00e9".encode(), b"caf=C3=A9")
    reason, given = found(pair, changed)
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.ENCODING, True)


def test_a_relays_note_of_a_conversion_makes_it_likely(pair: KeyPair) -> None:
    note = wire("X-MIME-Autoconverted: from 8bit to quoted-printable by relay.example.org id 1\n")
    reason, given = found(pair, note + signed(pair).replace(b"Dear", b"D=65ar"))
    assert (reason, given[0].change, given[0].certain) == (Reason.BODY_HASH, Change.ENCODING, False)
    assert "relay.example.org" in given[0].sentence


def test_a_subject_written_in_encoded_words_on_the_way_is_told(pair: KeyPair) -> None:
    plain = MESSAGE.replace(b"Re: Minutes", "Caf\u00e9".encode())
    raw = signed(pair, plain)
    encoded = raw.replace("Caf\u00e9".encode(), b"=?utf-8?q?Caf=C3=A9?=")
    reason, given = found(pair, encoded)
    assert (reason, given[0].change, given[0].certain) == (Reason.HEADER, Change.SUBJECT, True)
