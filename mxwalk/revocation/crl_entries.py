"""The entries of a CRL, walked in one pass (RFC 5280 5.1.2.6, 5.3).

Half a million entries must not become objects: the walk steps from header to header and reads those
whose serial number is the one looked for.  In an indirect CRL an entry belongs to the issuer that the
last certificateIssuer extension named (RFC 5280 5.3.3).  Unknown critical extensions of other
certificates' entries are not looked for, though RFC 5280 5.3 would have the list set aside for them.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from sys import maxsize

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.revocation import CrlEntry
from mxwalk.language import noted
from mxwalk.limits import CRL_ISSUERS_READ
from mxwalk.revocation.extension import ENUMERATED, Extension, encoded, few, read_extensions
from mxwalk.revocation.names import same_name
from mxwalk.revocation.points import directory_names
from mxwalk.revocation.reasons import reason_name
from mxwalk.tls import der
from mxwalk.tls.der import DerError

_ISSUER = "2.5.29.29"
_ISSUER_OID = re.compile(re.escape(b"\x06\x03\x55\x1d\x1d"))


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
    if not serial:
        raise DerError("the certificate's serial number cannot be read")
    marks = [match.start() for match in _ISSUER_OID.finditer(revoked)] if indirect else []
    walked = _walk(revoked, (serial, _shortest(serial)), marks)
    found = Found(entries=walked.entries)
    places = walked.places
    if indirect:
        naming = _Naming(revoked, walked.naming, list_issuer)
        places = [place for place in places if same_name(naming.issuer_at(place), issuer)]
        if len(places) < len(walked.places):
            found.remarks.append(
                noted("the serial number is listed for another issuer's certificate")
            )
    if places:
        start, end = places[-1]  # the last word counts where there are several
        _take(revoked[start:end], found, issuer if indirect else b"")
    if len(places) > 1:
        found.remarks.append(f"the certificate is listed {len(places)} times")
    return found


def _shortest(serial: bytes) -> bytes:
    """Return an INTEGER as DER has it; a certificate may have it with needless octets in front."""
    try:
        number = der.integer(der.only(serial, der.INTEGER))
    except DerError:  # too long for a number, and then compared as it stands
        return serial
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return encoded(der.INTEGER, number.to_bytes(size, "big", signed=True))


@dataclass(slots=True)
class _Walked:
    """The entries counted, where those with the serial number are, and those that name an issuer."""

    entries: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)
    naming: list[tuple[int, int]] = field(default_factory=list)


def _walk(data: bytes, serials: tuple[bytes, ...], marks: list[int]) -> _Walked:
    """Step over all entries; raises ``DerError`` where one is no entry.

    ``serials`` are forms of the serial number looked for, ``marks`` the positions, ascending, where an
    entry may name an issuer.
    """
    walked = _Walked()
    at, end, count = 0, len(data), 0
    starts = data.startswith
    ahead = iter(marks)
    mark = next(ahead, maxsize)
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
        count += 1
        if starts(serials, at):
            walked.places.append((start, at + size))
        at += size
        if mark < at:
            walked.naming.append((start, at))
            while mark < at:
                mark = next(ahead, maxsize)
    if at != end:
        raise DerError(f"entry {count} is cut short")
    walked.entries = count
    return walked


@dataclass(slots=True)
class _Naming:
    """The issuers that the entries of an indirect CRL belong to (RFC 5280 5.3.3)."""

    data: bytes
    naming: list[tuple[int, int]]
    list_issuer: bytes
    read: int = 0

    def issuer_at(self, place: tuple[int, int]) -> bytes:
        """Return the issuer last named at or before an entry; the CRL's own if there is none."""
        for start, end in reversed(self.naming[: bisect_right(self.naming, place)]):
            self.read += 1
            if self.read > CRL_ISSUERS_READ:
                raise DerError("too many entries look as if they named an issuer")
            name = _named_issuer(self.data[start:end])
            if name is not None:
                return name
        return self.list_issuer


def _named_issuer(entry: bytes) -> bytes | None:
    """Return the issuer an entry names; empty if it cannot be read, ``None`` without one."""
    try:
        value = next((one.value for one in _extensions(entry) if one.oid == _ISSUER), None)
        if value is None:
            return None
        return next(iter(directory_names(few(der.only(value, der.SEQUENCE).content))), b"")
    except DerError:
        return b""


def _extensions(entry: bytes) -> tuple[Extension, ...]:
    parts = few(der.only(entry, der.SEQUENCE).content, 3)
    return read_extensions(parts[2].raw) if len(parts) == 3 else ()


def _take(raw: bytes, found: Found, issuer: bytes) -> None:
    """Read one entry; what cannot be read of it does not make it disappear."""
    revoked_at = reason = invalid_since = ""
    try:
        parts = few(der.only(raw, der.SEQUENCE).content, 3, least=2)
        revoked_at = to_rfc3339(der.time(parts[1]))
    except DerError:
        found.remarks.append(noted("the time of the revocation cannot be read"))
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
