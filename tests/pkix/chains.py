"""Random certificate chains, well-formed and broken in all the ways a verifier looks for.

A chain is a function of a seed.  Keys come from a small pool, and signatures are Ed25519 or P-256, so
that thousands are made in seconds.
"""

import ipaddress
import itertools
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)
EKUS = (
    ExtendedKeyUsageOID.SERVER_AUTH,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    x509.ObjectIdentifier("2.16.840.1.113730.4.1"),
)
DNS_NAMES = ("mx.example.net", "*.example.net", "mail.example.org", "example.com", "a.b.example")
DNS_BASES = ("example.net", ".example.net", "example.org", "net", "", "mx.example.net", "b.example")
EMAILS = ("a@example.net", "B@mail.example.net", "postmaster@example.org")
EMAIL_BASES = ("example.net", ".example.net", "a@example.net", "example.org")
URIS = ("https://mx.example.net/x", "http://example.org:80/", "ldap://10.0.0.1", "mailto:a@b.test")
URI_BASES = ("mx.example.net", ".example.net", "example.org")
ADDRESSES = ("192.0.2.1", "198.51.100.9", "2001:db8::1")
NETWORKS = ("192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "198.51.100.8/30")


@cache
def pool(size: int = 6) -> tuple[object, ...]:
    half = size // 2
    return (
        *(ed25519.Ed25519PrivateKey.generate() for _ in range(half)),
        *(ec.generate_private_key(ec.SECP256R1()) for _ in range(size - half)),
    )


def usage(*names: str) -> x509.KeyUsage:
    given = {one: one in names for one in USAGES}
    return x509.KeyUsage(**given, encipher_only=False, decipher_only=False)


def named(common: str, **more: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, more.get("org", "Example"))]
    if common:
        parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common))
    if "email" in more:
        parts.append(x509.NameAttribute(NameOID.EMAIL_ADDRESS, more["email"]))
    return x509.Name(parts)


@dataclass
class Plan:
    """One certificate as it will be made."""

    subject: x509.Name
    key: object
    ca: bool
    serial: int = 0
    begins: datetime = NOW - 30 * DAY
    ends: datetime = NOW + 60 * DAY
    issuer: x509.Name | None = None
    signer: object = None
    issuer_key: object = None
    ski: bytes | None = None
    aki: x509.AuthorityKeyIdentifier | None = None
    constraints: bool | None = True
    path_length: int | None = None
    usages: tuple[str, ...] | None = ()
    ekus: tuple[x509.ObjectIdentifier, ...] = ()
    names: tuple[x509.GeneralName, ...] = ()
    name_constraints: x509.NameConstraints | None = None
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    with_ski: bool = True
    with_aki: bool = True
    version_1: bool = False
    spoil: bool = False
    surgery: tuple[str, ...] = ()


def key_id(key: object) -> bytes:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest


def make(plan: Plan) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(plan.subject)
        .issuer_name(plan.issuer or plan.subject)
        .public_key(plan.key.public_key())
        .serial_number(plan.serial or 1)
        .not_valid_before(plan.begins)
        .not_valid_after(plan.ends)
    )
    for extension, critical in () if plan.version_1 else extensions(plan):
        builder = builder.add_extension(extension, critical=critical)
    signer = plan.signer or plan.key
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    der = builder.sign(signer, digest).public_bytes(Encoding.DER)
    if plan.version_1:
        der = as_version_1(der, signer)
    for cut in plan.surgery:
        der = operate(der, cut, signer)
    if plan.spoil:
        der = der[:-1] + bytes([der[-1] ^ 1])
    return der


def extensions(plan: Plan) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if plan.constraints is not None:
        length = plan.path_length if plan.ca else None
        found.append((x509.BasicConstraints(ca=plan.ca, path_length=length), True))
    if plan.with_ski:
        found.append((x509.SubjectKeyIdentifier(plan.ski or key_id(plan.key)), False))
    if plan.with_aki:
        aki = plan.aki or x509.AuthorityKeyIdentifier(
            key_id(plan.issuer_key or plan.signer or plan.key), None, None
        )
        found.append((aki, False))
    if plan.usages:
        found.append((usage(*plan.usages), True))
    if plan.ekus:
        found.append((x509.ExtendedKeyUsage(plan.ekus), False))
    if plan.names:
        found.append((x509.SubjectAlternativeName(plan.names), False))
    if plan.name_constraints is not None:
        found.append((plan.name_constraints, True))
    given = {extension.oid for extension, _ in plan.extra}
    return [*(one for one in found if one[0].oid not in given), *plan.extra]


