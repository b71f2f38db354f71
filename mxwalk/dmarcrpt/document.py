"""From the elements of an XML document to a report."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from mxwalk.dmarcrpt.elements import Element, Reader, read_elements
from mxwalk.dmarcrpt.metadata import Metadata, read_policy
from mxwalk.dmarcrpt.model import Report, Row, Schema
from mxwalk.dmarcrpt.records import RecordReader
from mxwalk.dmarcrpt.shapes import NAMESPACE_1, NAMESPACE_2, OF_RFC_9990, SHAPES
from mxwalk.language import say
from mxwalk.limits import DMARC_ELEMENTS_PER_RECORD, DMARC_EXTENSIONS, DMARC_RECORDS
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.errors import DamagedError, NoReportError
from mxwalk.reportfiles.model import Deviation, Kind
from mxwalk.text import visible

_FIRST_LEVEL = ("version", "report_metadata", "policy_published", "extension", "record")


@dataclass(slots=True)
class RowBudget:
    """How many rows may still be kept, over all reports that are opened together."""

    left: int = DMARC_RECORDS


class _Document(Reader):
    """One report while its elements come in."""

    def __init__(self, source: str, budget: RowBudget) -> None:
        self._source = source
        self._budget = budget
        self.deviations = Deviations()
        self._schema: Schema | None = None
        self._namespace = ""
        self._records: RecordReader | None = None
        self._rows: list[Row] = []
        self._beyond: dict[tuple[str, str, str, str], list[int]] = {}
        self._number = 0
        self._order: list[str] = []  # of the first level; records in a row once
        self._first: dict[str, Element] = {}
        self._extensions: dict[str, None] = {}

    def root(self, name: str, namespace: str) -> None:
        """Take the root element, in any case."""
        if name.lower() != "feedback":
            shown = visible(name, 60)
            raise NoReportError(
                say("it is XML, but no DMARC report: its root element is {shown}", shown=shown)
            )
        self._namespace = namespace
        if namespace not in ("", NAMESPACE_1, NAMESPACE_2):
            words = say("is none that DMARC reports have")
            self.deviations.add(Kind.VALUE, "namespace", words, namespace)

    def other_case(self, name: str) -> None:
        """Note an element's name in another case."""
        self.deviations.add(Kind.CASE, name, say("is not written in lower case"))

    def element(self, element: Element) -> None:
        """Take an element below the root."""
        if element.foreign:
            self._extend(element)
            return
        again = element.name == "record" and self._order[-1:] == ["record"]
        if not again and len(self._order) < DMARC_ELEMENTS_PER_RECORD:
            self._order.append(element.name)
        if element.name not in _FIRST_LEVEL:
            return
        if element.name == "record":
            self._record(element)
            return
        self._first.setdefault(element.name, element)
        if element.name == "extension":
            for child in element.children[:DMARC_EXTENSIONS]:
                self._extend(child)

    def _extend(self, element: Element) -> None:
        if len(self._extensions) < DMARC_EXTENSIONS:
            self._extensions.setdefault(element.name)

    def _record(self, element: Element) -> None:
        if self._records is None:
            self._schema = self._decide()
            self._records = RecordReader(self._schema, self.deviations)
        for child in element.children:
            if child.foreign:
                self._extend(child)
        for row in self._records.read(element, self._number):
            if self._budget.left > 0:
                self._budget.left -= 1
                self._rows.append(row)
                continue
            key = (row.disposition, row.dkim, row.spf, row.header_from)
            if key not in self._beyond and len(self._beyond) >= DMARC_ELEMENTS_PER_RECORD:
                key = (*key[:3], "")
            sums = self._beyond.setdefault(key, [0, 0])
            sums[0] += row.messages
            sums[1] += 1
        self._number += 1

    def _decide(self) -> Schema:
        """Say which schema it follows, by its namespace or by elements that only one has."""
        if self._namespace == NAMESPACE_2:
            return Schema.RFC9990
        names = {
            child.name
            for element in self._first.values()
            for child in (element, *element.children)
            if not child.foreign
        }
        if self._namespace == "" and names & OF_RFC_9990:
            words = say("is missing: the elements are those of RFC 9990")
            self.deviations.add(Kind.MISSING, "namespace", words)
            return Schema.RFC9990
        return Schema.RFC7489

    def report(self) -> Report:
        """Return the report.  Raises ``NoReportError`` where there is nothing of one."""
        if not self._first and not self._number:
            raise NoReportError(say("it is XML, but no DMARC report: it has nothing of one"))
        if "report_metadata" not in self._first and not self._number:
            raise NoReportError(say("it has neither report_metadata nor a record"))
        schema = self._schema or self._decide()
        version = self._version(schema)
        metadata = Metadata(self._first.get("report_metadata"), schema, self.deviations)
        policy = read_policy(self._first.get("policy_published"), schema, self.deviations)
        for kind, name, words in SHAPES[schema]["feedback"].faults(tuple(self._order)):
            self.deviations.add(kind, name, say(words))
        return Report(
            source=self._source,
            schema=schema,
            version=version,
            organisation=metadata.organisation,
            email=metadata.email,
            contact=metadata.contact,
            report_id=metadata.report_id,
            begins=metadata.begins,
            ends=metadata.ends,
            generator=metadata.generator,
            errors=metadata.errors,
            policy=policy,
            rows=tuple(self._rows) + self._added_up(),
            extensions=tuple(self._extensions),
            deviations=self.deviations.found(),
        )

    def _version(self, schema: Schema) -> str:
        element = self._first.get("version")
        text = element.text.strip()[:60] if element is not None else ""
        if element is not None and text != "1.0" and schema is Schema.RFC9990:
            self.deviations.add(Kind.VALUE, "version", say("is not 1.0 (RFC 9990 3.1.1.2)"), text)
        elif element is not None and not text.replace(".", "", 1).isdigit():
            self.deviations.add(Kind.VALUE, "version", say("is no decimal number"), text)
        return text

    def _added_up(self) -> tuple[Row, ...]:
        if not self._beyond:
            return ()
        words = say(
            "beyond {dmarc_records:,} are added up without their addresses",
            dmarc_records=DMARC_RECORDS,
        )
        self.deviations.add(Kind.LIMIT, "record", words)
        return tuple(
            Row(
                source_ip="",
                messages=messages,
                disposition=disposition,
                dkim=dkim,
                spf=spf,
                header_from=header_from,
                rows=rows,
            )
            for (disposition, dkim, spf, header_from), (messages, rows) in self._beyond.items()
        )


