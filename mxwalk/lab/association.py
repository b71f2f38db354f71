"""TLSA data in a scenario's zone text: placeholders that are filled from the scenario's certificates.

``{spki-sha256:mx}`` stands for the data of a record ``... 1 1`` of the certificate ``mx`` (RFC 6698
2.1); selectors are ``cert`` and ``spki``, matching types ``full``, ``sha256`` and ``sha512``.  A
number behind the name cuts the data to that many octets (``{spki-sha256:mx:31}``), which makes a
malformed record.  DKIM keys (``lab.message_keys``) and the macros of SPF have braces as well; anything
else in braces is refused.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_BRACES = re.compile(r"(?<!%)\{(?!dkim:)([^{}]*)\}")
_OTHERS = re.compile(r"%\{[^{}]*\}|\{dkim:[^{}]*\}")
_INSIDE = re.compile(r"(cert|spki)-(full|sha256|sha512):([A-Za-z0-9_-]+)(?::([1-9]\d{0,4}))?")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands between braces: selector, matching type, certificate; ``octets`` 0 for all."""

    selector: str
    matching: str
    certificate: str
    octets: int = 0

    def data(self, certificate: x509.Certificate) -> bytes:
        """Return the association data of the certificate."""
        if self.selector == "cert":
            whole = certificate.public_bytes(Encoding.DER)
        else:
            key = certificate.public_key()
            whole = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if self.matching != "full":
            whole = hashlib.new(self.matching, whole).digest()
        return whole[: self.octets] if self.octets else whole


def placeholders(line: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of a line of a zone.  Raises ``ValueError`` with what is wrong."""
    found = tuple(_read(inside) for inside in _BRACES.findall(line))
    if rest := set(_OTHERS.sub("", _BRACES.sub("", line))) & set("{}"):
        raise ValueError(f"{line!r}: a {rest.pop()!r} without its counterpart")
    return found


def filled(line: str, certificate_named: Callable[[str], x509.Certificate]) -> str:
    """Return the line with hexadecimal data in place of its placeholders."""

    def data(match: re.Match[str]) -> str:
        placeholder = _read(match[1])
        return placeholder.data(certificate_named(placeholder.certificate)).hex()

    return _BRACES.sub(data, line)


def _read(inside: str) -> Placeholder:
    match = _INSIDE.fullmatch(inside)
    if match is None:
        raise ValueError(
            f"{{{inside}}} is not like {{spki-sha256:NAME}}, {{cert-sha512:NAME}} or"
            " {cert-full:NAME}"
        )
    selector, matching, certificate, octets = match.groups()
    return Placeholder(selector, matching, certificate, int(octets or 0))
