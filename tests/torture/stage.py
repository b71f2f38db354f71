"""One lab with its proxies, on which case after case is walked and looked at from all sides.

A case is alone on the stage: what is left in the process after it is its own.  What a walk does before
the connection that is harmed is the same in every case: those steps are taken from a faultless walk.
"""

import asyncio
import contextlib
import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from unittest import mock

from mxwalk.delivery.security import anchors_of
from mxwalk.dns.resolver import StubResolver
from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.lab import listeners
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.lab import Lab
from mxwalk.lab.message_keys import LabKeys
from mxwalk.lab.pki import LabPki
from mxwalk.net.dialer import Fault as DialFault
from mxwalk.net.dialer import MappedDialer
from mxwalk.recorder import Recorder
from mxwalk.tls.store import stores_beside
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.walker import Walk
from tests.torture.asked import asks
from tests.torture.dns_faults import ArmedAnswer, DnsFault, Relay
from tests.torture.faults import Case, Fault, Way
from tests.torture.inside import HarmingEngine, Inside
from tests.torture.jumping import JumpingClock, Stuck, ending_within
from tests.torture.proxy import Armed, Link, Links, Proxy
from tests.torture.truth import connections
from tests.torture.walks import Tortured

_IN_MEMORY = Path("/dev/shm")
_PORT_TRIES = 20
_TURNS = 60
_TURN_S = 0.1
REAL_S = 120.0  # a case that computes for so long has no end


@dataclass(slots=True, kw_only=True)
class Ran:
    """What became of one case.  ``elapsed_s`` is virtual, ``real_s`` the machine's time."""

    case: Case | None
    trace: Trace
    hit: bool
    elapsed_s: float
    real_s: float
    links: Sequence[Link]
    engines: dict[str, HarmingEngine]
    asked: dict[str, tuple[bytes, bytes]]
    faults: list[str] = field(default_factory=list)
    remembered: int = 0  # steps at the beginning that are the faultless walk's

    def connections(self) -> list[list[Step]]:
        """Return the steps of each connection that was made in this walk, in the order of ``links``."""
        return [steps for steps in connections(self.trace) if steps[-1].seq > self.remembered]


class _LabWithDns(Lab):
    """The lab, its DNS server at hand."""

    dns: LabDns

    def _dns(self, pki: LabPki, keys: LabKeys) -> LabDns:
        self.dns = super()._dns(pki, keys)
        return self.dns


