"""Revocation in a few words: for the first lines of the chain view and a row of its summary.

Verification does not look at revocation, so "trusted" alone would hide that nobody could be asked.
"""

from textual.content import Content

from mxwalk.evidence.revocation import NotAsked
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
    SourceKind.STAPLE: "the stapled response",
    SourceKind.OCSP: "the OCSP responder",
    SourceKind.CRL: "the CRL",
}
_STAPLES = {
    Staple.REQUIRED_MISSING: "a staple is demanded and missing",
    Staple.REQUIRED_UNUSABLE: "a staple is demanded, and the one sent does not count",
}


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
    name = "revocation as of the walk: " if state.moved else "revocation: "
    if checked is None:
        unchecked = "not checked: the walk has not come to it, or left it out"
        return line((f"{glyphs().planned} {name}{unchecked}", Look.DIM)) if state.trusted else None
    if state.revoked or checked.not_asked is NotAsked.NO_PATH or not judged:
        return None
    worst = min(judged, key=lambda one: _WORST_FIRST.index(one.standing))
    symbol, look = standing_mark(worst.standing)
    offline = checked.not_asked is NotAsked.OFFLINE and worst.standing is not Standing.GOOD
    words = line((f"{symbol} ", look), name)
    words += line(("not checked: offline", Look.DIM)) if offline else _short(worst)
    if worst.depth and worst.standing not in (Standing.GOOD, Standing.NOT_APPLICABLE):
        words += line((f" ({place(worst.depth)})", Look.DIM))
    for staple in (_STAPLES[one.staple] for one in judged if one.staple in _STAPLES):
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
        words += line("; ", (f"{glyphs().warn} {_STAPLES[one.staple]}", Look.WARN))
    return words


def why_not(state: Picture, entry: Entry) -> str:
    """Say why nothing is known of a certificate's revocation."""
    checked = state.attempt.revocation
    if checked is None:
        return "not checked: the walk has not come to it, or left it out"
    if entry.place is not Place.PATH:
        return "not part of the path: its revocation says nothing of this chain"
    if entry.facts.self_signed and entry.source is Source.STORE:
        return "a trust anchor: nobody is asked about it, the store itself decides"
    if checked.not_asked is NotAsked.NO_PATH:
        return "not checked: there is no path to a trust anchor"
    return "nobody was asked about this certificate"


def _short(one: CertificateStanding) -> Content:
    _, look = standing_mark(one.standing)
    asked = one.decided_by or (one.sources[0] if one.sources else None)
    source = _SOURCES[asked.kind] if asked else "the source"
    match one.standing:
        case Standing.GOOD | Standing.REVOKED:
            return line((one.standing.value, look))
        case Standing.UNREACHABLE:
            words = f": {source} could not be had"
        case Standing.EXPIRED_DATA:
            words = f": what {source} says is not of this time"
        case Standing.INVALID:
            words = f": what {source} says does not count"
        case Standing.UNKNOWN:
            words = f": {source} does not tell"
        case Standing.NOT_CHECKED:
            return line(("not checked", look), f": {one.sentence}")
        case Standing.NOT_APPLICABLE:
            return line((f"nobody to ask: {one.sentence}", Look.DIM))
    return line(("unknown", look), words)
