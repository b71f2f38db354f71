"""What deviates in a report, and what could not be read at all."""

import enum

import msgspec


class Kind(enum.Enum):
    """How a report deviates from its RFC."""

    MISSING = "missing"
    NULL = "null"
    TYPE = "another type"
    NUMBER = "a number written otherwise"
    VALUE = "a value that is none"
    DATE = "a date written otherwise"
    NAME = "another name"
    ARRAY = "one where an array belongs"
    UNKNOWN = "an unknown value"
    UNREADABLE = "unreadable"
    LIMIT = "beyond our limits"
    SUM = "sums that differ"
    ENCODING = "encoding"
    MAIL = "the e-mail around it"
    ORDER = "another order"
    CASE = "another case"
    REPEATED = "more than one"
    REMOVED = "removed by a later RFC"


class Deviation(msgspec.Struct, frozen=True, kw_only=True):
    """One deviation: where it is first, how often there is the like, and a printable sentence.

    ``places`` are paths like ``policies[0].failure-details[2].sending-mta-ip``, the first few.
    """

    kind: Kind
    sentence: str
    places: tuple[str, ...] = ()
    times: int = 1


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be read: its name, and one printable sentence.

    A ``repeated`` report was read, and is left out because it came before.
    """

    name: str
    sentence: str
    repeated: bool = False
