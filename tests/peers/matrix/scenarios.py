"""The situations every receiving peer is put into, and what each is to be told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.peers.situations import Host, Situation
from tests.peers.tls_hosts import ANY, IMPLICIT, NO_TLS, OPTIONAL, REQUIRED, TLS_1_2, TLS_1_3

PEERS = {"postfix": "Postfix", "exim": "Exim", "opensmtpd": "OpenSMTPD", "aiosmtpd": "aiosmtpd"}
TRUSTED, EXPIRED, NOT_YET = "trusted", "expired", "not yet valid"
SELF_SIGNED, NO_ISSUER, WRONG_NAME = "self-signed", "no issuer", "wrong name"


@dataclass(frozen=True)
class Scenario:
    """How a host is set up; ``certificate`` is what a verifier finds, ``dane`` whether records match."""

    name: str
    mode: str = OPTIONAL
    versions: str = ANY
    certificate: str = TRUSTED
    dane: bool | None = None
    host: Mapping[str, Any] = field(default_factory=dict)

    @property
    def protocol(self) -> str:
        """The version a modern client gets; empty without TLS."""
        if self.mode == NO_TLS:
            return ""
        return TLS_1_3 if self.versions == ANY else self.versions


GOOD = ("3 1 1 leaf",)
SCENARIOS = (
    Scenario("no-tls", NO_TLS),
    Scenario("starttls"),
    Scenario("required", REQUIRED),
    Scenario("implicit", IMPLICIT),
    Scenario("rsa", host={"key": "rsa-2048"}),
    Scenario("tls-1-2", versions=TLS_1_2),
    Scenario("tls-1-2-rsa", versions=TLS_1_2, host={"key": "rsa-2048"}),
    Scenario("tls-1-3", versions=TLS_1_3),
    Scenario("wrong-name", certificate=WRONG_NAME, host={"names": ("other.example",)}),
    Scenario("wildcard", host={"names": ("*.{domain}",)}),
    Scenario("expired", certificate=EXPIRED, host={"begins": -9, "ends": -2}),
    Scenario("not-yet", certificate=NOT_YET, host={"begins": 2, "ends": 9}),
    Scenario("self-signed", certificate=SELF_SIGNED, host={"self_signed": True, "chain": "leaf"}),
    Scenario("no-issuer", certificate=NO_ISSUER, host={"chain": "leaf"}),
    Scenario("root-sent", host={"chain": "leaf middle root"}),
    Scenario("dane-ee", dane=True, host={"records": GOOD}),
    Scenario("dane-ta", dane=True, host={"records": ("2 1 1 middle",)}),
    Scenario("dane-ee-self-signed", certificate=SELF_SIGNED, dane=True,
             host={"self_signed": True, "chain": "leaf", "records": GOOD}),
    Scenario("dane-ee-rsa-1-2", versions=TLS_1_2, dane=True, host={"key": "rsa-2048", "records": GOOD}),
    Scenario("dane-mismatch", dane=False, host={"records": ("3 1 1 " + "ab" * 32,)}),
    Scenario("dane-no-tls", NO_TLS, dane=False, host={"records": GOOD}),
)  # fmt: skip
BY_NAME = {one.name: one for one in SCENARIOS}


def situations() -> Iterator[Situation]:
    """Yield a mail domain for every scenario at every peer."""
    for one in SCENARIOS:
        for peer in PEERS:
            yield Situation(f"{one.name}-{peer}", (Host(kind=peer, **one.host),))
