"""The first lines of the chain view: does it chain, until when, whose fault, and what else matters."""

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from mxwalk.evidence.tls import Offer, TrustStore
from mxwalk.findings.model import Owner
from mxwalk.language import noted, say, say_many
from mxwalk.pkix.horizon import span
from mxwalk.pkix.model import Horizon, Objection, Reason, Source
from mxwalk.revocation.readings import place
from mxwalk.revocation.words import why
from widgets.chain_entry import Place
from widgets.chain_standing import standing_line
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, line, shorten, wrap

_SENTENCES_SHOWN = 3
_STORES = {
    "system": noted("system store"),
    "file": noted("file store"),
    "empty": noted("empty store"),
}
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
    Owner.RECEIVER: noted("the receiver must act"),
    Owner.RECEIVER_CA: noted("the receiver's CA must act"),
    Owner.YOU: noted("you must act"),
}
_LOOKS = {
    Offer.CLASSIC: noted("seen by a second handshake, without post-quantum groups"),
    Offer.LEGACY: noted(
        "seen by a legacy handshake: the modern one failed, so a modern client never sees it"
    ),
    Offer.WITHOUT_SNI: noted("seen by a handshake without server name"),
}


def headline(state: Picture) -> Content:
    """Return the first line: the verdict, until when, or why not."""
    judged, chain = state.judged, state.chain
    if judged is None or chain is None:
        words = say("being worked out") if state.working else say("not verified yet")
        return line((f"{glyphs().planned} {words}", Look.DIM))
    if state.trusted:
        until = state.explained.horizon if state.explained else None
        words = say("by the {store}", store=store_name(chain.store))
        words += until_words(until, state.at) if until else ""
        if state.revoked:
            revoked = (f"{glyphs().fail} " + say("REVOKED"), Look.FAIL)
            return line(revoked, ", ", say("though TRUSTED {words}", words=words))
        return line((f"{glyphs().ok} " + say("TRUSTED"), Look.OK), " ", words)
    if not chain.store.roots:
        words = say(
            "the {store} holds no root, so no chain can be trusted with it",
            store=store_name(chain.store),
        )
    else:
        first = state.first
        words = _unsent(state) or (first.sentence if first else judged.errors[0].text)
    return line((f"{glyphs().fail} " + say("NOT TRUSTED"), Look.FAIL), ": ", (words, Look.STRONG))


def _unsent(state: Picture) -> str:
    """Say that an issuer is missing, where nothing else is the matter with the first objection."""
    first, top = state.first, next((one for one in state.entries if one.last), None)
    if first is None or top is None or first.reason is not Reason.ISSUER_MISSING:
        return ""
    at_hand = (one for one in state.entries if one.place is not Place.FETCHED)
    known = any(one.facts.subject_der == top.facts.issuer_der for one in at_hand)
    if known or top.source is not Source.SENT or not top.facts.issuer:
        return ""
    name = shorten(dict(top.facts.issuer_attributes).get("CN") or top.facts.issuer, 80)
    return say('the issuer "{name}" was not sent, and the store does not hold it', name=name)


def head_lines(state: Picture, width: int, *, low: bool) -> Iterator[Content]:
    """Yield the first line and what belongs to it, wrapped; without the details where it is low."""
    if state.moved:
        words = say("AT {moment}: not the walk's verdict", moment=moment_words(state.at))
        yield from wrap(
            line((f"{glyphs().warn} {words}", Look.WARN), " " + say("(Esc: back)")), width, 2
        )
    yield from wrap(headline(state), width, 2)
    if state.judged is None or state.chain is None:
        return
    if not state.trusted:
        yield from _fault(state, width, low=low)
    yield from _revocation(state, width)
    if (standing := standing_line(state)) is not None:
        yield from wrap(standing, width, 2)
    if state.offer is not Offer.MODERN:
        words = (
            say(_LOOKS[state.offer])
            if state.offer in _LOOKS
            else say("seen by one more look: {offer}", offer=state.offer.value)
        )
        yield from wrap(line((f"{glyphs().warn} {words}", Look.WARN)), width, 2)
    yield from _sent(state, width, low=low)
    words = "  " + say(
        "{store}, {roots}; judged at {moment}",
        store=store_name(state.chain.store),
        roots=roots_words(state.chain.store),
        moment=moment_words(state.at),
    )
    if low and state.moved:
        return  # the date stands above
    words += "" if state.moved else "; " + say("a: at another date")
    yield from wrap(line((words, Look.DIM)), width, 2)


