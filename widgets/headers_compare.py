"""A result found here beside what a field claims of it: one row, with the sentence why they differ."""

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say
from mxwalk.mailauth.results.comparing import Difference
from mxwalk.mailauth.results.model import AuthResults, MethodResult
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.row import Row

CELL = 14
_TEXT = 900
_ABOUT = ("header.d", "header.i", "smtp.mailfrom", "smtp.helo", "header.from", "d")
_RESULTS = {
    "pass": Mark.OK,
    "fail": Mark.FAIL,
    "hardfail": Mark.FAIL,
    "permerror": Mark.FAIL,
    "policy": Mark.FAIL,
    "softfail": Mark.WARN,
    "temperror": Mark.UNKNOWN,
}


def _about(one: MethodResult) -> str:
    return one.get(*_ABOUT)


def _claims(claimed: AuthResults, one: MethodResult) -> bool:
    """Say whether a field tells of the same identity: of HELO only where it names it."""
    return any(_same_identity(each, one) for each in claimed.of(one.method))


def _same_identity(claim: MethodResult, ours: MethodResult) -> bool:
    match ours.method:
        case "spf":
            of_helo = bool(claim.get("smtp.helo")) and not claim.get("smtp.mailfrom")
            return of_helo == bool(ours.get("smtp.helo"))
        case "dkim":
            domain = claim.get("header.d", "d") or claim.get("header.i").rpartition("@")[2]
            return not domain or domain.lower() == ours.get("header.d").lower()
        case _:
            return True


def is_about(difference: Difference, one: MethodResult) -> bool:
    """Say whether a difference is about this result of ours."""
    same = difference.method == one.method and difference.ours == one.result
    return same and difference.about == _about(one)


def result_word(result: str) -> Content:
    """Return a result as symbol and word, as wide as its column."""
    symbol, look = mark(_RESULTS.get(result, Mark.INFO))
    return fit(f"{symbol} {result}", CELL, look)


def differing(claimed: str) -> Content:
    """Return a claim that is not what was found; it is marked as that, whatever it claims."""
    return line(
        (
            f"{glyphs().warn} " + say("{claim}, differs", claim=shorten(claimed, 40)),
            Look.DIFFER,
        )
    )


def compared_row(
    one: MethodResult,
    found: Difference | None,
    claimed: AuthResults | None,
    key: object,
    room: int,
    width: int,
) -> Row:
    """Return a result of ours beside the claim; ``room`` is for the name of it."""
    name = f"{one.method.upper()} {shorten(_about(one), 200)}".strip()
    head = (
        line("  ") + fit(name, room - 1, Look.STRONG, middle=True) + " " + result_word(one.result)
    )
    if found is not None and found.claimed:
        head += differing(found.claimed)
    elif found is not None or claimed is None or not _claims(claimed, one):
        head += line((f"{glyphs().none} " + say("not claimed"), Look.DIM))
    else:
        head += line((f"{glyphs().exact} " + say("the same"), Look.EQUAL))
    lines = [head]
    if found is not None:
        lines += wrap(line("    ", shorten(found.sentence, _TEXT)), width, indent=4)
    copy = found.sentence if found else f"{name}: {one.result}"
    return Row(key=key, lines=tuple(lines), copy=line(copy).plain, what=say("result"))


def claimed_row(found: Difference, key: object, room: int, width: int) -> Row:
    """Return what the field alone tells of."""
    name = f"{found.method.upper()} {shorten(found.about, 200)}".strip()
    head = line("  ") + fit(name, room - 1, Look.STRONG, middle=True) + " "
    if found.ours:
        head += result_word(found.ours)
    else:
        head += fit(f"{glyphs().none} " + say("not found"), CELL, Look.DIM)
    head += differing(found.claimed or say("not claimed"))
    lines = [head, *wrap(line("    ", shorten(found.sentence, _TEXT)), width, indent=4)]
    return Row(key=key, lines=tuple(lines), copy=line(found.sentence).plain, what=say("result"))
