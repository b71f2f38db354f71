"""Deliveries whose look-ups validate in a certain way, for the cases of the DNSSEC rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mxwalk.delivery.model import Delivery
from mxwalk.dnssec.model import Hop, HopKind, Question, Status, Validation, ZoneLink
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from tests.findings.builders import Trail, answer, clean
from tests.findings.certificates import NOW
from tests.senders.dane_walks import Domain, Host

Factory = Callable[[], Delivery]
ZONE = "example.com"
OTHERS = {
    Reason.NO_DS: Status.INSECURE,
    Reason.OPT_OUT: Status.INSECURE,
    Reason.UNSUPPORTED_ALGORITHM: Status.INSECURE,
    Reason.UNSUPPORTED_DIGEST: Status.INSECURE,
    Reason.NSEC3_ITERATIONS: Status.INSECURE,
}


def validation(
    reason: Reason | None,
    *,
    qname: str = ZONE,
    rtype: str = "MX",
    ad: bool = False,
    root: bool = False,
) -> Validation:
    """A validation that ends for this reason, in the zone itself or already at the root."""
    what = f"{qname} {rtype}"
    status = Status.SECURE if reason is None else OTHERS.get(reason, Status.BOGUS)
    cause = Cause(reason=reason, what=what, zone=ZONE, parent="com", detail="x") if reason else None
    top = reason if root else None
    link = ZoneLink(zone=".", parent="", status=status if root else Status.SECURE, reason=top)
    hop = Hop(
        name=qname,
        kind=HopKind.ANSWER,
        status=status,
        zone=ZONE,
        reason=reason,
        sentence=cause.sentence if cause else "",
        fix=cause.fix if cause else "",
        links=(link,),
    )
    return Validation(question=Question(qname, rtype), at=NOW, hops=(hop,), ad=ad)


def mx(
    reason: Reason | None,
    reply: DnsAnswer | None = None,
    *,
    ad: bool = False,
    root: bool = False,
) -> Factory:
    def build() -> Delivery:
        got = reply or answer(ZONE, "MX", "10 mx01.example.com.")
        delivery = Trail().resolver().mx(reply=got).delivery()
        return replace(delivery, mx_validation=validation(reason, ad=ad, root=root))

    return build


def unsigned_host() -> Delivery:
    """A signed domain whose mail host is in an unsigned zone."""
    delivery = Domain(Host(address_status=Status.INSECURE)).delivery
    (host,) = delivery.hosts
    assert host.dane is not None
    plain = tuple(
        validation(Reason.NO_DS, qname=host.planned.name, rtype=one.question.rtype)
        for one in host.dane.addresses
    )
    lookup = host.lookup
    assert lookup is not None
    step = host.address_step
    assert step is not None
    return replace(
        delivery,
        mx_validation=validation(None),
        hosts=(replace(host, dane=replace(host.dane, addresses=plain * len(lookup.answers))),),
    )


def all_secure() -> Delivery:
    return replace(clean(), mx_validation=validation(None, ad=True))


SERVFAIL = answer(ZONE, "MX", status=DnsStatus.SERVFAIL)

DNSSEC_CASES: list[tuple[str, Factory]] = [
    ("DNSSEC001", mx(Reason.DS_WITHOUT_KEY)),
    ("DNSSEC001", mx(Reason.DS_WITHOUT_KEY, SERVFAIL)),
    ("DNSSEC002", mx(Reason.DNSKEY_MISSING)),
    ("DNSSEC003", mx(Reason.KEY_SET_NOT_SIGNED_BY_DS_KEY)),
    ("DNSSEC004", mx(Reason.RRSIG_MISSING)),
    ("DNSSEC005", mx(Reason.RRSIG_EXPIRED)),
    ("DNSSEC006", mx(Reason.RRSIG_NOT_YET_VALID)),
    ("DNSSEC007", mx(Reason.RRSIG_KEY_NOT_IN_SET)),
    ("DNSSEC007", mx(Reason.RRSIG_KEY_UNUSABLE)),
    ("DNSSEC008", mx(Reason.RRSIG_WRONG)),
    ("DNSSEC009", mx(Reason.RRSIG_SIGNER_WRONG)),
    ("DNSSEC009", mx(Reason.RRSIG_LABELS_WRONG)),
    ("DNSSEC010", mx(Reason.RRSIG_ALGORITHM_UNSUPPORTED)),
    ("DNSSEC011", mx(Reason.DENIAL_MISSING)),
    ("DNSSEC012", mx(Reason.DENIAL_NAME)),
    ("DNSSEC012", mx(Reason.DENIAL_WRONG_SIDE)),
    ("DNSSEC012", mx(Reason.DENIAL_NSEC3_PARAMETERS)),
    ("DNSSEC013", mx(Reason.DENIAL_TYPE)),
    ("DNSSEC014", mx(Reason.DENIAL_WILDCARD)),
    ("DNSSEC014", mx(Reason.DENIAL_WILDCARD_ANSWER)),
    ("DNSSEC015", mx(Reason.DENIAL_EMPTY_NON_TERMINAL)),
    ("DNSSEC016", mx(Reason.DENIAL_OPT_OUT)),
    ("DNSSEC017", mx(Reason.TOO_EXPENSIVE)),
    ("DNSSEC017", mx(Reason.TOO_MANY_QUESTIONS)),
    ("DNSSEC018", mx(Reason.LOOKUP_FAILED)),
    ("DNSSEC020", mx(Reason.RESOLVER_STRIPS)),
    ("DNSSEC020", mx(Reason.RESOLVER_IGNORES_DO)),
    ("DNSSEC020", mx(Reason.RESOLVER_FAILS_DO)),
    ("DNSSEC021", mx(Reason.ALIAS_WRONG)),
    ("DNSSEC021", mx(Reason.ANSWERS_DIFFER)),
    ("DNSSEC022", mx(Reason.ANCHOR_WITHOUT_KEY)),
    ("DNSSEC022", mx(Reason.NO_ANCHOR)),
    ("DNSSEC023", mx(Reason.RRSIG_WRONG, ad=True)),
    ("DNSSEC023", mx(Reason.UNSUPPORTED_ALGORITHM, ad=True)),
    ("DNSSEC023", mx(None)),
    ("DNSSEC023", mx(None, SERVFAIL)),
    ("DNSSEC024", mx(Reason.RRSIG_EXPIRED, root=True)),
    ("DNSSEC024", mx(Reason.RRSIG_NOT_YET_VALID, root=True)),
    ("DNSSEC030", mx(Reason.UNSUPPORTED_ALGORITHM)),
    ("DNSSEC030", mx(Reason.UNSUPPORTED_DIGEST)),
    ("DNSSEC031", mx(Reason.NSEC3_ITERATIONS)),
    ("DNSSEC032", unsigned_host),
    ("DNSSEC040", all_secure),
]
