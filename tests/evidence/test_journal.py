"""The trace file: what is written is read back, and nothing that is read can do harm."""

import gzip
import io
import stat

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.errors import TraceError
from mxwalk.evidence import journal, journal_writer
from mxwalk.evidence.connection import Connected, Exchanged
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.journal_writer import JournalWriter
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.names import parse_name
from tests.evidence.strategies import traces
from tests.generated import examples

HEADER = Header(
    tool="mxwalk test",
    started_at="2026-11-21T20:13:00Z",
    target=Target(text="example.com", kind=TargetKind.DOMAIN, domain=parse_name("example.com")),
    options=Options(),
)


def step(seq: int) -> Step:
    return Step(
        seq=seq,
        kind=StepKind.EHLO,
        scope=Scope(host="mx1.example.com", address="192.0.2.1", port=25, attempt=1),
        started_s=seq / 10,
        elapsed_s=0.01,
        evidence=Exchanged(command=b"EHLO probe.example.net\r\n", reply=b"250 mx1\xff\x1b\r\n"),
    )


TRACE = Trace(header=HEADER, steps=tuple(step(number) for number in (1, 2, 3)))
LINES = dump_trace(TRACE).splitlines(keepends=True)


def read(data: bytes) -> Trace:
    return read_trace(io.BytesIO(data))


def changed(line: bytes, **fields: object) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(line) | fields) + b"\n"


@given(traces())
@examples(60)
def test_any_trace_is_read_back_as_it_was_written(trace):
    assert read(dump_trace(trace)) == trace


def test_the_writer_and_dump_write_the_same_bytes(tmp_path):
    path = tmp_path / "walk.mxtrace"
    with JournalWriter(path, HEADER) as writer:
        for item in TRACE.steps:
            writer.write(item)
            assert read_trace(path).steps[-1] == item  # flushed line by line
    assert path.read_bytes() == dump_trace(TRACE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_existing_file_is_kept(tmp_path):
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(b"precious")
    with pytest.raises(TraceError, match="exists already"):
        JournalWriter(path, HEADER)
    assert path.read_bytes() == b"precious"
    with JournalWriter(path, HEADER, overwrite=True) as writer:
        writer.write(step(1))
    assert read_trace(path).steps == (step(1),)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_trace_to_be_replaced_stays_until_the_new_one_has_a_step(tmp_path):
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(b"precious")
    path.chmod(0o644)
    with JournalWriter(path, HEADER, overwrite=True) as writer:
        assert path.read_bytes() == b"precious"
        beside = set(tmp_path.iterdir()) - {path}
        assert [stat.S_IMODE(other.stat().st_mode) for other in beside] == [0o600]
        for number in (1, 2):
            writer.write(step(number))
            assert len(read_trace(path).steps) == number
            assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"".join(LINES[:3])


def test_a_walk_without_a_step_replaces_nothing_and_leaves_nothing(tmp_path):
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(b"precious")
    with JournalWriter(path, HEADER, overwrite=True):
        pass
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path):
    real, link = tmp_path / "real", tmp_path / "walk.mxtrace"
    real.write_bytes(b"precious")
    link.symlink_to(real)
    with JournalWriter(link, HEADER, overwrite=True) as writer:
        writer.write(step(1))
    assert real.read_bytes() == b"precious"
    assert not link.is_symlink()
    assert read_trace(link).steps == (step(1),)


def test_a_place_that_cannot_be_taken_is_told_once(tmp_path):
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(b"precious")
    with JournalWriter(path, HEADER, overwrite=True) as writer:
        path.unlink()
        path.mkdir()
        with pytest.raises(TraceError, match=r"^cannot write the trace .*: Is a directory$"):
            writer.write(step(1))
        writer.write(step(2))
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_is_never_replaced(tmp_path):
    with pytest.raises(TraceError, match="exists already"):
        JournalWriter(tmp_path, HEADER, overwrite=True)


def test_a_directory_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(TraceError, match="No such file"):
        JournalWriter(tmp_path / "no" / "walk.mxtrace", HEADER)
    with pytest.raises(TraceError, match="No such file"):
        read_trace(tmp_path / "none")
    with pytest.raises(TraceError, match="directory"):
        read_trace(tmp_path)


