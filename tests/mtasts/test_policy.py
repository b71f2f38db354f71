"""The policy file: RFC 8461 3.2's grammar, every deviation apart, total over any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.limits import STS_POLICY_BYTES, STS_POLICY_KEPT_BYTES
from mxwalk.mtasts.model import Mode, PolicyFault, Weight
from mxwalk.mtasts.policy import read_policy
from tests.hostile import HOSTILE

# RFC 8461 3.2 and appendix A
SECTION_3_2 = b"""version: STSv1\r
mode: enforce\r
mx: mail.example.com\r
mx: *.example.net\r
mx: backupmx.example.com\r
max_age: 604800\r
"""
APPENDIX_A = b"""version: STSv1
mode: testing
mx: mx1.example.com
mx: mx2.example.com
mx: mx.backup-example.com
max_age: 1296000
"""
GOOD = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n"


def faults(body: bytes):
    return {one.fault for one in read_policy(body).deviations}


def test_the_examples_of_the_rfc_are_read():
    first, second = read_policy(SECTION_3_2), read_policy(APPENDIX_A)
    assert first.deviations == second.deviations == ()
    assert (first.mode, first.max_age_s) == (Mode.ENFORCE, 604_800)
    assert [str(one) for one in first.patterns] == [
        "mail.example.com", "*.example.net", "backupmx.example.com",
    ]  # fmt: skip
    assert (second.mode, second.max_age_s) == (Mode.TESTING, 1_296_000)
    assert [one.number for one in second.lines] == [1, 2, 3, 4, 5, 6]
    assert [one.line for one in second.patterns] == [3, 4, 5]


@pytest.mark.parametrize(
    "body",
    [
        GOOD.removesuffix(b"\n"),
        GOOD.replace(b": ", b":"),
        GOOD.replace(b": ", b":\t "),
        GOOD.replace(b"\n", b" \t\n"),
        b"version: STSv1\nmode: none\nmax_age: 1209600\n",
    ],
)
def test_what_the_grammar_allows_is_valid_without_a_word(body):
    assert read_policy(body).valid
    assert faults(body) == set()


@pytest.mark.parametrize(
    ("body", "fault", "line", "value"),
    [
        (b"", PolicyFault.EMPTY, 0, ""),
        (GOOD.replace(b"version: STSv1\n", b""), PolicyFault.VERSION_MISSING, 0, ""),
        (GOOD.replace(b"STSv1", b"STSv2"), PolicyFault.VERSION_UNKNOWN, 1, "STSv2"),
        (GOOD.replace(b"STSv1", b"stsv1"), PolicyFault.VERSION_UNKNOWN, 1, "stsv1"),
        (GOOD.replace(b"mode: enforce\n", b""), PolicyFault.MODE_MISSING, 0, ""),
        (GOOD.replace(b"enforce", b"report"), PolicyFault.MODE_UNKNOWN, 2, "report"),
        (GOOD.replace(b"enforce", b"Enforce"), PolicyFault.MODE_UNKNOWN, 2, "Enforce"),
        (GOOD.replace(b"max_age: 1209600\n", b""), PolicyFault.MAX_AGE_MISSING, 0, ""),
        (GOOD.replace(b"1209600", b"2w"), PolicyFault.MAX_AGE_SYNTAX, 4, "2w"),
        (GOOD.replace(b"1209600", b"-1"), PolicyFault.MAX_AGE_SYNTAX, 4, "-1"),
        (GOOD.replace(b"1209600", b"12345678901"), PolicyFault.MAX_AGE_SYNTAX, 4, "12345678901"),
        (GOOD.replace(b"1209600", "１２".encode()), PolicyFault.MAX_AGE_SYNTAX, 4, "１２"),
        (GOOD.replace(b"mx: mx.example.com\n", b""), PolicyFault.MX_MISSING, 0, ""),
        (GOOD.replace(b"mx.example.com", b"*"), PolicyFault.MX_NONE_USABLE, 0, ""),
        (GOOD + b"# a comment\n", PolicyFault.NO_COLON, 5, "# a comment"),
        (GOOD + b"<html><body>\n", PolicyFault.NO_COLON, 5, "<html><body>"),
        (GOOD + b"x: a\0b\n", PolicyFault.NUL, 5, "x: a\\0b"),
        (GOOD + b"x: a\x1bb\n", PolicyFault.CONTROL, 5, "x: a\\x1bb"),
        (GOOD.replace(b"\n", b"\r"), PolicyFault.BARE_CR, 1, None),
        (GOOD + b"x: \xff\n", PolicyFault.NOT_UTF8, 5, "x: \\xff"),
        (GOOD + b"x: 1\n" * 3_000, PolicyFault.TOO_MANY_LINES, 0, ""),
        (GOOD + b"x: " + b"a" * STS_POLICY_KEPT_BYTES, PolicyFault.TOO_LONG, 0, ""),
    ],
)
def test_what_breaks_the_policy_is_told_with_line_and_value(body, fault, line, value):
    policy = read_policy(body)
    assert not policy.valid
    found = next(one for one in policy.deviations if one.fault is fault)
    assert (found.weight, found.line) == (Weight.BREAKS, line)
    assert value is None or found.value == value


@pytest.mark.parametrize(
    ("body", "fault", "weight"),
    [
        (b"\xef\xbb\xbf" + GOOD, PolicyFault.BYTE_ORDER_MARK, Weight.DIFFERS),
        (GOOD + b"\n", PolicyFault.EMPTY_LINE, Weight.DIFFERS),
        (GOOD.replace(b"mode", b"  mode"), PolicyFault.LEADING_SPACE, Weight.DIFFERS),
        (GOOD.replace(b"mode:", b"mode :"), PolicyFault.SPACE_BEFORE_COLON, Weight.DIFFERS),
        (GOOD + b"x: " + b"a" * 1_500 + b"\n", PolicyFault.LONG_LINE, Weight.DIFFERS),
        (GOOD + "x: {}\n".format("é" * 999).encode(), PolicyFault.LONG_LINE, Weight.DIFFERS),
        (GOOD + b"MX: mx2.example.com\n", PolicyFault.FIELD_CASE, Weight.DIFFERS),
        (GOOD + b"max-age: 1\n", PolicyFault.FIELD_CASE, Weight.DIFFERS),
        (GOOD + b"my key: 1\n", PolicyFault.FIELD_NAME, Weight.DIFFERS),
        (GOOD + b"a" * 33 + b": 1\n", PolicyFault.FIELD_NAME_TOO_LONG, Weight.DIFFERS),
        (GOOD + b"note:\n", PolicyFault.EMPTY_VALUE, Weight.DIFFERS),
        (GOOD + "note: gut für alle\n".encode(), PolicyFault.UNKNOWN_FIELD, Weight.ODD),
        (GOOD + b"mode: none\n", PolicyFault.DUPLICATE_FIELD, Weight.ODD),
        (GOOD.replace(b"\n", b"\r\n", 1), PolicyFault.MIXED_ENDINGS, Weight.ODD),
        (b"max_age: 1209600\n" + GOOD, PolicyFault.VERSION_NOT_FIRST, Weight.ODD),
        (GOOD.replace(b"1209600", b"31557601"), PolicyFault.MAX_AGE_TOO_LARGE, Weight.DIFFERS),
        (GOOD.replace(b"1209600", b"9999999999"), PolicyFault.MAX_AGE_TOO_LARGE, Weight.DIFFERS),
        (GOOD.replace(b"1209600", b"0"), PolicyFault.MAX_AGE_ZERO, Weight.DIFFERS),
        (GOOD.replace(b"1209600", b"3600"), PolicyFault.MAX_AGE_SHORT, Weight.ODD),
        (GOOD + b"mx: *.*.example.com\n", PolicyFault.MX_WILDCARD, Weight.DIFFERS),
        (GOOD + b"mx: mx*.example.com\n", PolicyFault.MX_WILDCARD, Weight.DIFFERS),
        (GOOD + b"mx: *\n", PolicyFault.MX_WILDCARD, Weight.DIFFERS),
        (GOOD + b"mx: .example.com\n", PolicyFault.MX_WILDCARD, Weight.DIFFERS),
        (GOOD + b"mx: a.example.com, b.example.com\n", PolicyFault.MX_LIST, Weight.DIFFERS),
        (GOOD + "mx: pošta.example.com\n".encode(), PolicyFault.MX_U_LABEL, Weight.DIFFERS),
        (GOOD + b"mx: 192.0.2.1\n", PolicyFault.MX_ADDRESS, Weight.DIFFERS),
        (GOOD + b"mx: [IPv6:2001:db8::1]\n", PolicyFault.MX_ADDRESS, Weight.DIFFERS),
        (GOOD + b"mx: mx_2.example.com\n", PolicyFault.MX_UNDERSCORE, Weight.DIFFERS),
        (GOOD + b"mx: mx2.example.com.\n", PolicyFault.MX_TRAILING_DOT, Weight.DIFFERS),
        (GOOD + b"mx: MX.example.com\n", PolicyFault.MX_DUPLICATE, Weight.ODD),
        (GOOD + b"mx: -a.example.com\n", PolicyFault.MX_SYNTAX, Weight.DIFFERS),
        (GOOD + b"mx:\n", PolicyFault.MX_SYNTAX, Weight.DIFFERS),
    ],
)  # fmt: skip
def test_what_many_senders_let_pass_is_let_pass_and_told(body, fault, weight):
    policy = read_policy(body)
    assert policy.valid, policy.deviations
    found = next(one for one in policy.deviations if one.fault is fault)
    assert found.weight is weight
    assert found.sentence.isprintable()
    assert "mx.example.com" in [one.name for one in policy.patterns]


def test_a_u_label_is_answered_with_the_a_label_to_write():
    policy = read_policy(GOOD + "mx: pošta.example.com\n".encode())
    assert "write xn--pota-h6a.example.com" in policy.deviations[0].sentence


def test_of_a_field_given_twice_the_first_counts():
    policy = read_policy(GOOD + b"mode: none\nversion: STSv9\nmax_age: x\n")
    assert policy.valid
    assert (policy.mode, policy.max_age_s) == (Mode.ENFORCE, 1_209_600)
    assert [one.line for one in policy.deviations] == [5, 6, 7]


def test_a_max_age_above_a_year_counts_as_a_year():
    assert read_policy(GOOD.replace(b"1209600", b"9999999999")).max_age_s == 31_557_600


def test_unknown_fields_are_kept_with_their_lines():
    policy = read_policy(GOOD + b"contact: admin of example.com\n")
    assert [(one.number, one.field, one.value) for one in policy.extensions] == [
        (5, "contact", "admin of example.com")
    ]


@pytest.mark.parametrize("cut", range(len(GOOD) + 1))
def test_a_file_cut_anywhere_is_read(cut):
    policy = read_policy(GOOD[:cut])
    assert policy.raw == GOOD[:cut]
    if policy.valid:
        assert cut > GOOD.index(b"max_age: ") + len("max_age: ")


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body):
    check_printable(read_policy(body))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["version", "mode", "mx", "max_age", "x-note", "Mode", "", " mx"]),
            st.sampled_from([":", ": ", " : ", "", ":\t"]),
            st.sampled_from(
                ["STSv1", "enforce", "testing", "none", "*.example.com", "mx.example.com", "86400"]
            )
            | st.text(max_size=12),
            st.sampled_from(["\n", "\r\n", "\r", ""]),
        ),
        max_size=8,
    )
)
def test_nearly_right_policies_are_read(parts):
    body = "".join("".join(part) for part in parts).encode("utf-8", "surrogatepass")
    policy = check_printable(read_policy(body))
    if policy.valid:
        assert policy.version == "STSv1"
        assert policy.mode is not None
        assert policy.max_age_s is not None
        assert policy.patterns or policy.mode is Mode.NONE


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_printable(text):
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    check_printable(read_policy(GOOD + b"x-note: " + data + b"\n" + data + b": 1\n"))


def check_printable(policy):
    for one in policy.deviations:
        assert one.sentence.isprintable()
        assert one.value.isprintable()
        assert 0 <= one.line <= len(policy.lines) + 1
    for line in policy.lines:
        assert line.field.isprintable()
        assert line.value.isprintable()
    assert len(policy.deviations) <= 400
    return policy


def test_a_file_of_line_ends_alone_stays_bounded():
    policy = read_policy(b"\n" * STS_POLICY_BYTES)
    assert len(policy.lines) == 2_000
    assert len(policy.deviations) <= 401