def store_name(store: TrustStore) -> str:
    """Name a trust store."""
    where = f" {shorten(store.path, 40)}" if store.kind == "file" and store.path else ""
    known = _STORES.get(store.kind)
    name = say(known) if known else say("{kind} store", kind=shorten(store.kind, 20))
    return name + where


def roots_words(store: TrustStore) -> str:
    """Say how many roots a trust store holds."""
    return say_many("{n} root", "{n} roots", store.roots)


def until_words(horizon: Horizon, at: datetime) -> str:
    """Say until when a path holds: `` until 2026-12-03 (12 more days: the leaf)``."""
    until = horizon.valid_until
    if until is None or until < at:
        return ""
    who = place(horizon.until_depth)
    return " " + say(
        "until {until:%Y-%m-%d} ({span}: {who})",
        until=until,
        span=span(until - at, "more"),
        who=who,
    )


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


def _fault(state: Picture, width: int, *, low: bool) -> Iterator[Content]:
    assert state.judged is not None
    assert state.chain is not None
    first = state.first
    if not state.chain.store.roots:
        who, fix = say(_WHO[Owner.YOU]), say("name a trust store that holds roots: --ca-file")
    elif first is not None:
        who, fix = say(_WHO[owner_of(state, first)]), first.fix
    else:
        return
    words = line((f"{glyphs().arrow} {who}", Look.ACCENT), ": ", fix)
    yield from (line("  ") + part for part in wrap(words, width - 2, 2))
    objections = state.explained.objections[1:] if state.explained else ()
    shown = 0 if low else _OTHER_OBJECTIONS_SHOWN
    for other in objections[:shown]:
        words = line((f"  {glyphs().fail} ", Look.FAIL), other.sentence)
        yield from wrap(words, width, 4)
    more = len(objections) - shown
    if more > 0:
        words_ = say_many(
            "and {n} more objection: see paths", "and {n} more objections: see paths", more
        )
        yield line(("    " + words_, Look.DIM))


def _revocation(state: Picture, width: int) -> Iterator[Content]:
    """Say which is revoked: verification does not look at that, so OpenSSL trusts the chain."""
    for one in state.revoked:
        words = line(
            (
                f"{glyphs().fail} " + say("{place} was revoked", place=place(one.depth)),
                Look.FAIL,
            )
        )
        told = one.revocation
        if told is not None:
            how = why(told)
            rest = how.removeprefix("revoked")
            words += line(rest if rest != how else f": {how}")
        yield from (line("  ") + part for part in wrap(words, width - 2, 2))


def _sent(state: Picture, width: int, *, low: bool) -> Iterator[Content]:
    """Say plainly what is odd about what was sent, with the fix."""
    order = state.explained.order if state.explained else None
    if order is None:
        return
    said = [pair for pair in order.sentences if not (order.missing and pair is order.sentences[-1])]
    if low and said:
        text = say_many(
            "{n} remark on what was sent: see paths",
            "{n} remarks on what was sent: see paths",
            len(said),
        )
        yield from wrap(line((f"{glyphs().warn} {text}", Look.WARN)), width, 2)
        return
    for what, fix in said[:_SENTENCES_SHOWN]:
        words = line((f"{glyphs().warn} {what}", Look.WARN), (f"; {fix}", Look.DIM))
        yield from wrap(words, width, 2)
