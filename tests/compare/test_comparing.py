"""Comparisons of lab walks: what they say, and what holds for any two."""

import asyncio
import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mxwalk.compare.comparing import compare
from mxwalk.compare.model import Effect, Kind
from mxwalk.compare.side import Side
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.language import speaking
from mxwalk.reports.comparison import render_comparison
from mxwalk.session import Saving, lab_options, open_walk
from tests.compare.golden_text import GOLDEN, PAIRS, current
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.reports.samples import hostile_trace, lab_trace
from tests.reports.test_formats import check

EVERY = sorted({name for pair in PAIRS for name in pair})
IDS = [".".join(pair) for pair in PAIRS]
SHORT = ("dane-good", "ehlo-1869", "mx-null", "spf-pass", "domain-monitoring")


def walked(name: str) -> Trace:
    async def walk() -> Trace:
        async with open_walk(None, lab_options(name), scenario=name, save=Saving.NOWHERE) as made:
            while await made.step() is not None:
                pass
        return made.trace

    return asyncio.run(walk())


def of(one: Trace, other: Trace, sender: str = ""):
    return compare(Side(trace=one), Side(trace=other), sender)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=IDS)
def test_the_comparison_is_as_agreed(one, other):
    expected = (GOLDEN / f"{one}.{other}.txt").read_text("utf-8")
    assert current(one, other) == expected, "after a wanted change: -m tests.compare.golden_text"


@pytest.mark.parametrize("name", EVERY)
def test_a_walk_and_itself_do_not_differ(name):
    found = of(lab_trace(name), lab_trace(name))
    assert (found.differences, found.unknown, found.always) == ((), (), 0)
    assert found.effect in (Effect.NEUTRAL, Effect.UNSAID)


@pytest.mark.parametrize("name", EVERY)
def test_two_walks_of_one_scenario_do_not_differ(name):
    found = of(lab_trace(name), walked(name))
    shown = [(one.place, one.subject, one.before, one.after) for one in found.differences]
    assert shown == []
    assert found.unknown == ()


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=IDS)
def test_other_sides_mirror_what_is_added_and_gone(one, other):
    there, back = of(lab_trace(one), lab_trace(other), _sender(one)), None
    back = of(lab_trace(other), lab_trace(one), _sender(one))
    turned = {Kind.ADDED: Kind.GONE, Kind.GONE: Kind.ADDED}
    # a place or subject that changed is called "old → new", which the other way round is "new → old"
    assert sorted(
        (d.section, turned.get(d.kind, d.kind).value, _text(d.after), _text(d.before))
        for d in there.differences
    ) == sorted(
        (d.section, d.kind.value, _text(d.before), _text(d.after)) for d in back.differences
    )
    mirrored = {Effect.WORSE: Effect.BETTER, Effect.BETTER: Effect.WORSE}
    assert mirrored.get(there.effect, there.effect) is back.effect


def _sender(name: str) -> str:
    return lab_trace(name).header.options.sender


def _text(shown) -> str:
    return shown.text if shown else ""


def cut_at(whole: Trace, count: int) -> Trace:
    return msgspec.structs.replace(whole, steps=whole.steps[:count])


@pytest.mark.parametrize("name", [*SHORT, "pkix-expired", "tls10-only", "dkim-body-altered"])
def test_what_a_cut_walk_did_not_see_is_unknown_and_no_difference(name):
    whole = lab_trace(name)
    for count in range(len(whole.steps)):
        cut = cut_at(whole, count)
        for one, other in ((whole, cut), (cut, whole)):
            found = of(one, other)
            told = [(d.section, d.subject, d.kind, d.effect) for d in found.differences]
            assert told == [], count
            assert found.effect in (Effect.NEUTRAL, Effect.UNSAID), count
            assert found.answer


def test_a_walk_of_another_scenario_that_was_never_stepped_says_nothing_of_the_other():
    whole, none = lab_trace("pkix-expired"), cut_at(lab_trace("pkix-good"), 0)
    for one, other in ((whole, none), (none, whole)):
        found = of(one, other)
        assert found.differences == ()
        assert found.effect is Effect.UNSAID
        assert "findings" not in {section.id for section in found.sections}
        assert found.unknown


def test_what_both_saw_differs_though_one_walk_was_left_early():
    whole = lab_trace("ehlo-good")
    other = lab_trace("ehlo-1869")
    last = next(n for n, step in enumerate(other.steps) if step.kind is StepKind.EHLO)
    found = of(whole, cut_at(other, last + 1))
    assert "STARTTLS" in {d.subject for d in found.differences if d.section == "ehlo"}


