"""Reading signatures: every rule of RFC 6376 3.5 and 6.1.1, and what only the clock or the key decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import Question, replay
from mxwalk.mailauth.dkim.canonical import as_it_came, beside_copies
from mxwalk.mailauth.dkim.make import KeyPair, make_key
from mxwalk.mailauth.dkim.model import DkimResult, Reason, Signature, Strength
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.dkim.signature import read_signature, read_signatures
from mxwalk.mailauth.dkim.tagwords import signature_words
from mxwalk.mailauth.dkim.verify import questions, verify
from mxwalk.mailauth.message import read_message
from tests.hostile import HOSTILE
from tests.mailauth.dkim.rfc_examples import RFC8463, RFC8463_KEYS
from tests.mailauth.dkim.signing import NOW, failed_answer, txt_answer, verdicts

NAME = "sel._domainkey.example.com"
MESSAGE = b"From: Ann <ann@example.com>\r\nSubject: Minutes\r\n\r\nHello.\r\n"
GOOD = (
    "v=1; a=rsa-sha256; d=example.com; s=sel; h=from:subject; c=relaxed/simple; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"
)


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return make_key()


def read(value: str | bytes) -> Signature:
    octets = value.encode() if isinstance(value, str) else value
    return read_signature(read_message(b"DKIM-Signature: " + octets + b"\r\n\r\n").fields[0])


def signed(pair: KeyPair, raw: bytes = MESSAGE, **how: object) -> bytes:
    how.setdefault("timestamp", int(NOW))
    return sign(raw, pair.private_pem, Signing(domain="example.com", selector="sel", **how))  # type: ignore[arg-type]


def test_a_signature_is_read_tag_by_tag() -> None:
    found = read(GOOD + "; l=10; t=1; x=2; i=ann@news.example.com; q=dns/txt; z=From:a|To:b")
    assert found.problem == ""
    assert (found.algorithm, found.domain, found.selector) == ("rsa-sha256", "example.com", "sel")
    assert (found.header_canon, found.body_canon) == ("relaxed", "simple")
    assert (found.signed, found.length) == (("from", "subject"), 10)
    assert (found.timestamp, found.expires, found.identity) == (1, 2, "ann@news.example.com")
    assert found.key_name == NAME


def test_defaults_are_those_of_rfc_6376_3_5() -> None:
    found = read(GOOD.replace("c=relaxed/simple; ", ""))
    assert (found.header_canon, found.body_canon, found.identity) == (
        "simple",
        "simple",
        "@example.com",
    )
    assert (found.length, found.timestamp, found.expires) == (None, None, None)
    assert read(GOOD.replace("c=relaxed/simple", "c=relaxed")).body_canon == "simple"


@pytest.mark.parametrize(
    ("before", "after", "reason", "problem"),
    [
        ("v=1; ", "", Reason.SYNTAX, "v= is missing"),
        ("v=1", "v=2", Reason.SYNTAX, "v=2 is not version 1"),
        ("a=rsa-sha256; ", "", Reason.SYNTAX, "a= is missing"),
        ("a=rsa-sha256", "a=rsa-md5", Reason.ALGORITHM, "a=rsa-md5 is an unknown algorithm"),
        ("d=example.com; ", "", Reason.SYNTAX, "d= is missing"),
        ("d=example.com", "d=exa mple.com", Reason.SYNTAX, "d=exa mple.com is no name"),
        ("d=example.com", "d=example.com.", Reason.SYNTAX, "is no name"),
        ("s=sel; ", "", Reason.SYNTAX, "s= is missing"),
        ("s=sel", "s=-", Reason.SYNTAX, "s=- is no name"),
        ("h=from:subject; ", "", Reason.SYNTAX, "h= is missing"),
        ("h=from:subject", "h=subject", Reason.NO_FROM, "does not name From"),
        ("h=from:subject", "h=from:sub ject", Reason.SYNTAX, "is no field name"),
        ("h=from:subject", "h=from:", Reason.SYNTAX, "is no field name"),
        ("h=from:subject", "h=" + "from:" * 500 + "to", Reason.SYNTAX, "501 fields"),
        ("; b=AAAA", "", Reason.SYNTAX, "b= is missing"),
        ("; b=AAAA", "; b=A*AA", Reason.SYNTAX, "b= is no base64"),
        ("; b=AAAA", "; b=", Reason.SYNTAX, "b= is no base64"),
        ("bh=47DE", "bh=AAAA47DE", Reason.SYNTAX, "the algorithm's hash has 32"),
        ("c=relaxed/simple", "c=nowsp", Reason.SYNTAX, "unknown canonicalization"),
        ("; b=AAAA", "; b=AAAA; i=ann@example.net", Reason.IDENTITY, "neither in example.com"),
        ("; b=AAAA", "; b=AAAA; i=@badexample.com", Reason.IDENTITY, "neither in example.com"),
        ("; b=AAAA", "; b=AAAA; i=example.com", Reason.SYNTAX, "has no '@'"),
        ("; b=AAAA", "; b=AAAA; q=http", Reason.SYNTAX, "names no way to the key"),
        ("; b=AAAA", "; b=AAAA; l=-1", Reason.SYNTAX, "l=-1 is no number"),
        ("; b=AAAA", "; b=AAAA; t=1e9", Reason.SYNTAX, "t=1e9 is no number"),
        ("; b=AAAA", "; b=AAAA; t=5; x=5", Reason.SYNTAX, "x=5 is not after t=5"),
        ("; b=AAAA", "; b=AAAA; b=AAAA", Reason.SYNTAX, "stands here again"),
        ("; b=AAAA", "; b=AAAA;; t=1", Reason.SYNTAX, "nothing between two semicolons"),
        ("; b=AAAA", "; b=AAAA; what", Reason.SYNTAX, "has no '='"),
    ],
)
def test_a_signature_that_cannot_be_used_says_why(
    before: str, after: str, reason: Reason, problem: str
) -> None:
    """RFC 6376 6.1.1: "Implementers MUST meticulously validate the format and values"."""
    assert before in GOOD
    found = read(GOOD.replace(before, after))
    assert found.problem_reason is reason
    assert problem in found.problem


@pytest.mark.parametrize("more", ["; unknown=1", "; q=x/y:dns/txt", ";", "; \r\n\t", "; l=0"])
def test_what_verifiers_must_ignore_does_no_harm(more: str) -> None:
    assert read(GOOD + more).problem == ""


def test_u_labels_are_looked_up_as_a_labels() -> None:
    """RFC 8616 5: d=, s= and i= may hold U-labels."""
    found = read(
        GOOD.replace("d=example.com", "d=b\u00fccher.example") + "; i=\u00fc@b\u00fccher.example"
    )
    assert (found.problem, found.domain) == ("", "xn--bcher-kva.example")
    assert found.key_name == "sel._domainkey.xn--bcher-kva.example"
    words = {word.name: word for word in signature_words(found)}
    assert "b\u00fccher.example" in words["d"].meaning


def test_a_u_label_domain_verifies(pair: KeyPair) -> None:
    how = Signing(domain="b\u00fccher.example", selector="sel", timestamp=int(NOW))
    raw = sign(MESSAGE, pair.private_pem, how)
    (verdict,) = verdicts(raw, {"sel._domainkey.xn--bcher-kva.example": pair.record.encode()})
    assert verdict.result is DkimResult.PASS


def test_every_tag_of_the_rfc_has_a_line_in_words() -> None:
    found = read(GOOD + "; l=10; t=1; x=2; i=@example.com; q=dns/txt; z=From:a=20b|To:c; y=0")
    words = {word.name: word.meaning for word in signature_words(found)}
    assert set(words) == {
        "v",
        "a",
        "d",
        "s",
        "h",
        "c",
        "bh",
        "b",
        "l",
        "t",
        "x",
        "i",
        "q",
        "z",
        "y",
    }
    assert words["t"] == "signed on 1970-01-01 00:00:01 UTC"
    assert words["bh"] == "the hash of the canonical body, 32 octets"
    assert "From, To" in words["z"]
    assert "ignore" in words["y"]


def test_an_expired_signature_is_not_accepted(pair: KeyPair) -> None:
    raw = signed(pair, expires=int(NOW) + 3600)
    keys = {NAME: pair.record.encode()}
    assert verdicts(raw, keys, now=NOW + 3600)[0].result is DkimResult.PASS
    verdict = verdicts(raw, keys, now=NOW + 86_400)[0]
    assert (verdict.result, verdict.reason) == (DkimResult.PERMERROR, Reason.EXPIRED)
    assert "2025-06-15" in verdict.sentence


def test_a_signature_from_the_future_is_not_accepted(pair: KeyPair) -> None:
    raw = signed(pair)
    keys = {NAME: pair.record.encode()}
    assert verdicts(raw, keys, now=NOW - 60)[0].result is DkimResult.PASS  # clocks differ
    assert verdicts(raw, keys, now=NOW - 3600)[0].reason is Reason.FUTURE


def test_rsa_sha1_fails_although_it_agrees(pair: KeyPair) -> None:
    """RFC 8301 3.1: "Verifiers MUST NOT verify signatures using rsa-sha1"."""
    (verdict,) = verdicts(signed(pair, algorithm="rsa-sha1"), {NAME: pair.record.encode()})
    assert (verdict.result, verdict.reason) == (DkimResult.POLICY, Reason.ALGORITHM)
    assert verdict.strength is Strength.UNACCEPTABLE
    assert "itself agrees" in verdict.sentence


def test_signatures_beyond_the_limit_are_not_looked_at(pair: KeyPair) -> None:
    raw = MESSAGE
    for _ in range(6):
        raw = signed(pair, raw)
    found = verdicts(raw, {NAME: pair.record.encode()}, limit=5)
    assert [one.result for one in found] == [DkimResult.PASS] * 5 + [DkimResult.NEUTRAL]
    assert found[5].reason is Reason.BEYOND_LIMIT


def test_one_good_signature_among_bad_ones_passes(pair: KeyPair) -> None:
    raw = b"DKIM-Signature: v=1; nonsense\r\n" + signed(pair)
    assert [one.result for one in verdicts(raw, {NAME: pair.record.encode()})] == [
        DkimResult.NEUTRAL,
        DkimResult.PASS,
    ]


def test_fields_that_stand_twice_are_signed_from_the_bottom(pair: KeyPair) -> None:
    """RFC 6376 5.4.2: "the instances of the header field from the bottom"."""
    raw = signed(pair, headers=("from", "subject"))
    keys = {NAME: pair.record.encode()}
    assert verdicts(b"Subject: other\r\n" + raw, keys)[0].result is DkimResult.PASS
    below = raw.replace(b"Subject: Minutes\r\n", b"Subject: Minutes\r\nSubject: other\r\n")
    assert verdicts(below, keys)[0].reason is Reason.HEADER


def test_an_over_signed_field_cannot_be_added(pair: KeyPair) -> None:
    raw = signed(pair, headers=("from", "subject", "subject"))
    keys = {NAME: pair.record.encode()}
    assert verdicts(raw, keys)[0].result is DkimResult.PASS
    assert verdicts(b"Subject: other\r\n" + raw, keys)[0].reason is Reason.HEADER


def test_a_length_lets_text_be_appended(pair: KeyPair) -> None:
    raw = signed(pair, length=4)
    (verdict,) = verdicts(raw + b"more\r\n", {NAME: pair.record.encode()})
    assert verdict.result is DkimResult.PASS
    assert any("append" in one for one in verdict.explanation)


def test_header_fields_alone_leave_a_signature_undecided_or_failed(pair: KeyPair) -> None:
    head = signed(pair).partition(b"\r\n\r\n")[0] + b"\r\n"
    keys = {NAME: pair.record.encode()}
    assert verdicts(head, keys, whole=False)[0].reason is Reason.NO_BODY
    changed = head.replace(b"Minutes", b"Notes")
    assert verdicts(changed, keys, whole=False)[0].reason is Reason.HEADER


def test_the_key_is_asked_for_at_its_name() -> None:
    asking = questions(read(GOOD))
    assert next(asking) == (Question(NAME, "TXT"),)
    key = replay(questions(read(GOOD)), [txt_answer(NAME)])
    assert (key.reason, key.status) == (Reason.KEY_MISSING, DnsStatus.NXDOMAIN)


def test_a_signature_without_a_domain_asks_nothing() -> None:
    key = replay(questions(read("v=1")), [])
    assert (key.status, key.reason) == (DnsStatus.CANCELLED, Reason.SYNTAX)


@pytest.mark.parametrize("status", [DnsStatus.SERVFAIL, DnsStatus.TIMEOUT, DnsStatus.CANCELLED])
def test_a_failed_look_up_is_temporary_and_never_a_missing_key(
    pair: KeyPair, status: DnsStatus
) -> None:
    """RFC 6376 6.1.2, step 1: "If the query for the public key fails to respond" it is a TEMPFAIL."""
    (verdict,) = verdicts(signed(pair), {NAME: failed_answer(NAME, status)})
    assert (verdict.result, verdict.reason) == (DkimResult.TEMPERROR, Reason.KEY_UNREACHABLE)


def test_a_key_behind_a_cname_is_used(pair: KeyPair) -> None:
    end = "sel.keys.example.net"
    plain = txt_answer(end, pair.record.encode())
    alias = RRset(name=NAME, rtype="CNAME", ttl_s=300, records=(f"{end}.",))
    answer = DnsAnswer(
        qname=NAME,
        rtype="TXT",
        status=DnsStatus.OK,
        answer=(alias, *plain.answer),
        cname_hops=(end,),
    )
    (verdict,) = verdicts(signed(pair), {NAME: answer})
    assert verdict.result is DkimResult.PASS
    assert verdict.key is not None
    assert verdict.key.cname_hops == (end,)


def test_of_several_key_records_the_one_that_fits_counts(pair: KeyPair) -> None:
    other = make_key()
    answer = txt_answer(
        NAME, b"v=spf1 -all", b"v=DKIM1; p=", other.record.encode(), pair.record.encode()
    )
    (verdict,) = verdicts(signed(pair), {NAME: answer})
    assert verdict.result is DkimResult.PASS
    assert verdict.key is not None
    assert verdict.key.records == 4


def test_what_was_hashed_can_be_shown(pair: KeyPair) -> None:
    message = read_message(signed(pair, copies=True, headers=("from", "subject", "date")))
    (signature,) = read_signatures(message)
    hashed = as_it_came(message, signature)
    assert hashed.fields[:2] == (b"from:Ann <ann@example.com>\r\n", b"subject:Minutes\r\n")
    assert hashed.fields[2].startswith(b"dkim-signature:v=1;")
    assert hashed.fields[2].endswith(b" b=")
    assert (hashed.body, hashed.absent) == (b"Hello.\r\n", ("date",))
    assert not any(pair.differs for pair in beside_copies(message, signature))
    changed = read_message(message.raw.replace(b"Subject: Minutes", b"Subject: Notes"))
    pairs = {one.name: one for one in beside_copies(changed, signature)}
    assert pairs["Subject"].differs
    assert pairs["Subject"].signed == b"subject:Minutes\r\n"


def test_the_signed_octets_of_rfc_8463_are_those_the_rfc_implies() -> None:
    message = read_message(RFC8463)
    hashed = as_it_came(message, read_signatures(message)[0])
    assert hashed.fields[0] == b"from:Joe SixPack <joe@football.example.com>\r\n"
    assert hashed.fields[-1].endswith(b"bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=")
    assert hashed.absent == ("from", "subject", "date")


# The signatures that the guide this product follows prints.
UNITED = (
    "v=1; a=rsa-sha1; c=relaxed/relaxed; s=united; d=news.united.com;h=MIME-Version:Content-Type:"
    "Content-Transfer-Encoding:Date:To:From:Reply-To:Subject:List-Unsubscribe:Message-ID; "
    "i=MileagePlus@news.united.com; bh=IBSWR4yzI1PSRYtWLx4SRDSWII4=;\r\n "
    "b=HrN5QINgnXwqkx+Zc/9VZys+yhikrP6wSZVu35KA0jfgYzhzSdfA2nA8D2JYIFTNLO8j4DGmKhH1MMTyYgwYqT01"
    "rEwL0V8MEY1MzxTrzijkLPGqt/sK1WZt9pBacEw1fMWRQLf3BxZ3jaYtLoJMRwxtgoWdfHU35CsFG2CNYLo="
)


def test_the_printed_united_signature_is_read_and_its_algorithm_refused() -> None:
    found = read(UNITED)
    assert (found.problem, found.key_name) == ("", "united._domainkey.news.united.com")
    assert (found.identity, len(found.body_hash)) == ("MileagePlus@news.united.com", 20)
    raw = b"DKIM-Signature: " + UNITED.encode() + b"\r\nFrom: a@news.united.com\r\n\r\nx\r\n"
    (verdict,) = verdicts(raw, {found.key_name: UNITED_KEY})
    assert verdict.reason is Reason.ALGORITHM


UNITED_KEY = (
    b"g=*; k=rsa; n=" + b"Contact" + b"postmaster@responsys.com" + b"with any questions; "
    b"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC/Vh/xq+sSRLhL5CRU1drFTGMXX/Q2KkWgl35hO4v6dTy5Qmxcuv5"
    b"AwqxLiz9d0jBaxtuvYALjl gkxmk5MemgAOcCr97GlW7Cr11eLn87qdTmyE5LevnTXxVDMjIfQJt6OFzmw6Tp1t05NPWh0"
    b"PbyUohZYt4qpcbiz9Kc3UB2IBwIDAQAB;"
)


@pytest.mark.parametrize(
    ("selector", "domain"),
    [
        ("lufthansa", "newsletter.milesandmore.com"),
        ("lufthansa2", "newsletter.lufthansa.com"),
        ("lufthansa3", "lh.lufthansa.com"),
        ("lufthansa4", "e.milesandmore.com"),
        ("lufthansa5", "fly-lh.lufthansa.com"),
    ],
)
def test_the_printed_lufthansa_beginnings_name_their_keys(selector: str, domain: str) -> None:
    found = read(f"v=1; a=rsa-sha1; c=relaxed/relaxed; s={selector}; d={domain};")
    assert found.key_name == f"{selector}._domainkey.{domain}"
    assert found.problem == "the required tag b= is missing"


@pytest.mark.parametrize("octets", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_signatures_are_verdicts_and_never_errors(octets: bytes) -> None:
    for value in (
        octets,
        GOOD.encode() + b"; " + octets,
        GOOD.replace("sel", "").encode() + octets,
    ):
        raw = b"DKIM-Signature: " + value + b"\r\n" + MESSAGE
        for verdict in verdicts(raw, RFC8463_KEYS):
            assert verdict.result is not DkimResult.PASS
            assert all(word.value.isprintable() for word in signature_words(verdict.signature))
            assert verdict.sentence.isprintable()


TAGS = st.sampled_from(["v", "a", "b", "bh", "c", "d", "h", "i", "l", "q", "s", "t", "x", "z", "n"])


@given(
    st.lists(
        st.tuples(
            TAGS,
            st.text(max_size=30)
            | st.sampled_from(
                [
                    "1",
                    "rsa-sha256",
                    "example.com",
                    "from",
                    "AAAA",
                    "9" * 76,
                    "relaxed/relaxed",
                    "sel",
                    "@example.com",
                ]
            ),
        ),
        max_size=16,
    ),
    st.binary(max_size=80),
)
def test_any_signature_is_read_and_verified_without_error(
    tags: list[tuple[str, str]], rest: bytes
) -> None:
    value = (
        "; ".join(f"{name}={text}" for name, text in tags).encode("utf-8", "surrogatepass") + rest
    )
    signature = read(value.replace(b"\n", b"").replace(b"\r", b""))
    message = read_message(b"DKIM-Signature: " + value + b"\r\n" + MESSAGE)
    verify(message, signature, txt_answer(NAME, next(iter(RFC8463_KEYS.values()))))
    signature_words(signature)
    as_it_came(message, signature)
    beside_copies(message, signature)


def test_long_white_space_costs_the_verifier_no_quadratic_time(pair: KeyPair) -> None:
    raw = signed(pair, body_canon="relaxed") + b" " * 1_000_000 + b"x\r\n"
    assert verdicts(raw, {NAME: pair.record.encode()})[0].reason is Reason.BODY_HASH
    spaces = b"DKIM-Signature: " + GOOD.encode() + b"\r\n " * 5_000 + b"\r\n" + MESSAGE
    (verdict,) = verdicts(spaces, {NAME: pair.record.encode()})
    assert "white space" in verdict.sentence
