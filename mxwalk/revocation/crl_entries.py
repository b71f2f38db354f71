"""The entries of a CRL, walked in one pass (RFC 5280 5.1.2.6, 5.3).

Half a million entries must not become objects: the walk steps from header to header and reads those
whose serial number is the one looked for.  In an indirect CRL an entry belongs to the issuer that the
last certificateIssuer extension named (RFC 5280 5.3.3), so there all entries with one are read.
"""

from dataclasses import dataclass, field

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.revocation import CrlEntry
from mxwalk.revocation.extension import ENUMERATED, Extension, few, read_extensions
from mxwalk.revocation.names import same_name
from mxwalk.revocation.reasons import reason_name
from mxwalk.revocation.scope import directory_names
from mxwalk.tls import der
from mxwalk.tls.der import DerError

_ISSUER = "2.5.29.29"
_ISSUER_OID = b"\x06\x03\x55\x1d\x1d"


@dataclass(slots=True)
class Found:
    """How many entries there are, and what was found among them."""

    entries: int = 0
    entry: CrlEntry | None = None
    unhandled: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def find_entry(
    revoked: bytes, serial: bytes, issuer: bytes, *, list_issuer: bytes, indirect: bool
) -> Found:
    """Look for a certificate in the contents of revokedCertificates; raises ``DerError``.

    ``serial`` is the certificate's INTEGER as encoded, ``issuer`` and ``list_issuer`` are Names.
    """
    found = Found()
    found.entries, places = _walk(revoked, serial)
    if indirect and _ISSUER_OID in revoked:
        _among_several(revoked, serial, issuer, list_issuer, found)
    elif places and indirect and not same_name(issuer, list_issuer):
        found.remarks.append("the serial number is listed for a certificate of the CRL's issuer")
    elif places:
        _take(revoked[slice(*places[-1])], found)  # the last word counts where there are several
        if len(places) > 1:
            found.remarks.append(f"the certificate is listed {len(places)} times")
    return found


def _walk(data: bytes, serial: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Count the entries, and return where those with the serial number are."""
    at, end, count = 0, len(data), 0
    places: list[tuple[int, int]] = []
    starts = data.startswith
    while at < end:
        start = at
        if data[at] != der.SEQUENCE or at + 2 > end:
            raise DerError(f"entry {count + 1} is no sequence")
        size = data[at + 1]
        at += 2
        if size >= 0x80:
            octets = size & 0x7F
            if not 1 <= octets <= 4 or at + octets > end:
                raise DerError(f"entry {count + 1} has a length that DER does not allow")
            size = int.from_bytes(data[at : at + octets], "big")
            at += octets
        if serial and starts(serial, at):
            places.append((start, at + size))
        at += size
        count += 1
    if at != end:
        raise DerError(f"entry {count} is cut short")
    return count, places


def _among_several(
    data: bytes, serial: bytes, issuer: bytes, list_issuer: bytes, found: Found
) -> None:
    """Look for the certificate among entries of several issuers (RFC 5280 5.3.3)."""
    current = list_issuer
    for element in der.elements(data):
        if _ISSUER_OID in element.content:
            current = _named_issuer(element.raw, current)
        if element.content.startswith(serial) and same_name(current, issuer):
            _take(element.raw, found, issuer=current)


def _named_issuer(entry: bytes, current: bytes) -> bytes:
    """Return the issuer an entry names; one that cannot be read belongs to nobody."""
    try:
        value = next((one.value for one in _extensions(entry) if one.oid == _ISSUER), None)
        if value is None:
            return current
        return next(iter(directory_names(few(der.only(value, der.SEQUENCE).content))), b"")
    except DerError:
        return b""


def _extensions(entry: bytes) -> tuple[Extension, ...]:
    parts = few(der.only(entry, der.SEQUENCE).content, 3)
    return read_extensions(parts[2].raw) if len(parts) == 3 else ()


def _take(raw: bytes, found: Found, *, issuer: bytes = b"") -> None:
    """Read one entry; what cannot be read of it does not make it disappear."""
    revoked_at = reason = invalid_since = ""
    try:
        parts = few(der.only(raw, der.SEQUENCE).content, 3, least=2)
        revoked_at = to_rfc3339(der.time(parts[1]))
    except DerError:
        found.remarks.append("the time of the revocation cannot be read")
    try:
        for one in _extensions(raw):
            match one.oid:  # RFC 5280 5.3.1, 5.3.2
                case "2.5.29.21":
                    code = der.expect(der.only(one.value, ENUMERATED), ENUMERATED).content
                    reason = reason_name(int.from_bytes(code[:2], "big"))
                case "2.5.29.24":
                    time = der.only(one.value, der.GENERALIZED_TIME)
                    invalid_since = to_rfc3339(der.time(time))
                case oid if one.critical and oid != _ISSUER:
                    found.unhandled.append(f"{oid} (of the entry)")
                case _:
                    pass
    except DerError as error:
        found.remarks.append(f"the extensions of the entry cannot be read: {error}")
    found.entry = CrlEntry(
        revoked_at=revoked_at, reason=reason, invalid_since=invalid_since, issuer=issuer
    )
