"""Reading the children of one element leniently: each deviation noted, nothing raised."""

import ipaddress
from collections.abc import Collection, Mapping
from typing import TypeVar

from mxwalk.dmarcrpt.elements import Element
from mxwalk.dmarcrpt.shapes import Shape
from mxwalk.language import say
from mxwalk.limits import REPORT_TEXT_CHARS
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.model import Kind

MOST = 1 << 53
_DIGITS = 20
_KEPT = 200_000
T = TypeVar("T")


class Fields:
    """The children of one element, where it stands, and what deviates in it."""

    __slots__ = ("_by_name", "deviations", "place")

    def __init__(self, element: Element, place: str, shape: Shape, deviations: Deviations) -> None:
        self.place = place
        self.deviations = deviations
        self._by_name: dict[str, Element] = {}
        names = []
        for child in element.children:
            if not child.foreign:
                names.append(child.name)
                self._by_name.setdefault(child.name, child)
        for kind, name, words in shape.faults(tuple(names)):
            deviations.add(kind, self.at(name), say(words))

    def at(self, name: str) -> str:
        """Return the path of a child."""
        return f"{self.place}.{name}" if self.place else name

    def one(self, name: str) -> Element | None:
        """Return the first child of a name."""
        return self._by_name.get(name)

    def text(self, name: str) -> str:
        """Return the text of a child, within our limit, without the spaces around it."""
        child = self._by_name.get(name)
        if child is None:
            return ""
        if child.children:
            self.deviations.add(Kind.TYPE, self.at(name), say("has elements where a text belongs"))
        text = child.text.strip()
        if len(child.text) > REPORT_TEXT_CHARS:
            words = say(
                "is longer than {report_text_chars} characters; the rest is left out",
                report_text_chars=REPORT_TEXT_CHARS,
            )
            self.deviations.add(Kind.LIMIT, self.at(name), words)
            text = text[:REPORT_TEXT_CHARS]
        return text

    def closed(
        self, name: str, known: Collection[str], others: Mapping[str, str] | None = None
    ) -> str:
        """Return a value of a closed set in lower case; ``others`` are known words for the same.

        What is in neither is kept as it is.
        """
        text = self.text(name)
        if text in known:
            return text
        plain = text.lower()
        if plain in known:
            self.deviations.add(Kind.CASE, self.at(name), say("is not written in lower case"), text)
            return plain
        if others is not None and plain in others:
            words = say("is an old word for {others}", others=others[plain])
            self.deviations.add(Kind.VALUE, self.at(name), words, text)
            return others[plain]
        if text:
            self.deviations.add(Kind.UNKNOWN, self.at(name), say("is none of the schema's"), text)
        elif name in self._by_name:
            self.deviations.add(Kind.MISSING, self.at(name), say("is empty"))
        return text

    def count(self, name: str) -> int:
        """Return a number of messages, 0 where there is none."""
        return self.number(name) or 0

    def number(self, name: str) -> int | None:
        """Return a number, ``None`` where there is none that can be read."""
        text = self.text(name)
        if text.isascii() and text.isdigit() and len(text) < _DIGITS:
            return min(int(text), MOST)
        if name in self._by_name:
            read = _number(text)
            if read is not None:
                words = say("is not written as an integer")
                self.deviations.add(Kind.NUMBER, self.at(name), words, text)
                return read
            self.deviations.add(Kind.VALUE, self.at(name), say("is no number"), text)
        return None


def _number(text: str) -> int | None:
    """Return the number that another form means: a sign, commas, or a fraction of zeros."""
    plain = text.removeprefix("+").replace(",", "").replace("_", "x")
    whole, _, fraction = plain.partition(".")
    if whole.isascii() and whole.isdigit() and len(whole) < _DIGITS and not fraction.strip("0"):
        return min(int(whole), MOST)
    return None


class Values:
    """What is the same in many records is read, and kept, once.  One for each report."""

    def __init__(self, deviations: Deviations) -> None:
        self._deviations = deviations
        self._addresses: dict[str, str] = {}
        self._once: dict[object, object] = {}

    def once(self, value: T) -> T:
        """Return the value, the first one that was equal to it."""
        found = self._once.get(value)
        if found is None:
            if len(self._once) < _KEPT:
                self._once[value] = value
            return value
        return found  # type: ignore[return-value]

    def address(self, text: str, place: str) -> str:
        """Return an IP address in its usual form (RFC 5952), or as it is written if it is none."""
        known = self._addresses.get(text)
        if known is not None:
            return known
        try:
            address = ipaddress.ip_address(text.strip("[]"))
        except ValueError:
            if text:
                self._deviations.add(Kind.VALUE, place, say("is no IP address"), text)
            return text
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        if mapped is not None:
            self._deviations.add(Kind.VALUE, place, say("is an IPv4 address written as IPv6"), text)
        elif text.startswith("["):
            self._deviations.add(Kind.VALUE, place, say("stands in brackets"), text)
        elif len(self._addresses) < _KEPT:
            return self._addresses.setdefault(text, str(address))
        return str(mapped or address)
