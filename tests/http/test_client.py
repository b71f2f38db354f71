import asyncio
import gc
import hashlib

import pytest

from mxwalk.clock import FixedClock
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.exchange import USER_AGENT
from mxwalk.http.guard import AnyAddress, PublicOnly
from mxwalk.http.model import FetchLimits, Terms
from mxwalk.net.dialer import Fault, MappedDialer
from tests.http.parts import (
    ADDRESS,
    HOST,
    NOW,
    URL,
    Names,
    crl,
    fetcher,
    ok,
    read_request,
    saying,
    serving,
)
from tests.net.peers import closed_port, serve

BODY = b"\x30\x03\x02\x01\x01"


async def test_a_whole_answer_comes_with_what_a_trace_keeps_of_it():
    requests: list[bytes] = []
    answer = ok(BODY, b"Content-Type: Application/PKIX-CRL; x=y", b"X-Odd: \xff")
    async with serving(saying(answer, requests)) as fetch:
        result = await crl(fetch, Terms(accept="application/pkix-crl"))
    assert result.body == BODY
    assert result.remarks == ()
    assert result.server is None
    assert (b"x-odd", b"\xff") in result.headers
    fetched = result.fetched
    assert fetched.url == URL
    assert fetched.purpose is Purpose.CRL
    assert (fetched.status, fetched.media_type, fetched.size) == (200, "application/pkix-crl", 5)
    assert fetched.sha256 == hashlib.sha256(BODY).hexdigest()
    assert fetched.address == ADDRESS
    assert fetched.problem == ""
    assert 0 < fetched.elapsed_s < 5
    head = requests[0].decode("ascii").split("\r\n")
    assert head[0] == "GET /ca.crl HTTP/1.1"
    assert f"User-Agent: {USER_AGENT}" in head
    assert f"Host: {HOST}" in head
    assert "Accept: application/pkix-crl" in head
    assert "Accept-Encoding: identity" in head
    assert "Connection: close" in head


async def test_a_post_carries_its_body_and_type():
    requests: list[bytes] = []
    async with serving(saying(ok(BODY), requests)) as fetch:
        result = await fetch.post(URL, b"question", "application/ocsp-request", Purpose.OCSP)
    assert result.body == BODY
    assert result.fetched.purpose is Purpose.OCSP
    head, _, body = requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /ca.crl HTTP/1.1\r\n")
    assert b"Content-Type: application/ocsp-request" in head
    assert body == b"question"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\n\x30\x03\r\n3\r\n\x02\x01\x01\r\n0\r\nX: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n" + BODY,
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + BODY,
        b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\n" + BODY,
        ok(BODY, b"Content-Encoding: identity"),
    ],
    ids=["chunked", "to-the-end", "1.0-to-the-end", "1.0-length", "interim", "no-reason", "identity"],
)  # fmt: skip
async def test_every_framing_of_a_body_is_understood(answer):
    async with serving(saying(answer)) as fetch:
        result = await crl(fetch)
    assert result.fetched.problem == ""
    assert result.body == BODY


async def test_an_empty_body_is_a_body():
    async with serving(saying(ok(b""))) as fetch:
        result = await crl(fetch)
    assert result.fetched.problem == ""
    assert (result.fetched.size, result.fetched.sha256) == (0, "")


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 403, 404, 410, 500, 503, 599])
async def test_another_status_is_a_problem_with_its_number(status):
    answer = b"HTTP/1.1 %d Whatever\r\nContent-Length: 4\r\n\r\nbody" % status
    async with serving(saying(answer)) as fetch:
        result = await crl(fetch)
    assert result.fetched.status == status
    assert str(status) in result.fetched.problem
    assert result.body == b""


# -- once a walk -----------------------------------------------------------------------------------


