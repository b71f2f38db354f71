"""``mxwalk message``: what is taken for a message, what is said of it, and what comes out."""

import io
import json

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.commands.attached import attached_messages
from mxwalk.commands.message import message_input
from mxwalk.errors import UsageError
from mxwalk.evidence.journal import read_trace
from mxwalk.limits import MESSAGE_BYTES
from mxwalk.mailauth.message import read_message

NOBODY = ("--resolver", "127.0.0.1:9", "--timeout", "0.2")  # discard: nothing answers there
MAIL = b"""Received: from mail.example.com (mail.example.com [192.0.2.25]) by mx.example.net; now
Return-Path: <anna@example.com>
From: Anna <anna@example.com>
Date: Fri, 20 Nov 2026 09:00:00 +0000

Hello.
"""


def run(*words, **kwargs):
    return CliRunner().invoke(cli, list(words), prog_name="mxwalk", **kwargs)


@pytest.fixture
def mail(tmp_path):
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    return path


def test_a_file_is_walked_and_what_was_assumed_is_said(mail):
    result = run("message", str(mail), *NOBODY)
    assert result.exit_code == 4, result.output  # nothing answers: not "no record"
    assert "mail.eml   from example.com" in result.stdout
    assert (
        "The client's address 192.0.2.25 is assumed from Received field 1 (line 1)."
        in result.stdout
    )
    assert "> RFC 9989 receiver" in result.stdout
    assert "LF alone" not in result.stderr  # as every file on Unix has them


def test_what_is_given_counts(mail):
    words = ("--ip", "2001:db8::1", "--helo", "relay.example.org", "--mail-from", "<>")
    result = run(
        "message", str(mail), *words, "--receiver", "esa-guide", "--format", "json", *NOBODY
    )
    document = json.loads(result.stdout)
    message = document["message"]
    assert message["client_ip"] == {
        "value": "2001:db8::1",
        "origin": "given",
        "assumed": False,
        "sentence": "The client's address 2001:db8::1 was given.",
    }
    assert (message["helo"]["value"], message["mail_from"]["value"]) == ("relay.example.org", "<>")
    assert document["sender"] == "esa-guide"
    assert result.exit_code == document["exit_code"]


def test_standard_input_and_header_lines_alone():
    header = MAIL.partition(b"\n\n")[0]
    result = run("message", "-", "--format", "json", *NOBODY, input=header)
    message = json.loads(result.stdout)["message"]
    assert message["body"] is False
    assert "only header fields are here" in result.stderr
    text = run("message", "-", *NOBODY, input=header).stdout
    assert "not checked: the body (only header fields were given)" in text


def test_the_trace_is_saved_opened_and_reported_on(mail, tmp_path):
    saved = tmp_path / "m.mxtrace"
    first = run("message", str(mail), "--save", str(saved), *NOBODY)
    assert read_trace(saved).header.message is not None
    for command in ("open", "report"):
        again = run(command, str(saved))
        assert again.exit_code == first.exit_code
        assert "RECEIVERS" in again.stdout
        assert "receiver rfc7489" in run(command, str(saved), "--sender", "rfc7489").stdout
    assert run("report", str(saved), "--sender", "esa:6").exit_code == 2


def test_a_redacted_trace_has_no_message(mail, tmp_path):
    saved = tmp_path / "m.mxtrace"
    run("message", str(mail), "--save", str(saved), "--redact", *NOBODY)
    given = read_trace(saved).header.message
    assert given is not None
    assert b"Hello" not in given.raw
    assert b"anna" not in given.raw.lower()
    result = run("report", str(saved))
    assert "redaction removed them" in " ".join(result.stdout.split())


def test_the_lab_walks_messages_and_domains_without_a_terminal():
    for words in (("check", "--lab", "dkim-good"), ("lab", "dkim-good")):
        result = run(*words)
        assert result.exit_code == 0, result.output
        assert "✓ accepted, authentic" in result.stdout
        assert "receiver rfc9989" in result.stdout
    assert run("lab", "dmarc-fail-reject", "--sender", "esa-guide").exit_code == 3
    assert run("check", "--lab", "dkim-good", "--sender", "esa:6").exit_code == 2


def test_a_format_for_deliveries_is_refused_before_anything_is_asked(mail):
    result = run("message", str(mail), "--format", "tlsrpt")
    assert result.exit_code == 2
    assert "a report on deliveries" in result.stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"Dear Bob,\nhow are you?\n", "is no message: 'Dear Bob,' is no header field"),
        (b"\xd0\xcf\x11\xe0rest", "an Outlook .msg file"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b'{"format":"mxwalk-trace"', "a saved walk; open it with: mxwalk open"),
        (
            (
                b"From a@b Fri Nov 20 09:00:00 2026\nFrom: a@example.com\n\nx\n\n"
                b"From a@b Fri Nov 20 10:00:00 2026\nFrom: b@example.com\n\ny\n"
            ),
            "a mailbox of 2 messages",
        ),
    ],
)
def test_what_is_no_single_message_is_told_in_a_sentence(tmp_path, data, words):
    path = tmp_path / "x.eml"
    path.write_bytes(data)
    result = run("message", str(path))
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_or_too_long_is_told(tmp_path):
    result = run("message", str(tmp_path / "none.eml"))
    assert result.exit_code == 2
    assert "No such file" in result.stderr
    big = tmp_path / "big.eml"
    with big.open("wb") as file:
        file.truncate(MESSAGE_BYTES + 1)
    assert "more than a message is read for" in run("message", str(big)).stderr


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--ip", "localhost", "not an IP address"),
        ("--mail-from", "anna", "not an address like user@example.com"),
        ("--helo", "a b", "is not made of letters"),
        ("--receiver", "exim", "known are rfc9989"),
    ],
)
def test_an_envelope_that_cannot_be_is_refused(mail, option, value, words):
    result = run("message", str(mail), option, value)
    assert result.exit_code == 2
    assert words in result.stderr


