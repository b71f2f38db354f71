"""``mxwalk dmarc``: reports as text and JSON, exit codes, names by reverse DNS, files that are none."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.commands.dmarc import Asked
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from tests.dmarcrpt.examples import APPENDIX_B, metadata, record, report, result, zipped
from tests.dmarcrpt.test_summary import LIST, SERVICE, SPOOFED
from tests.hostile import HOSTILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.xml").write_bytes(report(record(), SPOOFED, head=metadata("a", 0)))
    (tmp_path / "b.xml.gz").write_bytes(
        gzip.compress(report(SERVICE, LIST, head=metadata("b", 1, "other.example")))
    )
    return tmp_path


def ask(*words: object, stdin: bytes | None = None):
    return CliRunner().invoke(cli, ["dmarc", *(str(word) for word in words)], input=stdin)


def test_the_text_tells_totals_readings_sources_and_the_next_command(folder: Path) -> None:
    done = ask(folder)
    assert done.exit_code == 3, done.output
    for words in (
        "2 reports, 2026-10-02 to 2026-10-03: 310 messages, 10 passed DMARC, 300 failed",
        "reporter.example <dmarc@reporter.example>",
        "example.com  p=none sp=none adkim=r aspf=r fo=0 pct=100",
        "not at all                300    96.8 %",
        "mailing_list footer",
        "70 messages: nothing passes: spoofed, or a sender of yours that is forgotten",
        "sources, unknown ones first (4, 2 unknown with 100 messages)",
        "203.0.113.9  unknown: 70 messages, 70 failed, 2026-10-02",
        "service.example, for which a DKIM signature passes",
        "30 a sender that passes, but for another domain",
        "30 service.example (k1): pass",
        "mxwalk spf example.com --ip 198.51.100.5",
        "2026-10-03           0 passed      230 failed",
    ):
        assert words in done.output, words
    order = [done.output.index(f"  {ip}  ") for ip in ("203.0.113.9", "198.51.100.5", "192.0.2.1")]
    assert order == sorted(order)


def test_json_holds_summary_reports_and_problems(folder: Path) -> None:
    (folder / "d.xml").write_bytes(b"<x/>")
    done = ask("--format", "json", folder, "--known", "198.51.100.0/24")
    document = json.loads(done.stdout)
    assert document["schema"] == "mxwalk-dmarc-1"
    assert document["exit_code"] == done.exit_code == 3
    assert document["summary"]["alignment"] == {"both": 10, "dkim": 0, "spf": 0, "none": 300}
    first, *_, last = document["summary"]["sources"]["listed"]
    assert (first["ip"], first["standing"]) == ("203.0.113.9", "unknown")
    assert last["named"] == ""
    assert [one["report_id"] for one in document["reports"]] == ["a", "b"]
    assert document["reports"][0]["rows"] == 2
    assert "its root element is x" in document["problems"][0]["sentence"]
    assert document["names"] == []


def test_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_bytes(APPENDIX_B)
    (tmp_path / "bad.xml").write_bytes(b"no")
    (tmp_path / "fails.xml").write_bytes(report(SPOOFED))
    assert ask(tmp_path / "good.xml").exit_code == 0
    assert ask(tmp_path / "good.xml", tmp_path / "good.xml").exit_code == 0
    assert ask(tmp_path / "good.xml", tmp_path / "bad.xml").exit_code == 1
    assert ask(tmp_path / "bad.xml").exit_code == 2
    assert ask(tmp_path / "bad.xml", tmp_path / "fails.xml").exit_code == 3


def test_standard_input_in_every_form() -> None:
    for data in (APPENDIX_B, gzip.compress(APPENDIX_B), zipped(APPENDIX_B)):
        done = ask("-", stdin=data)
        assert done.exit_code == 0, done.output
        assert "123 messages, 123 passed DMARC" in done.output
    assert ask("-", stdin=b"").exit_code == 2


class _Zone:
    """A resolver of one reverse zone."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.append((qname, rtype))
        found = {
            ("5.100.51.198.in-addr.arpa", "PTR"): "mta5.service.example.",
            ("mta5.service.example", "A"): "198.51.100.5",
            ("9.113.0.203.in-addr.arpa", "PTR"): "mail.example.com.",
        }.get((qname, rtype))
        if found is None:
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.NXDOMAIN)
        rrset = RRset(name=qname, rtype=rtype, ttl_s=60, records=(found,))
        return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.OK, answer=(rrset,))


def test_names_are_asked_only_with_ptr(folder: Path, monkeypatch) -> None:
    zone = _Zone()
    monkeypatch.setattr("mxwalk.commands.dmarc.system_resolver", lambda _server: zone)
    ask(folder)
    assert zone.asked == []
    done = ask(folder, "--ptr")
    words = " ".join(done.output.split())
    assert "service.example, by its PTR name mta5.service.example (confirmed)" in words
    assert "mail.example.com (not confirmed: it does not lead back)" in words
    assert "PTR: there is no name for this address" in words
    document = json.loads(ask(folder, "--ptr", "--format", "json").stdout)
    assert {one["name"] for one in document["names"]} >= {"mta5.service.example"}


def test_what_cannot_be_used_is_said(folder: Path) -> None:
    assert "--known a b: give a network" in ask(folder, "--known", "a b").output
    assert ask(folder, "--ptr", "--resolver", "x y").exit_code == 2
    assert ask().exit_code == 2
    assert ask("~nobody-of-this-name/x").exit_code == 2


def test_a_file_that_is_missing_is_an_error_and_no_empty_screen(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(Asked, "wants_screen", lambda _self: True)
    done = ask(tmp_path / "missing.xml")
    assert done.exit_code == 2
    assert "there is no" in done.output


def test_ascii_and_hostile_texts(tmp_path: Path) -> None:
    for number, hostile in enumerate(HOSTILE):
        text = hostile.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"\0", b"")
        data = report(
            record(
                results=[result("dkim", "PLACE", "pass", selector="PLACE", human_result="PLACE")],
                header_from="PLACE",
                reasons=[("PLACE", "PLACE")],
                dkim="fail",
                spf="fail",
            ),
            head=metadata("PLACE", organisation="PLACE"),
        ).replace(b"PLACE", text)
        (tmp_path / f"{number}.xml").write_bytes(data)
    for words in (("--ascii",), ("--format", "json"), ()):
        done = ask(tmp_path, *words)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert all(line.isprintable() for line in done.output.splitlines())
        assert "--ascii" not in words or done.output.isascii()


def test_deviations_are_told_once_for_all_reports_that_have_them(tmp_path: Path) -> None:
    for number in range(3):
        data = report(head=metadata(str(number), number)).replace(b"<fo>0</fo>", b"")
        (tmp_path / f"{number}.xml").write_bytes(data)
    text = ask(tmp_path).output
    assert "reporter.example: fo is missing [RFC 7489] in 3 reports" in text
