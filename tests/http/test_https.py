import subprocess
import sys
from functools import cache

import pytest

from mxwalk.clock import FixedClock
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.model import FetchLimits, Terms
from mxwalk.tls.server import ServerEngine
from mxwalk.tls.store import LoadedStore
from tests.http.parts import ADDRESS, HOST, Names, crl, fetcher, ok
from tests.net.peers import serve
from tests.net.test_start_tls import read_tls, serve_tls, write_tls
from tests.tls.pki import DAY, NOW, Issued, issue, pki

URL = f"https://{HOST}/ca.crl"
BODY = b"a body"
STRICT = Terms(verify_server=True, redirects=0)


@cache
def leaf(*dns: str) -> Issued:
    return issue("a name of no account", pki().intermediate, dns=dns)


def https(answer: bytes, certificate: Issued, seen: list[object], *, notify: bool = True):
    """Return a server that shows the certificate, answers, and may end without close_notify."""

    async def handler(reader, writer):
        engine = ServerEngine([certificate.der, pki().intermediate.der], certificate.key)
        if not await serve_tls(engine, reader, writer):
            return
        seen.append(engine.sni)
        if not await read_tls(engine, reader):
            return
        seen.append("a request")
        write_tls(engine, writer, answer)
        if notify:
            engine.close()
            writer.write(engine.outgoing())
        await writer.drain()

    return handler


async def fetched(
    answer: bytes,
    certificate: Issued,
    terms: Terms | None = None,
    *,
    store: LoadedStore | None = None,
    notify: bool = True,
    url: str = URL,
):
    seen: list[object] = []
    async with serve(https(answer, certificate, seen, notify=notify)) as port:
        fetch = fetcher(
            {(ADDRESS, 443): port},
            store=pki().store if store is None else store,
            clock=FixedClock(NOW),
            names=Names({HOST: (ADDRESS,)}),
            limits=FetchLimits(timeout_s=5),
        )
        return await crl(fetch, terms, url), seen


@pytest.mark.parametrize("names", [(HOST,), ("other.example", HOST), ("*.example.net",)])
async def test_the_right_server_is_asked_and_shown(names):
    result, seen = await fetched(ok(BODY), leaf(*names), STRICT)
    assert result.fetched.problem == ""
    assert result.body == BODY
    assert result.remarks == ()
    assert seen == [HOST, "a request"]
    assert result.server is not None
    assert result.server.objection == ""
    assert result.server.handshake.protocol == "TLSv1.3"
    assert result.server.handshake.presented[0] == leaf(*names).der
    assert result.server.chain is not None
    assert result.server.chain.errors == ()
    assert len(result.server.chain.path) == 3


@pytest.mark.parametrize(
    ("certificate", "store", "why"),
    [
        (lambda: leaf("other.example"), None, "not for pki.example.net but for other.example"),
        (lambda: leaf("*.net"), None, "not for pki.example.net"),
        (lambda: leaf("*.pki.example.net"), None, "not for pki.example.net"),
        (lambda: leaf(HOST), LoadedStore.from_pem("empty", "", b""), "is not trusted"),
        (
            lambda: issue(HOST, pki().intermediate, dns=(HOST,), ends=NOW - DAY),
            None,
            "is not trusted",
        ),
    ],
)
async def test_the_wrong_server_is_remarked_upon_or_not_asked_at_all(certificate, store, why):
    certificate = certificate()
    result, seen = await fetched(ok(BODY), certificate, store=store)
    assert result.body == BODY
    assert result.fetched.problem == ""
    assert why in result.remarks[0]
    assert seen == [HOST, "a request"]
    refused, seen = await fetched(ok(BODY), certificate, STRICT, store=store)
    assert refused.body == b""
    assert "nothing was asked" in refused.fetched.problem
    assert why in refused.fetched.problem
    assert seen == [HOST]
    assert refused.server is not None
    assert refused.server.handshake.presented[0] == certificate.der


