"""What AUTH sends is covered wherever a pasted text is quoted, in every form."""

import base64

import pytest

from mxwalk.clues.credentials import COVER, Secrets, covered, quoted
from mxwalk.clues.reading import understand
from mxwalk.commands.clue import to_json
from mxwalk.evidence.journal import dump_trace

USER, PASSWORD = "YWxpY2U=", "c2VjcmV0cGFzcw=="
BOTH = "AGFsaWNlAHNlY3JldHBhc3M="
Lines = tuple[tuple[str, str], ...]

_BEGUN = (
    ("S", "220 mx.example.com ESMTP"),
    ("C", "EHLO client.example.net"),
    ("S", "250-mx.example.com"),
    ("S", "250 AUTH PLAIN LOGIN"),
)
_REFUSED = (("S", "535 5.7.8 Error: authentication failed"), ("C", "QUIT"), ("S", "221 2.0.0 Bye"))
PLAIN = (*_BEGUN, ("C", f"AUTH PLAIN {BOTH}"), *_REFUSED)
LATER = (*_BEGUN, ("C", "auth plain"), ("S", "334 "), ("C", BOTH), *_REFUSED)
LOGIN = (
    *_BEGUN,
    ("C", "AUTH LOGIN"),
    ("S", "334 VXNlcm5hbWU6"),
    ("C", USER),
    ("S", "334 UGFzc3dvcmQ6"),
    ("C", PASSWORD),
    *_REFUSED,
)
PIPELINED = (
    ("S", "220 mx.example.com ESMTP"),
    ("C", "EHLO client.example.net"),
    ("C", f"AUTH PLAIN {BOTH}"),
    ("S", "250 AUTH PLAIN"),
    *_REFUSED,
)


def _marked(lines: Lines, client: str, server: str, head: str = "") -> str:
    marks = {"C": client, "S": server}
    return head + "\n".join(f"{marks[who]}{words}" for who, words in lines) + "\n"


def _swaks(lines: Lines) -> str:
    head = "=== Trying mx.example.com:587...\n=== Connected to mx.example.com.\n"
    return _marked(lines, " -> ", "<-  ", head)


def _telnet(lines: Lines) -> str:
    head = "$ telnet mx.example.com 25\nTrying 192.0.2.1...\nConnected to mx.example.com.\n"
    return _marked(lines, "", "", f"{head}Escape character is '^]'.\n")


def _hex(lines: Lines) -> str:
    """Write packets as ``tcpdump -X`` does, headers of zeros but for what is read."""
    written = []
    for who, words in lines:
        ends = ("198.51.100.7.4000", "192.0.2.1.25")
        source, target = ends if who == "C" else ends[::-1]
        data = f"{words}\r\n".encode()
        packet = bytearray(40) + data
        packet[0], packet[9], packet[32] = 0x45, 6, 0x50
        packet[2:4] = len(packet).to_bytes(2, "big")
        written.append(f"12:00:00.000000 IP {source} > {target}: Flags [P.], length {len(data)}")
        for at in range(0, len(packet), 16):
            row = bytes(packet[at : at + 16])
            shown = "".join(chr(one) if 0x20 < one < 0x7F else "." for one in row)
            written.append(f"\t0x{at:04x}:  {row.hex(' ', 2):<39}  {shown}")
    return "\n".join(written) + "\n"


FORMS = {
    "swaks": _swaks,
    "telnet": _telnet,
    "hex": _hex,
    "marked": lambda lines: _marked(lines, "C: ", "S: "),
    "bare": lambda lines: _marked(lines, "", ""),
    "posttls-finger": lambda lines: _marked(lines, "posttls-finger: > ", "posttls-finger: < "),
    "tshark": lambda lines: "".join(
        f"{number} 0.1 192.0.2.9 → 192.0.2.1 SMTP 90 {who}: {words}\n"
        for number, (who, words) in enumerate(lines, 1)
    ),
}
DIALOGUES = {"plain": PLAIN, "later": LATER, "login": LOGIN, "pipelined": PIPELINED}


