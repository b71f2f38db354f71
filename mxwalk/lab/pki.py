"""The lab's certification authority: exactly the certificates a scenario uses, made when it starts.

Root, intermediate and leaf follow RFC 5280 unless the scenario asks for a fault; validity is
relative to the given time, so nothing here ever goes stale.  Keys are P-256 because they are made
in a fraction of a millisecond.  Nothing is written to disk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mxwalk.lab.certificate import CertificateSpec
from mxwalk.lab.pki_issue import Issued, issue, make_key, unrelated
from mxwalk.lab.sha1 import PrivateKey

_BUILT_IN = {
    "root": CertificateSpec(
        cn="Lab Root CA", issuer="self", authority=True, not_before="-1800d", not_after="+5400d"
    ),
    "intermediate": CertificateSpec(
        cn="Lab Mail CA 1", issuer="root", authority=True, not_before="-400d", not_after="+1400d"
    ),
}


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """What a server presents: certificates as DER, in the order sent, and the first one's key."""

    chain: tuple[bytes, ...]
    key: PrivateKey
    second: tuple[bytes, PrivateKey] | None = None  # the leaf of the other key type


class LabPki:
    """Issues the certificates of one scenario on demand, each once.

    ``certificates`` are the scenario's; ``root`` and ``intermediate`` always exist.  Raises
    ``KeyError`` for names that are neither (scenario validation rules them out).
    """

    def __init__(self, certificates: dict[str, CertificateSpec], now: datetime) -> None:
        self._specs = {**_BUILT_IN, **certificates}
        self._now = now
        self._issued: dict[str, Issued] = {}

    @property
    def now(self) -> datetime:
        """The time that everything here is made around."""
        return self._now

    @property
    def root_pem(self) -> bytes:
        """The root certificate, the lab's trust store."""
        return self.issued("root").certificate.public_bytes(Encoding.PEM)

    def identity(self, name: str, second: str = "") -> ServerIdentity:
        """Return the chain a server with the certificate ``name`` presents, and its key.

        ``second`` names its leaf of the other key type, if it has one.
        """
        spec = self._specs[name]
        names = self._default_chain(name) if spec.send is None else spec.send
        sent = [*(self.certificate(each) for each in names), *unrelated(spec.extras, self._now)]
        return ServerIdentity(
            chain=tuple(each.public_bytes(Encoding.DER) for each in sent),
            key=self.issued(name).key,
            second=self._leaf(second) if second else None,
        )

    def _leaf(self, name: str) -> tuple[bytes, PrivateKey]:
        one = self.issued(name)
        return one.certificate.public_bytes(Encoding.DER), one.key

    def certificate(self, name: str) -> x509.Certificate:
        """Return a certificate."""
        return self.issued(name).certificate

    def issued(self, name: str) -> Issued:
        """Return a certificate and its key, made at the first call."""
        if name not in self._issued:
            spec = self._specs[name]
            other = self.issued(spec.key_of) if spec.key_of else None
            key = other.key if other else make_key(spec.key)
            subject = other.certificate.subject if other else None
            issuer = None if spec.issuer == "self" else self.issued(spec.issuer)
            self._issued[name] = issue(spec, key, issuer, self._now, subject)
        return self._issued[name]

    def issuer_of(self, name: str) -> str:
        """Return the name of a certificate's issuer, itself for a self-signed one."""
        issuer = self._specs[name].issuer
        return name if issuer == "self" else issuer

    def issued_by(self, issuer: str) -> Iterator[str]:
        """Yield the names of the certificates that ``issuer`` issues, itself excluded."""
        return (name for name, spec in self._specs.items() if spec.issuer == issuer)

    def _default_chain(self, name: str) -> tuple[str, ...]:
        # RFC 8446 4.4.2: each certificate certifies the one before; the root may be left out.
        chain = [name]
        while (issuer := self._specs[chain[-1]].issuer) not in ("root", "self"):
            chain.append(issuer)
        return tuple(chain)
