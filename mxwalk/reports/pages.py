"""What the HTML and Markdown templates share: the environment, its filters, and small tables.

Templates get the report alone.  Values reach a page only through a filter that escapes for its
format; autoescape does it for HTML, the Markdown templates name theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from mxwalk.evidence.told import ending_words
from mxwalk.findings.model import Owner, Severity
from mxwalk.language import language, say, say_many
from mxwalk.reports import model, model_connection, model_dns, model_tls
from mxwalk.reports.grouping import confirmed, problems, rests_on
from mxwalk.reports.labels import (
    CONSENT_SYMBOLS,
    DNSSEC_SYMBOLS,
    MATCHES,
    OFFERS,
    OUTCOME_SYMBOLS,
    RESULT_CLASSES,
    RESULT_SYMBOLS,
    STATE_CLASSES,
    STATE_SYMBOLS,
    SYMBOLS,
    TLSA_CLASSES,
    TLSA_SYMBOLS,
    messages_words,
    octets_words,
    outcomes,
    roots_words,
    told,
)
from mxwalk.reports.mailauth_spf import tree_lines
from mxwalk.reports.purposes import words
from mxwalk.reports.survey_spf import survey_lines
from mxwalk.smtp.ehlo import compare_responses, read_ehlo
from mxwalk.text import visible, visible_lines

EHLO_LINES = 50  # on a page; real servers send some twenty, a flood sends thousands
MESSAGES = 40  # of a handshake; a usual one has ten

SEVERITY_SYMBOLS = {"error": "✗", "warning": "!", "notice": "•", "ok": "✓"}


class _Compiled(BytecodeCache):
    """Keeps compiled templates while the program runs: compiling one takes a second."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled from the same source."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = {True: _Compiled(), False: _Compiled()}  # escaping is compiled in


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the identity matrix: a presented name and its cells, one a reference."""

    presented: model_connection.PresentedName
    cells: tuple[model_connection.Comparison | None, ...]


@dataclass(frozen=True, slots=True)
class TlsaRow:
    """A row of the TLSA table: a record, its cells, one a certificate, and its outcome."""

    record: model_dns.TlsaRecord
    cells: tuple[model_dns.TlsaCell, ...]
    outcome: model_dns.TlsaOutcome | None


@dataclass(frozen=True, slots=True)
class Place:
    """A connection with the host and address it belongs to."""

    host: model.Host
    address: model.Address
    connection: model_connection.Connection

    @property
    def label(self) -> str:
        """``host [address]:port``, with the attempt's number from the second on."""
        again = (
            say(", attempt {number}", number=self.connection.number)
            if self.connection.number > 1
            else ""
        )
        return f"{self.host.display} [{self.address.address}]:{self.address.port}{again}"


def note_of(step: model.Step) -> str:
    """Return the administrator's note on a step as reports tell it."""
    return say("note: {words}", words=step.note)


def no_key(count: int) -> str:
    """Return that none of the selectors has a key."""
    return say_many(
        "There is no key at the {n} selector looked up.",
        "There is no key at the {n} selectors looked up.",
        count,
    )


