"""What is kept in a trace must come back from it as it was: text that JSON can hold, numbers in range."""

import msgspec

from tests.fuzz.model import promise


def comes_back(value: msgspec.Struct) -> None:
    """Promise that a piece of evidence survives the trace's encoding."""
    encoded = msgspec.json.encode(value)
    promise(msgspec.json.decode(encoded, type=type(value)) == value, "read back otherwise:", value)
