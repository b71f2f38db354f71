"""One certificate's status inside an OCSP response (RFC 6960 4.2.1, SingleResponse)."""

from mxwalk.revocation.extension import ENUMERATED, few, read_extensions, serial_of
from mxwalk.revocation.model import Revocation
from mxwalk.revocation.ocsp_model import CertIdMatch, CertStatus, SingleResponse
from mxwalk.revocation.ocsp_request import issuer_hashes
from mxwalk.revocation.reasons import reason_meaning, reason_name
from mxwalk.revocation.signature import hash_name
from mxwalk.tls import der
from mxwalk.tls.der import DerError, Element

_REVOKED = 0xA1  # CertStatus ::= CHOICE, implicitly tagged
_NEXT_UPDATE, _EXTENSIONS = 0xA0, 0xA1


def read_single(element: Element, certificate: bytes, issuer: bytes) -> SingleResponse:
    """Read a SingleResponse and say whom it is about; raises ``DerError``."""
    cert_id, status, this_update, *rest = few(der.expect(element, der.SEQUENCE).content, 5, least=3)
    parts = few(der.expect(cert_id, der.SEQUENCE).content, 4, least=4)
    algorithm, name_hash, key_hash, serial = parts
    hashed = hash_name(der.oid(der.first(algorithm)))
    match = CertIdMatch.UNKNOWN
    hashes = issuer_hashes(certificate, issuer, hashed)
    if hashes is not None:
        same = (name_hash.content, key_hash.content) == (hashes.name, hashes.key)
        match = CertIdMatch.THIS if same else CertIdMatch.OTHER_ISSUER
    if der.integer(serial) != _number(serial_of(certificate)):
        match = CertIdMatch.OTHER_CERTIFICATE
    next_update = next((part for part in rest if part.tag == _NEXT_UPDATE), None)
    return SingleResponse(
        match=match,
        status=_status(status),
        hash_algorithm=hashed,
        serial=f"{der.integer(serial):x}",
        revocation=_revocation(status) if status.tag == _REVOKED else None,
        this_update=der.time(this_update),
        next_update=der.time(der.first(next_update)) if next_update else None,
        unhandled=_unhandled(rest),
    )


def _number(serial: bytes) -> int | None:
    try:
        return der.integer(der.only(serial, der.INTEGER))
    except DerError:
        return None


def _status(element: Element) -> CertStatus:
    match element.tag:
        case 0x80:
            return CertStatus.GOOD
        case 0xA1:
            return CertStatus.REVOKED
        case 0x82:
            return CertStatus.UNKNOWN
        case _:
            raise DerError("a status that RFC 6960 does not know")


def _revocation(element: Element) -> Revocation:
    """Read a RevokedInfo: the time, and the reason where one is given."""
    time, *rest = few(element.content, 2, least=1)
    name = ""
    if rest:
        code = der.expect(der.first(rest[0]), ENUMERATED).content
        name = reason_name(int.from_bytes(code[:2], "big"))
    return Revocation(revoked_at=der.time(time), reason=name, meaning=reason_meaning(name))


def _unhandled(rest: list[Element]) -> tuple[str, ...]:
    """Return the critical extensions: nobody here understands any (RFC 6960 4.4)."""
    block = next((part for part in rest if part.tag == _EXTENSIONS), None)
    found = read_extensions(block.content) if block else ()
    return tuple(one.oid for one in found if one.critical)
