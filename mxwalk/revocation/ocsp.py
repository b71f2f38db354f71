"""An OCSP response, read for one certificate (RFC 6960 4.2).

Whatever a responder or a server's staple holds is read as far as it goes; nothing is raised, and
nothing is judged at a time: that is left to those who know which time counts.
"""

from mxwalk.language import per_language, say
from mxwalk.limits import OCSP_BYTES, OCSP_CERTIFICATES, OCSP_SINGLE_RESPONSES
from mxwalk.revocation.extension import ENUMERATED, few, read_extensions
from mxwalk.revocation.ocsp_model import (
    CertIdMatch,
    OcspRead,
    ResponseStatus,
    SingleResponse,
)
from mxwalk.revocation.ocsp_request import ocsp_request
from mxwalk.revocation.ocsp_signer import Responder, authority, find_signer
from mxwalk.revocation.ocsp_single import read_single
from mxwalk.revocation.signature import algorithm_name, signature_bits
from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.der import DerError, Element

__all__ = ["ocsp_request", "read_ocsp"]

_BASIC = "1.3.6.1.5.5.7.48.1.1"
_NONCE = "1.3.6.1.5.5.7.48.1.2"
_HARMLESS = {_NONCE, "1.3.6.1.5.5.7.48.1.9"}  # the nonce and extended-revoke (RFC 6960 4.4)
_STATUSES = {
    0: ResponseStatus.SUCCESSFUL,
    1: ResponseStatus.MALFORMED_REQUEST,
    2: ResponseStatus.INTERNAL_ERROR,
    3: ResponseStatus.TRY_LATER,
    5: ResponseStatus.SIG_REQUIRED,
    6: ResponseStatus.UNAUTHORIZED,
}


@per_language(maxsize=64)
def read_ocsp(response: bytes, certificate: bytes, issuer: bytes = b"") -> OcspRead:
    """Return what a response in DER says of ``certificate``; never raises.

    ``issuer`` is the certificate of its issuer; without it signer and CertID stay unknown.
    """
    if len(response) > OCSP_BYTES:
        problem = say(
            "the response has more than {ocsp_bytes} bytes and is not read", ocsp_bytes=OCSP_BYTES
        )
        return OcspRead(status=ResponseStatus.UNREADABLE, problem=problem)
    try:
        status, inner = _outer(response)
        if status is not ResponseStatus.SUCCESSFUL:
            return OcspRead(status=status)
        return _basic(inner, certificate, issuer)
    except DerError as error:
        what = say("this is no OCSP response: {error}", error=error)
        if not response.startswith(b"\x30"):
            what = say(
                "this is no OCSP response: it begins with {response!r}",
                response=visible(response[:24]),
            )
        return OcspRead(status=ResponseStatus.UNREADABLE, problem=what)


def _outer(response: bytes) -> tuple[ResponseStatus, bytes]:
    """Return the status and the BasicOCSPResponse inside; raises ``DerError``."""
    parts = few(der.only(response, der.SEQUENCE).content, 2, least=1)
    code = der.expect(parts[0], ENUMERATED).content
    status = _STATUSES.get(int.from_bytes(code[:4], "big"), ResponseStatus.OTHER)
    if status is not ResponseStatus.SUCCESSFUL:
        return status, b""
    if len(parts) < 2:
        raise DerError("it holds no answer")
    kind, value = few(der.first(parts[1]).content, 2, least=2)
    if der.oid(kind) != _BASIC:
        raise DerError("a type of response that nobody here knows")
    return status, der.expect(value, der.OCTET_STRING).content


def _basic(data: bytes, certificate: bytes, issuer: bytes) -> OcspRead:
    """Read a BasicOCSPResponse; raises ``DerError``, or ``IndexError`` where parts are missing."""
    body, algorithm, signature, *rest = few(der.only(data, der.SEQUENCE).content, 4, least=3)
    parts = list(few(body.content, 5, least=3))
    if parts[0].tag == 0xA0:  # version [0]
        parts.pop(0)
    if len(parts) < 3:
        raise DerError("parts are missing")
    responder = Responder(parts[0])
    remarks: list[str] = []
    unhandled: list[str] = []
    produced_at = der.time(parts[1])
    answers = _answers(parts[2], certificate, issuer, remarks)
    nonce = _extensions(parts[3:], unhandled)
    signer = find_signer(
        responder, _certificates(rest, remarks), issuer,
        algorithm=algorithm, signature=signature_bits(signature), message=body.raw,
    )  # fmt: skip
    kind, problem = authority(signer, certificate, issuer)
    return OcspRead(
        status=ResponseStatus.SUCCESSFUL,
        responder=responder.text,
        produced_at=produced_at,
        signature=signer.signature,
        signature_algorithm=algorithm_name(algorithm),
        signer=kind,
        signer_certificate=signer.certificate if signer.certificate != issuer else b"",
        signer_problem=problem,
        nocheck=signer.nocheck,
        nonce=nonce,
        answers=answers,
        answer=_answer(answers),
        unhandled=tuple(unhandled),
        remarks=tuple(remarks),
    )


def _answers(
    element: Element, certificate: bytes, issuer: bytes, remarks: list[str]
) -> tuple[SingleResponse, ...]:
    answers: list[SingleResponse] = []
    for one in der.elements(der.expect(element, der.SEQUENCE).content):
        if len(answers) + len(remarks) == OCSP_SINGLE_RESPONSES:
            remarks.append(
                say(
                    "only the first {ocsp_single_responses} certificates of it are read",
                    ocsp_single_responses=OCSP_SINGLE_RESPONSES,
                )
            )
            break
        try:
            answers.append(read_single(one, certificate, issuer))
        except DerError as error:
            remarks.append(say("one of its statuses cannot be read: {error}", error=error))
    return tuple(answers)


def _answer(answers: tuple[SingleResponse, ...]) -> SingleResponse | None:
    """Return the answer about the certificate; the newest where there are several."""
    ours = [one for one in answers if one.match is CertIdMatch.THIS]
    return max(ours, key=_newest, default=None)


def _newest(answer: SingleResponse) -> float:
    return answer.this_update.timestamp() if answer.this_update else 0.0


def _extensions(parts: list[Element], unhandled: list[str]) -> bool:
    """Note critical extensions; return whether there is a nonce (RFC 9654)."""
    block = next((part for part in parts if part.tag == 0xA1), None)
    if block is None:
        return False
    found = read_extensions(block.content)
    unhandled.extend(one.oid for one in found if one.critical and one.oid not in _HARMLESS)
    return any(one.oid == _NONCE for one in found)


def _certificates(rest: list[Element], remarks: list[str]) -> tuple[bytes, ...]:
    """Return the certificates that came along, as many as are reasonable."""
    block = next((part for part in rest if part.tag == 0xA0), None)
    if block is None:
        return ()
    found: list[bytes] = []
    for element in der.elements(der.only(block.content, der.SEQUENCE).content):
        if len(found) == OCSP_CERTIFICATES:
            remarks.append(
                say(
                    "only the first {ocsp_certificates} certificates in it are read",
                    ocsp_certificates=OCSP_CERTIFICATES,
                )
            )
            break
        found.append(element.raw)
    return tuple(found)
