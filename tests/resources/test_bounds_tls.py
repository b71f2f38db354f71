"""Bounds of chains, DANE, DNSSEC, revocation, HTTP and of what is asked of others."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dns.message
import dns.rrset
import pytest

from mxwalk.commands import settings
from mxwalk.commands.tlsa import read_anchor_file
from mxwalk.dane.result import RecordOutcome
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec import denial, signatures
from mxwalk.dnssec.anchors import read_anchors, root_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.model import Question
from mxwalk.dnssec.validator import validate
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Timeouts
from mxwalk.lab.dns_replies import _to_wire
from mxwalk.mailauth.spf.live import check_host
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import Fault as DialFault
from mxwalk.net.dialer import MappedDialer, SystemDialer
from mxwalk.ownside import egress
from mxwalk.pkix import paths
from mxwalk.pkix.constraints import _Records
from mxwalk.pkix.oddities import _limited
from mxwalk.pkix.paths import Pool, find_paths
from mxwalk.revocation.ocsp import read_ocsp
from mxwalk.session import walk_scenario
from mxwalk.tls.keys import SignatureCheck
from mxwalk.walk.steps.policies import policy_limits
from tests.dane.test_authenticate import FULL, outcome
from tests.dane.world import intermediate, record
from tests.dnssec.test_hostile import WORLD
from tests.dnssec.world import NOW, World, records
from tests.findings.builders import Trail
from tests.net.peers import serve
from tests.ownside.test_checks import side
from tests.pkix.chains import make, named, pool
from tests.pkix.test_paths import mesh
from tests.pkix.world import leaf_plan
from tests.resources.lowering import Probe, accepted, check
from tests.revocation.test_ocsp import Response, responder, world
from tests.tls.pki import issue
from tests.torture.jumping import run_jumping


def _paths() -> int:
    entry = leaf_plan(with_aki=False)
    entry.issuer, entry.signer = named("Mesh 0"), pool(24)[0]
    found = find_paths(make(entry), Pool.of((make(entry), *mesh(4, 6)), (), ()))
    return len(found.paths)


def _searched() -> tuple[int, int]:
    """Paths found in a mesh where any number is wanted, and signatures checked for them."""
    entry = leaf_plan(with_aki=False)
    entry.issuer, entry.signer = named("Mesh 0"), pool(24)[0]
    leaf, above = make(entry), Pool.of(mesh(4, 6), (), ())
    checked: list[bytes] = []
    real = paths.check_signature

    def noted(child: bytes, issuer: bytes) -> SignatureCheck:
        checked.append(child)
        return real(child, issuer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "PATH_CANDIDATES", 1 << 20)
        patch.setattr(paths, "check_signature", noted)
        found = find_paths(leaf, above)
    return len(found.paths), len(checked)


def _constraints(count: int) -> int:
    kept = _Records()
    for _ in range(count):
        kept.add(SimpleNamespace(violated=False))  # type: ignore[arg-type]
    return len(kept.checks)


def _responders(count: int) -> int:
    """Certificates before the right one in an OCSP response."""
    signer = responder()
    strangers = tuple(issue(f"Stranger {one}", world().ca) for one in range(count))
    response = Response(signer=signer, along=(*strangers, signer), by_name=True).der()
    found = read_ocsp(response, world().leaf.der, world().ca.der)
    return count if found.signature is SignatureCheck.VERIFIED else 0


def _anchors(count: int) -> int:
    """Wrong anchors in full before the right one."""
    wrong = [record("2 0 0", issue(f"Other {one}")) for one in range(count)]
    found = outcome([*wrong, record("2 0 0", intermediate())], FULL[:1])
    return count if found.results[-1].outcome is RecordOutcome.AUTHENTICATES else 0


def _checks() -> int:
    book = AnswerBook.of(WORLD.answers)
    before = book.checks_left
    validate(Question("example.test", "MX"), book, WORLD.anchors, NOW)
    return before - book.checks_left


def _signatures_told(count: int) -> int:
    told = World()
    data = records("example.test.", "MX", "10 mx.example.test.")
    forged = dns.rrset.RRset(data.name, 1, 46, 15)
    for number in range(count):
        forged.add(told.zone.sign(data, signature=bytes([number]) * 64)[0], 300)
    told.put("example.test", "MX", [data, forged])
    seen: list[int] = []
    real = signatures._check_set

    def noted(*args: object, **more: object) -> object:
        found = real(*args, **more)  # type: ignore[arg-type]
        seen.append(len(found.checks))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "_check_set", noted)
        told.validate("example.test", "MX")
    return max(seen)


def _denials(count: int) -> int:
    told = World()
    authority = told.zone.soa()
    for number in range(count):
        proof = records(f"n{number}.example.test.", "NSEC", f"n{number}a.example.test. A")
        authority += told.zone.signed(proof)
    told.put("x.example.test", "A", [], authority, rcode=3)
    seen: list[object] = []
    real = denial.check_set

    def noted(rrset: object, *args: object, **more: object) -> object:
        seen.append(rrset)
        return real(rrset, *args, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denial, "check_set", noted)
        told.validate("x.example.test", "A")
    return len({id(one) for one in seen}) - 1  # the SOA record beside them


def _dns_message(count: int) -> int:
    query = dns.message.make_query("example.com", "TXT")
    response = dns.message.make_response(query)
    texts = [f'"{number} {"x" * 200}"' for number in range(count)]
    response.answer = [dns.rrset.from_text("example.com.", 300, "IN", "TXT", *texts)]
    return len(_to_wire(query, response, True, False))


async def _connected(count: int) -> int:
    refusing = MappedDialer({(f"192.0.2.{one}", 25): DialFault.REFUSED for one in range(count)})
    ours = side(dialer=refusing, egress=tuple((f"192.0.2.{one}", 25) for one in range(count)))
    return len([one async for one in egress.attempts(ours)])


async def _issuers_fetched() -> int:
    trace = await walk_scenario("pkix-missing-aia")
    return sum(len(one.evidence.fetched) for one in trace.steps if one.kind is StepKind.ISSUERS)


def _policy_seconds() -> int:
    return int(policy_limits(Timeouts(command_s=100.0)).timeout_s)


def _questions_at_once() -> int:
    return StubResolver([("127.0.0.1", 53)], timeout_s=1.0)._places._value


def _for_so_long(main: Callable[[], Coroutine[Any, Any, object]]) -> int:
    """Return how many seconds it takes to end, of a time that jumps to when something happens."""

    async def timed() -> int:
        begun = asyncio.get_running_loop().time()
        await main()
        return round(asyncio.get_running_loop().time() - begun)

    with ThreadPoolExecutor(1) as thread:  # this one's loop is running
        return thread.submit(run_jumping, timed).result()


async def _send_to_one_who_never_reads() -> None:
    over = asyncio.Event()

    async def deaf(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await over.wait()

    async with serve(deaf) as port:
        connection = await SystemDialer().dial("127.0.0.1", port, 5)
        assert isinstance(connection, Connection)
        ending = await connection.send(b"x" * 20_000_000)
        over.set()
        await connection.close()
    assert ending is not None


async def _ask_spf_of_one_who_never_answers() -> None:
    class Silent:
        async def query(self, _qname: str, _rtype: str) -> DnsAnswer:
            return await asyncio.get_running_loop().create_future()

        def forget(self) -> None:
            """Nothing is remembered."""

    found = await check_host("192.0.2.1", "example.com", "u@example.com", "a.test", Silent())
    assert found.result is SpfResult.TEMPERROR


def _addresses(count: int) -> int:
    trail = (
        Trail()
        .mx("10 mx.example.com.")
        .host("mx.example.com", *(f"192.0.2.{one}" for one in range(count)))
    )
    return len(trail.delivery().hosts[0].addresses)


PROBES = (
    Probe("ADDRESSES_PER_HOST", 3, lambda: _addresses(8)),
    Probe("STS_FETCH_S", 5, _policy_seconds),
    Probe("DNS_QUESTIONS_AT_ONCE", 5, _questions_at_once),
    Probe("PATH_CANDIDATES", 2, _paths),
    Probe("PATH_ISSUERS_TRIED", 1, _paths),
    Probe("PATH_STEPS", 20, lambda: _searched()[0]),
    Probe("PATH_SIGNATURES", 20, lambda: _searched()[1]),
    Probe("SEND_TIMEOUT_S", 5, lambda: _for_so_long(_send_to_one_who_never_reads)),
    Probe("SPF_OVERALL_S", 5, lambda: _for_so_long(_ask_spf_of_one_who_never_answers)),
    Probe("CONSTRAINT_CHECKS_SHOWN", 3, lambda: _constraints(8)),
    Probe("ODDITIES_SHOWN", 3, lambda: len(list(_limited(iter(range(8)))))),  # type: ignore[arg-type]
    Probe("OCSP_CERTIFICATES", 3, lambda: _responders(6)),
    Probe("DANE_FULL_ANCHORS", 3, lambda: _anchors(5)),
    Probe("DNSSEC_CHECKS_PER_WALK", 2, _checks),
    Probe("DNSSEC_SIGNATURES_SHOWN", 3, lambda: _signatures_told(8)),
    Probe("DNSSEC_DENIAL_RECORDS", 3, lambda: _denials(8)),
    Probe("DNS_MESSAGE_BYTES", 600, lambda: _dns_message(8)),
    Probe("EGRESS_HOSTS", 3, lambda: _connected(6)),
    Probe("FETCHED_ISSUERS", 0, _issuers_fetched),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)


@pytest.mark.parametrize(
    "read", [settings._anchors, lambda path: read_anchors(read_anchor_file(str(path)))]
)
async def test_a_file_of_trust_anchors_beyond_the_limit_is_refused_and_not_cut(
    read: Callable[[str], object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "anchors"
    (line, *_) = root_anchors().lines
    path.write_text(f"{line}\n" + "; filler\n" * 20)
    size = path.stat().st_size
    await check(
        Probe("ANCHOR_FILE_CHARS", len(line) + 10, lambda: accepted(size, lambda: read(str(path)))),
        monkeypatch,
    )
