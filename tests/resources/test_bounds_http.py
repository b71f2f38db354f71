"""Bounds of what is fetched: of each answer, by its terms; and of all that one walk fetches."""

from collections.abc import Mapping

import pytest

from mxwalk import limits
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.model import CRL_TERMS, ISSUER_TERMS, OCSP_TERMS, POLICY_TERMS, Terms
from mxwalk.net.dialer import Fault, MappedDialer
from tests.http.parts import HOST, Names, crl, fetcher, ok, saying, serving
from tests.http.test_https import fetched, leaf
from tests.resources.lowering import Probe, check

_EACH = b"x" * 1_000
_REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
TERMS: Mapping[str, Terms] = {
    "HTTP_BODY_BYTES": CRL_TERMS,
    "OCSP_BYTES": OCSP_TERMS,
    "ISSUERS_BYTES": ISSUER_TERMS,
    "STS_POLICY_BYTES": POLICY_TERMS,
}


async def _bodies(count: int) -> list[bytes]:
    """Ask for so many bodies of 1,000 octets by the limits of a walk; return those that came."""
    async with serving(saying(ok(_EACH))) as fetch:
        asked = [await crl(fetch, url=f"http://{HOST}/{number}") for number in range(count)]
    return [one.body for one in asked if one.body]


async def _header(octets: int) -> int:
    async with serving(saying(ok(_EACH, b"X: " + b"y" * octets))) as fetch:
        return octets if (await crl(fetch)).body else 0


async def _interim(count: int) -> int:
    early = b"HTTP/1.1 103 Early Hints\r\n\r\n" * count
    async with serving(saying(early + ok(_EACH))) as fetch:
        return count if (await crl(fetch)).body else 0


async def _dialled(count: int) -> int:
    addresses = tuple(f"192.0.2.{number}" for number in range(count))
    refusing = MappedDialer({(one, 80): Fault.REFUSED for one in addresses})
    asking = fetcher(
        {(one, 80): 0 for one in addresses}, names=Names({HOST: addresses}), dialer=refusing
    )
    return (await crl(asking)).fetched.problem.count("refused the connection")


async def _followed() -> int:
    async with serving(saying(_REDIRECT)) as fetch:
        return len((await fetch.get(f"http://{HOST}/", Purpose.CRL)).fetched.redirects)


async def _requests() -> int:
    return len(await _bodies(8))


async def _octets() -> int:
    return sum(map(len, await _bodies(8)))


PROBES = (
    Probe("HTTP_HEADER_BYTES", 1_000, lambda: _header(2_000)),
    Probe("HTTP_ADDRESSES_PER_HOST", 2, lambda: _dialled(8)),
    Probe("HTTP_INTERIM_RESPONSES", 3, lambda: _interim(6)),
    Probe("HTTP_REDIRECTS", 1, _followed),
    Probe("HTTP_REQUESTS_PER_WALK", 3, _requests),
    Probe("HTTP_BYTES_PER_WALK", 3_500, _octets),
)


@pytest.mark.parametrize("probe", PROBES, ids=str)
async def test_no_more_gets_through_than_the_limit(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check(probe, monkeypatch)


@pytest.mark.parametrize("name", TERMS)
async def test_no_answer_is_read_beyond_its_terms(name: str) -> None:
    head, limit = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", getattr(limits, name)
    longest, _ = await fetched(head % limit, leaf(HOST), TERMS[name])
    assert "cut off after 0 bytes" in longest.fetched.problem, "it was begun to be read"
    longer, _ = await fetched(head % (limit + 1), leaf(HOST), TERMS[name])
    assert f"at most {limit} are read" in longer.fetched.problem
