"""A clue: one thing recognised in a pasted text, what it means, and where to look.

Nothing here trusts the text: offsets are into the text as given, and what is quoted from it has gone
through ``mxwalk.text.visible`` and is bounded.
"""

import enum
from dataclasses import dataclass

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace


class Product(enum.Enum):
    """Whose words a clue is in."""

    EXCHANGE_ONLINE = "Exchange Online"
    ESA = "Cisco ESA"
    POSTFIX = "Postfix"
    EXIM = "Exim"
    SENDMAIL = "sendmail"
    STANDARD = "a standard form"  # RFC 3464 and enhanced status codes of nobody in particular
    SWAKS = "swaks"
    OPENSSL = "openssl s_client"
    TELNET = "telnet"
    POSTTLS_FINGER = "posttls-finger"
    TCPDUMP = "tcpdump"
    UNKNOWN = "unknown"


class Form(enum.Enum):
    """What kind of text it is in."""

    BOUNCE = "bounce"  # a non-delivery report as a person reads it
    DELIVERY_STATUS = "delivery status"  # message/delivery-status, RFC 3464
    LOG = "log line"
    TRACKING = "message tracking"
    DIALOGUE = "SMTP dialogue"
    CODE = "status code"  # nothing but a code or a reply


class Standing(enum.Enum):
    """What became of the message or connection, by the clue."""

    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    TOLD = "told"  # a remark that decides nothing
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One thing recognised.

    ``start`` and ``end`` are character offsets into the text; ``quoted`` is what stands there, without
    credentials.
    ``meaning`` is one or two sentences.  ``step`` is the kind of step to look at, ``findings`` the
    codes whose explanations fit; ``status`` an enhanced status code (``5.7.323``), ``sender`` the id
    of the profile that speaks so.  Host, address, port, recipients and time are as the text has them.
    """

    product: Product
    form: Form
    standing: Standing
    start: int
    end: int
    quoted: str
    meaning: str
    step: StepKind | None = None
    findings: tuple[str, ...] = ()
    status: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    domain: str = ""
    host: str = ""
    address: str = ""
    port: int = 0
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A walk that the text suggests: a target as it would be typed, and why this one.

    ``routes`` are as ``--route`` takes them, where the log shows another next hop; ``since`` is when and
    where the text shows the fault, as it has them.
    """

    target: str
    reason: str
    routes: tuple[str, ...] = ()
    helo: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a text tells: clues in the order of the text, walks that fit, best first.

    ``sender`` is the id of the profile to judge as, empty where nothing tells.  ``trace`` is the
    offline trace of a dialogue.  ``cut`` says that the text was longer than what is read.
    """

    clues: tuple[Clue, ...] = ()
    leads: tuple[Lead, ...] = ()
    sender: str = ""
    trace: Trace | None = None
    cut: bool = False
