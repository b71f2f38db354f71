"""Evidence of a message: by what its author's domain can find it in its own logs."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.letters.model import Fact
from mxwalk.text import visible

_CHARS = 200
_FIELDS = ("From", "Date", "Message-ID")


def message(delivery: Delivery) -> Iterator[Fact]:
    """Yield the client, the envelope and the fields that name the message."""
    case = delivery.message
    if case is None:
        return
    came = case.arrival
    yield Fact(name="client", lines=(visible(came.client_ip.value, _CHARS),))
    yield Fact(name="helo", lines=(visible(came.helo.value, _CHARS),))
    yield Fact(name="mail-from", lines=(visible(came.mail_from.value, _CHARS),))
    for name in _FIELDS:
        field = next(iter(case.message.named(name)), None)
        if field is not None:
            yield Fact(name=name.lower(), lines=(visible(field.value.strip(), _CHARS),))
