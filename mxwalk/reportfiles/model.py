"""What deviates in a report, and what could not be read at all."""

import enum

import msgspec

from mxwalk.language import noted, say


class Kind(enum.Enum):
    """How a report deviates from its RFC."""

    MISSING = noted("missing")
    NULL = noted("null")
    TYPE = noted("another type")
    NUMBER = noted("a number written otherwise")
    VALUE = noted("a value that is none")
    DATE = noted("a date written otherwise")
    NAME = noted("another name")
    ARRAY = noted("one where an array belongs")
    UNKNOWN = noted("an unknown value")
    UNREADABLE = noted("unreadable")
    LIMIT = noted("beyond our limits")
    SUM = noted("sums that differ")
    ENCODING = noted("encoding")
    MAIL = noted("the e-mail around it")
    ORDER = noted("another order")
    CASE = noted("another case")
    REPEATED = noted("more than one")
    REMOVED = noted("removed by a later RFC")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


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
