import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from mxwalk.pkix.model import OddityCode
from mxwalk.pkix.oddities import chain_oddities
from mxwalk.tls.certificate import read_certificate
from tests.pkix.chains import DAY, NOW, Plan, make, named, operate, pool, tlv
from tests.pkix.world import below, leaf, leaf_plan, lower, lower_plan, root, upper, upper_plan

POISON = "1.3.6.1.4.1.11129.2.4.3"
PERIOD = (NOW - 30 * DAY, NOW + 60 * DAY)  # the leaf's
SCTS = "1.3.6.1.4.1.11129.2.4.2"


def raw(oid: str, value: bytes, *, critical: bool = False) -> tuple[x509.ExtensionType, bool]:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical


def remarks(der: bytes, *above: bytes) -> dict[OddityCode, str]:
    path = (der, *(above or (lower(), upper(), root())))
    return {one.code: one.sentence for one in chain_oddities((der,), path, path)[der]}


def of_leaf(**changes: object) -> dict[OddityCode, str]:
    return remarks(make(leaf_plan(**changes)))


def of_ca(**changes: object) -> dict[OddityCode, str]:
    ca = make(lower_plan(**changes))
    path = (leaf(), ca, upper(), root())
    return {one.code: one.sentence for one in chain_oddities((), path, path)[ca]}


def test_an_ordinary_certificate_is_told_only_that_it_names_no_revocation() -> None:
    found = of_leaf()
    assert set(found) == {OddityCode.NO_REVOCATION}
    assert set(of_ca()) == {OddityCode.KEY_TYPE}  # the tests' CAs are quick: Ed25519


def scts(*entries: tuple[bytes, datetime]) -> bytes:
    items = b""
    for log, at in entries:
        milliseconds = int(at.timestamp() * 1000)
        item = b"\0" + log + milliseconds.to_bytes(8, "big") + b"\0\0" + b"\4\3\0\2ab"
        items += len(item).to_bytes(2, "big") + item
    return tlv(0x04, len(items).to_bytes(2, "big") + items)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"serial": 1}, OddityCode.SERIAL_TINY, "serial number 1 is short"),
        ({"serial": (1 << 159) - 1}, None, ""),
        ({"version_1": True}, OddityCode.VERSION, "version 1"),
        ({"names": ()}, OddityCode.NO_SUBJECT_ALT_NAME, "no subject alternative names"),
        (
            {"names": tuple(x509.DNSName(f"h{n}.example") for n in range(101))},
            OddityCode.MANY_NAMES,
            "101 names",
        ),
        (
            {"names": (x509.DNSName("mail server.example"), x509.DNSName("ok.example"))},
            OddityCode.STRANGE_NAME,
            '1 DNS name of it cannot be a host\'s: "mail server.example"',
        ),
        ({"key": pool()[0]}, OddityCode.KEY_TYPE, "Ed25519"),
        ({"subject": x509.Name([])}, OddityCode.EMPTY_SUBJECT, "not critical"),
        ({"ends": NOW + 400 * DAY}, OddityCode.LONG_VALIDITY, "may grant 200"),
        ({"begins": NOW, "ends": NOW + 5 * DAY}, OddityCode.SHORT_LIVED, "lives 6 days only"),
        (
            {"ends": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)},
            OddityCode.NO_EXPIRY,
            "year 9999",
        ),
        ({"ends": NOW + 300 * DAY}, OddityCode.VALIDITY_NOT_NESTED, "ends on 2027-01-01 already"),
        ({"begins": NOW - 300 * DAY}, OddityCode.VALIDITY_NOT_NESTED, "before its issuer"),
        ({"ca": True}, OddityCode.CA_AS_LEAF, "could certify others"),
        (
            {"extra": (raw("1.3.6.1.5.5.7.1.24", b"\x30\x03\x02\x01\x05"),)},
            OddityCode.MUST_STAPLE,
            "RFC 7633",
        ),
        ({"extra": (raw(POISON, b"\x05\x00", critical=True),)}, OddityCode.PRECERTIFICATE, "logs"),
        (
            {"extra": (raw(SCTS, scts((b"a" * 32, NOW - 30 * DAY), (b"b" * 32, NOW - 29 * DAY))),)},
            OddityCode.CERTIFICATE_TRANSPARENCY,
            "2 signed certificate timestamps of 2 logs, 2026-05-16",
        ),
        (
            {"extra": (raw(SCTS, tlv(0x04, b"\0\5ab")),)},
            OddityCode.UNREADABLE_PART,
            "signedCertificateTimestamps cannot be read",
        ),
        (
            {
                "extra": (
                    (
                        x509.CertificatePolicies(
                            [
                                x509.PolicyInformation(
                                    x509.ObjectIdentifier("2.23.140.1.2.1"), None
                                ),
                                x509.PolicyInformation(x509.ObjectIdentifier("1.2.3"), None),
                            ]
                        ),
                        False,
                    ),
                )
            },
            OddityCode.POLICY,
            "policies domain validated, 1.2.3",
        ),
    ],
)
def test_what_is_odd_about_a_leaf_is_told(changes, code, words) -> None:
    found = of_leaf(**changes)
    if code is None:
        assert OddityCode.SERIAL_TINY not in found
    else:
        assert words in found[code]