@pytest.mark.parametrize("lines", DIALOGUES.values(), ids=DIALOGUES)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_credential_is_in_clues_or_trace(form, lines):
    found = understand(form(lines))
    assert found.trace is not None
    assert any("535" in one.meaning and one.step is None for one in found.clues)
    assert not any("without being asked" in one.meaning for one in found.clues)
    everything = to_json(found) + dump_trace(found.trace).decode("utf-8")
    for secret in (USER, PASSWORD, BOTH):
        raw = base64.b64encode(f"{secret}\r\n".encode()).decode()
        for form_of_it in (secret, secret[:8], raw[:-4], base64.b64decode(secret).hex()):
            assert form_of_it not in everything


def test_the_command_is_told_without_what_it_sends():
    found = understand(_swaks(PLAIN))
    told = next(one for one in found.clues if COVER in one.quoted)
    assert told.quoted == f" -> AUTH PLAIN {COVER}"
    assert told.meaning.startswith(f"AUTH PLAIN {COVER} was answered: 535")


def test_a_password_of_the_command_line_is_covered():
    typed = "$ swaks --server mx.example.com:587 -au alice --auth-password hunter22 -ap=hunter22\n"
    found = understand(typed + _swaks(PLAIN))
    assert any("swaks --server" in one.quoted for one in found.clues)
    assert "hunter22" not in to_json(found)


@pytest.mark.parametrize(
    "command",
    [
        "swaks --auth-password 'hunter22 more' -t u@example.com",
        'swaks --auth-password="hunter22 more"',
        "swaks --pass hunter22",
        "sendemail -xu alice -xp hunter22",
        "s-nail -S smtp-auth-password=hunter22",
        "curl -u alice:hunter22 smtp://mx.example.com",
        "curl --user 'alice:hunter22' smtp://mx.example.com",
        "curl --url smtp://alice:hunter22@mx.example.com:587/",
        "curl -u alice:'hunter22 more' smtp://mx.example.com",
        "curl --user 'alice:hunter22 more' smtp://mx.example.com",
        'curl --user="alice:hunter22 more" smtp://mx.example.com',
        'curl -u alice:"hunter22 \\"more" smtp://mx.example.com',
        "curl -u alice:hunter22\\ more smtp://mx.example.com",
        "curl -sSu alice:hunter22 smtp://mx.example.com",
        "curl -vualice:hunter22 smtp://mx.example.com",
        "curl -u  alice:hunter22 smtp://mx.example.com",
        "curl -U alice:hunter22 --proxy-user alice:hunter22 smtp://mx.example.com",
        "curl smtp://alice:hunter22@more@mx.example.com",
        "curl smtps://alice:hunter22/more@mx.example.com",
        "curl smtp://alice@example.com:hunter22@mx.example.com",
        "curl smtp://alice:12345hunter22@mx.example.com",
        'swaks -au alice -ap "hunter22\\"more" -t u@example.com',
        "openssl cms -passin pass:hunter22",
        "SMTP_PASSWORD=hunter22 ./send",
        "mutt -e 'set smtp_pass=hunter22'",
    ],
)
def test_a_password_is_covered_where_tools_have_it(command):
    shown = covered(command)
    assert "hunter22" not in shown
    assert "more" not in shown
    assert COVER in shown


def test_what_stands_around_a_password_stays():
    assert covered("curl -sSu alice:'a b' smtp://h") == f"curl -sSu alice:{COVER} smtp://h"
    assert covered('curl --user "alice:a b" -v') == f'curl --user "alice:{COVER}" -v'
    assert covered("curl smtp://alice:a@b@h/x") == f"curl smtp://alice:{COVER}@h/x"
    assert covered('swaks -ap "a\\"b" -t x') == f"swaks -ap {COVER} -t x"


