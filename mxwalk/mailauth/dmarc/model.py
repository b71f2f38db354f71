"""DMARC as read and as judged, by RFC 9989 and, beside it, by RFC 7489 with the public suffix list."""

import enum
from dataclasses import dataclass

from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted, say
from mxwalk.mailauth.tags import TagList


class Reading(enum.Enum):
    """By which document."""

    RFC9989 = "RFC 9989"
    RFC7489 = "RFC 7489"


class Policy(enum.Enum):
    """What a domain asks for (RFC 9989 4.7, p, sp, np)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Mode(enum.Enum):
    """Identifier alignment (RFC 9989 4.4)."""

    RELAXED = "r"
    STRICT = "s"


class DmarcResult(enum.Enum):
    """The result (RFC 8601 2.7.6 with RFC 9989)."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class TagState(enum.Enum):
    """How a tag of a record stands."""

    OK = noted("ok")
    DEFAULTED = noted("its value cannot be used: the default counts")
    REMOVED = noted("removed by RFC 9989")
    UNKNOWN = noted("unknown: ignored")
    DUPLICATE = noted("stands twice")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReading:
    """A tag of a record explained: what stands there, what it means, and how it stands."""

    name: str
    value: str
    meaning: str
    state: TagState = TagState.OK
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUri:
    """An address of ``rua`` or ``ruf``.

    ``size`` is RFC 7489's ``!10m`` as written; ``host`` the domain that receives; ``problem`` why
    it cannot be used.
    """

    tag: str
    uri: str
    address: str = ""
    host: str = ""
    size: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A DMARC record as read; ``usable`` is false when a receiver must do as if there were none.

    ``policy`` is ``None`` where ``p`` is missing or unreadable; what counts then is in
    ``effective_policy`` (none, RFC 9989 4.7).  ``problems`` are sentences, worst first.
    """

    name: str
    text: str
    tags: TagList
    readings: tuple[TagReading, ...] = ()
    usable: bool = True
    policy: Policy | None = None
    effective_policy: Policy = Policy.NONE
    subdomain_policy: Policy | None = None
    nonexistent_policy: Policy | None = None
    dkim_mode: Mode = Mode.RELAXED
    spf_mode: Mode = Mode.RELAXED
    failure_options: tuple[str, ...] = ("0",)
    aggregate: tuple[ReportUri, ...] = ()
    failure: tuple[ReportUri, ...] = ()
    psd: str = "u"
    testing: bool = False
    percent: int = 100
    interval_s: int = 86_400
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One TXT query of a discovery, in order: its name, what came, and the record if one counts.

    ``records`` counts those that begin with ``v=DMARC1``; ``seen`` are all TXT records at the name, as
    they may be shown; ``note`` says why the walk goes on or stops.
    """

    qname: str
    status: DnsStatus
    records: int = 0
    record: Record | None = None
    seen: tuple[str, ...] = ()
    note: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What one reading finds for one identifier: its Organizational Domain, and how it was found.

    ``failed`` tells that a query got no usable answer, so that the outcome is not certain.
    """

    reading: Reading
    domain: str
    organizational: str
    queries: tuple[Query, ...] = ()
    failed: bool = False
    why: str = ""


class PolicyFrom(enum.Enum):
    """Where the policy that counts was found."""

    AUTHOR_DOMAIN = noted("the author domain")
    ORGANIZATIONAL = noted("the organizational domain")
    PUBLIC_SUFFIX = noted("the public suffix domain")
    NOWHERE = noted("nowhere")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFound:
    """The policy for the Author Domain: the record, which tag of it counts, and what it asks for.

    ``asked`` is before ``t=y`` (or RFC 7489's ``pct``) is applied.  ``uncertain`` tells that ``np``
    would ask for something else and that whether the name exists is not known.
    """

    source: PolicyFrom
    record: Record | None = None
    tag: str = ""
    asked: Policy | None = None
    why: str = ""
    uncertain: bool = False


class Method(enum.Enum):
    """What authenticated an identifier."""

    SPF = "spf"
    DKIM = "dkim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """One authenticated identifier against the Author Domain (RFC 9989 4.4).

    ``passed`` is whether the method itself passed; ``relaxed`` and ``strict`` whether the names align;
    ``aligned`` by the mode the record asks for; ``counts`` is both together.  ``number`` is a
    signature's.
    """

    method: Method
    domain: str
    organizational: str
    passed: bool
    relaxed: bool
    strict: bool
    mode: Mode
    aligned: bool
    why: str
    number: int = 0
    uncertain: bool = False

    @property
    def counts(self) -> bool:
        """Whether it makes DMARC pass."""
        return self.passed and self.aligned


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """DMARC for one message by one reading.

    ``asked`` is what the domain asks a receiver to do with a message that fails, ``disposition`` what
    that comes to for this one (none when it passes), with ``t=y`` or ``pct`` applied as ``why`` says.
    """

    reading: Reading
    author_domain: str
    discovery: Discovery
    policy: PolicyFound
    alignments: tuple[Alignment, ...]
    result: DmarcResult
    disposition: Policy | None
    why: str
    exists: bool | None = None
    others: tuple[Discovery, ...] = ()  # of the SPF and DKIM identifiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """Whether an outside address has agreed to receive reports (RFC 9990 4).

    ``name`` is the record asked for; ``needed`` is false for addresses of the domain itself.
    ``override`` are the addresses that the target's own record puts in place of this one.
    """

    uri: ReportUri
    needed: bool
    name: str = ""
    status: DnsStatus | None = None
    agreed: bool | None = None
    why: str = ""
    override: tuple[ReportUri, ...] = ()
