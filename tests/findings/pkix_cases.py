"""A case for every code on chains, revocation and what further looks at a server show.

Chains are verified by OpenSSL, so that the objections are its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.handshake import ClientCertificateAsked, Support, TempKey, TlsFacts
from mxwalk.evidence.revocation import NotAsked
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import StoreVerdict, TrustStore
from mxwalk.evidence.wire import EndingKind
from mxwalk.pkix.openssl import verify_again
from tests.findings.builders import STORE, Trail, alert, ending, in_tls
from tests.findings.certificates import NOW_TEXT
from tests.pkix.chains import Plan, key_id, make, named, pool
from tests.revocation.papers import (
    MUST_STAPLE,
    Response,
    by_crl,
    by_ocsp,
    checked,
    crl,
    crl_points,
    point,
    revoked,
    world,
)
from tests.revocation.papers import leaf as papers_leaf
from tests.tls.pki import DAY, Issued, issue

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = ("example.com", "mx01.example.com")
URL = "http://ca.example.net/1.cer"
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")

Extension = tuple[x509.ExtensionType, bool]


def _usage(*names: str) -> Extension:
    every = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    return x509.KeyUsage(**{name: name in names for name in every}), True


UNKNOWN: Extension = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.1"), b"\x05\x00"),
    True,
)


def _where(*urls: str) -> Extension:
    access = [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
        )
        for url in urls or (URL,)
    ]
    return x509.AuthorityInformationAccess(access), False


@cache
def root() -> Issued:
    return issue("Case Root", ca=True, begins=NOW - 900 * DAY, ends=NOW + 3_000 * DAY)


def authority(
    *extensions: Extension,
    name: str = "Case CA",
    over: Issued | None = None,
    ca: bool = True,
    days: tuple[int, int] = (-400, 900),
    key: object = None,
) -> Issued:
    begins, ends = NOW + timedelta(days[0]), NOW + timedelta(days[1])
    above = over or root()
    return issue(name, above, ca=ca, begins=begins, ends=ends, extensions=extensions, key=key)


def server(
    over: Issued | None, *extensions: Extension, days: tuple[int, int] = (-30, 60)
) -> Issued:
    begins, ends = NOW + timedelta(days[0]), NOW + timedelta(days[1])
    return issue(
        "mx01.example.com", over, dns=NAMES, begins=begins, ends=ends, extensions=extensions
    )


def presents(
    *chain: Issued,
    anchor: Issued | None = None,
    fetched: tuple[Issued, ...] | None = None,
    problem: str = "",
    store: TrustStore | None = None,
    beside: tuple[StoreVerdict, ...] = (),
) -> Delivery:
    """A walk to a server that presents this chain, with what OpenSSL says of it."""
    return presents_der(
        *(one.der for one in chain),
        anchor=anchor or root(),
        fetched=fetched,
        problem=problem,
        store=store,
        beside=beside,
    )


def presents_der(
    *ders: bytes,
    anchor: Issued | None = None,
    fetched: tuple[Issued, ...] | None = None,
    problem: str = "",
    store: TrustStore | None = None,
    beside: tuple[StoreVerdict, ...] = (),
) -> Delivery:
    errors, path = verify_again(ders, ((anchor or root()).der,), NOW)
    trail = in_tls().handshake(ders)
    found = tuple(one.der for one in path)
    trail.chain(*errors, path=found, beside=beside, store=store or STORE)
    if fetched is not None:
        trail.issuers(*(one.der for one in fetched), problem=problem)
    return trail.identity().delivery()


def _wrong_signature() -> Delivery:
    """Two CAs of one name, and the wrong one is sent; nothing but the signature tells."""
    right, wrong = authority(name="Twin"), authority(name="Twin")
    identifier = x509.SubjectKeyIdentifier.from_public_key(right.key.public_key())  # type: ignore[attr-defined]
    builder = (
        x509.CertificateBuilder()
        .subject_name(wrong.certificate.subject)
        .issuer_name(wrong.certificate.issuer)
        .public_key(wrong.key.public_key())  # type: ignore[attr-defined]
        .serial_number(7)
        .not_valid_before(NOW - 9 * DAY)
        .not_valid_after(NOW + 900 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(identifier, critical=False)
    )
    forged = Issued(builder.sign(root().key, hashes.SHA256()), wrong.key)  # type: ignore[arg-type]
    return presents(server(right), forged)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes((size,)) if size < 0x80 else bytes((0x82,)) + size.to_bytes(2, "big")
    return bytes((tag,)) + length + content


def _negative_serial() -> Delivery:
    """The builder refuses such a number; so it is put in afterwards and signed again."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAMES[0])])
    begun = x509.CertificateBuilder().subject_name(subject)
    builder = (
        begun.issuer_name(root().certificate.subject)
        .public_key(key.public_key())
        .serial_number(0x41 << 64)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 60 * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAMES[0])]), critical=False)
    )
    plain = builder.sign(root().key, hashes.SHA256())  # type: ignore[arg-type]
    positive, negative = b"\x02\x09\x41" + bytes(8), b"\x02\x09\xc1" + bytes(8)
    body = plain.tbs_certificate_bytes.replace(positive, negative, 1)
    signature = root().key.sign(body, ec.ECDSA(hashes.SHA256()))  # type: ignore[attr-defined]
    whole = _der(0x30, body + ECDSA_WITH_SHA256 + _der(0x03, b"\0" + signature))
    return presents_der(whole)


