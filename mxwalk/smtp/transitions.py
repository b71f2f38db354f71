"""Every transition of the SMTP dialogue, in one table.

A key is a state and what happens in it: a command of ours, or an answer of the peer.  A target is a
state, or says where to go back to.  What has no entry is forbidden.  The sections of RFC 5321 and
RFC 3207 stand at the lines that follow from them.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType

from mxwalk.smtp.commands import Verb


class State(enum.Enum):
    """Where the dialogue stands."""

    CONNECTED = "awaiting the greeting"
    GREETED = "greeted"
    REJECTED = "refused by the greeting"
    EHLO_SENT = "awaiting the reply to EHLO"
    HELO_SENT = "awaiting the reply to HELO"
    READY = "ready after EHLO"
    HELO_READY = "ready after HELO"
    STARTTLS_SENT = "awaiting the reply to STARTTLS"
    TLS_UPGRADE = "paused for the TLS handshake"
    TLS_READY = "TLS stands, EHLO is due again"
    TLS_EHLO_SENT = "awaiting the reply to EHLO inside TLS"
    SECURE = "ready inside TLS"
    MAIL_SENT = "awaiting the reply to MAIL"
    TRANSACTION = "in a mail transaction"
    RCPT_SENT = "awaiting the reply to RCPT"
    RSET_SENT = "awaiting the reply to RSET"
    ASIDE_SENT = "awaiting the reply to a command that changes nothing"
    QUIT_SENT = "awaiting the reply to QUIT"
    CLOSING = "about to be closed by the peer"
    BROKEN = "unreadable, to be closed by us"
    CLOSED = "closed"


class Input(enum.Enum):
    """What moves the machine besides our own commands."""

    POSITIVE = "a 2yz reply"
    NEGATIVE = "any other reply"
    SERVICE_CLOSING = "a 421 reply"
    BROKEN = "a reply cut off by a limit or by the end of the stream"
    EOF = "the end of the stream"
    TLS_ESTABLISHED = "the TLS handshake succeeded"
    TLS_FAILED = "the TLS handshake failed"


class Back(enum.Enum):
    """Targets that depend on the way taken."""

    ORIGIN = "the state in which the command was sent"
    SESSION = "the state that the last EHLO or HELO led to"


_S, _V, _I = State, Verb, Input
_ASIDES = (Verb.NOOP, Verb.VRFY, Verb.EXPN, Verb.HELP)
_AT_EASE = (_S.GREETED, _S.READY, _S.HELO_READY, _S.TLS_READY, _S.SECURE, _S.TRANSACTION)

_TABLE: dict[tuple[State, Verb | Input], State | Back] = {
    # RFC 5321 3.1: nothing is sent before the greeting; a refusing one leaves QUIT only
    (_S.CONNECTED, _I.POSITIVE): _S.GREETED,
    (_S.CONNECTED, _I.NEGATIVE): _S.REJECTED,
    # RFC 5321 3.2 and 4.1.1.1: EHLO, or HELO where EHLO is refused; again at any time
    (_S.GREETED, _V.EHLO): _S.EHLO_SENT,
    (_S.GREETED, _V.HELO): _S.HELO_SENT,
    (_S.READY, _V.EHLO): _S.EHLO_SENT,
    (_S.READY, _V.HELO): _S.HELO_SENT,
    (_S.HELO_READY, _V.EHLO): _S.EHLO_SENT,
    (_S.HELO_READY, _V.HELO): _S.HELO_SENT,
    (_S.EHLO_SENT, _I.POSITIVE): _S.READY,
    (_S.EHLO_SENT, _I.NEGATIVE): Back.ORIGIN,
    (_S.HELO_SENT, _I.POSITIVE): _S.HELO_READY,
    (_S.HELO_SENT, _I.NEGATIVE): Back.ORIGIN,
    # RFC 3207 4: an extension, so after EHLO only, and once
    (_S.READY, _V.STARTTLS): _S.STARTTLS_SENT,
    (_S.STARTTLS_SENT, _I.POSITIVE): _S.TLS_UPGRADE,
    (_S.STARTTLS_SENT, _I.NEGATIVE): Back.ORIGIN,
    (_S.TLS_UPGRADE, _I.TLS_ESTABLISHED): _S.TLS_READY,
    (_S.TLS_UPGRADE, _I.TLS_FAILED): _S.BROKEN,
    # RFC 3207 4.2: the dialogue starts anew with EHLO
    (_S.TLS_READY, _V.EHLO): _S.TLS_EHLO_SENT,
    (_S.TLS_READY, _V.HELO): _S.TLS_EHLO_SENT,
    (_S.SECURE, _V.EHLO): _S.TLS_EHLO_SENT,
    (_S.SECURE, _V.HELO): _S.TLS_EHLO_SENT,
    (_S.TLS_EHLO_SENT, _I.POSITIVE): _S.SECURE,
    (_S.TLS_EHLO_SENT, _I.NEGATIVE): Back.ORIGIN,
    # RFC 5321 3.3: MAIL, then RCPT; RSET instead of DATA ends the transaction
    (_S.READY, _V.MAIL): _S.MAIL_SENT,
    (_S.HELO_READY, _V.MAIL): _S.MAIL_SENT,
    (_S.SECURE, _V.MAIL): _S.MAIL_SENT,
    (_S.MAIL_SENT, _I.POSITIVE): _S.TRANSACTION,
    (_S.MAIL_SENT, _I.NEGATIVE): Back.ORIGIN,
    (_S.TRANSACTION, _V.RCPT): _S.RCPT_SENT,
    (_S.RCPT_SENT, _I.POSITIVE): _S.TRANSACTION,
    (_S.RCPT_SENT, _I.NEGATIVE): _S.TRANSACTION,
    (_S.RSET_SENT, _I.POSITIVE): Back.SESSION,
    (_S.RSET_SENT, _I.NEGATIVE): Back.ORIGIN,
    (_S.ASIDE_SENT, _I.POSITIVE): Back.ORIGIN,
    (_S.ASIDE_SENT, _I.NEGATIVE): Back.ORIGIN,
    # RFC 5321 4.1.4: RSET, NOOP, HELP, VRFY, EXPN and QUIT may come at any time
    **{(state, _V.RSET): _S.RSET_SENT for state in _AT_EASE},
    **{(state, verb): _S.ASIDE_SENT for state in _AT_EASE for verb in _ASIDES},
    **{(state, _V.QUIT): _S.QUIT_SENT for state in (*_AT_EASE, _S.REJECTED, _S.CLOSING)},
    **{(_S.QUIT_SENT, answer): _S.CLOSED for answer in (_I.POSITIVE, _I.NEGATIVE)},
    # RFC 5321 3.8 and 4.2.1: 421 may come at any time, and the server closes after it
    **{(state, _I.SERVICE_CLOSING): _S.CLOSING for state in State if state is not _S.CLOSED},
    **{(state, _I.BROKEN): _S.BROKEN for state in State if state is not _S.CLOSED},
    **{(state, _I.EOF): _S.CLOSED for state in State},
}
TRANSITIONS: Mapping[tuple[State, Verb | Input], State | Back] = MappingProxyType(_TABLE)
