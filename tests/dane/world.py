"""Certificates, TLSA records and validations for the DANE tests."""

from datetime import UTC, datetime, timedelta
from functools import cache

from mxwalk.dane.lookup import HostLookups, Looked, judge
from mxwalk.dane.matching import association_data
from mxwalk.dane.tlsa import TlsaRecord, make_record
from mxwalk.dnssec.model import Hop, HopKind, Question, Status, Validation
from mxwalk.dnssec.reasons import Culprit, Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.identity.model import ReferenceId, ReferenceKind
from tests.tls.pki import Issued, issue

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
DAY = timedelta(days=1)
HOST = "mx.example.net"
NAMES = (
    ReferenceId(kind=ReferenceKind.MX_HOST, text=HOST, origin="TLSA base domain", secure=True),
    ReferenceId(
        kind=ReferenceKind.RECIPIENT_DOMAIN, text="example.com", origin="next hop", secure=True
    ),
)


@cache
def root() -> Issued:
    return issue("Lab Root", ca=True, begins=NOW - 900 * DAY, ends=NOW + 900 * DAY)


@cache
def intermediate() -> Issued:
    return issue("Lab CA", root(), ca=True, begins=NOW - 90 * DAY, ends=NOW + 90 * DAY)


@cache
def leaf(
    *names: str, begins: int = -30, ends: int = 60, client_only: bool = False, own: int = 0
) -> Issued:
    """A leaf of the intermediate; ``own`` makes another one with another key."""
    return issue(
        f"leaf {own}" if own else (names or (HOST,))[0],
        intermediate(),
        begins=NOW + begins * DAY,
        ends=NOW + ends * DAY,
        dns=names or (HOST,),
        client_only=client_only,
    )


def record(params: str, certificate: Issued | bytes) -> TlsaRecord:
    """Return the record with these three numbers for a certificate."""
    usage, selector, mtype = (int(word) for word in params.split())
    der = certificate if isinstance(certificate, bytes) else certificate.der
    return make_record(usage, selector, mtype, association_data(der, selector, mtype))


def validation(
    status: Status,
    name: str = HOST,
    rtype: str = "TLSA",
    *,
    aliases: tuple[tuple[str, str, Status], ...] = (),
    culprit: Culprit = Culprit.ZONE,
    reason: Reason | None = None,
) -> Validation:
    """Return a validation whose last hop has ``status``; ``aliases`` are (name, target, status)."""
    hops = [
        Hop(name=one, kind=HopKind.CNAME, status=secure, target=target)
        for one, target, secure in aliases
    ]
    final = aliases[-1][1] if aliases else name
    sentence = "" if status is Status.SECURE else f"{final} is {status.value}."
    hops.append(
        Hop(
            name=final,
            kind=HopKind.ANSWER,
            status=status,
            sentence=sentence,
            culprit=culprit,
            reason=reason,
        )
    )
    return Validation(question=Question(name, rtype), at=NOW, hops=tuple(hops))


def looked(
    name: str,
    rtype: str,
    *records: str,
    secure: Status = Status.SECURE,
    status: DnsStatus | None = None,
    **more: object,
) -> Looked:
    """Return an answer with its validation."""
    sets = (RRset(name=name, rtype=rtype, ttl_s=3600, records=records),) if records else ()
    answer = DnsAnswer(
        qname=name,
        rtype=rtype,
        status=status or (DnsStatus.OK if records else DnsStatus.NODATA),
        answer=sets,
    )
    return Looked(answer=answer, validation=validation(secure, name, rtype, **more))  # type: ignore[arg-type]


def address(secure: Status = Status.SECURE, **more: object) -> Looked:
    return looked(HOST, "A", "192.0.2.1", secure=secure, **more)


def tlsa(*records: TlsaRecord | str, base: str = HOST, **more: object) -> Looked:
    texts = [one if isinstance(one, str) else one.rdata for one in records]
    return looked(f"_25._tcp.{base}", "TLSA", *texts, **more)


def state(*answers: Looked, addresses: tuple[Looked, ...] = (), mx: Validation | None = None):
    """Return the standing of HOST with these TLSA answers."""
    return judge(
        HostLookups(
            host=HOST,
            port=25,
            addresses=addresses or (address(),),
            tlsa=answers,
            mx=mx or validation(Status.SECURE, "example.com", "MX"),
            step=7,
        )
    )