async def test_the_same_is_asked_once_and_failures_are_remembered_too():
    requests: list[bytes] = []
    names = Names({HOST: (ADDRESS,)})
    async with serving(saying(ok(BODY), requests), names=names) as fetch:
        first = await crl(fetch)
        again = await fetch.get(URL, Purpose.ISSUER)
        assert len(requests) == 1
        assert again.body == first.body
        assert again.fetched.purpose is Purpose.ISSUER
        missing = f"http://missing.{HOST}/"
        assert (await crl(fetch, url=missing)).fetched.problem
        asked = len(names.asked)
        assert (await crl(fetch, url=missing)).fetched.problem
        assert len(names.asked) == asked
        fetch.forget()
        await crl(fetch)
        assert len(requests) == 2


async def test_what_is_asked_at_the_same_time_shares_one_request():
    requests: list[bytes] = []
    async with serving(saying(ok(BODY), requests)) as fetch, asyncio.TaskGroup() as group:
        tasks = [group.create_task(crl(fetch)) for _ in range(20)]
    assert {task.result().body for task in tasks} == {BODY}
    assert len(requests) == 1


async def test_posts_are_told_apart_by_their_bodies():
    requests: list[bytes] = []
    async with serving(saying(ok(BODY), requests)) as fetch:
        for body in (b"one", b"two", b"one"):
            await fetch.post(URL, body, "application/ocsp-request", Purpose.OCSP)
        await fetch.get(URL, Purpose.OCSP)
    assert [request.partition(b"\r\n\r\n")[2] for request in requests] == [b"one", b"two", b""]


async def test_one_connection_at_a_time_to_a_host_and_several_hosts_at_once():
    open_now = 0
    most = 0
    both = asyncio.Event()

    async def handler(reader, writer):
        nonlocal open_now, most
        request = await read_request(reader)
        open_now += 1
        most = max(most, open_now)
        if b"/meet" in request:
            if open_now == 2:
                both.set()
            await both.wait()
        writer.write(ok(BODY))
        await writer.drain()
        open_now -= 1

    names = Names({HOST: (ADDRESS,), "other.example": (ADDRESS,)})
    async with serving(handler, names=names) as fetch:
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(crl(fetch, url=f"http://{HOST}/{number}"))
        assert most == 1
        async with asyncio.TaskGroup() as group:
            group.create_task(crl(fetch, url=f"http://{HOST}/meet"))
            group.create_task(crl(fetch, url="http://other.example/meet"))
        assert most == 2


async def test_after_so_many_requests_nothing_more_is_asked():
    async with serving(saying(ok(BODY)), limits=FetchLimits(requests=2)) as fetch:
        results = [await crl(fetch, url=f"http://{HOST}/{number}") for number in range(3)]
        assert [bool(one.fetched.problem) for one in results] == [False, False, True]
        assert "2 requests" in results[-1].fetched.problem
        fetch.forget()
        assert (await crl(fetch)).body == BODY


async def test_after_so_many_bytes_nothing_more_is_asked():
    async with serving(saying(ok(bytes(1000))), limits=FetchLimits(total_bytes=2500)) as fetch:
        results = [await crl(fetch, url=f"http://{HOST}/{number}") for number in range(4)]
    assert [bool(one.fetched.problem) for one in results] == [False, False, True, True]
    assert "together are too long" in results[2].fetched.problem
    assert "bytes were fetched" in results[3].fetched.problem


async def test_answers_that_come_at_the_same_time_have_one_bound_together():
    hosts = [f"{number}.example.net" for number in range(8)]
    names = Names(dict.fromkeys(hosts, (ADDRESS,)))
    limits = FetchLimits(timeout_s=5, total_bytes=2500)
    async with serving(saying(ok(bytes(1000))), names=names, limits=limits) as fetch:
        results = await asyncio.gather(*(crl(fetch, url=f"http://{host}/") for host in hosts))
    assert sum(len(one.body) for one in results) <= 2000
    assert any("together are too long" in one.fetched.problem for one in results)


# -- addresses -------------------------------------------------------------------------------------


async def test_a_name_without_addresses_is_a_problem():
    result = await crl(fetcher({}, names=Names({})))
    assert "has no address (NXDOMAIN)" in result.fetched.problem
    assert result.fetched.status == 0


