"""Whatever a peer sends is described: nothing raises, nothing takes long, nothing unsafe is shown."""

import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.revocation import (
    CrlAsked,
    CrlEntry,
    CrlExtract,
    CrlSignature,
    OcspAsked,
    RevocationOf,
)
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.extension import encoded
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import Standing
from mxwalk.revocation.ocsp import ocsp_request, read_ocsp
from mxwalk.revocation.products import product_readings
from mxwalk.revocation.readings import read_path
from mxwalk.revocation.scope import cover
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.revocation.papers import (
    NOW,
    Entry,
    Response,
    crl,
    issuing_point,
    responder,
    revoked,
    world,
)

LEAF, CA = world().leaf.der, world().ca.der
NUMBERED = ((x509.CRLNumber(7), False), issuing_point(indirect_crl=True))
LISTS = (
    crl(revoked(world().leaf, "keyCompromise"), Entry(1)),
    crl(Entry(1), Entry(2), extensions=NUMBERED),
)
RESPONSES = (
    Response(status="revoked", reason="superseded", signer=responder()).der(),
    Response(nonce=True, by_name=True).der(),
)


def judged(asked: CrlAsked | OcspAsked, certificate: bytes = LEAF, issuer: bytes = CA):
    of = RevocationOf(depth=0, certificate=certificate, issuer=issuer, asked=(asked,))
    checked = RevocationChecked(checked_at="", certificates=(of,))
    standings = judge_revocation(checked, at=NOW)
    read_path(standings)
    product_readings(standings, (issuer,))
    texts = [standings[0].sentence, *(one.sentence for one in standings[0].sources)]
    texts += [remark for one in standings[0].sources for remark in one.remarks]
    assert all(text.isprintable() and text for text in texts)
    return standings[0]


def list_asked(data: bytes, certificate: bytes = LEAF, issuer: bytes = CA) -> CrlAsked:
    fetch = Fetched(url="http://crl.example.test/", purpose=Purpose.CRL)
    return CrlAsked(fetch=fetch, extract=read_crl(data, certificate, issuer))


