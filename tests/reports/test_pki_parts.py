"""What reports say of chains, revocation and looks with another ClientHello."""

import asyncio
import json
from functools import cache

import msgspec
import pytest

from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render
from tests.reports.samples import lab_trace
from tests.walk.harness import lab_walk


def document(trace: Trace) -> dict:
    return json.loads(render(trace, "json", sender="esa:5"))


def lines(name: str, fmt: str = "text") -> list[str]:
    return render(lab_trace(name), fmt, sender="esa:5").splitlines()


def as_of(name: str, at: str) -> Trace:
    trace = lab_trace(name)
    options = msgspec.structs.replace(trace.header.options, at=at)
    return msgspec.structs.replace(
        trace, header=msgspec.structs.replace(trace.header, options=options)
    )


def test_the_line_of_the_step_says_of_revocation_what_its_details_say():
    name = "pkix-missing-aia"
    text = lines(name)
    at = next(number for number, line in enumerate(text) if "revocation  " in line)
    said = "not applicable: it names neither a CRL nor an OCSP responder"
    assert said in text[at]
    assert said.replace(":", ",") in text[at + 1]
    assert "nobody was asked" not in "\n".join(text)


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "json"])
def test_a_walk_as_of_another_date_says_so(fmt):
    at = "2030-01-01T00:00:00Z"
    page = render(as_of("pkix-must-staple", at), fmt, sender="esa:5")
    assert f"Judged as of {at}, not of the day of the walk: mail to" in page
    assert f"as of the walk's own time, not of {at}" in page.replace("&#39;", "'")
    assert "udged as of" not in render(lab_trace("pkix-must-staple"), fmt, sender="esa:5")
    if fmt == "json":
        assert json.loads(page)["settings"]["at"] == at
    else:
        bare = page.replace("`", "")
        assert f"certificates judged as of {at}" in bare


@pytest.mark.parametrize("fmt", ["text", "markdown", "html"])
def test_a_missing_staple_stands_beside_the_leaf_and_decides_the_strict_reading(fmt):
    page = render(lab_trace("pkix-must-staple"), fmt, sender="esa:5")
    said = "the certificate demands a stapled OCSP response (RFC 7633), and none came"
    assert page.count(said) >= 2
    assert f"the leaf: {said}" in page


def test_a_chain_that_fails_will_not_fail_later():
    text = "\n".join(lines("pkix-path-length"))
    assert "by its dates alone valid for " in text
    assert "will fail" not in text
    assert "will fail after" in "\n".join(lines("pkix-good"))


def test_a_remark_that_repeats_an_objection_is_left_out():
    (address,) = document(lab_trace("pkix-missing-aia"))["hosts"][0]["addresses"]
    chain = address["connections"][0]["chain"]
    assert [one["reason"] for one in chain["objections"]] == ["issuer-missing"]
    assert chain["remarks"] == []
    assert "what was sent ends in" not in "\n".join(lines("pkix-missing-aia"))


def test_the_certificates_that_only_one_more_look_shows_are_on_the_pages():
    for fmt in ("markdown", "html"):
        page = render(lab_trace("tls10-only"), fmt, sender="esa:5")
        behind = page.partition("One more look, step 12")[2]
        assert "Certificate chain of this look" in behind
        assert "CN=Lab Mail CA 1" in behind
        assert "rusted by the lab store (1 root)" in behind.replace("</span>", "").replace(
            "✓ t", "T"
        )
        assert "(1 roots)" not in page
    text = lines("tls10-only")
    look = next(number for number, line in enumerate(text) if " legacy TLS " in line)
    assert any("chain trusted (lab store, 1 root)" in line for line in text[look : look + 30])


def test_the_messages_of_a_handshake_are_listed_with_their_sizes():
    (message,) = [
        one
        for one in document(lab_trace("tls10-only"))["hosts"][0]["addresses"][0]["connections"][0][
            "handshake"
        ]["messages"]
        if one["name"] == "ClientHello"
    ]
    size = message["size"]
    assert f"           C ClientHello, {size} octets" in "\n".join(lines("tls10-only"))
    assert any(
        line.startswith(f"| {message['at_s']:.3f} | us | ClientHello | {size} |")
        for line in lines("tls10-only", "markdown")
    )
    page = "\n".join(lines("tls10-only", "html"))
    assert f'<td>us</td><td>ClientHello</td><td class="number">{size}</td>' in page
    assert page.count("<details>") == page.count("handshake messages, ") == 2


def test_what_is_in_order_by_one_more_look_alone_says_so():
    said = "rests on the look of step 12, legacy TLS"
    assert f"      CERT001 {said}" in lines("tls10-only")
    assert f"      IDENT012 {said}" in lines("tls10-only")
    assert "DNS005 rests" not in "\n".join(lines("tls10-only"))
    for fmt in ("markdown", "html"):
        assert "\n".join(lines("tls10-only", fmt)).count(f"({said})") == 2
        assert "rests on the look" not in "\n".join(lines("pkix-good", fmt))


def test_a_time_is_told_once():
    page = "\n".join(lines("tls10-only", "markdown"))
    assert "(after less than 0.01 seconds)" in page
    assert "seconds) (after" not in page


@cache
def left_out(name: str, *kinds: str, **options: object) -> Trace:
    """A walk on which steps of these kinds were left out."""

    async def walked() -> Trace:
        async with lab_walk(name, **options) as walk:
            while walk.pending is not None:
                if walk.pending.kind.value in kinds:
                    assert walk.skip_step() is not None
                elif await walk.step() is None:
                    break
            return walk.trace

    return asyncio.run(walked())


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "json"])
@pytest.mark.parametrize(
    ("kinds", "options", "said"),
    [
        (("revocation",), {}, "revocation at mx1.example.com [192.0.2.150] (left out by decision)"),
        (
            (),
            {"offline": True},
            "revocation at mx1.example.com [192.0.2.150] (nobody was asked: of",
        ),
    ],
)
def test_what_was_not_checked_is_said_where_nothing_is_found(fmt, kinds, options, said):
    page = render(left_out("pkix-must-staple", *kinds, **options), fmt, sender="esa:3")
    page = " ".join(page.replace("\\[", "[").replace("\\]", "]").split())
    assert said in page
    assert f"No error was found in what was checked. Not checked: {said}" in page
    assert "found on the way" not in page


def test_nothing_to_mend_is_not_all_clear_where_a_step_was_left_out():
    whole, partial = lab_trace("revoked-crl"), left_out("pkix-good", "revocation")
    for fmt in ("text", "markdown", "html"):
        assert "othing to mend in what was checked" in render(partial, fmt, sender="esa:3")
    assert document(whole)["unchecked"] == []
    assert document(lab_trace("pkix-good"))["unchecked"] == []
    assert "No error was found on the way." in document(lab_trace("pkix-good"))["summary"]