async def test_a_common_name_is_no_name():
    certificate = issue(HOST, pki().intermediate, dns=())
    result, _ = await fetched(ok(BODY), certificate, STRICT)
    assert result.fetched.problem.endswith("not for pki.example.net but for no DNS name at all")


async def test_a_certificate_of_many_names_makes_no_endless_sentence():
    result, _ = await fetched(ok(BODY), leaf(*(f"h{n}.example" for n in range(50))), STRICT)
    assert result.fetched.problem.endswith("h0.example, h1.example, h2.example and 47 more")


async def test_http_verifies_nobody():
    fetch = fetcher({(ADDRESS, 80): 1})
    result = await fetch.get(f"http://{HOST}/", Purpose.CRL, STRICT)
    assert "only https" in result.fetched.problem


async def test_a_redirect_away_from_https_verifies_nobody():
    there = b"HTTP/1.1 302 Found\r\nLocation: http://pki.example.net/\r\n\r\n"
    terms = Terms(verify_server=True, redirects=1)
    result, _ = await fetched(there, leaf(HOST), terms)
    assert "only https" in result.fetched.problem


async def test_an_address_has_no_sni_and_no_matching_name():
    result, seen = await fetched(ok(BODY), leaf(HOST), url=f"https://{ADDRESS}/")
    assert result.body == BODY
    assert "not for 192.0.2.80" in result.remarks[0]
    assert seen == ["", "a request"]


@pytest.mark.parametrize(
    ("answer", "notify", "whole"),
    [
        (ok(BODY), True, True),
        (ok(BODY), False, True),  # its length tells
        (b"HTTP/1.1 200 OK\r\n\r\n" + BODY, True, True),
        (b"HTTP/1.1 200 OK\r\n\r\n" + BODY, False, False),  # RFC 9112 9.8
        (ok(BODY)[:-1], True, False),
    ],
)
async def test_inside_tls_only_close_notify_ends_a_body_without_length(answer, notify, whole):
    result, _ = await fetched(answer, leaf(HOST), notify=notify)
    assert (result.body == BODY) is whole
    assert ("cut off" in result.fetched.problem) is not whole


async def test_what_is_no_tls_is_a_problem_with_what_came():
    async def handler(reader, writer):
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with serve(handler) as port:
        result = await crl(fetcher({(ADDRESS, 443): port}), url=URL)
    assert "TLS failed" in result.fetched.problem
    assert "no TLS" in result.fetched.problem
    assert result.server is not None
    assert result.server.handshake.presented == ()


def test_a_fetcher_loads_no_tls_library_until_it_needs_one():
    script = (
        "import sys, mxwalk.http.client, mxwalk.http.issuers\n"
        "heavy = {'OpenSSL', 'cryptography', 'dns', 'textual'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


_HALF_A_RECORD = b"\x03\x03\x40\x00" + bytes(10_000)  # RFC 8446 5.1: it would have 16,384 octets


@pytest.mark.parametrize("in_handshake", [True, False])
async def test_what_came_before_a_time_out_counts_as_well(in_handshake):
    async def stalling(reader, writer):
        if not in_handshake:
            engine = ServerEngine([leaf(HOST).der, pki().intermediate.der], leaf(HOST).key)
            if not await serve_tls(engine, reader, writer) or not await read_tls(engine, reader):
                return
        writer.write((b"\x16" if in_handshake else b"\x17") + _HALF_A_RECORD)
        await reader.read()

    async with serve(stalling) as port:
        fetch = fetcher(
            {(ADDRESS, 443): port},
            store=pki().store,
            clock=FixedClock(NOW),
            names=Names({HOST: (ADDRESS,)}),
            limits=FetchLimits(timeout_s=0.5, total_bytes=10_000),
        )
        first, second = [await crl(fetch, url=f"{URL}?{number}") for number in range(2)]
    assert "was not done within" in first.fetched.problem
    assert "10000 bytes were fetched" in second.fetched.problem
