"""Every reason told apart, on answers made by hand."""

from datetime import timedelta

import dns.name
import dns.rdata
import dns.rrset
import pytest

from mxwalk.dnssec.model import DenialKind, HopKind, Need, Question, SignatureVerdict, Status
from mxwalk.dnssec.reasons import TEXTS, Cause, Culprit, Reason
from tests.dnssec.world import NOW, Key, World, ZoneKeys, records

DAY = timedelta(days=1)
MX = ("example.test.", "MX", "10 mx.example.test.")


@pytest.fixture
def world():
    return World()


def answered(world: World, **how):
    rrset = records(*MX)
    world.put("example.test.", "MX", world.zone.signed(rrset, **how))
    return world.validate("example.test", "MX")


def test_a_signed_answer_is_secure_with_a_link_for_every_zone(world):
    result = answered(world)
    assert result.status is Status.SECURE
    assert result.reason is None
    assert [link.zone for link in result.links] == [".", "test", "example.test"]
    last = result.links[-1]
    assert last.ds[0].matches == (last.keys[0].key_tag,)
    assert last.keys[0].matched
    assert last.keys[0].signs_keys
    assert last.keys[0].bits == 256
    assert last.key_signatures[0].verdict is SignatureVerdict.VALID
    assert result.answer_signatures[0].expiration == NOW + 14 * DAY
    assert set(result.used) == {
        Question("example.test", "MX"),
        Question(".", "DNSKEY"),
        Question("test", "DS"),
        Question("test", "DNSKEY"),
        Question("example.test", "DS"),
        Question("example.test", "DNSKEY"),
    }


@pytest.mark.parametrize("algorithm", [5, 7, 8, 10, 13, 14, 15])
def test_every_supported_algorithm_validates(algorithm):
    assert answered(World(ZoneKeys("example.test.", Key(algorithm)))).status is Status.SECURE


