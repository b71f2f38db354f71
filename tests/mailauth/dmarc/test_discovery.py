"""The tree walk of RFC 9989 4.10 with its examples, and RFC 7489 6.6.3 beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import ask, replay
from mxwalk.mailauth.dmarc.discovery import discover, discover_7489, look_up, walk_names
from mxwalk.mailauth.dmarc.model import Policy, PolicyFrom, Reading
from mxwalk.mailauth.dmarc.policy import disposition, find_policy, undecided
from tests.mailauth.dmarc.zone import Zone

NONE, REJECT = "v=DMARC1; p=none", "v=DMARC1; p=reject"
DEEP = "a.b.c.d.e.f.g.h.i.j.mail.example.com"


def test_the_walk_of_4_10_makes_eight_queries_and_jumps_to_seven_labels():
    zone = Zone()
    zone.run(discover(DEEP))
    assert zone.txt_asked == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]


def test_the_zone_cut_of_5_1_8_is_jumped_over():
    assert walk_names("mail.a.b.c.d.e.f.g.example.com") == (
        "mail.a.b.c.d.e.f.g.example.com",
        "c.d.e.f.g.example.com",
        "d.e.f.g.example.com",
        "e.f.g.example.com",
        "f.g.example.com",
        "g.example.com",
        "example.com",
        "com",
    )
    found = Zone(
        {
            "_dmarc.b.c.d.e.f.g.example.com": REJECT + "; psd=n",
            "_dmarc.example.com": NONE,
        }
    ).run(discover("mail.a.b.c.d.e.f.g.example.com"))
    assert found.organizational == "example.com"


@pytest.mark.parametrize("labels", range(1, 40))
def test_no_walk_asks_more_than_eight_names_and_each_ends_at_the_top(labels):
    name = ".".join(f"l{at}" for at in range(labels))
    names = walk_names(name)
    assert len(names) <= 8
    assert names[0] == name
    assert names[-1] == f"l{labels - 1}"
    if labels >= 8:
        assert names[1].count(".") == 6  # step 4: until 7 labels remain
    elif labels > 1:
        assert names[1] == name.partition(".")[2]


@pytest.mark.parametrize(
    ("start", "zone", "organizational"),
    [
        # RFC 9989 4.10.2, the three examples
        ("a.mail.example.com", {"mail.example.com": NONE, "example.com": NONE}, "example.com"),
        ("a.mail.example.com", {"mail.example.com": NONE + "; psd=n"}, "mail.example.com"),
        ("a.mail.example.com", {"com": NONE + "; psd=y"}, "example.com"),
        # B.4.1
        ("signing.example.com", {"signing.example.com": NONE, "example.com": NONE}, "example.com"),
        # B.4.2
        ("a.b.c.d.e.f.g.h.i.j.k.example.com", {"example.com": NONE}, "example.com"),
        # B.4.3
        (
            "giant.bank.example",
            {"giant.bank.example": NONE, "bank.example": NONE + "; psd=y"},
            "giant.bank.example",
        ),
        (
            "mail.giant.bank.example",
            {"giant.bank.example": NONE, "bank.example": NONE + "; psd=y"},
            "giant.bank.example",
        ),
        ("mail.mega.bank.example", {"bank.example": NONE + "; psd=y"}, "mega.bank.example"),
        # psd=y at the start is no boundary (4.10.2 step 2), but it ends the walk (4.10 step 2)
        ("bank.example", {"bank.example": NONE + "; psd=y", "example": NONE}, "bank.example"),
        # psd=n ends the walk below records that would be higher
        (
            "a.b.example.com",
            {"b.example.com": NONE + "; psd=n", "example.com": NONE},
            "b.example.com",
        ),
        (
            "b.example.com",
            {"b.example.com": NONE + "; psd=n", "example.com": NONE},
            "b.example.com",
        ),
        # nothing anywhere: the name itself
        ("a.b.example.com", {}, "a.b.example.com"),
        # a public suffix without psd=y is taken for the organizational domain (11.8)
        ("a.example.com", {"example.com": NONE, "com": NONE}, "com"),
        # several records are all discarded and the walk goes on (step 2)
        ("a.example.com", {"a.example.com": NONE, "example.com": [NONE, REJECT]}, "a.example.com"),
        ("a.example.com", {"a.example.com": [NONE, NONE], "example.com": NONE}, "example.com"),
        (
            "a.example.com",
            {"a.example.com": [NONE + "; psd=n", REJECT], "example.com": NONE},
            "example.com",
        ),
        # other TXT records and near misses do not count
        (
            "a.example.com",
            {"a.example.com": ["v=spf1 -all", "v=dmarc1; p=none"], "example.com": NONE},
            "example.com",
        ),
        ("a.example.com", {"a.example.com": ["v=spf1 -all", NONE]}, "a.example.com"),
        ("com", {"com": NONE}, "com"),
        ("com", {}, "com"),
    ],
)
def test_the_organizational_domain_is_selected_as_4_10_2_says(start, zone, organizational):
    found = Zone({f"_dmarc.{name}": text for name, text in zone.items()}).run(discover(start))
    assert found.organizational == organizational
    assert not found.failed
    assert found.why


def test_the_walk_stops_at_psd_and_says_so():
    zone = Zone({"_dmarc.example.com": NONE + "; psd=n"})
    found = zone.run(discover("a.example.com"))
    assert zone.txt_asked == ["_dmarc.a.example.com", "_dmarc.example.com"]
    assert "psd=n" in found.queries[-1].note
    zone = Zone({"_dmarc.com": NONE + "; psd=y"})
    assert zone.run(discover("com")).organizational == "com"
    assert zone.txt_asked == ["_dmarc.com"]


def test_several_records_are_counted_shown_and_left_out():
    found = Zone({"_dmarc.example.com": [NONE, REJECT, "v=spf1 -all"]}).run(discover("example.com"))
    query = found.queries[0]
    assert (query.records, query.record) == (2, None)
    assert query.seen == (NONE, REJECT, "v=spf1 -all")


@pytest.mark.parametrize(
    "status",
    [s for s in DnsStatus if s not in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)],
)
def test_a_failing_query_mid_walk_leaves_the_outcome_open(status):
    zone = Zone({"_dmarc.a.example.com": NONE}, status={"_dmarc.example.com": status})
    found = zone.run(discover("a.example.com"))
    assert found.failed
    assert len(found.queries) == 3
    assert found.queries[1].error == "it failed"
    assert "not certain" in found.why


def test_a_name_whose_dmarc_name_would_be_too_long_is_not_asked_there():
    name = ".".join(["x" * 59] * 4) + ".co"
    zone = Zone()
    long = "y" * (247 - len(name) - 1) + "." + name  # 246 octets are the longest
    found = zone.run(discover(long))
    assert found.queries[0].status is DnsStatus.NXDOMAIN
    assert f"_dmarc.{long}" not in zone.txt_asked
    assert all(len(asked) <= 253 for asked in zone.txt_asked)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a..b", "exa mple.com", "\x00", "[192.0.2.1]", "x" * 2000]
)
def test_what_is_no_name_is_not_asked(text):
    zone = Zone()
    found = zone.run(look_up(text, author=True))
    assert not zone.asked
    assert found.walk.queries == found.suffix.queries == ()
    assert found.walk.domain.isprintable()
    for reading in Reading:
        assert find_policy(reading, found).source is PolicyFrom.NOWHERE


def test_a_name_in_unicode_is_asked_in_a_labels():
    zone = Zone()
    zone.run(discover("Bücher.example"))
    assert zone.txt_asked == ["_dmarc.xn--bcher-kva.example", "_dmarc.example"]


# RFC 7489 6.6.3


def test_rfc_7489_asks_the_author_domain_and_then_the_organizational_domain():
    zone = Zone({"_dmarc.example.co.uk": NONE})
    found = zone.run(discover_7489("a.b.example.co.uk"))
    assert zone.txt_asked == ["_dmarc.a.b.example.co.uk", "_dmarc.example.co.uk"]
    assert found.organizational == "example.co.uk"


def test_rfc_7489_asks_no_further_when_the_author_domain_has_records():
    for records in (NONE, [NONE, REJECT]):
        zone = Zone({"_dmarc.a.example.com": records, "_dmarc.example.com": REJECT})
        found = zone.run(look_up("a.example.com", author=True))
        assert len(found.suffix.queries) == 1
    policy = find_policy(Reading.RFC7489, found)
    assert (policy.source, policy.record) == (PolicyFrom.NOWHERE, None)  # step 5: not applied
    assert find_policy(Reading.RFC9989, found).source is PolicyFrom.ORGANIZATIONAL  # discarded


def test_rfc_7489_asks_nothing_for_other_identifiers():
    zone = Zone()
    found = zone.run(discover_7489("mail.example.com", author=False))
    assert not zone.asked
    assert found.organizational == "example.com"


def test_a_public_suffix_is_its_own_organizational_domain():
    assert Zone().run(discover_7489("co.uk")).organizational == "co.uk"


# 4.10.1: which record and which tag


def author(zone: Zone, domain: str):
    return zone.run(look_up(domain, author=True))


@pytest.mark.parametrize(
    ("domain", "zone", "exists", "bis", "old"),
    [
        (
            "example.com",
            {"example.com": REJECT},
            ["example.com"],
            "author p reject",
            "author p reject",
        ),
        (
            "a.example.com",
            {"a.example.com": NONE, "example.com": REJECT},
            ["a.example.com"],
            "author p none",
            "author p none",
        ),
        (
            "a.example.com",
            {"example.com": REJECT},
            ["a.example.com"],
            "organizational p reject",
            "organizational p reject",
        ),
        (
            "a.example.com",
            {"example.com": REJECT + "; sp=none"},
            ["a.example.com"],
            "organizational sp none",
            "organizational sp none",
        ),
        (
            "a.example.com",
            {"example.com": NONE + "; sp=quarantine; np=reject"},
            ["a.example.com"],
            "organizational sp quarantine",
            "organizational sp quarantine",
        ),
        # NXDOMAIN: np counts; RFC 7489 does not know it
        (
            "a.example.com",
            {"example.com": NONE + "; sp=quarantine; np=reject"},
            [],
            "organizational np reject",
            "organizational sp quarantine",
        ),
        (
            "a.example.com",
            {"example.com": NONE + "; np=reject"},
            [],
            "organizational np reject",
            "organizational p none",
        ),
        (
            "a.example.com",
            {"example.com": REJECT + "; sp=none"},
            [],
            "organizational sp none",
            "organizational sp none",
        ),
        # a record between the author domain and the organizational domain is passed over
        (
            "a.b.example.com",
            {"b.example.com": NONE, "example.com": REJECT},
            [],
            "organizational p reject",
            "organizational p reject",
        ),
        # ... unless it says that it is the organizational domain: here the readings part
        (
            "a.b.example.com",
            {"b.example.com": NONE + "; psd=n", "example.com": REJECT},
            [],
            "organizational p none",
            "organizational p reject",
        ),
        # a public suffix domain's record (4.10.1, third place); RFC 7489 does not look there
        (
            "a.mega.bank.example",
            {"bank.example": REJECT + "; psd=y; sp=quarantine"},
            ["a.mega.bank.example"],
            "public sp quarantine",
            "organizational sp quarantine",
        ),
        ("mega.co.uk", {"co.uk": REJECT + "; psd=y"}, ["mega.co.uk"], "public p reject", "nowhere"),
        # the organizational domain's own record keeps the public suffix's out
        (
            "a.mega.co.uk",
            {"co.uk": REJECT + "; psd=y", "mega.co.uk": NONE},
            [],
            "organizational p none",
            "organizational p none",
        ),
        # a registry that publishes without psd=y: only the public suffix list knows its place
        ("mega.co.uk", {"co.uk": REJECT}, ["mega.co.uk"], "organizational p reject", "nowhere"),
        ("example.com", {}, [], "nowhere", "nowhere"),
    ],
)
def test_the_policy_is_found_where_each_reading_says(domain, zone, exists, bis, old):
    looked_up = author(Zone({f"_dmarc.{n}": t for n, t in zone.items()}, exists=exists), domain)
    for reading, expected in ((Reading.RFC9989, bis), (Reading.RFC7489, old)):
        policy = find_policy(reading, looked_up)
        place = {
            PolicyFrom.AUTHOR_DOMAIN: "author",
            PolicyFrom.ORGANIZATIONAL: "organizational",
            PolicyFrom.PUBLIC_SUFFIX: "public",
            PolicyFrom.NOWHERE: "nowhere",
        }[policy.source]
        tag = f" {policy.tag} {policy.asked.value}" if policy.asked else ""
        assert f"{place}{tag}" == expected, reading
        assert policy.why


def test_nodata_is_existence_and_nxdomain_is_not():
    def exists(zone: Zone):
        return author(zone, "a.example.com").exists

    # RFC 9989 A.4: NODATA means that the name exists
    assert exists(Zone(exists=["a.example.com"])) is True
    assert exists(Zone()) is False
    failing = {"a.example.com": DnsStatus.SERVFAIL}
    assert exists(Zone(status=failing)) is None
    # RFC 8020: a name with something below it exists
    assert exists(Zone({"_dmarc.a.example.com": NONE}, status=failing)) is True


def test_an_alias_whose_end_does_not_exist_exists_itself():
    class Alias(Zone):
        def answer(self, qname, rtype):
            if (qname, rtype) == ("a.example.com", "A"):
                return DnsAnswer(
                    qname=qname,
                    rtype=rtype,
                    status=DnsStatus.NXDOMAIN,
                    cname_hops=("gone.example",),
                )
            return super().answer(qname, rtype)

    assert author(Alias(), "a.example.com").exists is True


def test_unknown_existence_is_told_where_np_would_count():
    zone = Zone(
        {"_dmarc.example.com": NONE + "; np=reject"}, status={"a.example.com": DnsStatus.TIMEOUT}
    )
    policy = find_policy(Reading.RFC9989, author(zone, "a.example.com"))
    assert policy.asked is Policy.NONE
    assert "not known" in policy.why


def test_the_author_domains_own_record_settles_the_policy_whatever_fails_above():
    zone = Zone({"_dmarc.a.example.com": REJECT}, status={"_dmarc.com": DnsStatus.SERVFAIL})
    looked_up = author(zone, "a.example.com")
    assert looked_up.walk.failed
    assert not undecided(looked_up.walk)
    zone = Zone({"_dmarc.example.com": REJECT}, status={"_dmarc.com": DnsStatus.SERVFAIL})
    assert undecided(author(zone, "a.example.com").walk)
    assert not undecided(author(zone, "a.example.com").suffix)  # it does not ask there


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        (REJECT + "; t=y", Reading.RFC9989, Policy.QUARANTINE),
        ("v=DMARC1; p=quarantine; t=y", Reading.RFC9989, Policy.NONE),
        (NONE + "; t=y", Reading.RFC9989, Policy.NONE),
        (REJECT + "; t=y", Reading.RFC7489, Policy.REJECT),
        (REJECT + "; pct=0", Reading.RFC9989, Policy.REJECT),
        (REJECT + "; pct=0", Reading.RFC7489, Policy.QUARANTINE),
        ("v=DMARC1; p=quarantine; pct=0", Reading.RFC7489, Policy.NONE),
        (REJECT + "; pct=25", Reading.RFC7489, Policy.REJECT),
    ],
)
def test_testing_and_percentages_lower_what_is_asked(text, reading, expected):
    looked_up = author(Zone({"_dmarc.example.com": text}), "example.com")
    policy, why = disposition(reading, find_policy(reading, looked_up))
    assert policy is expected
    if "pct" in text and reading is Reading.RFC7489:
        assert "pct" in why


LABEL = st.text("abcxyz-_0", min_size=1, max_size=5)
NAME = st.lists(LABEL, min_size=1, max_size=14).map(".".join) | st.text(max_size=40)
RECORD = st.sampled_from(
    [NONE, REJECT, NONE + ";psd=y", NONE + ";psd=n", "v=spf1", "v=DMARC1;np=x"]
)


@given(
    NAME, st.booleans(), st.lists(RECORD, max_size=14), st.sets(st.sampled_from(list(DnsStatus)))
)
def test_every_name_and_zone_ends_in_both_readings(name, is_author, records, statuses):
    names = walk_names(name)
    zone = Zone(
        {f"_dmarc.{n}": r for n, r in zip(names, records, strict=False)},
        status={
            f"_dmarc.{n}": s for n, s in zip(names[::-1], sorted(statuses, key=str), strict=False)
        },
    )
    found = zone.run(look_up(name, author=is_author))
    assert len(found.walk.queries) <= 8
    assert len(zone.asked) <= 11
    for reading in Reading:
        assert find_policy(reading, found).why


async def test_a_replay_gives_the_same_result_as_the_live_run():
    class Resolver:
        zone = Zone({"_dmarc.example.com": REJECT + "; np=quarantine"})

        async def query(self, qname, rtype):
            return self.zone.answer(qname, rtype)

    live = await ask(look_up("a.b.example.com", author=True), Resolver())
    assert replay(look_up("a.b.example.com", author=True), live.answers) == live.result
    cut = replay(look_up("a.b.example.com", author=True), live.answers[:1])
    assert cut.walk.failed
    assert cut.suffix.failed


def selected(start, zone):
    """RFC 9989 4.10.2, written down again from its three steps over the names a walk reaches."""
    reached = []
    for name in walk_names(start):
        texts = [text for text in zone.get(name, []) if text.startswith("v=DMARC1")]
        text = texts[0] if len(texts) == 1 else ""
        reached.append((name, text))
        if "psd=y" in text or "psd=n" in text:
            break
    valid = [(name, text) for name, text in reached if text]
    labels = start.split(".")
    for name, text in valid:
        if "psd=n" in text:
            return name
        if "psd=y" in text and name != start:
            return ".".join(labels[len(labels) - len(name.split(".")) - 1 :])
    return min((name for name, _ in valid), key=lambda name: len(name.split(".")), default=start)


@given(
    st.integers(1, 12),
    st.lists(st.lists(RECORD, max_size=2), max_size=12),
)
def test_any_zone_gives_the_organizational_domain_of_4_10_2(labels, records):
    start = ".".join(f"l{at}" for at in range(labels))
    zone = dict(zip(walk_names(start), records, strict=False))
    found = Zone({f"_dmarc.{name}": texts for name, texts in zone.items() if texts}).run(
        discover(start)
    )
    assert found.organizational == selected(start, zone)
    assert start == found.organizational or start.endswith(f".{found.organizational}")


def test_strings_are_joined_and_aliases_followed():
    """RFC 9989 4.5: the strings of a record are joined in order, with nothing between them."""

    class Alias(Zone):
        def answer(self, qname, rtype):
            if qname != "_dmarc.example.com":
                return super().answer(qname, rtype)
            rrset = RRset(
                name="dmarc.example.net",
                rtype="TXT",
                ttl_s=60,
                records=('"v=DMARC1; p=re" "ject"',),
            )
            return DnsAnswer(
                qname=qname,
                rtype=rtype,
                status=DnsStatus.OK,
                answer=(rrset,),
                cname_hops=("dmarc.example.net",),
            )

    found = Alias().run(discover("example.com"))
    assert found.queries[0].record.policy is Policy.REJECT
    assert found.queries[0].record.name == "_dmarc.example.com"
