"""What a certificate's makers got wrong or will regret: an issuer that ends first, odd fields.

RFC 5280 4.1.  None of this decides whether mail arrives today.
"""

from collections.abc import Iterator
from datetime import timedelta

from mxwalk.delivery.model import Delivery
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases, named
from mxwalk.findings.raising import entry, found, show
from mxwalk.findings.rules.certificate import SOON as EXPIRES_SOON
from mxwalk.language import say
from mxwalk.pkix.model import OddityCode
from mxwalk.pkix.naming import day
from mxwalk.tls.certificate import read_certificate

SOON = timedelta(days=30)
VERY_LONG = timedelta(days=825)  # the most that Apple takes, also from private CAs
MAX_TOLD = 4  # certificates of one chain that are told one by one

_CA = Owner.RECEIVER_CA
ISSUER_ENDS_FIRST = entry(
    "CERT028",
    Severity.NOTICE,
    Owner.RECEIVER,
    "an issuer that expires before the certificate",
    "RFC 5280 6.1.3",
)
VERY_LONG_VALIDITY = entry(
    "CERT029", Severity.NOTICE, _CA, "a very long validity", "RFC 5280 4.1.2.5"
)
AGAINST_PROFILE = entry(
    "CERT030", Severity.NOTICE, _CA, "a field that RFC 5280 does not allow", "RFC 5280 4.1"
)

ENTRIES = (ISSUER_ENDS_FIRST, VERY_LONG_VALIDITY, AGAINST_PROFILE)

_FIELDS = frozenset(
    {
        OddityCode.SERIAL_ZERO,
        OddityCode.SERIAL_NEGATIVE,
        OddityCode.SERIAL_LONG,
        OddityCode.VERSION,
        OddityCode.SIGNATURE_MISMATCH,
        OddityCode.DUPLICATE_EXTENSION,
        OddityCode.VALIDITY_REVERSED,
        OddityCode.PRECERTIFICATE,
    }
)
_LONG = frozenset({OddityCode.LONG_VALIDITY, OddityCode.NO_EXPIRY})


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what each chain's certificates say of themselves."""
    for case in cases(delivery):
        yield from _ends_first(case)
        yield from _long(case)
        yield from _fields(case)


def _ends_first(case: Presented) -> Iterator[Finding]:
    horizon = case.explained.horizon if case.explained else None
    if horizon is None or horizon.until_depth == 0 or horizon.valid_until is None:
        return
    issuer, leaf = case.at_depth(horizon.until_depth), case.facts[0]
    left = horizon.valid_until - case.at if case.at else timedelta()
    if issuer is None or horizon.empty or left <= EXPIRES_SOON:  # told as expired, or soon to be
        return
    yield found(
        ISSUER_ENDS_FIRST,
        case.where,
        say(
            "the chain of {where} holds until {day} only: then {called} expires, before the"
            " server's certificate does ({day_2})",
            where=case.where.name,
            day=day(horizon.valid_until),
            called=case.called(horizon.until_depth),
            day_2=day(leaf.not_after),
        ),
        say(
            "renew the certificate before {day}, from a CA certificate that lives longer, and"
            " replace the chain file with it",
            day=day(horizon.valid_until),
        ),
        case.reading(horizon.until_depth, "-dates"),
        Severity.WARNING if left < SOON else None,
    )


def _long(case: Presented) -> Iterator[Finding]:
    leaf = case.facts[0]
    remarks = case.oddities(case.sent[0], _LONG)
    if not remarks or not leaf.not_before or not leaf.not_after:
        return
    length = leaf.not_after - leaf.not_before
    public = bool(leaf.timestamps)
    if length > VERY_LONG or public:
        yield found(
            VERY_LONG_VALIDITY,
            case.where,
            say(
                "the server's certificate ({named}) of {where} ends on {day}: {remarks}",
                named=named(leaf),
                where=case.where.name,
                day=day(leaf.not_after),
                remarks=remarks[0],
            ),
            say(
                "issue it for 90 days and renew it by machine (ACME: certbot, step-ca); a"
                " stolen key stays of use as long as the certificate lives"
            ),
            case.reading(0, "-dates"),
        )


def _fields(case: Presented) -> Iterator[Finding]:
    ders = dict.fromkeys((*case.sent, *(one.der for one in case.chain.path)))
    told = 0
    for der in ders:
        remarks = case.oddities(der, _FIELDS)
        if remarks and told < MAX_TOLD:
            told += 1
            yield _field(case, der, remarks)


def _field(case: Presented, der: bytes, remarks: tuple[str, ...]) -> Finding:
    facts = read_certificate(der)
    depth = next((d for d, one in enumerate(case.path) if one.sha256 == facts.sha256), 1)
    return found(
        AGAINST_PROFILE,
        case.where,
        say(
            "the certificate {named} of {where}, serial number {serial}, is not as RFC 5280"
            " has it: {remarks}",
            named=named(facts),
            where=case.where.name,
            serial=show(facts.serial, 50),
            remarks="; ".join(remarks[:4]),
        ),
        say(
            "have it issued again with software that follows RFC 5280 (a random serial number"
            " of 64 to 159 bits, version 3, each extension once)"
        ),
        case.reading(depth, "-text"),
    )
