"""The plan: where a domain stands, what blocks it, and the records it is to publish next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.mailauth.dmarc.model import Authorisation
from mxwalk.mailauth.dmarc.record import read_record
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.mailauth.rollout.advise import advise
from mxwalk.mailauth.rollout.model import Key, Published, Sender, State

DOMAIN = "example.com"
KEY = Key(selector="s1", bits=2048)
SPF_SOFT = {"spf": Seen.YES, "spf_text": "v=spf1 mx ip4:192.0.2.0/28 ~all", "spf_all": "~"}
SPF_HARD = {"spf": Seen.YES, "spf_text": "v=spf1 mx -all", "spf_all": "-"}
DKIM = {"selectors_asked": True, "keys": (KEY,), "signed": Seen.YES}
NOTHING = {"spf": Seen.NO, "dmarc": Seen.NO, "mx": Seen.YES, "sends": Seen.YES}


def dmarc(text, domain=DOMAIN):
    return {
        "dmarc": Seen.YES,
        "dmarc_records": 1,
        "dmarc_record": read_record(f"_dmarc.{domain}", text.encode()),
    }


NONE = dmarc("v=DMARC1; p=none; fo=1; rua=mailto:d@example.com; ruf=mailto:f@example.com")
QUARANTINE = dmarc("v=DMARC1; p=quarantine; rua=mailto:d@example.com")
REJECT = dmarc("v=DMARC1; p=reject; rua=mailto:d@example.com")


def plan(*parts, **more):
    facts = {"sends": Seen.YES}
    for part in parts:
        facts |= part
    return advise(Published(domain=DOMAIN, **(facts | more)))


def states(found):
    return [stage.state.value for stage in found.stages]


D, C, B, T, U = (
    s.value for s in (State.DONE, State.CURRENT, State.BLOCKED, State.TO_COME, State.UNKNOWN)
)


@pytest.mark.parametrize(
    ("parts", "expected", "current"),
    [
        # nothing was looked up: nothing is claimed
        ([], [U, U, U, U, U, U, U, U], 0),
        # nothing is published; DNS cannot list selectors
        ([NOTHING], [U, U, C, T, T, T, T, T], 3),
        ([NOTHING, DKIM], [D, D, C, T, T, T, T, T], 3),
        ([NOTHING, DKIM, SPF_SOFT], [D, D, D, C, T, T, T, T], 4),
        # records are there: the test is running until reports show that all mail passes
        ([DKIM, SPF_SOFT, NONE], [D, D, D, D, C, T, T, T], 5),
        ([DKIM, SPF_SOFT, NONE, {"aligned": Seen.YES}], [D, D, D, D, D, C, T, T], 6),
        ([DKIM, SPF_SOFT, NONE, {"aligned": Seen.NO}], [D, D, D, D, B, T, T, T], 5),
        ([DKIM, SPF_HARD, NONE, {"aligned": Seen.YES}], [D, D, D, D, D, D, C, T], 7),
        ([DKIM, SPF_HARD, QUARANTINE], [D, D, D, D, D, D, C, T], 7),
        ([DKIM, SPF_HARD, REJECT], [D, D, D, D, D, D, D, C], 8),
        # reject before the senders were found: the gap is shown where it is
        ([DKIM, REJECT, {"spf": Seen.NO}], [D, D, C, D, T, T, D, T], 3),
        ([DKIM, SPF_SOFT, REJECT], [D, D, D, D, D, C, D, T], 6),
    ],
)
def test_the_stage_is_told_from_what_is_published(parts, expected, current):
    found = plan(*parts)
    assert states(found) == expected
    assert found.current == current
    assert found.next_step
    assert all(stage.shows for stage in found.stages)


def test_the_seeds_stages_and_durations():
    assert [stage.weeks for stage in plan().stages] == [
        "2-4 weeks", "2 weeks", "2-4 weeks", "2 weeks", "4-8 weeks", "2 weeks", "4 weeks", "continuous",
    ]  # fmt: skip


def lines(found, number):
    return [line.text for line in found.stages[number - 1].publish]


def test_the_records_are_published_in_the_seeds_order():
    found = plan(NOTHING, DKIM)
    assert lines(found, 3) == ['example.com. IN TXT "v=spf1 mx ~all"']
    assert lines(found, 4) == [
        (
            '_dmarc.example.com. IN TXT "v=DMARC1; p=none; fo=1; rua=mailto:dmarc-reports@example.com; ruf=mailto:dmarc-reports@example.com"'
        )
    ]
    found = plan(DKIM, SPF_SOFT, NONE)
    assert lines(found, 6) == ['example.com. IN TXT "v=spf1 mx ip4:192.0.2.0/28 -all"']
    policies = [line.split("; ")[1] for line in lines(found, 7)]
    assert policies == ["p=quarantine", "p=reject"]
    assert all("rua=mailto:d@example.com" in line for line in lines(found, 7))
    assert [line.split("; ")[1] for line in lines(plan(DKIM, SPF_HARD, QUARANTINE), 7)] == [
        "p=reject"
    ]
    assert all(line.replaces for line in found.stages[6].publish)


def test_a_key_that_is_missing_is_a_template():
    found = plan(NOTHING)
    (line,) = found.stages[0].publish
    assert line.template
    assert line.text == 's1._domainkey.example.com. IN TXT "v=DKIM1; k=rsa; p=<public key>"'


@pytest.mark.parametrize(
    ("keys", "state", "word"),
    [
        ((Key(selector="a", problem="the key is too small"),), B, "too small"),
        ((Key(selector="a", revoked=True),), C, "None of the keys"),
        ((Key(selector="a", bits=2048),), D, "A usable key"),
        ((), U, "names them"),
    ],
)
def test_keys_decide_the_first_stage(keys, state, word):
    stage = plan(NOTHING, {"selectors_asked": True, "keys": keys}).stages[0]
    assert stage.state.value == state
    assert word in " ".join((stage.shows, *stage.blocked_by))


def test_a_testing_key_and_a_weak_key_keep_the_second_stage_open():
    facts = {"selectors_asked": True, "keys": (Key(selector="s1", bits=1024, testing=True),)}
    stage = plan(NOTHING, facts).stages[1]
    assert stage.state is State.BLOCKED
    assert "1024 bits" in stage.blocked_by[0]
    facts = {
        "selectors_asked": True,
        "keys": (Key(selector="s1", key_type="ed25519", bits=256, testing=True),),
    }
    assert plan(NOTHING, facts).stages[1].state is State.CURRENT


def test_what_blocks_the_next_stage_is_named():
    broken = {
        "spf": Seen.YES,
        "spf_text": "v=spf1 ~all",
        "spf_all": "~",
        "spf_problems": ("Twelve look-ups.",),
    }
    found = plan(DKIM, broken, NONE)
    assert found.stages[2].blocked_by == ("Twelve look-ups.",)
    assert "Twelve look-ups." in found.next_step
    outside = read_record("_dmarc.example.com", b"v=DMARC1; p=none; rua=mailto:a@example.net")
    refusal = Authorisation(
        uri=outside.aggregate[0], needed=True, agreed=False, why="example.net does not agree."
    )
    found = plan(
        DKIM, SPF_SOFT, {"dmarc": Seen.YES, "dmarc_record": outside, "authorisations": (refusal,)}
    )
    assert found.stages[3].state is State.BLOCKED
    assert found.stages[3].blocked_by == ("example.net does not agree.",)
    own, consent = lines(found, 4)
    assert "rua=mailto:dmarc-reports@example.com" in own
    assert consent == 'example.com._report._dmarc.example.net. IN TXT "v=DMARC1;"'
    found = plan(
        DKIM,
        SPF_SOFT,
        dmarc("v=DMARC1; p=none; rua=mailto:d@example.com"),
        dmarc_records=2,
        dmarc_record=None,
    )
    assert "2 DMARC records" in found.stages[3].shows


@pytest.mark.parametrize("all_", ["?", "+"])
def test_a_record_that_lets_everybody_pass_has_found_nobody(all_):
    found = plan(DKIM, {"spf": Seen.YES, "spf_text": f"v=spf1 mx {all_}all", "spf_all": all_})
    assert found.stages[2].state is State.CURRENT
    assert lines(found, 3) == ['example.com. IN TXT "v=spf1 mx ~all"']


def test_a_policy_that_is_only_tried_is_not_enforced():
    for text in ("t=y", "pct=25"):
        found = plan(DKIM, SPF_HARD, dmarc(f"v=DMARC1; p=reject; rua=mailto:d@example.com; {text}"))
        assert found.stages[6].state is State.CURRENT
        assert text in found.stages[6].shows
    found = plan(DKIM, SPF_HARD, dmarc("v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com"))
    assert "sp=none" in found.stages[6].shows
    assert "sp=" not in lines(found, 7)[0]


def test_third_party_senders_get_a_subdomain_and_a_selector_of_their_own():
    found = plan(
        NOTHING, senders=(Sender(name="News Letters!", spf="spf.sender.example"), Sender(name=""))
    )
    (_, first), (_, second) = found.third_parties
    assert [line.text for line in first] == [
        'news-letters.example.com. IN TXT "v=spf1 include:spf.sender.example -all"',
        's1._domainkey.news-letters.example.com. IN TXT "v=DKIM1; k=rsa; p=<public key>"',
        '_dmarc.news-letters.example.com. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com"',
    ]
    assert second[0].template


def test_a_record_that_only_redirects_is_not_printed_again():
    found = plan(
        DKIM,
        NONE,
        {"spf": Seen.YES, "spf_text": "v=spf1 redirect=_spf.example.net", "spf_all": "~"},
    )
    assert not lines(found, 6)
    assert "~all" in found.stages[5].shows


# Names that send nothing


def closed(**more):
    return advise(Published(domain=DOMAIN, sends=Seen.NO, **more))


def checks(found):
    return {(check.domain, check.what): check.state.value for check in found.deny_all}


def test_deny_all_for_a_domain_that_sends_nothing():
    found = closed(
        spf=Seen.NO, dmarc=Seen.NO, mx=Seen.NO, null_mx=Seen.NO, wildcard_revoked=Seen.NO
    )
    assert not found.stages
    assert set(checks(found).values()) == {C}
    assert [line.text for check in found.deny_all for line in check.publish] == [
        'example.com. IN TXT "v=spf1 -all"',
        '_dmarc.example.com. IN TXT "v=DMARC1; p=reject"',
        "example.com. IN MX 0 .",
        '*._domainkey.example.com. IN TXT "v=DKIM1; p="',
    ]


def test_a_closed_domain_is_told_so():
    found = closed(
        spf=Seen.YES,
        spf_text="v=spf1  -ALL",
        null_mx=Seen.YES,
        mx=Seen.YES,
        wildcard_revoked=Seen.YES,
        **REJECT,
    )
    assert set(checks(found).values()) == {D}
    assert "closed" in found.next_step


def test_what_could_not_be_looked_up_is_unknown_and_not_missing():
    assert set(checks(closed()).values()) == {U}


def test_receiving_is_not_sending():
    found = closed(mx=Seen.YES, null_mx=Seen.NO)
    assert checks(found)[DOMAIN, "No mail is received"] == D


def test_a_record_that_allows_hosts_is_replaced_and_reports_are_kept():
    found = closed(spf=Seen.YES, spf_text="v=spf1 mx -all", spf_all="-", **QUARANTINE)
    spf, policy = found.deny_all[:2]
    assert spf.publish[0].text == 'example.com. IN TXT "v=spf1 -all"'
    assert spf.publish[0].replaces
    assert (
        policy.publish[0].text
        == '_dmarc.example.com. IN TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"'
    )


@pytest.mark.parametrize(
    ("parent", "state"),
    [
        (REJECT, D),
        (QUARANTINE, C),
        (dmarc("v=DMARC1; p=reject; sp=none"), C),
        ({}, U),
        ({"dmarc": Seen.NO}, C),
    ],
)
def test_subdomains_need_their_own_spf_and_inherit_dmarc(parent, state):
    sub = Published(
        domain="www.example.com",
        sends=Seen.NO,
        spf=Seen.NO,
        dmarc=Seen.NO,
        mx=Seen.NO,
        null_mx=Seen.NO,
    )
    found = plan(
        SPF_HARD, parent, subdomains=(sub, Published(domain="mail.example.com", sends=Seen.YES))
    )
    assert checks(found) == {
        ("www.example.com", "SPF denies all"): C,
        ("www.example.com", "DMARC rejects"): state,
        ("www.example.com", "No mail is received"): C,
    }
    assert found.deny_all[0].publish[0].text == 'www.example.com. IN TXT "v=spf1 -all"'


SEEN = st.sampled_from(list(Seen))
TAGS = st.sampled_from(
    ["p=none", "p=reject", "p=x", "sp=none", "t=y", "pct=5", "rua=mailto:a@example.net", "rua=x"]
)
FACTS = st.builds(
    Published,
    domain=st.just(DOMAIN),
    sends=SEEN,
    spf=SEEN,
    spf_text=st.sampled_from(["", "v=spf1 -all", "v=spf1 mx ~all", "v=spf1 redirect=example.net"]) | st.text(max_size=20),
    spf_all=st.sampled_from(["", "-", "~", "?", "+"]),
    selectors_asked=st.booleans(),
    keys=st.lists(st.builds(Key, selector=st.just("s"), bits=st.integers(0, 4096), testing=st.booleans(), revoked=st.booleans(), problem=st.sampled_from(["", "bad"])), max_size=3).map(tuple),
    signed=SEEN,
    dmarc=SEEN,
    dmarc_record=st.none() | st.lists(TAGS, max_size=4).map(lambda tags: read_record("_dmarc.example.com", ("v=DMARC1;" + ";".join(tags)).encode())),
    dmarc_records=st.integers(0, 3),
    aligned=SEEN,
    mx=SEEN,
    null_mx=SEEN,
    wildcard_revoked=SEEN,
)  # fmt: skip


@given(FACTS, st.lists(FACTS, max_size=2))
def test_any_facts_give_a_plan(facts, below):
    from dataclasses import replace

    found = advise(replace(facts, subdomains=tuple(below)))
    assert found.next_step.isprintable()
    assert len(found.stages) == (0 if facts.sends is Seen.NO else 8)
    assert [stage.state for stage in found.stages].count(State.CURRENT) <= 1
    for stage in found.stages:
        for line in stage.publish:
            assert line.text.isprintable()
            assert " IN " in line.text