def tlv(tag: int, content: bytes) -> bytes:
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def parts(der: bytes) -> list[bytes]:
    from mxwalk.tls.der import elements

    return [one.raw for one in elements(der)]


def inside(der: bytes) -> bytes:
    from mxwalk.tls.der import elements

    return next(elements(der)).content


def sign_again(tbs: bytes, algorithm: bytes, signer: object) -> bytes:
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        signature = signer.sign(tbs, ec.ECDSA(hashes.SHA256()))
    else:
        signature = signer.sign(tbs)
    return tlv(0x30, tbs + algorithm + tlv(0x03, b"\0" + signature))


def as_version_1(der: bytes, signer: object) -> bytes:
    tbs, algorithm, _ = parts(inside(der))
    kept = [one for one in parts(inside(tbs)) if one[0] not in {0xA0, 0xA3}]
    return sign_again(tlv(0x30, b"".join(kept)), algorithm, signer)


def operate(der: bytes, cut: str, signer: object) -> bytes:
    """Change the signed part in a way no builder offers, and sign it again."""
    tbs, algorithm, _ = parts(inside(der))
    fields = parts(inside(tbs))
    outer, key = algorithm, 6 if fields[0][0] == 0xA0 else 5
    match cut:
        case "version 1 with extensions":
            fields = [one for one in fields if one[0] != 0xA0]
        case "duplicate extension":
            if fields[-1][0] == 0xA3:
                block = parts(inside(inside(fields[-1])))
                fields[-1] = tlv(0xA3, tlv(0x30, b"".join([*block, block[0]])))
        case "unreadable key":
            algorithm_of_key, _bits = parts(inside(fields[key]))
            fields[key] = tlv(0x30, algorithm_of_key + tlv(0x03, b"\0\1\2\3"))
        case "explicit curve":
            algorithm_of_key, bits = parts(inside(fields[key]))
            if bytes.fromhex("2a8648ce3d0201") in algorithm_of_key:
                named = tlv(0x06, bytes.fromhex("2a8648ce3d0201"))
                fields[key] = tlv(0x30, tlv(0x30, named + curve_spelt_out()) + bits)
        case "outer algorithm":
            outer = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d040303")))
    return sign_again(tlv(0x30, b"".join(fields)), outer, signer)


def curve_spelt_out() -> bytes:
    """Return P-256 as ECParameters (RFC 3279 2.3.5)."""
    prime = (1 << 256) - (1 << 224) + (1 << 192) + (1 << 96) - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    gx = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
    gy = 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def integer(value: int) -> bytes:
        return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))

    def octets(*values: int) -> bytes:
        return b"".join(value.to_bytes(32, "big") for value in values)

    field = tlv(0x30, tlv(0x06, bytes.fromhex("2a8648ce3d0101")) + integer(prime))
    curve = tlv(0x30, tlv(0x04, octets(prime - 3)) + tlv(0x04, octets(b)))
    point = tlv(0x04, b"\x04" + octets(gx, gy))
    return tlv(0x30, integer(1) + field + curve + point + integer(order) + integer(1))


