"""DMARC: records read and put right, and the walk through a zone in both readings.

An input is the record of example.com, and behind a line feed the zone's other lines.
"""

from collections.abc import Iterable

from mxwalk.limits import DMARC_REPORT_ADDRESSES
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.discovery import domain_key, look_up, walk_names
from mxwalk.mailauth.dmarc.lint import lint, lint_record
from mxwalk.mailauth.dmarc.model import DmarcResult, Query, Reading
from mxwalk.mailauth.dmarc.policy import disposition, find_policy
from mxwalk.mailauth.dmarc.record import applied, is_record, read_record
from mxwalk.mailauth.dmarc.remarks import Around
from mxwalk.mailauth.dmarc.repair import fixed
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import pieces
from tests.fuzz.zones import LineZone

_DOMAINS = (
    "example.com",
    "a.b.example.com",
    "co.test",
    "a.b.c.d.e.f.g.h.i.example.com",
    "\x1b[m",
    "b\xfccher.example",
)
_RESULTS = ("pass", "fail", "none", "temperror")
# RFC 9989 4.10: eight queries a walk; the public suffix way asks three more, and whether a name exists.
_QUESTIONS = 40


def _check(data: bytes) -> None:
    choices = Choices(data)
    domain, other = choices.pick(_DOMAINS), choices.pick(_DOMAINS)
    spf, dkim = choices.pick(_RESULTS), choices.pick(_RESULTS)
    record, _, lines = choices.rest().partition(b"\n")
    _check_record(record)
    text = b"_dmarc.example.com TXT " + record + b"\n" + lines
    found = {}
    for name in (domain, other):
        key = domain_key(name)
        looked, _ = LineZone(text, _QUESTIONS).run(look_up(name, author=name == domain))
        found[key] = looked
        promise(len(looked.walk.queries) <= 8, "more than eight queries")
        all_printable(looked)
        for reading in Reading:
            policy = find_policy(reading, looked)
            printable(policy.why)
            _, why = disposition(reading, policy)
            printable(why)
    names = walk_names(domain)
    promise(len(names) <= 8, "a walk without end")
    for reading in Reading:
        judged = assess(reading, (domain,), (spf, domain), [(1, other, dkim)], found)
        all_printable(judged)
        promise(
            judged.result is not DmarcResult.PASS or "pass" in (spf, dkim), "a pass out of nothing"
        )
        counts = [one for one in judged.alignments if one.counts]
        promise(judged.result is not DmarcResult.PASS or counts, "a pass, and nothing aligned")
        promise(judged.result is not DmarcResult.FAIL or not counts, "a fail, though aligned")


def _check_record(octets: bytes) -> None:
    record = read_record("_dmarc.example.com", octets)
    all_printable(record)
    promise(record.usable == applied(record, Reading.RFC9989).usable, "usable or not")
    promise(0 <= record.percent <= 100, "pct", record.percent)
    promise(len(record.aggregate) <= DMARC_REPORT_ADDRESSES, "addresses without end")
    for tag in record.readings:
        printable(tag.value)
        printable(tag.meaning)
        promise(0 <= tag.start <= tag.end <= len(octets), "a tag at", tag)
    right = fixed(record)
    printable(right)
    again = read_record("_dmarc.example.com", right.encode())
    promise(is_record(right.encode()) and again.usable, "put right it is no record:", right)
    promise(fixed(again) == right, "put right twice it is another:", right)
    around = Around(domain="example.com")
    for remark in lint_record(record, around):
        printable(remark.sentence)
        printable(remark.fix)
    query, _ = LineZone(b"_dmarc.example.com TXT " + octets, 4).run(
        look_up("example.com", author=True)
    )
    for one in query.walk.queries:
        promise(isinstance(one, Query), "no query")
        for remark in lint(one, around):
            printable(remark.sentence)


def _seeds() -> Iterable[bytes]:
    zone = b"\n_dmarc.test TXT v=DMARC1; p=none; psd=y\n_dmarc.b.example.com TXT v=DMARC1; p=quarantine; sp=none"
    for number, record in enumerate(
        (
            b"v=DMARC1; p=reject; rua=mailto:d@example.com", b"v=DMARC1; p=none; sp=quarantine; np=reject; adkim=s; aspf=s",
            b"v=DMARC1;p=reject;pct=20;ri=3600;fo=1:d:s;rf=afrf;ruf=mailto:a@example.net!10m", b"v=DMARC1; p=x; rua=mailto:a@b",
            b"v=DMARC1; p=none; psd=n; t=y", b"v=DMARC1", b"v=dmarc1; p=none", b"p=none; v=DMARC1", b"v=DMARC1; p=none; p=reject",
            b"v=DMARC1; p=none; rua=http://x,mailto:,mailto:%zz@\xff", b"v=DMARC1; p =  none ;;x", b"v=spf1 -all", b"",
        )
    ):  # fmt: skip
        yield record + zone + bytes((number % 4, number % 3, number % 6, number % 5))
    yield b"v=DMARC1; p=none\n_dmarc.example.com TXT v=DMARC1; p=none\0\0\0\0"
    yield b"v=DMARC1; p=none\n_dmarc.example.com TXT !timeout\0\0\0\0"


_WORDS = (
    b"v=DMARC1;", b" p=reject;", b" p=none;", b" sp=", b" np=", b" pct=", b" rua=mailto:a@example.net", b"!10m", b" fo=0:1:d:s",
    b" adkim=s", b" aspf=r", b" psd=y", b" psd=n", b" t=y", b"\n_dmarc.b.example.com TXT v=DMARC1;", b"\n_dmarc.com TXT ",
    b" !servfail",
)  # fmt: skip
TARGET = Target(
    promise="A record is put right once and for all, and a walk ends in eight queries.",
    check=_check,
    calls=lambda size: 2_000_000 + 6_000 * size,
    max_len=800,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(
        data, choices, pieces.LINES if choices.number(4) == 0 else pieces.FIELDS, _WORDS
    ),
    seeds=_seeds,
)
