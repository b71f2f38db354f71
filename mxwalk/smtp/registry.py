"""The EHLO keywords of IANA's "SMTP Service Extensions" registry, and some that are not in it.

Each entry gives the keyword, its reference and one sentence of meaning in our own words.  One line
adds one.  ``EXTENSIONS`` holds the registered keywords only, because both readings of an EHLO
response ask for registration; ``UNREGISTERED`` explains others that real servers list.  RFC 5321
2.2.2: a keyword beginning with X is private and never registered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.language import noted


@dataclass(frozen=True, slots=True)
class Extension:
    """A keyword in upper case, where it is defined, and what offering it means."""

    keyword: str
    reference: str
    meaning: str
    registered: bool = True


_REGISTERED = (
    (
        "SEND",
        "RFC 821",
        noted("The server takes SEND, which writes to a user's terminal; obsolete."),
    ),
    ("SOML", "RFC 821", noted("The server takes SOML, to the terminal or else as mail; obsolete.")),
    ("SAML", "RFC 821", noted("The server takes SAML, to the terminal and as mail; obsolete.")),
    ("EXPN", "RFC 821", noted("The server lists the members of a mailing list on request.")),
    ("HELP", "RFC 821", noted("The server answers HELP with text for people.")),
    ("TURN", "RFC 821", noted("Client and server may swap roles; obsolete and unsafe.")),
    ("8BITMIME", "RFC 6152", noted("Message bodies may hold bytes above 127 without re-encoding.")),
    (
        "SIZE",
        "RFC 1870",
        noted("The largest message taken, in octets; 0 or nothing sets no fixed limit."),
    ),
    (
        "VERB",
        "Eric Allman",
        noted("The server reports details of its work while it delivers."),
    ),
    ("ONEX", "Eric Allman", noted("The client will send one message only in this session.")),
    (
        "CHUNKING",
        "RFC 3030",
        noted("A message may be sent in counted blocks with BDAT instead of DATA."),
    ),
    (
        "BINARYMIME",
        "RFC 3030",
        noted("Message bodies may be binary, without lines; needs CHUNKING."),
    ),
    ("CHECKPOINT", "RFC 1845", noted("A transfer that broke off can be resumed where it stopped.")),
    ("DELIVERBY", "RFC 2852", noted("The sender may ask for delivery within a number of seconds.")),
    (
        "PIPELINING",
        "RFC 2920",
        noted("The client may send several commands without waiting in between."),
    ),
    ("DSN", "RFC 3461", noted("The sender may say which delivery notifications it wants.")),
    ("ETRN", "RFC 1985", noted("A client may have the mail queued for its domain sent to it now.")),
    (
        "ENHANCEDSTATUSCODES",
        "RFC 2034",
        noted("Replies carry status codes such as 5.7.1 in their text."),
    ),
    (
        "STARTTLS",
        "RFC 3207",
        noted("The connection can be switched to TLS by the command STARTTLS."),
    ),
    (
        "NO-SOLICITING",
        "RFC 3865",
        noted("The server states which kinds of solicitation it refuses."),
    ),
    ("MTRK", "RFC 3885", noted("The sender may ask to be able to track the message later.")),
    (
        "SUBMITTER",
        "RFC 4405",
        noted("MAIL may name the responsible submitter for Sender ID; historic."),
    ),
    (
        "ATRN",
        "RFC 2645",
        noted("An authenticated client on a changing address can fetch its mail."),
    ),
    (
        "AUTH",
        "RFC 4954",
        noted("Clients may authenticate; the parameters are the SASL mechanisms."),
    ),
    ("FUTURERELEASE", "RFC 4865", noted("A submitted message may be held until a given time.")),
    ("BURL", "RFC 4468", noted("Message data may be fetched from an IMAP server named by a URL.")),
    ("CONPERM", "RFC 4141", noted("The sender may permit conversion of the content on the way.")),
    (
        "CONNEG",
        "RFC 4141",
        noted("The server can tell which content the recipient is able to take."),
    ),
    ("SMTPUTF8", "RFC 6531", noted("Addresses and header fields may hold UTF-8.")),
    ("UTF8SMTP", "RFC 5336", noted("The experimental predecessor of SMTPUTF8; obsolete.")),
    ("MT-PRIORITY", "RFC 6710", noted("The sender may give a message a priority for transfer.")),
    ("RRVS", "RFC 7293", noted("A recipient may be required to have existed since a given date.")),
    ("REQUIRETLS", "RFC 8689", noted("The sender may demand verified TLS on every further hop.")),
    ("LIMITS", "RFC 9422", noted("The server states its limits, such as recipients in a message.")),
)
_OTHERS = (
    (
        "VRFY",
        "RFC 5321 3.5",
        noted("A command that checks a user name; as a keyword it is superfluous."),
    ),
    (
        "XCLIENT",
        "Postfix",
        noted("A trusted proxy may tell the server the original client's data."),
    ),
    (
        "XFORWARD",
        "Postfix",
        noted("A content filter may pass on the original client's data for the log."),
    ),
    (
        "XEXCH50",
        "Microsoft Exchange",
        noted("Exchange 2000 and 2003 passed message properties with it."),
    ),
    (
        "X-EXPS",
        "Microsoft Exchange",
        noted("Exchange servers authenticate to each other with it."),
    ),
    (
        "X-ANONYMOUSTLS",
        "Microsoft Exchange",
        noted("Exchange servers start TLS among themselves."),
    ),
    (
        "X-LINK2STATE",
        "Microsoft Exchange",
        noted("Exchange 2000 and 2003 exchanged routing state."),
    ),
    (
        "XADR",
        "Sun Internet Mail Server",
        noted("The server reports how it would rewrite an address."),
    ),
)


def _table(rows: tuple[tuple[str, str, str], ...], registered: bool) -> Mapping[str, Extension]:
    return MappingProxyType({row[0]: Extension(*row, registered) for row in rows})


EXTENSIONS: Mapping[str, Extension] = _table(_REGISTERED, registered=True)
UNREGISTERED: Mapping[str, Extension] = _table(_OTHERS, registered=False)


def explain_keyword(keyword: str) -> Extension | None:
    """Return what is known of ``keyword`` (any case), registered or not."""
    name = keyword.upper()
    return EXTENSIONS.get(name) or UNREGISTERED.get(name)
