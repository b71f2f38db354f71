"""Files of ours: private whatever the umask says, whole or not there, never through a link."""

import contextlib
import os
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mxwalk.errors import TraceExistsError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.target import Options
from mxwalk.files import make_directory, without_home, write_whole
from mxwalk.session import Saving, file_words, open_walk, trace_paths, traces_directory
from tui import first_time, walk_options
from tui.screens.file_dialog import file_name
from tui.settings import remember_theme

HOSTILE_NAMES = (
    "../../x", "/etc/passwd", "..", ".", "a/b", "a\\b", "a\0b", "a\nb", "CON", "nul.txt", "x" * 5_000,
    "-rf", "~root", "$(id)", "`id`", "%2e%2e%2f", "\u202egpj", "\ud800", "", " ", "a:b", "*", "é" * 300,
)  # fmt: skip


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture(params=[0o000, 0o077])
def own_home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "xdg" / name))
    before = os.umask(request.param)
    yield tmp_path
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def everything_in(directory: Path) -> list[Path]:
    return sorted(directory.rglob("*"))


def test_a_new_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "report.md"
    write_whole(path, b"words", replace=False)
    assert mode(path) == 0o600
    assert path.read_bytes() == b"words"
    assert everything_in(tmp_path) == [path]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], indirect=True)
def test_every_directory_that_is_made_is_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    make_directory(tmp_path / "a" / "b" / "c")
    assert [mode(path) for path in everything_in(tmp_path)] == [0o700] * 3


def test_a_directory_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    make_directory(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o755
    (tmp_path / "f").write_text("x")
    with pytest.raises(OSError):
        make_directory(tmp_path / "f")


def test_what_the_interface_and_a_walk_leave_behind_is_private(own_home: Path) -> None:
    walk_options.remember({"mail_from": "secret@example.org"})
    first_time.put_away("start")
    remember_theme(own_home / "xdg" / "config" / "mxwalk" / "settings.toml", "nord")
    left = [path for path in everything_in(own_home) if path.is_file()]
    assert len(left) == 3
    assert {mode(path) for path in left} == {0o600}
    assert {mode(path) for path in everything_in(own_home) if path.is_dir()} == {0o700}


async def test_a_saved_walk_and_all_directories_above_it_are_private(own_home: Path) -> None:
    async with open_walk(None, Options(trust="lab"), scenario="pkix-good") as walk:
        await walk.step()
    found = everything_in(own_home)
    assert [mode(path) for path in found if path.is_file()] == [0o600]
    assert {mode(path) for path in found if path.is_dir()} == {0o700}


@pytest.mark.parametrize("stops_at", ["fsync", "fchmod", "replace", "link"])
def test_a_fault_in_between_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops_at: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("old")

    def fails(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, stops_at, fails)
    if stops_at != "link":
        with pytest.raises(KeyboardInterrupt):
            write_whole(path, b"new", replace=True)
        assert path.read_text() == "old"
        assert everything_in(tmp_path) == [path]
    if stops_at != "replace":
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / "fresh", b"new", replace=False)
        assert everything_in(tmp_path) == [path]


def test_a_name_that_is_taken_meanwhile_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = tmp_path / "report.md", os.fsync

    def others(descriptor: int) -> None:
        real(descriptor)
        path.write_text("theirs")

    monkeypatch.setattr(os, "fsync", others)
    with pytest.raises(FileExistsError):
        write_whole(path, b"ours", replace=False)
    assert path.read_text() == "theirs"
    assert everything_in(tmp_path) == [path]


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    write_whole(tmp_path / "report.md", b"ours", replace=False)
    assert (tmp_path / "report.md").read_bytes() == b"ours"
    assert mode(tmp_path / "report.md") == 0o600
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "report.md", b"again", replace=False)
    assert everything_in(tmp_path) == [tmp_path / "report.md"]


