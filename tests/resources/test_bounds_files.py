"""Bounds of files: reports and the folders they are in, a pasted capture, configurations, what is searched."""

from pathlib import Path

import pytest

from mxwalk.clues.dialogue.forms import read_lines
from mxwalk.clues.dialogue.parts import Said
from mxwalk.clues.dialogue.source import split
from mxwalk.clues.esa import _Log
from mxwalk.clues.mail import is_mail
from mxwalk.clues.reading import understand
from mxwalk.dmarcrpt.reading import read_octets
from mxwalk.ownside.machine import policy_of
from mxwalk.reportfiles.searching import files_of
from tests.dmarcrpt.examples import record, report
from tests.resources.lowering import Probe, check
from tests.tlsrpt.examples import APPENDIX_B
from tui.pasted_clues import typed_clues
from tui.report_kind import is_trace_file, kinds_in
from tui.search import Entry, Index
from tui.settings import load_settings
from tui.understand import understand as meaning_of


def _comment(octets: int) -> int:
    found = read_octets(report(record() + "<!--" + "x" * octets + "-->"), "x")
    return octets if found.reports else 0


def _names(count: int) -> int:
    names = "".join(f"<n{one}/>" for one in range(count))
    return count if read_octets(report(record() + names), "x").reports else 0


def _extensions(count: int) -> int:
    inside = "".join(f"<e{one}/>" for one in range(count))
    data = report(record()).replace(
        b"<record>", f"<extension>{inside}</extension><record>".encode(), 1
    )
    return len(read_octets(data, "x").reports[0].extensions)


def _errors(count: int) -> int:
    inside = "".join(f"<error>e{one}</error>" for one in range(count))
    data = report(record()).replace(b"</report_metadata>", f"{inside}</report_metadata>".encode())
    return len(read_octets(data, "x").reports[0].errors)


def _errors_behind(count: int) -> int:
    """Elements of the metadata before an error that is told."""
    inside = "<x/>" * count + "<error>e</error>"
    data = report(record()).replace(b"</report_metadata>", f"{inside}</report_metadata>".encode())
    return count if read_octets(data, "x").reports[0].errors else 0


def _header(fields: int) -> int:
    return (
        10 * fields
        if is_mail("From: a\n" + "X-F: yyyy\n" * fields + "Content-Type: text/plain\n")
        else 0
    )


def _refused(count: int) -> int:
    lines = "".join(f"RCPT TO:<u{one}@example.com>\n550 5.1.1 no u{one}\n" for one in range(count))
    begun = "220 mx.example.com ESMTP\nEHLO a.example.com\n250 mx\nMAIL FROM:<>\n250 ok\n"
    return len(understand(begun + lines).clues)


def _message(number: int) -> int:
    """The place, among the messages of a connection, of the one whose recipient is named."""
    messages = [str(one) for one in range(number)]
    log = _Log(messages={"1": messages}, recipients={(messages[-1], "0"): "u@example.com"})
    return number if log.of("1", "", "0", "Bounced").recipients else 0


def _typed(chars: int) -> int:
    return chars if meaning_of("x " * (chars // 2) + "u@example.com").target else 0


def _typed_clue(chars: int) -> int:
    return chars if typed_clues("\n" * chars + "550 5.1.1 <u@example.com> no such user") else 0


def _packet(octets: int) -> int:
    """Octets of a reply's line in a packet that is written as ``tcpdump -X`` does."""
    text = b"220 " + b"y" * octets + b"\r\n"
    size = 40 + len(text)
    head = b"\x45\x00" + size.to_bytes(2, "big") + bytes(5) + b"\x06" + bytes(10)
    packet = head + bytes(12) + b"\x50" + bytes(7) + text
    lines = ["IP 192.0.2.1.25 > 192.0.2.2.40000: Flags [P.], seq 1:2, length 1"]
    for at in range(0, len(packet), 16):
        row = packet[at : at + 16].hex()
        words = " ".join(row[each : each + 4] for each in range(0, len(row), 4))
        lines.append(f"\t0x{at:04x}:  {words}")
    pasted = read_lines(split("\n".join(lines))[0])
    assert pasted is not None
    return sum(part.text.count("y") for part in pasted.parts if isinstance(part, Said))


def _found(count: int) -> int:
    entries = [Entry(kind="step", name=f"name {one}", goal=None) for one in range(count)]  # type: ignore[arg-type]
    return len(Index(entries).search("name"))


PROBES = (
    Probe("DMARC_TOKEN_BYTES", 100_000, lambda: _comment(300_000)),
    Probe("DMARC_NAMES", 40, lambda: _names(80)),
    Probe("DMARC_EXTENSIONS", 3, lambda: _extensions(8)),
    Probe("DMARC_ERRORS", 3, lambda: _errors(8)),
    Probe("DMARC_METADATA", 10, lambda: _errors_behind(30)),
    Probe("CLUE_HEAD_CHARS", 100, lambda: _header(20)),
    Probe("CLUES_TOLD", 3, lambda: _refused(8)),
    Probe("CLUE_MESSAGES", 3, lambda: _message(8)),
    Probe("TYPED_CHARS", 50, lambda: _typed(100)),
    Probe("TYPED_CLUE_CHARS", 50, lambda: _typed_clue(100)),
    Probe("CLUE_PACKET_BYTES", 100, lambda: _packet(300)),
    Probe("SEARCH_ENTRIES", 3, lambda: _found(8)),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)


async def test_what_a_file_may_be_is_seen_in_its_first_octets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_text(" " * 200 + '{"format": "mxwalk-trace"}')
    await check(Probe("SNIFFED_BYTES", 100, lambda: 200 * is_trace_file(path)), monkeypatch)


async def test_a_folder_that_is_named_is_looked_at_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number in range(8):
        (tmp_path / f"{number}.json").write_bytes(APPENDIX_B)
    await check(
        Probe("FOLDER_FILES_LOOKED", 3, lambda: sum(kinds_in(tmp_path).values())), monkeypatch
    )


async def test_folders_are_looked_into_as_deep_as_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path
    for depth in range(1, 5):
        folder /= f"d{depth}"
        folder.mkdir()
        (folder / "report.xml").touch()
    await check(
        Probe("REPORT_FOLDER_DEPTH", 2, lambda: len(list(files_of([tmp_path], [])))), monkeypatch
    )


async def test_settings_are_read_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# filler\n" * 20 + 'theme = "nord"\n')
    size = path.stat().st_size

    def read() -> int:
        return size if load_settings(path, frozenset()).theme == "nord" else 0

    await check(Probe("SETTINGS_BYTES", 100, read), monkeypatch)


async def test_a_configuration_is_read_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "openssl.cnf"
    path.write_text("# filler\n" * 20 + "MinProtocol = TLSv1.2\n")
    size = path.stat().st_size
    await check(Probe("OWN_CONFIG_BYTES", 100, lambda: size * len(policy_of(path))), monkeypatch)