def test_odd_serial_numbers_are_told_one_by_one() -> None:
    plain = leaf()
    serial = b"\x02\x0a" + (1 << 73).to_bytes(10, "big")
    assert plain.count(serial) == 1
    for content, code in (
        (b"\0" * 10, OddityCode.SERIAL_ZERO),
        (b"\x80" + b"\1" * 9, OddityCode.SERIAL_NEGATIVE),
    ):
        assert code in remarks(plain.replace(serial, b"\x02\x0a" + content))
    long = make(leaf_plan(serial=(1 << 159) - 1)).replace(
        b"\x02\x14\x7f" + b"\xff" * 19, b"\x02\x14\xff" + b"\xff" * 19
    )
    assert OddityCode.SERIAL_NEGATIVE in remarks(long)


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        (rsa.generate_private_key(65_537, 1024), OddityCode.RSA_SMALL, "1024 bits"),
        (rsa.generate_private_key(3, 2048), OddityCode.RSA_EXPONENT, "exponent is 3"),
        (rsa.generate_private_key(65_537, 2056), OddityCode.RSA_SIZE, "2056 bits"),
        (ec.generate_private_key(ec.SECP256K1()), OddityCode.CURVE, "secp256k1"),
        (ed25519.Ed25519PrivateKey.generate(), OddityCode.KEY_TYPE, "Ed25519"),
    ],
)
def test_odd_keys_are_told(key, code, words) -> None:
    assert words in of_leaf(key=key)[code]


def test_what_no_builder_makes_is_told_too() -> None:
    signer = pool()[2]
    begins, ends = (b"\x17\x0d" + at.strftime("%y%m%d%H%M%SZ").encode() for at in PERIOD)
    reversed_period = leaf().replace(begins + ends, ends + begins)
    assert "before it begins" in remarks(reversed_period)[OddityCode.VALIDITY_REVERSED]
    cut = operate(leaf(), "duplicate extension", signer)
    assert "occurs more than once" in remarks(cut)[OddityCode.DUPLICATE_EXTENSION]
    cut = operate(leaf(), "version 1 with extensions", signer)
    assert "has extensions but is version 1" in remarks(cut)[OddityCode.VERSION]
    cut = operate(leaf(), "outer algorithm", signer)
    assert OddityCode.SIGNATURE_MISMATCH in remarks(cut)
    cut = operate(make(leaf_plan(key=pool()[3])), "explicit curve", signer)
    assert read_certificate(cut).explicit_curve
    assert "unreadable" not in remarks(cut)


def test_a_cross_signed_ca_names_its_other_issuer() -> None:
    other = Plan(named("Old Root"), pool()[4], ca=True)
    twin = make(below(upper_plan(serial=1 << 75), other))
    path = (leaf(), lower(), upper(), root())
    found = chain_oddities((*path[:3], twin), path, (*path, twin))
    told = {one.code: one.sentence for one in found[upper()]}
    assert 'also certified by "O=Example, CN=Old Root"' in told[OddityCode.CROSS_SIGNED]
    assert OddityCode.CROSS_SIGNED in {one.code for one in found[twin]}


def test_a_ca_tells_its_constraints_and_what_should_be_critical() -> None:
    constraints = x509.NameConstraints([x509.DNSName("example.net")], None)
    found = of_ca(extra=((constraints, False),))
    assert "permitted DNS example.net" in found[OddityCode.CONSTRAINED]
    assert "nameConstraints should be critical" in found[OddityCode.CRITICALITY]


def test_a_ca_that_demands_policies_says_so() -> None:
    demand = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None)
    assert "share its policies" in of_ca(extra=((demand, True),))[OddityCode.POLICY]


def test_a_renewed_key_of_a_ca_is_self_issued() -> None:
    found = of_ca(subject=named("Upper"), issuer=named("Upper"))
    assert OddityCode.SELF_ISSUED in found


def test_limits_of_validity_go_by_the_day_of_issue() -> None:
    def told(begins: datetime, days: int) -> str:
        plan = leaf_plan(begins=begins, ends=begins + days * DAY - timedelta(seconds=1))
        return remarks(make(plan)).get(OddityCode.LONG_VALIDITY, "")

    assert told(datetime(2026, 3, 14, tzinfo=UTC), 398) == ""
    assert "may grant 398" in told(datetime(2026, 3, 14, tzinfo=UTC), 399)
    assert told(datetime(2026, 3, 15, tzinfo=UTC), 200) == ""
    assert "may grant 200" in told(datetime(2026, 3, 15, tzinfo=UTC), 201)
    assert "may grant 100" in told(datetime(2027, 3, 15, tzinfo=UTC), 101)
    assert "may grant 47" in told(datetime(2029, 3, 15, tzinfo=UTC), 48)
    assert "may grant 825" in told(datetime(2019, 3, 15, tzinfo=UTC), 826)
    assert told(datetime(2017, 3, 15, tzinfo=UTC), 1_200) == ""


def test_fingerprints_are_the_keys_of_what_is_told() -> None:
    found = chain_oddities((b"\x30\x00",), (), (b"\x30\x00",))
    (only,) = found[b"\x30\x00"]
    assert only.code is OddityCode.UNREADABLE_PART
    assert hashlib.sha256(b"\x30\x00").hexdigest() == read_certificate(b"\x30\x00").sha256
