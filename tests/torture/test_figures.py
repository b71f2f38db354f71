"""A sweep that proves nothing fails: no cases, faults that do not strike, time that is over, orphans."""

import os
import select
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from mxwalk.reports.render import FORMATS
from tests.torture.__main__ import main
from tests.torture.faults import Case, Way
from tests.torture.figures import Figures
from tests.torture.judging import unsound
from tests.torture.sweep import Result

_PARENT = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tests.torture.sweep import end_with_parent
if __name__ == "__main__":
    with ProcessPoolExecutor(1, get_context("spawn"), end_with_parent) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600).result()
"""
_LONG_S = 60.0


def _result(position: int, *, hit: bool) -> Result:
    case = Case(walk="plain", wire="smtp1", way=Way.SERVER, position=position, fault="reset")
    return Result(
        case=case,
        hit=hit,
        harmless=False,
        ends="ehlo: reset",
        outcomes=(),
        elapsed_s=1.0,
        budget_s=10.0,
        real_s=0.1,
        wrong=(),
        rendered=("text",),
    )


@pytest.mark.parametrize(
    "asked",
    [
        ["--every", "100000000"], ["--wire", "nosuchwire"], ["--fault", "nosuchfault"],
        ["--fault", "notify", "--wire", "dns"],
    ],
)  # fmt: skip
def test_a_sweep_without_cases_fails(asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["torture", "--walk", "plain", *asked])
    try:
        code = main()
    except SystemExit as ended:  # what argparse does not know
        assert "nosuchfault" in capsys.readouterr().err
        code = ended.code
    else:
        assert "no case was run" in capsys.readouterr().out.splitlines()
    assert code


def test_faults_that_do_not_strike_are_told_by_wire():
    figures = Figures()
    for position in range(200):
        figures.add(_result(position, hit=position >= 7))
    assert not figures.faults_of_sweep()
    figures.add(_result(201, hit=False))
    assert figures.faults_of_sweep() == ["plain smtp1: 8 of 201 faults did not strike"]
    never = Figures()
    for position in range(4):
        never.add(_result(position, hit=False))
    assert never.faults_of_sweep()


def test_a_sweep_that_was_cut_off_says_so_first():
    figures = Figures(asked=3)
    figures.add(_result(0, hit=True))
    *_, block = "\n".join(figures.lines()).split("\n\n")
    assert block.startswith("CUT OFF for want of time: 1 of 3 cases asked for were run\n")
    figures.add(_result(1, hit=True))
    figures.add(_result(2, hit=True))
    assert not any("CUT OFF" in line for line in figures.lines())


def test_the_share_of_faults_that_each_walk_takes_is_told():
    figures = Figures(whole={"dane": 1, "starttls": 1})
    figures.add(replace(_result(0, hit=True), rendered=()))
    (line,) = (line for line in figures.lines() if "per octet of TLS records" in line)
    assert line.endswith("starttls 10 of 10, dane 3 of 10")


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_report_that_is_too_short_or_has_controls_is_unsound(fmt):
    assert unsound("{}", fmt)
    assert any("characters" in why for why in unsound('"' + "x" * 200 + '\x1b"', fmt))


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="there are no descriptors of processes")
def test_a_worker_ends_when_its_parent_is_killed():
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        worker = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.send_signal(signal.SIGTERM)
            gone, _, _ = select.select([worker], [], [], _LONG_S)
        finally:
            os.close(worker)
    assert gone
