"""What a result says to people: every sentence in it, however deep, is one line of visible characters."""

import dataclasses
import enum
from collections.abc import Iterator

import msgspec

from tests.fuzz.model import printable

# Fields that hold words of ours; what is kept as sent has other names and is made visible when shown.
SPOKEN = frozenset(
    {
        "command", "damage", "detail", "end_text", "explanation", "fix", "note", "notes", "problem",
        "problems", "reason", "remark", "sentence", "sentences", "summary", "why",
    }
)  # fmt: skip
_DEEPEST = 12


def texts(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the spoken texts of dataclasses, structs and what holds them, with their fields' names."""
    if depth > _DEEPEST or isinstance(value, enum.Enum):
        return
    match value:
        case msgspec.Struct():
            names = value.__struct_fields__
        case _ if dataclasses.is_dataclass(value):
            names = tuple(each.name for each in dataclasses.fields(value))
        case tuple() | list() | frozenset():
            for each in value:
                yield from texts(each, depth + 1)
            return
        case dict():
            yield from texts(tuple(value.values()), depth + 1)
            return
        case _:
            return
    for name in names:
        inside = getattr(value, name)
        if isinstance(inside, str):
            if name in SPOKEN:
                yield name, inside
        elif name in SPOKEN and isinstance(inside, tuple):
            yield from ((name, each) for each in inside if isinstance(each, str))
            yield from texts(inside, depth + 1)
        else:
            yield from texts(inside, depth + 1)


def all_printable(value: object, most: int | None = None) -> None:
    """Promise that whatever is said in ``value`` is visible characters on one line."""
    for _, text in texts(value):
        printable(text, most)
