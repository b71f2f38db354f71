"""What several reports come to, and the files they are in."""

import os
from datetime import date
from pathlib import Path

import pytest

from mxwalk.dmarcrpt.files import open_reports
from mxwalk.dmarcrpt.judge import Case
from mxwalk.dmarcrpt.known import read_known
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.reading import read_octets
from mxwalk.dmarcrpt.sources import Source, Standing
from mxwalk.dmarcrpt.summary import Summary, summarise
from mxwalk.dmarcrpt.words import policy_words, spf_command, spf_wanted, who
from mxwalk.errors import UsageError
from tests.dmarcrpt.examples import (
    APPENDIX_B,
    metadata,
    packed_mail,
    record,
    report,
    result,
    zipped,
)

SPOOFED = record(
    "203.0.113.9",
    70,
    "fail",
    "fail",
    results=[result("spf", "example.com", "softfail")],
    disposition="quarantine",
)
SERVICE = record(
    "198.51.100.5",
    30,
    "fail",
    "fail",
    envelope_from="bounce.service.example",
    results=[
        result("dkim", "service.example", "pass", selector="k1"),
        result("spf", "bounce.service.example", "pass"),
    ],
)
LIST = record(
    "192.0.2.77",
    200,
    "fail",
    "fail",
    reasons=[("mailing_list", "footer")],
    results=[
        result("dkim", "example.com", "fail", selector="s1"),
        result("spf", "list.example", "pass"),
    ],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cur").mkdir()
    (tmp_path / "a.xml").write_bytes(report(record(), SPOOFED, head=metadata("a", 2)))
    (tmp_path / "b.zip").write_bytes(zipped(report(record(count=5), head=metadata("b", 0))))
    (tmp_path / "cur" / "1.eml").write_bytes(
        packed_mail(report(SERVICE, LIST, head=metadata("c", 4, "other.example")))
    )
    return tmp_path


def summary_of(*records: str, known: tuple[str, ...] = ()) -> Summary:
    reading = read_octets(report(*records), "x")
    return summarise(reading.reports, read_known(known))


def the_source(summary: Summary, ip: str) -> Source:
    return next(source for source in summary.sources.listed if source.ip == ip)


def test_a_folder_is_read_and_added_up(folder: Path) -> None:
    reading = open_reports([folder])
    assert not reading.problems
    assert [one.report_id for one in reading.reports] == ["b", "a", "c"]
    found = summarise(reading.reports)
    assert (found.messages, found.failures) == (315, 300)
    assert (found.alignment.both, found.alignment.none) == (15, 300)
    assert [(t.name, t.messages) for t in found.dispositions] == [("none", 245), ("quarantine", 70)]
    assert [(t.name, t.messages) for t in found.reasons] == [("mailing_list footer", 200)]
    assert [(r.name, r.messages) for r in found.reporters] == [
        ("other.example", 230),
        ("reporter.example", 85),
    ]
    (policy,) = found.policies
    assert (policy.reports, policy.policy.p) == (3, "none")
    assert policy_words(policy.policy) == "p=none sp=none adkim=r aspf=r fo=0 pct=100"
    assert [(d.day, d.successes, d.failures) for d in found.days] == [
        (date(2026, 10, 2), 5, 0),
        (date(2026, 10, 3), 0, 0),
        (date(2026, 10, 4), 10, 70),
        (date(2026, 10, 5), 0, 0),
        (date(2026, 10, 6), 0, 230),
    ]
    assert [(c.case, c.messages) for c in found.cases] == [
        (Case.MAILING_LIST, 200),
        (Case.NOTHING, 70),
        (Case.THIRD_PARTY, 30),
        (Case.BOTH, 15),
    ]


def test_unknown_sources_come_first_then_those_that_fail_then_the_rest() -> None:
    found = summary_of(record(count=10_000), SERVICE, LIST, SPOOFED)
    assert [(s.ip, s.standing) for s in found.sources.listed] == [
        ("203.0.113.9", Standing.UNKNOWN),
        ("198.51.100.5", Standing.UNKNOWN),
        ("192.0.2.77", Standing.FAILING),
        ("192.0.2.1", Standing.ALIGNED),
    ]
    assert (found.sources.unknown, found.sources.unknown_messages) == (2, 100)


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ("198.51.100.0/24", "198.51.100.0/24"),
        ("198.51.100.5", "198.51.100.5/32"),
        ("service.example", "service.example"),
        ("SERVICE.example.", "service.example"),
    ],
)
def test_a_source_that_was_named_is_known(known: str, named: str) -> None:
    found = summary_of(SPOOFED, SERVICE, known=(known,))
    service = the_source(found, "198.51.100.5")
    assert (service.standing, service.named) == (Standing.FAILING, named)
    assert the_source(found, "203.0.113.9").standing is Standing.UNKNOWN
    assert found.sources.unknown == 1


