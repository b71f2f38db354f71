"""Which result of a field speaks of the same thing as one of ours."""

from collections.abc import Sequence

from mxwalk.mailauth.results.model import MethodResult

_SAME = {"hardfail": "fail", "error": "permerror"}  # words of RFC 5451 and before


def word(one: MethodResult) -> str:
    """Return the result in today's words."""
    return _SAME.get(one.result, one.result)


def find_same(result: MethodResult, left: Sequence[MethodResult]) -> MethodResult | None:
    """Find what a field says of the same signature or the same identity."""
    same = [one for one in left if one.method == result.method]
    if result.method == "dkim":
        return next((one for one in same if _same_signature(result, one)), None)
    if result.method == "spf":
        wanted = "smtp.mailfrom" if result.get("smtp.mailfrom") else "smtp.helo"
        named = next((one for one in same if one.get(wanted)), None)
        bare = next((one for one in same if not one.get("smtp.mailfrom", "smtp.helo")), None)
        return named or (bare if wanted == "smtp.mailfrom" else None)
    return next(iter(same), None)


def _same_signature(ours: MethodResult, other: MethodResult) -> bool:
    """RFC 6008: by the beginning of ``b=`` where it is told, or else by domain and selector."""
    told, begins = other.get("header.b").rstrip("."), ours.get("header.b")
    if told and begins and not begins.startswith(told) and not told.startswith(begins):
        return False
    selector = other.get("header.s")
    if selector and selector.lower() != ours.get("header.s").lower():
        return False
    return _domain(ours) == _domain(other) or (bool(told) and bool(begins) and not _domain(other))


def _domain(one: MethodResult) -> str:
    domain = one.get("header.d", "d")
    return (domain or one.get("header.i").rpartition("@")[2]).lower().rstrip(".")
