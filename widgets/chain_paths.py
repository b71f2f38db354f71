"""The tabs of the whole chain: *paths*, which one OpenSSL chose and who takes another; *stores*."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.evidence.tls import TrustStore, VerifyError
from mxwalk.language import noted, say, say_many
from mxwalk.pkix.clients import judge_clients
from mxwalk.pkix.model import (
    Candidate,
    ChainExplained,
    ClientResult,
    Member,
    Source,
)
from mxwalk.tls.certificate import read_certificate
from widgets.chain_fields import note, short
from widgets.chain_head import roots_words, store_name
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, line
from widgets.row import Row, text_row

_PATHS_SHOWN = 16
_MEMBERS_SHOWN = 8
_OBJECTIONS_SHOWN = 6
_DISPUTED_SHOWN = 8
_SOURCES = {
    Source.SENT: noted("sent"),
    Source.STORE: noted("store"),
    Source.FETCHED: noted("fetched"),
}


def paths_rows(state: Picture, width: int) -> Iterator[Row]:
    """Yield the candidate paths, the chosen one first, then what clients make of them."""
    explained = state.explained
    if explained is None:
        text = say("not verified yet") if state.judged is None else say("being worked out")
        yield text_row("no-paths", line((text, Look.DIM)))
        return
    if not explained.candidates:
        yield text_row("no-paths", line((say("no certificate was sent: no path"), Look.DIM)))
    for number, candidate in enumerate(explained.candidates[:_PATHS_SHOWN]):
        yield from _path(number, candidate, width)
    if not explained.complete:
        text = say("the search was broken off at its limit: there may be more paths")
        yield text_row("incomplete", line((f"{glyphs().warn} {text}", Look.WARN)))
    yield from _disputed(explained, width)
    yield text_row("clients", Content(), line((say("what clients make of it"), Look.HEADING)))
    for view in judge_clients(explained):
        words = line((view.title, Look.STRONG), ": ", _client(view.result), f"  {view.sentence}")
        yield note(("client", view.client), words, width, what=say("client"))
    yield from _sent_order(explained, width)


def paths_text(state: Picture) -> str:
    """Return the candidate paths, one a line."""
    found = state.explained.candidates if state.explained else ()
    return "\n".join(f"{_members(one.members).plain}: {one.end_text}" for one in found)


def stores_rows(state: Picture, width: int) -> Iterator[Row]:
    """Yield the verdict of each trust store on the same chain at the same time."""
    if state.judged is None or state.chain is None:
        yield text_row("no-stores", line((say("not verified yet"), Look.DIM)))
        return
    own = state.chain.store
    yield _store("own", own, state.judged.errors, say("this walk's"), width)
    for number, other in enumerate(state.judged.stores):
        beside = say("a sender without CA file") if other.store.kind == "empty" else ""
        yield _store(number, other.store, other.errors, beside, width)
    if not state.judged.stores:
        yield text_row("alone", line((say("the walk asked no other trust store"), Look.DIM)))
    if state.moved:
        words = say("at another date each store is known only as far as the walk's paths show it")
        yield text_row("as-far", line((f"{glyphs().info} {words}", Look.INFO)))


def stores_text(state: Picture) -> str:
    """Return each store's verdict, one a line."""
    return "\n".join(row.copy for row in stores_rows(state, 10_000) if row.copy)


def _path(number: int, candidate: Candidate, width: int) -> Iterator[Row]:
    symbol, look = (glyphs().ok, Look.OK) if candidate.valid else (glyphs().fail, Look.FAIL)
    state = say("holds") if candidate.valid else say("does not hold")
    end, objections = candidate.end_text, candidate.objections
    who = say("OpenSSL takes this path") if number == 0 else say("another path")
    if Source.FETCHED in candidate.sources:
        who += ", " + say("with a fetched issuer")
    head = line((f"{number + 1} ", Look.DIM), (f"{symbol} {state}", look), f"  {who}")
    yield note(
        ("path", number), head, width, copy=_members(candidate.members).plain, what=say("path")
    )
    yield text_row(("members", number), line("    ") + _members(candidate.members))
    if all(one.sentence != end for one in objections):
        yield text_row(("end", number), line((f"    {end}", Look.DIM)))
    for at, objection in enumerate(objections[:_OBJECTIONS_SHOWN]):
        words = line(
            (
                f"    {glyphs().fail} " + say("depth {depth}:", depth=objection.depth) + " ",
                Look.FAIL,
            ),
            objection.sentence,
            (f"  {glyphs().arrow} {objection.fix}", Look.DIM),
        )
        yield note(
            ("objection", number, at), words, width, copy=objection.fix, what=say("fix"), indent=6
        )
    more = len(objections) - _OBJECTIONS_SHOWN
    if more > 0:
        left = say_many("and {n} more objection", "and {n} more objections", more)
        yield text_row(("more", number), line(("    " + left, Look.DIM)))


def _members(members: tuple[Member, ...]) -> Content:
    words = []
    for member in members[:_MEMBERS_SHOWN]:
        facts = read_certificate(member.der)
        name = facts.common_name or facts.subject or say("no name")
        words.append(
            line((short(name, 50), Look.STRONG), (f" ({say(_SOURCES[member.source])})", Look.DIM))
        )
    more = len(members) - _MEMBERS_SHOWN
    if more > 0:
        words.append(line((say("and {more} more", more=more), Look.DIM)))
    return line(f" {glyphs().arrow} ").join(words)


def _disputed(explained: ChainExplained, width: int) -> Iterator[Row]:
    for number, one in enumerate(explained.disputed[:_DISPUTED_SHOWN]):
        words = say("found here, but OpenSSL does not object: {sentence}", sentence=one.sentence)
        yield note(("disputed", number), line((f"{glyphs().info} {words}", Look.INFO)), width)


def _client(result: ClientResult) -> Content:
    match result:
        case ClientResult.TRUSTS:
            return line((f"{glyphs().ok} " + say("trusts"), Look.OK))
        case ClientResult.REFUSES:
            return line((f"{glyphs().fail} " + say("refuses"), Look.FAIL))
        case ClientResult.DEPENDS:
            return line((f"{glyphs().unknown} " + say("depends"), Look.UNKNOWN))


def _sent_order(explained: ChainExplained, width: int) -> Iterator[Row]:
    if not explained.order.sentences:
        return
    yield text_row("order", Content(), line((say("what was sent"), Look.HEADING)))
    for number, (what, fix) in enumerate(explained.order.sentences):
        words = line(f"{what}; ", (fix, Look.DIM))
        yield note(("order", number), words, width, copy=fix, what=say("fix"))


def _store(
    key: object, store: TrustStore, errors: tuple[VerifyError, ...], beside: str, width: int
) -> Row:
    roots = roots_words(store)
    name = line((store_name(store), Look.STRONG), (f" ({roots})", Look.DIM))
    if beside:
        name += line((f" {beside}", Look.DIM))
    if not errors:
        verdict = line((f"{glyphs().ok} " + say("trusted"), Look.OK))
    else:
        first = errors[0]
        verdict = line(
            (f"{glyphs().fail} " + say("not trusted"), Look.FAIL),
            "  " + say("depth {depth}:", depth=first.depth) + f" {short(first.text)}",
            (f"  {short(first.name, 80)}", Look.DIM),
        )
    return note(("store", key), name + ": " + verdict, width, what=say("verdict"))
