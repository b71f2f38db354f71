"""The first lines of the chain view: does it chain, until when, whose fault, and what else matters."""

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from mxwalk.evidence.tls import Offer, TrustStore
from mxwalk.findings.model import Owner
from mxwalk.pkix.horizon import span
from mxwalk.pkix.model import Horizon, Objection, Reason, Source
from mxwalk.revocation.model import Standing
from mxwalk.revocation.readings import place
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, line, shorten, wrap

_SENTENCES_SHOWN = 3
_OTHER_OBJECTIONS_SHOWN = 3
_CA_REASONS = frozenset(
    {
        Reason.NOT_A_CA,
        Reason.KEY_USAGE,
        Reason.PATH_LENGTH,
        Reason.NAME_CONSTRAINT,
        Reason.CRITICAL_EXTENSION,
        Reason.INVALID_EXTENSION,
    }
)
_WHO = {
    Owner.RECEIVER: "the receiver must act",
    Owner.RECEIVER_CA: "the receiver's CA must act",
    Owner.YOU: "you must act",
}
_LOOKS = {
    Offer.CLASSIC: "a second handshake without post-quantum groups",
    Offer.LEGACY: "a legacy handshake, after the modern one failed",
    Offer.WITHOUT_SNI: "a handshake without server name",
}


def headline(state: Picture) -> Content:
    """Return the first line: the verdict, until when, or why not."""
    judged, chain = state.judged, state.chain
    if judged is None or chain is None:
        return line((f"{glyphs().planned} not verified yet", Look.DIM))
    if state.trusted:
        until = state.explained.horizon if state.explained else None
        return line(
            (f"{glyphs().ok} TRUSTED", Look.OK),
            f" by the {store_name(chain.store)}",
            (until_words(until, state.at) if until else "", Look.PLAIN),
        )
    if not chain.store.roots:
        words = f"the {store_name(chain.store)} holds no root, so no chain can be trusted with it"
    else:
        first = state.first
        words = first.sentence if first else judged.errors[0].text
    return line((f"{glyphs().fail} NOT TRUSTED", Look.FAIL), ": ", (words, Look.STRONG))


def head_lines(state: Picture, width: int) -> Iterator[Content]:
    """Yield the first line and what belongs to it, wrapped."""
    if state.moved:
        words = f"AT {moment_words(state.at)}: not the walk's verdict"
        yield from wrap(line((f"{glyphs().warn} {words}", Look.WARN), " (Esc: back)"), width, 2)
    yield from wrap(headline(state), width, 2)
    if state.judged is None or state.chain is None:
        return
    if not state.trusted:
        yield from _fault(state, width)
    yield from _revocation(state, width)
    if state.offer is not Offer.MODERN:
        words = f"as {_LOOKS.get(state.offer, state.offer.value)} showed it"
        yield from wrap(line((f"{glyphs().info} {words}", Look.INFO)), width, 2)
    yield from _sent(state, width)
    roots = f"{state.chain.store.roots} root{'' if state.chain.store.roots == 1 else 's'}"
    words = f"  {store_name(state.chain.store)}, {roots}; judged at {moment_words(state.at)}"
    if not state.moved:
        words += "; a: at another date"
    yield from wrap(line((words, Look.DIM)), width, 2)


def store_name(store: TrustStore) -> str:
    """Name a trust store."""
    where = f" {shorten(store.path, 40)}" if store.kind == "file" and store.path else ""
    return f"{shorten(store.kind, 20)} store{where}"


def until_words(horizon: Horizon, at: datetime) -> str:
    """Say until when a path holds: `` until 2026-12-03 (12 more days: the leaf)``."""
    until = horizon.valid_until
    if until is None or until < at:
        return ""
    who = place(horizon.until_depth)
    return f" until {until:%Y-%m-%d} ({span(until - at, 'more ')}: {who})"


def moment_words(moment: datetime) -> str:
    """Write a time to the minute."""
    return f"{moment.isoformat(' ', 'minutes')[:16]} UTC"


def owner_of(state: Picture, objection: Objection) -> Owner:
    """Say who must act on an objection."""
    store = state.chain.store if state.chain else None
    if store is not None and not store.roots:
        return Owner.YOU
    members = state.explained.chosen.members if state.explained else ()
    here = members[objection.depth] if objection.depth < len(members) else None
    if here is not None and here.source is Source.STORE:
        return Owner.YOU  # what the store supplied is the sender's
    if objection.reason in _CA_REASONS or (objection.depth and objection.reason is Reason.WEAK):
        return Owner.RECEIVER_CA
    return Owner.RECEIVER


def _fault(state: Picture, width: int) -> Iterator[Content]:
    assert state.judged is not None
    assert state.chain is not None
    first = state.first
    if not state.chain.store.roots:
        who, fix = _WHO[Owner.YOU], "name a trust store that holds roots: --ca-file"
    elif first is not None:
        who, fix = _WHO[owner_of(state, first)], first.fix
    else:
        return
    words = line((f"{glyphs().arrow} {who}", Look.ACCENT), ": ", fix)
    yield from (line("  ") + part for part in wrap(words, width - 2, 2))
    objections = state.explained.objections[1:] if state.explained else ()
    for other in objections[:_OTHER_OBJECTIONS_SHOWN]:
        words = line((f"  {glyphs().fail} ", Look.FAIL), other.sentence)
        yield from wrap(words, width, 4)
    more = len(objections) - _OTHER_OBJECTIONS_SHOWN
    if more > 0:
        yield line((f"    and {more} more objections: see paths", Look.DIM))


def _revocation(state: Picture, width: int) -> Iterator[Content]:
    """Say what stands out: verification does not look at revocation, so a revoked chain is trusted."""
    for one in state.standings:
        if one.standing is Standing.REVOKED:
            words = f"REVOKED: {place(one.depth)}, {one.sentence}"
            yield from wrap(line((f"{glyphs().fail} {words}", Look.FAIL)), width, 2)


def _sent(state: Picture, width: int) -> Iterator[Content]:
    """Say plainly what is odd about what was sent, with the fix."""
    order = state.explained.order if state.explained else None
    if order is None:
        return
    said = [pair for pair in order.sentences if not (order.missing and pair is order.sentences[-1])]
    for what, fix in said[:_SENTENCES_SHOWN]:
        words = line((f"{glyphs().warn} {what}", Look.WARN), (f"; {fix}", Look.DIM))
        yield from wrap(words, width, 2)