def environment(*, autoescape: bool, filters: dict[str, Callable[..., object]]) -> Environment:
    """Return a Jinja2 environment on the package's templates; an unknown name is an error."""
    page = Environment(
        loader=PackageLoader("mxwalk.reports", "templates"),
        autoescape=autoescape,  # noqa: S701 - Markdown escapes by its own filters
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED[autoescape],
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page.filters.update(filters)
    page.filters["ms"] = milliseconds
    page.filters["short"] = short
    page.globals.update(
        note_of=note_of,
        symbols=SYMBOLS,
        severity_symbols=SEVERITY_SYMBOLS,
        outcomes=outcomes(),
        outcome_symbols=OUTCOME_SYMBOLS,
        matches=MATCHES,
        words=words,
        dnssec_symbols=DNSSEC_SYMBOLS,
        tlsa_symbols=TLSA_SYMBOLS,
        tlsa_classes=TLSA_CLASSES,
        told=told,
        say=say,
        say_many=say_many,
        language=language(),
        messages_words=messages_words,
        octets_words=octets_words,
        roots_words=roots_words,
        severity_words=lambda value: Severity(value).words,
        owner_words=lambda value: Owner(value).words,
        no_key=no_key,
        ended=ended,
        offers=OFFERS,
        messages=MESSAGES,
        tlsa_rows=tlsa_rows,
        broken=broken,
        places=places,
        matrix=matrix,
        ehlo_changes=ehlo_changes,
        ehlo_lines=EHLO_LINES,
        problems=problems,
        confirmed=confirmed,
        rests_on=rests_on,
        tree_lines=lambda check: list(tree_lines(check)),
        survey_lines=lambda found: list(survey_lines(found)),
        result_classes=RESULT_CLASSES,
        state_classes=STATE_CLASSES,
        state_symbols=STATE_SYMBOLS,
        consent_symbols=CONSENT_SYMBOLS,
        result_symbols=RESULT_SYMBOLS,
    )
    return page


def _seen(value: object) -> object:
    """Return what is about to be written; the last guard against a text that was not made visible."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible_lines(value)


def milliseconds(seconds: float) -> str:
    """Return a short time for people: ``12 ms``, ``1.5 s``."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def ended(ending: model_tls.Ending) -> str:
    """Return how a wait ended, with the time it took where the sentence does not tell."""
    timed = " second" in ending.detail
    return (
        ending_words(ending.detail)
        if timed
        else say(
            "{ending} (after {milliseconds})",
            ending=ending_words(ending.detail),
            milliseconds=milliseconds(ending.after_s),
        )
    )


def places(report: model.Report) -> list[Place]:
    """Return every connection of the report, in order."""
    return [
        Place(host, address, connection)
        for host in report.hosts
        for address in host.addresses
        for connection in address.connections
    ]


def matrix(identity: model_connection.Identity) -> list[Row]:
    """Return the identity comparisons as rows and columns."""
    cells = {(cell.presented, cell.reference): cell for cell in identity.comparisons}
    return [
        Row(name, tuple(cells.get((row, column)) for column in range(len(identity.references))))
        for row, name in enumerate(identity.presented)
    ]


def tlsa_rows(place: Place) -> list[TlsaRow]:
    """Return the TLSA records of a connection's host against its certificates."""
    dane, check = place.host.dane, place.connection.dane
    if dane is None or check is None:
        return []
    outcomes = {outcome.record: outcome for outcome in check.outcomes}
    return [
        TlsaRow(
            record,
            tuple(cell for cell in check.cells if cell.record == number),
            outcomes.get(number),
        )
        for number, record in enumerate(dane.records)
    ]


def broken(report: model.Report) -> list[model_dns.ZoneCut]:
    """Return the zone cuts at which the chain of trust ends."""
    return [cut for cut in report.dnssec.cuts if cut.sentence] if report.dnssec else []


def short(text: str, length: int = 80) -> str:
    """Return long record data cut at its end."""
    return text if len(text) <= length else f"{text[:length]}…"


def ehlo_changes(connection: model_connection.Connection) -> list[str]:
    """Return what TLS added, removed or changed of the extensions a strict reader sees."""
    responses = {
        ehlo.inside_tls: read_ehlo(b"".join(line.raw for line in ehlo.lines))
        for ehlo in connection.ehlo
    }
    if len(responses) < 2:
        return []
    found = compare_responses(responses[False], responses[True])
    changes = []
    if found.added:
        changes.append(say("added inside TLS: {added}", added=visible(", ".join(found.added))))
    if found.removed:
        changes.append(
            say(
                "no longer offered inside TLS: {removed}", removed=visible(", ".join(found.removed))
            )
        )
    for one in found.changed:
        before, after = (
            visible(" ".join((one.keyword, *words))) for words in (one.before, one.after)
        )
        changes.append(
            say("changed inside TLS: {before} is now {after}", before=before, after=after)
        )
    return changes or [say("the same extensions before and inside TLS")]
