"""The steps below SMTP: the TCP connection, the TLS handshake, and the look at chain and names.

Chain and identity need no traffic: the handshake's engine already holds what the server presented.
"""

import asyncio
from datetime import datetime

from msgspec import structs

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.gather import gather_names
from mxwalk.delivery.model import Delivery
from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.connection import Connected, Handshaken
from mxwalk.evidence.step import Evidence
from mxwalk.evidence.tls import StoreVerdict
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.names import is_address
from mxwalk.smtp.dialogue import Dialogue
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.live import Live, Task


def _cancelled_after(live: Live, started: float) -> Ending:
    elapsed = live.tools.clock.monotonic() - started
    return Ending(
        kind=EndingKind.CANCELLED,
        detail=f"cancelled after {elapsed:.1f} s",
        after_s=elapsed,
    )


async def perform_connect(live: Live, task: Task) -> Evidence:
    """Open the TCP connection; the one before it is closed by now."""
    scope = task.pending.scope
    started = live.tools.clock.monotonic()
    live.partial = lambda: Connected(
        address=scope.address, port=scope.port, ending=_cancelled_after(live, started)
    )
    await live.hang_up()
    timeout_s = task.delivery.options.timeouts.connect_s
    result = await live.tools.dialer.dial(scope.address, scope.port, timeout_s)
    if isinstance(result, Ending):
        return Connected(address=scope.address, port=scope.port, ending=result)
    live.connection = result
    live.scope = scope
    live.dialogue = Dialogue()
    live.engine = None
    return Connected(address=scope.address, port=scope.port, local_address=result.local_address)


async def perform_handshake(live: Live, task: Task) -> Evidence:
    """Upgrade the connection in place.

    Bytes that stood behind the 220 in clear are dropped, as careful clients do (RFC 3207 4.2 class
    of response injection); they are in the STARTTLS step's evidence.
    """
    from mxwalk.tls.handshake import ClientEngine

    if live.connection is None:
        raise ProtocolMisuseError("a handshake needs an open connection")
    options = task.delivery.options
    at = from_rfc3339(options.at) if options.at else live.tools.clock.now()
    sni = server_name(task.delivery, task.pending.scope.host)
    clock = live.tools.clock
    engine = ClientEngine(sni, live.tools.store, at, monotonic=clock.monotonic)
    live.engine = engine
    started = live.tools.clock.monotonic()

    def partial() -> Handshaken:
        return engine.handshake_evidence(_cancelled_after(live, started))

    live.partial = partial
    ending = await live.connection.start_tls(engine, options.timeouts.tls_s)
    if ending is None:
        live.dialogue.tls_established()
    else:
        live.dialogue.tls_failed()
    evidence = engine.handshake_evidence(ending)
    return structs.replace(evidence, clear_leftover=live.connection.clear_leftover)


def server_name(delivery: Delivery, name: str) -> str:
    """Return the SNI: the TLSA base domain where DANE applies (RFC 7672 2.2.3), else the host.

    An address has none.
    """
    if is_address(name):
        return ""
    host = next((each for each in delivery.hosts if each.planned.name == name), None)
    return host.dane.base_domain or name if host and host.dane else name


async def perform_chain(live: Live, task: Task) -> Evidence:
    """Take OpenSSL's verdict out of the handshake's engine; ask other trust stores for theirs."""
    if live.engine is None:
        raise ProtocolMisuseError("the chain is looked at after a handshake")
    evidence = live.engine.chain_evidence(live.tools.clock.now())
    live.partial = lambda: evidence
    attempt = next((a for a in task.delivery.attempts if a.scope == task.pending.scope), None)
    presented = attempt.handshake.presented if attempt and attempt.handshake else ()
    if not presented:
        return evidence
    beside = await asyncio.to_thread(
        _beside, presented, live.tools.beside, from_rfc3339(evidence.evaluated_at)
    )
    return structs.replace(evidence, beside=beside)


def _beside(
    presented: tuple[bytes, ...], stores: tuple[LoadedStore, ...], at: datetime
) -> tuple[StoreVerdict, ...]:
    """Verify with other trust stores; one without a root is what a sender without CA file has."""
    from mxwalk.pkix.openssl import verify_again

    verdicts = []
    for store in stores:
        errors, path = verify_again(presented, store.ders, at)
        verdicts.append(StoreVerdict(store=store.evidence, errors=errors, path=path))
    return tuple(verdicts)


async def perform_identity(live: Live, task: Task) -> Evidence:
    """Gather the names this connection could be checked against."""
    del live
    scope = task.pending.scope
    return gather_names(task.delivery, scope.host, scope.address)