def test_a_full_disk_is_reported_once_and_the_walk_goes_on(tmp_path, monkeypatch):
    class Full(io.RawIOBase):
        def write(self, data):
            raise OSError(28, "No space left on device")

    path = tmp_path / "walk.mxtrace"
    with JournalWriter(path, HEADER) as writer:
        writer.write(step(1))
        writer.close()
        monkeypatch.setattr(writer, "_file", Full())
        with pytest.raises(TraceError, match="No space left"):
            writer.write(step(2))
        writer.write(step(3))
    assert read_trace(path).steps == (step(1),)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("TRACE_LINE_BYTES", len(LINES[1]), "one line would be over"),
        ("TRACE_BYTES", sum(map(len, LINES)), "it would be longer than"),
        ("TRACE_STEPS", 3, "there are more than 3 steps"),
    ],
)
def test_what_no_reader_would_take_is_not_written_and_what_is_there_stays_whole(
    tmp_path, monkeypatch, limit, value, words
):
    monkeypatch.setattr(journal_writer, limit, value)
    path = tmp_path / "walk.mxtrace"
    longer = msgspec.structs.replace(step(4), started_s=0.123456)
    with JournalWriter(path, HEADER) as writer:
        for one in TRACE.steps:
            writer.write(one)
        with pytest.raises(TraceError, match=words) as caught:
            writer.write(longer)
        assert "is no longer saved" in str(caught.value)
        writer.write(step(4))
    assert read_trace(path) == TRACE


def test_a_header_that_no_reader_would_take_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(journal_writer, "TRACE_HEADER_BYTES", len(LINES[0]) - 1)
    path = tmp_path / "walk.mxtrace"
    with pytest.raises(TraceError, match="one line would be over"):
        JournalWriter(path, HEADER)
    assert not path.exists()


def test_short_writes_are_completed(tmp_path, monkeypatch):
    path = tmp_path / "walk.mxtrace"
    with JournalWriter(path, HEADER) as writer:
        real = writer._file

        class Slow(io.RawIOBase):
            def write(self, data):
                return real.write(data[:7])

        monkeypatch.setattr(writer, "_file", Slow())
        writer.write(step(1))
        real.close()
    assert read_trace(path).steps == (step(1),)


def test_a_trace_cut_at_any_byte_opens_or_is_refused_in_words():
    data = dump_trace(TRACE)
    first = len(LINES[0]) - 1
    for size in range(len(data)):
        if size < first:
            with pytest.raises(TraceError):
                read(data[:size])
            continue
        trace = read(data[:size])
        assert trace.steps == TRACE.steps[: len(trace.steps)]
        whole = data[:size].rstrip(b"\n") in {
            b"".join(LINES[:count]).rstrip(b"\n") for count in range(1, 5)
        }
        assert bool(trace.damage) != whole
        if trace.damage:
            assert "is cut off" in trace.damage


@given(st.data())
@examples(300)
def test_flipped_bytes_never_raise_anything_but_a_trace_error(data):
    bad = bytearray(dump_trace(TRACE))
    for _ in range(data.draw(st.integers(1, 4))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    try:
        trace = read(bytes(bad))
    except TraceError:
        return
    assert len(trace.steps) <= 3


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(data):
    with pytest.raises(TraceError):
        read(data)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "is empty"),
        (b"\n", "no mxwalk trace"),
        (b"{}\n", "no format"),
        (b"[]\n", "Expected `object`"),
        (b'{"format":"har","version":1}\n', "its format is 'har'"),
        (b'{"format":"\\u001b[31m","version":1}\n', r"x1b\[31m"),
        (b'{"format":"mxwalk-trace","version":2}\n', "newer mxwalk: version 2, this one reads up"),
        (b'{"format":"mxwalk-trace","version":' + b"9" * 400 + b"}\n", "newer mxwalk|out of range"),
        (b'{"format":"mxwalk-trace","version":0}\n', "no version"),
        (b'{"format":"mxwalk-trace","version":"1"}\n', r"line 1: Expected `int`.*\$\.version"),
        (b'{"format":"mxwalk-trace","version":1}\n', "required field `tool`"),
        (b"\xff\xfe{\x00\n", "no mxwalk trace"),
        (b'{"format":"\xff"}\n', "not UTF-8"),
        (b"PK\x03\x04\n", "no mxwalk trace: it is a ZIP archive; unpack it"),
        (gzip.compress(LINES[0]), "no mxwalk trace: it is packed by gzip; unpack it: gunzip -c"),
        ("".join(map(bytes.decode, LINES)).encode("utf-16"), "no mxwalk trace: it is UTF-16"),
        (changed(LINES[0], format="mxwalk-trace-x", version=9), "newer mxwalk: its format is 'mx"),
        (changed(LINES[0], format="other", version=9), "no mxwalk trace: its format is 'other'"),
        (b'{"format":"\\u001b[31m"}\n', r"its format is '\\x1b\[31m', where"),
        (b'{"x":' + b"[" * 200_000 + b"\n", "nested too deeply"),
    ],
)
def test_a_bad_header_is_refused_with_its_reason(line, words):
    with pytest.raises(TraceError, match=words) as caught:
        read(line)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"started_at": "yesterday"}, r"RFC 3339 time - at `\$.started_at`"),
        ({"target": {"text": "x", "kind": "domain"}}, "neither a domain nor an address"),
        ({"target": {"text": "x", "kind": "address", "address": "no"}}, "not an IP address"),
        (
            {"target": {"text": "x", "kind": "domain", "domain": {"ascii": "A..b", "unicode": ""}}},
            "empty label",
        ),
        ({"since": "x" * 2_001}, r"longer than 2000 octets - at `\$.since`"),
        ({"options": {"port": 70000}}, r"not a port number - at `\$.options.port`"),
        ({"options": {"routes": [{"destination": "a b"}]}}, r"routes\[0\].destination"),
        ({"options": {"timeouts": {"dns_s": -1}}}, "number of seconds"),
        ({"options": {"at": "soon"}}, "RFC 3339"),
        ({"options": {"family": "ipx"}}, r"Invalid enum value.*\$.options.family"),
    ],
)
def test_header_values_out_of_bounds_are_refused(fields, words):
    with pytest.raises(TraceError, match=words):
        read(changed(LINES[0], **fields))


