"""Reading key records: RFC 6376 3.6.1 and 6.1.2, RFC 8301 on sizes, RFC 8463 on Ed25519."""

import os
import stat
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dns.txt import txt_strings
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import replay
from mxwalk.mailauth.dkim.key import read_key, read_key_text, read_keys, strength
from mxwalk.mailauth.dkim.make import (
    ADVICE,
    KeyKind,
    KeyPair,
    make_key,
    write_private_key,
    zone_line,
)
from mxwalk.mailauth.dkim.model import DkimResult, Reason, Strength
from mxwalk.mailauth.dkim.selectors import COMMON_SELECTORS, key_questions
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.dkim.tagwords import key_words
from mxwalk.names import parse_name
from tests.hostile import HOSTILE
from tests.mailauth.dkim.rfc_examples import RFC8463_KEYS
from tests.mailauth.dkim.signing import NOW, txt_answer, verdicts
from tests.mailauth.dkim.test_signature import UNITED_KEY

NAME = "sel._domainkey.example.com"
MESSAGE = b"From: Ann <ann@example.com>\r\nSubject: Minutes\r\n\r\nHello.\r\n"
ED25519, RSA = RFC8463_KEYS.values()


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return make_key()


def judged(pair: KeyPair, record: bytes, identity: str = "") -> tuple[DkimResult, Reason]:
    how = Signing(domain="example.com", selector="sel", timestamp=int(NOW), identity=identity)
    (verdict,) = verdicts(sign(MESSAGE, pair.private_pem, how), {NAME: record})
    return verdict.result, verdict.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda record: record, Reason.VALID),
        (lambda record: record.replace(b"v=DKIM1; ", b""), Reason.VALID),
        (lambda record: record.replace(b"k=rsa; ", b""), Reason.VALID),
        (lambda record: record.replace(b"k=rsa", b"k=RSA"), Reason.VALID),
        (lambda record: record + b"; t=y", Reason.VALID),
        (lambda record: record + b"; h=sha1:sha256", Reason.VALID),
        (lambda record: record + b"; s=other:email", Reason.VALID),
        (lambda record: record + b"; s=*; n=a=20note; g=; x=unknown;", Reason.VALID),
        (lambda record: record[:60] + b" \t" + record[60:], Reason.VALID),
        (lambda record: record.replace(b"DKIM1", b"DKIM2"), Reason.KEY_SYNTAX),
        (lambda record: record.replace(b"DKIM1", b"dkim1"), Reason.KEY_SYNTAX),
        (lambda record: record.replace(b"p=", b"q="), Reason.KEY_SYNTAX),
        (lambda record: record.replace(b"p=M", b"p=*"), Reason.KEY_SYNTAX),
        (lambda record: record[:-9], Reason.KEY_SYNTAX),
        (lambda record: record + b"; p=AAAA", Reason.KEY_SYNTAX),
        (lambda record: record.replace(b"; k", b" k"), Reason.KEY_TYPE),
        (lambda _: b"v=DKIM1; p=", Reason.KEY_REVOKED),
        (lambda _: b"v=DKIM1; k=rsa; p= ; n=gone", Reason.KEY_REVOKED),
        (lambda _: b"", Reason.KEY_MISSING),
        (lambda _: b"v=spf1 -all", Reason.KEY_SYNTAX),
        (lambda record: record.replace(b"k=rsa", b"k=ecc"), Reason.KEY_TYPE),
        (lambda _: ED25519, Reason.KEY_TYPE),
        (lambda record: record + b"; h=sha1", Reason.KEY_HASH),
        (lambda record: record + b"; s=tlsrpt", Reason.KEY_SERVICE),
        (lambda record: record.replace(b"k=rsa", b"k=ed25519"), Reason.KEY_SYNTAX),
    ],
)
def test_a_key_record_is_used_or_says_why_not(change, reason: Reason, pair: KeyPair) -> None:  # type: ignore[no-untyped-def]
    record = change(pair.record.encode())
    if record.startswith(b"v=DKIM1 k=rsa"):  # a missing semicolon joins two tags
        assert read_key_text(record).problem == "v=DKIM1 k=rsa is not DKIM1"
        return
    result, found = judged(pair, record)
    assert found is reason
    assert (result is DkimResult.PASS) is (reason is Reason.VALID)


