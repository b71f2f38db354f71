"""Name constraints and the names they are about, as encoded (RFC 5280 4.2.1.6 and 4.2.1.10).

Names are compared octet by octet, so they are read from the certificate again and not taken from
the visible text that people see.
"""

from dataclasses import dataclass
from functools import lru_cache

from mxwalk.tls import der
from mxwalk.tls.certificate import extension_contents, read_certificate, subject_element
from mxwalk.tls.certificate_names import DIRECTORY, DNS, EMAIL, general_name
from mxwalk.tls.der import DerError, Element

_NAME_CONSTRAINTS = "2.5.29.30"
_SUBJECT_ALT_NAME = "2.5.29.17"
_COMMON_NAME, _EMAIL_ADDRESS = "2.5.4.3", "1.2.840.113549.1.9.1"
_IA5_STRING = 0x16


@dataclass(frozen=True, slots=True)
class GeneralName:
    """A name: the tag that says its kind, its octets, and how people read it.

    ``usable`` is false for an e-mail address in a subject that is not an IA5String.
    """

    tag: int
    content: bytes
    kind: str
    text: str
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Subtree:
    """A base name; ``plain`` tells that it has neither a minimum above 0 nor a maximum."""

    base: GeneralName
    plain: bool


@dataclass(frozen=True, slots=True)
class Subtrees:
    """The permitted and the excluded subtrees of one CA."""

    permitted: tuple[Subtree, ...] = ()
    excluded: tuple[Subtree, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.permitted) + len(self.excluded)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a certificate that constraints are about, in OpenSSL's order.

    ``subject`` comes first as a directory name with its e-mail addresses, ``alternatives`` are the
    subject alternative names, ``common_names`` the subject's, which count as DNS names only in a
    server's certificate without any.
    """

    subject: tuple[GeneralName, ...]
    attributes: int
    alternatives: tuple[GeneralName, ...]
    common_names: tuple[bytes, ...]

    @property
    def has_dns(self) -> bool:
        """Whether there is a DNS name among the alternatives."""
        return any(name.tag == DNS for name in self.alternatives)


@lru_cache(maxsize=256)
def read_subtrees(data: bytes) -> Subtrees:
    """Return a certificate's name constraints; none when there are none or they are unreadable."""
    facts = read_certificate(data)
    if not any(name == "nameConstraints" for name, _ in facts.extensions):
        return Subtrees()
    value = extension_contents(data, _NAME_CONSTRAINTS)
    if value is None:
        return Subtrees()
    found: dict[int, tuple[Subtree, ...]] = {}
    try:
        for part in der.only(value, der.SEQUENCE).children():
            found[part.tag] = tuple(_subtree(one) for one in part.children())
    except DerError:
        return Subtrees()
    return Subtrees(found.get(0xA0, ()), found.get(0xA1, ()))


def _subtree(element: Element) -> Subtree:
    base, bounds = der.first(element), element.children()[1:]
    plain = all(bound.tag == 0x80 and not any(bound.content) for bound in bounds)
    return Subtree(_name(base), plain)


def _name(element: Element) -> GeneralName:
    kind, text = general_name(element)
    return GeneralName(element.tag, element.content, kind, text)


@lru_cache(maxsize=64)
def read_names(data: bytes) -> Names:
    """Return the names of a certificate; those that cannot be read are left out."""
    subject: list[GeneralName] = []
    common: list[bytes] = []
    attributes = 0
    element = subject_element(data)
    try:
        for dotted, value in _attributes(element) if element else ():
            attributes += 1
            if dotted == _COMMON_NAME:
                text = der.string(value)
                common.append(text.encode("utf-8", "replace") if isinstance(text, str) else text)
            elif dotted == _EMAIL_ADDRESS:
                name = _name(Element(EMAIL, value.content, value.raw))
                usable = value.tag == _IA5_STRING
                subject.append(GeneralName(EMAIL, name.content, name.kind, name.text, usable))
    except DerError:
        pass
    if element and attributes:
        text = read_certificate(data).subject
        subject.insert(0, GeneralName(DIRECTORY, element.raw, "directoryName", text))
    return Names(tuple(subject), attributes, _alternatives(data), tuple(common))


def _attributes(subject: Element) -> list[tuple[str, Element]]:
    found = []
    for relative in subject.children():
        for pair in relative.children():
            parts = pair.children()
            if len(parts) != 2:
                raise DerError("an attribute that is not a type and a value")
            found.append((der.oid(parts[0]), parts[1]))
    return found


def _alternatives(data: bytes) -> tuple[GeneralName, ...]:
    value = extension_contents(data, _SUBJECT_ALT_NAME)
    if value is None:
        return ()
    try:
        return tuple(_name(element) for element in der.only(value, der.SEQUENCE).children())
    except DerError:
        return ()
