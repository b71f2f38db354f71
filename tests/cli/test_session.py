"""Opening a walk: where it is saved, what the lab keeps for itself, and the golden comparison."""

import stat
from datetime import UTC, datetime

import msgspec
import pytest

from mxwalk.clock import FixedClock
from mxwalk.commands import labs
from mxwalk.errors import TraceError, UsageError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.redact import redact
from mxwalk.lab.scenario import load_scenario
from mxwalk.senders.model import Outcome
from mxwalk.session import Saving, lab_options, open_walk, traces_directory


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_state_path", lambda *a, **k: tmp_path / "state")
    return tmp_path / "state"


async def walk_to_the_end(**kwargs):
    notices = []
    async with open_walk(
        None, lab_options("mx-null"), scenario="mx-null", on_notice=notices.append, **kwargs
    ) as walk:
        while await walk.step() is not None:
            pass
    return walk.trace, notices


async def test_a_walk_is_saved_by_itself_one_file_each(state):
    traces = [await walk_to_the_end() for _ in range(2)]
    files = sorted(traces_directory().iterdir())
    assert len(files) == 2
    assert all(path.name.endswith(".mxtrace") and "mx-null" in path.name for path in files)
    assert {read_trace(path) for path in files} == {trace for trace, _ in traces}
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(traces_directory().stat().st_mode) == 0o700


async def test_a_state_directory_that_cannot_be_used_is_a_notice(state):
    state.write_text("a file where the directory should be")
    trace, notices = await walk_to_the_end()
    assert len(trace.steps) == 2
    assert len(notices) == 1
    assert "not saved" in notices[0]


async def test_a_name_that_another_process_takes_first_is_not_ours(state, monkeypatch):
    clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
    for _ in range(2):
        _, notices = await walk_to_the_end(clock=clock)
        assert notices == []
    names = {path.name for path in traces_directory().iterdir()}
    assert names == {"20261122T000000Z-mx-null.mxtrace", "20261122T000000Z-mx-null-2.mxtrace"}


async def test_a_named_file_that_cannot_be_made_ends_it_before_the_first_step(tmp_path):
    path = tmp_path / "walk.mxtrace"
    path.touch()
    with pytest.raises(TraceError, match="exists already"):
        await walk_to_the_end(save=path)


async def test_saving_nowhere_leaves_no_file(state):
    await walk_to_the_end(save=Saving.NOWHERE)
    assert not state.exists()


async def test_a_journal_that_breaks_is_a_notice_and_the_walk_goes_on(tmp_path, monkeypatch):
    path = tmp_path / "walk.mxtrace"
    from mxwalk.evidence.journal_writer import JournalWriter

    def full(self, step):
        raise TraceError("the trace is no longer saved: No space left on device")

    monkeypatch.setattr(JournalWriter, "write", full)
    trace, notices = await walk_to_the_end(save=path)
    assert len(trace.steps) == 2
    assert "No space left" in notices[0]


async def test_a_redacted_walk_is_saved_redacted_and_only_at_the_end(tmp_path):
    path = tmp_path / "walk.mxtrace"
    async with open_walk(
        None, lab_options("esa-san"), scenario="esa-san", save=path, redacted=True
    ) as walk:
        for _ in range(6):
            assert await walk.step() is not None
        begun = read_trace(path)
        assert begun.header.redacted
        assert begun.steps == ()
    assert read_trace(path) == redact(walk.trace)
    assert b"probe.example.net" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_redacted_walk_that_breaks_off_keeps_what_was_seen(tmp_path):
    path = tmp_path / "walk.mxtrace"

    async def broken_off():
        async with open_walk(
            None, lab_options("esa-san"), scenario="esa-san", save=path, redacted=True
        ) as walk:
            await walk.step()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await broken_off()
    trace = read_trace(path)
    assert trace.header.redacted
    assert trace.steps


async def test_the_lab_keeps_its_resolver_whatever_the_options_say():
    options = msgspec.structs.replace(lab_options("mx-null"), resolver="192.0.2.53:53")
    async with open_walk(None, options, scenario="mx-null", save=Saving.NOWHERE) as walk:
        assert walk.trace.header.options.resolver.startswith("127.0.0.1:")
        assert walk.trace.header.scenario == "mx-null"


async def test_a_scenario_and_a_target_exclude_each_other():
    with pytest.raises(UsageError, match="its own target"):
        async with open_walk(
            "x.example", lab_options("mx-null"), scenario="mx-null", save=Saving.NOWHERE
        ):
            pass


async def test_another_trust_store_can_be_chosen_on_the_lab():
    options = msgspec.structs.replace(lab_options("esa-san"), trust="certifi", first_host=True)
    async with open_walk(None, options, scenario="esa-san", save=Saving.NOWHERE) as walk:
        while await walk.step() is not None:
            pass
    store = next(step.evidence.store for step in walk.trace.steps if step.kind.value == "chain")
    assert store.kind == "certifi"


async def test_a_scenario_that_differs_is_told_difference_by_difference(monkeypatch, capsys):
    real = load_scenario("mx-null")
    expect = msgspec.structs.replace(
        real.expect,
        verdicts={"esa:1": Outcome.DELIVERED_VERIFIED, "exchange-online": Outcome.BOUNCED},
        codes={"exchange-online": "4.7.323"},
        findings=("EHLO026",),
    )
    result = await labs.compare(msgspec.structs.replace(real, expect=expect))
    text = "\n".join(result.differences)
    assert "esa:1: bounced, expected delivered-verified" in text
    assert "exchange-online: code 5.1.10, expected 4.7.323" in text
    assert "rfc7672: no outcome is expected" in text
    assert "finding EHLO026 is missing" in text
    assert "is unexpected" in text


def test_the_run_of_a_scenario_prints_a_table(capsys):
    assert labs.check_scenarios(("mx-null",)) == 0
    assert "mx-null" in capsys.readouterr().out
