"""How a message arrived: what was given, and what its trace fields let us assume.

SPF needs the client's address, its HELO name and the reverse-path, none of which is in the message.
What was not given is taken from the topmost ``Received`` field with a public address, written by
the receiver's own border, from ``Return-Path``, or from ``Received-SPF``, and says so.
"""

import enum
import re
from dataclasses import dataclass

from mxwalk.evidence.mailauth import MessageInput
from mxwalk.limits import MESSAGE_RECEIVED_CHARS
from mxwalk.mailauth.message import Message
from mxwalk.mailauth.message_addresses import read_path
from mxwalk.mailauth.message_received import Hop, read_received
from mxwalk.text import visible


class Origin(enum.Enum):
    """Where a value of the envelope comes from."""

    GIVEN = "given"
    RECEIVED = "assumed from Received"
    RETURN_PATH = "from Return-Path"
    RECEIVED_SPF = "from Received-SPF"
    UNKNOWN = "unknown"


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
    for field in fields[:20]:
        pairs = {
            name.lower(): quoted or plain
            for name, quoted, plain in _PAIR.findall(field.value[:MESSAGE_RECEIVED_CHARS])
        }
        if pairs.get("identity", "mailfrom").lower() == "mailfrom":
            return _SpfField(pairs, field.line)
    return _SpfField({}, 0)


def _known(value: str, origin: Origin, sentence: str, line: int = 0) -> Known:
    return Known(value=value, origin=origin, sentence=sentence, line=line)


def _from_hop(hop: Hop, value: str, what: str) -> Known:
    public = "" if hop.is_public else ", whose address is a private one"
    sentence = (
        f"{what} {visible(value, 300)} is assumed from Received field {hop.number}{public} "
        f"(line {hop.line})."
    )
    return _known(value, Origin.RECEIVED, sentence, hop.line)


def _from_spf(spf: _SpfField, value: str, what: str) -> Known:
    sentence = f"{what} {visible(value, 300)} is assumed from Received-SPF (line {spf.line})."
    return _known(value, Origin.RECEIVED_SPF, sentence, spf.line)


def _client_ip(given: str, hop: Hop | None, spf: _SpfField) -> Known:
    if given:
        return _known(given, Origin.GIVEN, f"The client's address {visible(given, 300)} was given.")
    if hop is not None:
        return _from_hop(hop, hop.ip, "The client's address")
    claimed = read_received(f"from x ([{spf.pairs.get('client-ip', '')}])", 0, spf.line).ip
    if claimed:
        return _from_spf(spf, claimed, "The client's address")
    return _known(
        "",
        Origin.UNKNOWN,
        "The client's address is not known: none was given and no Received field names one.",
    )


def _helo(given: MessageInput, hop: Hop | None, spf: _SpfField) -> Known:
    if given.helo:
        return _known(
            given.helo, Origin.GIVEN, f"The HELO name {visible(given.helo, 300)} was given."
        )
    if hop is not None and hop.helo and given.client_ip in ("", hop.ip):
        return _from_hop(hop, hop.helo, "The HELO name")
    if value := spf.pairs.get("helo", ""):
        return _from_spf(spf, value, "The HELO name")
    return _known(
        "",
        Origin.UNKNOWN,
        "The HELO name is not known: none was given and no Received field of this client has one.",
    )


def _mail_from(given: str, message: Message, hop: Hop | None, spf: _SpfField) -> Known:
    if given:
        said = "The null reverse-path <>" if given == "<>" else f"MAIL FROM {visible(given, 300)}"
        return _known(given, Origin.GIVEN, f"{said} was given.")
    fields = message.named("Return-Path")
    if fields and (path := message.return_path) is not None:
        shown, line = visible(path or "<>", 300), fields[0].line
        sentence = f"MAIL FROM {shown} is taken from Return-Path (line {line})."
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
        "MAIL FROM is not known: none was given and there is no usable Return-Path.",
    )


def _receiver(given: str, hop: Hop | None, spf: _SpfField) -> Known:
    if given:
        return _known(given, Origin.GIVEN, f"The receiver's name {visible(given, 300)} was given.")
    if hop is not None and hop.by:
        return _from_hop(hop, hop.by, "The receiver's name")
    if value := spf.pairs.get("receiver", ""):
        return _from_spf(spf, value, "The receiver's name")
    return _known("", Origin.UNKNOWN, "The receiver's name is not known.")
