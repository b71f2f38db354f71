"""A finding and its catalogue entry."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from mxwalk.delivery.model import Delivery
from mxwalk.findings.texts import long_text
from mxwalk.language import noted, say


class Severity(enum.Enum):
    """How much a finding matters; there are no scores."""

    ERROR = noted("error")
    WARNING = noted("warning")
    NOTICE = noted("notice")
    OK = noted("ok")

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    @property
    def words(self) -> str:
        """The severity for people, in the language spoken."""
        return say(self.value)


class Owner(enum.Enum):
    """Who must act.

    The sending domain is the one in From or MAIL FROM, or the one a survey looks at; a sending service
    sends for others, and a forwarder or list passes on what others have sent.
    """

    RECEIVER = noted("receiver")
    RECEIVER_DNS = noted("receiver's DNS")
    RECEIVER_CA = noted("receiver's CA")
    SENDER = noted("sending domain")
    SENDER_DNS = noted("sending domain's DNS")
    SERVICE = noted("sending service")
    FORWARDER = noted("forwarder or list")
    YOU = noted("you")
    NOBODY = noted("nobody")

    @property
    def words(self) -> str:
        """The owner for people, in the language spoken."""
        return say(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A code of the catalogue.

    ``title`` is a short noun phrase, ``rfc`` the section it rests on (``RFC 5321 4.2.1``).
    """

    code: str
    severity: Severity
    owner: Owner
    title: str
    rfc: str
    tls_rpt: str = ""  # the result type a TLS report has for it (RFC 8460 4.3)

    @property
    def explain(self) -> str:
        """The long text from the package's data, read when it is asked for; empty without one."""
        return long_text(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An entry raised on evidence.

    ``sentence`` holds the actual value (made visible); ``fix`` the literal fix; ``command`` a
    public command that shows the same.  ``step`` is the seq of the step it rests on, ``line`` the
    line of the EHLO response, ``host`` and ``address`` where it was seen.
    """

    entry: Entry
    sentence: str
    fix: str
    command: str = ""
    step: int | None = None
    host: str = ""
    address: str = ""
    line: int = 0
    severity: Severity | None = None  # where the case differs from the entry's default
    owner: Owner | None = None  # likewise
    cause: str = ""  # the code of the finding to read first: this one follows from it

    @property
    def code(self) -> str:
        """The catalogue's code."""
        return self.entry.code

    @property
    def level(self) -> Severity:
        """The severity in this case."""
        return self.severity or self.entry.severity

    @property
    def actor(self) -> Owner:
        """Who must act in this case."""
        return self.owner or self.entry.owner


class RuleModule(Protocol):
    """What a rule module offers to the registry."""

    ENTRIES: tuple[Entry, ...]

    def check(self, delivery: Delivery) -> Iterator[Finding]:
        """Yield the findings of this area."""
        ...
