"""A walk changed by what an input says: steps dropped, doubled and moved, and single values replaced.

The header and every step are a line of JSON; a value keeps its type more often than not, and octets stay
base64, so that the strict reader of traces lets most changes pass.
"""

import base64
import copy
import json
from collections.abc import Sequence

from tests.fuzz.choices import Choices
from tests.fuzz.structure import tree
from tests.hostile import HOSTILE

_MOST_CHANGES = 12
_TEXTS = tuple(each.decode("utf-8", "replace") for each in HOSTILE if len(each) < 400)
_NAMES = (
    "", ".", "example.com", "mx.example.net", "xn--zzzz", "192.0.2.1", "2001:db8::1", "2026-11-22T08:00:00Z", "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "PASS", "TLSv1", "10 mx.example.com.", "3 1 1 00", '"v=spf1 -all"', "-",
    "0 .", r"\# 3 030101", '"v=DMARC1; p=reject"', "v=STSv1; id=1", "system", "none", "255.255.255.255", "::", "a" * 300,
)  # fmt: skip
_NUMBERS = (0, 1, -1, 2, 25, 65_535, 65_536, 2**31, 2**53, -(2**53), 0.1, 1e18, 250, 421, 550)


def _is_octets(text: str) -> bool:
    if len(text) < 4 or len(text) % 4:
        return False
    try:
        base64.b64decode(text, validate=True)
    except ValueError:  # of binascii, or no ASCII at all
        return False
    return True


def _new_octets(text: str, choices: Choices) -> str:
    octets = bytearray(base64.b64decode(text))
    at = choices.number(len(octets) + 1)
    match choices.number(5):
        case 0:
            octets[at : at + 1] = bytes((choices.number(256),))
        case 1:
            del octets[at : at + 1 + choices.number(16)]
        case 2:
            octets[at:at] = choices.octets(choices.number(32))
        case 3:
            octets[at:at] = choices.pick(HOSTILE)[:300]
        case _:
            del octets[at:]
    return base64.b64encode(octets).decode()


def _new_value(value: object, choices: Choices) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return choices.pick(_NUMBERS)
        case str() if _is_octets(value) and choices.number(4):
            return _new_octets(value, choices)
        case str():
            return choices.pick(
                (
                    choices.pick(_TEXTS),
                    choices.pick(_NAMES),
                    value + choices.pick(_TEXTS),
                    choices.octets(choices.number(64)).decode("utf-8", "replace"),
                )
            )
        case list() if value:
            return choices.pick(([], value + value, value[1:], value[::-1], value * 12))
        case None:
            return choices.pick(_NAMES)
        case _:
            return value


def _change_value(document: object, choices: Choices) -> None:
    there = tree.places(document)
    if not there:
        return
    within, key = choices.pick(there)
    value = within[key]
    match choices.number(6):
        case 0:
            del within[key]
        case 1:
            alike = [
                (other, place)
                for other, place in there
                if place == key and type(other[place]) is type(value)
            ]
            other, place = choices.pick(alike)
            within[key] = copy.deepcopy(other[place])  # it may hold what it is put into
        case _:
            within[key] = _new_value(value, choices)


def changed(lines: Sequence[bytes], choices: Choices) -> bytes:
    """Return a trace file with the changes that the choices stand for."""
    header, steps = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    for _ in range(_MOST_CHANGES):
        if not choices.left or not steps:
            break
        at = choices.number(len(steps))
        match choices.number(10):
            case 0:
                del steps[at]
            case 1:
                steps.insert(choices.number(len(steps) + 1), json.loads(json.dumps(steps[at])))
            case 2:
                del steps[at:]
            case 3:
                other = choices.number(len(steps))
                steps[at], steps[other] = steps[other], steps[at]
            case 4:
                _change_value(header, choices)
            case 5:
                _change_value(steps[at].get("scope", {}), choices)
            case _:
                _change_value(steps[at], choices)
    for number, step in enumerate(steps, start=1):
        if "seq" in step:
            step["seq"] = number
    return b"".join(json.dumps(one).encode() + b"\n" for one in (header, *steps))
