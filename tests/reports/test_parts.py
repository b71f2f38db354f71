"""The small parts of reports: exit codes, the transcript, ASCII, Markdown's escapes."""

import msgspec
import pytest

from mxwalk.commands.settings import timeouts
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.target import Family
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.registry import catalogue
from mxwalk.reports import model
from mxwalk.reports.commands import commands
from mxwalk.reports.exitcode import ExitCode, exit_code
from mxwalk.reports.grouping import groups
from mxwalk.reports.labels import OUTCOME_SYMBOLS, SYMBOLS, outcomes
from mxwalk.reports.markdown import block, cell, code, escape, paragraph
from mxwalk.reports.plain import to_ascii
from mxwalk.reports.transcript import transcript
from mxwalk.reports.view import build_view
from mxwalk.senders.model import Outcome, Verdict
from tests.reports.samples import lab_trace
from widgets import plain


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(
        sender="s", label="S", outcome=outcome, reason="", log="", step=None, next_action=""
    )


def finding(severity: Severity) -> Finding:
    entry = next(iter(catalogue().values()))
    return Finding(entry=entry, sentence="", fix="", severity=severity)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("severity", Severity)
def test_exit_codes_tell_delivered_failed_and_unknown_apart(outcome, severity):
    code = exit_code(verdict(outcome), (finding(severity),))
    if outcome is Outcome.UNKNOWN:
        assert code == ExitCode.INCONCLUSIVE == 4
    elif outcome is Outcome.INCOMPLETE:  # what a domain publishes: there is something left to do
        assert code == ExitCode.DELIVERED_WITH_ERRORS == 1
    elif outcome is Outcome.COMPLETE:
        assert code == (1 if severity is Severity.ERROR else 0)
    elif not outcome.delivered:
        assert code == ExitCode.NOT_DELIVERED == 3
    else:
        assert code == (1 if severity is Severity.ERROR else 0)


def chunk(at_s, data, direction=Direction.RECEIVED, layer=Layer.CLEAR):
    return WireChunk(at_s=at_s, direction=direction, layer=layer, data=data)


def seen(host: str, sentence: str, fix: str = "", code: str = "X001") -> model.Finding:
    return model.Finding(
        code=code, title="a fault", severity="error", owner="receiver", sentence=sentence, fix=fix,
        rfc="RFC 1", command="", host=host, address="192.0.2.1", step=7, line=0, tls_rpt="",
    )  # fmt: skip


def test_the_same_finding_on_several_hosts_is_one_entry_that_lists_them():
    found = groups(
        [
            seen("a.test", "a.test [192.0.2.1]:25 is wrong", "a.test. IN A 192.0.2.2"),
            seen("b.test", "another fault", code="X002"),
            seen("b.test", "b.test [192.0.2.1]:25 is wrong", "b.test. IN A 192.0.2.2"),
            seen("c.test", "c.test is wrong in its own way"),
        ]
    )
    assert [group.code for group in found] == ["X001", "X002"]
    same, other = found[0].cases
    assert same.sentence == "a.test [192.0.2.1]:25 is wrong"
    assert same.places == ("a.test [192.0.2.1], step 7", "b.test [192.0.2.1], step 7")
    assert other.sentence == "c.test is wrong in its own way"
    assert found[0].fixes == ("a.test. IN A 192.0.2.2", "b.test. IN A 192.0.2.2")
    assert (found[0].place, found[1].place) == ("", "b.test [192.0.2.1], step 7")


def test_the_same_walk_repeats_every_option_that_shaped_it():
    lab = lab_trace("esa-hosted")
    options = msgspec.structs.replace(
        lab.header.options,
        resolver="192.0.2.53:53", trust="certifi", at="2050-01-01T00:00:00Z",
        timeouts=timeouts(3), family=Family.IPV6, first_host=True, both_leaves=True, without_sni=True,
        offline=True, private_urls=True, mail_from="",
    )  # fmt: skip
    header = msgspec.structs.replace(lab.header, options=options, scenario="")
    real = msgspec.structs.replace(lab, header=header)
    command = commands(build_delivery(real))[0].command
    for words in (
        "check user@example.com", "--resolver 192.0.2.53:53", "--ca-file certifi", "--mail-from ''",
        "--at 2050-01-01T00:00:00Z", "--timeout 3", "--ipv6", "--first-host", "--both-leaves",
        "--without-sni", "--offline", "--private-urls",
    ):  # fmt: skip
        assert words in command


