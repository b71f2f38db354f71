"""Authentication-Results fields as RFC 8601 writes them, as receivers do, and as nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.mailauth.results.model import ARC_FIELD, FIELD, MethodResult, Property
from mxwalk.mailauth.results.reading import read
from mxwalk.mailauth.results.writing import (
    arc_result,
    dkim_result,
    dmarc_result,
    spf_result,
    write,
)
from tests.hostile import HOSTILE


def plain(found):
    return [
        (one.method, one.result, {prop.key: prop.value for prop in one.properties})
        for one in found.results
    ]


# RFC 8601 appendix B


def test_b_1_no_results():
    found = read(" example.org 1; none")
    assert (found.authserv_id, found.version, found.results) == ("example.org", "1", ())
    assert not found.deviations


def test_b_2_one_result():
    found = read(" example.com;\r\n          spf=pass smtp.mailfrom=example.net")
    assert found.authserv_id == "example.com"
    assert plain(found) == [("spf", "pass", {"smtp.mailfrom": "example.net"})]
    assert not found.deviations


def test_b_3_several_results():
    found = read(
        " example.com;\r\n          auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n"
        "          spf=pass smtp.mailfrom=example.net"
    )
    assert plain(found) == [
        ("auth", "pass", {"smtp.auth": "sender@example.net"}),
        ("spf", "pass", {"smtp.mailfrom": "example.net"}),
    ]
    assert found.results[0].comments == ("cram-md5",)


def test_b_5_reason():
    found = read(
        ' example.com;\r\n dkim=fail reason="bad signature"\r\n header.i=@mail-router.example.net'
    )
    (one,) = found.results
    assert one.reason == "bad signature"
    assert one.get("header.i") == "@mail-router.example.net"


def test_b_6_comments_everywhere():
    found = read(
        " foo.example.net (foobar) 1 (baz);\r\n    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
        "      policy (A dot can go here) . (like that) expired\r\n"
        "      (this surprised me) = (as I wasn't expecting it) 1362471462"
    )
    assert (found.authserv_id, found.version) == ("foo.example.net", "1")
    (one,) = found.results
    assert (one.method, one.result) == ("dkim", "fail")
    assert one.get("policy.expired") == "1362471462"


# As receivers write them


def test_the_esas_form_of_the_seed():
    found = read(
        "mx1.hc4-93.c3s2.smtpi.com; dkim=pass (signature verified)"
        " header.i=MileagePlus@news.united.com; dmarc=pass (p=none dis=none) d=news.united.com"
    )
    assert found.authserv_id == "mx1.hc4-93.c3s2.smtpi.com"
    dkim, dmarc = found.results
    assert dkim.get("header.i") == "MileagePlus@news.united.com"
    assert dmarc.comments == ("p=none dis=none",)
    assert dmarc.get("header.from", "d") == "news.united.com"
    assert any("'d' has no property type" in note for note in found.deviations)


def test_gmails_form():
    found = read(
        "mx.google.com;\r\n       dkim=pass header.i=@example.com header.s=s1 header.b=AbC+/e1=;\r\n"
        "       spf=pass (google.com: domain of a@example.com designates 192.0.2.1 as permitted sender)"
        " smtp.mailfrom=a@example.com;\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com"
    )
    assert not found.deviations
    assert found.results[0].get("header.b") == "AbC+/e1="
    assert found.results[1].comments[0].startswith("google.com: domain of")
    assert [one.method for one in found.results] == ["dkim", "spf", "dmarc"]


def test_exchange_onlines_form_names_nobody():
    found = read(
        "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=example.com; dkim=pass (signature was\r\n verified)"
        " header.d=example.com;dmarc=pass action=none\r\n header.from=example.com;compauth=pass reason=100"
    )
    assert found.authserv_id == ""
    assert [one.method for one in found.results] == ["spf", "dkim", "dmarc", "compauth"]
    assert found.results[2].get("action") == "none"
    assert found.results[3].reason == "100"
    assert any("no authserv-id" in note for note in found.deviations)


def test_opendkims_comment_with_a_semicolon_and_quoted_base64():
    found = read(
        "mail.example.org;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=example.com header.i=@example.com"
        ' header.a=rsa-sha256 header.s=s1 header.b="aB+/c=";\r\n\tdkim-atps=neutral'
    )
    assert [one.method for one in found.results] == ["dkim", "dkim-atps"]
    assert found.results[0].comments == ("2048-bit key; unprotected",)
    assert found.results[0].get("header.b") == "aB+/c="
    assert not found.deviations


def test_no_space_before_the_comment_and_an_arc_field():
    found = read("i=2; atlas.example.net; dmarc=pass(p=REJECT) header.from=example.com; arc=none")
    assert (found.instance, found.authserv_id) == (2, "atlas.example.net")
    assert plain(found) == [("dmarc", "pass", {"header.from": "example.com"}), ("arc", "none", {})]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("example.com; dkim=pass (never closed; spf=fail", "comment is never closed"),
        ('example.com; dkim=pass reason="never closed; spf=fail', "quoted string is never closed"),
        ("example.com what is this; spf=fail", "behind the authserv-id"),
        ("example.com; nonsense; spf=fail", "is no result"),
        ("example.com; dkim=; spf=fail", "'dkim=' is no result"),
        ('example.com; dkim="" header.d=a.test; spf=fail', "is no result"),
        ("example.com; dkim=pass stray; spf=fail", "is no property"),
        ("; spf=fail", "no authserv-id"),
    ],
)
def test_what_is_malformed_is_noted_and_the_rest_is_read(text, note):
    found = read(text)
    assert any(note in one for one in found.deviations), found.deviations
    assert found.results[-1].method == "spf"
    assert found.results[-1].result == "fail"


# Writing


def test_what_a_receiver_writes():
    text = write(
        "mx.example.org",
        [
            spf_result("pass", mailfrom="a@example.com"),
            dkim_result(
                "fail",
                domain="example.com",
                selector="s1",
                signature="AAAA BBBB CCCC",
                comment="body",
            ),
            dmarc_result(
                "fail", from_domain="example.com", policy="reject", comment="p=reject dis=reject"
            ),
            arc_result("pass", oldest_pass=0, remote_ip="2001:db8::1"),
        ],
    )
    assert text == (
        "Authentication-Results: mx.example.org;\r\n"
        "\tspf=pass smtp.mailfrom=a@example.com;\r\n"
        "\tdkim=fail (body) header.d=example.com header.s=s1 header.b=AAAABBBB;\r\n"
        "\tdmarc=fail (p=reject dis=reject) header.from=example.com\r\n"
        "\t policy.dmarc=reject;\r\n"
        '\tarc=pass header.oldest-pass=0 smtp.remote-ip="2001:db8::1"'
    )
    assert all(len(line) <= 78 for line in text.split("\r\n"))


def test_nothing_done_is_said_plainly():
    assert write("mx.example.org", []) == "Authentication-Results: mx.example.org; none"
    assert write("mx.example.org", [], name=ARC_FIELD, instance=3).startswith(
        f"{ARC_FIELD}: i=3; mx"
    )


TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x17F).filter(str.isprintable), max_size=30
)
WORD = st.from_regex(r"\A[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?\Z")
PROPERTY = st.builds(Property, st.sampled_from(["smtp", "header", "policy", "body"]), WORD, TEXT)
RESULT = st.builds(
    MethodResult,
    method=WORD.filter(lambda word: word != "i"),
    result=WORD,
    reason=TEXT,
    comments=st.lists(TEXT.map(str.strip), max_size=2).map(tuple),
    properties=st.lists(PROPERTY, max_size=4).map(tuple),
)


@given(TEXT, st.lists(RESULT, min_size=1, max_size=5), st.none() | st.integers(1, 50))
def test_what_is_written_is_read_again(who, results, instance):
    name = FIELD if instance is None else ARC_FIELD
    text = write(who, results, name=name, instance=instance)
    for line in text.split("\r\n")[1:]:
        assert line.startswith("\t")
        assert line.strip()
    found = read(text.partition(":")[2])
    assert found.authserv_id == who
    assert found.instance == instance
    assert found.results == tuple(results)


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_values_cannot_leave_their_place(octets):
    text = octets.decode("utf-8", "surrogateescape")
    field = write(
        text,
        [
            spf_result("pass", mailfrom=text, comment=text),
            dkim_result(
                "pass", domain=text, selector=text, identity=text, signature=text, algorithm=text
            ),
            dmarc_result("pass", from_domain=text, comment=text),
        ],
    )
    assert "\r" not in field.replace("\r\n\t", "")
    assert "\n" not in field.replace("\r\n\t", "")
    found = read(field.partition(":")[2])
    assert [one.method for one in found.results] == ["spf", "dkim", "dmarc"]
    assert [one.result for one in found.results] == ["pass"] * 3


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_fields_are_read_and_may_be_shown(octets):
    for whole in (
        octets,
        b"example.com; dkim=" + octets,
        b"example.com; dkim=pass header.d=" + octets,
    ):
        check_shown(read(whole))


@given(st.text(max_size=200) | st.text('=;()". \\abc/1', max_size=60))
def test_any_text_is_read(text):
    check_shown(read(text))


def check_shown(found):
    texts = [found.authserv_id, found.version, *found.deviations]
    for one in found.results:
        texts += [one.method, one.version, one.result, one.reason, *one.comments]
        texts += [text for prop in one.properties for text in (prop.ptype, prop.name, prop.value)]
    assert all(text.isprintable() for text in texts)


def test_the_esas_field_of_the_seed_is_written_as_it_stands_there():
    seed = (
        "Authentication-Results: mx1.hc4-93.c3s2.smtpi.com; dkim=pass (signature verified)"
        " header.i=MileagePlus@news.united.com; dmarc=pass (p=none dis=none) d=news.united.com"
    )
    dkim = MethodResult(
        method="dkim",
        result="pass",
        comments=("signature verified",),
        properties=(Property("header", "i", "MileagePlus@news.united.com"),),
    )
    dmarc = MethodResult(
        method="dmarc",
        result="pass",
        comments=("p=none dis=none",),
        properties=(Property("", "d", "news.united.com"),),
    )
    written = write("mx1.hc4-93.c3s2.smtpi.com", [dkim, dmarc])
    assert " ".join(written.split()) == seed
    assert read(seed.partition(":")[2]).results == (dkim, dmarc)
