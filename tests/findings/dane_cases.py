"""A case for every code on TLSA records and DANE."""

from __future__ import annotations

from collections.abc import Callable

from mxwalk.dane.tlsa import TlsaRecord, make_record
from mxwalk.delivery.model import Delivery
from mxwalk.dnssec.model import Status
from mxwalk.evidence.connection import Handshaken, LookedAgain
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import EndingKind
from tests.dane.world import DAY, HOST, NOW, intermediate, leaf, looked, record, root
from tests.senders.dane_walks import CHAIN, Domain, Host
from tests.senders.walks import NO_STARTTLS, ending
from tests.tls.pki import Issued, issue

GOOD = record("3 1 1", leaf())
ANCHOR = record("2 1 1", intermediate())
WRONG = make_record(3, 1, 1, b"x" * 32)
PKIX = make_record(1, 1, 1, b"x" * 32)


def _with(*records: TlsaRecord, chain: tuple[bytes, ...] = CHAIN) -> Callable[[], Delivery]:
    return lambda: Domain(Host(tlsa=records)).good(chain=chain).delivery


def _leaf(one: Issued, *records: TlsaRecord) -> Callable[[], Delivery]:
    return _with(*records, chain=(one.der, intermediate().der))


def _no_starttls() -> Delivery:
    domain = Domain(Host(tlsa=(GOOD,)))
    domain.connect().greeted(NO_STARTTLS).quit()
    return domain.delivery


def _refused() -> Delivery:
    domain = Domain(Host(tlsa=(GOOD,)))
    domain.connect().greeted().starttls(b"454 4.7.0 no\r\n").quit()
    return domain.delivery


def _handshake_failed() -> Delivery:
    domain = Domain(Host(tlsa=(GOOD,)))
    domain.connect().greeted().starttls().handshake(end=ending(EndingKind.TLS_ALERT))
    return domain.delivery


def _lookup(status: DnsStatus, secure: Status) -> Callable[[], Delivery]:
    answer = looked(f"_25._tcp.{HOST}", "TLSA", status=status, secure=secure)
    return lambda: Domain(Host(answer=answer)).good().delivery


def _some_hosts() -> Delivery:
    domain = Domain(Host(tlsa=(GOOD,)), Host("mx2.example.net", "192.0.2.2"))
    return domain.good(0).good(1).delivery


def _at_alias() -> Delivery:
    return Domain(Host(tlsa=(GOOD,), alias="mx-7.example.org")).good().delivery


def _fake_ca() -> Callable[[], Delivery]:
    fake = issue("Not a CA", root(), begins=NOW - DAY, ends=NOW + DAY)
    under = issue(HOST, fake, begins=NOW - DAY, ends=NOW + DAY)
    return _with(record("2 1 1", fake), chain=(under.der, fake.der))


def _two_leaves(*, other_covered: bool) -> Callable[[], Delivery]:
    other = leaf(own=2)

    def made() -> Delivery:
        domain = Domain(Host(tlsa=(record("3 1 1", other if other_covered else leaf()),))).good()
        evidence = LookedAgain(
            offer=Offer.RSA_LEAF,
            handshake=Handshaken(sni=HOST, presented=(other.der, intermediate().der)),
        )
        domain.connect().quit().add(StepKind.OTHER_LEAF, evidence)
        return domain.delivery

    return made


EARLY, LATE = leaf(begins=10, ends=60), leaf(begins=-60, ends=-10)

DANE_CASES: list[tuple[str, Callable[[], Delivery]]] = [
    ("DANE001", _with(GOOD)),
    ("DANE001", _with(ANCHOR)),
    ("DANE002", _with(WRONG)),
    ("DANE002", _with(record("2 1 1", leaf()))),
    ("DANE003", _no_starttls),
    ("DANE003", _refused),
    ("DANE003", _handshake_failed),
    ("DANE004", _leaf(LATE, record("3 1 1", LATE))),
    ("DANE004", _leaf(LATE, ANCHOR)),
    ("DANE005", _leaf(EARLY, record("3 1 1", EARLY))),
    ("DANE005", _leaf(EARLY, ANCHOR)),
    ("DANE006", _leaf(leaf("other.example.org"), ANCHOR)),
    ("DANE007", _with(ANCHOR, chain=(leaf().der,))),
    ("DANE008", _fake_ca()),
    ("DANE008", _leaf(leaf(client_only=True), ANCHOR)),
    ("DANE009", _with(GOOD, WRONG)),
    ("DANE010", _lookup(DnsStatus.SERVFAIL, Status.INDETERMINATE)),
    ("DANE010", _lookup(DnsStatus.OK, Status.BOGUS)),
    ("DANE011", _with(PKIX)),
    ("DANE012", _with(GOOD, PKIX)),
    ("DANE013", lambda: Domain(Host(tlsa=(GOOD,), tlsa_status=Status.INSECURE)).good().delivery),
    ("DANE014", lambda: Domain(Host(tlsa=(GOOD,)), mx=Status.INSECURE).good().delivery),
    ("DANE015", _some_hosts),
    ("DANE016", _with(GOOD, record("3 1 2", leaf()))),
    ("DANE017", _at_alias),
    ("DANE018", _two_leaves(other_covered=False)),
    ("DANE018", _two_leaves(other_covered=True)),
]
