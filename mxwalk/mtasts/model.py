"""What a domain publishes of MTA-STS, as read: deviations with their weight, and what they leave.

A deviation ``BREAKS`` what it stands in (a sender that follows RFC 8461 sees none), readers may
``DIFFER`` on it (the grammar forbids it, many senders let it pass, and so does this reading), or it is
merely ``ODD``: allowed, and worth knowing.
"""

import enum
from dataclasses import dataclass

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.language import noted

POLICY_PATH = "/.well-known/mta-sts.txt"  # RFC 8461 3.2


class Weight(enum.Enum):
    """What a deviation does."""

    BREAKS = noted("breaks it")
    DIFFERS = noted("readers differ")
    ODD = noted("allowed")


class Mode(enum.Enum):
    """The mode of a policy (RFC 8461 5)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"

    @property
    def demands(self) -> bool:
        """Whether hosts are held against the policy."""
        return self is not Mode.NONE


class RecordFault(enum.Enum):
    """What is wrong with an ``_mta-sts`` TXT record (RFC 8461 3.1)."""

    VERSION_MISSING = noted("does not begin with v=STSv1")
    VERSION_UNKNOWN = noted("another version")
    VERSION_CASE = noted("the version in other letters")
    VERSION_NOT_FIRST = noted("something stands before the version")
    NO_DELIMITER = noted("no semicolon behind the version")
    SPACE_AFTER_VERSION = noted("a blank before the first semicolon")
    ID_MISSING = noted("no id")
    ID_EMPTY = noted("an empty id")
    ID_CHARACTER = noted("a character that an id cannot have")
    ID_TOO_LONG = noted("an id of more than 32 characters")
    ID_CASE = noted("the id's name in other letters")
    EMPTY_FIELD = noted("nothing between two semicolons")
    NO_EQUALS = noted("a field without equals sign")
    SPACE_AT_EQUALS = noted("a blank beside an equals sign")
    FIELD_NAME = noted("a name that no field can have")
    FIELD_NAME_TOO_LONG = noted("a field's name of more than 32 characters")
    FIELD_VALUE = noted("a character that no value can have")
    FIELD_VALUE_EMPTY = noted("a field without value")
    TRAILING_SPACE = noted("a blank at the end")
    DUPLICATE_FIELD = noted("a field given twice")
    UNKNOWN_FIELD = noted("an unknown field")
    SEVERAL_STRINGS = noted("several strings")
    TOO_MANY_FIELDS = noted("too many fields")


class PolicyFault(enum.Enum):
    """What is wrong with a policy file (RFC 8461 3.2)."""

    EMPTY = noted("an empty file")
    TOO_LONG = noted("a file that is too long")
    TOO_MANY_LINES = noted("too many lines")
    NOT_UTF8 = noted("no UTF-8")
    BYTE_ORDER_MARK = noted("a byte order mark")
    NUL = noted("a NUL")
    CONTROL = noted("a control character")
    BARE_CR = noted("a CR without LF")
    MIXED_ENDINGS = noted("LF and CRLF in one file")
    LONG_LINE = noted("a very long line")
    EMPTY_LINE = noted("an empty line")
    LEADING_SPACE = noted("a blank at the beginning of a line")
    SPACE_BEFORE_COLON = noted("a blank before a colon")
    NO_COLON = noted("a line without colon")
    FIELD_NAME = noted("a name that no field can have")
    FIELD_NAME_TOO_LONG = noted("a field's name of more than 32 characters")
    FIELD_CASE = noted("a field's name in other letters")
    EMPTY_VALUE = noted("a field without value")
    DUPLICATE_FIELD = noted("a field given twice")
    UNKNOWN_FIELD = noted("an unknown field")
    VERSION_MISSING = noted("no version")
    VERSION_UNKNOWN = noted("another version")
    VERSION_NOT_FIRST = noted("the version is not first")
    MODE_MISSING = noted("no mode")
    MODE_UNKNOWN = noted("an unknown mode")
    MAX_AGE_MISSING = noted("no max_age")
    MAX_AGE_SYNTAX = noted("a max_age that is no number")
    MAX_AGE_TOO_LARGE = noted("a max_age of more than a year")
    MAX_AGE_ZERO = noted("a max_age of zero")
    MAX_AGE_SHORT = noted("a max_age of less than a week")
    MX_MISSING = noted("no mx")
    MX_NONE_USABLE = noted("no usable mx")
    MX_SYNTAX = noted("an mx that is no name")
    MX_WILDCARD = noted("a wildcard in the wrong place")
    MX_LIST = noted("several names in one mx")
    MX_U_LABEL = noted("an mx in U-labels")
    MX_ADDRESS = noted("an address as mx")
    MX_UNDERSCORE = noted("an underscore in an mx")
    MX_TRAILING_DOT = noted("an mx with a trailing dot")
    MX_DUPLICATE = noted("an mx given twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeviation:
    """A deviation of a record; ``at`` is its octet, counted from 0, ``value`` is printable."""

    fault: RecordFault
    weight: Weight
    at: int
    value: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDeviation:
    """A deviation of a policy; ``line`` counts from 1, 0 is for the whole file; ``value`` printable."""

    fault: PolicyFault
    weight: Weight
    line: int
    value: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordField:
    """A field of a record behind the version; ``at`` is its first octet.  Names keep their case."""

    name: str
    value: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StsRecord:
    """One TXT record: its octets (strings joined), its fields, its id as far as there is one."""

    raw: bytes
    fields: tuple[RecordField, ...] = ()
    id: str = ""
    deviations: tuple[RecordDeviation, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is an MTA-STS record at all; others at the name are discarded (RFC 8461 3.1)."""
        return not any(one.fault in _NO_RECORD for one in self.deviations)

    @property
    def meant(self) -> bool:
        """Whether it was meant for MTA-STS; anything else may stand at the name."""
        return not any(one.fault is RecordFault.VERSION_MISSING for one in self.deviations)

    @property
    def valid(self) -> bool:
        """Whether the grammar holds, as far as senders insist on it."""
        return not any(one.weight is Weight.BREAKS for one in self.deviations)


