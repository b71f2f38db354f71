"""The DNSSEC status of look-ups in a symbol and a word, the same in header, tree and views.

Insecure is neither good nor bad: the zone is unsigned, and that is proved (RFC 4033 5).
"""

from collections.abc import Iterable

from textual.content import Content

from mxwalk.dane.model import Standing
from mxwalk.dane.result import Authentication, DaneResult
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import dane_result
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.validated import Validated
from mxwalk.dnssec.model import Status, Validation
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.language import say
from widgets.glyphs import glyphs
from widgets.plain import Look, line

_LOOKS = {
    Status.SECURE: Look.OK,
    Status.INSECURE: Look.INFO,
    Status.BOGUS: Look.FAIL,
    Status.INDETERMINATE: Look.UNKNOWN,
}


def came_words(answer: DnsAnswer) -> str:
    """Return what came back where there are no records; a denial may be one that does not count."""
    return f"{answer.rcode}{say(', not believed')}" if answer.doubted else answer.status.value


def status_symbol(status: Status) -> tuple[str, Look]:
    """Return the symbol and look of a status."""
    symbols = {
        Status.SECURE: glyphs().ok,
        Status.INSECURE: glyphs().info,
        Status.BOGUS: glyphs().fail,
        Status.INDETERMINATE: glyphs().unknown,
    }
    return symbols[status], _LOOKS[status]


def status_word(status: Status) -> str:
    """Return the word."""
    return say(status.value)


def status_words(status: Status) -> Content:
    """Return symbol and word."""
    symbol, look = status_symbol(status)
    return line((f"{symbol} {status_word(status)}", look))


def dane_of(delivery: Delivery, attempt: Attempt) -> DaneResult | None:
    """Return what DANE says of a connection where it applies: with usable, authentic records."""
    host = next((h for h in delivery.hosts if h.planned.name == attempt.host.name), None)
    if host is None or host.dane is None or host.dane.standing is not Standing.USABLE:
        return None
    return dane_result(delivery, host, attempt)


def dane_outcome(delivery: Delivery, attempt: Attempt) -> Authentication | None:
    """Return the outcome alone of ``dane_of``."""
    result = dane_of(delivery, attempt)
    return result.authentication if result else None


def dane_words(found: Authentication) -> Content:
    """Return what DANE says of a server, in a symbol and a word; nothing where it says nothing."""
    match found:
        case Authentication.AUTHENTICATED:
            return line((f"{glyphs().ok} DANE", Look.OK))
        case Authentication.FAILED | Authentication.NO_CERTIFICATE:
            return line((f"{glyphs().fail} DANE", Look.FAIL))
        case Authentication.UNUSABLE:
            return Content()


def weakest(validations: Iterable[Validation]) -> Status | None:
    """Return the status that decides for all of them; ``None`` for none."""
    found = [validation.status for validation in validations]
    return max(found, key=lambda status: status.weakness) if found else None


def claim_words(validation: Validation) -> Content:
    """Say whether the resolver's AD bit agrees with our own result (RFC 6840 5.8)."""
    claims, secure = validation.ad, validation.status is Status.SECURE
    if claims == secure:
        return line(
            (say("resolver agrees: AD") if claims else say("resolver agrees: no AD"), Look.DIM)
        )
    return line((say("yet AD is set") if claims else say("resolver sets no AD"), Look.WARN))


def host_words(host: Host, looked: Iterable[Validated]) -> Content:
    """Return the status of a host's look-ups by type, and what DANE asks of a sender there."""
    parts = Content()
    for item in looked:
        parts += line((f"{item.validation.question.rtype} ", Look.DIM))
        parts += status_words(item.validation.status) + "  "
    if host.dane is not None:
        parts += line(("DANE: ", Look.DIM), say(host.dane.standing.value))
    return parts
