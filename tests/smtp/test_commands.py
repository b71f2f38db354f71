"""Commands: what may be sent, what may not and why, and the EHLO name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.errors import ProtocolMisuseError
from mxwalk.smtp.commands import (
    COMMAND_LINE_BYTES,
    ENVELOPE_LINE_BYTES,
    Verb,
    command_problem,
    helo_name_problem,
    parse_command,
)
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("raw", "verb", "argument"),
    [
        (b"EHLO probe.example.net\r\n", Verb.EHLO, "probe.example.net"),
        (b"ehlo [192.0.2.1]\r\n", Verb.EHLO, "[192.0.2.1]"),
        (b"HELO probe.example.net\r\n", Verb.HELO, "probe.example.net"),
        (b"STARTTLS\r\n", Verb.STARTTLS, ""),
        (b"MAIL FROM:<>\r\n", Verb.MAIL, "FROM:<>"),
        (b"MAIL FROM:<a@example.com> SIZE=1000\r\n", Verb.MAIL, "FROM:<a@example.com> SIZE=1000"),
        (b"rcpt to:<b@example.com>\r\n", Verb.RCPT, "to:<b@example.com>"),
        (b"RSET\r\n", Verb.RSET, ""),
        (b"NOOP\r\n", Verb.NOOP, ""),
        (b"NOOP still here\r\n", Verb.NOOP, "still here"),
        (b"VRFY postmaster\r\n", Verb.VRFY, "postmaster"),
        (b"EXPN staff\r\n", Verb.EXPN, "staff"),
        (b"HELP\r\n", Verb.HELP, ""),
        (b"QUIT\r\n", Verb.QUIT, ""),
    ],
)
def test_command_in_form_is_parsed(raw: bytes, verb: Verb, argument: str) -> None:
    assert command_problem(raw) is None
    command = parse_command(raw)
    assert (command.verb, command.argument, command.raw) == (verb, argument, raw)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "The command does not end in CRLF."),
        (b"QUIT", "The command does not end in CRLF."),
        (b"QUIT\n", "The command does not end in CRLF."),
        (b"QUIT\r\nRSET\r\n", "The command holds a line break; one command is sent at a time."),
        (b"QUIT\r\n\r\n", "The command holds a line break; one command is sent at a time."),
        (b"NOOP a\nb\r\n", "The command holds a line break; one command is sent at a time."),
        (b"NOOP a\rb\r\n", "The command holds a line break; one command is sent at a time."),
        (b"\r\n", "The command is empty."),
        (b" QUIT\r\n", "The command begins with a space."),
        (b"DATA\r\n", "DATA is never sent: a walk delivers no message."),
        (b"data\r\n", "DATA is never sent: a walk delivers no message."),
        (b"BDAT 0 LAST\r\n", "BDAT is never sent: a walk delivers no message."),
        (b"TURN\r\n", "“TURN” is not among the commands a walk sends."),
        (b"QU\x1bIT\r\n", "“QU\\x1bIT” is not among the commands a walk sends."),
        (b"EHLO\r\n", "EHLO needs an argument."),
        (b"EHLO \r\n", "EHLO needs an argument."),
        (b"VRFY\r\n", "VRFY needs an argument."),
        (b"STARTTLS now\r\n", "STARTTLS takes no argument."),
        (b"QUIT \r\n", "QUIT takes no argument."),
        (b"NOOP \0\r\n", "The command holds a control character."),
        (b"NOOP \t\r\n", "The command holds a control character."),
        ("EHLO größe.example\r\n".encode(), "EHLO takes printable ASCII only."),
        (b"MAIL\r\n", "MAIL needs the form MAIL FROM:<address>."),
        (b"MAIL FROM: <a@example.com>\r\n", "MAIL needs the form MAIL FROM:<address>."),
        (b"MAIL FROM:a@example.com\r\n", "MAIL needs the form MAIL FROM:<address>."),
        (b"RCPT FROM:<a@example.com>\r\n", "RCPT needs the form RCPT TO:<address>."),
        (b"RCPT TO:<a@example.com\r\n", "RCPT needs the form RCPT TO:<address>."),
        (b"RCPT TO:<>\r\n", "RCPT needs an address; only MAIL may have the empty path <>."),
        (b"MAIL FROM:<\xff@example.com> SMTPUTF8\r\n", "The address after MAIL is not UTF-8."),
        (
            b"MAIL FROM:<\xc2\x9b@example.com> SMTPUTF8\r\n",
            "The command holds a control character.",
        ),
        (
            "MAIL FROM:<ü@example.com>\r\n".encode(),
            "Characters beyond ASCII in MAIL need the parameter SMTPUTF8 in MAIL.",
        ),
        (
            "MAIL FROM:<üSMTPUTF8@example.com>\r\n".encode(),
            "Characters beyond ASCII in MAIL need the parameter SMTPUTF8 in MAIL.",
        ),
        (
            "RCPT TO:<ü@example.com> SMTPUTF8\r\n".encode(),
            "Characters beyond ASCII in RCPT need the parameter SMTPUTF8 in MAIL.",
        ),
    ],
)
def test_command_out_of_form_is_refused_with_the_reason(raw: bytes, problem: str) -> None:
    assert command_problem(raw) == problem
    with pytest.raises(ProtocolMisuseError) as caught:
        parse_command(raw)
    assert str(caught.value) == problem


def test_utf8_goes_with_smtputf8_for_the_whole_transaction() -> None:  # RFC 6531 3.4
    mail = parse_command("MAIL FROM:<ü@example.com> smtputf8\r\n".encode())
    assert mail.wants_utf8
    assert command_problem("RCPT TO:<ü@example.com>\r\n".encode(), smtputf8=True) is None
    assert not parse_command(b"RCPT TO:<a@example.com>\r\n").wants_utf8


def test_length_of_a_line_is_limited_with_its_crlf() -> None:  # RFC 5321 4.5.3.1.4
    longest = b"NOOP " + b"x" * (COMMAND_LINE_BYTES - 7) + b"\r\n"
    assert command_problem(longest) is None
    assert command_problem(b"NOOP x" + longest[5:]) == (
        "The command has 513 octets; NOOP may have 512 with its CRLF."
    )
    mail = b"MAIL FROM:<" + b"x" * (ENVELOPE_LINE_BYTES - 14) + b">\r\n"
    assert command_problem(mail) is None
    assert command_problem(mail[:-3] + b"x>\r\n") is not None


@pytest.mark.parametrize(
    "name", ["probe.example.net", "[192.0.2.1]", "[IPv6:2001:db8::1]", "xn--bcher-kva.example"]
)
def test_sound_ehlo_name_has_no_problem(name: str) -> None:
    assert helo_name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "The EHLO name is empty."),
        ("192.0.2.1", "“192.0.2.1” is a bare address; as an address literal it is [192.0.2.1]."),
        (
            "2001:db8::1",
            "“2001:db8::1” is a bare address; as an address literal it is [IPv6:2001:db8::1].",
        ),
        ("[2001:db8::1]", "“[2001:db8::1]” is not an address literal such as [192.0.2.1]."),
        ("[192.0.2.1", "“[192.0.2.1” is not an address literal such as [192.0.2.1]."),
        ("localhost", "“localhost” is not fully qualified: it has one label only."),
        (
            "probe.example.net.",
            "“probe.example.net.” ends in a dot, which the grammar of SMTP does not have.",
        ),
        (
            "my_host.example.net",
            "“my_host.example.net” is not a domain name of letters, digits and hyphens.",
        ),
        (
            "probe example.net",
            "“probe example.net” is not a domain name of letters, digits and hyphens.",
        ),
        ("größe.example", "“größe.example” is not a domain name of letters, digits and hyphens."),
    ],
)
def test_unsound_ehlo_name_is_explained(name: str, problem: str) -> None:
    assert helo_name_problem(name) == problem


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_input_never_becomes_two_commands(octets: bytes) -> None:
    for raw in (octets, b"EHLO " + octets + b"\r\n", b"MAIL FROM:<" + octets + b"> SMTPUTF8\r\n"):
        problem = command_problem(raw)
        if problem is None:
            assert raw.count(b"\r") == raw.count(b"\n") == 1
            assert b"\x1b" not in raw
        else:
            assert problem.isprintable()
    name_problem = helo_name_problem(octets.decode("utf-8", "surrogateescape"))
    assert name_problem is None or name_problem.isprintable()


@given(
    st.binary(max_size=30),
    st.sampled_from([b"NOOP ", b"RCPT TO:<", b"MAIL FROM:<>", b"", b"VRFY "]),
)
def test_what_passes_is_one_line_without_controls(octets: bytes, head: bytes) -> None:
    raw = head + octets + b"\r\n"
    if command_problem(raw, smtputf8=True) is None:
        text = parse_command(raw, smtputf8=True).raw[:-2].decode("utf-8")
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text)
