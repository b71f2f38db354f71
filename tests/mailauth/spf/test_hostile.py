"""Evaluations, surveys and lint over zones that mean harm: total, bounded, and quick."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import replay
from mxwalk.mailauth.spf import SpfResult, evaluate, expand, fixed, flatten_advice, lint
from mxwalk.mailauth.spf.model import Branch
from mxwalk.mailauth.spf.names import truncated
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.mailauth.spf.zone import Zone, run, spf, txt

HOSTILE_TEXT = [one.decode("latin-1")[:3_000] for one in HOSTILE]
ANYTHING = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE_TEXT))
RECORDS = st.one_of(
    ANYTHING,
    ANYTHING.map(lambda text: "v=spf1 " + text),
    st.lists(
        st.sampled_from(
            ["a", "mx", "ptr", "exists:%{s}.%{p}.x", "include:%{l}.%{h}", "a:%{L}.%{S2r-}.%{h}",
             "redirect=%{d}", "exp=%{p}.e.test", "-all", "include:example.com", "mx/0//0", "moo=%{t}"]
        ),
        max_size=8,
    ).map(lambda terms: " ".join(["v=spf1", *terms])),
)  # fmt: skip


def sentences(branch: Branch | None):
    if branch is None:
        return
    yield branch.why
    for node in branch.nodes:
        yield node.why
        yield from sentences(node.child)


class Anything:
    """A zone that answers every question with the next of the records it is given."""

    def __init__(self, records: list[str], statuses: list[DnsStatus]) -> None:
        self._records, self._statuses = records, statuses
        self.asked = 0

    def answer(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked += 1
        status = self._statuses[self.asked % len(self._statuses)]
        record = self._records[self.asked % len(self._records)]
        if rtype == "TXT":
            record = txt(record.encode("latin-1", "replace"))
        rrset = RRset(name=qname.lower(), rtype=rtype, ttl_s=1, records=(record, record))
        sets = (rrset,) if status is DnsStatus.OK else ()
        return DnsAnswer(qname=qname, rtype=rtype, status=status, answer=sets, error=record)


STATUSES = st.lists(st.sampled_from([*DnsStatus, *[DnsStatus.OK] * 12]), min_size=1, max_size=6)


@given(st.lists(RECORDS, min_size=1, max_size=4), STATUSES, ANYTHING, ANYTHING, ANYTHING)
@examples(300)
def test_an_evaluation_is_total_and_bounded(records, statuses, local, helo, ip):
    for client in ("192.0.2.1", "2001:db8::1", ip):
        zone = Anything(records, statuses)
        got = run(evaluate(client, "example.com", f"{local}@example.com", helo), zone)
        assert got.result in SpfResult
        assert zone.asked <= 400
        for sentence in (got.why, *sentences(got.root)):
            assert sentence.isprintable()


@given(st.lists(RECORDS, min_size=1, max_size=4), STATUSES, ANYTHING)
@examples(150)
def test_survey_lint_and_advice_are_total(records, statuses, domain):
    for name in ("example.com", domain):
        got = run(expand(name), Anything(records, statuses))
        for one in lint(survey=got):
            assert one.sentence.isprintable()
            assert one.fix.isprintable()
        flatten_advice(got)
        if got.root.record is not None:
            fixed(got.root.record)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_an_evaluation_without_any_answer_is_temperror_or_none(ip, domain, sender, helo):
    got = replay(evaluate(ip, domain, sender, helo), ())
    assert got.result in (SpfResult.TEMPERROR, SpfResult.NONE)


WORST = {
    "a long label": "a:" + "a" * 60_000,
    "digits and a slash": "a:x.y" + "/1" * 30_000,
    "a number without end": "a/" + "1" * 60_000,
    "macros": "exists:" + "%{s}" * 15_000 + ".x.test",
    "one macro": "exists:%{d" + "9" * 60_000 + "}.x.test",
    "delimiters": "exists:%{s" + "." * 60_000 + "}.x.test",
    "labels": "exists:" + "a." * 30_000 + "test",
    "terms": "a " * 30_000,
    "glued": "include:a.b" * 6_000,
    "glued at the end": "include:a.b" * 170 + "%",
    "modifiers": "x=y " * 15_000,
    "includes": "include:example.com " * 3_000,
    "networks": " ".join(f"ip4:192.0.{n % 256}.0/24" for n in range(900)),
    "percents": "a:" + "%%" * 30_000,
    "open braces": "a:" + "%{" * 30_000,
}


@pytest.mark.parametrize("name", WORST)
def test_the_longest_records_are_read_quickly(name):
    zone = Zone({"example.com": spf("v=spf1 " + WORST[name])})
    started = time.process_time()
    run(evaluate("192.0.2.1", "example.com", "joe@example.com", "h.test"), zone)
    survey = run(expand("example.com"), zone)
    lint(survey=survey)
    if survey.root.record is not None:
        fixed(survey.root.record)
    assert time.process_time() - started < 3.0


@given(st.text("ab.", max_size=20).flatmap(lambda text: st.integers(1, 60).map(text.__mul__)))
def test_a_name_is_cut_label_by_label(name: str) -> None:
    """RFC 7208 7.3: "the left side is truncated to fit, by removing successive domain labels"."""
    left = name.removesuffix(".")
    while len(left) > 253 and "." in left:
        left = left.partition(".")[2]
    assert truncated(name) == left


@pytest.mark.parametrize("macro", ["%{l}", "%{h}", "%{sr}"])
def test_a_record_full_of_macros_takes_no_long_time(macro: str) -> None:
    record = "v=spf1 exists:" + macro * 12_000 + ".example.net -all"
    zone = Zone({"example.com": dict(spf(record))})
    began = time.process_time()
    sender, helo = f"{'a.' * 2_000}b@example.com", f"{'a.' * 2_000}example"
    found = run(evaluate("192.0.2.1", "example.com", sender, helo), zone)
    assert time.process_time() - began < 5
    (node,) = (one for one in found.root.nodes if one.term.name == "exists")
    assert len(node.target) <= 253
