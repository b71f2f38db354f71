"""What a message's own Authentication-Results is worth: where it stands tells who can have written it.

A receiver puts its field above its own Received field; one in its name below that, or without that
Received, came in with the message, and the sender can have written it (RFC 8601 4, 5, 7.1).
"""

from dataclasses import dataclass

from mxwalk.delivery.result_headers import receiver_of
from mxwalk.findings.raising import show
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.message import HeaderField
from mxwalk.mailauth.message_received import read_received
from mxwalk.mailauth.results.comparing import Difference, Why
from mxwalk.mailauth.results.model import FIELD
from mxwalk.mailauth.results.reading import read

CLAIMED = "AUTH001"  # the code that tells of such a field
_SHOWN = 4
_PASS = "pass"  # noqa: S105 - a result, no password


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """A field in the receiver's name that most likely came in with the message."""

    sentence: str
    fix: str


def injected(case: MessageCase) -> Injected | None:
    """Return the field in the receiver's own name that nobody should believe; ``None`` without one."""
    name = receiver_of(case)
    field = _own_field(case, name)
    told = [one for one in case.differences if one.why is not Why.NOT_TRUSTED]
    better = [one for one in told if one.claimed == _PASS and one.ours != _PASS]
    if field is None or not better:
        return None
    place, is_own = _place(case, field, name)
    invented = any(one.why is Why.NOT_HERE for one in better)
    if is_own and not invented:
        return None
    who = show(name, 120)
    return Injected(
        sentence=say(
            "the Authentication-Results in the name of {who} (line {line}) was most"
            " likely injected: it claims {claim}. {place}",
            who=who,
            line=field.line,
            claim=", ".join(map(_claim, better[:_SHOWN])),
            place=place,
        ),
        fix=say(
            "do not believe it: remove fields in the name of {who} from incoming mail at"
            " the border, before your own is added (RFC 8601 5). Only if the log of {who}"
            " shows this very field: walk again with --ip and --mail-from of that log",
            who=who,
        ),
    )


def _own_field(case: MessageCase, name: str) -> HeaderField | None:
    own = (
        field
        for field in case.message.named(FIELD)
        if name and read(field.value).authserv_id.lower() == name.lower()
    )
    return next(own, None)


def _place(case: MessageCase, field: HeaderField, name: str) -> tuple[str, bool]:
    """Say where the field stands to the receiver's own Received; second, whether that fits."""
    ours = [
        one
        for one in case.message.named("Received")
        if read_received(one.value, one.number, one.line).by.lower() == name.lower()
    ]
    if not ours:
        return say("No Received field of {name} stands below it", name=show(name, 120)), False
    if field.number < ours[0].number:
        return say(
            "It stands above the Received of {name}, as a true one does", name=show(name, 120)
        ), True
    line = ours[0].line
    return (
        say(
            "It stands below the Received of {name} (line {line}): it came in with it",
            name=show(name, 120),
            line=line,
        ),
        False,
    )


def _claim(one: Difference) -> str:
    method = one.method
    if one.why is Why.NOT_HERE:
        return say(
            "{method}={claimed} (there is no such signature)", method=method, claimed=one.claimed
        )
    return say(
        "{method}={claimed} ({ours} was found)", method=method, claimed=one.claimed, ours=one.ours
    )
