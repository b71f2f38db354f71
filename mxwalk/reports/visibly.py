"""The last guard before anything is exported: every text in a report is made visible.

Most texts are visible already and pass unchanged; names from certificates and DNS, and whatever a
trace from elsewhere holds, may not be.
"""

from typing import Any, TypeVar

import msgspec

from mxwalk.text import visible

TEXT_CHARS = 10_000

_T = TypeVar("_T")


def visibly(value: _T) -> _T:
    """Return the value with every text in it through ``visible``, at any depth."""
    result: _T = _visibly(value)
    return result


def _visibly(value: Any) -> Any:  # noqa: ANN401 - any part of a report
    match value:
        case str():
            return visible(value, TEXT_CHARS)
        case tuple():
            return tuple(_visibly(item) for item in value)
        case msgspec.Struct():
            changes = {
                name: new
                for name in value.__struct_fields__
                if (new := _visibly(old := getattr(value, name))) is not old
            }
            return msgspec.structs.replace(value, **changes) if changes else value
        case _:
            return value
