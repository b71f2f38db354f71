"""What is not well formed in a scenario's HTTP servers."""

from collections.abc import Collection

from mxwalk.http.url import BadUrl, read_url
from mxwalk.lab.http_model import Encoding, HttpSpec, PathSpec
from mxwalk.lab.reading import parse_endpoint, parse_offset

_KINDS = ("crl", "ocsp", "certificates", "body", "redirect", "silent")
_STATUS_KEYS = (
    "revoked", "revoked_at", "reason", "this_update", "next_update", "signer"
)  # fmt: skip
_CRL_KEYS = ("number", "base", "scope", "point", "padding")
_OCSP_KEYS = ("answer", "responder", "produced")
_PADDING = 200_000
_DEFAULT = PathSpec()


def check_http(server: HttpSpec, certificates: Collection[str]) -> None:
    """Raise ``ValueError`` with the place and the reason; ``certificates`` are the names known."""
    if not server.at:
        raise ValueError("an http server has no address in at")
    where = f"http {server.at[0]}"
    for text in server.at:
        parse_endpoint(text)
    if not server.name:
        raise ValueError(f"{where}: name is missing")
    if server.certificate and server.certificate not in certificates:
        raise ValueError(f"{where}: certificate {server.certificate!r} is not defined")
    for path, spec in server.paths.items():
        _check_path(f"{where} {path}", path, spec, certificates)


def _check_path(where: str, path: str, spec: PathSpec, certificates: Collection[str]) -> None:
    if isinstance(read_url(f"http://host.test{path}"), BadUrl) or not path.startswith("/"):
        raise ValueError(f"{where}: this is no path")
    kinds = [kind for kind in _KINDS if getattr(spec, kind) not in ("", (), None, False)]
    if len(kinds) > 1 or not (kinds or spec.status):
        raise ValueError(f"{where}: exactly one of {', '.join(_KINDS)} is needed, or status alone")
    kind = kinds[0] if kinds else ""
    _check_keys(where, spec, kind)
    named = [spec.crl, spec.ocsp, spec.signer, spec.responder, *spec.revoked, *spec.certificates]
    for name in named:
        if name and name not in certificates:
            raise ValueError(f"{where}: certificate {name!r} is not defined")
    for text in (spec.revoked_at, spec.this_update, spec.next_update, spec.produced):
        if text:
            parse_offset(text)
    _check_numbers(where, spec, kind)


def _check_keys(where: str, spec: PathSpec, kind: str) -> None:
    """Refuse keys that have no effect here."""
    allowed = {
        "crl": {*_STATUS_KEYS, *_CRL_KEYS, "encoding"},
        "ocsp": {*_STATUS_KEYS, *_OCSP_KEYS},
        "certificates": {"encoding"},
    }.get(kind, set())
    for key in (*_STATUS_KEYS, *_CRL_KEYS, *_OCSP_KEYS, "encoding"):
        if key not in allowed and getattr(spec, key) != getattr(_DEFAULT, key):
            raise ValueError(f"{where}: {key} has no meaning beside {kind or 'status'}")


def _check_numbers(where: str, spec: PathSpec, kind: str) -> None:
    if spec.delay_s < 0 or spec.cut_off < 0:
        raise ValueError(f"{where}: a time or a number is negative")
    if spec.status and not 200 <= spec.status <= 599:
        raise ValueError(f"{where}: {spec.status} is no status of an answer")
    if not 0 <= spec.padding <= _PADDING:
        raise ValueError(f"{where}: padding goes up to {_PADDING}")
    if kind == "crl" and (not spec.next_update or not spec.this_update):
        raise ValueError(f"{where}: a CRL has this_update and next_update")  # RFC 5280 5.1.2.5
    if kind == "crl" and spec.encoding is Encoding.PKCS7:
        raise ValueError(f"{where}: a CRL is served as der or pem")
    if spec.base is not None and spec.base >= spec.number:
        raise ValueError(f"{where}: base is not below number")
    if len(spec.certificates) > 1 and spec.encoding is Encoding.DER:
        raise ValueError(f"{where}: der holds one certificate; use pem or pkcs7")
