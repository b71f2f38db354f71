"""A case for every code on MTA-STS and TLS-RPT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import ChainChecked, Handshaken, PolicyFetched
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Scope, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.http.guard import PublicOnly
from tests.dane.world import leaf as dane_leaf
from tests.dane.world import record
from tests.findings.builders import STORE, Trail, answer, ending, verify_error
from tests.findings.certificates import NOW_TEXT, leaf
from tests.senders.dane_walks import Domain, Host
from tests.senders.walks import NO_STARTTLS

ZONE, HOST, V4 = "example.com", "mx01.example.com", "192.0.2.1"
URL = f"https://mta-sts.{ZONE}/.well-known/mta-sts.txt"
RECORD = '"v=STSv1; id=20261101T080000Z;"'
REPORTS = '"v=TLSRPTv1; rua=mailto:tls@example.com"'
ENFORCE = b"version: STSv1\nmode: enforce\nmx: mx01.example.com\nmax_age: 1209600\n"
TESTING = ENFORCE.replace(b"enforce", b"testing")
EXPIRED = verify_error("X509_V_ERR_CERT_HAS_EXPIRED", 10)
SELF_SIGNED = verify_error("X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT", 18)

OWN = PublicOnly().objection_to_end(V4, V4)

Factory = Callable[[], Delivery]


def records(
    *texts: str, reports: tuple[str, ...] = (REPORTS,), reply: DnsAnswer | None = None
) -> PolicyRecordsLookedUp:
    return PolicyRecordsLookedUp(
        domain=ZONE,
        sts=reply or answer(f"_mta-sts.{ZONE}", "TXT", *texts),
        tls_rpt=answer(f"_smtp._tls.{ZONE}", "TXT", *reports),
    )


def fetched(body: bytes = ENFORCE, **more: object) -> PolicyFetched:
    """A fetch that gave this file, or failed as ``more`` says."""
    given = {"status": 200, "media_type": "text/plain", "size": len(body), **more}
    server = {
        name: given.pop(name) for name in ("objection", "chain", "handshake") if name in given
    }
    fetch = Fetched(url=URL, purpose=Purpose.STS_POLICY, **given)  # type: ignore[arg-type]
    body = b"" if fetch.problem else body
    return PolicyFetched(domain=ZONE, fetched=fetch, body=body, **server)  # type: ignore[arg-type]


def policy(
    looked: PolicyRecordsLookedUp | None = None, fetch: PolicyFetched | None = None
) -> Trail:
    """A trail up to the policy, with an MX record."""
    trail = Trail().resolver().mx(f"10 {HOST}.")
    trail.add(StepKind.POLICY_RECORDS, looked or records(RECORD), scope=Scope())
    if fetch is not None:
        trail.add(StepKind.STS_POLICY, fetch, scope=Scope())
    return trail


def _record(*texts: str, body: bytes | None = None) -> Factory:
    fetch = None if body is None else fetched(body)
    return lambda: policy(records(*texts), fetch).delivery()


def _fetch(body: bytes = ENFORCE, **more: object) -> Factory:
    return lambda: policy(None, fetched(body, **more)).delivery()


def _host(body: bytes = ENFORCE) -> Trail:
    return policy(None, fetched(body)).host(HOST, V4).connect(V4).greet()


def _tls(*errors: object, body: bytes = ENFORCE, names: tuple[str, ...] = (HOST,)) -> Factory:
    def build() -> Delivery:
        trail = _host(body).ehlo().starttls().handshake((leaf(names=names),))
        return trail.chain(*errors).identity().delivery()  # type: ignore[arg-type]

    return build


def _dane_first() -> Delivery:
    """The walk of a signed domain, with a policy in force beside its TLSA records."""
    delivery = Domain(Host(tlsa=(record("3 1 1", dane_leaf()),))).good().delivery
    return replace(delivery, sts=policy(None, fetched()).delivery().sts)


def _no_tls() -> Delivery:
    return _host().ehlo(NO_STARTTLS).delivery()


def _refused() -> Delivery:
    return _host(TESTING).ehlo().starttls(b"454 4.7.0 no\r\n").delivery()


def _handshake_failed() -> Delivery:
    return _host().ehlo().starttls().handshake((), ending=ending(EndingKind.TLS_ALERT)).delivery()


def _reports(*texts: str) -> Factory:
    return lambda: policy(records(RECORD, reports=texts), fetched()).delivery()


_SHOWN = {
    "handshake": Handshaken(sni=f"mta-sts.{ZONE}"),
    "chain": ChainChecked(store=STORE, evaluated_at=NOW_TEXT, errors=(SELF_SIGNED,)),
}

STS_CASES: list[tuple[str, Factory]] = [
    ("STS001", _record(RECORD, '"v=STSv1; id=2;"')),
    ("STS002", _record('"v=STSv1; id=2026-11-22;"', body=ENFORCE)),
    ("STS002", _record('"V=STSV1; id=1;"')),
    ("STS003", _record('"v=STSv1 ; id=1;"')),
    ("STS003", _record('"v=STSv1; id=1; x=y"')),
    (
        "STS004",
        lambda: policy(
            records(reply=answer(f"_mta-sts.{ZONE}", "TXT", status=DnsStatus.SERVFAIL, error="no"))
        ).delivery(),
    ),
    ("STS005", _fetch(status=0, problem="192.0.2.9 port 443 refused the connection")),
    ("STS005", _fetch(status=404, problem="the server answered with the status 404 (Not Found)")),
    ("STS005", _fetch(problem="the body was cut off after 12 bytes")),
    ("STS006", _fetch(status=0, problem="nothing was asked", objection="not trusted", **_SHOWN)),
    ("STS007", _fetch(status=301, problem="the server redirects to https://www.example.com/")),
    ("STS008", _fetch(media_type="text/html")),
    ("STS008", _fetch(media_type="")),
    ("STS009", _fetch(status=0, problem=f"mta-sts.{ZONE} is not asked: 10.0.0.1 is private")),
    ("STS009", _fetch(status=0, problem=f"mta-sts.{ZONE} is not asked: {OWN}")),
    ("STS010", _fetch(b"")),
    ("STS010", _fetch(ENFORCE.replace(b"enforce", b"on"))),
    ("STS010", _fetch(ENFORCE.replace(b"mx: mx01.example.com\n", b""))),
    ("STS011", _fetch(ENFORCE + b"\n")),
    ("STS011", _fetch(ENFORCE + b"mx: *\n")),
    ("STS012", _fetch(ENFORCE.replace(b"1209600", b"3600"))),
    ("STS012", _fetch(ENFORCE + b"contact: x\n")),
    ("STS013", _fetch(ENFORCE.replace(b"mx01", b"old"))),
    ("STS013", _fetch(TESTING.replace(b"mx01", b"old"))),
    ("STS014", _fetch(ENFORCE + b"mx: *.example.net\n")),
    ("STS015", _no_tls),
    ("STS015", _refused),
    ("STS015", _handshake_failed),
    ("STS016", _tls(names=("mail.example.com",))),
    ("STS016", _tls(names=("mail.example.com",), body=TESTING)),
    ("STS017", _tls(EXPIRED)),
    ("STS018", _tls(SELF_SIGNED)),
    ("STS019", _tls()),
    ("STS020", _dane_first),
    ("STS021", _fetch(TESTING)),
    ("STS021", _fetch(b"version: STSv1\nmode: none\nmax_age: 86400\n")),
    ("RPT001", _reports(REPORTS, REPORTS)),
    ("RPT002", _reports('"v=TLSRPTv1; rua=tls@example.com"')),
    ("RPT002", _reports('"V=TLSRPTv1; rua=mailto:tls@example.com"')),
    ("RPT003", _reports('"v=TLSRPTv1; rua=mailto:tls@example.com; x=y"')),
    ("RPT004", _reports()),
    ("RPT005", _reports(REPORTS)),
]
