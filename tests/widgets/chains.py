"""Deliveries whose handshake brought given certificates, judged by OpenSSL at a fixed time."""

from datetime import datetime
from typing import Self

import msgspec

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.connection import (
    ChainChecked,
    Handshaken,
    IssuersFetched,
    LookedAgain,
    RevocationChecked,
)
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.tls import Offer, StoreVerdict, TrustStore
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.pkix.openssl import verify_again
from tests.tls.pki import NOW
from tests.widgets.conftest import Host
from tests.widgets.samples import sample_trace, shown_at
from widgets.chain_view import ChainView
from widgets.shown import Shown


def chain_trace(
    presented: tuple[bytes, ...],
    anchors: tuple[bytes, ...],
    *,
    at: datetime = NOW,
    others: dict[str, tuple[bytes, ...]] | None = None,
    fetched: tuple[bytes, ...] = (),
    revocation: RevocationChecked | None = None,
    kind: str = "lab",
    legacy: bool = False,
) -> Trace:
    """Return a walk whose server sent these certificates; ``others`` are further stores."""
    trace = sample_trace()
    errors, path = verify_again(presented, anchors, at) if presented else ((), ())
    beside = []
    for name, held in (others or {}).items():
        said, other = verify_again(presented, held, at)
        store = TrustStore(kind=name, path="", roots=len(held))
        beside.append(StoreVerdict(store=store, errors=said, path=other))
    chain = ChainChecked(
        store=TrustStore(kind=kind, path="", roots=len(anchors)),
        evaluated_at=to_rfc3339(at),
        path=path,
        errors=errors,
        beside=tuple(beside),
    )
    hands = Handshaken(sni="mx.example.net", presented=presented, presented_count=len(presented))
    steps = [_with(step, hands, chain) for step in trace.steps]
    if legacy:
        look = LookedAgain(
            offer=Offer.LEGACY,
            handshake=msgspec.structs.replace(hands, offer=Offer.LEGACY),
            chain=chain,
        )
        ending = Ending(kind=EndingKind.TLS_ALERT, detail="handshake_failure")
        steps = [step for step in steps if step.kind is not StepKind.CHAIN]
        steps = [_with(step, Handshaken(sni="", ending=ending), chain) for step in steps]
        steps = _after(steps, StepKind.HANDSHAKE, StepKind.LEGACY_TLS, look)
    if fetched:
        _, whole = verify_again((*presented, *fetched), anchors, at)
        above = tuple(one.der for one in whole if not one.sent)
        issuers = IssuersFetched(certificates=fetched, anchors=above)
        steps = _after(steps, StepKind.CHAIN, StepKind.ISSUERS, issuers)
    if revocation is not None:
        steps = _after(steps, StepKind.CHAIN, StepKind.REVOCATION, revocation)
    header = msgspec.structs.replace(trace.header, started_at=to_rfc3339(at))
    return msgspec.structs.replace(trace, header=header, steps=tuple(steps))


def _with(step: Step, hands: Handshaken, chain: ChainChecked) -> Step:
    match step.evidence:
        case Handshaken():
            return msgspec.structs.replace(step, evidence=hands)
        case ChainChecked():
            return msgspec.structs.replace(step, evidence=chain)
        case _:
            return step


def _after(steps: list[Step], after: StepKind, kind: StepKind, evidence: object) -> list[Step]:
    at = next(index for index, step in enumerate(steps) if step.kind is after)
    added = msgspec.structs.replace(steps[at], kind=kind, evidence=evidence, wire=())
    whole = [*steps[: at + 1], added, *steps[at + 1 :]]
    return [msgspec.structs.replace(step, seq=seq) for seq, step in enumerate(whole, 1)]


def chain_shown(trace: Trace, at: datetime = NOW) -> Shown:
    """Return what the view is given for such a walk."""
    kinds = {step.kind for step in trace.steps}
    kind = StepKind.CHAIN if StepKind.CHAIN in kinds else StepKind.HANDSHAKE
    shown = shown_at(trace, kind)
    return Shown(
        delivery=shown.delivery,
        sender=shown.sender,
        findings=(),
        step=shown.step,
        attempt=shown.attempt,
        now=at,
    )


class Seen:
    """A chain view in a bare application, with what it shows: ``async with Seen(trace) as seen``."""

    def __init__(
        self, trace: Trace, *, size: tuple[int, int] = (100, 40), at: datetime = NOW
    ) -> None:
        self.view = ChainView()
        self._trace, self._size, self._at = trace, size, at

    async def __aenter__(self) -> Self:
        self._running = Host(self.view).run_test(size=self._size)
        self.pilot = await self._running.__aenter__()
        self.view.show(chain_shown(self._trace, self._at))
        self.view.focus()
        await self.settled()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self._running.__aexit__(*problem)

    async def settled(self) -> None:
        """Wait for the thread, where one is needed."""
        await self.pilot.pause()
        await self.view.workers.wait_for_complete()
        await self.pilot.pause()

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await self.settled()
        return self.text

    @property
    def text(self) -> str:
        return "\n".join(part.plain for row in self.view.rows for part in row.lines)

    @property
    def first(self) -> str:
        return self.text.splitlines()[0]
