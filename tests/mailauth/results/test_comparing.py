"""Claims held against our own results, each difference with its likeliest reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.mailauth.results.comparing import Around, Ours, Why, compare, is_trusted
from mxwalk.mailauth.results.reading import read
from mxwalk.mailauth.results.writing import dkim_result, dmarc_result, spf_result, write

HERE = Around(trusted=("mx.example.org",))


def spf(word, **more):
    return Ours(result=spf_result(word, mailfrom="a@example.com"), **more)


def dkim(word, selector="s1", b="AAAABBBBCCCC", domain="example.com", **more):
    return Ours(
        result=dkim_result(
            word, domain=domain, selector=selector, signature=b, identity=f"@{domain}"
        ),
        **more,
    )


def dmarc(word, **more):
    return Ours(result=dmarc_result(word, from_domain="example.com"), **more)


def differ(ours, text, around=HERE):
    return [(one.method, one.why) for one in compare(ours, read(text), around)]


def test_what_agrees_is_no_difference():
    ours = [spf("pass"), dkim("pass"), dmarc("pass")]
    text = write("mx.example.org", [one.result for one in ours]).partition(":")[2]
    assert not differ(ours, text)


def test_names_and_old_words_are_compared_without_their_spelling():
    assert is_trusted(read("MX.Example.ORG; none"), HERE)
    assert not is_trusted(read("spf=pass"), HERE)
    assert not differ([spf("fail")], "mx.example.org; spf=hardfail smtp.mailfrom=a@example.com")


@pytest.mark.parametrize("who", ["mx.sender.example; ", ""])
def test_a_field_of_somebody_else_proves_nothing(who):
    text = f"{who}dmarc=pass header.from=example.com; dkim=pass header.d=example.net"
    assert differ([dmarc("fail")], text) == [("dmarc", Why.NOT_TRUSTED), ("dkim", Why.NOT_TRUSTED)]


@pytest.mark.parametrize(
    ("ours", "claim", "around", "why"),
    [
        (spf("fail"), "spf=pass smtp.mailfrom=a@example.com", Around(hops_since=2), Why.FORWARDED),
        (spf("fail"), "spf=pass smtp.mailfrom=a@example.com", Around(), Why.UNKNOWN),
        (spf("fail"), "spf=pass", Around(), Why.UNKNOWN),
        (spf("pass"), "spf=temperror smtp.mailfrom=a@example.com", Around(), Why.TEMPORARY),
        (
            dkim("permerror", key_gone=True),
            "dkim=pass header.d=example.com",
            Around(),
            Why.KEY_GONE,
        ),
        (dkim("fail", expired=True), "dkim=pass header.i=x@example.com", Around(), Why.EXPIRED),
        (dkim("fail", changed=True), "dkim=pass header.d=example.com", Around(), Why.CHANGED),
        (
            dkim("neutral", beyond_limit=True),
            "dkim=pass header.d=example.com",
            Around(),
            Why.BEYOND_LIMIT,
        ),
        (
            dkim("pass"),
            "dkim=neutral header.d=example.com",
            Around(max_signatures=5),
            Why.BEYOND_LIMIT,
        ),
        (dkim("temperror"), "dkim=pass header.d=example.com", Around(), Why.TEMPORARY),
        (dkim("fail"), "dkim=pass header.d=example.com", Around(), Why.UNKNOWN),
        (
            dmarc("fail", other_reading="pass"),
            "dmarc=pass (p=none dis=none) d=example.com",
            Around(),
            Why.OTHER_READING,
        ),
        (dmarc("none"), "dmarc=bestguesspass action=none", Around(), Why.OTHER_READING),
        (dmarc("pass"), "dmarc=none", Around(), Why.OTHER_POLICY),
        (dmarc("fail"), "dmarc=pass", Around(), Why.UNKNOWN),
    ],
)
def test_each_difference_has_its_likeliest_reason(ours, claim, around, why):
    (found,) = compare([ours], read(f"mx.example.org; {claim}"), around)
    assert found.why is why
    assert found.ours == ours.result.result
    assert found.sentence.endswith(".")


def test_dmarc_follows_from_what_differs_below_it():
    text = "mx.example.org; dkim=pass header.d=example.com; dmarc=pass header.from=example.com"
    assert differ([dkim("fail", changed=True), dmarc("fail")], text) == [
        ("dkim", Why.CHANGED),
        ("dmarc", Why.FOLLOWS),
    ]


def test_signatures_are_told_apart_by_b_and_by_selector():
    text = (
        "mx.example.org; dkim=fail header.d=example.com header.b=XXXXYYYY;"
        " dkim=pass header.d=example.com header.b=AAAABBBB; dkim=pass header.d=example.com header.s=s9"
    )
    found = differ([dkim("pass"), dkim("pass", b="XXXXYYYYZZ")], text)
    assert found == [("dkim", Why.UNKNOWN), ("dkim", Why.NOT_HERE)]


def test_signatures_the_field_does_not_mention_are_told_if_it_mentions_any():
    assert differ(
        [dkim("pass"), dkim("pass", domain="example.net")],
        "mx.example.org; dkim=pass header.d=example.com",
    ) == [("dkim", Why.NOT_CLAIMED)]
    # a field without any result of the method says nothing against a signature
    assert differ([dkim("pass")], "mx.example.org; spf=pass smtp.mailfrom=a@example.com") == [
        ("spf", Why.NOT_HERE)
    ]
    assert differ(
        [dkim("pass"), dkim("pass", domain="example.net")],
        "mx.example.org; dkim=pass header.d=example.com",
        Around(max_signatures=5),
    ) == [("dkim", Why.BEYOND_LIMIT)]


def test_helo_and_mailfrom_are_two():
    ours = [spf("pass"), Ours(result=spf_result("none", helo="mx.example.com"))]
    text = "mx.example.org; spf=fail smtp.helo=mx.example.com; spf=pass smtp.mailfrom=a@example.com"
    (found,) = compare(ours, read(text), HERE)
    assert (found.ours, found.claimed, found.about) == ("none", "fail", "mx.example.com")


@given(st.text('=;()". \\abdkimspfrchep-/1@', max_size=80))
def test_any_claim_is_compared(text):
    for one in compare(
        [spf("fail"), dkim("fail"), dmarc("fail")], read("mx.example.org;" + text), HERE
    ):
        assert one.sentence.isprintable()
