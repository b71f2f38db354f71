"""``mxwalk watch`` and ``mxwalk self``: lines, exit codes, refusals."""

import json

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.commands import watch as command
from mxwalk.dns.servers import server_text
from mxwalk.evidence.journal import read_trace
from tests.dns.peers import closed_port


def run(*words: str):
    return CliRunner().invoke(cli, list(words))


def test_a_watch_ends_with_0_when_the_condition_holds(tmp_path) -> None:
    done = run(
        *("watch", "--lab", "dane-mismatch", "--lab", "dane-good", "--until", "tlsa"),
        *("--every", "1s", "--sender", "rfc7672", "--save", str(tmp_path / "rounds"), "--ascii"),
        *("--helo", "watch.example"),
    )
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert "until a TLSA record matches at every connection" in " ".join(lines[:2])
    assert "verdict of rfc7672: deferred -> delivered, verified" in done.output
    assert lines[-1] == "2 rounds; it holds: a TLSA record matches at every connection"
    rounds = [read_trace(path) for path in (tmp_path / "rounds").glob("*.mxtrace")]
    assert [one.header.options.helo for one in rounds] == ["watch.example"] * 2


def test_a_watch_ends_with_3_when_the_rounds_are_over() -> None:
    done = run("watch", "--lab", "dane-mismatch", "--sender", "rfc7672", "--rounds", "1")
    assert done.exit_code == 3, done.output
    assert done.output.splitlines()[-1].startswith("1 round; the rounds are over")


def test_a_watch_in_which_nothing_was_learned_ends_with_4() -> None:
    done = run(
        *("watch", "example.com", "--rounds", "1", "--resolver", server_text(closed_port())),
        *("--ca-file", "certifi", "--timeout", "0.2"),
    )
    assert done.exit_code == 4, done.output
    assert "our own resolver failed (DNS001)" in done.output


def test_ctrl_c_ends_with_the_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(coroutine) -> None:
        coroutine.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run_to_end", interrupted)
    done = run("watch", "--lab", "esa-hosted")
    assert done.exit_code == 130
    assert done.output.splitlines()[-1] == "0 rounds; interrupted"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("example.com", "--every", "5s"), "more often"),
        (("example.com", "--every", "often"), "--every often"),
        (("example.com", "--until", "friday"), "there is no condition"),
        (("example.com", "--rounds", "0"), "at least one"),
        (("example.com", "--sender", "nobody"), "nobody"),
        (("example.com", "--lab", "esa-hosted"), "either a TARGET"),
        ((), "either a TARGET"),
        (("a..b",), "empty label"),
        (("--lab", "esa-hosted", "--resolver", "127.0.0.1"), "answers DNS itself"),
        (("--lab", "no-such-lab"), "no-such-lab"),
    ],
)
def test_what_cannot_be_watched_is_refused_in_a_sentence(words, told) -> None:
    done = run("watch", *words)
    assert done.exit_code == 2, done.output
    assert told in done.output
    assert "Traceback" not in done.output


def test_self_with_a_dead_resolver_says_so_first_and_ends_with_3() -> None:
    done = run("self", "--resolver", server_text(closed_port()), "--ca-file", "certifi")
    assert done.exit_code == 3, done.output
    assert done.output.startswith("✗ resolver")


def test_self_as_json_has_every_check_and_egress_where_it_was_asked_for() -> None:
    host, port = closed_port()
    done = run(
        *("self", "--resolver", server_text(closed_port()), "--format", "json"),
        *("--egress-host", f"{host}:{port}", "--egress-host", f"{host}:{port}"),
    )
    document = json.loads(done.output)
    assert document["schema"] == "mxwalk-self-1"
    by_id = {one["id"]: one for one in document["checks"]}
    assert by_id["egress"]["state"] == "failed"
    assert "connection refused" in by_id["egress"]["words"]
    assert "bogus" not in by_id


@pytest.mark.parametrize(
    "words",
    [
        ("--resolver", "mail"),
        ("--egress-host", "a..b"),
        ("--egress-host", "x.example:99999"),
        ("--walk", "/nowhere.mxtrace"),
        ("--helo", "a b"),
    ],
)
def test_what_self_cannot_use_is_refused(words) -> None:
    done = run("self", *words)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
