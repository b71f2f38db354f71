"""The bound on the addresses a walk connects to."""

from mxwalk.delivery.status import status
from mxwalk.evidence.lookups import TlsaLookedUp
from mxwalk.evidence.step import Scope, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.limits import ADDRESSES_PER_HOST, ADDRESSES_PER_WALK
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.walk.order import next_item
from mxwalk.walk.plan import outline
from tests.findings.builders import Trail, ending

REFUSED = ending(EndingKind.REFUSED)
HOSTS = ADDRESSES_PER_WALK // ADDRESSES_PER_HOST + 2


def crowded() -> Trail:
    """Hosts of as many addresses each as a host may have."""
    names = [f"mx{n:02}.example.com" for n in range(HOSTS)]
    trail = Trail().mx(*(f"{n} {name}." for n, name in enumerate(names)))
    for place, name in enumerate(names):
        trail.host(name, *(f"2001:db8:{place:x}::{n:x}" for n in range(ADDRESSES_PER_HOST)))
    return trail


def test_a_walk_connects_to_a_bounded_number_of_addresses_over_all_hosts():
    delivery = crowded().delivery()
    assert sum(len(host.addresses) for host in delivery.hosts) == ADDRESSES_PER_WALK
    assert delivery.hosts[0].left_out == 0
    rest = HOSTS * ADDRESSES_PER_HOST - ADDRESSES_PER_WALK
    assert sum(host.left_out for host in delivery.hosts) == rest


def test_what_is_left_out_is_said_in_the_plan_and_at_the_step():
    delivery = crowded().delivery()
    last = delivery.hosts[-1]
    assert (last.addresses, last.left_out) == ((), ADDRESSES_PER_HOST)
    words = f"{ADDRESSES_PER_HOST} addresses left out"
    assert words in outline(delivery).children[-1].note
    assert last.address_step is not None
    assert f"{ADDRESSES_PER_HOST} left out" in status(last.address_step, delivery).summary


def test_a_host_left_out_decides_nothing_and_the_walk_comes_to_its_end():
    trail = crowded()
    for host in trail.delivery().hosts:
        trail.scope = Scope(host=host.planned.name, port=25)
        if host.addresses:
            trail.add(StepKind.TLSA, TlsaLookedUp(host=host.planned.name, port=25))
        for address in host.addresses:
            trail.ptr(address).connect(address, REFUSED)
    delivery = trail.resolver().delivery()
    assert next_item(delivery) is None
    verdict = profile("esa:2").judge(delivery)
    assert verdict.outcome is Outcome.UNKNOWN
    left_out = [one for one in verdict.attempts if "left out" in one.reason]
    assert {one.outcome for one in left_out} == {Outcome.UNKNOWN}
    assert len(left_out) == 1
