"""The two readings of an EHLO response: the two dialogues that taught us, and each deviation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.smtp.ehlo import read_ehlo
from mxwalk.smtp.model import Deviation, EhloDeviation, EhloLine, Reading, Role
from tests.hostile import HOSTILE

STRICT, LENIENT = Reading.STRICT, Reading.LENIENT

# A server that names STARTTLS before its greeting: a strict client reports that it is not supported.
WRONG_ORDER = (
    b"250-STARTTLS\r\n"
    b"250-mail.domain1.com\r\n"
    b"250-8BITMIME\r\n"
    b"250-PIPELINING\r\n"
    b"250-HELP\r\n"
    b"250-DELIVERBY 300\r\n"
    b"250 SIZE 30000000\r\n"
)
RIGHT_ORDER = b"250-mail-esa.com\r\n250-8BITMIME\r\n250-SIZE 33554432\r\n250 STARTTLS\r\n"

_KEYWORDS = st.sampled_from(
    [
        "STARTTLS",
        "starttls",
        "SIZE 1000",
        "AUTH=LOGIN",
        "AUTH PLAIN",
        "mail.example.com",
        "X-Y",
        "XXXXXXXA",
        "",
    ]
)
_TEXTS = st.one_of(_KEYWORDS.map(str.encode), st.binary(max_size=20))
_SEPARATORS = st.sampled_from([b"250-", b"250 ", b"250", b"550-", b""])
RESPONSES = st.lists(
    st.tuples(_SEPARATORS, _TEXTS, st.sampled_from([b"\r\n", b"\n"])).map(b"".join), max_size=12
).map(b"".join)


def line_2(text: bytes) -> EhloLine:
    """Read ``text`` as the second of three lines behind a sound greeting."""
    return read_ehlo(b"250-mx.example.com\r\n250-" + text + b"\r\n250 HELP\r\n").lines[1]


def greeting(text: bytes) -> EhloLine:
    return read_ehlo(b"250-" + text + b"\r\n250 HELP\r\n").lines[0]


def test_starttls_before_the_greeting_is_read_line_by_line() -> None:
    response = read_ehlo(WRONG_ORDER)
    assert [(line.number, line.strict_role, line.lenient_role) for line in response.lines] == [
        (1, Role.GREETING, Role.KEYWORD),
        (2, Role.INVALID, Role.GREETING),
        (3, Role.KEYWORD, Role.KEYWORD),
        (4, Role.KEYWORD, Role.KEYWORD),
        (5, Role.KEYWORD, Role.KEYWORD),
        (6, Role.KEYWORD, Role.KEYWORD),
        (7, Role.KEYWORD, Role.KEYWORD),
    ]
    first, second = response.lines[:2]
    assert first.deviations == (EhloDeviation.KEYWORD_IN_GREETING,)
    assert first.notes == (
        "STARTTLS stands in line 1, which is the greeting: strict clients do not see it.",
    )
    assert (first.domain, first.keyword, first.reference) == ("STARTTLS", "STARTTLS", "RFC 3207")
    assert second.deviations == (EhloDeviation.KEYWORD_SYNTAX,)
    assert second.notes == ("“mail.domain1.com” is no keyword: “.” is not allowed.",)
    assert second.domain == "mail.domain1.com"
    assert all(line.deviations == () for line in response.lines[2:])
    assert response.deviations == ()


def test_starttls_before_the_greeting_is_seen_by_lenient_clients_only() -> None:
    response = read_ehlo(WRONG_ORDER)
    rest = {
        "8BITMIME": (),
        "PIPELINING": (),
        "HELP": (),
        "DELIVERBY": ("300",),
        "SIZE": ("30000000",),
    }
    assert response.keywords(STRICT) == rest
    assert response.keywords(LENIENT) == {"STARTTLS": (), **rest}
    assert not response.offers("STARTTLS", STRICT)
    assert response.offers("STARTTLS", LENIENT)


def test_right_order_is_read_alike_by_both() -> None:
    response = read_ehlo(RIGHT_ORDER)
    assert [(line.strict_role, line.lenient_role) for line in response.lines] == [
        (Role.GREETING, Role.GREETING),
        (Role.KEYWORD, Role.KEYWORD),
        (Role.KEYWORD, Role.KEYWORD),
        (Role.KEYWORD, Role.KEYWORD),
    ]
    expected = {"8BITMIME": (), "SIZE": ("33554432",), "STARTTLS": ()}
    assert response.keywords(STRICT) == response.keywords(LENIENT) == expected
    assert [line.deviations for line in response.lines] == [()] * 4
    assert response.lines[0].domain == "mail-esa.com"
    assert [line.reference for line in response.lines[1:]] == ["RFC 6152", "RFC 1870", "RFC 3207"]
    assert all(line.meaning for line in response.lines[1:])


def test_keyword_in_line_one_without_a_greeting_behind_moves_nothing_else() -> None:
    response = read_ehlo(b"250-STARTTLS\r\n250-SIZE\r\n250 mail.example.com\r\n")
    assert [line.lenient_role for line in response.lines] == [
        Role.KEYWORD,
        Role.KEYWORD,
        Role.INVALID,
    ]
    assert [line.strict_role for line in response.lines] == [
        Role.GREETING,
        Role.KEYWORD,
        Role.INVALID,
    ]


def test_address_literal_in_line_two_is_the_lenient_greeting_too() -> None:
    response = read_ehlo(b"250-STARTTLS\r\n250-[IPv6:2001:db8::1] Hello\r\n250 DSN\r\n")
    second = response.lines[1]
    assert (second.lenient_role, second.domain, second.greeting_text) == (
        Role.GREETING,
        "[IPv6:2001:db8::1]",
        "Hello",
    )


@pytest.mark.parametrize(
    "raw", [b"250-mx.example.com\r\n250 starttls\r\n", b"250-mx.example.com\r\n250 StartTls\r\n"]
)
def test_keywords_have_no_case(raw: bytes) -> None:  # RFC 5321 2.4
    response = read_ehlo(raw)
    assert response.offers("STARTTLS", STRICT)
    assert response.offers("StartTLS", LENIENT)
    assert response.lines[1].deviations == ()


def test_letters_beyond_ascii_never_pass_for_a_keyword() -> None:
    line = line_2("\u017ftarttls".encode())  # LATIN SMALL LETTER LONG S, in upper case an S
    assert (line.strict_role, line.lenient_role) == (Role.INVALID, Role.INVALID)
    assert greeting("\u017ftarttls".encode()).lenient_role is Role.GREETING


@pytest.mark.parametrize(
    "text",
    [
        b"mx.example.com",
        b"mx.example.com at your service",
        b"localhost",
        b"[192.0.2.1]",
        b"[IPv6:2001:db8::25] Hello",
        b"[ipv6:::ffff:192.0.2.1]",
        b"[x400:c=de;a=example]",
        b"3com.example",
    ],
)
def test_sound_greeting_has_no_deviation(text: bytes) -> None:
    line = greeting(text)
    assert (line.strict_role, line.deviations, line.notes) == (Role.GREETING, (), ())
    assert line.domain == text.decode().partition(" ")[0]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (b"Hello there", None),
        (b"192.0.2.1", "“192.0.2.1” is an address without the brackets of an address literal."),
        (b"2001:db8::1", "“2001:db8::1” is an address without the brackets of an address literal."),
        (b"[2001:db8::1]", "“[2001:db8::1]” is neither a domain nor an address literal."),
        (
            b"[IPv6:fe80::1%eth0]",
            "“[IPv6:fe80::1%eth0]” is neither a domain nor an address literal.",
        ),
        (b"[192.0.2.256]", "“[192.0.2.256]” is neither a domain nor an address literal."),
        (b"mx_1.example.com", "“mx_1.example.com” is neither a domain nor an address literal."),
        (b"mx.example.com.", "“mx.example.com.” is neither a domain nor an address literal."),
        (b"-mx.example.com", "“-mx.example.com” is neither a domain nor an address literal."),
        (
            b"mx.ex\x1bample.com",
            "“mx.ex\\x1bample.com” is neither a domain nor an address literal.",
        ),
        (
            b"mx.example.com\tHello",
            "“mx.example.com\\tHello” is neither a domain nor an address literal.",
        ),
        (b"\xe2\x80\xaemoc", "“U+202Emoc” is neither a domain nor an address literal."),
    ],
)
def test_greeting_that_is_no_domain_says_what_stands_there(text: bytes, note: str | None) -> None:
    line = greeting(text)
    if note is None:  # "Hello" has the form of a domain of one label; only its form is judged
        assert line.deviations == ()
        return
    assert (line.deviations, line.notes) == ((EhloDeviation.GREETING_NOT_A_DOMAIN,), (note,))
    assert line.strict_role is Role.GREETING


@pytest.mark.parametrize("text", [b"", b" ", b" mx.example.com"])
def test_greeting_without_a_first_word_is_empty(text: bytes) -> None:
    line = greeting(text)
    assert line.deviations == (EhloDeviation.GREETING_EMPTY,)
    assert line.domain == ""


@pytest.mark.parametrize(
    ("text", "deviation", "note"),
    [
        (
            b"mail.example.com",
            EhloDeviation.KEYWORD_SYNTAX,
            "“mail.example.com” is no keyword: “.” is not allowed.",
        ),
        (
            b"-STARTTLS",
            EhloDeviation.KEYWORD_SYNTAX,
            "“-STARTTLS” is no keyword: it begins with a hyphen.",
        ),
        (
            b"START_TLS",
            EhloDeviation.KEYWORD_SYNTAX,
            "“START_TLS” is no keyword: “_” is not allowed.",
        ),
        (
            b"SI\x1bZE",
            EhloDeviation.KEYWORD_SYNTAX,
            "“SI\\x1bZE” is no keyword: “\\x1b” is not allowed.",
        ),
        (
            "größe".encode(),
            EhloDeviation.KEYWORD_SYNTAX,
            "“größe” is no keyword: “ö” is not allowed.",
        ),
        (b" STARTTLS", EhloDeviation.KEYWORD_SYNTAX, "“ STARTTLS” begins with a space."),
        (
            b"SIZE\t1000",
            EhloDeviation.KEYWORD_SYNTAX,
            "“SIZE\\t1000” is no keyword: “\\t” is not allowed.",
        ),
        (b"", EhloDeviation.EMPTY_LINE, "Line 2 holds no keyword."),
        (b"  ", EhloDeviation.EMPTY_LINE, "Line 2 holds no keyword."),
        (
            b"AUTH=LOGIN",
            EhloDeviation.AUTH_EQUALS,
            "“AUTH=LOGIN” is the form of old drafts; the grammar has AUTH and a space.",
        ),
    ],
)
def test_line_that_is_no_ehlo_line_is_invalid_to_a_strict_client(
    text: bytes, deviation: EhloDeviation, note: str
) -> None:
    line = line_2(text)
    assert line.strict_role is Role.INVALID
    assert (line.deviations, line.notes) == ((deviation,), (note,))


@pytest.mark.parametrize("text", [b" STARTTLS", b"STARTTLS\t", b"  starttls  "])
def test_lenient_client_takes_a_keyword_whatever_surrounds_it(text: bytes) -> None:
    response = read_ehlo(b"250-mx.example.com\r\n250 " + text + b"\r\n")
    assert not response.offers("STARTTLS", STRICT)
    assert response.offers("STARTTLS", LENIENT)
    assert response.lines[1].meaning


def test_old_auth_form_gives_its_mechanisms_to_lenient_clients_only() -> None:
    response = read_ehlo(b"250-mx.example.com\r\n250 auth=LOGIN PLAIN\r\n")
    assert response.keywords(STRICT) == {}
    assert response.keywords(LENIENT) == {"AUTH": ("LOGIN", "PLAIN")}
    both = read_ehlo(b"250-mx.example.com\r\n250-AUTH PLAIN\r\n250 AUTH=LOGIN\r\n")
    assert both.keywords(LENIENT) == {"AUTH": ("PLAIN",)}
    assert both.lines[2].deviations == (EhloDeviation.AUTH_EQUALS,)


def test_duplicate_keyword_counts_once_and_is_named() -> None:
    response = read_ehlo(b"250-mx.example.com\r\n250-SIZE 1\r\n250-DSN\r\n250 size 2\r\n")
    assert response.keywords(STRICT)["SIZE"] == ("1",)
    assert response.lines[3].deviations == (EhloDeviation.DUPLICATE,)
    assert response.lines[3].notes == ("“SIZE” was listed before; the first one counts.",)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (b"SIZE", "SIZE has no number."),
        (b"SIZE unlimited", "SIZE is followed by “unlimited”, which is not one number."),
        (b"SIZE -1", "SIZE is followed by “-1”, which is not one number."),
        (b"SIZE 1 2", "SIZE is followed by “1 2”, which is not one number."),
        (b"SIZE " + b"9" * 21, f"SIZE is followed by “{'9' * 21}”, which is not one number."),
    ],
)
def test_size_without_one_number_is_named(text: bytes, note: str) -> None:
    line = line_2(text)
    assert (line.strict_role, line.deviations) == (Role.KEYWORD, (EhloDeviation.SIZE_PARAMETER,))
    assert line.notes == (note,)


@pytest.mark.parametrize("text", [b"SIZE 0", b"SIZE 33554432", b"size 00099999999999999999"])
def test_size_with_a_number_is_fine(text: bytes) -> None:  # RFC 1870 3: 0 means no fixed limit
    assert line_2(text).deviations == ()


@pytest.mark.parametrize(
    ("text", "deviations"),
    [
        (b"AUTH  PLAIN", (EhloDeviation.PARAMETER_SYNTAX,)),
        (b"AUTH PLAIN ", (EhloDeviation.PARAMETER_SYNTAX,)),
        (b"AUTH PL\x07AIN", (EhloDeviation.PARAMETER_SYNTAX,)),
        (b"AUTH PL\xff", (EhloDeviation.PARAMETER_SYNTAX,)),
        (b"AUTH caf\xc3\xa9", (EhloDeviation.PARAMETER_SYNTAX,)),
        (b"STARTTLS now", (EhloDeviation.STARTTLS_PARAMETER,)),
        (b"STARTTLS ", (EhloDeviation.PARAMETER_SYNTAX,)),
        (b"AUTH LOGIN PLAIN", ()),
    ],
)
def test_parameters_are_judged_and_the_keyword_stays(
    text: bytes, deviations: tuple[EhloDeviation, ...]
) -> None:
    line = line_2(text)
    assert line.strict_role is Role.KEYWORD
    assert line.deviations == deviations


@pytest.mark.parametrize(
    ("word", "original"),
    [
        (b"XXXXXXXA", "STARTTLS"),
        (b"XXXXXXXX", "STARTTLS"),
        (b"STARTTLX", "STARTTLS"),
        (b"XTARTTLS", "STARTTLS"),
        (b"********", "STARTTLS"),
        (b"PIPELINXNG", "PIPELINING"),
        (b"XXXX", "another keyword"),
        (b"***", "another keyword"),
        (b"8BIT****", "STARTTLS"),
    ],
)
def test_masked_keyword_is_recognised(word: bytes, original: str) -> None:
    line = line_2(word)
    assert line.deviations[0] is EhloDeviation.MASKED
    assert line.notes[0] == (
        f"“{word.decode()}” looks like {original}, overwritten by a device on the way."
    )
    assert EhloDeviation.UNREGISTERED not in line.deviations


@pytest.mark.parametrize(
    "word",
    [
        b"X",
        b"XX",
        b"XCLIENT",
        b"XEXCH50",
        b"XXXFOO",
        b"X-EXPS",
        b"SIZX",
        b"XACK",
        b"STARTTXX",
        b"STARTTLZ",
    ],
)
def test_private_and_odd_keywords_are_not_taken_for_masked_ones(word: bytes) -> None:
    line = line_2(word)
    assert line.deviations == (EhloDeviation.UNREGISTERED,)
    assert (line.strict_role, line.lenient_role) == (Role.UNKNOWN_KEYWORD, Role.UNKNOWN_KEYWORD)


def test_known_private_keyword_is_explained_though_not_registered() -> None:
    line = line_2(b"XFORWARD NAME ADDR")
    assert line.notes == ("“XFORWARD” is not registered with IANA; it is known from Postfix.",)
    assert (line.keyword, line.parameters, line.reference) == (
        "XFORWARD",
        ("NAME", "ADDR"),
        "Postfix",
    )
    assert line.meaning


def test_line_without_separator_offers_nothing_to_a_strict_client() -> None:
    response = read_ehlo(b"250-mx.example.com\r\n250STARTTLS\r\n250 DSN\r\n")
    assert response.deviations == (Deviation.NO_SEPARATOR,)
    assert response.keywords(STRICT) == {"DSN": ()}
    assert response.keywords(LENIENT) == {"STARTTLS": (), "DSN": ()}


def test_line_with_another_code_offers_nothing_to_a_strict_client() -> None:
    response = read_ehlo(b"250-mx.example.com\r\n250-DSN\r\n550 STARTTLS\r\n")
    assert response.deviations == (Deviation.CODE_CHANGED,)
    assert response.keywords(STRICT) == {"DSN": ()}


def test_response_cut_short_is_read_as_far_as_it_came() -> None:
    response = read_ehlo(b"250-mx.example.com\r\n250-STARTTLS\r\n250-SI")
    assert response.deviations == (Deviation.INCOMPLETE,)
    assert response.offers("STARTTLS", STRICT)
    assert len(response.lines) == 3


def test_single_line_response_is_a_greeting_and_offers_nothing() -> None:
    response = read_ehlo(b"250 mx.example.com\r\n")
    assert [line.strict_role for line in response.lines] == [Role.GREETING]
    assert response.keywords(LENIENT) == {}


def test_helo_response_offers_nothing_in_either_reading() -> None:
    response = read_ehlo(b"250-STARTTLS\r\n250 STARTTLS\r\n", is_helo=True)
    assert response.is_helo
    assert response.keywords(STRICT) == response.keywords(LENIENT) == {}


@pytest.mark.parametrize(
    "raw", [b"502 STARTTLS\r\n", b"500-no\r\n500 STARTTLS\r\n", b"STARTTLS\r\n", b""]
)
def test_refusal_offers_nothing_and_its_text_is_not_judged(raw: bytes) -> None:
    response = read_ehlo(raw)
    assert response.keywords(STRICT) == response.keywords(LENIENT) == {}
    assert all(line.deviations == () for line in response.lines)


@given(RESPONSES)
def test_any_response_is_read_without_loss(raw: bytes) -> None:
    response = read_ehlo(raw)
    assert raw.startswith(b"".join(line.reply.raw for line in response.lines))
    assert [line.number for line in response.lines] == list(range(1, len(response.lines) + 1))
    for line in response.lines:
        assert len(line.deviations) == len(line.notes)
        assert all(note.isprintable() and note.endswith(".") for note in line.notes)
        for text in (line.domain, line.greeting_text, line.keyword, *line.parameters):
            text.encode()  # no lone surrogate, whatever the octets were
    if response.lines:
        assert response.lines[0].strict_role is Role.GREETING
    registered = {k for k in response.keywords(STRICT) if explain(response.lines, k)}
    assert registered <= set(response.keywords(LENIENT))


def explain(lines: tuple[EhloLine, ...], keyword: str) -> bool:
    return any(line.keyword == keyword and line.strict_role is Role.KEYWORD for line in lines)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_any_place_is_named_and_kept(text: bytes) -> None:
    for raw in (
        text,
        b"250-" + text + b"\r\n250 HELP\r\n",
        b"250-mx.example.com\r\n250 SIZE " + text + b"\r\n",
    ):
        response = read_ehlo(raw)
        assert all(
            note.isprintable() and len(note) < 400 for line in response.lines for note in line.notes
        )


def test_as_many_lines_as_a_reply_can_hold_are_read() -> None:
    response = read_ehlo(b"250-a\r\n" * 10_000)
    assert Deviation.REPLY_CUT in response.deviations
    assert len(response.lines) > 9_000
