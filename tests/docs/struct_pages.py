"""Structs as tables: field, type, default; from the types themselves, with their docstrings as prose."""

import enum
import inspect
import types
import typing
from collections.abc import Iterator

import msgspec


def table(kind: type[msgspec.Struct]) -> Iterator[str]:
    """Yield the lines of a struct's table."""
    hints = typing.get_type_hints(kind)
    yield "| member | type | when left out |"
    yield "|---|---|---|"
    for one in msgspec.structs.fields(kind):
        yield f"| `{one.encode_name}` | {type_words(hints[one.name])} | {_default(one)} |"


def prose(kind: type) -> str:
    """Return a type's docstring as paragraphs of one line each."""
    text = inspect.getdoc(kind) or ""
    return "\n\n".join(" ".join(part.split()) for part in text.replace("``", "`").split("\n\n"))


def type_words(kind: object) -> str:
    """Return a type as JSON has it."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_words(each) for each in args)
    if origin in (tuple, list, frozenset, set):
        return f"list of {type_words(args[0])}"
    if origin is typing.Literal:
        return ", ".join(f"`{each}`" for each in args)
    if origin is typing.Annotated:
        return type_words(args[0])
    if origin is dict:
        return f"object of {type_words(args[1])}"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return f"one of {kind.__name__}"
    known = {str: "text", bytes: "base64", int: "integer", float: "number", bool: "true or false"}
    if kind is type(None):
        return "null"
    return known.get(kind, f"`{getattr(kind, '__name__', kind)}`")  # type: ignore[call-overload,no-any-return]


def _default(one: msgspec.structs.FieldInfo) -> str:
    if one.required:
        return "is never"
    if one.default is msgspec.NODEFAULT or one.default in ((), "", None, 0, False):
        return "empty"
    value = one.default.value if isinstance(one.default, enum.Enum) else one.default
    return f"`{value}`" if isinstance(value, str | int | float) else "its defaults"