def _short_path() -> Delivery:
    below = authority(name="Case CA 2", over=(above := _limited()))
    return presents(server(below), below, above)


def _limited() -> Issued:
    begins = NOW - 400 * DAY
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Limited CA")]))
        .issuer_name(root().certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(NOW + 900 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    return Issued(builder.sign(root().key, hashes.SHA256()), key)  # type: ignore[arg-type]


PUBLIC = TrustStore(kind="certifi", path="", roots=142)
SYSTEM = TrustStore(kind="system", path="/etc/ssl/certs", roots=143)


def _private() -> Delivery:
    ca = authority()
    chain = server(ca), ca
    refused, _ = verify_again(tuple(one.der for one in chain), (_stranger().der,), NOW)
    return presents(*chain, store=SYSTEM, beside=(StoreVerdict(store=PUBLIC, errors=refused),))


@cache
def _stranger() -> Issued:
    return issue("Public Root", ca=True, begins=NOW - 900 * DAY, ends=NOW + 3_000 * DAY)


def _expired_way() -> Delivery:
    """A root that is in the store, sent as it was once cross-signed by another that has expired."""
    cross = authority(name="Case Root", over=_stranger(), days=(-800, -10), key=root().key)
    ca = authority()
    return presents(server(ca), ca, cross)


def _missing(*, fetched: bool = True, far: bool = False) -> Callable[[], Delivery]:
    def made() -> Delivery:
        upper = authority(name="Upper CA")
        ca = authority(_where(), over=upper) if far else upper
        sent = (server(ca, _where()), *((ca,) if far else ()))
        if not fetched:
            return presents(*sent, fetched=(), problem="no answer within 10 s")
        return presents(*sent, fetched=(upper, root()))

    return made


def _renewed() -> Delivery:
    ca, older = authority(name="Renewed CA"), authority(name="Renewed CA")
    return presents(server(ca), older)


def _foreign_serial() -> Delivery:
    """A leaf whose authority key identifier names a serial number that its issuer does not have."""
    ca = Plan(named("Case CA"), pool()[0], ca=True, serial=2)
    leaf = Plan(named("mx01.example.com"), pool()[1], ca=False, issuer=ca.subject, signer=ca.key)
    leaf.names = tuple(x509.DNSName(name) for name in NAMES)
    leaf.aki = x509.AuthorityKeyIdentifier(key_id(ca.key), [x509.DirectoryName(ca.subject)], 4_711)
    chain = make(leaf), make(ca)
    errors, path = verify_again(chain, (root().der,), NOW)
    return in_tls().handshake(chain).chain(*errors, path=tuple(o.der for o in path)).delivery()


def _for_clients() -> Issued:
    purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH])
    return authority((purpose, False))


