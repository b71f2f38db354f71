"""Does TCP port 25 get out?  Only on request: it connects to mail servers of others.

A few large receivers are looked up and connected to, one at a time; their greeting is waited for and
answered with QUIT (RFC 5321 4.1.1.10), nothing else is sent.  "Blocked" is said only where all of them
fail in the same way: one server that does not answer proves nothing.
"""

import enum
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from mxwalk.delivery.mark import Mark
from mxwalk.dns.lookups import look_up_addresses, look_up_mx
from mxwalk.evidence.target import Family
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.language import noted, say
from mxwalk.limits import EGRESS_HOSTS, REPLY_LINE_BYTES
from mxwalk.names import is_address
from mxwalk.ownside.model import Side
from mxwalk.ownside.network import ROOT_V4
from mxwalk.ownside.result import Result
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible

DOMAINS = ("gmail.com", "outlook.com", "yahoo.com", "icloud.com")
_PORT = 25
_CONNECT_S = 10.0
_GREETING_S = 20.0  # some receivers keep strangers waiting
_QUIT = b"QUIT\r\n"


class Way(enum.Enum):
    """How one attempt ended."""

    GREETED = noted("greeted")
    REFUSING = noted("answers, but takes nothing")
    SILENT = noted("no answer to the connection")
    REFUSED = noted("connection refused")
    UNREACHABLE = noted("no route")
    NO_GREETING = noted("connected, and no greeting")
    NOT_FOUND = noted("no mail server found in the DNS")
    OWN = noted("our own side failed")

    @property
    def got_out(self) -> bool:
        """Whether a server answered, whatever it said."""
        return self in (Way.GREETED, Way.REFUSING)


_ENDINGS = {
    EndingKind.TIMEOUT: Way.SILENT,
    EndingKind.REFUSED: Way.REFUSED,
    EndingKind.UNREACHABLE: Way.UNREACHABLE,
    EndingKind.LOCAL: Way.OWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One receiver: where it was connected to, how that ended, and its greeting."""

    receiver: str
    way: Way
    host: str = ""
    address: str = ""
    port: int = _PORT
    greeting: str = ""

    @property
    def words(self) -> str:
        """The attempt in a line."""
        where = f"{visible(self.host, 255)} [{self.address}]:{self.port} " if self.address else ""
        said = f": {visible(self.greeting, 100)}" if self.greeting else ""
        return f"{visible(self.receiver, 255)}: {where}{say(self.way.value)}{said}"


async def attempts(side: Side) -> AsyncIterator[Attempt]:
    """Connect to each receiver in turn and yield how it ended."""
    for receiver, port in (side.egress or tuple((one, 0) for one in DOMAINS))[:EGRESS_HOSTS]:
        host, address = await _place(side, receiver, port)
        if not address:
            yield Attempt(receiver=receiver, way=Way.NOT_FOUND, host=host)
            continue
        way, greeting = await _greeting(side, address, port or _PORT)
        yield Attempt(
            receiver=receiver,
            way=way,
            host=host,
            address=address,
            port=port or _PORT,
            greeting=greeting,
        )


async def _place(side: Side, receiver: str, port: int) -> tuple[str, str]:
    """Return host and address: of a domain its first MX host, of a host with port its own."""
    if is_address(receiver):
        return receiver, receiver
    host = receiver
    if not port:
        found = await look_up_mx(side.resolver, receiver)
        preferred = sorted(found.answer.records(), key=_preference)
        host = preferred[0].split()[-1].rstrip(".") if preferred else receiver
        if not host:  # RFC 7505: a null MX takes no mail
            return receiver, ""
    family = Family.IPV4 if side.source(ROOT_V4) else Family.ANY
    looked_up = await look_up_addresses(side.resolver, host, family)
    records = [record for answer in looked_up.answers for record in answer.records()]
    return host, records[0] if records else ""


def _preference(record: str) -> int:
    first = record.partition(" ")[0]
    return int(first) if first.isdecimal() and len(first) <= 5 else 65_536


async def _greeting(side: Side, address: str, port: int) -> tuple[Way, str]:
    made = await side.dialer.dial(address, port, _CONNECT_S)
    if isinstance(made, Ending):
        return _ENDINGS.get(made.kind, Way.NO_GREETING), ""
    received = b""
    try:
        while b"\n" not in received and len(received) < REPLY_LINE_BYTES:
            arrived = await made.receive(_GREETING_S)
            if isinstance(arrived, Ending):
                break
            received += arrived
    finally:
        await made.close(_QUIT)
    line = received.split(b"\n", 1)[0].rstrip(b"\r")
    if not line:
        return Way.NO_GREETING, ""
    code = parse_reply(line + b"\r\n").code
    return (Way.GREETED if code == 220 else Way.REFUSING), visible(line, 120)


def conclude(made: Sequence[Attempt]) -> Result:
    """Return what the attempts come to."""
    label = say("port 25 out")
    out = [one for one in made if one.way.got_out]
    tried = [one for one in made if one.way not in (Way.NOT_FOUND, Way.OWN)]
    if len(out) > 1 and _same_voice(out):
        words = say(
            "every receiver greets with the same words: something on the way answers in their place"
        )
        fix = say("ask the provider about an SMTP proxy, or TLS inspection, on outgoing port 25")
        return Result(id="egress", label=label, state=Mark.FAIL, words=words, fix=fix)
    if out:
        words = say("open: {out} of {all} receivers answered", out=len(out), all=len(made))
        return Result(id="egress", label=label, state=Mark.OK, words=words)
    if not tried:
        words = say("not known: no receiver could be looked up")
        return Result(id="egress", label=label, state=Mark.UNKNOWN, words=words)
    (way, count), *others = Counter(one.way for one in tried).most_common()
    if others or count < 2 or len(tried) < len(made):
        words = say("not known: {all} receivers tried, none answered", all=len(made))
        fix = say("try again, or from another network")
        return Result(id="egress", label=label, state=Mark.UNKNOWN, words=words, fix=fix)
    if way is Way.UNREACHABLE:
        words = say(
            "no route to any of {all} receivers: it is missing, or a firewall rejects port 25",
            all=len(made),
        )
        fix = say(
            "see the default route first (ip route); where it is there, ask the provider to open"
            " outgoing TCP port 25"
        )
        return Result(id="egress", label=label, state=Mark.FAIL, words=words, fix=fix)
    words = say(
        "blocked: all {all} receivers failed in the same way ({way})",
        all=len(made),
        way=say(way.value),
    )
    fix = say("ask the provider to open outgoing TCP port 25, or deliver through a smart host")
    return Result(id="egress", label=label, state=Mark.FAIL, words=words, fix=fix)


def _same_voice(out: Sequence[Attempt]) -> bool:
    """Whether different receivers greet with one and the same line."""
    places = {one.address for one in out}
    return len(places) > 1 and len({one.greeting for one in out}) == 1


async def egress(side: Side) -> Result:
    """Make the attempts and say what they come to."""
    return conclude([one async for one in attempts(side)])
