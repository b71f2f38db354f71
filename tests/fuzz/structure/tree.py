"""JSON taken apart, changed at one place, and written again."""

import copy
import json
from typing import Any

from tests.fuzz.choices import Choices
from tests.hostile import HOSTILE

_TEXTS = tuple(each.decode("utf-8", "replace") for each in HOSTILE if len(each) < 120)
_NUMBERS = (
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    2**63,
    2**64,
    -(2**63) - 1,
    10**30,
    0.5,
    -0.0,
    1e308,
    65_536,
    255,
)
_OTHERS: tuple[object, ...] = (None, True, False, [], {}, "", [[]], {"": None})


def places(document: object) -> list[tuple[Any, Any]]:
    """Return every place in a document as what holds it and its key there."""
    found: list[tuple[Any, Any]] = []
    match document:
        case dict():
            for name, value in document.items():
                found.append((document, name))
                found += places(value)
        case list():
            for number, value in enumerate(document):
                found.append((document, number))
                found += places(value)
    return found


def change(document: object, choices: Choices) -> None:
    """Change one place of a document, more often than not without changing its type."""
    there = places(document)
    if not there:
        return
    within, key = choices.pick(there)
    value = within[key]
    match choices.number(8):
        case 0:
            del within[key]
        case 1 if isinstance(within, list):
            within.append(value)
        case 1 if isinstance(within, dict):
            within[str(key) + "x"] = value
        case 2:
            other, place = choices.pick(there)
            within[key] = copy.deepcopy(other[place])  # it may hold what it is put into
        case 3:
            within[key] = choices.pick(_OTHERS)
        case 4 if isinstance(value, str):
            at = choices.number(len(value) + 1)
            within[key] = value[:at] + choices.pick(_TEXTS) + value[at:]
        case 5 if isinstance(value, str) and value:
            at = choices.number(len(value))
            within[key] = value[:at] + value[at + 1 + choices.number(8) :]
        case _:
            few = _NUMBERS if isinstance(value, (int, float)) else _TEXTS
            within[key] = choices.pick(few)


def mutate(data: bytes, choices: Choices) -> bytes | None:
    """Return JSON with one to three places changed; ``None`` when it is no JSON."""
    try:
        document = json.loads(data)
        for _ in range(1 + choices.number(3)):
            change(document, choices)
        return json.dumps(document, ensure_ascii=choices.flag()).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return None
