"""How a message arrived: what was given, and what its trace fields let us assume.

SPF needs the client's address, its HELO name and the reverse-path, none of which is in the message.
What was not given is taken from the topmost ``Received`` field with a public address, written by
the receiver's own border, from ``Return-Path``, or from ``Received-SPF``, and says so.
"""

import enum
import re
from dataclasses import dataclass

from mxwalk.evidence.mailauth import MessageInput
from mxwalk.language import noted, say
from mxwalk.limits import MESSAGE_CLAIMS_READ, MESSAGE_RECEIVED_CHARS
from mxwalk.mailauth.message import Message
from mxwalk.mailauth.message_addresses import read_path
from mxwalk.mailauth.message_received import Hop, read_received
from mxwalk.text import visible


class Origin(enum.Enum):
    """Where a value of the envelope comes from; the words are stable, and shown by ``say``."""

    GIVEN = noted("given")
    RECEIVED = noted("assumed from Received")
    RETURN_PATH = noted("from Return-Path")
    RECEIVED_SPF = noted("from Received-SPF")
    UNKNOWN = noted("unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value, its origin, and one sentence on it.  ``line`` is that of the field it stands in."""

    value: str
    origin: Origin
    sentence: str
    line: int = 0

    @property
    def assumed(self) -> bool:
        """Whether it was taken from the message itself."""
        return self.origin not in (Origin.GIVEN, Origin.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The envelope of a message walk.

    ``mail_from`` is ``<>`` for the null reverse-path and empty where it is not known; ``hop`` is the
    ``Received`` field that values were assumed from.
    """

    client_ip: Known
    helo: Known
    mail_from: Known
    receiver: Known
    hop: Hop | None = None

    @property
    def null_sender(self) -> bool:
        """Whether the reverse-path is empty, as that of a bounce (RFC 7208 2.4)."""
        return self.mail_from.value == "<>"


_UNDECODABLE = re.compile(r"[\ud800-\udfff]")
_PAIR = re.compile(r"(?<![\w-])([\w-]+)=(?:\"([^\"]*)\"|([^\s;]*))")


def arrival(message: Message, given: MessageInput) -> Arrival:
    """Return the envelope from what was given and, for the rest, from the message's trace fields."""
    hop = _of_client(message.hops, given.client_ip) or border(message.hops)
    spf = _received_spf(message)
    return Arrival(
        client_ip=_client_ip(given.client_ip, hop, spf),
        helo=_helo(given, hop, spf),
        mail_from=_mail_from(given.mail_from, message, hop, spf),
        receiver=_receiver(given.receiver, hop, spf),
        hop=hop,
    )


def _of_client(hops: tuple[Hop, ...], address: str) -> Hop | None:
    """Return the topmost hop of a client's address that was given."""
    return next((hop for hop in hops if address and hop.ip == address), None)


def border(hops: tuple[Hop, ...]) -> Hop | None:
    """Return the hop at which the message came in: the topmost with a public client address.

    Without one it is the topmost that names any address.
    """
    public = next((hop for hop in hops if hop.is_public), None)
    return public or next((hop for hop in hops if hop.ip), None)


@dataclass(frozen=True, slots=True)
class _SpfField:
    pairs: dict[str, str]
    line: int


def _received_spf(message: Message) -> _SpfField:
    """Return the key-value pairs of the topmost Received-SPF for the MAIL FROM (RFC 7208 9.1)."""
    fields = message.named("Received-SPF")
    for field in fields[:MESSAGE_CLAIMS_READ]:
        pairs = {
            name.lower(): quoted or plain
            for name, quoted, plain in _PAIR.findall(field.value[:MESSAGE_RECEIVED_CHARS])
        }
        if pairs.get("identity", "mailfrom").lower() == "mailfrom":
            return _SpfField(pairs, field.line)
    return _SpfField({}, 0)


def _known(value: str, origin: Origin, sentence: str, line: int = 0) -> Known:
    # Octets that are no UTF-8 have no place in a trace, which keeps what is asked with these values.
    text = _UNDECODABLE.sub("\ufffd", value)
    return Known(value=text, origin=origin, sentence=sentence, line=line)


def _from_hop(hop: Hop, value: str, what: str) -> Known:
    text = (
        noted("{what} {value} is assumed from Received field {number} (line {line}).")
        if hop.is_public
        else noted(
            "{what} {value} is assumed from Received field {number}, whose address is a private one "
            "(line {line})."
        )
    )
    sentence = say(text, what=what, value=visible(value, 300), number=hop.number, line=hop.line)
    return _known(value, Origin.RECEIVED, sentence, hop.line)


def _from_spf(spf: _SpfField, value: str, what: str) -> Known:
    sentence = say(
        "{what} {value} is assumed from Received-SPF (line {line}).",
        what=what,
        value=visible(value, 300),
        line=spf.line,
    )
    return _known(value, Origin.RECEIVED_SPF, sentence, spf.line)


def _client_ip(given: str, hop: Hop | None, spf: _SpfField) -> Known:
    if given:
        return _known(
            given,
            Origin.GIVEN,
            say("The client's address {given} was given.", given=visible(given, 300)),
        )
    if hop is not None:
        return _from_hop(hop, hop.ip, say("The client's address"))
    claimed = read_received(f"from x ([{spf.pairs.get('client-ip', '')}])", 0, spf.line).ip
    if claimed:
        return _from_spf(spf, claimed, say("The client's address"))
    return _known(
        "",
        Origin.UNKNOWN,
        say("The client's address is not known: none was given and no Received field names one."),
    )


def _helo(given: MessageInput, hop: Hop | None, spf: _SpfField) -> Known:
    if given.helo:
        return _known(
            given.helo,
            Origin.GIVEN,
            say("The HELO name {helo} was given.", helo=visible(given.helo, 300)),
        )
    if hop is not None and hop.helo and given.client_ip in ("", hop.ip):
        return _from_hop(hop, hop.helo, say("The HELO name"))
    if value := spf.pairs.get("helo", ""):
        return _from_spf(spf, value, say("The HELO name"))
    return _known(
        "",
        Origin.UNKNOWN,
        say(
            "The HELO name is not known: none was given and no Received field of this client"
            " has one."
        ),
    )


def _mail_from(given: str, message: Message, hop: Hop | None, spf: _SpfField) -> Known:
    if given:
        said = (
            say("The null reverse-path <> was given.")
            if given == "<>"
            else say("MAIL FROM {given} was given.", given=visible(given, 300))
        )
        return _known(given, Origin.GIVEN, said)
    fields = message.named("Return-Path")
    if fields and (path := message.return_path) is not None:
        shown, line = visible(path or "<>", 300), fields[0].line
        sentence = say(
            "MAIL FROM {shown} is taken from Return-Path (line {line}).", shown=shown, line=line
        )
        return _known(path or "<>", Origin.RETURN_PATH, sentence, line)
    if "envelope-from" in spf.pairs:
        path = read_path(spf.pairs["envelope-from"])
        if path is not None or not spf.pairs["envelope-from"]:
            return _from_spf(spf, path or "<>", "MAIL FROM")
    if hop is not None and hop.sender and read_path(hop.sender):
        return _from_hop(hop, hop.sender, "MAIL FROM")
    return _known(
        "",
        Origin.UNKNOWN,
        say("MAIL FROM is not known: none was given and there is no usable Return-Path."),
    )


def _receiver(given: str, hop: Hop | None, spf: _SpfField) -> Known:
    if given:
        return _known(
            given,
            Origin.GIVEN,
            say("The receiver's name {given} was given.", given=visible(given, 300)),
        )
    if hop is not None and hop.by:
        return _from_hop(hop, hop.by, say("The receiver's name"))
    if value := spf.pairs.get("receiver", ""):
        return _from_spf(spf, value, say("The receiver's name"))
    return _known("", Origin.UNKNOWN, say("The receiver's name is not known."))
