"""Identifier alignment: relaxed and strict side by side, and why (RFC 9989 4.4, 4.10.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.mailauth.asking import replay
from mxwalk.mailauth.dmarc.discovery import LookedUp, discover_7489, domain_key
from mxwalk.mailauth.dmarc.model import Alignment, Discovery, Method, Mode, Reading, Record
from mxwalk.text import visible

PASS = "pass"  # noqa: S105 - a result, no password


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A name that a method has, or would have, authenticated; ``result`` is RFC 8601's word."""

    method: Method
    domain: str
    result: str
    number: int = 0


def align(
    reading: Reading,
    author: LookedUp,
    identifier: Identifier,
    found: Mapping[str, LookedUp],
    record: Record | None,
) -> Alignment:
    """Hold one identifier against the Author Domain; ``found`` is by names in A-labels.

    ``uncertain`` tells that the organizational domain of either side is not known for sure and that
    relaxed alignment depends on it.
    """
    name, ours = domain_key(identifier.domain), author.discovery(reading)
    theirs = _discovery(reading, name, found)
    mode = _mode(identifier.method, record)
    strict = name == author.domain  # RFC 4343: names in one case
    organizational = theirs.organizational if theirs else ""
    relaxed = strict or (theirs is not None and organizational == ours.organizational)
    uncertain = not strict and (theirs is None or theirs.failed or ours.failed)
    aligned = strict if mode is Mode.STRICT else relaxed
    return Alignment(
        method=identifier.method,
        domain=visible(name, 300),
        organizational=visible(organizational, 300),
        passed=identifier.result == PASS,
        relaxed=relaxed,
        strict=strict,
        mode=mode,
        aligned=aligned,
        why=_why(identifier, name, author, theirs, ours, mode),
        number=identifier.number,
        uncertain=uncertain,
    )


def _discovery(reading: Reading, name: str, found: Mapping[str, LookedUp]) -> Discovery | None:
    known = found.get(name)
    if known is None and reading is Reading.RFC7489:
        return replay(discover_7489(name, author=False), ())  # the list alone, nothing to ask
    return known.discovery(reading) if known else None


def _mode(method: Method, record: Record | None) -> Mode:
    if record is None:
        return Mode.RELAXED
    return record.spf_mode if method is Method.SPF else record.dkim_mode


def _why(
    identifier: Identifier,
    name: str,
    author: LookedUp,
    theirs: Discovery | None,
    ours: Discovery,
    mode: Mode,
) -> str:
    shown, from_ = visible(name, 300), author.domain
    spf = identifier.method is Method.SPF
    what = say("SPF's domain {shown}", shown=shown) if spf else f"d={shown}"
    tag = "aspf" if spf else "adkim"
    failed = "" if identifier.result == PASS else _not_passed(identifier)
    if not name:
        lacking = (
            say("There is no domain of SPF to align.") if spf else say("There is no d= to align.")
        )
        return f"{lacking}{failed}"
    if name == from_:
        return say("{what} is the From domain itself.{failed}", what=what, failed=failed)
    if theirs is None:
        return say(
            "The organizational domain of {what} was not looked up.{failed}",
            what=what,
            failed=failed,
        )
    unsure = ""
    if theirs.failed or ours.failed:
        unsure = say(" A query had no usable answer: the organizational domains are not certain.")
    if theirs.organizational != ours.organizational:
        return say(
            "{what} belongs to {organizational}, the From domain to"
            " {organizational_2}.{unsure}{failed}",
            what=what,
            organizational=theirs.organizational,
            organizational_2=ours.organizational,
            unsure=unsure,
            failed=failed,
        )
    if mode is Mode.STRICT:
        return say(
            "{what} and the From domain both belong to {organizational}, but {tag}=s"
            " wants {from_} itself.{unsure}{failed}",
            what=what,
            organizational=ours.organizational,
            tag=tag,
            from_=from_,
            unsure=unsure,
            failed=failed,
        )
    return say(
        "{what} and the From domain {from_} both belong to {organizational}.{unsure}{failed}",
        what=what,
        from_=from_,
        organizational=ours.organizational,
        unsure=unsure,
        failed=failed,
    )


def _not_passed(identifier: Identifier) -> str:
    result = visible(identifier.result, 20)
    if identifier.method is Method.SPF:
        return say(" SPF did not pass ({result}), so that it counts for nothing.", result=result)
    return say(
        " The signature did not pass ({result}), so that it counts for nothing.", result=result
    )