async def test_addresses_are_tried_in_their_order_and_not_more_than_allowed():
    async with serve(saying(ok(BODY))) as port:
        many = tuple(f"198.51.100.{number}" for number in range(1, 4))
        names = Names({HOST: (*many, ADDRESS), "more.example": (*many, "198.51.100.4", ADDRESS)})
        fetch = fetcher({(ADDRESS, 80): port}, names=names, permit=AnyAddress())
        assert (await crl(fetch)).fetched.address == ADDRESS
        refused = await crl(fetch, url="http://more.example/")
    assert refused.fetched.address == "198.51.100.4"
    assert refused.fetched.problem.count("cannot be reached") == 4


async def test_an_ipv6_address_is_asked_when_ipv4_refuses():
    async with serve(saying(ok(BODY))) as port:
        names = Names({HOST: (ADDRESS, "2001:db8::80")})
        ports = {(ADDRESS, 80): closed_port(), ("2001:db8::80", 80): port}
        result = await crl(fetcher(ports, names=names))
    assert result.body == BODY
    assert result.fetched.address == "2001:db8::80"


async def test_a_url_with_an_address_asks_no_dns():
    requests: list[bytes] = []
    names = Names({})
    async with serve(saying(ok(BODY), requests)) as port:
        fetch = fetcher({("2001:db8::80", 8080): port}, names=names)
        result = await crl(fetch, url="http://[2001:db8::80]:8080/x")
    assert result.body == BODY
    assert names.asked == []
    assert b"Host: [2001:db8::80]:8080\r\n" in requests[0]


async def test_a_name_that_leads_inside_is_not_dialled():
    class NeverDials:
        async def dial(self, address, port, timeout_s):
            raise AssertionError(f"dialled {address}")

    names = Names({HOST: ("127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fd00:ec2::254")})
    fetch = fetcher({}, names=names, permit=PublicOnly(), dialer=NeverDials())
    for url in (URL, "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/"):
        result = await crl(fetch, url=url)
        assert "is not asked" in result.fetched.problem
        assert result.fetched.address == ""


async def test_of_several_addresses_only_the_permitted_are_dialled():
    async with serve(saying(ok(BODY))) as port:
        names = Names({HOST: ("10.0.0.1", ADDRESS)})
        result = await crl(fetcher({(ADDRESS, 80): port}, names=names))
    assert result.fetched.address == ADDRESS
    assert result.body == BODY


async def test_a_name_is_resolved_again_for_each_request_and_judged_again():
    """A name that leads elsewhere the second time gains nothing: the address dialled is judged."""
    names = Names({HOST: (ADDRESS,)})
    async with serving(saying(ok(BODY)), names=names) as fetch:
        assert (await crl(fetch)).body == BODY
        names.known[HOST] = ("127.0.0.1",)
        assert "not among" in (await crl(fetch, url=f"http://{HOST}/again")).fetched.problem


async def test_no_answer_to_the_connection_is_a_problem_in_words():
    silent = MappedDialer({(ADDRESS, 80): Fault.SILENT})
    fetch = fetcher({}, permit=AnyAddress(), dialer=silent, limits=FetchLimits(connect_s=0.05))
    result = await crl(fetch)
    assert "did not answer the connection attempt" in result.fetched.problem


# -- redirects -------------------------------------------------------------------------------------


def redirect(to: bytes, status: int = 302) -> bytes:
    return b"HTTP/1.1 %d Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, to)


async def by_path(reader, writer, answers: dict[bytes, bytes]) -> None:
    request = await read_request(reader)
    writer.write(answers[request.split(b" ")[1]])
    await writer.drain()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(status):
    async def handler(reader, writer):
        there = redirect(b"/there", status)
        await by_path(reader, writer, {b"/ca.crl": there, b"/there": ok(BODY)})

    async with serving(handler) as fetch:
        result = await crl(fetch)
    assert result.body == BODY
    assert result.fetched.url == URL
    assert result.fetched.redirects == (f"http://{HOST}/there",)


