"""One small hierarchy for the tests of this package: root, two intermediates, a leaf."""

from dataclasses import replace
from functools import cache

from cryptography import x509

from mxwalk.evidence.tls import PathCertificate
from mxwalk.pkix.model import ChainExplained
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.validate import explain_chain
from tests.pkix.chains import DAY, EKUS, NOW, Plan, make, named, pool

HOST = "mx.example.net"
AIA = "http://ca.example.com/upper.der"


def aia(url: str = AIA) -> tuple[x509.ExtensionType, bool]:
    access = x509.AccessDescription(
        x509.AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
    )
    return x509.AuthorityInformationAccess([access]), False


def below(plan: Plan, issuer: Plan) -> Plan:
    plan.issuer, plan.signer = issuer.subject, issuer.key
    return plan


def root_plan(**changes: object) -> Plan:
    plan = Plan(named("Root"), pool()[0], ca=True, serial=1 << 70, usages=("key_cert_sign",))
    return replace(plan, begins=NOW - 900 * DAY, ends=NOW + 900 * DAY, **changes)


def upper_plan(**changes: object) -> Plan:
    plan = Plan(named("Upper"), pool()[1], ca=True, serial=1 << 71, usages=("key_cert_sign",))
    plan = below(plan, root_plan())
    return replace(plan, **{"begins": NOW - 400 * DAY, "ends": NOW + 400 * DAY, **changes})


def lower_plan(**changes: object) -> Plan:
    plan = Plan(named("Lower"), pool()[2], ca=True, serial=1 << 72, usages=("key_cert_sign",))
    plan = below(plan, upper_plan())
    plan.extra = (aia(),)
    return replace(plan, **{"begins": NOW - 200 * DAY, "ends": NOW + 200 * DAY, **changes})


def leaf_plan(**changes: object) -> Plan:
    plan = Plan(named(HOST), pool()[3], ca=False, serial=1 << 73)
    plan = below(plan, lower_plan())
    plan.names = (x509.DNSName(HOST),)
    plan.usages, plan.ekus = ("digital_signature",), EKUS[:1]
    plan.extra = (aia("http://ca.example.com/lower.der"),)
    return replace(plan, **{"begins": NOW - 30 * DAY, "ends": NOW + 60 * DAY, **changes})


@cache
def root() -> bytes:
    return make(root_plan())


@cache
def upper() -> bytes:
    return make(upper_plan())


@cache
def lower() -> bytes:
    return make(lower_plan())


@cache
def leaf() -> bytes:
    return make(leaf_plan())


def explain(
    *sent: bytes,
    anchors: tuple[bytes, ...] | None = None,
    fetched: tuple[bytes, ...] = (),
    at=NOW,
) -> ChainExplained:
    """Explain a chain on the path OpenSSL builds for it, which must agree."""
    trusted = (root(),) if anchors is None else anchors
    errors, path = verify_again(sent, trusted, at)
    explained = explain_chain(sent, path, at, anchors=trusted, fetched=fetched)
    assert explained.valid is not bool(errors)
    return explained


def as_path(*ders: bytes, sent: tuple[bytes, ...] = ()) -> tuple[PathCertificate, ...]:
    return tuple(PathCertificate(der=der, sent=der in sent) for der in ders)
