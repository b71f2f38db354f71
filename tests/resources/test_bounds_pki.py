"""Bounds of certificates, revocation lists, DANE and trust anchors: what is read of one, and tried."""

import pytest
from cryptography import x509

from mxwalk.dane.result import RecordOutcome
from mxwalk.dnssec.anchors import read_anchors
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.extension import encoded
from mxwalk.tls import der
from mxwalk.tls.der import DerError
from tests.dane.test_authenticate import FULL, outcome
from tests.dane.world import NOW, intermediate, record, root
from tests.resources.lowering import Probe, accepted, check
from tests.revocation.papers import crl
from tests.revocation.test_crl import read, unrecognized
from tests.revocation.test_hostile import CA, LEAF, body_of
from tests.tls.pki import DAY, issue
from tests.tls.test_transcript import TLS_1_2, extension, seen, server_hello

_INDIRECT = b"\x30\x10\x06\x03\x55\x1d\x1c\x01\x01\xff\x04\x06\x30\x04\x84\x02\xff\xff"
_LOOKS_LIKE_AN_ISSUER = encoded(0x30, b"\x06\x03\x55\x1d\x1d")


def _entries_before(count: int) -> int:
    """Entries that seem to name an issuer, read on the way back from the certificate's."""
    number = x509.load_der_x509_certificate(LEAF).serial_number
    serial = encoded(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))
    mine = encoded(0x30, serial + b"\x17\x0d260614000000Z")
    entries = encoded(0x30, _LOOKS_LIKE_AN_ISSUER * count + mine)
    data = body_of(entries, encoded(0xA0, encoded(0x30, _INDIRECT)))
    return count if read_crl(data, LEAF, CA).entry else 0


def _extensions(count: int) -> int:
    unknown = tuple(unrecognized(f"1.2.3.{one}", critical=True) for one in range(count))
    return len(read(crl(extensions=unknown)).unhandled)


def _number(bits: int) -> int:
    numbered = crl(extensions=((x509.CRLNumber(1 << bits), False),))
    return bits if read(numbered).number else 0


def _octets(read_: object, size: int) -> int:
    try:
        read_(b"\x2a" * size)  # type: ignore[operator]
    except DerError:
        return 0
    return size


def _named(count: int) -> int:
    hello = server_hello(TLS_1_2, *(extension(1_000 + one) for one in range(count)))
    return len(seen(hello).seen.facts().server_extensions)


def _namesakes(count: int) -> int:
    """Other certificates of the issuer's name before the issuer."""
    valid = {"begins": NOW - 90 * DAY, "ends": NOW + 90 * DAY}
    others = [issue("Lab CA", root(), ca=True, **valid) for _ in range(count)]
    found = outcome([record("2 1 1", intermediate())], [FULL[0], *others, intermediate()])
    return count if found.results[0].outcome is RecordOutcome.AUTHENTICATES else 0


def _forms(count: int) -> int:
    """Forms of the issuer's certificate that are of no use before the one that is."""
    key, ends = intermediate().key, NOW + 90 * DAY
    useless = [
        issue("Lab CA", root(), ca=True, key=key, ends=ends, client_only=True) for _ in range(count)
    ]
    found = outcome([record("2 1 1", intermediate())], [FULL[0], *useless, intermediate()])
    return count if found.results[0].outcome is RecordOutcome.AUTHENTICATES else 0


def _anchors(count: int) -> int:
    lines = "\n".join(f". IN DS {one + 1} 8 2 {one:064x}" for one in range(count))
    return accepted(count, lambda: read_anchors(lines))


PROBES = (
    Probe("CRL_ISSUERS_READ", 3, lambda: _entries_before(8)),
    Probe("CRL_NUMBER_BITS", 64, lambda: _number(128)),
    Probe("DER_PARTS", 4, lambda: _extensions(8)),
    Probe("DER_INTEGER_BYTES", 50, lambda: _octets(der.integer_from, 100)),
    Probe("DER_OID_BYTES", 10, lambda: _octets(der.oid_from, 20)),
    Probe("HANDSHAKE_NAMED", 3, lambda: _named(8)),
    Probe("DANE_ISSUERS_TRIED", 3, lambda: _namesakes(5)),
    Probe("DANE_FORMS_TRIED", 2, lambda: _forms(3)),
    Probe("TRUST_ANCHORS", 3, lambda: _anchors(8)),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)