async def test_a_post_stays_a_post_when_redirected():
    async def handler(reader, writer):
        request = await read_request(reader)
        there = request.startswith(b"POST /there") and request.endswith(b"question")
        writer.write(ok(BODY) if there else redirect(b"/there", 307))
        await writer.drain()

    async with serving(handler) as fetch:
        result = await fetch.post(URL, b"question", "application/ocsp-request", Purpose.OCSP)
    assert result.body == BODY


async def test_a_post_answered_by_see_other_is_a_problem():
    async with serving(saying(redirect(b"/there", 303))) as fetch:
        result = await fetch.post(URL, b"question", "application/ocsp-request", Purpose.OCSP)
    assert "somewhere else" in result.fetched.problem


@pytest.mark.parametrize("most", [0, 1, 2, 5])
async def test_a_loop_of_redirects_ends(most):
    requests: list[bytes] = []
    async with serving(saying(redirect(b"/ca.crl"), requests)) as fetch:
        result = await crl(fetch, Terms(redirects=most))
    assert "redirects to /ca.crl" in result.fetched.problem
    assert len(requests) == most + 1
    assert len(result.fetched.redirects) == most


@pytest.mark.parametrize(
    ("location", "why"),
    [
        (b"http://127.0.0.1/", "not among"),
        (b"http://inside.example/", "not among"),
        (b"ftp://pki.example.net/", "only http and https"),
        (b"http://user@pki.example.net/", "user name"),
        (b"http://pki.example.net/\xff", "does not belong"),
        (b"", "without a Location"),
    ],
)
async def test_where_a_redirect_may_not_lead_nobody_goes(location, why):
    names = Names({HOST: (ADDRESS,), "inside.example": ("10.0.0.1",)})
    async with serving(saying(redirect(location)), names=names) as fetch:
        result = await crl(fetch)
    assert why in result.fetched.problem
    assert result.body == b""


async def test_the_time_of_a_request_is_for_all_its_redirects():
    clock = FixedClock(NOW)

    async def handler(reader, writer):
        await read_request(reader)
        clock.advance(0.6)
        writer.write(redirect(b"/ca.crl"))
        await writer.drain()

    async with serving(handler, clock=clock, limits=FetchLimits(timeout_s=1)) as fetch:
        result = await crl(fetch)
    assert "within 1 second" in result.fetched.problem
    assert len(result.fetched.redirects) == 2


# -- time and cancellation -------------------------------------------------------------------------


async def test_silence_ends_with_the_time_and_says_what_was_waited_for():
    async def handler(reader, writer):
        await reader.read()

    async with serving(handler, limits=FetchLimits(timeout_s=0.1)) as fetch:
        result = await crl(fetch)
    assert result.fetched.problem
    assert result.fetched.elapsed_s < 2


async def test_a_drip_ends_with_the_time():
    async def handler(reader, writer):
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(handler, limits=FetchLimits(timeout_s=0.5)) as fetch:
        result = await crl(fetch)
    assert "bytes of the body had come" in result.fetched.problem
    assert result.fetched.size > 1
    assert result.body == b""


async def test_cancelling_leaves_no_socket_and_the_next_one_asks_anew():
    arrived = asyncio.Event()
    gone = asyncio.Event()
    served = 0

    async def handler(reader, writer):
        nonlocal served
        await read_request(reader)
        served += 1
        if served > 1:
            writer.write(ok(BODY))
            await writer.drain()
            return
        arrived.set()
        try:
            assert await reader.read() == b""
        finally:
            gone.set()

    async with serving(handler) as fetch:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(crl(fetch))
            second = group.create_task(crl(fetch))
            await arrived.wait()
            first.cancel()
            async with asyncio.timeout(2):
                await gone.wait()
        assert first.cancelled()
        assert second.result().body == BODY
    gc.collect()  # an open socket would warn, and a warning is an error


async def test_cancelling_while_connecting_leaves_nothing_behind():
    silent = MappedDialer({(ADDRESS, 80): Fault.SILENT})
    fetch = fetcher({}, permit=AnyAddress(), dialer=silent)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(crl(fetch))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
    assert task.cancelled()
    assert fetch._flights == {}
    gc.collect()
