"""Small JSON objects out of slices of a report, and values of closed sets in them."""

from collections.abc import Collection

import msgspec

from mxwalk.language import say
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.model import Kind
from mxwalk.tlsrpt.members import Members

UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError)
NOTHING = msgspec.Raw(b"")


def members_of(raw: msgspec.Raw, place: str, most: int, deviations: Deviations) -> Members:
    """Return the members of an object of at most ``most`` octets; none where it is no object."""
    value: object = None
    if memoryview(raw).nbytes > most:
        deviations.add(Kind.LIMIT, place, say("is longer than {most:,} octets", most=most))
    elif not raw:
        deviations.add(Kind.MISSING, place, say("is missing"))
    else:
        try:
            value = msgspec.json.decode(raw)
        except UNREADABLE:
            deviations.add(Kind.UNREADABLE, place, say("cannot be read"))
        else:
            if not isinstance(value, dict):
                deviations.add(Kind.TYPE, place, say("is no object"))
            elif not value:
                deviations.add(Kind.MISSING, place, say("has no members"))
    if isinstance(value, dict) and value:
        return Members(value, place, deviations)
    return Members({}, place, Deviations())  # what is in nothing is not missing once more


def closed(members: Members, name: str, known: Collection[str]) -> str:
    """Return a value of a closed set, in lower case; one that is not in it is kept as it is."""
    text = members.text(name, required=True)
    plain = text.strip().lower()
    if plain in known:
        if plain != text:
            words = say("is not written in lower case")
            members.deviations.add(Kind.VALUE, members.at(name), words, text)
        return plain
    if text:
        words = say("is none of RFC 8460's {name}s", name=name)
        members.deviations.add(Kind.UNKNOWN, members.at(name), words, text)
    return text
