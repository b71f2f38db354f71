"""Reading ARC sets (RFC 8617 4): which there are, whether they form a chain, what each claims.

Total: fields that fit nowhere are problems of the chain.  Nothing here is cryptography.
"""

import re
from dataclasses import dataclass
from dataclasses import replace as changed

from mxwalk.language import say
from mxwalk.limits import ARC_PROBLEMS, ARC_SETS
from mxwalk.mailauth.dkim.model import Signature
from mxwalk.mailauth.dkim.signature import ARC_MESSAGE, ARC_SEAL, Kind, read_signature
from mxwalk.mailauth.message import HeaderField, Message
from mxwalk.mailauth.tags import TagList
from mxwalk.text import visible

_RESULTS, _MESSAGE, _SEAL = (
    "arc-authentication-results",
    "arc-message-signature",
    "arc-seal",
)
_NAMES = (_RESULTS, _MESSAGE, _SEAL)
_INSTANCE = re.compile(r"[1-9][0-9]?")
_FIRST_TAG = re.compile(r"\s*i\s*=\s*([0-9]{1,3})\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcSet:
    """One hop's set; a field that is missing or stands twice is ``None`` and a problem.

    ``claims`` is the AAR behind its instance: what that hop says it found.  ``cv`` is what the sealer
    said of the chain before it.
    """

    instance: int
    results: HeaderField | None = None
    message: Signature | None = None
    seal: Signature | None = None
    message_field: HeaderField | None = None
    seal_field: HeaderField | None = None
    claims: str = ""
    cv: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcChain:
    """The sets from the first hop to the last, and why they form no chain (RFC 8617 5.2)."""

    sets: tuple[ArcSet, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def present(self) -> bool:
        """Whether the message has any ARC field."""
        return bool(self.sets or self.problems)

    @property
    def claimed_failed(self) -> bool:
        """Whether the last sealer says ``cv=fail``, which ends the chain (RFC 8617 5.2, step 2)."""
        return bool(self.sets) and self.sets[-1].cv == "fail"


def read_chain(message: Message) -> ArcChain:
    """Return the message's ARC sets and their structural problems (RFC 8617 5.2, steps 1 and 3)."""
    found: dict[int, dict[str, list[HeaderField]]] = {}
    problems: list[str] = []
    for field in message.fields:
        if field.key not in _NAMES:
            continue
        instance = _instance(field)
        if instance is None:
            problems.append(
                say(
                    "{field} (line {line}) has no instance i= from 1 to {arc_sets}",
                    field=field.name,
                    line=field.line,
                    arc_sets=ARC_SETS,
                )
            )
        else:
            found.setdefault(instance, {}).setdefault(field.key, []).append(field)
    sets = tuple(_read_set(instance, found[instance]) for instance in sorted(found))
    expected = 1
    for one in sets:
        if one.instance != expected:
            # RFC 8617 4.2.1: no gaps
            problems.append(say("instance {expected} is missing", expected=expected))
            expected = one.instance
        expected += 1
        problems += one.problems
    return ArcChain(sets=sets, problems=tuple(problems[:ARC_PROBLEMS]))


def _instance(field: HeaderField) -> int | None:
    if field.key == _RESULTS:
        match = _FIRST_TAG.match(field.value)
        text = match[1] if match else ""
    else:
        kind = ARC_MESSAGE if field.key == _MESSAGE else ARC_SEAL
        text = read_signature(field, 0, kind).tags.get("i") or ""
    if not _INSTANCE.fullmatch(text) or int(text) > ARC_SETS:
        return None
    return int(text)


def _read_set(instance: int, fields: dict[str, list[HeaderField]]) -> ArcSet:
    problems = []
    one: dict[str, HeaderField | None] = {}
    for name, title in zip(
        _NAMES, ("ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"), strict=True
    ):
        have = fields.get(name, [])
        one[name] = have[0] if len(have) == 1 else None
        if len(have) != 1:  # RFC 8617 5.2, step 3 A: exactly one of each
            problems.append(
                say(
                    "instance {instance} has {have} {title}",
                    instance=instance,
                    have=len(have),
                    title=title,
                )
                if have
                else say("instance {instance} has no {title}", instance=instance, title=title)
            )
    message = _signature(one[_MESSAGE], instance, ARC_MESSAGE)
    seal = _signature(one[_SEAL], instance, ARC_SEAL)
    if message is not None:
        problems += _message_problems(message, instance)
    if seal is not None:
        seal = changed(seal, header_canon="relaxed")  # RFC 8617 5.1.1: relaxed only
        problems += _seal_problems(seal, instance)
    results = one[_RESULTS]
    return ArcSet(
        instance=instance,
        results=results,
        message=message,
        seal=seal,
        message_field=one[_MESSAGE],
        seal_field=one[_SEAL],
        claims=results.value.partition(";")[2].strip() if results else "",
        cv=_cv(seal.tags) if seal else "",
        problems=tuple(problems),
    )


def _signature(field: HeaderField | None, instance: int, kind: Kind) -> Signature | None:
    return None if field is None else read_signature(field, instance, kind)


def _message_problems(message: Signature, instance: int) -> list[str]:
    problems = []
    if message.problem:
        problems.append(f"ARC-Message-Signature {instance}: {message.problem}")
    if _SEAL in message.signed:  # RFC 8617 4.1.2
        problems.append(
            say("ARC-Message-Signature {instance} must not sign ARC-Seal", instance=instance)
        )
    return problems


def _seal_problems(seal: Signature, instance: int) -> list[str]:
    problems = []
    if seal.problem:
        problems.append(f"ARC-Seal {instance}: {seal.problem}")
    if seal.tags.get("h") is not None:  # RFC 8617 4.1.3
        problems.append(say("ARC-Seal {instance} must not have h=", instance=instance))
    cv = _cv(seal.tags)
    expected = "none" if instance == 1 else "pass"  # RFC 8617 5.2, step 3 C
    if cv not in (expected, "fail"):
        shown = visible(cv, 20)
        problems.append(
            say(
                "ARC-Seal {instance} says cv={shown} where cv={expected} must stand",
                instance=instance,
                shown=shown,
                expected=expected,
            )
        )
    return problems


def _cv(tags: TagList) -> str:
    return (tags.get("cv") or "").lower()