def test_a_finding_of_a_look_that_the_other_walk_had_no_cause_for_is_not_gone():
    found = of(lab_trace("pkix-expired"), lab_trace("starttls-missing"))
    assert not [d for d in found.differences if d.subject.startswith("CERT002")]


@pytest.mark.parametrize("code", ["en", "ko"])
@pytest.mark.parametrize(("one", "other"), PAIRS, ids=IDS)
def test_the_text_keeps_within_eighty_cells_and_breaks_no_word(code, one, other):
    with speaking(code):
        found = of(lab_trace(one), lab_trace(other))
        for row in render_comparison(found, "text").splitlines():
            assert cell_len(row) <= 80 or len(row.split()) <= 3, row


def test_a_long_cause_is_told_before_and_after_on_two_lines_of_whole_clauses():
    found = of(lab_trace("dane-good"), lab_trace("dane-insecure-zone"))
    before, after = [row for row in found.answer.split("\n") if row.startswith("  ")][-2:]
    assert before == "  before: _25._tcp.mx1.example.com: 1 of 1 TLSA records usable"
    assert after.endswith("example.com is delegated by com without a DS record, which is proved")
    assert "…" not in found.answer


def test_before_and_after_of_a_cause_stand_on_lines_of_their_own_in_every_format():
    found = of(lab_trace("dane-good"), lab_trace("dane-insecure-zone"))
    page = render_comparison(found, "markdown").split("\n")
    at = page.index("zone example.com: zone cut")
    assert page[at - 1 : at + 3 : 2] == ["", ""]
    assert page[at + 2] == "- before: secure"
    assert page[at + 3].startswith("- after: insecure: example.com is delegated")
    html = render_comparison(found, "html")
    assert "<p>zone example.com: zone cut</p>\n<ul><li>before: secure</li><li>after: " in html


@pytest.mark.parametrize("said", ["- x", "+ x", "1. x", "12) x", "===", "---"])
def test_a_line_of_the_answer_begins_no_block_of_markdown(said):
    found = of(lab_trace("pkix-good"), lab_trace("pkix-expired"))
    page = render_comparison(replace(found, answer=f"first\n{said}"), "markdown").split("\n")
    assert page[4].replace("\\", "", 1) == said
    assert page[4] != said


def test_a_verdict_that_is_undecided_is_neither_better_nor_worse():
    failed = without_answers(lab_trace("dane-good"))
    for one, other in ((lab_trace("dane-good"), failed), (failed, lab_trace("dane-good"))):
        for each in of(one, other).differences:
            if each.section == "verdicts" and "inconclusive" in (
                each.before.text,
                each.after.text,
            ):
                assert each.effect is Effect.UNSAID


def test_the_cause_of_an_expired_certificate_is_the_certificate():
    found = of(lab_trace("pkix-good"), lab_trace("pkix-expired"))
    assert found.effect is Effect.WORSE
    assert {one.section for one in found.causes} == {"chain"}
    assert "certificate has expired" in found.answer


def test_a_record_for_another_key_is_the_cause_and_its_digits_are_marked():
    found = of(lab_trace("dane-good"), lab_trace("dane-mismatch"))
    record = next(one for one in found.causes if one.subject == "TLSA 3 1 1")
    assert record.kind is Kind.CHANGED
    assert record.before.spans[0].text == "3 1 1 "
    assert not record.before.spans[0].differs
    assert any(span.differs for span in record.after.spans)


def test_a_stripped_starttls_is_the_cause_and_other_keywords_are_not():
    found = of(lab_trace("ehlo-good"), lab_trace("ehlo-1869"))
    assert all("STARTTLS" in f"{d.fact}{_text(d.before)}{_text(d.after)}" for d in found.causes)
    assert any(d.subject == "PIPELINING" and not d.decides for d in found.differences)


def test_two_hosts_of_a_walk_greet_with_their_own_names_and_do_not_differ_in_that():
    trace = lab_trace("starttls-stripped-on-one-mx")
    one = Side(trace=trace, host="mx1.example.com")
    other = Side(trace=trace, host="mx2.example.com")
    found = compare(one, other)
    assert "greeting" not in {d.section for d in found.differences}
    assert "STARTTLS" in {d.subject for d in found.differences}
    assert found.effect is not Effect.NEUTRAL