def _constrained() -> Issued:
    permitted = x509.NameConstraints([x509.DNSName("example.org")], None)
    return authority((permitted, True))


PKIX_CASES: list[tuple[str, Callable[[], Delivery]]] = [
    ("CERT006", _missing()),
    ("CERT006", _missing(far=True)),
    ("CERT006", _missing(fetched=False)),
    ("CERT007", lambda: presents(server(_stranger()), fetched=(_stranger(),))),
    ("CERT015", lambda: presents(server(ca := _for_clients()), ca)),
    ("CERT016", lambda: presents(server(ca := _constrained()), ca)),
    ("CERT020", _wrong_signature),
    ("CERT021", lambda: presents(server(ca := authority(ca=False)), ca)),
    ("CERT022", lambda: presents(server(ca := authority(_usage("digital_signature"))), ca)),
    ("CERT023", _short_path),
    ("CERT024", lambda: presents(server(ca := authority(), UNKNOWN), ca)),
    ("CERT024", lambda: presents(server(ca := authority(UNKNOWN)), ca)),
    ("CERT025", _renewed),
    ("CERT026", _private),
    ("CERT027", _expired_way),
    ("CERT028", lambda: presents(server(ca := authority(days=(-9, 50))), ca)),
    ("CERT028", lambda: presents(server(ca := authority(days=(-9, 20))), ca)),
    ("CERT029", lambda: presents(server(root(), days=(-30, 2_000)))),
    ("CERT030", _negative_serial),
    ("CERT031", _foreign_serial),
]


def standing(evidence: RevocationChecked, *chain: Issued, **facts: object) -> Delivery:
    """A walk that asked about revocation of this chain (default: that of the papers' world)."""
    sent = tuple(one.der for one in chain or (world().leaf, world().ca))
    trail = in_tls().handshake(sent, **facts)
    return trail.chain(path=sent).revocation(evidence).identity().delivery()


def _says(**response: object) -> RevocationChecked:
    return checked(by_ocsp(Response(**response).der()))  # type: ignore[arg-type]


def _listed(*entries: object, **more: object) -> RevocationChecked:
    return checked(by_crl(crl(*entries, **more), world().leaf))  # type: ignore[arg-type]


def _must_staple(**facts: object) -> Delivery:
    demanding = papers_leaf(MUST_STAPLE)
    return standing(checked(about=demanding), demanding, world().ca, **facts)


def _ca_revoked() -> RevocationChecked:
    about = world().ca
    listed = by_crl(crl(revoked(about), issuer=world().root), about, world().root)
    return checked(listed, about=about, issuer=world().root, depth=1)


def _ldap_only() -> Delivery:
    inner = papers_leaf(crl_points(point("ldap:///CN=Case%20CA,CN=CDP?certificateRevocationList")))
    return standing(checked(about=inner), inner, world().ca)


def _unusable_staple() -> Delivery:
    demanding = papers_leaf(MUST_STAPLE)
    staple = Response(about=world().ca).der()
    evidence = checked(by_ocsp(staple, stapled=True), about=demanding)
    return standing(evidence, demanding, world().ca, ocsp_staple=staple)


REVOCATION_CASES: list[tuple[str, Callable[[], Delivery]]] = [
    ("REVO001", lambda: standing(_says())),
    ("REVO001", lambda: standing(_listed())),
    ("REVO002", lambda: standing(_says(status="revoked", reason="keyCompromise"))),
    ("REVO002", lambda: standing(_listed(revoked(world().leaf, "superseded")))),
    ("REVO002", lambda: standing(_ca_revoked())),
    ("REVO003", lambda: standing(_says(status="unknown"))),
    ("REVO004", lambda: standing(_listed(made=NOW - 9 * DAY, until=NOW - DAY))),
    ("REVO005", lambda: standing(checked(by_crl(None, world().leaf), by_ocsp(None)))),
    ("REVO005", lambda: standing(checked(by_crl(None, world().leaf), by_ocsp(Response().der())))),
    ("REVO006", lambda: standing(checked(by_ocsp(Response(about=world().ca).der())))),
    ("REVO006", lambda: standing(_listed(key=world().other.key))),
    (
        "REVO007",
        lambda: standing(
            checked(by_ocsp(Response().der()), by_crl(crl(revoked(world().leaf)), world().leaf))
        ),
    ),
    ("REVO008", lambda: standing(checked(not_asked=NotAsked.OFFLINE))),
    ("REVO009", _must_staple),
    ("REVO010", _ldap_only),
    ("REVO009", _unusable_staple),
]


