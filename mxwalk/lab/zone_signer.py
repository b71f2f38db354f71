"""The key of a zone, its DS record, and its signatures, made when somebody asks (RFC 4034).

A zone has one key for everything (a CSK).  The faults of ``ZoneFault`` that concern
keys, DS records and signatures are made here.
"""

from datetime import datetime, timedelta
from typing import assert_never

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from dns.dnssectypes import Algorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from mxwalk.lab.zones import ZoneAlgorithm, ZoneFault, ZoneSpec

_SECURE_ENTRY_POINT = 257  # zone key and SEP bit, RFC 4034 2.1.1
_PRIVATE_ALGORITHM = 253  # PRIVATEDNS: no validator supports it
_DAY = timedelta(days=1)

Name = dns.name.Name
RRset = dns.rrset.RRset


_PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
_NUMBERS = {
    ZoneAlgorithm.RSA: Algorithm.RSASHA256,
    ZoneAlgorithm.ECDSA: Algorithm.ECDSAP256SHA256,
    ZoneAlgorithm.ED25519: Algorithm.ED25519,
}


def _private_key(algorithm: ZoneAlgorithm) -> _PrivateKey:
    match algorithm:
        case ZoneAlgorithm.RSA:
            return rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        case ZoneAlgorithm.ECDSA:
            return ec.generate_private_key(ec.SECP256R1())
        case ZoneAlgorithm.ED25519:
            return ed25519.Ed25519PrivateKey.generate()
        case _:
            assert_never(algorithm)


class _Key:
    def __init__(self, algorithm: ZoneAlgorithm) -> None:
        self.private = _private_key(algorithm)
        self.dnskey: DNSKEY = dns.dnssec.make_dnskey(
            self.private.public_key(), _NUMBERS[algorithm], flags=_SECURE_ENTRY_POINT
        )


class ZoneSigner:
    """Signs the RRsets of one zone, each once."""

    def __init__(self, origin: Name, spec: ZoneSpec, now: datetime) -> None:
        self._origin = origin
        self._faults = spec.faults
        self._algorithm = spec.algorithm
        self._now = now
        self._key = _Key(spec.algorithm)
        self._signatures: dict[tuple[Name, dns.rdatatype.RdataType], RRset] = {}

    @property
    def dnskey(self) -> DNSKEY:
        """The one record of the DNSKEY set."""
        return self._key.dnskey

    def ds(self) -> DS:
        """Return the DS record the parent publishes, with SHA-256 (RFC 4509)."""
        key = _Key(self._algorithm) if ZoneFault.STALE_DS in self._faults else self._key
        ds = dns.dnssec.make_ds(self._origin, key.dnskey, "SHA256")
        if ZoneFault.UNKNOWN_ALGORITHM in self._faults:
            changed = ds.replace(algorithm=_PRIVATE_ALGORITHM)
            assert isinstance(changed, DS)
            return changed
        return ds

    def signature(self, rrset: RRset) -> RRset | None:
        """Return the RRSIG set over ``rrset``; ``None`` when the fault is that there is none."""
        is_keys = rrset.rdtype == dns.rdatatype.DNSKEY
        if ZoneFault.MISSING_RRSIG in self._faults and not is_keys:
            return None
        at = (rrset.name, rrset.rdtype)
        if at not in self._signatures:
            self._signatures[at] = self._sign(rrset, is_keys=is_keys)
        return self._signatures[at]

    def _sign(self, rrset: RRset, *, is_keys: bool) -> RRset:
        foreign = ZoneFault.WRONG_KEY in self._faults and not is_keys
        key = _Key(self._algorithm) if foreign else self._key
        inception, expiration = self._validity()
        rrsig = dns.dnssec.sign(
            rrset, key.private, self._origin, key.dnskey, inception=inception, expiration=expiration
        )
        if ZoneFault.BAD_SIGNATURE in self._faults and not is_keys:
            octets = bytes(rrsig.signature)
            spoilt = rrsig.replace(signature=octets[:-1] + bytes([octets[-1] ^ 1]))
            return dns.rrset.from_rdata(rrset.name, rrset.ttl, spoilt)
        return dns.rrset.from_rdata(rrset.name, rrset.ttl, rrsig)

    def _validity(self) -> tuple[datetime, datetime]:
        if ZoneFault.EXPIRED in self._faults:
            return self._now - 30 * _DAY, self._now - 3 * _DAY
        if ZoneFault.NOT_YET in self._faults:
            return self._now + 3 * _DAY, self._now + 30 * _DAY
        return self._now - _DAY, self._now + 14 * _DAY