class Stage:
    """An async context manager on a ``JumpingLoop``; ``run`` walks one case after the other."""

    def __init__(self, walk: Tortured, scratch: Path) -> None:
        self.walk = walk
        self._scratch = scratch
        self._stack = contextlib.AsyncExitStack()
        self._complaints: list[str] = []
        self._faultless: tuple[Step, ...] = ()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._loop = loop
        self.clock = JumpingClock(loop)
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(loop.set_exception_handler, loop.get_exception_handler())
            loop.set_exception_handler(self._complain)
            self._temporary = self._scratch / "temporary"
            self._temporary.mkdir(exist_ok=True)
            stack.enter_context(mock.patch.object(tempfile, "tempdir", str(self._temporary)))
            group = await stack.enter_async_context(asyncio.TaskGroup())
            self.links = Links(group.create_task)
            self.inside = Inside(self.links)
            stack.enter_context(mock.patch.object(listeners, "Channel", self.inside.channel))
            lab = _LabWithDns(self.walk.scenario(), clock=self.clock)
            self._lab = await stack.enter_async_context(lab)
            await self._start_proxies(stack)
            self._beside = stores_beside(lab.store, on_lab=True)
            self.options = self.walk.options(lab.options)
            self._anchors = anchors_of(self.options)
            self._remembering = self._resolvers()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def _complain(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self._complaints.append(f"{context.get('message')}: {context.get('exception')!r}")

    async def _start_proxies(self, stack: contextlib.AsyncExitStack) -> None:
        mapping: dict[tuple[str, int], tuple[str, int] | DialFault] = {}
        for place, target in self._lab.dialer._mapping.items():  # type: ignore[attr-defined]
            mapping[place] = target
            if not isinstance(target, DialFault):
                name = "https" if place[1] == 443 else "smtp"
                proxy = Proxy(name, target, self.links)
                await proxy.start()
                stack.push_async_callback(proxy.stop)
                mapping[place] = ("127.0.0.1", proxy.port)
        self._dialer = MappedDialer(mapping)
        dns = self._lab.dns
        self.relay = Relay(dns._replies.respond)
        for remaining in reversed(range(_PORT_TRIES)):
            proxy = Proxy("dnstcp", (dns.address, dns.port), self.links)
            await proxy.start()
            try:
                await self.relay.start(proxy.port)
            except OSError:  # somebody else has this port for UDP
                await proxy.stop()
                if not remaining:
                    raise
            else:
                break
        self._dns_port = proxy.port
        stack.push_async_callback(proxy.stop)
        stack.callback(self.relay.stop)

    def _resolvers(self) -> tuple[StubResolver, StubResolver]:
        servers = [("127.0.0.1", self._dns_port)]
        timeout_s = self.options.timeouts.dns_s
        return (
            StubResolver(servers, timeout_s, clock=self.clock),
            StubResolver(servers, timeout_s, clock=self.clock, checking_disabled=True),
        )

    async def run(self, case: Case | None) -> Ran:
        """Walk once, with the case's fault; everything that is wrong whatever the case is told."""
        before = tuple(self._before(case))
        self._arm(case, before)
        tasks, descriptors = asyncio.all_tasks(), _descriptors()
        self._complaints.clear()
        begun, real = self._loop.time(), time.perf_counter()
        with ending_within(REAL_S, case or "the walk without a fault"):
            ran = await self._walk(case, before)
        ran.elapsed_s, ran.real_s = self._loop.time() - begun, time.perf_counter() - real
        ran.hit = self._hit(case)
        await self._settle(ran, tasks, descriptors)
        return ran

    async def _walk(self, case: Case | None, before: tuple[Step, ...]) -> Ran:
        dns = case is not None and case.wire.startswith("dns")
        resolver, checking = self._resolvers() if dns else self._remembering
        path = self._scratch / "walk.mxtrace"
        notices: list[str] = []
        recorder = Recorder(None, notices.append, redacted=False)
        walk = self._open(resolver, checking, recorder.record)
        if before:  # with the header of those steps, their signatures are not checked again
            walk._recording.trace = Trace(header=self._header)
        ran = Ran(
            case=case,
            trace=walk.trace,
            hit=False,
            elapsed_s=0.0,
            real_s=0.0,
            links=self.links.all,
            engines=self.inside.engines,
            asked=self.relay.asked,
            remembered=len(before),
        )
        recorder.open(walk.trace.header, path, overwrite=True)
        with contextlib.closing(recorder):
            for step in before:
                walk._recording._told(step)
            try:
                async for _ in walk:
                    pass
                await walk.close()
            except Stuck:
                raise
            except Exception as error:  # noqa: BLE001 - that none escapes is what is tested
                where = traceback.extract_tb(error.__traceback__)[-1]
                at = f"{where.filename}:{where.lineno}"
                ran.faults.append(f"the walk raised {error!r} at {at}")
        ran.trace = walk.trace
        ran.links, ran.engines = self.links.all, self.inside.engines
        ran.faults += [f"the walk is not saved: {notice}" for notice in notices]
        ran.faults += _journal_faults(path, walk.trace)
        if walk.is_connected:
            ran.faults.append("the walk is over and still connected")
        return ran

    def remember(self, trace: Trace, asked: dict[str, tuple[bytes, bytes]]) -> None:
        """Take from this faultless walk what later ones do before what is harmed in them."""
        self._header, self._faultless = trace.header, trace.steps
        self.relay.known = dict(asked)

    def _before(self, case: Case | None) -> tuple[Step, ...]:
        """Return the steps before anything that the case can harm."""
        if case is None:
            return ()
        made = 0
        for index, step in enumerate(self._faultless):
            if case.wire.startswith("dns"):
                harmed = asks(step, case)
            elif step.kind is StepKind.CONNECT:
                made += 1
                harmed = case.connection == f"smtp{made}"
            else:
                harmed = step.kind is StepKind.STS_POLICY and case.wire.startswith("https")
            if harmed:
                return self._faultless[:index]
        return ()

    def _open(
        self, resolver: StubResolver, checking: StubResolver, on_step: Callable[[Step], None]
    ) -> Walk:
        lab = self._lab
        return Walk(
            lab.target,
            self.options,
            dialer=self._dialer,
            resolver=resolver,
            store=lab.store,
            clock=self.clock,
            validation=ValidationTools(checking, self._anchors),
            permit=lab.permit,
            beside=self._beside,
            on_step=on_step,
            scenario=lab.scenario.name,
        )

    def _arm(self, case: Case | None, before: tuple[Step, ...]) -> None:
        wire: dict[str, Armed] = {}
        inside: dict[str, Armed] = {}
        answer: ArmedAnswer | None = None
        if case is not None and case.wire.endswith("+tcp"):
            name = case.connection
            answer = ArmedAnswer(name=name, way=Way.SERVER, position=0, fault=DnsFault.TC)
            wire["dnstcp1"] = _armed(case)
        elif case is not None and case.wire.startswith("dns"):
            answer = ArmedAnswer(
                name=case.wire, way=case.way, position=case.position, fault=_any_fault(case.fault)
            )
        elif case is not None:
            (inside if case.inside else wire)[case.connection] = _armed(case)
        kinds = Counter(step.kind for step in before)
        self.links.begin(
            wire, {"smtp": kinds[StepKind.CONNECT], "https": kinds[StepKind.STS_POLICY]}
        )
        self.inside.begin(inside)
        self.relay.begin(answer)

    def _hit(self, case: Case | None) -> bool:
        if case is None:
            return False
        if case.wire.startswith("dns") and not case.wire.endswith("+tcp"):
            return self.relay.armed is not None and self.relay.armed.hits > 0
        if case.inside:
            armed = self.inside.armed.get(case.connection)
        else:
            armed = self.links.armed.get("dnstcp1" if case.wire.endswith("+tcp") else case.wire)
        return armed is not None and armed.hit

    async def _settle(
        self, ran: Ran, tasks: set[asyncio.Task[object]], descriptors: frozenset[str]
    ) -> None:
        """See that the walk let go of everything, then clear the stage for the next one."""
        for _ in range(_TURNS):
            if all(link.client.ended or link.client.gone for link in self.links.all):
                break
            await asyncio.sleep(_TURN_S)
        else:
            held = [link.passed.name for link in self.links.all if not link.client.ended]
            ran.faults.append(f"the walk left connections open: {held}")
        self.links.drop()
        for _ in range(_TURNS):
            if asyncio.all_tasks() <= tasks and _descriptors() == descriptors:
                break
            await asyncio.sleep(_TURN_S)
        else:
            left = [repr(task) for task in asyncio.all_tasks() - tasks]
            ran.faults += [f"a task was left: {one[:300]}" for one in left]
            if more := _descriptors() - descriptors:
                ran.faults.append(f"descriptors were left: {sorted(more)}")
        if left_files := [one.name for one in self._temporary.iterdir()]:
            ran.faults.append(f"temporary files were left: {left_files[:5]}")
        ran.faults += self._complaints


def _descriptors() -> frozenset[str]:
    """Return the numbers of what is open; one is of this look itself, the lowest that is free."""
    return frozenset(one.name for one in Path("/proc/self/fd").iterdir())


def _journal_faults(path: Path, trace: Trace) -> list[str]:
    try:
        saved = read_trace(path)
    except TraceError as error:
        return [f"the journal cannot be read: {error}"]
    if saved.damage:
        return [f"the journal is damaged: {saved.damage}"]
    if saved.steps != trace.steps or saved.header != trace.header:
        return [f"the journal has {len(saved.steps)} steps, the walk {len(trace.steps)}, not equal"]
    return []


def _armed(case: Case) -> Armed:
    return Armed(way=case.way, position=case.position, fault=Fault(case.fault))


def _any_fault(name: str) -> Fault | DnsFault:
    """Return the fault of a message by its name, or that of its octets."""
    return DnsFault(name) if name in {fault.value for fault in DnsFault} else Fault(name)


@contextlib.asynccontextmanager
async def staged(walk: Tortured) -> AsyncIterator[Stage]:
    """Open a stage with a directory of its own, which is gone afterwards."""
    memory = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None  # no disk is waited for
    with tempfile.TemporaryDirectory(prefix="torture-", dir=memory) as scratch:
        async with Stage(walk, Path(scratch)) as stage:
            yield stage
