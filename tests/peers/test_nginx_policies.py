"""Policies served by a real nginx over https, good and bad, fetched and judged as in a walk."""

import pytest

from mxwalk.clock import FixedClock
from mxwalk.evidence.fetch import Purpose
from mxwalk.findings.registry import check
from mxwalk.http.model import POLICY_TERMS, FetchLimits
from mxwalk.mtasts.advice import policy_url
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.state import StsStanding, judge_sts
from mxwalk.walk.steps.policies import policy_evidence
from tests.findings.sts_cases import policy
from tests.http.parts import ADDRESS, Names, fetcher
from tests.peers.nginx import free_port, nginx
from tests.peers.policy_hosts import HOSTS, block
from tests.tls.pki import NOW, pki

pytestmark = pytest.mark.peers
NEEDS = ("nginx", "openssl")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder, number = tmp_path_factory.mktemp("nginx"), free_port()
    blocks = [block(one, folder, number) for one in HOSTS]
    with nginx(folder, "\n".join(blocks), number):
        yield number


@pytest.mark.parametrize("one", HOSTS, ids=[one.name for one in HOSTS])
async def test_what_nginx_serves_is_judged(port, one):
    name = one.domain
    client = fetcher(
        {(ADDRESS, 443): port},
        store=pki().store,
        clock=FixedClock(NOW),
        names=Names({f"mta-sts.{name}": (ADDRESS,)}),
        limits=FetchLimits(timeout_s=10),
    )
    result = await client.get(policy_url(name), Purpose.STS_POLICY, POLICY_TERMS)
    evidence = policy_evidence(name, result)
    state = judge_sts(name, None, evidence)
    assert state.fault is one.fault, evidence.fetched
    assert evidence.handshake is not None
    assert evidence.handshake.sni == f"mta-sts.{name}"
    delivery = policy(None, evidence).delivery()
    codes = {found.code for found in check(delivery) if found.code.startswith("STS")}
    assert codes == one.codes
    if not one.codes:
        assert evidence.body == one.body
        assert delivery.sts.standing is StsStanding.ACTIVE
        assert delivery.sts.mode is Mode.ENFORCE
