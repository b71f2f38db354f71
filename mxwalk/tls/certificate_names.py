"""Names inside certificates: distinguished names (X.501) and GeneralNames (RFC 5280 4.2.1.6).

Every name is turned into visible text as it stands, in the order it stands; nothing is lower-cased,
decoded to Unicode or dropped because it looks wrong.
"""

import ipaddress
from dataclasses import dataclass

from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.der import DerError, Element

_ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.13": "description",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "GN",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}
COMMON_NAME = "CN"

# UTF8String, PrintableString, TeletexString, IA5String, VisibleString, UniversalString, BMPString.
_CHARACTER_STRINGS = {0x0C, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E}

# GeneralName ::= CHOICE, tags as encoded (RFC 5280 4.2.1.6).
OTHER, EMAIL, DNS, DIRECTORY, URI, IP, _REGISTERED = 0xA0, 0x81, 0x82, 0xA4, 0x86, 0x87, 0x88
_KINDS = {
    OTHER: "otherName",
    EMAIL: "email",
    DNS: "DNS",
    0xA3: "x400Address",
    DIRECTORY: "directoryName",
    0xA5: "ediPartyName",
    URI: "URI",
    IP: "IP",
    _REGISTERED: "registeredID",
}


@dataclass(frozen=True, slots=True)
class DistinguishedName:
    """A subject or an issuer: ``text`` in one line, ``attributes`` as (type, value) in order.

    ``canonical`` has one entry a relative name; two names are the same when it is (RFC 5280 7.1).
    """

    text: str
    attributes: tuple[tuple[str, str], ...]
    der: bytes
    canonical: tuple[bytes, ...] = ()

    @property
    def common_name(self) -> str | None:
        """The last common name, which is the most specific one."""
        names = [value for kind, value in self.attributes if kind == COMMON_NAME]
        return names[-1] if names else None


NO_NAME = DistinguishedName("", (), b"")


def distinguished_name(element: Element) -> DistinguishedName:
    """Read a Name; raises ``DerError``."""
    attributes: list[tuple[str, str]] = []
    parts: list[str] = []
    canonical: list[bytes] = []
    for relative in der.expect(element, der.SEQUENCE).children():
        members = der.expect(relative, der.SET).children()
        pairs = [_attribute(pair) for pair in members]
        attributes.extend(pairs)
        parts.append("+".join(f"{kind}={_quoted(value)}" for kind, value in pairs))
        canonical.append(b"".join(sorted(_canonical(pair) for pair in members)))
    return DistinguishedName(", ".join(parts), tuple(attributes), element.raw, tuple(canonical))


def _canonical(element: Element) -> bytes:
    """Return an attribute as it is compared: without case, and blanks as one (RFC 5280 7.1).

    As OpenSSL does it, only ASCII letters lose their case, and other types than character strings
    are compared octet by octet.
    """
    kind, value = element.children()
    tag, content = value.tag, value.content
    if tag in _CHARACTER_STRINGS:
        text = der.string(value)
        raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        tag, content = 0x0C, b" ".join(raw.split()).lower()
    return b"%d:%s%d:%d:%s" % (len(kind.content), kind.content, tag, len(content), content)


def _attribute(element: Element) -> tuple[str, str]:
    parts = der.expect(element, der.SEQUENCE).children()
    if len(parts) != 2:
        raise DerError("an attribute that is not a type and a value")
    dotted = der.oid(parts[0])
    return _ATTRIBUTES.get(dotted, dotted), visible(der.string(parts[1]))


def _quoted(value: str) -> str:
    """Escape what separates the parts of a distinguished name (RFC 4514 2.4)."""
    return "".join(f"\\{char}" if char in ',+";<>' else char for char in value)


def general_name(element: Element) -> tuple[str, str]:
    """Read one GeneralName as (kind, visible value); total."""
    kind = _KINDS.get(element.tag, f"tag 0x{element.tag:02x}")
    try:
        return kind, _value(element)
    except DerError:
        return kind, f"0x{element.content.hex()}"


def _value(element: Element) -> str:
    match element.tag:
        case 0x81 | 0x82 | 0x86:
            return visible(element.content)
        case 0x87:
            return _address(element.content)
        case 0x88:
            return der.oid_from(element.content)
        case 0xA4:
            return distinguished_name(der.only(element.content, der.SEQUENCE)).text
        case 0xA0:
            parts = element.children()
            if len(parts) != 2:
                raise DerError("an otherName that is not a type and a value")
            value = next(der.elements(parts[1].content), parts[1])
            return f"{der.oid(parts[0])} {visible(der.string(value))}"
        case _:
            return f"0x{element.content.hex()}"


def _address(content: bytes) -> str:
    match len(content):
        case 4 | 16:
            return str(ipaddress.ip_address(content))
        case 8 | 32:  # a name constraint: address and mask (RFC 5280 4.2.1.10)
            half = len(content) // 2
            address, mask = (
                ipaddress.ip_address(part) for part in (content[:half], content[half:])
            )
            return f"{address}/{mask}"
        case _:
            raise DerError("an address of another length than 4 or 16 octets")
