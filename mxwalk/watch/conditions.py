"""When a watch has seen what it waited for: one table, a new condition is one entry.

A condition is judged by what the rounds knew first and the latest one.  A round in which our own side
failed, or that left a verdict open, fulfils none that speaks of a change; and that a finding is not
there any more is said only by a round that looked where it was.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.errors import UsageError
from mxwalk.language import noted, say
from mxwalk.senders.model import Outcome
from mxwalk.text import visible
from mxwalk.watch.changes import kinds_changed
from mxwalk.watch.facts import Facts, TlsaMatch

Holds = Callable[[Facts, Facts, str], bool]
_WITHOUT_SERVER = ("CONN", "DNS")  # what these areas tell needs no server that answers
# What these areas tell rests on look-ups, whichever step they are seen at.
_BY_LOOK_UP = ("ROUTE", "DANE", "STS", "RPT", "IDENT")
_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of condition.

    ``words`` say what is waited for, with the argument as ``{code}``; ``holds`` judges the first
    round, the latest and the argument; ``rests_on`` are the kinds of answers whose caches matter.
    """

    words: str
    holds: Holds
    takes_code: bool = False
    rests_on: tuple[str, ...] = ()


def _changed(what: str) -> Holds:
    return lambda first, now, _code: what in kinds_changed(first, now)


def _verdict_changed(first: Facts, now: Facts, _code: str) -> bool:
    return first.conclusive and now.conclusive and first.outcomes != now.outcomes


def _every(wanted: Callable[[Outcome], bool]) -> Holds:
    return lambda _first, now, _code: (
        bool(now.outcomes) and all(wanted(outcome) for _, outcome in now.outcomes)
    )


def _is(outcome: Outcome) -> Holds:
    return _every(lambda one: one is outcome)


def _is_gone(first: Facts, now: Facts, code: str) -> bool:
    """A server that is down has no bad certificate either: what nobody looked at is not mended."""
    if not now.conclusive or code in now.findings:
        return False
    if now.own_fault and code.startswith(_BY_LOOK_UP):
        return False
    grounds = [one for one in first.grounds if one.code == code]
    if not grounds:
        return not now.unreached or code.startswith(_WITHOUT_SERVER)
    known = {address for _, records in now.addresses for address in records}
    known |= {address for _, address in now.looked}
    return all(
        (one.kind, one.address) in now.looked or (one.address and one.address not in known)
        for one in grounds
    ) and any(kind in {one.kind for one in grounds} for kind, _ in now.looked)


_NAMED: dict[str, Kind] = {
    "delivered": Kind(noted("the mail is delivered"), _every(lambda one: one.delivered)),
    "verified": Kind(
        noted("the mail is delivered to a verified server"), _is(Outcome.DELIVERED_VERIFIED)
    ),
    "not-delivered": Kind(
        noted("the mail is not delivered"),
        _every(lambda one: not one.delivered and one is not Outcome.UNKNOWN),
    ),
    "changed": Kind(noted("a verdict changes"), _verdict_changed),
    "certificate": Kind(noted("a server's certificate changes"), _changed("certificate")),
    "tlsa": Kind(
        noted("a TLSA record matches at every connection"),
        lambda _first, now, _code: now.tlsa_match is TlsaMatch.ALL,
        rests_on=("TLSA", "MX", "A", "AAAA"),
    ),
    "mx": Kind(noted("the MX records change"), _changed("MX"), rests_on=("MX",)),
    "addresses": Kind(
        noted("the addresses of a delivery host change"), _changed("A"), rests_on=("A", "AAAA")
    ),
    "policy": Kind(noted("the MTA-STS policy changes"), _changed("MTA-STS")),
    "finding": Kind(
        noted("there is a finding {code}"),
        lambda _first, now, code: code in now.findings,
        takes_code=True,
    ),
    "no-finding": Kind(
        noted("there is no finding {code}"),
        _is_gone,
        takes_code=True,
    ),
}
KINDS: Mapping[str, Kind] = MappingProxyType(
    _NAMED
    | {
        outcome.value: Kind(noted("the outcome is {code}"), _is(outcome))
        for outcome in Outcome
        if outcome.value not in _NAMED
    }
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as asked for: its text, its kind, and the finding's code if it takes one."""

    text: str
    kind: Kind
    code: str = ""

    @property
    def words(self) -> str:
        """What is waited for, in words."""
        return say(self.kind.words, code=self.code or self.text)

    def holds(self, first: Facts, now: Facts) -> bool:
        """Whether it is fulfilled; a walk that learned nothing for our own fault fulfils none."""
        return not now.spoilt and self.kind.holds(first, now, self.code)


def parse_condition(text: str) -> Condition:
    """Return the condition ``text`` names.  Raises ``UsageError`` naming the known ones."""
    plain = text.strip()
    name, colon, code = plain.partition(":")
    kind = KINDS.get(name.lower())
    code = code.strip().upper()
    if kind is None or bool(colon) is not kind.takes_code:
        shown = visible(plain, 60)
        known = ", ".join(f"{one}:CODE" if KINDS[one].takes_code else one for one in KINDS)
        raise UsageError(
            say("there is no condition {given}; known are {known}", given=shown, known=known)
        )
    if kind.takes_code:
        _check_code(code)
    return Condition(f"{name.lower()}{colon}{code}", kind, code)


def _check_code(code: str) -> None:
    from mxwalk.findings.registry import catalogue  # brings all rules along

    if not _CODE.fullmatch(code) or code not in catalogue():
        shown = visible(code, 40)
        raise UsageError(
            say("there is no finding {code}; mxwalk explain lists all", code=shown or "''")
        )
