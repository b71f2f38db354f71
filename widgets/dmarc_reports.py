"""Where the domain wants its reports, and whether outside addresses have agreed (RFC 9990 4)."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say, say_many
from mxwalk.mailauth.dmarc.model import Authorisation, ReportUri
from mxwalk.mailauth.dmarc.reporting import consent_line
from widgets.dmarc_state import Picture
from widgets.message_rows import note, publish, state_words
from widgets.plain import Look, fit, line, shorten, wrap
from widgets.row import Row

_SHOWN = 40
_TEXT = 600


def reports_words(picture: Picture) -> Content:
    """Return in a few words where reports go."""
    uris = picture.uris
    if picture.record is None:
        return state_words(Mark.INFO, say("no record"))
    if not any(uri.tag == "rua" for uri in uris):
        return state_words(Mark.WARN, say("no address for aggregate reports (rua)"))
    needed = [one for one in picture.reporters if one.needed]
    if any(one.agreed is False for one in needed):
        return state_words(Mark.FAIL, say("an outside address has not agreed"))
    if any(one.agreed is None for one in needed):
        return state_words(Mark.UNKNOWN, say("whether an outside address agreed is not known"))
    count = len(uris)
    return state_words(Mark.OK, say_many("{n} address", "{n} addresses", count))


def reports_rows(picture: Picture, width: int) -> Iterator[Row]:
    """Yield each address with what is known of its consent."""
    if not picture.uris:
        words = say("Without rua nobody tells the domain what is sent in its name.")
        yield note(("reports", "none"), words, width)
    found = {(one.uri.tag, one.uri.uri): one for one in picture.reporters}
    for number, uri in enumerate(picture.uris[:_SHOWN]):
        consent = found.get((uri.tag, uri.uri))
        yield _address(uri, consent, picture, ("reports", number), width)
        if consent is not None and consent.needed and consent.agreed is False and consent.name:
            domain = consent.name.partition("._report._dmarc.")[0]
            zone = consent_line(domain, uri.host)
            yield publish(("reports", number, "fix"), zone, width, indent=6)
    if len(picture.uris) > _SHOWN:
        yield note(
            ("reports", "more"),
            say("and {number} more addresses", number=len(picture.uris) - _SHOWN),
            width,
        )


def _address(
    uri: ReportUri, consent: Authorisation | None, picture: Picture, key: object, width: int
) -> Row:
    state, why = _state(uri, consent, picture)
    words = line(
        "  ",
        fit(uri.tag, 5, Look.INFO),
        (shorten(uri.address or uri.uri, 300), Look.STRONG),
        (
            "  " + say("at most {size}", size=shorten(uri.size, 40)) if uri.size else "",
            Look.DIM,
        ),
    )
    lines = wrap(words, width, indent=7)
    lines += wrap(line("       ") + state_words(state, shorten(why, _TEXT)), width, indent=9)
    return Row(key=key, lines=tuple(lines), copy=line(uri.uri).plain, what=say("address"))


def _state(uri: ReportUri, consent: Authorisation | None, picture: Picture) -> tuple[Mark, str]:
    if uri.problem:
        return Mark.FAIL, uri.problem
    if consent is None and _is_inside(uri, picture):
        return Mark.OK, say("The address is within the domain itself.")
    if consent is None:
        if picture.reporters_known:
            return Mark.INFO, say("not asked about")
        return Mark.INFO, say("not looked up yet whether it takes the reports")
    if not consent.needed:
        return Mark.OK, consent.why
    if consent.agreed is None:
        return Mark.UNKNOWN, consent.why
    return (Mark.OK if consent.agreed else Mark.FAIL), consent.why


def _is_inside(uri: ReportUri, picture: Picture) -> bool:
    """Say whether an address lies at the record's own domain or its organizational domain."""
    own = {found.organizational for found in picture.discoveries.values() if not found.failed}
    if picture.record is not None:
        own.add(picture.record.name.removeprefix("_dmarc."))
    return uri.host in own