def test_a_name_that_is_taken_where_there_are_no_hard_links_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"

    def refused(*_: object, **__: object) -> None:
        path.write_text("theirs")
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(FileExistsError):
        write_whole(path, b"ours", replace=False)
    assert path.read_text() == "theirs"
    assert everything_in(tmp_path) == [path]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "options.json"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new", replace=True)
    assert path.read_text() == "old"
    assert everything_in(tmp_path) == [path]


def test_killed_at_any_moment_a_file_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    """The process ends without any clean-up right before each system call of the writing."""
    for calls in range(8):
        path = tmp_path / f"{calls}"
        path.write_text("old")
        child = os.fork()
        if not child:
            _die_before(calls)
            write_whole(path, b"new", replace=True)
            os._exit(0)
        os.waitpid(child, 0)
        assert path.read_text() in ("old", "new")
        fresh = tmp_path / f"fresh-{calls}"
        child = os.fork()
        if not child:
            _die_before(calls)
            write_whole(fresh, b"new", replace=False)
            os._exit(0)
        os.waitpid(child, 0)
        assert not fresh.exists() or fresh.read_text() == "new"


def _die_before(calls: int) -> None:
    left = [calls]
    for name in ("lstat", "open", "fchmod", "write", "fsync", "replace", "link", "unlink"):
        real = getattr(os, name)

        def counted(*args: object, real: object = real, **more: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os._exit(1)
            return real(*args, **more)  # type: ignore[operator]

        setattr(os, name, counted)


@pytest.mark.parametrize("replace", [False, True])
def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path, *, replace: bool) -> None:
    victim = tmp_path / "authorized_keys"
    victim.write_text("theirs")
    path = tmp_path / "report.html"
    path.symlink_to(victim)
    if replace:
        write_whole(path, b"ours", replace=True)
        assert not path.is_symlink()
    else:
        with pytest.raises(FileExistsError):
            write_whole(path, b"ours", replace=False)
    assert victim.read_text() == "theirs"


def test_links_in_the_state_directory_overwrite_nothing(own_home: Path) -> None:
    victim = own_home / "victim"
    victim.write_text("theirs")
    state = traces_directory().parent
    make_directory(state)
    for name in ("options.json", "hints-seen.json"):
        (state / name).symlink_to(victim)
    walk_options.remember({"helo": "a.example.org"})
    first_time.put_away("start")
    assert victim.read_text() == "theirs"


async def test_a_link_in_the_place_of_a_trace_overwrites_nothing(own_home: Path) -> None:
    victim = own_home / "victim"
    victim.write_text("theirs")
    async with open_walk(
        None, Options(trust="lab"), scenario="pkix-good", save=Saving.NOWHERE
    ) as walk:
        header = walk.trace.header
    make_directory(traces_directory())
    first = next(trace_paths(header))
    first.symlink_to(victim)
    made = []
    for path, _ in zip(trace_paths(header), range(2), strict=False):
        made.append(path)
    from mxwalk.recorder import Recorder
    from mxwalk.session import _make_anew

    recorder = Recorder(None, None, redacted=False)
    _make_anew(recorder, header)
    recorder.close()
    assert victim.read_text() == "theirs"
    assert read_trace(made[1]).header == header


def test_settings_that_are_linked_to_are_written_where_they_are(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "mxwalk.toml"
    real.parent.mkdir()
    real.write_text('glyphs = "ascii"\n')
    path = tmp_path / "config" / "settings.toml"
    path.parent.mkdir()
    path.symlink_to(real)
    remember_theme(path, "nord")
    assert path.is_symlink()
    assert real.read_text() == 'glyphs = "ascii"\ntheme = "nord"\n'


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    write_whole(Path(os.devnull), b"words", replace=True)
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, b"words", replace=True)


