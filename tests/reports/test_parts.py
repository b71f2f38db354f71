"""The small parts of reports: exit codes, the transcript, ASCII, Markdown's escapes."""

import pytest

from mxwalk.evidence.step import Exchanged, Scope, Step, StepKind
from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.registry import catalogue
from mxwalk.reports.exitcode import ExitCode, exit_code
from mxwalk.reports.markdown import block, cell, code, escape
from mxwalk.reports.plain import to_ascii
from mxwalk.reports.transcript import transcript
from mxwalk.senders.model import Outcome, Verdict


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
    elif not outcome.delivered:
        assert code == ExitCode.NOT_DELIVERED == 3
    else:
        assert code == (1 if severity is Severity.ERROR else 0)


def chunk(at_s, data, direction=Direction.RECEIVED, layer=Layer.CLEAR):
    return WireChunk(at_s=at_s, direction=direction, layer=layer, data=data)


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
    assert escape("*a* [b](https://c) <d> | www.e") == (
        "\\*a\\* \\[b\\](https\\://c) \\<d\\> \\| www\\.e"
    )
    assert code("a`b``c") == "```a`b``c```"
    assert code("`") == "`` ` ``"
    assert code("") == ""
    assert cell("a|b`") == "<code>a&#124;b&#96;</code>"
    assert block(["```", "x"]) == "````text\n```\nx\n````"