def test_a_byte_order_mark_in_front_is_passed_over():
    assert read(b"\xef\xbb\xbf" + b"".join(LINES)) == TRACE


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"garbage\n", "line 3 .*not JSON.*the one step before it is kept"),
        (changed(LINES[2], seq=7), "number 7 where 2 must be"),
        (changed(LINES[2], seq="2"), r"Expected `int`, got `str` - at `\$.seq`"),
        (changed(LINES[2], seq=9**30), "number 42391.* where 2"),
        (changed(LINES[2], elapsed_s=-3.0), r"number of seconds.*\$.elapsed_s"),
        (changed(LINES[2], elapsed_s=1e300), "number of seconds"),
        (changed(LINES[2], kind="chain"), "of kind chain holds other evidence"),
        (changed(LINES[2], kind="dance"), "Invalid enum value 'dance'"),
        (changed(LINES[2], scope={"address": "localhost"}), "not an IP address"),
        (changed(LINES[2], scope={"port": -1}), "not a port number"),
        (changed(LINES[2], evidence={"type": "exchange", "reply": "***"}), "base64"),
        (b'{"x":' + b"[" * 200_000 + b"\n", "nested too deeply"),
        (b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n", "nested too deeply"),
        (b"\xff\xff\n", "cannot be used"),
        (b'{"seq":NaN}\n', "not JSON"),
        (b"\n", "cannot be used"),
    ],
)
def test_a_damaged_line_in_the_middle_opens_up_to_the_break(line, words):
    trace = read(LINES[0] + LINES[1] + line + LINES[3])
    assert trace.steps == TRACE.steps[:1]
    assert msgspec.json.encode(trace.damage)
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(trace.damage)


def test_addresses_inside_evidence_are_checked():
    bad = Step(
        seq=1,
        kind=StepKind.CONNECT,
        scope=Scope(),
        started_s=0.0,
        elapsed_s=0.0,
        evidence=Connected(address="nonsense", port=25),
    )
    assert "not an IP address" in read(dump_trace(Trace(header=HEADER, steps=(bad,)))).damage


def test_a_line_of_100_mib_is_not_loaded():
    class Endless(io.RawIOBase):
        served = 0

        def readline(self, size=-1):
            assert 0 < size <= journal.TRACE_HEADER_BYTES + 1
            Endless.served += size
            return LINES[0] if Endless.served == size else b"9" * size

    trace = read_trace(Endless())
    assert "over 16 MiB long" in trace.damage
    assert Endless.served <= 2 * (journal.TRACE_HEADER_BYTES + 1)
    with pytest.raises(TraceError, match="first line is over 52 MiB"):
        read(b"{" * (journal.TRACE_HEADER_BYTES + 2))


def test_size_and_number_of_steps_are_limited(monkeypatch):
    data = dump_trace(TRACE)
    monkeypatch.setattr(journal, "TRACE_STEPS", 2)
    assert "more than 2 steps" in read(data).damage
    monkeypatch.setattr(journal, "TRACE_BYTES", len(data) - 1)
    assert read(data).steps == TRACE.steps[:2]
    assert "the file is over" in read(data).damage


def test_unknown_fields_of_a_later_minor_version_are_ignored():
    trace = read(changed(LINES[0], later="x") + changed(LINES[1], later=[1]))
    assert trace.steps == TRACE.steps[:1]
    assert not trace.damage
