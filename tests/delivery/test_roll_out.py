"""What the roll-out advisor is told of a survey."""

from mxwalk.delivery.roll_out import facts
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.session import Saving, lab_options, open_walk


async def told(scenario: str):
    async with open_walk(
        None, lab_options(scenario), scenario=scenario, save=Saving.NOWHERE
    ) as walk:
        while await walk.step() is not None:
            pass
    delivery = walk.delivery
    return facts(delivery.survey, delivery.route)


async def test_what_failed_is_unknown_and_not_absent():
    found = await told("domain-servfail")
    assert Seen.NO not in (found.spf, found.dmarc)
    assert Seen.UNKNOWN in (found.spf, found.dmarc)


async def test_a_domain_whose_record_denies_everybody_sends_nothing():
    found = await told("domain-deny-all")
    assert found.sends is Seen.NO
    assert found.null_mx is Seen.YES
    assert found.wildcard_revoked is Seen.YES
    assert [one.sends for one in found.subdomains] == [Seen.NO]


async def test_includes_of_others_are_third_parties():
    found = await told("domain-monitoring")
    assert found.sends is Seen.YES
    assert [one.name for one in found.senders] == ["_spf.news.test"]
    assert found.spf_all == "~"
    assert found.selectors_asked
    assert all(key.usable for key in found.keys)