def test_marks_and_line_ends_of_other_systems_are_read():
    for data in (b"\xef\xbb\xbf" + MAIL, MAIL.replace(b"\n", b"\r"), b"\n\n" + MAIL):
        given, notes = message_input(data)
        assert read_message(given.raw).author_domains == ("example.com",)
        assert given.whole
        assert notes
    one = b"From x@y Fri Nov 20 09:00:00 2026\n" + MAIL  # one message of an mbox is one message
    assert read_message(message_input(one)[0].raw).author_domains == ("example.com",)


def test_an_empty_body_is_one_only_when_it_was_signed_as_such():
    header = b"From: a@example.com\r\nDKIM-Signature: v=1; bh=%b; b=x\r\n\r\n"
    signed = header % b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert message_input(signed)[0].whole
    assert not message_input(header % b"QUJD")[0].whole  # the header was pasted with its empty line
    assert message_input(b"From: a@example.com\r\n\r\n")[0].whole


FORWARDED = b"""From: bob@example.net
Content-Type: multipart/mixed; boundary="=_1"

This is a multi-part message.
--=_1
Content-Type: text/plain

see below
--=_1
Content-Type: message/rfc822

%b
--=_1--
"""


def test_a_message_attached_is_told_of_and_can_be_walked_octet_for_octet(tmp_path):
    path = tmp_path / "fwd.eml"
    path.write_bytes(FORWARDED % MAIL)
    result = run("message", str(path), "--format", "json", *NOBODY)
    assert json.loads(result.stdout)["message"]["author_domain"] == "example.net"
    assert "a message is attached to it; to look at that one, add --attached 1" in result.stderr
    inner = run("message", str(path), "--attached", "1", "--format", "json", *NOBODY)
    assert json.loads(inner.stdout)["message"]["author_domain"] == "example.com"
    wire = (FORWARDED % MAIL).replace(b"\n", b"\r\n")
    assert attached_messages(wire) == (MAIL.replace(b"\n", b"\r\n"),)
    assert "1 attached" in run("message", str(path), "--attached", "2").stderr


def test_no_attachment_is_made_of_nothing(mail):
    assert attached_messages(b"") == ()
    assert attached_messages(MAIL.replace(b"\n", b"\r\n")) == ()
    result = run("message", str(mail), "--attached", "1")
    assert result.exit_code == 2
    assert "no message is attached" in result.stderr


def test_a_name_of_a_person_as_helo_is_no_name():
    with pytest.raises(UsageError):
        message_input(MAIL, helo="two words")


def test_the_input_is_read_as_octets(monkeypatch):
    class Input:
        buffer = io.BytesIO(b"From: a@example.com\n\n\xff\n")

    monkeypatch.setattr("sys.stdin", Input())
    from mxwalk.commands.message import read_input

    assert read_input("-").endswith(b"\xff\n")


# -- line ends, and what is no message ----------------------------------------------------------------


_LINES = (
    b"From: Anna <anna@example.com>",
    b"Subject: one",
    b" two",
    b"Date: x",
    b"",
    b"Hello",
    b"",
)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_lines_of_one_kind_come_out_as_they_were_on_the_wire(end):
    given, notes = message_input(end.join(_LINES), "a.eml")
    assert given.raw == b"\r\n".join(_LINES)
    assert given.whole
    assert not any("LF alone" in one for one in notes)  # the usual case on Unix


def test_a_header_with_cr_and_a_body_with_lf_is_read():
    data = b"\r".join(_LINES[:5]) + b"\r" + b"\n".join(_LINES[5:])
    given, notes = message_input(data, "a.eml")
    assert given.raw == b"\r\n".join(_LINES)
    assert any("mixed" in one for one in notes)


def test_a_bare_cr_within_a_field_stays_for_it_was_sent_so():
    data = b"From: anna@example.com\r\nSubject: a\rb\r\nDate: x\r\n\r\nHello\r\n"
    given, _ = message_input(data, "a.eml")
    assert given.raw == data


def test_what_is_binary_is_said_to_be_so():
    with pytest.raises(UsageError, match="is binary, no message") as raised:
        message_input(bytes(range(256)) * 20, "a.eml")
    assert len(str(raised.value)) < 120


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.eml", b"\r\n".join(_LINES), "an e-mail; walk it with: mxwalk message"),
        ("a.xml", b"<feedback/>", "mxwalk dmarc"),
        ("a.json", b'{"schema": "mxwalk-report-1"}', "a report of mxwalk in JSON"),
    ],
)
def test_what_is_no_saved_walk_is_told_with_what_opens_it(name, data, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    result = run("report", str(path))
    assert result.exit_code == 2
    assert "is no saved walk" in result.stderr
    assert said in " ".join(result.stderr.split())
