"""Where the readings part, told point by point."""

import pytest

from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.differences import differences
from mxwalk.mailauth.dmarc.discovery import look_up
from mxwalk.mailauth.dmarc.model import Reading
from tests.mailauth.dmarc.zone import Zone

NONE, REJECT = "v=DMARC1; p=none", "v=DMARC1; p=reject"


def differ(zone, author, spf=None, dkim=()):
    zone = Zone({f"_dmarc.{name}": text for name, text in zone.items()})
    names = {author, *([spf[1]] if spf else []), *(one[1] for one in dkim)}
    found = {name: zone.run(look_up(name, author=name == author)) for name in names}
    return differences(*(assess(reading, [author], spf, dkim, found) for reading in Reading))


@pytest.mark.parametrize(
    ("zone", "author", "spf", "dkim", "about"),
    [
        ({"example.com": REJECT}, "example.com", ("pass", "a.example.com"), (), []),
        (
            {"news.example.com": REJECT},
            "news.example.com",
            None,
            [(1, "example.com", "pass")],
            [
                "organizational domain of news.example.com",
                "alignment of DKIM 1",
                "result",
                "disposition",
            ],
        ),
        (
            {"example.com": NONE + "; np=reject"},
            "gone.example.com",
            ("fail", "gone.example.com"),
            (),
            ["policy", "disposition"],
        ),
        (
            {"example.com": REJECT + "; t=y"},
            "example.com",
            ("fail", "example.com"),
            (),
            ["disposition"],
        ),
        (
            {"example.com": REJECT + "; pct=0"},
            "example.com",
            ("fail", "example.com"),
            (),
            ["disposition"],
        ),
        (
            {"example.com": [NONE, NONE], "com": REJECT},
            "example.com",
            ("fail", "example.com"),
            (),
            ["organizational domain of example.com", "policy", "result", "disposition"],
        ),
    ],
)
def test_each_point_is_told_once(zone, author, spf, dkim, about):
    found = differ(zone, author, spf, dkim)
    assert [one.about for one in found] == about
    for one in found:
        assert one.by_9989 != one.by_7489
        assert one.sentence.endswith(".")


def test_a_difference_without_consequence_does_not_matter():
    found = differ({"news.example.com": NONE}, "news.example.com", ("pass", "news.example.com"))
    assert [one.about for one in found] == ["organizational domain of news.example.com"]
    assert not found[0].matters


def test_the_tag_that_only_one_document_knows_is_named():
    (one,) = differ({"example.com": REJECT + "; t=y"}, "example.com", ("fail", "example.com"))
    assert "t=y is known to RFC 9989 only" in one.sentence
    (one,) = differ({"example.com": REJECT + "; pct=0"}, "example.com", ("fail", "example.com"))
    assert "pct is known to RFC 7489 only" in one.sentence
