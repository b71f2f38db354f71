"""What DMARC comes to, by both readings beside each other: result, policy, and what is asked for."""

from collections.abc import Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import DMARC_MARKS
from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Policy, Reading
from widgets.dmarc_state import Picture
from widgets.message_rows import remark
from widgets.plain import Look, fit, line, look_of, mark, shorten, wrap
from widgets.row import Row, text_row

_READING, _RESULT, _POLICY = 10, 13, 16
_TEXT = 900
_WISHES = {
    Policy.NONE: (Mark.INFO, noted("nothing is asked for")),
    Policy.QUARANTINE: (Mark.WARN, noted("treat as suspicious")),
    Policy.REJECT: (Mark.FAIL, noted("reject")),
}


def result_rows(picture: Picture, width: int) -> Iterator[Row]:
    """Yield a row a reading, then why; where the readings agree, why is said once."""
    yield text_row(
        ("result", "head"),
        line(
            fit(say("by"), _READING, Look.DIM),
            fit(say("result"), _RESULT, Look.DIM),
            fit(say("policy"), _POLICY, Look.DIM),
            (say("the domain asks"), Look.DIM),
        ),
    )
    for reading, one in picture.assessments.items():
        yield _row(reading, one, width)
    whys = {one.why: reading for reading, one in reversed(list(picture.assessments.items()))}
    for why, reading in reversed(list(whys.items())):
        state = DMARC_MARKS[picture.assessments[reading].result]
        words = why if len(whys) == 1 else f"{reading.value}: {why}"
        yield remark(("result", "why", reading), state, shorten(words, _TEXT), width, indent=0)
    if len({one.result for one in picture.assessments.values()}) > 1:
        words = say("The readings differ: which result a message gets depends on the receiver.")
        yield remark(("result", "differ"), Mark.WARN, words, width, indent=0)


def _row(reading: Reading, one: Assessment, width: int) -> Row:
    symbol, look = mark(DMARC_MARKS[one.result])
    asked = one.policy.asked
    policy = f"{one.policy.tag}={asked.value}" if asked is not None else say("no policy")
    state, wish = _wish(one)
    sign, wish_look = mark(state)
    words = line(
        fit(reading.value, _READING, Look.STRONG),
        fit(f"{symbol} {one.result.value}", _RESULT, look),
        fit(policy, _POLICY),
        (f"{sign} {wish}", wish_look if state is not Mark.INFO else look_of(Mark.INFO)),
    )
    copy = f"{reading.value}: {one.result.value}, {policy}: {wish}"
    lines = tuple(wrap(words, width, indent=_READING))
    return Row(key=("result", reading), lines=lines, copy=copy, what=say("result"))


def _wish(one: Assessment) -> tuple[Mark, str]:
    if one.result is DmarcResult.PASS:
        return Mark.OK, say("nothing: the message passes")
    if one.result is DmarcResult.TEMPERROR:
        return Mark.UNKNOWN, say("not known for now")
    if one.disposition is None:
        return Mark.INFO, say("nothing: no policy applies")
    state, wish = _WISHES[one.disposition]
    return state, say(wish)
