"""Bounds of reports of TLS and DMARC, of MTA-STS and of TLSRPT records."""

import contextlib
import gzip
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from mxwalk.commands.source_names import look_up_names
from mxwalk.dmarcrpt import files as dmarc_files
from mxwalk.dmarcrpt.reading import read_octets
from mxwalk.dmarcrpt.reading import read_reports as read_dmarc
from mxwalk.mtasts.policy import read_policy
from mxwalk.mtasts.record_fields import read_fields
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.days import series
from mxwalk.reportfiles.errors import NoReportError
from mxwalk.reportfiles.mail import _check_size
from mxwalk.reportfiles.model import Kind
from mxwalk.reportfiles.searching import files_of
from mxwalk.tlsrpt import files as tls_files
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.record import read_record, read_records
from tests.dmarcrpt.examples import record, report, zipped
from tests.resources.lowering import Probe, check
from tests.tlsrpt.examples import APPENDIX_B, octets
from tests.tlsrpt.examples import report as tls_report


def _mail(data: bytes, size: int) -> int:
    try:
        _check_size(data)
    except NoReportError:
        return 0
    return size


def _places(count: int) -> int:
    deviations = Deviations()
    for number in range(count):
        deviations.add(Kind.VALUE, f"policies[{number}]", "is odd")
    return len(deviations.found()[0].places)


def _days(count: int) -> int:
    first = date(2026, 1, 1)
    return len(series([(first + timedelta(days=one), 1, 0) for one in range(count)]))


def _tls(count: int, **changes: object) -> int:
    return count if read_reports(octets(tls_report(**changes)), "x").reports else 0


def _policy(**more: object) -> dict[str, object]:
    policy = tls_report()["policies"][0]
    return {**policy, "policy": {**policy["policy"], **more}}


def _policy_domain(padding: int) -> int:
    found = read_reports(octets(tls_report(policies=[_policy(more="x" * padding)])), "x")
    return padding if found.reports[0].policies[0].domain else 0


def _policy_lines(count: int) -> int:
    found = read_reports(
        octets(tls_report(policies=[_policy(**{"mx-host": ["a.test"] * count})])), "x"
    )
    return len(found.reports[0].policies[0].mx_hosts)


def _contact(chars: int) -> int:
    found = read_reports(octets(tls_report(**{"contact-info": "x" * chars})), "x").reports[0]
    return 0 if any(one.kind is Kind.LIMIT for one in found.deviations) else chars


def _elements(count: int) -> int:
    return len(read_reports(json.dumps([tls_report()] * count).encode(), "x").reports)


def _bomb(octets_: int) -> int:
    packed = gzip.compress(report(more_of(octets_)))
    return octets_ if read_octets(packed, "x").reports else 0


def more_of(octets_: int) -> str:
    """A row, and white space behind it that packs well."""
    return record() + " " * octets_