SURGERIES = (
    "version 1 with extensions",
    "duplicate extension",
    "unreadable key",
    "explicit curve",
    "outer algorithm",
)
# Extensions of known kinds with contents that cannot be decoded, or that say nothing.
SPOILED = (
    ("2.5.29.14", b"\x04\x05ab"),
    ("2.5.29.15", b"\x03\x01\x00"),
    ("2.5.29.15", b"\x03\x02\x07\x00"),
    ("2.5.29.15", b"\x04\x02\x07\x80"),
    ("2.5.29.17", b"\x30\x03\x82\x05a"),
    ("2.5.29.17", b"\x30\x00"),
    ("2.5.29.19", b"\x30\x06\x01\x01\xff\x02\x01\xff"),
    ("2.5.29.19", b"\x31\x00"),
    ("2.5.29.30", b"\x30\x00"),
    ("2.5.29.30", b"\x30\x02\x00"),
    ("2.5.29.31", b"\x30\x04\x30\x02\x00"),
    ("2.5.29.35", b"\x30\x03\x80\x05a"),
    ("2.5.29.35", b"\x30\x00"),
    ("2.5.29.37", b"\x30\x00"),
    ("2.5.29.37", b"\x30\x03\x06\x01\x88"),
    ("1.3.6.1.5.5.7.1.14", b"\x30\x0f\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x15\x01\x04\x01\x41"),
)


@dataclass
class Case:
    """A chain as sent, the anchors, the time, the leaf's key, and what was done to it."""

    sent: tuple[bytes, ...]
    anchors: tuple[bytes, ...]
    at: datetime
    key: object
    notes: tuple[str, ...]


