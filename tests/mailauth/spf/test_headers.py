"""The Received-SPF field of RFC 7208 9.1, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.mailauth.spf import SpfResult, evaluate, read_received_spf, received_spf
from tests.hostile import HOSTILE
from tests.mailauth.spf.zone import Zone, run, spf


def evaluated(
    text="v=spf1 ip4:192.0.2.1 -all",
    ip="192.0.2.1",
    sender="myname@example.com",
    helo="foo.example.com",
):
    return run(evaluate(ip, "example.com", sender, helo), Zone({"example.com": spf(text)}))


def test_a_pass_is_written_as_section_9_1_shows():
    field = received_spf(evaluated(), SpfIdentity.MAILFROM, "mybox.example.org")
    assert field.split("\r\n") == [
        "Received-SPF: pass (mybox.example.org: domain of myname@example.com designates",
        " 192.0.2.1 as permitted sender) identity=mailfrom; client-ip=192.0.2.1;",
        ' receiver=mybox.example.org; envelope-from="myname@example.com";',
        ' helo=foo.example.com; mechanism="ip4:192.0.2.1"',
    ]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("v=spf1 +all", SpfResult.PASS),
        ("v=spf1 -all", SpfResult.FAIL),
        ("v=spf1 ~all", SpfResult.SOFTFAIL),
        ("v=spf1", SpfResult.NEUTRAL),
        ("nothing", SpfResult.NONE),
        ("v=spf1 moo", SpfResult.PERMERROR),
    ],
)
def test_every_result_reads_back(text, result):
    evaluation = evaluated(text, ip="2001:db8::1")
    field = received_spf(evaluation, SpfIdentity.HELO, "mx.example.org")
    read = read_received_spf(field)
    assert read.result is result
    assert read.problems == ()
    assert read.get("client-ip") == "2001:db8::1"
    assert 'client-ip="2001:db8::1"' in field  # a colon is no part of a dot-atom
    assert read.get("identity") == "helo"
    assert read.get("envelope-from") == "myname@example.com"
    assert ("problem" in dict(read.pairs)) is (result is SpfResult.PERMERROR)
    if text == "v=spf1":
        assert read.get("mechanism") == "default"


@given(
    st.one_of(
        st.text(max_size=60), st.sampled_from([one.decode("latin-1")[:2_000] for one in HOSTILE])
    ),
    st.text(max_size=60),
)
def test_nothing_in_it_can_break_out(local, helo):
    sender = f"{local}@example.com"
    evaluation = evaluated(sender=sender, helo=helo)
    field = received_spf(evaluation, SpfIdentity.MAILFROM, helo)
    lines = field.split("\r\n")
    assert all(line.startswith(" ") for line in lines[1:])
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        assert len(line) <= 998  # RFC 5322 2.1.1
    read = read_received_spf(field)
    assert read.result is evaluation.result
    assert read.get("identity") == "mailfrom"
    assert read.get("client-ip") == "192.0.2.1"


def test_the_field_of_the_guide_is_read():
    read = read_received_spf(
        "Received-SPF: Pass (mx1.example.test: domain of\r\n united.5765@envfrm.example.com "
        "designates 192.0.2.195 as\r\n permitted sender) identity=mailfrom;\r\n"
        ' client-ip=192.0.2.195; receiver=mx1.example.test;\r\n envelope-from="united.5765@envfrm.example.com";'
        '\r\n x-sender="united.5765@envfrm.example.com";\r\n x-conformance=sidf_compatible; x-record-type="v=spf1"'
    )
    assert read.result is SpfResult.PASS
    assert read.comment.endswith("as permitted sender")
    assert read.get("x-record-type") == "v=spf1"
    assert read.get("client-ip") == "192.0.2.195"
    assert not read.problems


@pytest.mark.parametrize(
    ("text", "word", "result"),
    [
        ("SoftFail", "SoftFail", SpfResult.SOFTFAIL),
        ("error (x) client-ip=1", "error", SpfResult.TEMPERROR),
        ("\uc5c6\uc74c (mx) identity=helo", "\uc5c6\uc74c", None),
        ("", "", None),
        ("pass client-ip=192.0.2.1 helo=x; =; ;; y", "pass", SpfResult.PASS),
        ("pass (a (nested) \\) one", "pass", SpfResult.PASS),
    ],
)
def test_reading_is_tolerant(text, word, result):
    read = read_received_spf(text)
    assert (read.word, read.result) == (word, result)


@given(st.one_of(st.text(max_size=200), st.text(alphabet='();="\\ ax:\r\n', max_size=80)))
def test_reading_is_total(text):
    read = read_received_spf(text)
    assert len(read.pairs) <= 50
    assert all(key == key.lower() for key, _ in read.pairs)


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_fields_are_read(octets):
    assert read_received_spf(octets.decode("latin-1")).pairs is not None
