"""Our status of each answer equals that of Unbound, in front of NSD with zones of ldns-signzone."""

import asyncio
import collections
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec.anchors import read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import HopKind, Status, Validation
from mxwalk.dnssec.reasons import Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from tests.peers.dnssec_zones import questions, validating

pytestmark = pytest.mark.peers
NEEDS = ("nsd", "unbound", "ldns-signzone", "ldns-keygen")


@pytest.fixture(scope="module")
def server():
    with (
        tempfile.TemporaryDirectory(prefix="mxwalk-dnssec-") as where,
        validating(Path(where)) as started,
    ):
        yield started


def unbounds(answer: DnsAnswer, unchecked: DnsAnswer) -> Status:
    """What Unbound says: AD, or data without it, or SERVFAIL for what it gives with CD."""
    if answer.status is DnsStatus.SERVFAIL:
        return Status.INDETERMINATE if unchecked.status is DnsStatus.SERVFAIL else Status.BOGUS
    assert answer.status in {DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN}, answer
    return Status.SECURE if answer.authentic else Status.INSECURE


def is_of_another_zone(validation: Validation, theirs: Status) -> bool:
    """A denial below an unsigned cut, behind a wildcard's alias, whose proof lies beside it.

    Unbound 1.17 holds the unsigned SOA of the child against the keys of the wildcard's zone.  By
    RFC 4035 5.2 each RRset is judged by the zone it is in: the child is insecure.
    """
    first, last = validation.hops[0], validation.hops[-1]
    return (
        theirs is Status.BOGUS
        and validation.status is Status.INSECURE
        and first.wildcard
        and last.kind is HopKind.NXDOMAIN
        and last.reason is Reason.NO_DS
    )


def described(validation: Validation) -> str:
    reason = validation.reason.value if validation.reason else ""
    return f"{validation.question}: {validation.status.value} {reason} ({validation.sentence})"


async def test_status_equals_unbounds_for_every_name_and_breakage(server):
    address, anchor = server
    anchors, book, at = read_anchors(anchor), AnswerBook(), datetime.now(UTC)
    checking = StubResolver([address], 10.0)
    unchecked = StubResolver([address], 10.0, checking_disabled=True)
    asked = questions()
    differences = []
    seen = collections.Counter()
    reasons = collections.Counter()
    for at_once in (asked[i : i + 16] for i in range(0, len(asked), 16)):
        theirs = await asyncio.gather(*(checking.query(*each) for each in at_once))
        raw = await asyncio.gather(*(unchecked.query(*each) for each in at_once))
        ours = await asyncio.gather(
            *(validate_live(unchecked, each, anchors, at, book) for each in raw)
        )
        for their, plain, (our, _) in zip(theirs, raw, ours, strict=True):
            expected = unbounds(their, plain)
            seen[our.status] += 1
            reasons[our.reason.value if our.reason else "secure"] += 1
            if our.status is not expected and not is_of_another_zone(our, expected):
                differences.append(
                    f"{described(our)}\n   Unbound: {expected.value} {their.extended_errors}"
                )
    assert not differences, "\n".join(differences)
    for reason, count in sorted(reasons.items()):
        print(f"{count:5} {reason}")
    assert len(asked) >= 60
    assert min(seen[each] for each in (Status.SECURE, Status.INSECURE, Status.BOGUS)) >= 20, seen
