"""Postfix configured in the id of the sender: what is read, refused, shown and decided."""

import hashlib
import json

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.errors import UsageError
from mxwalk.limits import SENDER_CHARS
from mxwalk.reports.render import render
from mxwalk.reports.view import build_view
from mxwalk.senders.model import Outcome
from mxwalk.senders.postfix_level import Level
from mxwalk.senders.registry import profile, profiles
from tests.reports.samples import lab_trace

A, B = "ab" * 32, "cd" * 32
COLONS = ":".join(["AB"] * 32)


@pytest.mark.parametrize(
    ("given", "match", "id_"),
    [
        ("postfix:verify:hostname", ("hostname",), "postfix:verify:hostname"),
        (
            " Postfix:Secure:Nexthop, dot-nexthop ",
            ("nexthop", "dot-nexthop"),
            "postfix:secure:nexthop,dot-nexthop",
        ),
        (
            "postfix:secure:.Example.net,mx.example.net.",
            (".example.net", "mx.example.net"),
            "postfix:secure:.example.net,mx.example.net",
        ),
        ("postfix:verify:hostname,hostname", ("hostname",), "postfix:verify:hostname"),
        ("postfix:verify:.test", (".test",), "postfix:verify:.test"),
        (
            "postfix:verify:bücher.example",
            ("xn--bcher-kva.example",),
            "postfix:verify:xn--bcher-kva.example",
        ),
    ],
)
def test_a_match_list_is_read_and_the_id_is_its_normal_form(given, match, id_) -> None:
    found = profile(given)
    assert (found.match, found.fingerprints, found.id) == (match, (), id_)
    assert profile(found.id) == found


@pytest.mark.parametrize(
    ("given", "wanted"),
    [(A, (A,)), (COLONS, (A,)), (f"{A.upper()},{B}", (A, B)), (f"{A},{COLONS}", (A,))],
)
def test_fingerprints_are_read_with_and_without_colons(given, wanted) -> None:
    found = profile(f"postfix:fingerprint:{given}")
    assert (found.level, found.match, found.fingerprints) == (Level.FINGERPRINT, (), wanted)
    assert found.id == f"postfix:fingerprint:{','.join(wanted)}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("postfix:verify:", "the name is empty"),
        ("postfix:verify:hostname,", "the name is empty"),
        ("postfix:secure:.", "the name is empty"),
        ("postfix:secure:..example.net", "empty label"),
        ("postfix:secure:nexthop:dot-nexthop", "separated by commas"),
        ("postfix:secure:next-hop", '"next-hop" is neither a strategy nor a name'),
        ("postfix:secure:*.example.net", "not made of letters"),
        ("postfix:secure:192.0.2.1", "not by address"),
        ("postfix:secure:mx\x1b.example.net", "not made of letters"),
        ("postfix:may:hostname", "verify, secure, fingerprint alone"),
        ("postfix:dane:hostname", "verify, secure, fingerprint alone"),
        ("postfix::hostname", "verify, secure, fingerprint alone"),
        ("postfix:fingerprint:", "no SHA-256 fingerprint"),
        ("postfix:fingerprint:" + "ab" * 20, "64 hexadecimal digits"),
        (f"postfix:fingerprint:{A}|{B}", "separated by commas"),
        ("postfix:fingerprint:" + "ab:" * 31 + "abc", "64 hexadecimal digits"),
        ("postfix:fingerprint:" + ",".join([A] * 20), f"longer than {SENDER_CHARS}"),
        ("postfix:verify:" + "a" * 100_000, f"longer than {SENDER_CHARS}"),
        ("postfix:verify:" + ",".join(f"ü{n}ß.example" for n in range(38)), "in A-labels"),
        ("esa:5:hostname", "known are esa:1"),
        ("exim:try-dane:hostname", "known are esa:1"),
    ],
)
def test_what_cannot_be_configured_is_refused_with_the_entry_and_the_reason(given, said) -> None:
    with pytest.raises(UsageError) as caught:
        profile(given)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_the_label_says_the_list_as_far_as_a_table_has_room() -> None:
    labels = {
        "postfix:secure:nexthop": "Postfix secure (nexthop)",
        "postfix:verify:hostname,.example.net": "Postfix verify (hostname, .example.net)",
        f"postfix:fingerprint:{A}": "Postfix fingerprint (abababab…)",
        f"postfix:fingerprint:{A},{B}": "Postfix fingerprint (abababab…, cdcdcdcd…)",
        "postfix:verify:hostname,a.very.long.name.example,b.example": "Postfix verify (hostname, 2 more)",
    }
    assert {given: profile(given).label for given in labels} == labels
    long = profile("postfix:secure:" + "a" * 60 + ".example," + "b" * 60 + ".example")
    assert len(long.label) <= 60
    assert long.label.endswith("…, 1 more)")


def test_the_configured_profile_stands_behind_the_default_of_its_level() -> None:
    ids = [one.id for one in profiles("postfix:verify:nexthop")]
    assert ids[ids.index("postfix:verify") :][:3] == [
        "postfix:verify",
        "postfix:verify:nexthop",
        "postfix:secure",
    ]
    assert len(ids) == len(profiles()) + 1
    assert profiles("POSTFIX:verify") == profiles("") == profiles()
    with pytest.raises(UsageError):
        profiles("postfix:verify:")


def test_on_a_lab_scenario_the_list_decides_and_reports_use_its_id() -> None:
    trace = lab_trace("esa-hosted")
    delivery = build_delivery(trace)
    (handshake, *_) = (one.handshake for one in delivery.attempts if one.handshake)
    digest = hashlib.sha256(handshake.presented[0]).hexdigest()
    verified, deferred = Outcome.DELIVERED_VERIFIED, Outcome.DEFERRED
    # The certificate names *.emailhosted.not and emailhosted.not, the hosts are two labels below.
    expected = {
        "postfix:verify": deferred,
        "postfix:secure": deferred,
        "postfix:verify:hostname,nexthop,dot-nexthop": deferred,
        "postfix:verify:hostname,.emailhosted.not": verified,
        "postfix:secure:nexthop,mx9.emailhosted.not": verified,
        "postfix:secure:mx01.subd.emailhosted.not": deferred,
        "postfix:secure:.not": verified,
        f"postfix:fingerprint:{A},{digest}": verified,
        f"postfix:fingerprint:{A}": deferred,
    }
    assert {one: profile(one).judge(delivery).outcome for one in expected} == expected

    sender = "postfix:secure:.emailhosted.not"
    document = json.loads(render(trace, "json", sender=sender))
    assert document["sender"] == sender
    (chosen,) = (one for one in document["verdicts"] if one["chosen"])
    assert (chosen["sender"], chosen["outcome"]) == (sender, verified.value)
    assert "postfix:secure" in {one["sender"] for one in document["verdicts"]}
    assert int(build_view(trace, sender).exit_code) in (0, 1)
    assert int(build_view(trace, "postfix:secure:nexthop").exit_code) == 3
    for fmt in ("text", "markdown", "html"):
        assert "Postfix secure (.emailhosted.not)" in render(trace, fmt, sender=sender)
