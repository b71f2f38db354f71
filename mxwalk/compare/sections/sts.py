"""MTA-STS: the record, the policy line by line, and what follows from them."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.sections.common import CHARS
from mxwalk.compare.side import Look
from mxwalk.language import noted, say
from mxwalk.mtasts.model import RecordStanding
from mxwalk.mtasts.state import StsStanding
from mxwalk.text import visible

ID = "sts"
TITLE = noted("MTA-STS")
UNIT = "policy"
_NOTHING = (StsStanding.NO_DOMAIN, StsStanding.NOT_LOOKED_UP, StsStanding.PENDING)


def parts(look: Look) -> Iterator[Part]:
    """Yield the record and the policy of the domain."""
    state = look.delivery.sts
    if not look.whole or state.standing in _NOTHING or state.records is None:
        return
    facts = [
        Fact(
            key=f"record {one.raw!r}",
            subject=say("record"),
            value=visible(one.raw, CHARS),
            step=state.record_step,
            rival="record",
        )
        for one in (*state.records.records, *state.records.others)
    ]
    hidden = state.records.standing is RecordStanding.FAILED
    yield Part(
        key=("record",),
        place="",
        facts=tuple(facts),
        step=state.record_step,
        blind=("record ",) if hidden else (),
    )
    if state.standing is StsStanding.FETCH_PENDING:
        return
    standing = Fact(
        key="standing",
        subject=say("what it comes to"),
        value=visible(state.effective, 600),
        same=f"{state.standing.value} {state.mode} {state.fault.value}",
        step=state.step,
    )
    lines = [
        Fact(
            key=f"line {one.raw!r}",
            subject=say("policy line"),
            value=visible(one.raw, CHARS),
            step=state.fetch_step,
            rival=f"{one.field} line" if one.field and one.field != "mx" else "",
        )
        for one in (state.policy.lines if state.policy else ())
    ]
    hidden = state.policy is None and state.standing is not StsStanding.NO_RECORD
    yield Part(
        key=("policy",),
        place="",
        facts=(standing, *lines),
        step=state.fetch_step,
        blind=("line ",) if hidden else (),
    )
