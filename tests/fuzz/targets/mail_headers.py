"""Header fields of mail that say what was found: Authentication-Results, Received-SPF, Received, addresses."""

from collections.abc import Iterable

from mxwalk.limits import AUTHRES_PROPERTIES, AUTHRES_RESULTS, MESSAGE_ADDRESSES, SPF_RECEIVED_PAIRS
from mxwalk.mailauth.message import unfold
from mxwalk.mailauth.message_addresses import domain_of, read_addresses, read_path
from mxwalk.mailauth.message_received import is_public, read_received
from mxwalk.mailauth.results.comparing import Around, Ours, compare, is_trusted
from mxwalk.mailauth.results.model import AuthResults
from mxwalk.mailauth.results.reading import read
from mxwalk.mailauth.results.writing import (
    arc_result,
    dkim_result,
    dmarc_result,
    spf_result,
    write,
)
from mxwalk.mailauth.spf.received import read_received_spf
from mxwalk.mailauth.tags import read_tags
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.structure import pieces

_AROUND = Around(trusted=("mx.example.org",))


def _check(data: bytes) -> None:
    choices = Choices(data)
    kind = choices.number(5)
    raw = choices.rest()
    text = unfold(raw)
    match kind:
        case 0:
            _check_results(raw)
        case 1:
            _check_written(text, choices)
        case 2:
            claimed = read_received_spf(text)
            promise(len(claimed.pairs) <= SPF_RECEIVED_PAIRS, "pairs without end")
            promise(all(key == key.lower() for key, _ in claimed.pairs), "a key in upper case")
            for problem in claimed.problems:
                printable(problem)
        case 3:
            _check_received(text)
        case _:
            _check_addresses(text, raw)


def _check_results(raw: bytes) -> None:
    found = read(raw)
    promise(found == read(raw.decode("utf-8", "surrogateescape")), "octets and text differ")
    shown(found)
    promise(len(found.results) <= AUTHRES_RESULTS, "results without end")
    ours = [
        Ours(result=spf_result("fail", mailfrom="a@example.com")),
        Ours(result=dkim_result("fail", domain="example.com", selector="s")),
        Ours(result=dmarc_result("fail", from_domain="example.com")),
    ]
    for difference in compare(ours, found, _AROUND):
        printable(difference.sentence)
    own = [Ours(result=one) for one in found.results if one.method in {"spf", "dkim", "dmarc"}]
    for difference in compare(own, found, _AROUND):
        promise(difference.ours != difference.claimed, "a difference that is none:", difference)
    is_trusted(found, _AROUND)
    if found.authserv_id and all(
        word.replace("-", "").isalnum() and word.isascii()
        for one in found.results
        for word in (one.method, one.result)
    ):
        shown(read(write(found.authserv_id, found.results).partition(":")[2]))


def shown(found: AuthResults) -> None:
    """Every text of a field that was read may be shown."""
    for text in (found.authserv_id, found.version, *found.deviations):
        printable(text)
    for one in found.results:
        promise(len(one.properties) <= AUTHRES_PROPERTIES, "properties without end")
        for text in (one.method, one.version, one.result, one.reason, *one.comments):
            printable(text)
        for each in one.properties:
            for text in (each.ptype, each.name, each.value):
                printable(text)


def _check_written(text: str, choices: Choices) -> None:
    results = [
        spf_result("pass", mailfrom=text, comment=text),
        dkim_result(
            "pass", domain=text, selector=text, identity=text, signature=text, algorithm=text
        ),
        dmarc_result("pass", from_domain=text, comment=text),
        arc_result("pass", comment=text),
    ]
    field = write(text, results)
    for line in field.split("\r\n"):
        printable(line.removeprefix("\t"))
    promise(
        "\r" not in field.replace("\r\n\t", "") and "\n" not in field.replace("\r\n\t", ""),
        "broken out",
    )
    found = read(field.partition(":")[2])
    promise(
        [one.method for one in found.results] == ["spf", "dkim", "dmarc", "arc"], "methods", found
    )
    promise(all(one.result == "pass" for one in found.results), "results", found)


def _check_received(text: str) -> None:
    hop = read_received(text, 1, 1)
    for value in (hop.ip, str(hop.at)):
        promise(value.isprintable(), "not visible:", value)
    if hop.ip:
        is_public(hop.ip)


def _check_addresses(text: str, raw: bytes) -> None:
    found = read_addresses(text)
    promise(len(found.mailboxes) <= MESSAGE_ADDRESSES, "mailboxes without end")
    for problem in found.problems:
        printable(problem)
    for one in found.mailboxes:
        promise(not one.domain or one.domain.isascii(), "no A-labels:", one.domain)
        promise(
            bool(one.domain) is not bool(one.problem), "a domain and a problem, or neither:", one
        )
    for domain in found.domains:
        promise(domain_of(domain) == (domain, ""), "a domain that is none when read again:", domain)
    read_path(text)
    tags = read_tags(raw)
    promise(tags.text == raw.decode("latin-1"), "other text")
    for tag in tags.tags:
        promise(tag.value in tags.text[tag.start : tag.end], "a tag at another place")
        promise(tags.tag(tag.name) is not None, "a tag that is not found")
    for fault in tags.faults:
        printable(fault.what)


def _seeds() -> Iterable[bytes]:
    fields = (
        (0, b"mx.example.org; spf=pass smtp.mailfrom=a@example.com; dkim=pass (2048) header.d=example.com header.b=abc"),
        (0, b'mx.example.org 1; dmarc=fail reason="x \\" y" (p=none dis=none) header.from=example.com; arc=none'),
        (0, b"i=1; mx.example.org; none"),
        (0, b"spf=softfail (sender IP is 192.0.2.1) smtp.mailfrom=x; compauth=fail reason=000"),
        (0, b";;;==()((\\"),
        (1, b"a.example"),
        (1, b'x"y\\z(\r\n\t) \x1b'),
        (2, b"pass (mx.example.org: ok) client-ip=192.0.2.1; envelope-from=\"a@b\"; helo=x;"),
        (3, (b"from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTPS id 1 for <a@b>;"
            b" Sun, 15 Jun 2025 15:00:00 +0000")),
        (3, b"from [IPv6:2001:db8::1] (helo=x) by y with esmtp; nonsense"),
        (4, b'Ann <ann@example.com>, "B, C" <b@b\xc3\xbccher.example>, group: d@e.example;'),
        (4, b"<@a,@b:c@d.example>, =?utf-8?q?x?= <y@[192.0.2.1]>"),
        (4, b"v=1; a=rsa-sha256; d = example.com; b=ab\r\n cd; b=; =x; y"),
    )  # fmt: skip
    for kind, field in fields:
        yield field + bytes((kind,))
        yield field.replace(b" ", b"\r\n\t") + bytes(((kind + 1) % 5,))


_WORDS = (
    b"; dkim=pass", b" header.d=", b" smtp.mailfrom=", b' reason="', b"(", b")", b'"', b"\\", b"i=1; ", b"; none", b"=?utf-8?b?",
    b"from ", b" by ", b" with ", b" for <", b"[IPv6:", b"@", b"<", b">", b"\r\n ", b"client-ip=", b" policy.dmarc=", b"/1",
)  # fmt: skip
TARGET = Target(
    promise="Any field is read into visible, bounded texts, and ours cannot be broken out of.",
    check=_check,
    calls=lambda size: 60_000 + 3_000 * size,
    max_len=800,
    words=_WORDS,
    mutate=lambda data, choices: (
        pieces.mutate(data[:-1], choices, pieces.FIELDS, _WORDS) + data[-1:]
    ),
    seeds=_seeds,
)
