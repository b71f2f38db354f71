"""Deliveries with a standing on DANE for each host, for the tests of the senders that do DANE."""

from dataclasses import dataclass, replace

from mxwalk.dane.lookup import HostLookups, Looked, judge
from mxwalk.dane.tlsa import TlsaRecord
from mxwalk.delivery.model import Delivery
from mxwalk.dnssec.model import Status, Validation
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import VerifyError
from tests.dane import world
from tests.dane.world import intermediate, leaf, looked, validation
from tests.senders.walks import Walked

UNKNOWN_CA = VerifyError(
    depth=0, code=20, name="X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    text="unable to get local issuer certificate",
)  # fmt: skip
CHAIN = (leaf().der, intermediate().der)


@dataclass
class Host:
    """A host and what is known of it in the DNS."""

    name: str = world.HOST
    address: str = "192.0.2.1"
    tlsa: tuple[TlsaRecord | str, ...] = ()
    tlsa_status: Status = Status.SECURE
    address_status: Status = Status.SECURE
    answer: Looked | None = None
    alias: str = ""  # the host is a secure alias of this name

    def lookups(self, mx: Validation | None, step: int) -> HostLookups:
        aliases = ((self.name, self.alias, Status.SECURE),) if self.alias else ()
        base = looked(self.name, "A", self.address, secure=self.address_status, aliases=aliases)
        texts = [one if isinstance(one, str) else one.rdata for one in self.tlsa]
        name = f"_25._tcp.{self.name}"
        tlsa = self.answer or looked(name, "TLSA", *texts, secure=self.tlsa_status)
        none = (looked(f"_25._tcp.{self.alias}", "TLSA"),) if self.alias else ()
        return HostLookups(
            host=self.name, port=25, addresses=(base,), tlsa=(*none, tlsa), mx=mx, step=step
        )


class Domain:
    """example.com with its MX hosts; ``connect`` opens the connection of one host."""

    def __init__(
        self, *hosts: Host, mx: Status = Status.SECURE, trusted: bool = True, **walked: object
    ) -> None:
        self.hosts = hosts or (Host(),)
        self.mx = validation(mx, "example.com", "MX")
        self.trusted = trusted
        self.walked = Walked(**walked).resolver()  # type: ignore[arg-type]
        self.walked.mx(*(f"{10 * n} {host.name}." for n, host in enumerate(self.hosts, 1)))
        for host in self.hosts:
            self.walked.addresses(host.name, host.address)

    def connect(self, number: int = 0):
        host = self.hosts[number]
        return self.walked.at(host.name, host.address)

    def good(self, number: int = 0, chain: tuple[bytes, ...] = CHAIN) -> "Domain":
        """A whole connection with this chain."""
        errors = () if self.trusted else (UNKNOWN_CA,)
        up = self.connect(number).greeted().starttls().handshake(*chain).chain(*errors)
        up.identity().ehlo_tls()
        return self

    @property
    def delivery(self) -> Delivery:
        """The delivery with the standings attached, as a walk with DNSSEC would give it."""
        plain = self.walked.delivery
        by_name = {host.name: host for host in self.hosts}
        hosts = tuple(
            replace(
                host,
                dane=judge(
                    by_name[host.planned.name].lookups(self.mx, self.walked.seq(StepKind.MX))
                ),
            )
            for host in plain.hosts
        )
        return replace(plain, hosts=hosts, mx_validation=self.mx)
