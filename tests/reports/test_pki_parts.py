"""What reports say of chains, revocation and looks with another ClientHello."""

import json

import msgspec
import pytest

from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render
from tests.reports.samples import lab_trace


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
