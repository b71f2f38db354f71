"""A certificate revocation list, read for one certificate (RFC 5280 5).

Lists have up to 20 MB and hundreds of thousands of entries.  The outer facts are read as far as they
can be, the entries are walked in one pass, and only those with the certificate's serial number are
read.  Nothing is judged here: a delta CRL is named, and is not applied to a complete one.
"""

import binascii
import re
from dataclasses import dataclass, field

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.revocation import CrlEntry, CrlExtract, CrlSignature
from mxwalk.limits import CRL_BYTES, CRL_NUMBER_BITS
from mxwalk.revocation.crl_entries import find_entry
from mxwalk.revocation.extension import Extension, few, read_extensions, serial_of
from mxwalk.revocation.names import same_name
from mxwalk.revocation.points import full_names, indirect_scope, uris
from mxwalk.revocation.signature import algorithm_name, check_signature, signature_bits
from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.der import DerError, Element

_HARMLESS = {"2.5.29.18", "1.3.6.1.5.5.7.1.1"}  # issuerAltName, authorityInfoAccess
_EXTENSIONS = 0xA0  # crlExtensions [0] (RFC 5280 5.1)
_V2 = 1  # RFC 5280 5.1.2.1: where a version is written, it is v2
_TIMES = (der.UTC_TIME, der.GENERALIZED_TIME)
_PEM = re.compile(rb"-----BEGIN X509 CRL-----\s([^-]*)-----END X509 CRL-----")


@dataclass(slots=True)
class _List:
    """The parts of a CertificateList (RFC 5280 5.1); filled while reading."""

    message: bytes
    algorithm: Element
    signature: Element
    issuer: bytes = b""
    this_update: str = ""
    next_update: str = ""
    number: str = ""
    authority_key_id: str = ""
    base: str = ""
    scope: bytes = b""
    freshest: tuple[str, ...] = ()
    unhandled: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    revoked: bytes = b""


def read_crl(data: bytes, certificate: bytes, issuer: bytes = b"") -> CrlExtract:
    """Return what the list (DER or PEM) says of ``certificate``; never raises.

    The signature is checked with the key of ``issuer``, the certificate of the certificate's issuer.
    It stays unknown without one, and for a list that somebody else made.
    """
    if len(data) > CRL_BYTES:
        return CrlExtract(problem=f"the list has more than {CRL_BYTES} bytes and is not read")
    remarks: list[str] = []
    encoded = _der(data, remarks)
    if not encoded.startswith(b"\x30"):
        return CrlExtract(problem=f"this is no CRL: it begins with {visible(data[:24])!r}")
    try:
        read = _outer(encoded)
    except DerError as error:
        return CrlExtract(problem=f"this is no CRL: {error}")
    read.remarks[:0] = remarks
    problem, entries, entry = "", 0, None
    try:
        entries, entry = _entries(read, certificate)
    except DerError as error:
        problem = f"the entries cannot be read: {error}"
    return CrlExtract(
        issuer=read.issuer,
        this_update=read.this_update,
        next_update=read.next_update,
        number=read.number,
        authority_key_id=read.authority_key_id,
        base=read.base,
        scope=read.scope,
        freshest=read.freshest,
        unhandled=tuple(dict.fromkeys(read.unhandled)),
        entries=entries,
        entry=entry,
        signature=_signature(read, issuer),
        signature_algorithm=algorithm_name(read.algorithm),
        problem=problem,
        remarks=tuple(read.remarks),
    )


def _der(data: bytes, remarks: list[str]) -> bytes:
    """Return the DER inside PEM, or ``data`` itself."""
    if data.startswith(b"\x30"):
        return data
    match = _PEM.search(data)
    if match is None:
        return data
    try:
        encoded = binascii.a2b_base64(match.group(1))
    except binascii.Error:
        return data
    remarks.append("it is PEM, where DER is due over HTTP (RFC 5280 4.2.1.13)")
    return encoded


