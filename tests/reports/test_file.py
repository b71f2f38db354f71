"""Writing a report to a file, as the command line and the export screen do."""

import stat

import pytest

from mxwalk.reports.file import write_report


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_report(path, "theirs", replace=False, private=False)
    assert path.read_text() == "mine"
    write_report(path, "theirs", replace=True, private=False)
    assert path.read_text() == "theirs"


@pytest.mark.parametrize("there_before", [False, True])
def test_a_trace_is_for_its_owner_alone_also_in_place_of_another_file(tmp_path, there_before):
    path = tmp_path / "walk.mxtrace"
    if there_before:
        path.write_text("mine")
        path.chmod(0o644)
    write_report(path, "trace", replace=there_before, private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "trace"
