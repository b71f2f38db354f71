"""From octets of XML to the elements directly below the root, one after the other.

The parser is that of ``defusedxml``: document types, entities and external references are refused.
No tree grows: an element is handed over when it ends, and forgotten.  Depth, names, children, text and
the length of a single token are bounded, because a report is a stranger's.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from defusedxml.common import DefusedXmlException, DTDForbidden, EntitiesForbidden
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from mxwalk.dmarcrpt.shapes import KNOWN
from mxwalk.language import say
from mxwalk.limits import (
    DMARC_DEPTH,
    DMARC_ELEMENTS_PER_RECORD,
    DMARC_NAMES,
    DMARC_TOKEN_BYTES,
    REPORT_TEXT_CHARS,
)
from mxwalk.reportfiles.errors import DamagedError, NoReportError
from mxwalk.text import visible

_PIECE = 64 * 1024


class Element:
    """One element: its name without namespace, its text, and its children."""

    __slots__ = ("children", "foreign", "name", "text")

    def __init__(self, name: str, *, foreign: bool = False) -> None:
        self.name = name
        self.text = ""
        self.children: Sequence[Element] = ()
        self.foreign = foreign


class Reader:
    """What reads the elements: told the root, then each element below it as it ends."""

    def root(self, name: str, namespace: str) -> None:
        """Take the root.  Raises ``NoReportError`` where it is another document's."""

    def element(self, element: Element) -> None:
        """Take an element below the root."""

    def other_case(self, name: str) -> None:
        """Note that an element's name is written in another case."""


class _Target:
    """What the parser tells of; builds one element below the root at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._names: dict[str, tuple[str, bool]] = {}
        self._namespace = ""
        self._open: list[Element] = []
        self._depth = 0
        self._count = 0
        self._beyond = 0  # depth at which elements are passed over, because there are too many
        self._room = 0
        self.beyond = 0

    def start(self, tag: str, attributes: Sequence[str]) -> None:
        """Take the start of an element; ``attributes`` are names and values by turns."""
        self._depth += 1
        name, foreign = self._names.get(tag) or self._name(tag)
        if attributes:
            for attribute in attributes[::2]:
                if attribute not in self._names:
                    self._remember(attribute, ("", True))
        if self._depth == 1:
            return
        element = Element(name, foreign=foreign)
        if self._depth == 2:
            self._open = [element]
            self._count = 0
        else:
            if self._depth > DMARC_DEPTH:
                raise NoReportError(
                    say(
                        "its elements are nested more than {dmarc_depth} deep",
                        dmarc_depth=DMARC_DEPTH,
                    )
                )
            self._count += 1
            if self._count <= DMARC_ELEMENTS_PER_RECORD:
                parent = self._open[-1]
                if isinstance(parent.children, list):
                    parent.children.append(element)
                else:
                    parent.children = [element]  # most elements have none, and need no list
            else:
                self.beyond += 1
            self._open.append(element)
        self._room = REPORT_TEXT_CHARS + 1

    def data(self, text: str) -> None:
        """Take some text."""
        if not self._room or text.isspace():
            return
        element = self._open[-1]
        element.text += text if len(text) <= self._room else text[: self._room]
        self._room = max(0, self._room - len(text))

    def end(self, _tag: str) -> None:
        """Take the end of an element."""
        self._depth -= 1
        if self._depth:
            element = self._open.pop()
            self._room = 0
            if self._depth == 1:
                self._reader.element(element)

    def close(self) -> None:
        """Nothing is built that could be returned."""

    def _name(self, tag: str) -> tuple[str, bool]:
        """Return an element's own name, and whether it is of another namespace than the root."""
        namespace, _, local = tag.rpartition("}")
        if self._depth == 1:
            self._namespace = namespace
            self._reader.root(local, namespace)
        foreign = namespace not in (self._namespace, "")
        if not foreign and local not in KNOWN and local.lower() in KNOWN:
            self._reader.other_case(local)
            local = local.lower()
        return self._remember(tag, (local, foreign))

    def _remember(self, tag: str, named: tuple[str, bool]) -> tuple[str, bool]:
        if len(self._names) >= DMARC_NAMES:
            raise NoReportError(
                say("it has more than {names:,} different names of elements", names=DMARC_NAMES)
            )
        self._names[tag] = named
        return named


def read_elements(
    pieces: Iterable[bytes], reader: Reader, stopped: Callable[[], bool] | None = None
) -> int:
    """Tell ``reader`` all elements; return how many were passed over because there were too many.

    Raises ``DamagedError`` where the XML ends or breaks off, and ``NoReportError``.
    """
    target = _Target(reader)
    parser = DefusedXMLParser(
        target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    # Straight to the target: what stands between only makes a dict of attributes that nobody reads.
    parser.parser.StartElementHandler = target.start
    parser.parser.EndElementHandler = target.end
    fed = 0
    try:
        for piece in pieces:
            for at in range(0, len(piece), _PIECE):
                part = piece[at : at + _PIECE]
                parser.feed(part)
                fed += len(part)
                if fed - _reached(parser) > DMARC_TOKEN_BYTES:
                    raise NoReportError(say("it has a tag, comment or name of more than 1 MiB"))
            if stopped is not None and stopped():
                raise DamagedError(say("reading was stopped there"))
        parser.close()
    except ParseError as error:
        raise DamagedError(
            say("the XML is not well-formed: {error}", error=visible(str(error), 120))
        ) from error
    except DefusedXmlException as error:
        raise NoReportError(_forbidden(error)) from error
    except (ValueError, LookupError) as error:
        raise NoReportError(
            say("its encoding cannot be read: {error}", error=visible(str(error), 120))
        ) from error
    return target.beyond


def _reached(parser: Any) -> int:  # noqa: ANN401 - defusedxml has no types
    """Return up to which octet the parser has come."""
    return int(parser.parser.CurrentByteIndex)


def _forbidden(error: DefusedXmlException) -> str:
    match error:
        case DTDForbidden():
            return say(
                "it declares a document type, which no report has: it is not read any further"
            )
        case EntitiesForbidden():
            return say("it declares entities, which no report has: it is not read any further")
        case _:
            return say("it refers to something outside of it: it is not read any further")
