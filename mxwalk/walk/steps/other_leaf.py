"""The look for the other leaf: one more connection, for the key type the server did not show.

A server may have an RSA and an ECDSA leaf, and the cipher suites decide which of them a sender sees.
The connection is a lock-step dialogue of its own within this one step: greeting, EHLO, STARTTLS, a
handshake that only the other key type can answer, QUIT.  After a reply that does not lead on, QUIT is
sent; after 421 nothing is (RFC 5321 3.8).
"""

from msgspec import structs

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.model import Delivery
from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.step import Evidence, Exchanged, OtherLeaf, Scope, StepKind
from mxwalk.evidence.tls import KeyType
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.walk.live import Live, Task
from mxwalk.walk.order import Item
from mxwalk.walk.propose import propose
from mxwalk.walk.steps.commands import perform_exchange
from mxwalk.walk.steps.transport import server_name

_ACCEPTED = {StepKind.GREETING: 220, StepKind.EHLO: 250, StepKind.STARTTLS: 220}


async def perform_other_leaf(live: Live, task: Task) -> Evidence:
    """Connect again and ask for a leaf of the key type not seen yet."""
    scope = task.pending.scope
    started = live.tools.clock.monotonic()
    asked = OtherLeaf(key_type=_other_type(task.delivery, scope))

    def cancelled() -> OtherLeaf:
        elapsed = live.tools.clock.monotonic() - started
        detail = f"cancelled after {elapsed:.1f} s"
        return structs.replace(
            asked, ending=Ending(kind=EndingKind.CANCELLED, detail=detail, after_s=elapsed)
        )

    live.partial = cancelled
    await live.hang_up()
    timeout_s = task.delivery.options.timeouts.connect_s
    connection = await live.tools.dialer.dial(scope.address, scope.port, timeout_s)
    if isinstance(connection, Ending):
        return structs.replace(asked, ending=connection)
    live.connection, live.scope = connection, scope
    # A dialogue of its own: its exchanges are not the walk's steps.
    own = Live(tools=live.tools, connection=connection, scope=scope)
    for kind, code in _ACCEPTED.items():
        exchanged = await _exchange(own, task.delivery, kind)
        reply = parse_reply(exchanged.reply)
        if exchanged.ending is not None:
            return structs.replace(asked, refusal=exchanged.reply, ending=exchanged.ending)
        if reply.code != code:
            if reply.code != 421:
                await _exchange(own, task.delivery, StepKind.QUIT)
            said = visible(reply.lines[0].raw.removesuffix(b"\r\n"), 120) if reply.lines else ""
            ending = Ending(kind=EndingKind.CLOSED, detail=f"{kind.value} was answered {said}")
            return structs.replace(asked, refusal=exchanged.reply, ending=ending)
    return await _shake_hands(own, task, asked)


def _other_type(delivery: Delivery, scope: Scope) -> KeyType:
    """Return the key type the first connection did not show."""
    attempt = next((one for one in delivery.attempts if one.scope == scope), None)
    if attempt is None or attempt.handshake is None:
        raise ProtocolMisuseError("the other leaf is looked for after a handshake")
    presented = attempt.handshake.presented
    seen = read_certificate(presented[0]).key.type if presented else ""
    return KeyType.ECDSA if seen.upper().startswith("RSA") else KeyType.RSA


async def _exchange(own: Live, delivery: Delivery, kind: StepKind) -> Exchanged:
    assert own.connection is not None
    pending = propose(delivery, Item(kind, own.scope), own.connection.local_address)
    task = Task(pending=pending, proposed=pending, delivery=delivery)
    evidence = await perform_exchange(own, task)
    assert isinstance(evidence, Exchanged)
    return evidence


async def _shake_hands(own: Live, task: Task, asked: OtherLeaf) -> OtherLeaf:
    from mxwalk.tls.handshake import ClientEngine

    assert own.connection is not None
    options = task.delivery.options
    engine = ClientEngine(
        server_name(task.delivery, own.scope.host),
        own.tools.store,
        from_rfc3339(options.at) if options.at else own.tools.clock.now(),
        key_type=asked.key_type,
    )
    ending = await own.connection.start_tls(engine, options.timeouts.tls_s)
    shown = engine.handshake_evidence(ending)
    if ending is None:
        own.dialogue.tls_established()
        await _exchange(own, task.delivery, StepKind.QUIT)
    return structs.replace(
        asked,
        presented=shown.presented,
        presented_count=shown.presented_count,
        alerts=shown.alerts,
        ending=ending,
    )