def _zip_without_seeking(size: int) -> int:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    padding = bytes(range(256)) * (size // 256)
    data = zipped(report() + b"<!--" + padding.hex().encode() + b"-->", method=0)
    return size if read_dmarc(Pipe(data), "x").reports else 0


def _depth(depth: int) -> int:
    inside = "<x>" * depth + "</x>" * depth
    return (
        depth if read_octets(report(record(), policy="<p>" + inside + "</p>"), "x").reports else 0
    )


def _directory(count: int) -> int:
    return 60 * len(read_octets(zipped(*[report()] * count), "x").reports)


def _children(count: int) -> int:
    """Elements of a record before the one that counts."""
    row = record().replace("<record>", "<record>" + "<x/>" * count, 1)
    rows = read_octets(report(row), "x").reports[0].rows
    return count if rows and rows[0].header_from else 0


async def _names_asked(count: int) -> int:
    asked: list[str] = []

    class Silent:
        async def query(self, qname: str, rtype: str) -> None:
            asked.append(qname)
            raise OSError

    addresses = [f"192.0.2.{one}" for one in range(count)]
    with contextlib.suppress(OSError, ExceptionGroup):
        await look_up_names(addresses, Silent())  # type: ignore[arg-type]
    return len(set(asked))


def _sts_lines(count: int) -> int:
    body = b"version: STSv1\r\n" + b"x: y\r\n" * count + b"mode: none\r\nmax_age: 86400\r\n"
    return len(read_policy(body).lines)


def _sts_line(octets_: int) -> int:
    body = b"version: STSv1\r\nx: " + b"y" * octets_ + b"\r\nmode: none\r\nmax_age: 86400\r\n"
    found = read_policy(body).deviations
    return 0 if any(one.fault.name == "LONG_LINE" for one in found) else octets_


def _sts_deviations(count: int) -> int:
    body = b"version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n" + b"no colon\r\n" * count
    return len(read_policy(body).deviations) // 2  # so many again, where they break the policy


PROBES = (
    Probe(
        "REPORT_MAIL_FIELD_BYTES",
        100,
        lambda: _mail(b"Content-Type: x; name=" + b"y" * 200 + b"\r\n\r\n", 200),
    ),
    Probe("REPORT_MAIL_LINES", 5, lambda: _mail(b"x\n" * 20, 20)),
    Probe("REPORT_MAIL_PARTS", 5, lambda: _mail(b"boundary " * 20, 20)),
    Probe("REPORT_MAIL_DASHES", 5, lambda: _mail(b"\n--" * 20, 20)),
    Probe("REPORT_PLACES", 2, lambda: _places(4)),
    Probe("REPORT_DAYS", 5, lambda: _days(20)),
    Probe("TLSRPT_REPORTS", 3, lambda: _elements(8)),
    Probe("TLSRPT_POLICY_BYTES", 1_000, lambda: _policy_domain(2_000)),
    Probe("TLSRPT_POLICY_LINES", 3, lambda: _policy_lines(8)),
    Probe("TLSRPT_ROW_BYTES", 1_000, lambda: _contact(1_500)),
    Probe(
        "TLSRPT_RECORDS",
        3,
        lambda: len(read_records([b"v=TLSRPTv1; rua=mailto:u@example.com"] * 8).records),
    ),
    Probe("TLSRPT_FIELDS", 3, lambda: len(read_record(b"v=TLSRPTv1" + b"; x=y" * 8).extensions)),
    Probe("STS_RECORD_FIELDS", 3, lambda: len(read_fields(b"v=STSv1; " + b"x=y; " * 8)[0])),
    Probe("STS_POLICY_LINES", 4, lambda: _sts_lines(8)),
    Probe("STS_LINE_BYTES", 50, lambda: _sts_line(100)),
    Probe("STS_DEVIATIONS", 4, lambda: _sts_deviations(20)),
    Probe("DMARC_PACKED_BYTES", 70_000, lambda: _zip_without_seeking(80_000)),
    Probe("DMARC_DEPTH", 6, lambda: _depth(12)),
    Probe("DMARC_ZIP_DIRECTORY_BYTES", 100, lambda: _directory(8)),
    Probe("DMARC_ELEMENTS_PER_RECORD", 30, lambda: _children(60)),
    Probe("DMARC_PTR_LOOKUPS", 3, lambda: _names_asked(8)),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)


def _folder(tmp_path: Path, content: bytes) -> list[Path]:
    for number in range(8):
        (tmp_path / f"{number}.json").write_bytes(content.replace(b"REPORT", b"%d" % number))
    return sorted(tmp_path.iterdir())


async def test_files_are_looked_at_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = _folder(tmp_path, b"{}")
    await check(Probe("REPORT_FILES", 3, lambda: len(list(files_of(paths, [])))), monkeypatch)


async def test_tls_reports_are_opened_up_to_the_octets_of_one_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = octets(tls_report(**{"report-id": "REPORT"}))
    paths = _folder(tmp_path, one)
    low = 2 * len(one)

    def read() -> int:
        return (len(tls_files.open_reports(paths).reports) - 1) * len(one)  # the last may cross it

    await check(Probe("TLSRPT_BYTES", low, read), monkeypatch)


async def test_dmarc_reports_are_opened_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = _folder(tmp_path, report().replace(b"<report_id>1<", b"<report_id>REPORT<"))
    await check(
        Probe("DMARC_REPORTS", 3, lambda: len(dmarc_files.open_reports(paths).reports)), monkeypatch
    )


async def test_what_packs_too_well_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both limits of a bomb: how well it packs, and from which size on that is looked at."""
    from tests.resources.lowering import lower

    size = 2_000_000
    assert _bomb(size) == size, "a small one that packs well is read"
    lower(monkeypatch, "REPORT_RATIO_FROM", 1_000_000)
    assert _bomb(size) == 0


async def test_from_the_limit_on_a_file_may_not_pack_too_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tests.resources.lowering import lower

    lower(monkeypatch, "REPORT_RATIO_FROM", 1_000)
    with monkeypatch.context() as patch:
        lower(patch, "DMARC_RATIO", 100_000)
        assert _bomb(20_000) == 20_000
    with monkeypatch.context() as patch:
        lower(patch, "DMARC_RATIO", 2)
        assert _bomb(20_000) == 0


async def test_dmarc_reports_are_opened_up_to_the_octets_of_one_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = report(record()).replace(b"<report_id>1<", b"<report_id>REPORT<")
    paths = _folder(tmp_path, one)

    def read() -> int:
        return len(dmarc_files.open_reports(paths).reports) * (len(one) - len("REPORT"))

    await check(Probe("DMARC_TOTAL_BYTES", 3 * len(one), read), monkeypatch)


async def test_rows_of_dmarc_reports_are_kept_up_to_the_limit_of_one_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = "".join(record(ip=f"192.0.2.{number}") for number in range(3))
    paths = _folder(tmp_path, report(rows).replace(b"<report_id>1<", b"<report_id>REPORT<"))

    def kept() -> int:
        return sum(
            bool(row.source_ip)  # what is more is added up, without addresses
            for one in dmarc_files.open_reports(paths).reports
            for row in one.rows
        )

    await check(Probe("DMARC_RECORDS", 5, kept), monkeypatch)


async def test_rows_of_tls_reports_are_kept_up_to_the_limit_of_one_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = _folder(tmp_path, APPENDIX_B.replace(b'"5065427c-', b'"REPORT'))

    def kept() -> int:
        return sum(
            bool(row.sending_ip)  # what is more is added up, without addresses
            for one in tls_files.open_reports(paths).reports
            for policy in one.policies
            for row in policy.details
        )

    await check(Probe("TLSRPT_ROWS", 5, kept), monkeypatch)
