"""Evidence of TLS: the certificate that the server showed, and the TLSA records it is held against."""

from collections.abc import Iterator
from datetime import datetime

from mxwalk.dane.advice import records_for
from mxwalk.dane.tlsa import zone_line
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.letters.model import Fact
from mxwalk.limits import LETTER_LINES
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate

_NAMES = 8
_OBJECTIONS = 4


def session(shaken: Handshaken) -> Iterator[Fact]:
    """Yield protocol and cipher where a handshake came so far, and the alerts."""
    parts = [part for part in (shaken.protocol, shaken.cipher, shaken.group) if part]
    if parts:
        yield Fact(name="tls", lines=(", ".join(parts),))
    alerts = (f"{one.name} ({one.code})" for one in shaken.alerts)
    yield Fact(name="alert", lines=tuple(dict.fromkeys(alerts)))


def certificate(
    delivery: Delivery, presented: tuple[bytes, ...], *, with_serial: bool = False
) -> Iterator[Fact]:
    """Yield what identifies the server's certificate, so that its owner knows it again."""
    if not presented:
        return
    read = read_certificate(presented[0])
    names = [visible(name, 100) for name in read.dns_names[:_NAMES]]
    more = len(read.dns_names) - len(names)
    yield Fact(name="subject", lines=(read.subject,))
    yield Fact(name="names", lines=(", ".join(names) + (f" (+{more})" if more > 0 else ""),))
    yield Fact(name="issuer", lines=(read.issuer,))
    if read.not_before and read.not_after:
        yield Fact(name="valid", lines=(f"{_utc(read.not_before)} - {_utc(read.not_after)}",))
    yield Fact(name="digest", lines=(read.sha256,))
    if with_serial:
        yield Fact(name="serial", lines=(read.serial,))
    if delivery.options.at:
        yield Fact(name="judged", lines=(delivery.options.at,))


def objections(checked: ChainChecked) -> Iterator[Fact]:
    """Yield OpenSSL's own words on the chain."""
    lines = (f"{one.text} (depth {one.depth})" for one in checked.errors[:_OBJECTIONS])
    yield Fact(name="objection", lines=tuple(lines))


def tlsa(delivery: Delivery, attempt: Attempt) -> Iterator[Fact]:
    """Yield the TLSA records published, and those that would match what the server showed."""
    host = next((one for one in delivery.hosts if one.planned == attempt.host), None)
    state = host.dane if host is not None else None
    shaken = attempt.handshake
    if state is None or not state.records:
        return
    base = state.base_domain or attempt.host.name
    published = (zone_line(base, state.port, one) for one in state.records[:LETTER_LINES])
    yield Fact(name="tlsa", lines=tuple(published))
    if shaken is not None and shaken.presented:
        yield from certificate(delivery, shaken.presented)
        would = records_for(shaken.presented, base, state.port)
        yield Fact(name="tlsa-would", lines=tuple(one.line for one in would[:2]))


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