def test_a_name_that_failed_makes_nothing_known() -> None:
    found = summary_of(SPOOFED, known=("example.com",))
    assert the_source(found, "203.0.113.9").standing is Standing.UNKNOWN


@pytest.mark.parametrize("text", ["", "a b", "192.0.2.0/99", "x" * 300])
def test_what_can_be_no_sender_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--known"):
        read_known((text,))


def test_who_a_source_is_and_how_that_is_known() -> None:
    found = summary_of(SPOOFED, SERVICE)
    service = the_source(found, "198.51.100.5")
    assert (service.organisation, service.organisation_from) == ("service.example", "DKIM")
    assert who(service) == "service.example, for which a DKIM signature passes"
    name = SourceName(ip=service.ip, name="mta1.service.example", confirmed=True)
    assert who(service, name).startswith("service.example, by its PTR name mta1.service.example (c")
    spoofed = the_source(found, "203.0.113.9")
    assert who(spoofed) == ""
    name = SourceName(ip=spoofed.ip, name="mail.example.com")
    assert name.organisation == ""
    assert "not confirmed" in who(spoofed, name)


def test_the_domain_to_ask_spf_for_is_the_own_one() -> None:
    found = summary_of(SPOOFED, SERVICE)
    assert spf_command(the_source(found, "198.51.100.5")) == (
        "mxwalk spf example.com --ip 198.51.100.5"
    )
    assert spf_wanted(the_source(found, "203.0.113.9")) == ("example.com", "203.0.113.9")


@pytest.mark.parametrize(
    ("ip", "domain"),
    [("x; reboot", "example.com"), ("192.0.2.1", "$(reboot)"), ("fe80::1%eth0", "example.com")],
)
def test_a_stranger_writes_no_command(ip: str, domain: str) -> None:
    one = record(ip, results=[], dkim="fail", spf="fail", header_from=domain)
    (source,) = summary_of(one).sources.listed
    assert spf_wanted(source) is None
    assert spf_command(source) == ""


def test_sources_beyond_the_limit_are_counted(monkeypatch) -> None:
    monkeypatch.setattr("mxwalk.dmarcrpt.sources.DMARC_SOURCES", 2)
    found = summary_of(*(record(f"192.0.2.{n}", n) for n in range(1, 6))).sources
    assert [source.ip for source in found.listed] == ["192.0.2.5", "192.0.2.4"]
    assert (found.count, found.beyond, found.beyond_messages) == (5, 3, 6)


def test_addresses_written_differently_are_one_source() -> None:
    ips = ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "[2001:db8::1]")
    (source,) = summary_of(*(record(ip) for ip in ips)).sources.listed
    assert (source.ip, source.messages) == ("2001:db8::1", 30)


def test_a_report_that_came_twice_counts_once_and_one_of_other_numbers_is_noted(
    folder: Path,
) -> None:
    (folder / "copy.xml").write_bytes((folder / "a.xml").read_bytes())
    (folder / "d.xml").write_bytes(report(record(count=11), head=metadata("b", 0)))
    reading = open_reports([folder])
    assert len(reading.reports) == 4
    assert "the same report as in" in reading.problems[0].sentence
    assert reading.problems[0].repeated
    words = [d.sentence for one in reading.reports for d in one.deviations]
    assert any("report_id is that of another report" in sentence for sentence in words)


def test_reports_without_an_id_are_never_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(report(head=metadata("")))
    assert len(open_reports([tmp_path]).reports) == 2


def test_files_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    names = ("absent.xml", "empty", "pipe", "nul\0.xml")
    told = {Path(p.name).name: p for p in open_reports([tmp_path / n for n in names]).problems}
    assert told["absent.xml"].sentence == "there is no such file"
    assert told["empty"].sentence == "the folder has no files"
    assert told["pipe"].sentence == "it is a pipe, not a file"
    assert told["nul\0.xml"].sentence


def test_files_are_told_as_they_are_opened_and_can_be_stopped(folder: Path) -> None:
    told: list[tuple[int, str]] = []
    reading = open_reports(
        [folder], on_file=lambda *which: told.append(which), stopped=lambda: len(told) > 1
    )
    assert [number for number, _ in told] == [1, 2]
    assert any("stopped" in problem.sentence for problem in reading.problems)


def test_nothing_comes_to_nothing() -> None:
    found = summarise(())
    assert (found.reports, found.messages, found.sources.count) == (0, 0, 0)
    assert found.days == ()


def test_the_summary_of_the_rfcs_example() -> None:
    found = summarise(read_octets(APPENDIX_B, "x").reports)
    (source,) = found.sources.listed
    assert [c.case for c in source.cases] == [Case.FORWARDED]
    assert (source.by_dkim, source.by_spf) == (123, 0)
    assert source.signatures[0].name == "example.com (abc123): pass"