OLD = {"protocol": "TLSv1", "cipher": "ECDHE-RSA-AES256-SHA", "cipher_bits": 256}
TODAY = {"protocol": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "cipher_bits": 256}
TLS12 = {"protocol": "TLSv1.2", "cipher": "DHE-RSA-AES256-GCM-SHA384", "cipher_bits": 256}
PRIME = TlsFacts(temp_key=TempKey(method="DHE", group="", bits=1_024))
REFUSED_VERSION = {
    "ending": ending(EndingKind.TLS_ALERT),
    "alerts": (alert(70, "protocol_version"),),
}
NAME_UNKNOWN = {
    "ending": ending(EndingKind.TLS_ALERT),
    "alerts": (alert(112, "unrecognized_name"),),
}
CUT_OFF = {"ending": ending(EndingKind.RESET)}


def failing(**facts: object) -> Trail:
    """A trail whose modern handshake failed."""
    return in_tls().handshake((), **facts)


def _facts(**facts: object) -> Callable[[], Delivery]:
    return lambda: in_tls().handshake(**TLS12, facts=TlsFacts(**facts)).delivery()  # type: ignore[arg-type]


def _nameless(chain: tuple[Issued, ...], **facts: object) -> Delivery:
    trail = in_tls().handshake().chain().identity()
    ders = tuple(one.der for one in chain)
    return trail.look(StepKind.WITHOUT_SNI, ders, **(facts or TODAY)).delivery()


def _legacy(**facts: object) -> Callable[[], Delivery]:
    return lambda: failing(**REFUSED_VERSION).look(StepKind.LEGACY_TLS, **facts).delivery()


LOOK_CASES: list[tuple[str, Callable[[], Delivery]]] = [
    ("TLS002", _legacy(**OLD)),
    ("TLS003", _legacy(protocol="TLSv1.2", cipher="RC4-SHA")),
    ("CERT001", _legacy(**OLD)),
    ("IDENT012", _legacy(**OLD)),
    ("TLS008", _legacy(**TLS12)),
    ("TLS008", _legacy(**TLS12, signature="rsa_pkcs1_sha1")),
    ("TLS008", _legacy(protocol="TLSv1.2", cipher="AES256-SHA", cipher_bits=256)),
    ("TLS009", lambda: failing(**CUT_OFF).look(StepKind.CLASSIC_GROUPS, **TODAY).delivery()),
    ("TLS010", lambda: _nameless((), **NAME_UNKNOWN)),
    ("TLS011", lambda: _nameless((server(root()),))),
    ("TLS011", lambda: _nameless((issue("default.example.net", dns=("default.example.net",)),))),
    ("TLS012", lambda: failing(**NAME_UNKNOWN).look(StepKind.WITHOUT_SNI, **TODAY).delivery()),
    ("TLS013", _facts(client_certificate=ClientCertificateAsked())),
    (
        "TLS013",
        _facts(
            client_certificate=ClientCertificateAsked(
                authorities=(world().ca.certificate.subject.public_bytes(), b"no name"),
                authority_count=90,
            )
        ),
    ),
    ("TLS014", _facts(extended_master_secret=Support.NO)),
    ("TLS015", _facts(secure_renegotiation=Support.NO)),
    ("TLS016", _facts(temp_key=PRIME.temp_key)),
    ("TLS015", _legacy(**TLS12, facts=TlsFacts(secure_renegotiation=Support.NO))),
    ("TLS016", _legacy(**TLS12, facts=PRIME)),
]

assert NOW_TEXT == "2026-06-01T00:00:00Z"
ALL_PKIX_CASES = [*PKIX_CASES, *REVOCATION_CASES, *LOOK_CASES]
