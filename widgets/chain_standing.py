"""Revocation in a few words: for the first lines of the chain view and a row of its summary.

Verification does not look at revocation, so "trusted" alone would hide that nobody could be asked.
"""

from textual.content import Content

from mxwalk.evidence.revocation import NotAsked
from mxwalk.language import noted, say
from mxwalk.pkix.model import Source
from mxwalk.revocation.model import CertificateStanding, SourceKind, Standing, Staple
from mxwalk.revocation.readings import place
from widgets.chain_entry import Entry, Place
from widgets.chain_state import Picture
from widgets.glyphs import glyphs
from widgets.plain import Look, line

_WORST_FIRST = (
    Standing.REVOKED,
    Standing.INVALID,
    Standing.UNREACHABLE,
    Standing.EXPIRED_DATA,
    Standing.UNKNOWN,
    Standing.NOT_CHECKED,
    Standing.GOOD,
    Standing.NOT_APPLICABLE,
)
_SOURCES = {
    SourceKind.STAPLE: noted("the stapled response"),
    SourceKind.OCSP: noted("the OCSP responder"),
    SourceKind.CRL: noted("the CRL"),
}
_STAPLES = {
    Staple.REQUIRED_MISSING: noted("a staple is demanded and missing"),
    Staple.REQUIRED_UNUSABLE: noted("a staple is demanded, and the one sent does not count"),
}


_STANDINGS = {
    Standing.GOOD: noted("good"),
    Standing.REVOKED: noted("revoked"),
    Standing.UNKNOWN: noted("unknown"),
    Standing.EXPIRED_DATA: noted("expired-data"),
    Standing.UNREACHABLE: noted("unreachable"),
    Standing.INVALID: noted("invalid"),
    Standing.NOT_CHECKED: noted("not-checked"),
    Standing.NOT_APPLICABLE: noted("not-applicable"),
}


def standing_words(standing: Standing) -> str:
    """Return a standing in a word or two."""
    return say(_STANDINGS[standing])


def standing_mark(standing: Standing) -> tuple[str, Look]:
    """Return symbol and look of a standing."""
    match standing:
        case Standing.GOOD:
            return glyphs().ok, Look.OK
        case Standing.REVOKED | Standing.INVALID:
            return glyphs().fail, Look.FAIL
        case Standing.NOT_APPLICABLE:
            return glyphs().info, Look.INFO
        case Standing.NOT_CHECKED:
            return glyphs().none, Look.DIM
        case _:
            return glyphs().unknown, Look.UNKNOWN


def standing_line(state: Picture) -> Content | None:
    """Return the line of the path's revocation; ``None`` where other lines say it already."""
    checked, judged = state.attempt.revocation, state.standings
    name = say("revocation as of the walk:") + " " if state.moved else say("revocation:") + " "
    if checked is None:
        unchecked = say("not checked: the walk has not come to it, or left it out")
        return line((f"{glyphs().planned} {name}{unchecked}", Look.DIM)) if state.trusted else None
    if state.revoked or checked.not_asked is NotAsked.NO_PATH or not judged:
        return None
    worst = min(judged, key=lambda one: _WORST_FIRST.index(one.standing))
    symbol, look = standing_mark(worst.standing)
    offline = checked.not_asked is NotAsked.OFFLINE and worst.standing is not Standing.GOOD
    words = line((f"{symbol} ", look), name)
    words += line((say("not checked: offline"), Look.DIM)) if offline else _short(worst)
    if worst.depth and worst.standing not in (Standing.GOOD, Standing.NOT_APPLICABLE):
        words += line((f" ({place(worst.depth)})", Look.DIM))
    for staple in (say(_STAPLES[one.staple]) for one in judged if one.staple in _STAPLES):
        words += line("; ", (f"{glyphs().warn} {staple}", Look.WARN))
    return words


def standing_of(state: Picture, entry: Entry) -> Content:
    """Return the revocation of one certificate in a few words."""
    one = next((each for each in state.standings if each.certificate == entry.der), None)
    if one is None:
        return line((why_not(state, entry), Look.DIM))
    symbol, look = standing_mark(one.standing)
    words = line((f"{symbol} ", look)) + _short(one)
    if one.staple in _STAPLES:
        words += line("; ", (f"{glyphs().warn} " + say(_STAPLES[one.staple]), Look.WARN))
    return words


def why_not(state: Picture, entry: Entry) -> str:
    """Say why nothing is known of a certificate's revocation."""
    checked = state.attempt.revocation
    if checked is None:
        return say("not checked: the walk has not come to it, or left it out")
    if entry.place is not Place.PATH:
        return say("not part of the path: its revocation says nothing of this chain")
    if entry.facts.self_signed and entry.source is Source.STORE:
        return say("a trust anchor: nobody is asked about it, the store itself decides")
    if checked.not_asked is NotAsked.NO_PATH:
        return say("not checked: there is no path to a trust anchor")
    return say("nobody was asked about this certificate")


def _short(one: CertificateStanding) -> Content:
    _, look = standing_mark(one.standing)
    asked = one.decided_by or (one.sources[0] if one.sources else None)
    source = say(_SOURCES[asked.kind]) if asked else say("the source")
    match one.standing:
        case Standing.GOOD | Standing.REVOKED:
            return line((standing_words(one.standing), look))
        case Standing.UNREACHABLE:
            words = say("{source} could not be had", source=source)
        case Standing.EXPIRED_DATA:
            words = say("what {source} says is not of this time", source=source)
        case Standing.INVALID:
            words = say("what {source} says does not count", source=source)
        case Standing.UNKNOWN:
            words = say("{source} does not tell", source=source)
        case Standing.NOT_CHECKED:
            return line((say("not checked"), look), f": {one.sentence}")
        case Standing.NOT_APPLICABLE:
            return line((say("nobody to ask: {sentence}", sentence=one.sentence), Look.DIM))
    return line((say("unknown"), look), ": ", words)
