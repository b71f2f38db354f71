"""The names of RFC 8461 4.2: DNS-IDs against the MX host connected to."""

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.sts import sts_check
from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity import mx_host
from mxwalk.identity.model import Match, PresentedId, PresentedKind, ReferenceKind
from mxwalk.identity.mx_host import match_mx_host
from mxwalk.senders.registry import profile
from tests.reports.samples import lab_trace

GATHERED = IdentityGathered(
    recipient_domain="example.com",
    mx_host="mx1.example.com",
    mx_hosts=("mx1.example.com", "mx2.example.com"),
    ptr_names=(("out.example.com", True),),
)


def dns(*names: str) -> tuple[PresentedId, ...]:
    return tuple(
        PresentedId(kind=PresentedKind.DNS_ID, text=name, index=index)
        for index, name in enumerate(names)
    )


CN = PresentedId(kind=PresentedKind.CN_ID, text="mx1.example.com")


@pytest.fixture
def matrix(monkeypatch):
    def run(*presented: PresentedId):
        monkeypatch.setattr(mx_host, "presented_ids", lambda _leaf: presented)
        return match_mx_host.__wrapped__(b"leaf", GATHERED)

    return run


@pytest.mark.parametrize(
    ("names", "match"),
    [
        (("mx1.example.com",), Match.EXACT),
        (("other.example.com", "MX1.example.com"), Match.EXACT),
        (("*.example.com",), Match.WILDCARD),
    ],
)
def test_a_dns_id_for_the_host_verifies(matrix, names, match):
    result = matrix(*dns(*names))
    assert result.verified
    assert result.deciding.match is match
    assert result.deciding.reference.kind is ReferenceKind.MX_HOST


@pytest.mark.parametrize(
    "name",
    ["example.com", "out.example.com", "mx2.example.com", "*.com", "mx*.example.com", "*.mx1.example.com"],
)  # fmt: skip
def test_no_other_name_does(matrix, name):
    result = matrix(*dns(name))
    assert not result.verified
    assert [cell.reference.text for cell in result.comparisons if cell.number] == [
        "mx1.example.com"
    ]


def test_a_common_name_does_not_count(matrix):
    result = matrix(CN)
    assert not result.verified
    assert all(cell.match is Match.SKIPPED for cell in result.comparisons)
    reasons = {cell.reason for cell in result.comparisons}
    assert "CN is ignored: only a dNSName counts (RFC 8461 4.2)" in reasons


def test_without_a_certificate_there_is_nothing_to_compare():
    assert not match_mx_host(b"", GATHERED).verified


@pytest.mark.parametrize("scenario", ["sts-cert-invalid", "sts-enforce-good", "esa-cn-only"])
@pytest.mark.parametrize("sender", ["mta-sts", "exchange-online"])
def test_the_senders_that_obey_mta_sts_show_it_and_it_agrees_with_the_check(scenario, sender):
    for attempt in build_delivery(lab_trace(scenario)).attempts:
        result, check = profile(sender).identity(attempt), sts_check(attempt)
        assert result is not None
        assert check is not None
        assert result.verified == check.passed
        assert "where an MTA-STS policy is in force" in result.summary


@pytest.mark.parametrize("scenario", ["esa-route", "esa-route-ip"])
def test_behind_a_configured_route_no_policy_has_a_say(scenario):
    for attempt in build_delivery(lab_trace(scenario)).attempts:
        assert profile("mta-sts").identity(attempt) is None
