"""Commands that ask DNS themselves, and walk: what it answers comes out of them as visible text alone.

The lab's DNS is asked from a thread of its own, as any resolver; no other server of it is reached.
"""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Iterator

import pytest

from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.lab import Lab
from mxwalk.lab.message_keys import LabKeys
from mxwalk.lab.model import Scenario
from mxwalk.lab.pki import LabPki
from tests.hostile import BUNDLES
from tests.hostility import program
from tests.hostility.documents import CHECKS
from tests.hostility.doors import BY_DNS

COMMANDS = (
    ("policy", "example.com"),
    ("spf", "example.com", "--ip", "192.0.2.1"),
    ("domain", "example.com", "--selector", "s1"),
    ("check", "example.com"),
    ("watch", "example.com", "--rounds", "1", "--every", "60s"),
)
_FORMATS = ("text", "json")
_SOON_S = 60.0


class _LabWithDns(Lab):
    """The lab, its DNS server at hand."""

    dns: LabDns

    def _dns(self, pki: LabPki, keys: LabKeys) -> LabDns:
        self.dns = super()._dns(pki, keys)
        return self.dns


@contextlib.contextmanager
def answering(scenario: Scenario) -> Iterator[str]:
    """Give the address and port at which the scenario's DNS answers."""
    ready, over = threading.Event(), threading.Event()
    lab = _LabWithDns(scenario)

    async def answer() -> None:
        async with lab:
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(answer()))
    thread.start()
    try:
        assert ready.wait(_SOON_S)
        yield f"{lab.dns.address}:{lab.dns.port}"
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(("door", "text"), zip(itertools.cycle(BY_DNS), BUNDLES, strict=False))
def test_what_dns_answers_comes_out_as_visible_text(door: str, text: str) -> None:
    with answering(BY_DNS[door](BUNDLES[text])) as resolver:
        for words in COMMANDS:
            for fmt in _FORMATS if words[0] != "watch" else _FORMATS[:1]:
                form = () if fmt == "text" else ("--format", fmt)
                said = program.run(*words, "--resolver", resolver, "--timeout", "2", *form)
                assert (said.fault, list(CHECKS["text"](said.err))) == ("", []), words
                assert said.code in (0, 1, 3, 4), (words, said.err)
                assert list(CHECKS[fmt](said.out)) == [], words
                assert said.out