_NO_RECORD = (
    RecordFault.VERSION_MISSING,
    RecordFault.VERSION_UNKNOWN,
    RecordFault.VERSION_CASE,
    RecordFault.VERSION_NOT_FIRST,
    RecordFault.NO_DELIMITER,
)


class RecordStanding(enum.Enum):
    """What the TXT answer comes to (RFC 8461 3.1)."""

    VALID = noted("one valid record")
    ABSENT = noted("no record")
    SEVERAL = noted("more than one record")
    INVALID = noted("a record that breaks the grammar")
    FAILED = noted("the look-up failed")
    OURS = noted("our own resolver does not tell")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLookup:
    """The TXT answer at ``_mta-sts.DOMAIN`` as read.

    ``records`` are those that count, ``others`` the rest; ``hops`` the aliases that led to them.
    """

    name: str
    answer: DnsAnswer
    standing: RecordStanding
    reason: str
    records: tuple[StsRecord, ...] = ()
    others: tuple[StsRecord, ...] = ()

    @property
    def hops(self) -> tuple[str, ...]:
        """The names that aliases led to; they are followed (RFC 8461 3.1, 8.2)."""
        return self.answer.cname_hops

    @property
    def record(self) -> StsRecord | None:
        """The record senders go by; ``None`` unless there is exactly one, and valid."""
        return self.records[0] if self.standing is RecordStanding.VALID else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MxPattern:
    """A usable ``mx``: ``text`` as it stands, ``name`` in lower-case A-labels without ``*.``."""

    text: str
    name: str
    wildcard: bool
    line: int

    def __str__(self) -> str:
        """Return the pattern in its plain form."""
        return f"*.{self.name}" if self.wildcard else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """A line without its end; ``field`` and ``value`` are empty where it has none.

    ``value`` is printable and bounded; the octets are in ``raw``.
    """

    number: int
    raw: bytes
    field: str = ""
    value: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy file as read; ``mode`` and ``max_age_s`` are ``None`` where there is none to use."""

    raw: bytes
    lines: tuple[PolicyLine, ...] = ()
    version: str = ""
    mode: Mode | None = None
    max_age_s: int | None = None
    patterns: tuple[MxPattern, ...] = ()
    extensions: tuple[PolicyLine, ...] = ()
    deviations: tuple[PolicyDeviation, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it is a policy that senders apply."""
        return not any(one.weight is Weight.BREAKS for one in self.deviations)

    @property
    def broken(self) -> PolicyDeviation | None:
        """The first deviation that keeps it from being one."""
        return next((one for one in self.deviations if one.weight is Weight.BREAKS), None)

    @property
    def unread(self) -> PolicyDeviation | None:
        """Our own bound on lines, where nothing read up to it keeps the file from being one."""
        breaking = [one for one in self.deviations if one.weight is Weight.BREAKS]
        if any(one.line for one in breaking):
            return None
        return next((one for one in breaking if one.fault is PolicyFault.TOO_MANY_LINES), None)

    def marks(self, line: int) -> tuple[PolicyDeviation, ...]:
        """Return the deviations of a line; of the whole file for 0."""
        return tuple(one for one in self.deviations if one.line == line)
