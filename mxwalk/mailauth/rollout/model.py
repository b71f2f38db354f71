"""What the advisor is given, and the plan it gives back."""

import enum
from dataclasses import dataclass

from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.model import Authorisation, Record
from mxwalk.mailauth.dmarc.remarks import Seen


class State(enum.Enum):
    """How a stage, or a check, stands."""

    DONE = noted("done")
    CURRENT = noted("current")
    BLOCKED = noted("blocked")
    TO_COME = noted("to come")
    UNKNOWN = noted("unknown")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


class Subject(enum.Enum):
    """What a check of a domain that sends nothing is about."""

    SPF = noted("SPF denies all")
    DMARC = noted("DMARC rejects")
    MX = noted("No mail is received")
    KEYS = noted("Every DKIM key is revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A DKIM key record that was looked up; ``problem`` is why it cannot be used, empty if it can."""

    selector: str
    bits: int = 0
    key_type: str = "rsa"
    testing: bool = False
    revoked: bool = False
    problem: str = ""

    @property
    def usable(self) -> bool:
        """Whether signatures can be verified with it."""
        return not self.problem and not self.revoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A third party that sends in the domain's name; ``spf`` is the name of its SPF record."""

    name: str
    spf: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a domain publishes, and what is known of its mail.

    Every ``Seen`` is UNKNOWN where nothing was looked up or the look-up failed, never NO.
    ``spf_all`` is the qualifier of ``all`` (``-``, ``~``, ``?``, ``+``), empty without ``all``;
    ``spf_problems`` are sentences on faults that keep the record from being used.
    ``selectors_asked`` tells whether DKIM selectors were asked for at all; ``wildcard_revoked`` whether
    any selector of the domain is revoked (``*._domainkey`` with an empty ``p=``).
    ``signed`` and ``aligned`` come from messages or reports: whether its mail is signed, and whether
    all legitimate mail passes.  ``subdomains`` are other names that were looked up.
    """

    domain: str
    sends: Seen = Seen.UNKNOWN
    spf: Seen = Seen.UNKNOWN
    spf_text: str = ""
    spf_all: str = ""
    spf_problems: tuple[str, ...] = ()
    spf_lookups: int = 0
    selectors_asked: bool = False
    keys: tuple[Key, ...] = ()
    wildcard_revoked: Seen = Seen.UNKNOWN
    signed: Seen = Seen.UNKNOWN
    dmarc: Seen = Seen.UNKNOWN
    dmarc_record: Record | None = None
    dmarc_records: int = 0
    dmarc_inherited_from: str = ""
    authorisations: tuple[Authorisation, ...] = ()
    aligned: Seen = Seen.UNKNOWN
    mx: Seen = Seen.UNKNOWN
    null_mx: Seen = Seen.UNKNOWN
    senders: tuple[Sender, ...] = ()
    subdomains: tuple["Published", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A zone line to publish and what it is for.

    ``template`` tells that something in angle brackets must be filled in; ``replaces`` that it takes
    the place of a record that is there.
    """

    text: str
    purpose: str
    template: bool = False
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of the plan.

    ``shows`` says what shows that it is done, or that it is not; ``blocked_by`` what must be put right
    before it can end; ``publish`` the records it ends with, in the order of publishing.
    """

    number: int
    title: str
    weeks: str
    state: State
    shows: str
    blocked_by: tuple[str, ...] = ()
    publish: tuple[Line, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of a domain that sends nothing."""

    domain: str
    about: Subject
    state: State
    shows: str
    publish: tuple[Line, ...] = ()

    @property
    def what(self) -> str:
        """What is to be true of the domain."""
        return say(self.about.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The advice for a domain: stages if it sends, deny-all checks for names that do not.

    ``current`` is the number of the stage to work on, 0 where there is none; ``next_step`` a sentence.
    ``third_parties`` are lines for each third-party sender, by its name.
    """

    domain: str
    stages: tuple[Stage, ...] = ()
    current: int = 0
    next_step: str = ""
    deny_all: tuple[Check, ...] = ()
    third_parties: tuple[tuple[str, tuple[Line, ...]], ...] = ()