def mutated(samples: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Bytes with a few octets changed, cut out or put in."""

    @st.composite
    def build(draw: st.DrawFn) -> bytes:
        data = bytearray(draw(st.sampled_from(samples)))
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(0, max(0, len(data) - 1)))
            match draw(st.sampled_from(("set", "cut", "put", "end"))):
                case "set":
                    data[at : at + 1] = bytes([draw(st.integers(0, 255))])
                case "cut":
                    del data[at : at + draw(st.integers(1, 8))]
                case "put":
                    data[at:at] = draw(st.binary(min_size=1, max_size=8))
                case _:
                    del data[at:]
        return bytes(data)

    return build()


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_strings_are_neither_lists_nor_responses(data):
    assert judged(list_asked(data)).standing is Standing.INVALID
    expected = Standing.INVALID if data else Standing.UNREACHABLE
    assert judged(OcspAsked(response=data)).standing is expected
    assert ocsp_request(data, CA) == b""


@given(st.binary(max_size=300))
def test_any_bytes_are_described(data):
    judged(list_asked(data))
    judged(OcspAsked(response=data))
    judged(list_asked(LISTS[0], data, data), data, data)
    judged(OcspAsked(response=RESPONSES[0]), data, data)
    cover(data, data, LEAF)


@examples(400)
@given(mutated(LISTS))
def test_a_changed_list_never_says_good_or_revoked(data):
    standing = judged(list_asked(data)).standing
    if data not in LISTS:
        assert standing not in {Standing.GOOD, Standing.REVOKED} or _same_body(data)


def _same_body(data: bytes) -> bool:
    """Only what no signature covers was changed: something behind the list or its framing."""
    try:
        made = x509.load_der_x509_crl(data)
    except ValueError:
        made = None
    bodies = [x509.load_der_x509_crl(one).tbs_certlist_bytes for one in LISTS]
    return made.tbs_certlist_bytes in bodies if made else any(body in data for body in bodies)


@examples(400)
@given(mutated(RESPONSES))
def test_a_changed_response_never_says_good_or_revoked_by_another_body(data):
    read = read_ocsp(data, LEAF, CA)
    found = judged(OcspAsked(response=data))
    if found.standing in {Standing.GOOD, Standing.REVOKED}:
        assert read.answer in [read_ocsp(one, LEAF, CA).answer for one in RESPONSES]


@examples(60)
@given(
    st.lists(st.integers(1, 1 << 40), max_size=30),
    st.integers(1, 1 << 40),
    st.booleans(),
)
def test_lists_are_read_as_cryptography_reads_them(numbers, ours, listed):
    builder = (
        x509.CertificateBuilder()
        .subject_name(world().leaf.certificate.subject)
        .issuer_name(world().ca.certificate.subject)
        .public_key(world().leaf.key.public_key())
        .serial_number(ours)
        .not_valid_before(NOW)
        .not_valid_after(NOW.replace(year=2027))
    )
    about = builder.sign(world().ca.key, hashes.SHA256()).public_bytes(Encoding.DER)
    chosen = [*numbers, ours] if listed else numbers
    data = crl(*map(Entry, dict.fromkeys(chosen)))
    theirs = x509.load_der_x509_crl(data)
    found = read_crl(data, about, CA)
    expected = theirs.get_revoked_certificate_by_serial_number(ours)
    assert (found.entry is None) == (expected is None)
    assert found.entries == len(theirs)
    assert found.signature is CrlSignature.VERIFIED


def body_of(*parts: bytes) -> bytes:
    """A list with these parts behind version, algorithm, issuer and times; not signed rightly."""
    algorithm = encoded(0x30, b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02")
    name = world().ca.certificate.subject.public_bytes()
    times = b"\x17\x0d260615000000Z\x17\x0d260616000000Z"
    body = encoded(0x30, b"\x02\x01\x01" + algorithm + name + times + b"".join(parts))
    return encoded(0x30, body + algorithm + encoded(0x03, b"\0" * 9))


MILLION = 1_000_000


@pytest.mark.parametrize(
    "data",
    [
        body_of(encoded(0x30, b"\x30\x00" * (5 * MILLION))),
        body_of(encoded(0x30, b""), encoded(0xA0, encoded(0x30, b"\x30\x00" * (5 * MILLION)))),
        body_of(b"\x05\x00" * (5 * MILLION)),
        encoded(0x30, b"\x05\x00" * (5 * MILLION)),
        encoded(0x30, encoded(0x30, b"\x05\x00" * (5 * MILLION)) + b"\x30\x00\x03\x01\x00"),
        b"\x30\x80" * (5 * MILLION),
    ],
    ids=["entries", "extensions", "parts", "outer parts", "body parts", "endless"],
)
def test_millions_of_tiny_elements_take_no_long_time(data):
    started = time.process_time()
    found = read_crl(data, LEAF, CA)
    assert time.process_time() - started < 8
    assert found.entry is None
    assert found.signature is not CrlSignature.VERIFIED


@pytest.mark.parametrize("content", [b"\x06\x03\x55\x1d\x1d", encoded(0x02, b"\x01" * 20)])
def test_an_indirect_list_of_a_million_odd_entries_takes_no_long_time(content):
    scope = b"\x30\x10\x06\x03\x55\x1d\x1c\x01\x01\xff\x04\x06\x30\x04\x84\x02\xff\xff"
    number = x509.load_der_x509_certificate(LEAF).serial_number
    octets = number.to_bytes(number.bit_length() // 8 + 1, "big")  # as DER has it, sign bit clear
    serial = encoded(0x30, encoded(0x02, octets))
    entries = encoded(0x30, (encoded(0x30, content) + serial) * (MILLION // 4))
    started = time.process_time()
    found = read_crl(body_of(entries, encoded(0xA0, encoded(0x30, scope))), LEAF, CA)
    assert time.process_time() - started < 8
    assert found.scope
    assert found.entry is None or found.remarks


def test_a_serial_number_of_megabytes_is_no_serial_number():
    entry = encoded(0x30, encoded(0x02, b"\x7f" * MILLION) + b"\x17\x0d260615000000Z")
    assert read_crl(body_of(encoded(0x30, entry)), LEAF, CA).entries == 1


def test_what_a_saved_trace_claims_is_shown_safely():
    nasty = "\x1b[2J\u202e[/x]"
    extract = CrlExtract(
        issuer=b"\x30\x00", this_update=nasty, next_update=nasty, number=nasty, base=nasty,
        authority_key_id=nasty, scope=b"\x30\x80", freshest=(nasty,), unhandled=(nasty,),
        entries=-1, signature=CrlSignature.VERIFIED, signature_algorithm=nasty, problem=nasty,
        remarks=(nasty,), entry=CrlEntry(revoked_at=nasty, reason=nasty, invalid_since=nasty),
    )  # fmt: skip
    fetch = Fetched(url=nasty, purpose=Purpose.CRL, problem=nasty)
    variants = [
        CrlExtract(
            **{
                name: getattr(extract, name)
                for name in CrlExtract.__struct_fields__
                if name not in without
            }
        )
        for without in (
            (),
            ("problem",),
            ("problem", "unhandled"),
            ("problem", "unhandled", "base"),
            ("problem", "unhandled", "base", "scope", "issuer"),
            ("problem", "unhandled", "signature"),
            ("problem", "unhandled", "base", "entry"),
        )
    ]
    for variant in (None, *variants):
        judged(CrlAsked(fetch=fetch, extract=variant))
        judged(CrlAsked(fetch=fetch, extract=variant), b"junk", b"")
    judged(OcspAsked(fetch=fetch))


def test_a_key_that_cannot_be_read_verifies_nothing():
    other = ec.generate_private_key(ec.SECP256R1())
    broken = CA.replace(b"\x2a\x86\x48\xce\x3d\x02\x01", b"\x2a\x86\x48\xce\x3d\x02\x7f")
    assert broken != CA
    assert read_crl(LISTS[0], LEAF, broken).signature is CrlSignature.UNKNOWN
    assert read_crl(crl(key=other), LEAF, CA).signature is CrlSignature.WRONG
