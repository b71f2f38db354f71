"""What somebody pastes on the first day: the reason that decides is told, and told once."""

from mxwalk.clues.labels import facts
from mxwalk.clues.model import Clue
from mxwalk.clues.reading import deciding, understand

BAD_HOST = "5.1.2 - Bad destination host ('000', ['TLS required but could not be established'])"
REPORT = """Delivery has failed to these recipients or groups:
user@example.com
Your message couldn't be delivered.

Diagnostic information for administrators:
Generating server: mail.sender.test
user@example.com
Remote Server returned '550 5.4.316 Message expired, connection refused(Socket error code 10061)
 LastAttemptedServerName=mx1.example.com LastAttemptedIP=192.0.2.25:25
 [mail.sender.test 2026-05-04T10:11:12.000Z 08DC0000]'

Original Message Details
Created Date: 5/3/2026 9:00:00 AM
Sender Address: me@example.org
"""
S_CLIENT = """CONNECTED(00000003)
depth=0 CN = mx1.example.com
verify error:num=10:certificate has expired
---
Certificate chain
 0 s:CN = mx1.example.com
---
New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
Verification error: certificate has expired
Verify return code: 10 (certificate has expired)
---
250 CHUNKING
"""


def test_the_reason_in_brackets_wins_where_it_names_tls() -> None:
    for text in (BAD_HOST, f"Info: Bounced: DCID 12 MID 34 to RID 0 - {BAD_HOST} []"):
        one = deciding(understand(text).clues)
        assert one is not None
        assert "STLS001" in one.findings
        assert "ROUTE003" not in one.findings
        assert one.standing.value == "bounced"
        assert one.status == "5.1.2"


def test_the_reason_in_brackets_wins_where_it_names_a_certificate() -> None:
    text = "Info: Bounced: DCID 1 MID 2 to RID 0 - 5.1.2 - Bad destination host ('000', ['certificate has expired']) []"
    assert "CERT002" in understand(text).clues[0].findings


def test_a_report_names_the_host_that_was_tried_last() -> None:
    found = understand(REPORT)
    one = deciding(found.clues)
    assert one is not None
    shown = dict(facts(one))
    assert shown["host"] == "mx1.example.com [192.0.2.25]:25"
    assert shown["time"].startswith("2026-05-04T10:11:12")
    assert [lead.target for lead in found.leads][:2] == ["user@example.com", "mx1.example.com:25"]


def test_a_report_is_quoted_to_the_end_of_the_diagnostic() -> None:
    one = deciding(understand(REPORT).clues)
    assert one is not None
    assert one.quoted.endswith("08DC0000]'")
    assert REPORT[one.start : one.end].endswith("08DC0000]'")


def _verdicts() -> list[Clue]:
    return [one for one in understand(S_CLIENT).clues if "expired" in one.quoted]


def test_the_verdict_of_s_client_is_told_once_with_its_finding() -> None:
    (one,) = _verdicts()
    assert "CERT002" in one.findings
    assert "anew" not in one.meaning


def test_the_clue_that_decides_is_the_failure_then_the_one_with_findings() -> None:
    assert deciding(understand(S_CLIENT).clues) == _verdicts()[0]
    assert deciding(()) is None
