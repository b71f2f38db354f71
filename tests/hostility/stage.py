"""A lab on which one text stands wherever a door lets it in, and the walk that meets it.

Time is virtual (``tests.torture.jumping``): a reply that never ends costs no second.
"""

import asyncio
from unittest import mock

import msgspec

from mxwalk.evidence.target import Timeouts
from mxwalk.evidence.trace import Trace
from mxwalk.lab import lab as lab_module
from mxwalk.lab.certificate import CertificateSpec
from mxwalk.lab.host import HostSpec
from mxwalk.lab.http_model import HttpSpec, PathSpec
from mxwalk.lab.lab import Lab
from mxwalk.lab.model import Expectation, OptionsSpec, Scenario, ZoneText
from mxwalk.lab.pki import LabPki, ServerIdentity
from mxwalk.tls.store import stores_beside
from mxwalk.walk.walker import Walk
from tests.hostility.certificates import hostile_chain
from tests.torture.jumping import JumpingClock, run_jumping

MX, POLICY = "192.0.2.40", "192.0.2.240"
RECORDS = {
    "mx": "@ MX 10 mx1",
    "a": f"mx1 A {MX}",
    "ptr": f"{MX} PTR mx1.example.com.",
    "sts": '_mta-sts TXT "v=STSv1; id=20261101T080000Z;"',
    "tlsrpt": '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.com"',
    "policy": f"mta-sts A {POLICY}",
    "spf": '@ TXT "v=spf1 mx -all"',
    "dmarc": '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"',
}
HOST = HostSpec(at=(f"{MX}:25",), name="mx1.example.com", certificate="mx")
SERVED = PathSpec(
    body="version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 86400\n",
    media_type="text/plain",
)
_TIMEOUTS = Timeouts(dns_s=2.0, connect_s=2.0, greeting_s=3.0, command_s=3.0, tls_s=3.0, quit_s=1.0)


def scenario(
    *,
    host: HostSpec = HOST,
    served: PathSpec = SERVED,
    records: dict[str, str] | None = None,
    **more: object,
) -> Scenario:
    """Return a delivery on which all is in order but what is given."""
    zone = ZoneText(records="\n".join((RECORDS | (records or {})).values()))
    made = Scenario(
        group="hostility",
        title="hostile text",
        story="One text where the other side can put it.",
        name="hostility",
        target="user@example.com",
        expect=Expectation(verdicts={}),
        options=OptionsSpec(mail_from="probe@example.net", rcpt_to="user@example.com"),
        zones={"example.com": zone},
        certificates={
            "mx": CertificateSpec(cn="mx1.example.com", names=("mx1.example.com",)),
            "policy": CertificateSpec(cn="mta-sts.example.com", names=("mta-sts.example.com",)),
        },
        hosts=(host,),
        http=(
            HttpSpec(
                at=(f"{POLICY}:443",),
                name="mta-sts.example.com",
                certificate="policy",
                paths={"/.well-known/mta-sts.txt": served},
            ),
        ),
    )
    return msgspec.structs.replace(made, **more)


class _HostilePki(LabPki):
    """Presents certificates with a hostile text in them, whatever is asked for."""

    text = b""

    def identity(self, name: str, second: str = "") -> ServerIdentity:
        del name, second
        chain, key = hostile_chain(self.text)
        return ServerIdentity(chain=chain, key=key)


def walked(scenario: Scenario, *, certificates: bytes | None = None) -> Trace:
    """Return the walk on a scenario to its end; ``certificates`` is a text to stand in all of them."""
    pki = (
        type("Pki", (_HostilePki,), {"text": certificates}) if certificates is not None else LabPki
    )

    async def walk() -> Trace:
        clock = JumpingClock(asyncio.get_running_loop())
        with mock.patch.object(lab_module, "LabPki", pki):
            lab = await Lab(scenario, clock=clock).__aenter__()
        try:
            walk = Walk(
                lab.target,
                msgspec.structs.replace(lab.options, timeouts=_TIMEOUTS),
                message=lab.message,
                survey=lab.survey,
                dialer=lab.dialer,
                resolver=lab.resolver,
                store=lab.store,
                validation=lab.validation,
                permit=lab.permit,
                beside=stores_beside(lab.store, on_lab=True),
                clock=clock,
                scenario=scenario.name,
            )
            async for _ in walk:
                pass
            await walk.close()
            return walk.trace
        finally:
            await lab.__aexit__(None, None, None)

    return run_jumping(walk)
