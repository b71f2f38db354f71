"""One more look: another connection to the same address, with another ClientHello.

A server may have two leaves, may need a server name, may die of a large ClientHello, or may speak only
what today's clients refuse.  Each look is a lock-step dialogue of its own within one step: greeting,
EHLO, STARTTLS, handshake, EHLO, QUIT.  After a reply that does not lead on, QUIT is sent; after 421
nothing is (RFC 5321 3.8).
"""

from msgspec import structs

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.gather import gather_names
from mxwalk.delivery.model import Delivery
from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.connection import Exchanged, LookedAgain
from mxwalk.evidence.step import Evidence, Scope, StepKind
from mxwalk.evidence.tls import Offer
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
_OFFERS = {
    StepKind.CLASSIC_GROUPS: Offer.CLASSIC,
    StepKind.LEGACY_TLS: Offer.LEGACY,
    StepKind.WITHOUT_SNI: Offer.WITHOUT_SNI,
}


async def perform_look(live: Live, task: Task) -> Evidence:
    """Connect again and shake hands with the ClientHello that the step's kind asks for."""
    scope = task.pending.scope
    started = live.tools.clock.monotonic()
    asked = LookedAgain(offer=offer_of(task.delivery, task.pending.kind, scope))

    def cancelled() -> LookedAgain:
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
            said = visible(reply.telling[0].raw.removesuffix(b"\r\n"), 120) if reply.lines else ""
            ending = Ending(kind=EndingKind.CLOSED, detail=f"{kind.value} was answered {said}")
            return structs.replace(asked, refusal=exchanged.reply, ending=ending)
    return await _shake_hands(own, task, asked)


def offer_of(delivery: Delivery, kind: StepKind, scope: Scope) -> Offer:
    """Return what the look offers; for the other leaf that depends on the one already seen."""
    if kind in _OFFERS:
        return _OFFERS[kind]
    attempt = next((one for one in delivery.attempts if one.scope == scope), None)
    if attempt is None or attempt.handshake is None:
        raise ProtocolMisuseError("the other leaf is looked for after a handshake")
    return _other_leaf(attempt)


def _other_leaf(attempt: Attempt) -> Offer:
    presented = attempt.handshake.presented if attempt.handshake else ()
    seen = read_certificate(presented[0]).key.type if presented else ""
    return Offer.ECDSA_LEAF if seen.upper().startswith("RSA") else Offer.RSA_LEAF


async def _exchange(own: Live, delivery: Delivery, kind: StepKind) -> Exchanged:
    assert own.connection is not None
    pending = propose(delivery, Item(kind, own.scope), own.connection.local_address)
    task = Task(pending=pending, proposed=pending, delivery=delivery)
    evidence = await perform_exchange(own, task)
    assert isinstance(evidence, Exchanged)
    return evidence


async def _shake_hands(own: Live, task: Task, asked: LookedAgain) -> LookedAgain:
    from mxwalk.tls.handshake import ClientEngine

    assert own.connection is not None
    options, now = task.delivery.options, own.tools.clock.now()
    sni = "" if asked.offer is Offer.WITHOUT_SNI else server_name(task.delivery, own.scope.host)
    at = from_rfc3339(options.at) if options.at else now
    clock = own.tools.clock
    engine = ClientEngine(sni, own.tools.store, at, offer=asked.offer, monotonic=clock.monotonic)
    ending = await own.connection.start_tls(engine, options.timeouts.tls_s)
    inside = Exchanged()
    if ending is None:
        own.dialogue.tls_established()
        if asked.offer.key_type is None:
            inside = await _exchange(own, task.delivery, StepKind.EHLO_TLS)
        if inside.ending is None and parse_reply(inside.reply).code != 421:
            await _exchange(own, task.delivery, StepKind.QUIT)
    handshake = engine.handshake_evidence(ending)
    shown = bool(handshake.presented)
    return structs.replace(
        asked,
        handshake=handshake,
        chain=engine.chain_evidence(now) if shown else None,
        identity=gather_names(task.delivery, own.scope.host, own.scope.address) if shown else None,
        inside=inside.reply,
        inside_ending=inside.ending,
        ending=ending,
    )
