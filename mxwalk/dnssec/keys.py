"""From a DS set, or trust anchors, to the keys of a zone (RFC 4035 5.2)."""

import hmac
from collections.abc import Iterable, Sequence

import dns.dnssec
import dns.exception
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from mxwalk.dnssec.algorithms import ALGORITHMS, DIGESTS
from mxwalk.dnssec.message import SignedSet
from mxwalk.dnssec.model import DsRecord, KeyRecord
from mxwalk.dnssec.names import Name
from mxwalk.dnssec.signatures import is_zone_key
from mxwalk.limits import DNSSEC_DIGESTS_PER_SET

_SHA1 = 1
_EC_BITS = {13: 256, 14: 384, 15: 256, 16: 456}
_RECORDS_SHOWN = 64


def usable_ds(records: Iterable[DS]) -> list[DS]:
    """Return the DS records a validator may use; SHA-1 yields to anything stronger (RFC 4509 3)."""
    known = [
        each for each in records if each.algorithm in ALGORITHMS and each.digest_type in DIGESTS
    ]
    stronger = [each for each in known if each.digest_type != _SHA1]
    return stronger or known


def tagged(rrset: SignedSet) -> tuple[tuple[int, DNSKEY], ...]:
    """Return the keys of a DNSKEY set with their tags."""
    return tuple((dns.dnssec.key_id(each), each) for each in rrset.data if isinstance(each, DNSKEY))


def matched(
    zone: Name, keys: Sequence[tuple[int, DNSKEY]], records: Iterable[DS]
) -> dict[DS, list[tuple[int, DNSKEY]]]:
    """Return which keys each DS record is the digest of, with bounded work."""
    left = DNSSEC_DIGESTS_PER_SET
    found: dict[DS, list[tuple[int, DNSKEY]]] = {}
    for ds in records:
        found[ds] = []
        for tag, key in keys:
            if tag != ds.key_tag or key.algorithm != ds.algorithm or not is_zone_key(key):
                continue
            if left <= 0:
                return found
            left -= 1
            if _is_digest_of(ds, zone, key):
                found[ds].append((tag, key))
    return found


def _is_digest_of(ds: DS, zone: Name, key: DNSKEY) -> bool:
    try:
        made = dns.dnssec.make_ds(zone, key, ds.digest_type, validating=True)
    except (dns.exception.DNSException, ValueError):
        return False
    return hmac.compare_digest(made.digest, ds.digest)


def ds_records(
    records: Iterable[DS], matches: dict[DS, list[tuple[int, DNSKEY]]]
) -> tuple[DsRecord, ...]:
    """Return the DS set for people."""
    every = list(records)[:_RECORDS_SHOWN]
    usable = set(usable_ds(every))
    return tuple(
        DsRecord(
            key_tag=each.key_tag,
            algorithm=int(each.algorithm),
            digest_type=int(each.digest_type),
            digest=each.digest.hex(),
            usable=each in usable,
            matches=tuple(tag for tag, _ in matches.get(each, ())),
        )
        for each in every
    )


def key_records(
    keys: Sequence[tuple[int, DNSKEY]],
    entries: Iterable[tuple[int, DNSKEY]] = (),
    signers: frozenset[int] = frozenset(),
) -> tuple[KeyRecord, ...]:
    """Return the DNSKEY set for people."""
    matching = {key for _, key in entries}
    return tuple(
        KeyRecord(
            key_tag=tag,
            flags=int(key.flags),
            algorithm=int(key.algorithm),
            bits=_bits(key),
            matched=key in matching,
            signs_keys=key in matching and tag in signers,
        )
        for tag, key in keys[:_RECORDS_SHOWN]
    )


def _bits(key: DNSKEY) -> int:
    """Return the size of the key; of an RSA key its modulus (RFC 3110 2)."""
    if key.algorithm in _EC_BITS:
        return _EC_BITS[key.algorithm]
    octets = key.key
    if key.algorithm not in {1, 5, 7, 8, 10} or len(octets) < 3:
        return 0
    start = 1 + octets[0] if octets[0] else 3 + int.from_bytes(octets[1:3], "big")
    return int.from_bytes(octets[start:], "big").bit_length()