def test_a_host_that_the_walk_has_not_is_refused_with_those_it_has():
    with pytest.raises(UsageError, match=r"mx1\.example\.com"):
        compare(
            Side(trace=lab_trace("dane-good"), host="mx9.example.com"),
            Side(trace=lab_trace("dane-good")),
        )


def test_walks_of_two_kinds_are_refused():
    with pytest.raises(UsageError, match="nothing to compare"):
        of(lab_trace("spf-pass"), lab_trace("dane-good"))


def test_a_saved_trace_compares_like_the_walk_it_was(tmp_path):
    trace = lab_trace("pkix-expired")
    path = tmp_path / "a.mxtrace"
    path.write_bytes(dump_trace(trace))
    assert of(read_trace(path), trace).differences == ()


@examples(30)
@given(st.sampled_from(EVERY), st.sampled_from(EVERY), st.integers(0, 20), st.integers(0, 20))
def test_any_two_cut_walks_of_one_kind_compare(one, other, left, right):
    before, after = lab_trace(one), lab_trace(other)
    if before.header.purpose is not after.header.purpose:
        return
    before = msgspec.structs.replace(before, steps=before.steps[:left])
    after = msgspec.structs.replace(after, steps=after.steps[:right])
    found = of(before, after)
    assert found.answer
    assert all(d.before or d.after for d in found.differences)


@pytest.mark.parametrize("payload", [item[:300] for item in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_texts_break_no_format(payload):
    found = of(lab_trace("esa-hosted"), hostile_trace(payload))
    assert json.loads(render_comparison(found, "json"))["schema"] == "mxwalk-comparison-1"
    check("html", render_comparison(found, "html"))
    for fmt in ("text", "markdown"):
        assert all(one.isprintable() for one in render_comparison(found, fmt).splitlines())


def test_a_keyword_taken_out_of_a_reply_is_found_by_what_the_sender_then_does():
    whole = lab_trace("pkix-good")
    steps = []
    for step in whole.steps:
        if step.kind is StepKind.EHLO:
            lines = step.evidence.reply.splitlines(keepends=True)
            kept = [line for line in lines if b"STARTTLS" not in line]
            kept[-1] = b"250 " + kept[-1][4:]
            evidence = msgspec.structs.replace(step.evidence, reply=b"".join(kept))
            steps.append(msgspec.structs.replace(step, evidence=evidence))
            break
        steps.append(step)
    found = of(whole, msgspec.structs.replace(whole, steps=tuple(steps)))
    assert found.effect is Effect.WORSE
    assert [(one.section, one.subject, one.kind) for one in found.causes] == [
        ("ehlo", "STARTTLS", Kind.GONE)
    ]
    assert "handshake" not in {one.section for one in found.differences}
    assert found.unknown


def without_answers(trace: Trace) -> Trace:
    """Return the walk as if the resolver had failed at every question about the target."""

    def failed(answer):
        wanted = isinstance(answer, DnsAnswer) and answer.qname != "."
        if not wanted:
            return answer
        nothing = {"answer": (), "authority": (), "cname_hops": (), "wire": b""}
        return msgspec.structs.replace(answer, status=DnsStatus.SERVFAIL, **nothing)

    steps = []
    for step in trace.steps:
        given = msgspec.structs.asdict(step.evidence) if step.evidence is not None else {}
        changed = {
            name: tuple(map(failed, value)) if isinstance(value, tuple) else failed(value)
            for name, value in given.items()
            if isinstance(value, tuple | DnsAnswer)
        }
        evidence = msgspec.structs.replace(step.evidence, **changed) if changed else step.evidence
        steps.append(msgspec.structs.replace(step, evidence=evidence))
    return msgspec.structs.replace(trace, steps=tuple(steps))


@pytest.mark.parametrize("name", ["dane-good", "sts-enforce-good", "domain-monitoring", "spf-pass"])
def test_what_a_failed_look_up_hides_is_neither_gone_nor_new(name):
    whole, failed = lab_trace(name), without_answers(lab_trace(name))
    for one, other in ((whole, failed), (failed, whole)):
        looks = {"mx", "addresses", "tlsa", "sts", "tls-rpt", "records"}
        found = [each for each in of(one, other).differences if each.section in looks]
        assert found
        lost = [each for each in found if each.kind in (Kind.GONE, Kind.ADDED)]
        assert [(each.section, each.subject, each.fact) for each in lost] == []