@pytest.mark.parametrize(
    "said",
    [
        "not taken: {secret}",
        "not taken: [{secret}]",
        'not taken: "{secret}".',
        "not taken: ({secret}",
        "not taken: user={secret};",
        "not taken: x{secret}x",
    ],
)
def test_a_response_that_the_server_says_again_is_covered_too(said):
    shown = said.format(secret=COVER)
    answer = ("S", "535 5.7.8 " + said.format(secret=PASSWORD))
    found = understand(_swaks((*LOGIN[:-3], answer, *LOGIN[-2:])))
    assert found.trace is not None
    assert any(shown in one.meaning for one in found.clues)
    data = [chunk.data for step in found.trace.steps for chunk in step.wire]
    assert not any(PASSWORD.encode() in each for each in data)
    assert PASSWORD not in to_json(found)


def test_of_a_response_that_is_cut_nothing_longer_than_a_piece_is_left():
    secrets = Secrets()
    secrets.add(BOTH)
    assert secrets.covered_in(f"at {BOTH}, {BOTH}{BOTH}!") == f"at {COVER}, {COVER}!"
    assert secrets.covered_in(f"{BOTH[:-4]}...") == f"{COVER}{BOTH[16:-4]}..."


def _answered_with(response: str, *answer: str) -> tuple[str, ...]:
    """Return what is told of an AUTH with this response, and of the answers to it."""
    asked = (("C", "AUTH LOGIN"), ("S", "334 UGFzc3dvcmQ6"), ("C", response))
    said = tuple(("S", line) for line in answer)
    found = understand(_marked((*_BEGUN, *asked, *said), "C: ", "S: "))
    return tuple(one.meaning + "\n" + one.quoted for one in found.clues)


@pytest.mark.parametrize("response", ["250", "*", "=", "535"])
def test_a_short_response_does_not_stand_in_the_place_of_a_code(response):
    told = _answered_with(response, "535-5.7.8 no", "535 5.7.8 * is no answer")
    assert any("was answered: 535 5.7.8 no / 5.7.8 * is no answer" in one for one in told)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("dGVz", "***"),
        ("(dGVz).", "(***)."),
        ("user=dGVz", "user=***"),
        ("dGVzdA dGVz.example dGVz@example", "dGVzdA dGVz.example dGVz@example"),
    ],
)
def test_a_short_response_is_covered_as_a_whole_word(said, shown):
    told = _answered_with("dGVz", f"535-{said}", "535 no")
    assert any(f"was answered: 535 {shown} / no" in one for one in told)


@pytest.mark.parametrize("piece", ["'", '"', "\\", "-u a:", "://a:", "password=", "@", 'a"\\'])
def test_a_long_line_of_beginnings_takes_no_time(piece):
    assert quoted(piece * 4_000)


def test_blanks_alone_are_quoted_as_nothing():
    assert quoted(" " * 10_000) == ""


def test_a_line_of_a_log_is_quoted_without_them():
    line = f'554 5.5.1 Error: in "AUTH PLAIN {BOTH}": the command is not allowed here'
    (one,) = understand(line).clues
    assert one.quoted.endswith(f'"AUTH PLAIN {COVER}": the command is not allowed here')


@pytest.mark.parametrize(
    "text",
    [
        "250-AUTH PLAIN LOGIN",
        "250-AUTH LOGIN PLAIN XOAUTH2",
        "250 AUTH GSSAPI NTLM",
        "503 5.5.1 AUTH command used when not advertised",
        "AUTH login rejected",
        "AUTH LOGIN",
        "date -u +%s",
        "see https://example.com:443/a@b and <u@example.com>",
        "<smtp://mx.example.com:25>,<u@example.com> [smtp://[2001:db8::1]:25] u@example.com",
        "curl -u alice smtp://mx.example.com:587 --mail-from u@example.com",
        "curl --user-agent a:b -u alice: smtp://mx.example.com",
        "550 5.7.1 password wrong",
    ],
)
def test_what_is_no_credential_stays(text):
    assert covered(text) == text


def test_a_response_longer_than_a_line_that_is_read_is_covered():
    found = understand(_swaks((*_BEGUN, ("C", "AUTH PLAIN"), ("S", "334 "), ("C", "QUJD" * 2_000))))
    assert found.trace is not None
    assert "QUJD" not in to_json(found)