def random_case(seed: int) -> Case:
    return _Maker(random.Random(seed)).case()


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.notes: list[str] = []

    def chance(self, probability: float, note: str) -> bool:
        if self.rng.random() < probability:
            self.notes.append(note)
            return True
        return False

    def case(self) -> Case:
        rng = self.rng
        depth = rng.choice((1, 2, 2, 3, 3, 3, 4, 5))
        plans = self.plans(depth)
        if self.chance(0.05, "one serial number for all"):
            for plan in plans:
                plan.serial = 1
        faults = rng.choice((0, 1, 1, 1, 2, 3))
        for _ in range(faults):
            self.break_one(plans)
        ders = [make(plan) for plan in plans]
        sent, anchors = list(ders[:-1]) or list(ders), [ders[-1]]
        sent, anchors = self.arrange(plans, ders, sent, anchors)
        at = NOW
        if self.chance(0.06, "another date"):
            at = NOW + rng.choice((-400, -31, 59, 61, 400)) * DAY
        elif self.chance(0.04, "at the very end"):
            at = rng.choice(plans).ends + timedelta(seconds=rng.choice((-1, 0, 1)))
        elif self.chance(0.04, "at the very beginning"):
            at = rng.choice(plans).begins + timedelta(seconds=rng.choice((-1, 0, 1)))
        return Case(tuple(sent), tuple(anchors), at, plans[0].key, tuple(self.notes))

    def plans(self, depth: int) -> list[Plan]:
        rng, keys = self.rng, pool()
        chosen = rng.sample(range(len(keys)), depth)
        plans = []
        for level in range(depth):
            leaf, root = level == 0, level == depth - 1
            cas = "mx.example.net" if leaf else f"CA {level}"
            plan = Plan(
                subject=named(cas),
                key=keys[chosen[level]],
                ca=not leaf,
                serial=rng.randrange(1, 1 << 62),
                ends=NOW + (60 + 100 * level) * DAY,
                begins=NOW - (30 + 100 * level) * DAY,
            )
            if leaf:
                plan.names = (x509.DNSName("mx.example.net"),)
                plan.usages = rng.choice(((), ("digital_signature",)))
                plan.ekus = rng.choice(((), EKUS[:1], EKUS[:2]))
            else:
                plan.usages = rng.choice(((), ("key_cert_sign", "crl_sign")))
            plan.with_aki = not root or rng.random() < 0.5
            plans.append(plan)
        for child, issuer in itertools.pairwise(plans):
            child.issuer, child.signer = issuer.subject, issuer.key
        return plans

    def break_one(self, plans: list[Plan]) -> None:
        rng = self.rng
        level = rng.randrange(len(plans))
        plan = plans[level]
        above = plans[level + 1] if level + 1 < len(plans) else None
        kind = rng.choice(KINDS)
        self.notes.append(f"{kind} at {level}")
        match kind:
            case "expired":
                plan.begins, plan.ends = NOW - 90 * DAY, NOW - rng.choice((1, 20)) * DAY
            case "not yet valid":
                plan.begins, plan.ends = NOW + 3 * DAY, NOW + 90 * DAY
            case "no basic constraints":
                plan.constraints = None
            case "wrong ca flag":
                plan.ca = not plan.ca
            case "key usage":
                plan.usages = tuple(rng.sample(USAGES, rng.randrange(1, 3)))
            case "extended key usage":
                plan.ekus = tuple(rng.sample(EKUS, rng.randrange(1, 3)))
            case "path length":
                plan.path_length = rng.choice((0, 0, 1, 2))
            case "wrong signature":
                plan.spoil = True
            case "other signer":
                plan.signer = rng.choice(pool())
                plan.issuer_key = rng.choice((None, above.key if above else None))
            case "critical extension":
                oid = rng.choice(("1.2.3.4.5", "2.5.29.16", "2.5.29.54", "2.5.29.32"))
                value = b"\x02\x01\x00" if oid == "2.5.29.54" else b"\x30\x00"
                extension = x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value)
                if not any(one.oid == extension.oid for one, _ in plan.extra):
                    plan.extra = (*plan.extra, (extension, rng.random() < 0.8))
            case "aki mismatch":
                plan.aki = x509.AuthorityKeyIdentifier(b"\1" * 20, None, None)
            case "aki serial":
                self.authority_serial(plan, above)
            case "no key identifiers":
                plan.with_aki = plan.with_ski = False
            case "version 1":
                plan.version_1 = True
            case "self-issued":
                if above:
                    plan.subject = above.subject
                    if level:
                        plans[level - 1].issuer = plan.subject
            case "no names":
                plan.names = ()
            case "netscape":
                bits = rng.choice((0x80, 0x40, 0x04, 0x02, 0xC4))
                value = bytes([0x03, 0x02, 0x00, bits])
                extension = x509.UnrecognizedExtension(
                    x509.ObjectIdentifier("2.16.840.1.113730.1.1"), value
                )
                if not any(one.oid == extension.oid for one, _ in plan.extra):
                    plan.extra = (*plan.extra, (extension, False))
                if rng.random() < 0.5:
                    plan.constraints, plan.usages = None, ()
            case "surgery":
                plan.surgery = (*plan.surgery, rng.choice(SURGERIES))
                self.notes[-1] = f"{plan.surgery[-1]} at {level}"
            case "spoiled extension":
                oid, value = rng.choice(SPOILED)
                self.notes[-1] = f"spoiled {oid} {value.hex()} at {level}"
                extension = x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value)
                if not any(one.oid == extension.oid for one, _ in plan.extra):
                    plan.extra = (*plan.extra, (extension, rng.random() < 0.5))
            case "name constraints":
                self.constrain(plans)
            case "name form":
                plan.issuer = x509.Name(
                    x509.NameAttribute(one.oid, rng.choice((one.value.upper(), f"  {one.value} ")))
                    for one in (plan.issuer or plan.subject)
                )

    def authority_serial(self, plan: Plan, above: Plan | None) -> None:
        target = above or plan
        serial = target.serial if self.rng.random() < 0.5 else 4_711
        name = target.issuer or target.subject
        if self.rng.random() < 0.3:
            name = named("somebody else")
        plan.aki = x509.AuthorityKeyIdentifier(
            key_id(target.key), [x509.DirectoryName(name)], serial
        )

    def constrain(self, plans: list[Plan]) -> None:
        rng = self.rng
        if len(plans) < 2:
            return
        leaf, ca = plans[0], plans[rng.randrange(1, len(plans))]
        names: list[x509.GeneralName] = [
            x509.DNSName(one) for one in rng.sample(DNS_NAMES, rng.randrange(3))
        ]
        names += [x509.RFC822Name(one) for one in rng.sample(EMAILS, rng.randrange(2))]
        names += [
            x509.UniformResourceIdentifier(one) for one in rng.sample(URIS, rng.choice((0, 0, 1)))
        ]
        names += [
            x509.IPAddress(ipaddress.ip_address(one))
            for one in rng.sample(ADDRESSES, rng.randrange(2))
        ]
        if rng.random() < 0.2:
            names.append(x509.DirectoryName(named("a directory", org=rng.choice(("Example", "X")))))
        if rng.random() < 0.05:
            names.append(x509.RegisteredID(x509.ObjectIdentifier("1.2.3")))
        leaf.names = tuple(names)
        if rng.random() < 0.3:
            leaf.subject = named(rng.choice(("mail.example.org", "MX.example.net", "no name", "")))
        if rng.random() < 0.15:
            leaf.subject = named("x", email=rng.choice(EMAILS))
        bases = [self.base() for _ in range(rng.randrange(1, 4))]
        some = rng.randrange(len(bases) + 1)
        ca.name_constraints = x509.NameConstraints(bases[:some] or None, bases[some:] or None)

    def base(self) -> x509.GeneralName:
        rng = self.rng
        match rng.randrange(6):
            case 0 | 1:
                return x509.DNSName(rng.choice(DNS_BASES))
            case 2:
                return x509.RFC822Name(rng.choice(EMAIL_BASES))
            case 3:
                return x509.UniformResourceIdentifier(rng.choice(URI_BASES))
            case 4:
                return x509.IPAddress(ipaddress.ip_network(rng.choice(NETWORKS)))
            case _:
                organization = x509.NameAttribute(
                    NameOID.ORGANIZATION_NAME, rng.choice(("Example", "EXAMPLE", "Other"))
                )
                return x509.DirectoryName(x509.Name([organization]))

    def arrange(
        self, plans: list[Plan], ders: list[bytes], sent: list[bytes], anchors: list[bytes]
    ) -> tuple[list[bytes], list[bytes]]:
        rng = self.rng
        if self.chance(0.1, "root sent"):
            sent.append(ders[-1])
        if len(sent) > 1 and self.chance(0.12, "one missing"):
            sent.pop(rng.randrange(1, len(sent)))
        if self.chance(0.06, "another store"):
            anchors = [make(Plan(named("Other Root"), pool()[0], ca=True))]
        elif self.chance(0.03, "an empty store"):
            anchors = []
        if len(ders) > 2 and self.chance(0.06, "an intermediate in the store"):
            anchors = [rng.choice(ders[1:-1]), *(anchors if rng.random() < 0.5 else [])]
        if self.chance(0.05, "a root of the same name in the store"):
            twin = Plan(plans[-1].subject, rng.choice(pool()), ca=True, with_aki=False)
            twin.with_ski = rng.random() < 0.5
            anchors.insert(rng.randrange(len(anchors) + 1), make(twin))
        if len(plans) > 2 and self.chance(0.12, "cross-signed"):
            level = rng.randrange(1, len(plans) - 1)
            cross = Plan(plans[level].subject, plans[level].key, ca=True, serial=99)
            other = Plan(named("Cross Root"), pool()[rng.randrange(6)], ca=True)
            cross.issuer, cross.signer = other.subject, other.key
            if rng.random() < 0.4:
                cross.ends = NOW - DAY
            sent.insert(rng.randrange(1, len(sent) + 1), make(cross))
            if rng.random() < 0.5:
                anchors.append(make(other))
        if self.chance(0.1, "shuffled"):
            rest = sent[1:]
            rng.shuffle(rest)
            sent = [sent[0], *rest]
        if self.chance(0.08, "duplicates"):
            sent.insert(rng.randrange(1, len(sent) + 1), rng.choice(sent))
        if self.chance(0.08, "an extra"):
            sent.insert(
                rng.randrange(1, len(sent) + 1), make(Plan(named("Extra"), pool()[1], True))
            )
        return sent, anchors


KINDS = (
    "expired",
    "not yet valid",
    "no basic constraints",
    "wrong ca flag",
    "key usage",
    "key usage",
    "extended key usage",
    "extended key usage",
    "path length",
    "path length",
    "wrong signature",
    "other signer",
    "critical extension",
    "aki mismatch",
    "aki serial",
    "no key identifiers",
    "version 1",
    "self-issued",
    "no names",
    "netscape",
    "name constraints",
    "name constraints",
    "name constraints",
    "name constraints",
    "name form",
    "surgery",
    "spoiled extension",
)
