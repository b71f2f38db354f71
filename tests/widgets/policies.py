"""Walks of a domain with policy records, for the tests of the policy view."""

from dataclasses import dataclass, field, replace

from msgspec import structs

from mxwalk.dane.model import DaneState, Standing
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import ChainChecked, Handshaken, PolicyFetched
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import PathCertificate, TrustStore, VerifyError
from mxwalk.senders.registry import profile, profiles
from tests.dane.world import NOW, intermediate, leaf, root
from tests.senders.walks import Walked, answer
from widgets.shown import Shown

DOMAIN = "example.com"
URL = f"https://mta-sts.{DOMAIN}/.well-known/mta-sts.txt"
RECORD = '"v=STSv1; id=20261101T000000Z;"'
REPORT = '"v=TLSRPTv1; rua=mailto:tls@example.com"'
MX = ("mx1.example.com", "mx2.example.com")
POLICY = b"version: STSv1\nmode: %s\nmx: mx1.example.com\nmx: *.example.com\nmax_age: 604800\n"
ENFORCE = POLICY % b"enforce"
TESTING = POLICY % b"testing"
UNTRUSTED = VerifyError(
    depth=0, code=20, name="X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    text="unable to get local issuer certificate",
)  # fmt: skip


def txt(name: str, *records: str, status: DnsStatus | None = None, **more: object) -> DnsAnswer:
    found = answer(f"{name}.{DOMAIN}", "TXT", *records, status=status)
    return structs.replace(found, **more)


@dataclass
class World:
    """A domain with its records, its policy file, and its MX hosts with their certificates."""

    records: tuple[str, ...] = (RECORD,)
    reports: tuple[str, ...] = (REPORT,)
    body: bytes | None = ENFORCE
    hosts: tuple[str, ...] = MX
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, tuple[VerifyError, ...]] = field(default_factory=dict)
    sts: DnsAnswer | None = None
    tls_rpt: DnsAnswer | None = None
    status: int = 200
    media_type: str = "text/plain"
    problem: str = ""
    objection: str = ""
    redirects: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    policy_names: tuple[str, ...] = (f"mta-sts.{DOMAIN}",)
    connected: bool = True
    dane: dict[str, Standing] = field(default_factory=dict)

    def walked(self) -> Walked:
        """Return the whole walk."""
        walked = Walked(domain=DOMAIN).resolver()
        walked.mx(*(f"{10 * n} {host}." for n, host in enumerate(self.hosts, 1)))
        evidence = PolicyRecordsLookedUp(
            domain=DOMAIN,
            sts=self.sts or txt("_mta-sts", *self.records),
            tls_rpt=self.tls_rpt or txt("_smtp._tls", *self.reports),
        )
        walked.add(StepKind.POLICY_RECORDS, evidence)
        if self.body is not None:
            walked.add(StepKind.STS_POLICY, self.fetched())
        for number, host in enumerate(self.hosts, 1):
            address = f"192.0.2.{number}"
            walked.addresses(host, address)
            if self.connected:
                shown = leaf(*self.names.get(host, (host,))).der, intermediate().der
                up = walked.at(host, address).greeted().starttls().handshake(*shown)
                up.chain(*self.errors.get(host, ())).identity().ehlo_tls()
        return walked

    def fetched(self) -> PolicyFetched:
        """Return the evidence of the fetch."""
        body = self.body or b""
        shown = leaf(*self.policy_names).der, intermediate().der
        path = (*(PathCertificate(der=der, sent=True) for der in shown),
                PathCertificate(der=root().der, sent=False))  # fmt: skip
        return PolicyFetched(
            domain=DOMAIN,
            fetched=Fetched(
                url=URL, purpose=Purpose.STS_POLICY, address="192.0.2.80", status=self.status,
                media_type=self.media_type, size=len(body), elapsed_s=0.035, problem=self.problem,
                redirects=self.redirects,
            ),
            body=b"" if self.problem else body,
            handshake=Handshaken(
                sni=f"mta-sts.{DOMAIN}", protocol="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384",
                group="X25519", presented=shown, presented_count=2,
            ),
            chain=ChainChecked(
                store=TrustStore(kind="lab", path="", roots=1),
                evaluated_at="2026-11-21T20:00:00Z",
                path=path,
            ),
            objection=self.objection,
            remarks=self.remarks,
        )  # fmt: skip

    @property
    def delivery(self) -> Delivery:
        """The delivery of the whole walk, with the standing of DANE as a walk with DNSSEC gives it."""
        plain = self.walked().delivery
        hosts = tuple(
            replace(
                host,
                dane=DaneState(
                    host=host.planned.name,
                    port=25,
                    at_host=self.dane.get(host.planned.name, Standing.NO_RECORDS),
                    reason=f"the standing of {host.planned.name}",
                ),
            )
            for host in plain.hosts
        )
        return replace(plain, hosts=hosts)


def shown(delivery: Delivery) -> Shown:
    """Return what the view is given when the policy is looked at."""
    return Shown(
        delivery=delivery,
        sender=profile("esa:5"),
        profiles=profiles(),
        step=delivery.policy_step or delivery.records_step,
        now=NOW,
    )