def read_document(
    pieces: Iterable[bytes],
    source: str,
    noted: Callable[[], Sequence[tuple[Kind, str]]],
    budget: RowBudget,
    stopped: Callable[[], bool] | None = None,
) -> Report:
    """Return the report in an XML document that comes in pieces.

    ``noted`` tells afterwards what deviates in its wrapping.  Where the document breaks off, what came
    before is kept.  Raises ``NoReportError``.
    """
    document = _Document(source, budget)
    try:
        beyond = read_elements(pieces, document, stopped)
    except DamagedError as error:
        try:
            report = document.report()
        except NoReportError:
            raise error from None
        broken = Deviations()
        broken.add(Kind.UNREADABLE, "", say("what follows is missing: {error}", error=error))
        found = _with(report, (*broken.found(), *_noted(noted())))
        return msgspec.structs.replace(found, cut_off=visible(str(error), 300))
    if beyond:
        words = say(
            "of more than {dmarc_elements_per_record:,} in one are passed over",
            dmarc_elements_per_record=DMARC_ELEMENTS_PER_RECORD,
        )
        document.deviations.add(Kind.LIMIT, "elements", words)
    return _with(document.report(), _noted(noted()))


def _noted(around: Sequence[tuple[Kind, str]]) -> tuple[Deviation, ...]:
    deviations = Deviations()
    for kind, words in around:
        deviations.add(kind, "", words)
    return deviations.found()


def _with(report: Report, deviations: tuple[Deviation, ...]) -> Report:
    """Return the report with more deviations, before those inside of it."""
    if not deviations:
        return report
    return msgspec.structs.replace(report, deviations=(*deviations, *report.deviations))
