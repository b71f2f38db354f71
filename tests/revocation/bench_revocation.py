"""How long a CRL of 10 MB takes to read for one certificate, against what cannot be avoided.

The measure is a ratio within one run: reading and verifying the list, to hashing it once.
"""

import hashlib
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from mxwalk.evidence.revocation import CrlSignature
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.extension import encoded
from mxwalk.tls import der
from tests.revocation.papers import NOW, Entry, crl, revoked, world
from tests.tls.pki import DAY, Issued

SEQUENCE, BIT_STRING, INTEGER, UTC_TIME = 0x30, 0x03, 0x02, 0x17
_ENTRIES = 200_000


def large_crl(entries: int, issuer: Issued, *more: Entry) -> bytes:
    """Make a signed CRL with many entries, which the builder would take a minute for."""
    small = crl(*(more or (Entry(1),)), issuer=issuer)
    outer = next(_parts(small))[1]
    body, algorithm, _ = (raw for raw, _ in _parts(outer))
    parts = list(_parts(next(_parts(body))[1]))
    stamp = (NOW - DAY).strftime("%y%m%d%H%M%SZ").encode()
    date = encoded(UTC_TIME, stamp) + _reason()
    made = b"".join(
        encoded(
            SEQUENCE, encoded(INTEGER, b"\x04" + hashlib.sha256(b"%d" % one).digest()[:16]) + date
        )
        for one in range(entries)
    )
    lists = [index for index, (raw, _) in enumerate(parts) if raw[0] == SEQUENCE]
    at = lists[-1]  # signature, issuer, revokedCertificates
    blocks = [raw for raw, _ in parts]
    blocks[at] = encoded(SEQUENCE, made + parts[at][1])
    body = encoded(SEQUENCE, b"".join(blocks))
    signature = issuer.key.sign(body, ec.ECDSA(hashes.SHA256()))
    return encoded(SEQUENCE, body + algorithm + encoded(BIT_STRING, b"\0" + signature))


def _reason() -> bytes:
    extension = encoded(SEQUENCE, b"\x06\x03\x55\x1d\x15" + encoded(0x04, b"\x0a\x01\x04"))
    return encoded(SEQUENCE, extension)


def _parts(data: bytes):
    return ((element.raw, element.content) for element in der.elements(data))


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds; the hash is what any reader has to compute."""

    size: int
    entries: int
    read_s: float
    hash_s: float

    @property
    def ratio(self) -> float:
        """How often the list could have been hashed in the time it took to read."""
        return self.read_s / self.hash_s

    def __str__(self) -> str:
        megabytes = self.size / 1_000_000
        return (
            f"CRL of {megabytes:.1f} MB with {self.entries:,} entries: read and verified in "
            f"{self.read_s * 1_000:.0f} ms, {self.ratio:.1f} times its hash"
        )


def measure(entries: int = _ENTRIES, runs: int = 3) -> Measured:
    """Read a list of about 10 MB; the best of several runs counts."""
    ours = world().leaf
    data = large_crl(entries, world().ca, revoked(ours, "superseded"))
    best = []
    for work in (lambda: read_crl(data, ours.der, world().ca.der), lambda: hashlib.sha256(data)):
        times = []
        for _ in range(runs):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
        best.append(min(times))
    found = read_crl(data, ours.der, world().ca.der)
    assert found.entry is not None
    assert found.signature is CrlSignature.VERIFIED
    return Measured(len(data), found.entries, best[0], best[1])


if __name__ == "__main__":
    print(measure())