@pytest.mark.parametrize(
    ("how", "reason", "words"),
    [
        ({"ends": -3 * DAY, "begins": -9 * DAY}, Reason.RRSIG_EXPIRED, "expired at 2026-11-18 20:00 UTC, 3 days"),
        ({"ends": -timedelta(minutes=5)}, Reason.RRSIG_EXPIRED, "may be a clock that is wrong"),
        ({"begins": 2 * DAY}, Reason.RRSIG_NOT_YET_VALID, "only from 2026-11-23 20:00 UTC"),
        ({"signature": b"\x01" * 64}, Reason.RRSIG_WRONG, "does not verify"),
        ({"signature": b""}, Reason.RRSIG_WRONG, "does not verify"),
        ({"key_tag": 1}, Reason.RRSIG_KEY_NOT_IN_SET, "key tag 1,"),
        ({"labels": 9}, Reason.RRSIG_LABELS_WRONG, "more labels"),
        ({"labels": 0}, Reason.RRSIG_LABELS_WRONG, "more labels"),
        ({"algorithm": 253}, Reason.RRSIG_ALGORITHM_UNSUPPORTED, "algorithm 253"),
        ({"original_ttl": 1}, Reason.RRSIG_WRONG, "does not verify"),
        ({"signer": dns.name.from_text("test.")}, Reason.RRSIG_WRONG, "key of test"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_signature_is_told_apart(world, how, reason, words):
    if how.get("signer"):
        how = how | {"key_tag": world.tld.key.tag}
    result = answered(world, **how)
    assert (result.status, result.reason) == (Status.BOGUS, reason)
    assert words in result.sentence
    assert result.culprit is Culprit.ZONE
    assert result.fix


def test_a_signer_that_cannot_hold_the_name_is_said(world):
    result = answered(world, signer=dns.name.from_text("other.test."))
    assert (result.status, result.reason) == (Status.BOGUS, Reason.RRSIG_SIGNER_WRONG)


def test_the_records_may_come_in_any_order_and_case(world):
    texts = ["20 B.example.test.", "10 a.EXAMPLE.test.", "30 c.example.test."]
    rrset = records("example.test.", "MX", *texts)
    signature = world.zone.sign(rrset)
    shuffled = records("EXAMPLE.test.", "MX", *reversed([t.swapcase() for t in texts]))
    signature.name = shuffled.name
    world.put("example.test.", "MX", [shuffled, signature])
    assert world.validate("Example.TEST", "MX").status is Status.SECURE


def test_a_ttl_lowered_by_a_cache_still_verifies(world):
    rrset = records(*MX)
    signature = world.zone.sign(rrset)
    rrset.ttl = 7
    world.put("example.test.", "MX", [rrset, signature])
    assert world.validate("example.test", "MX").status is Status.SECURE


def test_a_ttl_above_the_signed_one_is_marked(world):
    rrset = records(*MX)
    signature = world.zone.sign(rrset)
    rrset.ttl = 86400
    world.put("example.test.", "MX", [rrset, signature])
    result = world.validate("example.test", "MX")
    assert result.status is Status.SECURE
    assert result.answer_signatures[0].ttl_lowered


def test_one_valid_signature_among_many_suffices(world):
    rrset = records(*MX)
    bad = world.zone.sign(rrset, key=Key())
    late = world.zone.sign(rrset, ends=-DAY, begins=-9 * DAY)
    signatures = bad.union(late).union(world.zone.sign(rrset))
    world.put("example.test.", "MX", [rrset, signatures])
    result = world.validate("example.test", "MX")
    assert result.status is Status.SECURE
    assert {each.verdict for each in result.answer_signatures} >= {SignatureVerdict.VALID}


def test_a_revoked_key_signs_no_data(world):
    revoked = Key(flags=257 | 128)
    keys = records("example.test.", "DNSKEY", str(world.zone.key.dnskey), str(revoked.dnskey))
    world.put("example.test.", "DNSKEY", world.zone.signed(keys))
    result = answered(world, key=revoked)
    assert (result.status, result.reason) == (Status.BOGUS, Reason.RRSIG_KEY_UNUSABLE)


def test_missing_signature_of_a_signed_zone_is_bogus(world):
    world.put("example.test.", "MX", [records(*MX)])
    world.put(
        "mx.example.test.", "A", world.zone.signed(records("mx.example.test.", "A", "192.0.2.1"))
    )
    result = world.validate("example.test", "MX")
    assert (result.status, result.reason) == (Status.BOGUS, Reason.RRSIG_MISSING)


# -- the delegation ----------------------------------------------------------------------------------


def with_ds(world: World, *texts: str):
    world.put("example.test.", "DS", world.tld.signed(records("example.test.", "DS", *texts)))
    return answered(world)


def test_a_stale_ds_is_the_parents_to_replace(world):
    result = with_ds(world, ZoneKeys("example.test.").ds())
    assert (result.status, result.reason) == (Status.BOGUS, Reason.DS_WITHOUT_KEY)
    assert result.culprit is Culprit.PARENT
    assert str(world.zone.key.tag) in result.sentence
    assert result.links[-1].status is Status.BOGUS
    assert not result.links[-1].ds[0].matches


def test_a_ds_whose_digest_differs_is_no_match_though_the_tag_is_right(world):
    words = world.zone.ds().split()
    result = with_ds(world, " ".join([*words[:3], "00" * 32]))
    assert result.reason is Reason.DS_WITHOUT_KEY


def test_one_ds_that_matches_suffices(world):
    assert with_ds(world, ZoneKeys("example.test.").ds(), world.zone.ds()).status is Status.SECURE


def test_sha1_alone_is_used_and_yields_to_sha256(world):
    assert with_ds(world, world.zone.ds("SHA1")).status is Status.SECURE
    other = World()
    result = with_ds(other, other.zone.ds("SHA1"), ZoneKeys("example.test.").ds())
    assert result.reason is Reason.DS_WITHOUT_KEY  # RFC 4509 3: the SHA-1 record is ignored
    assert [each.usable for each in sorted(result.links[-1].ds, key=lambda d: d.digest_type)] == [
        False,
        True,
    ]


def test_sha384_is_supported(world):
    assert with_ds(world, world.zone.ds("SHA384")).status is Status.SECURE


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [(1, "253", Reason.UNSUPPORTED_ALGORITHM), (1, "12", Reason.UNSUPPORTED_ALGORITHM),
     (2, "3", Reason.UNSUPPORTED_DIGEST), (2, "250", Reason.UNSUPPORTED_DIGEST)],
)  # fmt: skip
def test_what_is_not_supported_makes_the_zone_insecure_not_bogus(world, place, value, reason):
    words = world.zone.ds().split()
    words[place] = value
    result = with_ds(world, " ".join(words))
    assert (result.status, result.reason) == (Status.INSECURE, reason)


def test_key_set_signed_by_another_key_than_the_ds_names(world):
    other = Key()
    keys = records("example.test.", "DNSKEY", str(world.zone.key.dnskey), str(other.dnskey))
    world.put("example.test.", "DNSKEY", [keys, world.zone.sign(keys, key=other)])
    result = answered(world)
    assert result.reason is Reason.KEY_SET_NOT_SIGNED_BY_DS_KEY


def test_no_dnskey_behind_a_ds(world):
    world.put("example.test.", "DNSKEY", [], world.zone.soa())
    assert answered(world).reason is Reason.DNSKEY_MISSING


def test_wrong_anchors_are_yours_to_mend(world):
    result = answered(world)
    world.root = ZoneKeys(".")
    world.put(
        ".", "DNSKEY", result and world.root.signed(records(".", "DNSKEY", str(Key().dnskey)))
    )
    result = world.validate("example.test", "MX")
    assert (result.status, result.reason) == (Status.BOGUS, Reason.ANCHOR_WITHOUT_KEY)
    assert result.culprit is Culprit.YOU


def test_below_an_insecure_point_nothing_more_is_asked(world):
    denial = [*world.tld.soa(), *world.tld.nsec("example.test.", "zz.test.", "NS RRSIG NSEC")]
    world.put("example.test.", "DS", [], denial)
    world.put("a.b.example.test.", "A", [records("a.b.example.test.", "A", "192.0.2.1")])
    result = world.validate("a.b.example.test", "A")
    assert (result.status, result.reason) == (Status.INSECURE, Reason.NO_DS)
    assert result.culprit is Culprit.NOBODY
    assert result.links[-1].denial.kind is DenialKind.NO_DS
    assert "example.test is delegated by test without a DS" in result.sentence


def test_an_opt_out_span_is_insecure(world):
    closest = world.tld.nsec3("test.", "NS SOA DNSKEY")
    span = world.tld.nsec3("example.test.", "NS DS", covers=True, opt_out=True)
    world.put("example.test.", "DS", [], [*world.tld.soa(), *closest, *span])
    result = answered(world)
    assert (result.status, result.reason) == (Status.INSECURE, Reason.OPT_OUT)
    assert result.links[-1].denial.records[1].opt_out


def test_a_missing_delegation_without_opt_out_is_bogus(world):
    closest = world.tld.nsec3("test.", "NS SOA DNSKEY")
    span = world.tld.nsec3("example.test.", "NS DS", covers=True)
    world.put("example.test.", "DS", [], [*world.tld.soa(), *closest, *span])
    assert answered(world).reason is Reason.DENIAL_OPT_OUT


def test_the_childs_own_denial_of_its_ds_proves_nothing(world):
    denial = [*world.zone.soa(), *world.zone.nsec("example.test.", "a.example.test.", "NS SOA MX")]
    world.put("example.test.", "DS", [], denial)
    result = answered(world)
    assert result.status is Status.BOGUS
    assert result.reason is Reason.RRSIG_SIGNER_WRONG


# -- denial ------------------------------------------------------------------------------------------

NO_TLSA = "mx.example.test"


def denied(world: World, *proofs, qname: str = NO_TLSA, rtype: str = "TLSA", rcode: int = 0):
    authority = world.zone.soa()
    for proof in proofs:
        authority += proof
    world.put(qname, rtype, [], authority, rcode=rcode)
    return world.validate(qname, rtype)


def test_no_data_at_a_name(world):
    result = denied(world, world.zone.nsec("mx.example.test.", "n.example.test.", "A RRSIG NSEC"))
    assert result.status is Status.SECURE
    assert result.denial.kind is DenialKind.NO_DATA
    assert result.hops[-1].kind is HopKind.NODATA


def test_a_type_the_record_lists_is_not_denied(world):
    proof = world.zone.nsec("mx.example.test.", "n.example.test.", "A TLSA RRSIG NSEC")
    assert denied(world, proof).reason is Reason.DENIAL_TYPE


def test_an_alias_at_the_name_is_not_no_data(world):
    proof = world.zone.nsec("mx.example.test.", "n.example.test.", "CNAME RRSIG NSEC")
    assert denied(world, proof).reason is Reason.DENIAL_TYPE


def test_an_empty_non_terminal_is_no_data(world):
    proof = world.zone.nsec("example.test.", "a.mx.example.test.", "NS SOA")
    result = denied(world, proof)
    assert result.status is Status.SECURE
    assert result.denial.kind is DenialKind.EMPTY_NON_TERMINAL


def test_no_such_name_for_an_empty_non_terminal_denies_the_type_and_is_noted(world):
    """RFC 8020 2: with NXDOMAIN nothing exists below; the proof of no data still holds."""
    proof = world.zone.nsec("example.test.", "a.mx.example.test.", "NS SOA")
    result = denied(world, proof, rcode=3)
    assert result.status is Status.SECURE
    assert result.denial.kind is DenialKind.EMPTY_NON_TERMINAL
    assert result.denial.note is Reason.DENIAL_EMPTY_NON_TERMINAL


def test_no_such_name_needs_the_wildcard_covered_too(world):
    covering = world.zone.nsec("a.example.test.", "n.example.test.", "A")
    assert denied(world, covering, rcode=3).reason is Reason.DENIAL_WILDCARD
    apex = world.zone.nsec("example.test.", "a.example.test.", "NS SOA")
    whole = World()
    whole.root, whole.tld, whole.zone, whole.answers = (
        world.root,
        world.tld,
        world.zone,
        world.answers[:5],
    )
    result = denied(whole, covering, apex, rcode=3)
    assert result.status is Status.SECURE
    assert result.denial.kind is DenialKind.NO_NAME
    assert result.denial.closest_encloser == "example.test"


def test_records_that_cover_another_name_prove_nothing(world):
    proof = world.zone.nsec("n.example.test.", "z.example.test.", "A")
    assert denied(world, proof, rcode=3).reason is Reason.DENIAL_NAME


def test_no_proof_at_all_is_a_missing_denial(world):
    assert denied(world).reason is Reason.DENIAL_MISSING


def test_the_parents_record_of_a_cut_does_not_deny_the_childs_data(world):
    proof = world.zone.nsec("mx.example.test.", "n.example.test.", "NS RRSIG NSEC")
    assert denied(world, proof).reason is Reason.DENIAL_WRONG_SIDE


def test_a_record_above_a_cut_covers_nothing_below_it(world):
    proof = world.zone.nsec("cut.example.test.", "n.example.test.", "NS RRSIG NSEC")
    result = denied(world, proof, qname="mx.cut.example.test", rcode=3)
    assert result.reason is Reason.DENIAL_NAME


def test_no_data_behind_a_wildcard(world):
    covering = world.zone.nsec("a.example.test.", "n.example.test.", "A")
    wildcard = world.zone.nsec("*.example.test.", "a.example.test.", "A RRSIG NSEC")
    result = denied(world, covering, wildcard)
    assert result.status is Status.SECURE
    assert result.denial.kind is DenialKind.WILDCARD_NO_DATA


def test_an_expired_denial_is_expired(world):
    proof = records("mx.example.test.", "NSEC", "n.example.test. A RRSIG NSEC")
    signature = world.zone.sign(proof, begins=-9 * DAY, ends=-3 * DAY)
    assert denied(world, [proof, signature]).reason is Reason.RRSIG_EXPIRED


def test_a_denial_made_from_a_wildcard_is_not_used(world):
    rrset = records("*.example.test.", "NSEC", "n.example.test. A RRSIG NSEC")
    signature = world.zone.sign(rrset)
    rrset.name = signature.name = dns.name.from_text("mx.example.test.")
    assert denied(world, [rrset, signature]).status is Status.BOGUS


@pytest.mark.parametrize("iterations", [0, 7, 50])
def test_nsec3_no_such_name(world, iterations):
    result = denied(
        world,
        world.zone.nsec3("example.test.", "NS SOA", iterations=iterations),
        world.zone.nsec3("mx.example.test.", "A", covers=True, iterations=iterations),
        world.zone.nsec3("*.example.test.", "A", covers=True, iterations=iterations),
        rcode=3,
    )
    assert result.status is Status.SECURE
    assert result.denial.iterations == iterations
    assert [r.role.split()[0] for r in result.denial.records] == ["matches", "covers", "covers"]


def test_nsec3_without_the_wildcard(world):
    result = denied(
        world,
        world.zone.nsec3("example.test.", "NS SOA"),
        world.zone.nsec3("mx.example.test.", "A", covers=True),
        rcode=3,
    )
    assert result.reason is Reason.DENIAL_WILDCARD


def test_nsec3_no_such_name_for_an_empty_non_terminal(world):
    result = denied(world, world.zone.nsec3("mx.example.test.", ""), rcode=3)
    assert result.denial.kind is DenialKind.EMPTY_NON_TERMINAL


def test_nsec3_type_present(world):
    assert (
        denied(world, world.zone.nsec3("mx.example.test.", "A TLSA")).reason is Reason.DENIAL_TYPE
    )


def test_nsec3_without_closest_encloser(world):
    proof = world.zone.nsec3("mx.example.test.", "A", covers=True)
    assert denied(world, proof, rcode=3).reason is Reason.DENIAL_NAME


def test_nsec3_iterations_above_the_limit_are_insecure_and_never_hashed(world, monkeypatch):
    proof = world.zone.nsec3("mx.example.test.", "A", iterations=51)
    monkeypatch.setattr("dns.dnssec.nsec3_hash", None)
    result = denied(world, proof)
    assert (result.status, result.reason) == (Status.INSECURE, Reason.NSEC3_ITERATIONS)
    assert "51 extra hash iterations" in result.sentence


def test_nsec3_of_different_parameters_proves_nothing(world):
    result = denied(
        world,
        world.zone.nsec3("example.test.", "NS SOA", iterations=1),
        world.zone.nsec3("mx.example.test.", "A", iterations=2),
    )
    assert result.reason is Reason.DENIAL_NSEC3_PARAMETERS


@pytest.mark.parametrize("head", ["2 0", "1 2"])
def test_nsec3_of_unknown_hash_or_flags_is_ignored(world, head):
    good = world.zone.nsec3("mx.example.test.", "A")[0]
    text = head + str(good[0])[3:]
    proof = records(str(good.name), "NSEC3", text)
    assert denied(world, world.zone.signed(proof)).reason is Reason.DENIAL_NSEC3_PARAMETERS


# -- wildcards and aliases ---------------------------------------------------------------------------


def expanded(world: World, name: str = "x.wild.example.test."):
    rrset = records("*.wild.example.test.", "TXT", '"any"')
    signature = world.zone.sign(rrset)
    rrset.name = signature.name = dns.name.from_text(name)
    return [rrset, signature]


def test_a_wildcard_answer_with_its_proof_is_secure(world):
    proof = world.zone.nsec("*.wild.example.test.", "zz.example.test.", "TXT")
    world.put("x.wild.example.test", "TXT", expanded(world), proof)
    result = world.validate("x.wild.example.test", "TXT")
    assert result.status is Status.SECURE
    assert result.hops[0].wildcard
    assert result.denial.kind is DenialKind.NO_EXACT_MATCH


def test_a_wildcard_answer_without_proof_is_bogus(world):
    world.put("x.wild.example.test", "TXT", expanded(world))
    assert world.validate("x.wild.example.test", "TXT").reason is Reason.DENIAL_WILDCARD_ANSWER


def test_a_wildcard_answer_for_a_name_with_a_closer_encloser_is_bogus(world):
    proof = world.zone.nsec("a.y.wild.example.test.", "zz.y.wild.example.test.", "TXT")
    world.put("x.y.wild.example.test", "TXT", expanded(world, "x.y.wild.example.test."), proof)
    result = world.validate("x.y.wild.example.test", "TXT")
    assert result.reason is Reason.DENIAL_WILDCARD_ANSWER


@pytest.mark.parametrize(("opt_out", "status"), [(False, Status.SECURE), (True, Status.INSECURE)])
def test_a_wildcard_answer_with_nsec3_proof(world, opt_out, status):
    proof = world.zone.nsec3("x.wild.example.test.", "TXT", covers=True, opt_out=opt_out)
    world.put("x.wild.example.test", "TXT", expanded(world), proof)
    assert world.validate("x.wild.example.test", "TXT").status is status


def test_a_chain_is_as_secure_as_its_weakest_hop_and_every_hop_says_its_own(world):
    alias = world.zone.signed(records("example.test.", "CNAME", "mail.example.test."))
    tampered = world.zone.sign(records("mail.example.test.", "A", "192.0.2.1"))
    world.put(
        "example.test", "A", [*alias, records("mail.example.test.", "A", "192.0.2.66"), tampered]
    )
    result = world.validate("example.test", "A")
    assert [(hop.kind, hop.status) for hop in result.hops] == [
        (HopKind.CNAME, Status.SECURE),
        (HopKind.ANSWER, Status.BOGUS),
    ]
    assert result.reason is Reason.RRSIG_WRONG


def test_what_a_resolver_left_out_of_a_chain_is_asked_for(world):
    alias = world.zone.signed(records("example.test.", "CNAME", "mail.example.test."))
    world.put("example.test", "A", alias)
    assert world.validate("example.test", "A") == Need(
        questions=(Question("mail.example.test", "A"),)
    )
    address = world.zone.signed(records("mail.example.test.", "A", "192.0.2.1"))
    world.put("mail.example.test", "A", address)
    result = world.validate("example.test", "A")
    assert result.status is Status.SECURE
    assert result.exists
    assert Question("mail.example.test", "A") in result.used


def test_an_answer_put_together_from_several_is_asked_for_alias_by_alias(world):
    """The message kept with a joined answer is the last one's."""
    import msgspec

    address = world.zone.signed(records("mail.example.test.", "A", "192.0.2.1"))
    world.put("mail.example.test", "A", address)
    world.answers.append(msgspec.structs.replace(world.answers[-1], qname="example.test"))
    assert world.validate("example.test", "A") == Need(
        questions=(Question("example.test", "CNAME"),)
    )
    world.put(
        "example.test",
        "CNAME",
        world.zone.signed(records("example.test.", "CNAME", "mail.example.test.")),
    )
    result = world.validate("example.test", "A")
    assert [hop.kind for hop in result.hops] == [HopKind.CNAME, HopKind.ANSWER]
    assert result.status is Status.SECURE


def dname(world: World, cname_target: str):
    return [
        *world.zone.signed(records("old.example.test.", "DNAME", "new.example.test.")),
        records("mx.old.example.test.", "CNAME", cname_target),
        *world.zone.signed(records("mx.new.example.test.", "A", "192.0.2.1")),
    ]


def test_a_dname_is_signed_and_its_cname_follows_from_it(world):
    world.put("mx.old.example.test", "A", dname(world, "mx.new.example.test."))
    result = world.validate("mx.old.example.test", "A")
    assert [hop.kind for hop in result.hops] == [HopKind.DNAME, HopKind.ANSWER]
    assert result.status is Status.SECURE


def test_a_cname_that_does_not_follow_from_the_dname_is_bogus(world):
    answer = dname(world, "mx.new.example.test.")
    answer[2] = records("mx.old.example.test.", "CNAME", "evil.example.test.")
    world.put("mx.old.example.test", "A", answer)
    result = world.validate("mx.old.example.test", "A")
    assert (result.status, result.reason) == (Status.BOGUS, Reason.ALIAS_WRONG)


@pytest.mark.parametrize(
    ("target", "status"), [("mx.new.example.test.", Status.SECURE), ("evil.test.", Status.BOGUS)]
)
def test_a_cname_asked_for_below_a_dname_is_judged_by_it(world, target, status):
    world.put("mx.old.example.test", "CNAME", dname(world, target)[:3])
    result = world.validate("mx.old.example.test", "CNAME")
    assert result.status is status
    assert result.exists


def test_a_loop_of_aliases_ends(world):
    chain = [
        *world.zone.signed(records("a.example.test.", "CNAME", "b.example.test.")),
        *world.zone.signed(records("b.example.test.", "CNAME", "a.example.test.")),
    ]
    world.put("a.example.test", "A", chain)
    assert world.validate("a.example.test", "A").reason is Reason.ALIAS_LOOP


# -- texts -------------------------------------------------------------------------------------------


def test_every_reason_has_a_sentence_a_fix_and_a_section():
    assert set(TEXTS) == set(Reason)
    for reason in Reason:
        cause = Cause(
            reason=reason, what="example.test MX", zone="example.test", parent="test", detail="d"
        )
        assert cause.sentence.endswith(".")
        assert "{" not in cause.sentence + cause.fix
        assert cause.fix
        assert TEXTS[reason].rfc.startswith("RFC ")


def test_the_root_is_called_so():
    cause = Cause(reason=Reason.NO_DS, what="test", zone="test", parent=".")
    assert "delegated by the root without" in cause.sentence


def test_malformed_records_are_signed_like_any_other(world):
    data = dns.rdata.GenericRdata(1, 52, b"\x03\x01\x01")
    rrset = dns.rrset.from_rdata(dns.name.from_text("_25._tcp.mx.example.test."), 300, data)
    world.put("_25._tcp.mx.example.test", "TLSA", world.zone.signed(rrset))
    assert world.validate("_25._tcp.mx.example.test", "TLSA").status is Status.SECURE


def test_a_denial_below_an_unsigned_cut_is_not_judged_by_the_wildcards_zone(world):
    """RFC 4035 5.2: the proof of the first hop's wildcard lies beside the child's unsigned SOA."""
    rrset = records("*.wc.example.test.", "CNAME", "no.sub.example.test.")
    signature = world.zone.sign(rrset)
    rrset.name = signature.name = dns.name.from_text("x.wc.example.test.")
    proof = world.zone.nsec("*.wc.example.test.", "zz.example.test.", "CNAME")
    soa = records("sub.example.test.", "SOA", "ns.test. host.test. 1 3600 600 86400 30")
    world.put("x.wc.example.test", "A", [rrset, signature], [*proof, soa], rcode=3)
    cut = world.zone.nsec("sub.example.test.", "wc.example.test.", "NS RRSIG NSEC")
    world.put("sub.example.test", "DS", [], [*world.zone.soa(), *cut])
    world.put("no.sub.example.test", "DS", [], [soa], rcode=3)
    result = world.validate("x.wc.example.test", "A")
    assert [hop.status for hop in result.hops] == [Status.SECURE, Status.INSECURE]
    assert result.reason is Reason.NO_DS