def test_no_command_sends_a_message():
    told = [item.command for item in commands(build_delivery(lab_trace("esa-hosted")))]
    assert all("--quit-after" in command for command in told if command.startswith("swaks"))


def test_a_walk_without_result_says_how_to_find_out():
    report = build_view(lab_trace("greet-421"), "esa:5").report
    assert "To find out, walk again later or from the sender's own network." in report.summary


def test_the_transcript_has_a_line_a_line_however_the_bytes_came():
    step = Step(
        seq=1, kind=StepKind.EHLO, scope=Scope(), started_s=0, elapsed_s=0, evidence=Exchanged(),
        wire=(
            chunk(0.1, b"EHLO x\r\n", Direction.SENT),
            chunk(0.2, b"250-a\r"), chunk(0.3, b"\n250"), chunk(0.4, b" b\n250 c\rd\r\ntail"),
            chunk(0.5, b"\x16\x03", Direction.SENT, Layer.TLS_RECORDS),
            chunk(0.6, b"\x01", Direction.SENT, Layer.TLS_RECORDS),
        ),
    )  # fmt: skip
    assert [(line.at_s, line.by, line.text) for line in transcript([step])] == [
        (0.1, "C", "EHLO x"),
        (0.2, "S", "250-a"),
        (0.3, "S", "250 b\\n"),
        (0.4, "S", "250 c\\rd"),
        (0.4, "S", "tail"),
        (0.5, "C", "(TLS records, 3 octets)"),
    ]


def test_ascii_keeps_the_meaning_of_our_symbols():
    assert to_ascii("✓ a → b … é ✗") == "+ a -> b ... \\xe9 x"


def test_markdown_escapes():
    assert escape("*a* [b](c) <d> | e") == "\\*a\\* \\[b\\](c) \\<d\\> \\| e"
    assert escape("[b](https://c) www.e ask @team") == "`[b](https://c)` `www.e` ask `@team`"
    assert escape("a@b.test|` fixes #1") == ("<code>a&#64;b&#46;test&#124;&#96;</code> fixes `#1`")
    assert code("a`b``c") == "```a`b``c```"
    assert code("`") == "`` ` ``"
    assert code("") == ""
    assert cell("a|b`") == "<code>a&#124;b&#96;</code>"
    assert block(["```", "x"]) == "````text\n```\nx\n````"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(the CRL http://c.test/a.crl): ask", "(the CRL `http://c.test/a.crl`): ask"),
        ("at http://c.test/a.cer, where", "at `http://c.test/a.cer`, where"),
        (f"number {'ab' * 20}: revoked", f"number `{'ab' * 20}`: revoked"),
        ('"http://c.test/a(1).crl".', '"`http://c.test/a(1).crl`".'),
        ("(@team!)", "(`@team`\\!)"),
        ("www.", "`www`."),
    ],
)
def test_punctuation_of_a_sentence_stays_out_of_a_code_span(text, shown):
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("    code", "code"),
        ("  - item ", "\\- item"),
        ("   1. item", "1\\. item"),
        ("TLSv1.3", "TLSv1.3"),
    ],
)
def test_prose_at_the_beginning_of_a_line_begins_no_block(text, shown):
    assert paragraph(text) == shown


def test_an_outcome_has_the_mark_and_the_words_of_the_screen_in_every_report():
    assert set(outcomes()) == set(OUTCOME_SYMBOLS) == {one.value for one in Outcome}
    for one in Outcome:
        assert OUTCOME_SYMBOLS[one.value] == plain.mark(plain.outcome_mark(one))[0]
        assert outcomes()[one.value] == plain.outcome_words(one, over=True)
    assert {state.value: plain.mark(state)[0] for state in Mark} == SYMBOLS


def test_a_walk_that_was_broken_off_says_after_which_step_and_to_walk_to_the_end():
    whole = lab_trace("greet-421")
    at = next(step.seq for step in whole.steps if step.kind is StepKind.CONNECT)
    report = build_view(Trace(header=whole.header, steps=whole.steps[:at]), "esa:5").report
    broken = (
        f"what comes next: the trace breaks off after step {at} (connect), before the walk was over"
    )
    assert broken in report.unchecked
    assert "To find out, walk to the end." in report.summary
    unknown = [one for one in report.verdicts if one.outcome == Outcome.UNKNOWN.value]
    assert unknown
    for one in unknown:
        assert one.next_action.startswith("not known: the walk is not over")