def test_strict_keys_forbid_subdomains_in_the_identity(pair: KeyPair) -> None:
    """RFC 6376 3.6.1, t=s: "the i= domain MUST NOT be a subdomain of d="."""
    strict = pair.record.encode() + b"; t=y:s"
    assert judged(pair, strict, "ann@example.com")[1] is Reason.VALID
    assert judged(pair, strict)[1] is Reason.VALID
    assert judged(pair, strict, "ann@news.example.com")[1] is Reason.KEY_STRICT
    assert judged(pair, pair.record.encode(), "ann@news.example.com")[1] is Reason.VALID


def test_a_testing_key_is_said_to_be_one(pair: KeyPair) -> None:
    how = Signing(domain="example.com", selector="sel", timestamp=int(NOW))
    raw = sign(MESSAGE, pair.private_pem, how)
    (verdict,) = verdicts(raw, {NAME: pair.record.encode() + b"; t=y"})
    assert verdict.key is not None
    assert verdict.key.testing
    assert any("t=y" in one for one in verdict.explanation)


@pytest.mark.parametrize(
    ("bits", "expected", "result"),
    [
        (512, Strength.UNACCEPTABLE, Reason.KEY_SMALL),
        (768, Strength.UNACCEPTABLE, Reason.KEY_SMALL),
        (1024, Strength.WEAK, Reason.VALID),
        (2048, Strength.GOOD, Reason.VALID),
    ],
)
def test_rsa_keys_are_weighed_by_rfc_8301(bits: int, expected: Strength, result: Reason) -> None:
    """RFC 8301 3.2: under 1024 never valid, 2048 recommended; made by OpenSSL, which still makes them."""
    command = ["openssl", "genrsa", "-traditional", str(bits)]
    pem = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    public = subprocess.run(
        ["openssl", "rsa", "-pubout", "-outform", "DER"],
        input=pem,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    record = b"v=DKIM1; p=" + b64encode(public)
    how = Signing(domain="example.com", selector="sel", timestamp=int(NOW))
    (verdict,) = verdicts(sign(MESSAGE, pem, how), {NAME: record})
    assert (verdict.reason, verdict.strength) == (result, expected)
    assert verdict.key is not None
    assert verdict.key.bits == bits


def test_a_bare_rsa_public_key_without_its_wrapping_is_read() -> None:
    """RFC 6376 3.6.1 says RSAPublicKey; everybody publishes SubjectPublicKeyInfo; both are read."""
    wrapped = b64decode(RSA.rpartition(b"p=")[2])
    bare = wrapped[22:]
    assert read_key_text(b"p=" + b64encode(bare)).bits == read_key_text(RSA).bits == 1024


def test_an_ed25519_key_in_asn1_is_told_from_a_bare_one() -> None:
    """RFC 8463 4: the key is published without the ASN.1 that RSA keys have around them."""
    assert read_key_text(ED25519).bits == 256
    bare = b64decode(ED25519.rpartition(b"p=")[2])
    wrapped = bytes.fromhex("302a300506032b6570032100") + bare
    key = read_key_text(b"v=DKIM1; k=ed25519; p=" + b64encode(wrapped))
    assert key.reason is Reason.KEY_SYNTAX
    assert "without ASN.1" in key.problem
    assert "k=ed25519" in read_key_text(b"v=DKIM1; p=" + b64encode(bare)).problem


def test_a_key_too_large_to_compute_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = RSAPublicNumbers((1 << 4096) + 1, (1 << 20_000) + 1).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert read_key_text(b"p=" + b64encode(der)).reason is Reason.KEY_SYNTAX


def test_strings_are_joined_without_anything_between(pair: KeyPair) -> None:
    """RFC 6376 3.6.2.2: "Strings in a TXT RR MUST be concatenated together before use"."""
    answer = txt_answer(NAME, pair.record.encode())
    key = read_key(NAME, answer)
    assert key.strings == (255, len(pair.record) - 255)
    assert key.bits == 2048
    rrset = RRset(name=NAME, rtype="TXT", ttl_s=1, records=('"v=DKIM1; " "p=" ""',))
    revoked = DnsAnswer(qname=NAME, rtype="TXT", status=DnsStatus.OK, answer=(rrset,))
    assert read_key(NAME, revoked).revoked


def test_departures_that_do_no_harm_are_remarks() -> None:
    key = read_key_text(RSA.replace(b"v=DKIM1; ", b"g=*; ") + b"; v=DKIM1")
    assert key.problem == ""
    assert len(key.remarks) == 2
    assert any("first tag" in one for one in key.remarks)
    assert any("obsolete" in one for one in key.remarks)


def test_the_printed_united_record_is_read_with_its_note() -> None:
    key = read_key_text(UNITED_KEY)
    assert (key.problem, key.bits, strength(key)) == ("", 1024, Strength.WEAK)
    assert "postmaster@responsys.com" in key.notes
    words = {word.name: word.meaning for word in key_words(key)}
    assert "postmaster@responsys.com" in words["n"]
    assert "obsolete" in words["g"]


def test_every_tag_of_a_key_has_a_line_in_words() -> None:
    words = {
        word.name: word.meaning
        for word in key_words(read_key_text(RSA + b"; t=y:s:z; s=email; h=sha256; q=1"))
    }
    assert words["p"] == "the public key, 1024 bits"
    assert words["t"] == (
        "the domain is testing DKIM; i= must be in d= itself, not below it; unknown flag z"
    )
    assert words["q"].startswith("unknown")


@pytest.mark.parametrize("size", [bits for _, bits in ADVICE])
def test_a_new_key_pair_fits_its_own_record(size: int) -> None:
    pair = make_key(KeyKind.ED25519 if size == 256 else KeyKind.RSA, size)
    key = read_key_text(pair.record.encode())
    assert (key.problem, key.bits, key.remarks) == ("", size, ())
    assert all(len(one) <= 255 for one in pair.strings)
    line = zone_line("example.com", "sel", pair)
    assert line.startswith(f"{NAME}. IN TXT ")
    assert b"".join(txt_strings(line.partition(" TXT ")[2])).decode() == pair.record
    assert judged(pair, pair.record.encode())[0] is DkimResult.PASS


def test_a_private_key_is_written_for_its_owner_alone_and_never_shown(tmp_path: Path) -> None:
    pair = make_key(KeyKind.ED25519)
    path = tmp_path / "key.pem"
    before = os.umask(0)
    try:
        write_private_key(path, pair)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    load_pem_private_key(path.read_bytes(), None)
    assert "PRIVATE" not in repr(pair)


def test_a_private_key_never_replaces_a_file_or_follows_a_link(tmp_path: Path) -> None:
    pair = make_key(KeyKind.ED25519)
    path, link = tmp_path / "key.pem", tmp_path / "link.pem"
    path.write_bytes(b"mine")
    link.symlink_to(tmp_path / "elsewhere")
    for taken in (path, link):
        with pytest.raises(UsageError, match="never replaces"):
            write_private_key(taken, pair)
    assert path.read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(UsageError, match="cannot be made"):
        write_private_key(tmp_path / "none" / "key.pem", pair)


def test_nothing_is_left_of_a_private_key_that_was_not_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_private_key(tmp_path / "key.pem", make_key(KeyKind.ED25519))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bits", [512, 1023, 8192])
def test_other_sizes_are_refused(bits: int) -> None:
    with pytest.raises(UsageError, match="1024, 2048, 3072, 4096"):
        make_key(bits=bits)


def test_common_selectors_are_names_and_stand_once() -> None:
    assert len(set(COMMON_SELECTORS)) == len(COMMON_SELECTORS)
    for selector in COMMON_SELECTORS:
        parse_name(f"{selector}._domainkey.example.com")


def test_keys_at_selectors_are_asked_for_together(pair: KeyPair) -> None:
    asking = key_questions("example.com", ["sel", "SEL", "no name", "gone"])
    assert [question.qname for question in next(asking)] == [
        NAME,
        "gone._domainkey.example.com",
    ]
    answers = [txt_answer(NAME, pair.record.encode()), txt_answer("gone._domainkey.example.com")]
    found = replay(key_questions("example.com", ["sel", "gone", "late"]), answers)
    assert [key.reason for key in found] == [
        Reason.VALID,
        Reason.KEY_MISSING,
        Reason.KEY_UNREACHABLE,
    ]
    assert replay(key_questions("example.com", ["-"]), []) == ()


@pytest.mark.parametrize("octets", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_records_have_a_problem_and_never_an_error(octets: bytes) -> None:
    for record in (octets, b"v=DKIM1; p=" + octets, RSA + b"; n=" + octets, RSA + b"; t=" + octets):
        (key,) = read_keys(NAME, txt_answer(NAME, record or b" "))
        assert key.problem or key.bits
        assert all(word.meaning.isprintable() for word in key_words(key))


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"v=DKIM1; p=", b"v=DKIM1; k=ed25519; p=", RSA])
)
def test_any_record_is_read_without_error(octets: bytes, before: bytes) -> None:
    key = read_key_text(before + octets)
    assert bool(key.problem) is (key.reason is not Reason.VALID)
    read_key_text(before + b64encode(octets))
    key_words(key)
