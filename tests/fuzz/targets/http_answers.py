"""HTTP: an answer in any pieces is the same answer, within its bounds; and URLs from certificates.

An input is what a server sends; numbers from the end say in which pieces and whether it ends properly.
"""

from collections.abc import Iterable, Iterator

import h11

from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.http.guard import not_public
from mxwalk.http.hop import Answer
from mxwalk.http.issuers import read_issuers
from mxwalk.http.response import Bounds, Budget, Reading, UnusableAnswerError
from mxwalk.http.url import BadUrl, Url, follow, read_url
from mxwalk.limits import ISSUERS_PER_ANSWER
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.structure import pieces

_BODY, _HEADER, _ALL = 300, 400, 1_500
_BASE = Url(scheme=read_url("http://a.example/").scheme, host="a.example", port=80, target="/x/y?z")  # type: ignore[union-attr]


def _check(data: bytes) -> None:
    choices = Choices(data)
    properly = choices.flag()
    sizes = Choices(bytes(choices.number(256) for _ in range(choices.number(16))))
    wire = choices.rest()
    at_once = _read([wire], properly=properly)
    in_pieces = _read(_pieces(wire, sizes), properly=properly)
    promise(_same(at_once, in_pieces, wire), "in pieces it is another answer:", at_once, in_pieces)
    _check_urls(wire)
    issuers = read_issuers(wire)
    printable(issuers.problem)
    promise(len(issuers.certificates) <= ISSUERS_PER_ANSWER, "certificates without end")


def _pieces(wire: bytes, sizes: Choices) -> Iterator[bytes]:
    at = 0
    while at < len(wire):
        size = 1 + sizes.number(64) if sizes.left else len(wire)
        yield wire[at : at + size]
        at += size


def _read(parts: Iterable[bytes], *, properly: bool) -> tuple[str, int, bytes, bool]:
    """Return the problem, status, body and whether it came to its end."""
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADER)
    http.send(h11.Request(method="GET", target="/", headers=[("Host", "pki.example.net")]))
    http.send(h11.EndOfMessage())
    budget = Budget(_ALL)
    answer = Answer()
    reading = Reading(
        http, Bounds(body_bytes=_BODY, header_bytes=_HEADER, wait_s=1, budget=budget), answer
    )
    problem, done, most = "", False, 0
    try:
        for part in parts:
            most = max(most, len(part))
            done = reading.feed(part)
            if done:
                break
        else:
            reading.end(Ending(kind=EndingKind.CLOSED, detail="the peer closed"), properly=properly)
            done = True
    except UnusableAnswerError as error:
        problem = printable(str(error), 1_200)
    promise(len(answer.body) <= _BODY + most, "a body of", len(answer.body))
    for remark in answer.remarks:
        printable(remark)
    if done and not problem and answer.status == 200:
        promise(len(answer.body) <= _BODY, "too long a body is taken")
        length = answer.header(b"content-length")
        if length.isdigit() and "chunked" not in answer.header(b"transfer-encoding").lower():
            promise(int(length) == len(answer.body), "another length than was promised")
    return problem, answer.status, bytes(answer.body), done


def _same(
    one: tuple[str, int, bytes, bool], other: tuple[str, int, bytes, bool], wire: bytes
) -> bool:
    if one[0] or other[0]:
        # Which bound is met first depends on the pieces; that one is met does not.
        return bool(one[0]) == bool(other[0]) or len(wire) > _HEADER
    return one == other


def _check_urls(wire: bytes) -> None:
    for line in wire.split(b"\n")[:4]:
        text = line.decode("utf-8", "surrogateescape")
        for found in (read_url(text), follow(_BASE, text)):
            if isinstance(found, BadUrl):
                printable(found.problem, 3_000)
                continue
            promise(str(found).isascii() and str(found).isprintable(), "not printable:", found)
            promise(
                " " not in found.target and "\r" not in found.authority, "a line of its own:", found
            )
            promise(0 < found.port < 65_536, "the port", found.port)
            promise(read_url(str(found)) == found, "read again it is another:", found)
            if found.host_is_address:
                printable(not_public(found.host))


def _seeds() -> Iterable[bytes]:
    ok = b"HTTP/1.1 200 OK\r\n"
    answers = (
        ok + b"Content-Length: 5\r\n\r\nabcde", ok + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        ok + b"\r\nuntil the end", b"HTTP/1.0 200\r\nContent-Length: 3\r\n\r\nab", b"HTTP/1.1 404 No\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + ok + b"Content-Length: 0\r\n\r\nmore", ok + b"Content-Encoding: gzip\r\n\r\nx",
        ok + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", ok + b"Content-Length: 99999999999999999999\r\n\r\n",
        ok + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 30, b"220 mail.example.com ESMTP\r\n", ok + b"X: y\r\n z\r\n\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: https://[2001:db8::1]:8443/x?y#z\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 60,
        ok + b"Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\nabcde\r\n0\r\nTrailer: x\r\n\r\n", b"",
    )  # fmt: skip
    for number, answer in enumerate(answers):
        yield answer + bytes((5, 9, 2, 3, number % 2))
        yield answer + bytes((0, (number + 1) % 2))
    for url in (
        b"http://a.example/x", b"https://A.Example.:443/", b"//b.example/y", b"../z?q", b"http://u:p@a/", b"http://[::1]/",
        b"http://192.0.2.1:0/", b"http://0x7f.1/", b"ldap://a/", b"http://a.example:65536/\nhttp:///x\nhttp://b\xc3\xbccher.example/",
        b"http://[fe80::1%25eth0]/\nhttp://127.0.0.1/\nhttp://2130706433/\nhttp://[::ffff:10.0.0.1]/",
    ):  # fmt: skip
        yield url + b"\0\0"
    from tests.tls.pki import issue

    yield issue("a").pem[:900] + b"\0\0"
    yield issue("a").der + b"\0\0"


_WORDS = (
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"\r\n\r\n",
    b"0\r\n\r\n", b"5\r\nabcde\r\n", b"Content-Encoding: gzip\r\n", b"Location: ", b"http://", b"https://[", b"]:443/", b"%25", b"@",
)  # fmt: skip
TARGET = Target(
    promise="An answer is whole or a sentence, the same in any pieces; a URL read again is itself.",
    check=_check,
    calls=lambda size: 100_000 + 3_000 * size,
    max_len=1_200,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(data, choices, pieces.LINES, _WORDS),
    seeds=_seeds,
)
