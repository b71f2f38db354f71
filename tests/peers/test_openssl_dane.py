"""Our verdict on records and chains against OpenSSL's own DANE code (s_client against s_server)."""

import contextlib
import itertools
import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from mxwalk.dane.authenticate import authenticate
from mxwalk.dane.matching import association_data
from mxwalk.dane.result import Authentication
from mxwalk.dane.tlsa import TlsaRecord, make_record
from mxwalk.identity.model import ReferenceId, ReferenceKind
from tests.tls.pki import Issued, issue

pytestmark = pytest.mark.peers
NEEDS = ("openssl",)
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
HOST = "mx.example.test"
NAME = ReferenceId(kind=ReferenceKind.MX_HOST, text=HOST, origin="base domain", secure=True)


def made(subject: str, issuer: Issued | None = None, *, begins: int = -5, ends: int = 9, **more):
    return issue(subject, issuer, begins=NOW + begins * DAY, ends=NOW + ends * DAY, **more)


ROOT = made("Root", ca=True)
MIDDLE = made("Middle", ROOT, ca=True)
LEAF = made("leaf", MIDDLE, dns=(HOST,))
OTHER = made("Other", ca=True)
IMPOSTOR = made("Middle", ca=True)
FAKE = made("Not a CA", ROOT, dns=("x.example.test",))
OLD = made("Old CA", ROOT, ca=True, begins=-9, ends=-2)
OLD_ROOT = made("Old root", ca=True, begins=-9, ends=-2)
NARROW = made(
    "Narrow", ROOT, ca=True,
    extensions=((x509.NameConstraints([x509.DNSName("example.org")], None), True),),
)  # fmt: skip


def below(issuer: Issued, *names: str, **more) -> Issued:
    return made("leaf", issuer, dns=names or (HOST,), **more)


CHAINS: dict[str, tuple[Issued, ...]] = {
    "whole": (LEAF, MIDDLE),
    "with root": (LEAF, MIDDLE, ROOT),
    "leaf only": (LEAF,),
    "expired": (below(MIDDLE, begins=-9, ends=-2), MIDDLE),
    "not yet": (below(MIDDLE, begins=2), MIDDLE),
    "wrong name": (below(MIDDLE, "other.example"), MIDDLE),
    "wildcard": (below(MIDDLE, "*.example.test"), MIDDLE),
    "client only": (below(MIDDLE, client_only=True), MIDDLE),
    "stray": (LEAF, MIDDLE, OTHER),
    "impostor": (LEAF, IMPOSTOR),
    "no CA": (below(FAKE), FAKE, ROOT),
    "old CA": (below(OLD), OLD, ROOT),
    "old root": (below(OLD_ROOT), OLD_ROOT),
    "narrow": (below(NARROW), NARROW, ROOT),
    "self-signed": (made("self", dns=(HOST,)),),
}


def record(usage: int, selector: int, mtype: int, one: Issued) -> TlsaRecord:
    return make_record(usage, selector, mtype, association_data(one.der, selector, mtype))


def record_sets(chain: tuple[Issued, ...]) -> Iterator[tuple[TlsaRecord, ...]]:
    """Yield each single record for a handful of certificates, then sets of two and three."""
    about = {one.der: one for one in (*chain, MIDDLE, ROOT, OTHER)}
    singles = [
        record(usage, selector, mtype, one)
        for usage, selector, mtype in itertools.product((2, 3), (0, 1), (0, 1))
        for one in about.values()
    ]
    yield from ((one,) for one in singles)
    chosen = random.Random(7)
    singles += [record(3, 1, 2, chain[0]), record(2, 1, 2, chain[-1])]
    for _ in range(12):
        yield tuple(chosen.sample(singles, chosen.choice((2, 3))))


@contextlib.contextmanager
def server(chain: tuple[Issued, ...], where: Path) -> Iterator[str]:
    """Run s_server with the chain; yield where it listens."""
    key = chain[0].key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (where / "leaf.pem").write_bytes(chain[0].pem + key)
    words = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", str(where / "leaf.pem")]
    if len(chain) > 1:
        (where / "rest.pem").write_bytes(b"".join(one.pem for one in chain[1:]))
        words += ["-cert_chain", str(where / "rest.pem")]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            line = next(line for line in process.stdout if line.startswith("ACCEPT"))
            yield line.split()[1]
        finally:
            process.kill()


def openssl_authenticates(where: str, records: tuple[TlsaRecord, ...]) -> bool:
    words = ["openssl", "s_client", "-connect", where, "-dane_tlsa_domain", HOST,
             "-dane_ee_no_namechecks", "-verify_return_error", "-brief"]  # fmt: skip
    for one in records:
        words += ["-dane_tlsa_rrdata", one.rdata]
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False
    )
    said = done.stdout + done.stderr
    assert "import" not in said, said
    return "Verification: OK" in said


@pytest.mark.parametrize("name", CHAINS)
def test_openssl_authenticates_exactly_what_we_do(name: str, tmp_path: Path) -> None:
    chain = CHAINS[name]
    sets = list(record_sets(chain))
    with server(chain, tmp_path) as where, ThreadPoolExecutor(4) as pool:
        theirs = list(pool.map(lambda one: openssl_authenticates(where, one), sets))
    wrong = []
    for records, real in zip(sets, theirs, strict=True):
        result = authenticate(records, [one.der for one in chain], [NAME], NOW)
        if real != (result.authentication is Authentication.AUTHENTICATED):
            wrong.append(([one.parameters for one in records], real, result.reason))
    assert len(sets) >= 30
    assert wrong == []
