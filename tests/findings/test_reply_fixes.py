"""The fix of each fault in a reply's form mends that fault."""

import pytest

from mxwalk.findings.registry import check
from mxwalk.limits import REPLY_BYTES
from tests.senders.walks import one_host

GRAMMAR = "printable ASCII and CRLF"


def found(reply: bytes):
    walked = one_host()
    walked.at("mx.example.net", "192.0.2.1").connect().greeting().ehlo(reply)
    return {one.code: one for one in check(walked.delivery)}


@pytest.mark.parametrize(
    ("code", "reply", "fix"),
    [
        ("RPLY018", b"250-mx.example.net\r\n" * 120 + b"250 SIZE\r\n", "a few lines are enough"),
        ("RPLY020", b"250-mx.example.net\r\n251 SIZE\r\n", "begin with the same code"),
        ("RPLY023", b"299 mx.example.net\r\n", "a code of RFC 5321 4.2.3"),
        ("RPLY015", b"250 mx.example.net " + b"x" * 600 + b"\r\n", "512 octets"),
        ("RPLY022", b"250-mx.example.net\r\n250-SIZE\r\n", "the last line of a reply"),
    ],
)
def test_a_well_formed_line_is_not_asked_of_who_sends_one(
    code: str, reply: bytes, fix: str
) -> None:
    finding = found(reply)[code]
    assert fix in finding.fix
    assert GRAMMAR not in finding.fix


def test_what_breaks_the_grammar_is_told_the_grammar() -> None:
    assert GRAMMAR in found(b"250-mx.example.net\n250 SIZE\r\n")["RPLY010"].fix


def test_a_reply_that_is_too_long_is_told_once_and_its_last_line_as_cut() -> None:
    lines = b"".join(b"250-X-EXT%d foo\r\n" % n for n in range(10_000))
    codes = found((b"250-mx.example.net\r\n" + lines)[:REPLY_BYTES])
    assert "RPLY018" not in codes
    cut = lines[: REPLY_BYTES - len(b"250-mx.example.net\r\n")].rpartition(b"\n")[2].decode()
    assert cut
    assert codes["RPLY017"].sentence.endswith(f"the last without its end: {cut}")


def test_the_last_line_of_a_whole_reply_is_told_as_it_is() -> None:
    sentence = found(b"250-mx.example.net\r\n" * 120 + b"250 SIZE\r\n")["RPLY018"].sentence
    assert sentence.endswith("the last: 250 SIZE\\r\\n")
