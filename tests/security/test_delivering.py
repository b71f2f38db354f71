"""Where a delivery goes is said by the domain's DNS: what is done when it says an address inside.

A walk does what a sender does: it connects to the address, at the SMTP port alone, and says SMTP of our
own words there.  That the address is one that nobody outside reaches is told (ROUTE024); nothing else
at it is asked.
"""

from collections.abc import Iterator

import pytest

from mxwalk.clock import SystemClock
from mxwalk.dnssec.anchors import root_anchors
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.target import Options
from mxwalk.findings.registry import check
from mxwalk.findings.rules.addresses import special_use
from mxwalk.http.guard import not_public
from mxwalk.smtp.commands import Verb
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.target import parse_target
from mxwalk.walk.walker import Walk
from tests.http.parts import NO_ROOTS
from tests.security.test_fetching import INSIDE, Recording

# RFC 5737, 3849, 9637: the lab's own; and what never is anybody's, whoever claims it.
_UNTOLD = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")


class Inside:
    """A resolver by which everything leads to these addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        records = {
            "MX": ("10 inside.example.net.",),
            "A": tuple(one for one in self._addresses if ":" not in one),
            "AAAA": tuple(one for one in self._addresses if ":" in one),
            "TXT": ("v=STSv1; id=1;",) if qname.startswith("_mta-sts") else (),
        }.get(rtype, ())
        if not records:
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.NODATA)
        rrset = RRset(name=qname, rtype=rtype, ttl_s=60, records=records)
        return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.OK, answer=(rrset,))

    def forget(self) -> None:
        """There is nothing to forget."""


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.1.2.3", "fd00:ec2::254"])
async def test_an_mx_host_inside_is_asked_for_smtp_alone_and_told(address: str) -> None:
    dialer, resolver = Recording(), Inside(address)
    walk = Walk(
        parse_target("example.net"),
        Options(helo="client.example.org", trust="certifi"),
        dialer=dialer,
        resolver=resolver,
        store=NO_ROOTS,
        clock=SystemClock(),
        validation=ValidationTools(resolver, root_anchors()),
    )
    async for _ in walk:
        pass
    await walk.close()
    assert set(dialer.dialled) == {(address, 25)}  # and no policy fetched from it at port 443
    codes = {finding.code for finding in check(walk.delivery)}
    assert "ROUTE024" in codes


def _told() -> Iterator[str]:
    for address in INSIDE:
        if not address.startswith(_UNTOLD):
            yield address


@pytest.mark.parametrize("address", list(_told()))
def test_an_address_inside_is_known_as_one_in_every_form(address: str) -> None:
    never_routed = ("168.63.", "2001:0:", "2a00::", "::127", "::ffff:0:", "64:ff9b:1:", "fec0:")
    assert not_public(address)
    assert special_use(address) or address.startswith(never_routed)


def test_a_walk_knows_no_command_that_sends_a_password_or_a_message() -> None:
    """RFC 4954 AUTH and RFC 5321 DATA are no commands of the dialogue, nor is BDAT (RFC 3030)."""
    assert not {"AUTH", "DATA", "BDAT", "BURL", "ETRN", "TURN"} & {verb.name for verb in Verb}
