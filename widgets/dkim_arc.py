"""ARC beneath the signatures: the sets from the first hop on, what each sealed, and what held."""

from collections.abc import Callable, Hashable, Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.mailauth import Verified
from mxwalk.language import noted, say
from mxwalk.mailauth.arc.chain import ArcSet, read_chain
from mxwalk.mailauth.case import MessageCase
from widgets.dkim_signature import indented
from widgets.message_rows import field, heading, note, remark, state_words
from widgets.plain import Look, line, shorten
from widgets.row import Row

_RESULTS = {"pass": Mark.OK, "fail": Mark.FAIL, "none": Mark.INFO}
_WORDS = {
    Verified.VALID: (Mark.OK, noted("valid")),
    Verified.BODY_HASH: (Mark.FAIL, noted("the body differs")),
    Verified.HEADER: (Mark.FAIL, noted("the header fields differ")),
    Verified.UNUSABLE: (Mark.FAIL, noted("cannot be used")),
    Verified.NOT_VERIFIED: (Mark.UNKNOWN, noted("not verified")),
}
_TEXT = 800


def arc_rows(
    case: MessageCase, unfolds: Callable[[Hashable, bool], bool], width: int
) -> Iterator[Row]:
    """Yield the chain's result and its sets."""
    chain = read_chain(case.message)
    check = case.arc
    if check is None:
        state = state_words(Mark.UNKNOWN, say("not verified yet"))
    else:
        found = check.evidence
        result = found.result
        detail = f": {shorten(check.detail, 300)}" if check.detail else ""
        state = state_words(_RESULTS.get(result, Mark.UNKNOWN), f"{result}{detail}")
    unfolded = unfolds("arc", True)
    yield heading("arc", "ARC", state, width, unfolded=unfolded)
    if not unfolded:
        return
    verified = (
        {number: (message, seal) for number, message, seal in check.evidence.sets} if check else {}
    )
    for number, problem in enumerate(chain.problems[:10]):
        yield remark(("arc", "problem", number), Mark.FAIL, shorten(problem, _TEXT), width)
    for one in chain.sets:
        yield from _set(one, verified.get(one.instance), unfolds, width)
    words = say(
        "A receiver may trust a sealer's word on what it found; by itself ARC makes nothing pass."
    )
    yield note(("arc", "note"), words, width)


def _set(
    one: ArcSet,
    verified: tuple[Verified, Verified] | None,
    unfolds: Callable[[Hashable, bool], bool],
    width: int,
) -> Iterator[Row]:
    key = ("arc", one.instance)
    unfolded = unfolds(key, False)
    domain = one.seal.domain if one.seal else "?"
    words = line(
        (f"{shorten(domain, 200)}  ", Look.STRONG), (f"cv={shorten(one.cv or '?', 20)}", Look.DIM)
    )
    if verified is not None:
        state, word = _WORDS[verified[1]]
        words += line("  ") + state_words(state, say("seal {word}", word=say(word)))
    yield indented(heading(key, f"i={one.instance}", words, width - 2, unfolded=unfolded), 2)
    if not unfolded:
        return
    if verified is not None:
        state, word = _WORDS[verified[0]]
        said = state_words(state, say(word))
        yield field((*key, "message"), say("message"), said, width, indent=6)
    yield field(
        (*key, "claims"),
        say("claims"),
        line(shorten(one.claims or say("nothing"), _TEXT)),
        width,
        indent=6,
    )
    for number, problem in enumerate(one.problems[:10]):
        yield remark((*key, "problem", number), Mark.FAIL, shorten(problem, _TEXT), width, indent=6)
