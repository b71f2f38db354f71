"""Bounds of chains, DANE, DNSSEC, revocation, HTTP and of what is asked of others."""

import inspect
from pathlib import Path
from types import SimpleNamespace

import dns.message
import dns.rrset
import pytest

from mxwalk import limits
from mxwalk.commands import settings
from mxwalk.dane.result import RecordOutcome
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec import denial, signatures
from mxwalk.dnssec.anchors import root_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.model import Question
from mxwalk.dnssec.validator import validate
from mxwalk.errors import UsageError
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Timeouts
from mxwalk.http.model import FetchLimits, Terms
from mxwalk.lab.dns_replies import _to_wire
from mxwalk.mailauth.spf.live import check_host
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import Fault as DialFault
from mxwalk.net.dialer import MappedDialer
from mxwalk.ownside import egress
from mxwalk.pkix.constraints import _Records
from mxwalk.pkix.oddities import _limited
from mxwalk.pkix.paths import Pool, _Budget, find_paths
from mxwalk.revocation.ocsp import read_ocsp
from mxwalk.session import walk_scenario
from mxwalk.tls.keys import SignatureCheck
from mxwalk.walk.steps.policies import policy_limits
from tests.dane.test_authenticate import FULL, outcome
from tests.dane.world import intermediate, record
from tests.dnssec.test_hostile import WORLD
from tests.dnssec.world import NOW, World, records
from tests.findings.builders import Trail
from tests.ownside.test_checks import side
from tests.pkix.chains import make, named, pool
from tests.pkix.test_paths import mesh
from tests.pkix.world import leaf_plan
from tests.resources.lowering import Probe, check
from tests.revocation.test_ocsp import Response, responder, world
from tests.tls.pki import issue


def _paths() -> int:
    entry = leaf_plan(with_aki=False)
    entry.issuer, entry.signer = named("Mesh 0"), pool(24)[0]
    found = find_paths(make(entry), Pool.of((make(entry), *mesh(4, 6)), (), ()))
    return len(found.paths)


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


BEGINS = {
    "SEND_TIMEOUT_S": inspect.signature(Connection.send).parameters["timeout_s"].default,
    "PATH_STEPS": _Budget().steps,
    "PATH_SIGNATURES": _Budget().signatures,
    "HTTP_HEADER_BYTES": FetchLimits().header_bytes,
    "HTTP_ADDRESSES_PER_HOST": FetchLimits().addresses,
    "HTTP_REQUESTS_PER_WALK": FetchLimits().requests,
    "HTTP_BYTES_PER_WALK": FetchLimits().total_bytes,
    "HTTP_BODY_BYTES": Terms().max_bytes,
    "HTTP_REDIRECTS": Terms().redirects,
    "SPF_OVERALL_S": inspect.signature(check_host).parameters["overall_s"].default,
}


@pytest.mark.parametrize("name", BEGINS)
def test_what_is_counted_down_begins_at_the_limit(name: str) -> None:
    """That it is counted: ``tests/http``, ``test_paths``, ``mailauth/spf/test_limits``."""
    assert BEGINS[name] == getattr(limits, name)


async def test_a_file_of_trust_anchors_is_read_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What stands behind the limit is not seen: the file would be refused for it."""
    path = tmp_path / "anchors"
    (line, *_) = root_anchors().lines
    path.write_text(f"{line}\n" + "; filler\n" * 20 + "no anchor\n")

    def refused() -> int:
        try:
            settings._anchors(str(path))
        except UsageError:
            return 1
        return 0

    await check(Probe("ANCHOR_FILE_CHARS", len(line) + 10, lambda: refused() * 10_000), monkeypatch)
