"""The certificate extensions that a chain view explains (RFC 5280 4.2), each read on its own.

An extension that cannot be read becomes a note and does not hide the others.  Extensions that are
not explained are still listed with their identifier and criticality.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mxwalk.limits import CERTIFICATE_NAMES_SHOWN
from mxwalk.tls import der
from mxwalk.tls.certificate_names import DIRECTORY, DNS, URI, distinguished_name, general_name
from mxwalk.tls.der import DerError, Element
from mxwalk.tls.timestamps import SignedTimestamp, read_timestamps

_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
_PURPOSES = {
    "2.5.29.37.0": "anyExtendedKeyUsage",
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "1.3.6.1.4.1.311.10.3.3": "msSGC",
    "2.16.840.1.113730.4.1": "nsSGC",
}
_OCSP = "1.3.6.1.5.5.7.48.1"
_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
_STATUS_REQUEST = 5  # RFC 7633 4.2.3.1: the TLS extension a must-staple certificate names


@dataclass(slots=True)
class Extensions:
    """What the extensions of one certificate say; filled while reading."""

    dns_names: tuple[str, ...] = ()
    other_names: tuple[tuple[str, str], ...] = ()
    has_subject_alt_name: bool = False
    is_ca: bool = False
    path_length: int | None = None
    key_usage: tuple[str, ...] = ()
    extended_key_usage: tuple[str, ...] = ()
    authority_key_id: str = ""
    subject_key_id: str = ""
    ocsp_urls: tuple[str, ...] = ()
    ca_issuer_urls: tuple[str, ...] = ()
    crl_urls: tuple[str, ...] = ()
    name_constraints: tuple[str, ...] = ()
    must_staple: bool = False
    authority_issuer: tuple[bytes, ...] | None = None
    authority_serial: str = ""
    policies: tuple[str, ...] = ()
    explicit_policy_after: int | None = None
    any_policy_until: int | None = None
    netscape_types: tuple[int, ...] = ()
    timestamps: tuple[SignedTimestamp, ...] = ()
    listed: tuple[tuple[str, bool], ...] = ()
    unreadable: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)


def read_extensions(block: Iterable[Element]) -> Extensions:
    """Read the elements of an Extensions sequence; never raises."""
    found = Extensions()
    listed: list[tuple[str, bool]] = []
    for element in block:
        try:
            dotted, critical, value = _extension(element)
        except DerError as error:
            found.problems.append(f"an extension cannot be read: {error}")
            continue
        name, reader = _READERS.get(dotted, (dotted, None))
        if any(name == known for known, _ in listed):  # RFC 5280 4.2
            found.problems.append(f"the extension {name} occurs more than once")
            found.repeated += (name,)
            continue
        listed.append((name, critical))
        if reader is None:
            continue
        try:
            reader(value, found)
        except DerError as error:
            found.problems.append(f"the extension {name} cannot be read: {error}")
            found.unreadable += (name,)
    found.listed = tuple(listed)
    return found


def extension_value(block: Iterable[Element], dotted: str) -> bytes | None:
    """Return the contents of the first extension of that identifier; total."""
    for element in block:
        try:
            found, _, value = _extension(element)
        except DerError:
            continue
        if found == dotted:
            return value
    return None


def _extension(element: Element) -> tuple[str, bool, bytes]:
    parts = der.expect(element, der.SEQUENCE).children()
    if len(parts) not in {2, 3}:
        raise DerError("it has neither two nor three parts")
    critical = len(parts) == 3 and der.expect(parts[1], der.BOOLEAN).content != b"\0"
    return der.oid(parts[0]), critical, der.expect(parts[-1], der.OCTET_STRING).content


def _sequence(value: bytes) -> tuple[Element, ...]:
    return der.only(value, der.SEQUENCE).children()


def _subject_alt_name(value: bytes, found: Extensions) -> None:
    found.has_subject_alt_name = True
    dns: list[str] = []
    others: list[tuple[str, str]] = []
    try:
        for element in der.elements(der.only(value, der.SEQUENCE).content):
            if len(dns) + len(others) >= CERTIFICATE_NAMES_SHOWN:
                found.problems.append(f"only the first {CERTIFICATE_NAMES_SHOWN} names are read")
                break
            kind, text = general_name(element)
            if element.tag == DNS:
                dns.append(text)
            else:
                others.append((kind, text))
    finally:  # names before the one that cannot be read are kept
        found.dns_names = tuple(dns)
        found.other_names = tuple(others)


def _basic_constraints(value: bytes, found: Extensions) -> None:
    for part in _sequence(value):
        if part.tag == der.BOOLEAN:
            found.is_ca = part.content != b"\0"
        else:
            found.path_length = der.integer(part)


def _key_usage(value: bytes, found: Extensions) -> None:
    numbers = der.bits(der.only(value, der.BIT_STRING))
    found.key_usage = tuple(
        _USAGES[number] if number < len(_USAGES) else f"bit {number}" for number in numbers
    )


def _extended_key_usage(value: bytes, found: Extensions) -> None:
    dotted = [der.oid(part) for part in _sequence(value)]
    found.extended_key_usage = tuple(_PURPOSES.get(one, one) for one in dotted)


def _authority_key_id(value: bytes, found: Extensions) -> None:
    for part in _sequence(value):
        match part.tag:  # RFC 5280 4.2.1.1
            case 0x80:  # keyIdentifier [0]
                found.authority_key_id = part.content.hex()
            case 0xA1:  # authorityCertIssuer [1]
                names = [name for name in part.children() if name.tag == DIRECTORY]
                if names:
                    inner = der.only(names[0].content, der.SEQUENCE)
                    found.authority_issuer = distinguished_name(inner).canonical
            case 0x82:  # authorityCertSerialNumber [2]
                found.authority_serial = f"{der.integer_from(part.content):x}"


def _subject_key_id(value: bytes, found: Extensions) -> None:
    found.subject_key_id = der.only(value, der.OCTET_STRING).content.hex()


def _authority_access(value: bytes, found: Extensions) -> None:
    urls: dict[str, list[str]] = {_OCSP: [], _CA_ISSUERS: []}
    for description in _sequence(value):
        parts = der.expect(description, der.SEQUENCE).children()
        if len(parts) == 2 and parts[1].tag == URI:
            urls.setdefault(der.oid(parts[0]), []).append(general_name(parts[1])[1])
    found.ocsp_urls, found.ca_issuer_urls = tuple(urls[_OCSP]), tuple(urls[_CA_ISSUERS])


def _crl_points(value: bytes, found: Extensions) -> None:
    urls: list[str] = []
    for point in _sequence(value):
        for part in point.children():
            if part.tag != 0xA0:  # distributionPoint [0] (RFC 5280 4.2.1.13)
                continue
            for name in part.children():
                if name.tag == 0xA0:  # fullName [0]
                    urls += [general_name(one)[1] for one in name.children() if one.tag == URI]
    found.crl_urls = tuple(urls)


def _name_constraints(value: bytes, found: Extensions) -> None:
    rules: list[str] = []
    for part in _sequence(value):
        word = {0xA0: "permitted", 0xA1: "excluded"}.get(part.tag, f"tag 0x{part.tag:02x}")
        for subtree in part.children():
            kind, text = general_name(der.first(subtree))
            rules.append(f"{word} {kind} {text or '(everything)'}")
    found.name_constraints = tuple(rules)


def _policies(value: bytes, found: Extensions) -> None:
    found.policies = tuple(der.oid(der.first(part)) for part in _sequence(value))


def _policy_constraints(value: bytes, found: Extensions) -> None:
    for part in _sequence(value):
        if part.tag == 0x80:  # requireExplicitPolicy [0] (RFC 5280 4.2.1.11)
            found.explicit_policy_after = der.integer_from(part.content)


def _inhibit_any_policy(value: bytes, found: Extensions) -> None:
    found.any_policy_until = der.integer(der.only(value, der.INTEGER))


def _netscape_type(value: bytes, found: Extensions) -> None:
    found.netscape_types = der.bits(der.only(value, der.BIT_STRING))


def _timestamps(value: bytes, found: Extensions) -> None:
    found.timestamps = read_timestamps(der.only(value, der.OCTET_STRING).content)


def _tls_feature(value: bytes, found: Extensions) -> None:
    found.must_staple = any(der.integer(part) == _STATUS_REQUEST for part in _sequence(value))


_READERS: dict[str, tuple[str, Callable[[bytes, Extensions], None] | None]] = {
    "2.5.29.14": ("subjectKeyIdentifier", _subject_key_id),
    "2.5.29.15": ("keyUsage", _key_usage),
    "2.5.29.17": ("subjectAltName", _subject_alt_name),
    "2.5.29.18": ("issuerAltName", None),
    "2.5.29.19": ("basicConstraints", _basic_constraints),
    "2.5.29.30": ("nameConstraints", _name_constraints),
    "2.5.29.31": ("cRLDistributionPoints", _crl_points),
    "2.5.29.32": ("certificatePolicies", _policies),
    "2.5.29.35": ("authorityKeyIdentifier", _authority_key_id),
    "2.5.29.36": ("policyConstraints", _policy_constraints),
    "2.5.29.37": ("extendedKeyUsage", _extended_key_usage),
    "2.5.29.33": ("policyMappings", None),
    "2.5.29.54": ("inhibitAnyPolicy", _inhibit_any_policy),
    "2.16.840.1.113730.1.1": ("netscapeCertType", _netscape_type),
    "1.3.6.1.5.5.7.48.1.5": ("ocspNoCheck", None),
    "1.3.6.1.5.5.7.1.7": ("ipAddrBlocks", None),
    "1.3.6.1.5.5.7.1.8": ("autonomousSysIds", None),
    "1.3.6.1.5.5.7.1.14": ("proxyCertInfo", None),
    "1.3.6.1.5.5.7.1.1": ("authorityInfoAccess", _authority_access),
    "1.3.6.1.5.5.7.1.24": ("tlsFeature", _tls_feature),
    "1.3.6.1.4.1.11129.2.4.2": ("signedCertificateTimestamps", _timestamps),
    "1.3.6.1.4.1.11129.2.4.3": ("precertificatePoison", None),
}
