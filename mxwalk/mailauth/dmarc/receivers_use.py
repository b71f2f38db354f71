"""Which receivers are known to read DMARC by RFC 9989, which by RFC 7489: data with source and date.

Only what was found in public is here.  A report in RFC 9990's format is no proof that the receiver
walks the tree, and one in the old format none that it does not: where nothing else is known, the use
is unknown, and the note says what was seen.
"""

import enum
from dataclasses import dataclass, replace

from mxwalk.language import noted, say


class Use(enum.Enum):
    """By which document a receiver finds policy and Organizational Domain."""

    RFC9989 = noted("RFC 9989, tree walk")
    RFC7489 = noted("RFC 7489, public suffix list")
    CHOICE = noted("either, by its settings")
    UNKNOWN = noted("not known")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


class Kind(enum.Enum):
    """What an entry is about."""

    SERVICE = noted("a mailbox service")
    PRODUCT = noted("a product that receives mail")
    LIBRARY = noted("a library or filter that products use")

    @property
    def words(self) -> str:
        """What it is in the language spoken."""
        return say(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverUse:
    """What is known of one receiver; ``as_of`` is the day of the source, empty if it has none."""

    name: str
    kind: Kind
    use: Use
    note: str
    source: str
    as_of: str = ""


_REPORTS = "dmarcdkim.com, data room, adoption of DMARCbis"
_OLD_REPORTS = noted(
    "None of its aggregate reports had the new format; how it finds the organizational"
    " domain is not told."
)
_NEW_REPORTS = noted(
    "All of its aggregate reports have the new format, since July 2024; how it finds the"
    " organizational domain is not told."
)

RECEIVERS: tuple[ReceiverUse, ...] = (
    ReceiverUse(
        name="Cisco Secure Email Gateway (ESA)",
        kind=Kind.PRODUCT,
        use=Use.RFC7489,
        note=noted(
            "Cisco's guide names RFC 7489 and an organizational domain one level below"
            " the TLD or ccTLD suffix; the user guide of AsyncOS 9.7 names the DMARC"
            " draft of 31 March 2013."
        ),
        source="Cisco, guide to SPF, DKIM and DMARC; User Guide for AsyncOS 9.7, Email"
        " Authentication",
    ),
    ReceiverUse(
        name="Gmail",
        kind=Kind.SERVICE,
        use=Use.UNKNOWN,
        note=_OLD_REPORTS,
        source=_REPORTS,
        as_of="2025-04-28",
    ),
    ReceiverUse(
        name="Exchange Online",
        kind=Kind.SERVICE,
        use=Use.UNKNOWN,
        note=_OLD_REPORTS,
        source=_REPORTS,
        as_of="2025-04-28",
    ),
    ReceiverUse(
        name="Outlook.com",
        kind=Kind.SERVICE,
        use=Use.UNKNOWN,
        note=_OLD_REPORTS,
        source=_REPORTS,
        as_of="2025-04-28",
    ),
    ReceiverUse(
        name="Yahoo",
        kind=Kind.SERVICE,
        use=Use.UNKNOWN,
        note=_OLD_REPORTS,
        source=_REPORTS,
        as_of="2025-04-28",
    ),
    ReceiverUse(
        name="GMX, WEB.DE, mail.com",
        kind=Kind.SERVICE,
        use=Use.UNKNOWN,
        note=_NEW_REPORTS,
        source=_REPORTS,
        as_of="2025-04-28",
    ),
    ReceiverUse(
        name="OpenDMARC",
        kind=Kind.LIBRARY,
        use=Use.CHOICE,
        note=noted(
            "In development: a setting chooses the tree walk, the public suffix list, or"
            " the list first; the notes of the change say that one walk serves every"
            " identifier."
        ),
        source="github.com/trusteddomainproject/OpenDMARC, pull request 430",
        as_of="2026-06-21",
    ),
    ReceiverUse(
        name="Mail::DMARC",
        kind=Kind.LIBRARY,
        use=Use.RFC9989,
        note=noted("From release 1.20260612 on."),
        source="github.com/msimerson/mail-dmarc, pull requests 297 and 300",
        as_of="2026-06-12",
    ),
    ReceiverUse(
        name="mailauth (Node.js)",
        kind=Kind.LIBRARY,
        use=Use.RFC9989,
        note=noted("From release 6.0.0 on."),
        source="github.com/postalsys/mailauth, release 6.0.0",
    ),
    ReceiverUse(
        name="mail-auth (Rust, used by Stalwart)",
        kind=Kind.LIBRARY,
        use=Use.RFC9989,
        note=noted(
            "Its documentation names RFC 9989 with the tree walk from 0.11.1 at the latest."
        ),
        source="docs.rs, mail-auth 0.11.1 and later",
    ),
    ReceiverUse(
        name="authheaders (Python)",
        kind=Kind.LIBRARY,
        use=Use.CHOICE,
        note=noted("Its tool takes the discovery as a choice, RFC 7489's by default."),
        source="manual page of dmarc-policy-find, authheaders 0.16.2",
    ),
    ReceiverUse(
        name="mox",
        kind=Kind.PRODUCT,
        use=Use.RFC7489,
        note=noted("The change to RFC 9989 is an open request."),
        source="github.com/mjl-/mox, issue 442",
        as_of="2026-05-23",
    ),
)
# What is said of all others.
NOT_LISTED = noted(
    "On receivers that are not named here nothing was found: both readings are possible,"
    " and where they differ either may be met."
)


def receivers(use: Use) -> tuple[ReceiverUse, ...]:
    """Return the entries of one use, in the order of the list."""
    return tuple(replace(one, note=say(one.note)) for one in RECEIVERS if one.use is use)