def _outer(data: bytes) -> _List:
    whole = next(der.elements(data))
    trailing = len(data) - len(whole.raw)
    body, algorithm, signature = few(whole.content, 3, least=3)
    del whole  # a list may have 20 MB, and elements are copies
    read = _List(der.expect(body, der.SEQUENCE).raw, der.expect(algorithm, der.SEQUENCE), signature)
    if trailing:
        read.remarks.append("bytes follow behind it")
    rest = list(few(body.content, 10))
    if rest and rest[0].tag == der.INTEGER and der.integer(rest.pop(0)) != _V2:
        read.remarks.append("its version is not v2 (RFC 5280 5.1.2.1)")
    if len(rest) < 3:
        raise DerError("parts are missing")
    inner, name = rest.pop(0), rest.pop(0)
    read.issuer = der.expect(name, der.SEQUENCE).raw
    if inner.raw != read.algorithm.raw:  # RFC 5280 5.1.1.2
        read.remarks.append("it names two different signature algorithms")
    _times(rest, read)
    if rest and rest[0].tag == der.SEQUENCE:
        read.revoked = rest.pop(0).content
    if rest and rest[0].tag == _EXTENSIONS:
        _extensions(rest.pop(0).content, read)
    if rest:
        read.remarks.append("there are parts that RFC 5280 does not know")
    return read


def _times(rest: list[Element], read: _List) -> None:
    texts = ["", ""]
    for index, which in enumerate(("thisUpdate", "nextUpdate")):
        if not rest or rest[0].tag not in _TIMES:
            read.remarks.append(f"{which} is missing")  # RFC 5280 5.1.2.5 wants both
            continue
        try:
            texts[index] = to_rfc3339(der.time(rest.pop(0)))
        except DerError as error:
            read.remarks.append(f"{which} cannot be read: {error}")
    read.this_update, read.next_update = texts


def _extensions(block: bytes, read: _List) -> None:
    try:
        found = read_extensions(block)
    except DerError as error:
        # What cannot be read may be critical (RFC 5280 5.2).
        read.unhandled.append("extensions that cannot be read")
        read.remarks.append(f"the extensions cannot be read: {error}")
        return
    for extension in found:
        try:
            _extension(extension, read)
        except DerError as error:
            read.remarks.append(f"the extension {extension.oid} cannot be read: {error}")
            if extension.critical:
                read.unhandled.append(extension.oid)


def _extension(extension: Extension, read: _List) -> None:
    match extension.oid:  # RFC 5280 5.2.3, 5.2.4, 5.2.5, 5.2.1, 5.2.6
        case "2.5.29.20":
            read.number = _hex(extension.value)
        case "2.5.29.27":
            read.base = "?"  # a delta CRL even where its base cannot be read
            read.base = _hex(extension.value)
        case "2.5.29.28":
            read.scope = extension.value
        case "2.5.29.35":
            for part in few(der.only(extension.value, der.SEQUENCE).content, 3):
                if part.tag == 0x80:  # keyIdentifier [0] (RFC 5280 4.2.1.1)
                    read.authority_key_id = part.content.hex()
        case "2.5.29.46":
            read.freshest = uris(full_names(extension.value))
        case oid if extension.critical and oid not in _HARMLESS:
            read.unhandled.append(oid)
        case _:
            pass


def _hex(value: bytes) -> str:
    number = der.integer(der.only(value, der.INTEGER))
    if number.bit_length() > CRL_NUMBER_BITS:
        raise DerError("a number that is far too large")
    return f"{number:x}"


def _entries(read: _List, certificate: bytes) -> tuple[int, CrlEntry | None]:
    facts = read_certificate(certificate)
    found = find_entry(
        read.revoked,
        serial_of(certificate),
        facts.issuer_der,
        list_issuer=read.issuer,
        indirect=indirect_scope(read.scope),
    )
    read.unhandled.extend(found.unhandled)
    read.remarks.extend(found.remarks)
    return found.entries, found.entry


def _signature(read: _List, issuer: bytes) -> CrlSignature:
    if not same_name(read.issuer, read_certificate(issuer).subject_der):
        return CrlSignature.UNKNOWN  # another issuer's key is not at hand
    try:
        bits = signature_bits(read.signature)
    except DerError as error:
        read.remarks.append(f"the signature cannot be read: {error}")
        return CrlSignature.WRONG
    return CrlSignature(check_signature(read.algorithm, bits, read.message, issuer).value)
