"""``mxwalk tlsrpt``: reports as text and JSON, exit codes, and files that are none."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.commands.tlsrpt import Asked
from mxwalk.tlsrpt.hosts import walk_target
from tests.hostile import HOSTILE
from tests.tlsrpt.examples import APPENDIX_B, dated, mail, octets, report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_bytes(APPENDIX_B)
    (tmp_path / "b.json").write_bytes(octets(dated("2016-04-02", "b", 40, 0)))
    (tmp_path / "c.eml").write_bytes(bytes(mail(octets(dated("2016-04-03", "c", 50, 7)))))
    return tmp_path


def ask(*words: object, stdin: bytes | None = None):
    return CliRunner().invoke(cli, ["tlsrpt", *(str(word) for word in words)], input=stdin)


def test_the_text_tells_totals_failures_days_and_who_must_act(folder: Path) -> None:
    done = ask(folder)
    assert done.exit_code == 3, done.output
    text = done.output
    assert "3 reports, 2016-04-01 to 2016-04-03: 5,416 succeeded, 310 failed" in text
    assert "Company-X" in text
    assert "sts company-y.example" in text
    assert "starttls-not-supported: 200 sessions, 2016-04-01" in text
    assert "who must act: receiver (RFC 8460 4.3.1)" in text
    assert "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED" in text
    assert "our codes for it: DANE003, STLS001" in text
    assert "walk it: mxwalk company-y.example   (the host is mx2.mail.company-y.example)" in text
    assert "company-y.example: mode testing  200 sessions" in text
    assert "Company-X <sts-reporting@company-x.example>  200 sessions" in text
    assert "more     https://reports.company-x.example/report_info" in text
    assert "2016-04-02          40 succeeded        0 failed" in text


def test_json_holds_summary_reports_and_problems(folder: Path) -> None:
    (folder / "d.json").write_bytes(b"{")
    done = ask("--format", "json", folder)
    document = json.loads(done.stdout)
    assert document["schema"] == "mxwalk-tlsrpt-1"
    assert document["exit_code"] == done.exit_code == 3
    assert document["summary"]["failures"] == 310
    assert [r["report_id"] for r in document["reports"]][1:] == ["b", "c"]
    assert document["problems"][0]["sentence"].startswith("it is not well-formed JSON")


def test_exit_codes(folder: Path, tmp_path: Path) -> None:
    assert ask(folder / "b.json").exit_code == 0
    (tmp_path / "bad").write_bytes(b"no")
    assert ask(folder / "b.json", tmp_path / "bad").exit_code == 1
    assert ask(tmp_path / "bad").exit_code == 2
    assert ask(folder / "absent").exit_code == 2
    assert ask(folder / "a.json").exit_code == 3
    (tmp_path / "twice.json").write_bytes((folder / "b.json").read_bytes())
    twice = ask(folder / "b.json", tmp_path / "twice.json")
    assert twice.exit_code == 0
    assert "counted once" in twice.output
    assert ask().exit_code == 2


def test_standard_input_is_read(folder: Path) -> None:
    done = ask("-", stdin=APPENDIX_B)
    assert done.exit_code == 3
    assert "303 failed" in done.output
    both = ask("-", folder / "b.json", stdin=APPENDIX_B)
    assert "2 reports" in both.output


def test_ascii_only(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(octets(report(**{"organization-name": "Bücher"})))
    assert ask("--ascii", tmp_path / "x.json").output.isascii()


@pytest.mark.parametrize("raw", [text[:2_000] for text in HOSTILE], ids=range(len(HOSTILE)))
def test_hostile_reports_print_printably(tmp_path: Path, raw: bytes) -> None:
    text = raw.decode("utf-8", "replace")
    document = report(**{"organization-name": text, "report-id": text})
    policy = document["policies"][0]
    policy["policy"] |= {"policy-type": text, "policy-domain": text}
    for row in policy["failure-details"]:
        for name in (
            "result-type",
            "sending-mta-ip",
            "receiving-mx-hostname",
            "failure-reason-code",
        ):
            row[name] = text
    (tmp_path / "x.json").write_bytes(octets(document))
    for fmt in ("text", "json"):
        done = ask("--format", fmt, tmp_path / "x.json")
        assert done.exit_code == 3, done.output
        assert all(line.isprintable() for line in done.output.split("\n"))


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("mx1.example.net", "mx1.example.net:25"),
        ("MX1.Example.NET.", "mx1.example.net:25"),
        ("192.0.2.1", "[192.0.2.1]:25"),
        ("[192.0.2.1]", "[192.0.2.1]:25"),
        ("2001:db8::1", "[2001:db8::1]:25"),
        ("bücher.example", "xn--bcher-kva.example:25"),
        ("localhost", ""),
        ("$(reboot).example", ""),
        ("--save.example", ""),
        ("a b.example", ""),
        ("fe80::1%eth0", ""),
        ("*.example.net", ""),
        ("", ""),
    ],
)
def test_only_hosts_can_be_walked(name: str, target: str) -> None:
    assert walk_target(name) == target


@pytest.mark.parametrize(
    ("words", "terminal", "screen"),
    [
        ({"files": ("x",)}, True, True),
        ({"files": ("x",)}, False, False),
        ({"files": ("x",), "text": True}, True, False),
        ({"files": ("x",), "fmt": "json"}, True, False),
        ({"files": ("x", "-")}, True, False),
    ],
)
def test_the_screen_opens_on_a_terminal_unless_text_is_asked_for(
    monkeypatch, words: dict, terminal: bool, screen: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    assert Asked(**words).wants_screen() is screen


def test_a_home_that_nobody_has_is_a_usage_error() -> None:
    done = ask("~nobody-of-that-name/x.json")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_file_that_is_missing_is_an_error_and_no_empty_screen(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(Asked, "wants_screen", lambda _self: True)
    done = ask(tmp_path / "missing.json")
    assert done.exit_code == 2
    assert "there is no" in done.output


def test_a_failure_of_the_policy_leads_to_the_policy_and_our_reason_code_to_its_code(tmp_path):
    one = json.loads(APPENDIX_B)
    rows = one["policies"][0]["failure-details"]
    rows[0]["result-type"] = "sts-policy-fetch-error"
    rows[2]["failure-reason-code"] = "mx-not-in-policy"
    (tmp_path / "a.json").write_bytes(json.dumps(one).encode())
    text = ask("--text", tmp_path / "a.json").output
    assert "look it up: mxwalk policy company-y.example" in text
    assert "our codes for it: STS013\n" in text