def test_a_file_that_somebody_showed_to_others_stays_shown_only_where_that_is_meant(
    tmp_path: Path,
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    path.chmod(0o644)
    write_whole(path, b"new", replace=True, keep_mode=True)
    assert mode(path) == 0o644
    write_whole(path, b"new", replace=True)
    assert mode(path) == 0o600


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_from_outside_is_a_path(name: str) -> None:
    for part in (file_words(name), file_name(name)):
        assert not {"/", "\\", "\0", "\n", ":", "*"} & set(part)
        assert len(f"20260101T000000Z-{part}-2.mxtrace".encode("utf-8", "replace")) < 255
        assert Path("/safe", f"mxwalk-{part}-x").parent == Path("/safe")


def test_names_that_differ_in_case_alone_are_two_files(tmp_path: Path) -> None:
    """Where a file system folds case, the second is refused instead of written over the first."""
    write_whole(tmp_path / "Walk.mxtrace", b"one", replace=False)
    with contextlib.suppress(FileExistsError):
        write_whole(tmp_path / "walk.mxtrace", b"two", replace=False)
    assert (tmp_path / "Walk.mxtrace").read_bytes() == b"one"


def test_a_home_directory_is_kept_as_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/canary")
    assert without_home("/home/canary/ca.pem") == "~/ca.pem"
    assert without_home("/home/canary2/ca.pem") == "/home/canary2/ca.pem"
    assert without_home("/etc/ssl/cert.pem") == "/etc/ssl/cert.pem"
    assert without_home("mine/ca.pem") == "mine/ca.pem"
    monkeypatch.setenv("HOME", "/")
    assert without_home("/etc/ssl/cert.pem") == "/etc/ssl/cert.pem"


def test_a_link_to_a_device_or_a_fifo_is_written_through_and_stays(tmp_path: Path) -> None:
    fifo, link = tmp_path / "fifo", tmp_path / "stdout"
    os.mkfifo(fifo)
    link.symlink_to(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(link, b"words", replace=True)
        assert os.read(reading, 99) == b"words"
    finally:
        os.close(reading)
    assert link.is_symlink()
    assert fifo.is_fifo()


async def test_no_trace_takes_the_place_of_a_device(tmp_path: Path) -> None:
    """As root ``--save /dev/null --force`` would take it from everybody."""
    fifo, link = tmp_path / "fifo", tmp_path / "stdout"
    os.mkfifo(fifo)
    link.symlink_to(fifo)
    for path in (fifo, link):
        with pytest.raises(TraceExistsError):
            async with open_walk("192.0.2.1", Options(), save=path, overwrite=True):
                pass
    assert link.is_symlink()
    assert fifo.is_fifo()


def test_nothing_waits_for_a_reader_that_does_not_come(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(OSError, match="nobody reads from this pipe"):
        write_whole(fifo, b"words", replace=True)


def test_what_is_no_stream_of_bytes_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        with pytest.raises(OSError, match="neither a file nor a pipe"):
            write_whole(path, b"words", replace=True)


def test_a_reader_that_is_slow_gets_all_of_it(tmp_path: Path) -> None:
    fifo, words = tmp_path / "fifo", b"words" * 100_000  # more than a pipe holds
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reading, True)
    another = os.open(fifo, os.O_WRONLY)  # until ours is there, the reader would see the end
    with open(reading, "rb") as stream, ThreadPoolExecutor(1) as pool:  # noqa: PTH123
        reader = pool.submit(stream.read)
        try:
            write_whole(fifo, words, replace=True)
        finally:
            os.close(another)
        assert reader.result(60) == words


def test_a_link_that_takes_the_place_of_a_device_at_the_last_moment_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, path = tmp_path / "victim", tmp_path / "out"
    victim.write_text("theirs")
    path.symlink_to(os.devnull)
    before = os.open

    def swapped(name: str | Path, *more: int) -> int:
        if name == path:
            path.unlink()
            path.symlink_to(victim)
        return before(name, *more)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(OSError, match="neither a file nor a pipe"):
        write_whole(path, b"report", replace=True)
    assert victim.read_text() == "theirs"
