"""MTA-STS: the record in its TXT answer, the policy file, its patterns against hosts, and what is advised.

An input is a record, a line feed, and a policy file.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from mxwalk.dns.txt import txt_line, txt_strings
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.limits import STS_DEVIATIONS, STS_LINE_BYTES, STS_POLICY_LINES, STS_RECORD_FIELDS
from mxwalk.mtasts.advice import advise, policy_text, record_line
from mxwalk.mtasts.model import Mode, Policy, RecordStanding, Weight
from mxwalk.mtasts.patterns import coverage, match_host, matches
from mxwalk.mtasts.policy import read_policy
from mxwalk.mtasts.record import read_lookup, read_record
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import pieces

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_HOSTS = (
    "mx.example.net",
    "mx1.mail.example.net",
    "example.net",
    "xn--bcher-kva.example",
    "MX.Example.NET.",
)
_MODES = (Mode.ENFORCE, Mode.TESTING, Mode.NONE)


def _check(data: bytes) -> None:
    choices = Choices(data)
    cuts = [choices.number(256) for _ in range(choices.number(4))]
    record, _, body = choices.rest().partition(b"\n")
    _check_record(record, cuts)
    policy = read_policy(body)
    _check_policy(policy, body)
    for mode in _MODES:
        _check_advice(policy, mode)


def _check_record(raw: bytes, cuts: list[int]) -> None:
    read = read_record([raw])
    all_printable(read, 1_200)
    promise(read.raw == raw, "other octets")
    promise(len(read.fields) <= STS_RECORD_FIELDS, "fields without end")
    promise(not read.valid or read.id, "valid without an id")
    for deviation in read.deviations:
        promise(0 <= deviation.at <= len(raw), "a deviation at", deviation.at)
        printable(deviation.value)
    parts, at = [], 0
    for cut in cuts:
        parts.append(raw[at : at + cut])
        at += cut
    in_strings = read_record([*parts, raw[at:]])
    promise(
        (in_strings.fields, in_strings.id, in_strings.valid) == (read.fields, read.id, read.valid),
        "strings joined otherwise",
    )
    line = txt_line("x", raw).removeprefix("x. IN TXT ")
    promise(b"".join(txt_strings(line)) == raw, "TXT read back otherwise")
    answer = DnsAnswer(
        qname="_mta-sts.example.net",
        rtype="TXT",
        status=DnsStatus.OK,
        answer=(RRset(name="_mta-sts.example.net", rtype="TXT", ttl_s=1, records=(line,)),),
    )
    lookup = read_lookup(answer)
    all_printable(lookup)
    promise(
        (lookup.record is not None) == (read.counts and read.valid), "another verdict on one record"
    )
    twice = read_lookup(
        DnsAnswer(
            qname=answer.qname,
            rtype="TXT",
            status=DnsStatus.OK,
            answer=(RRset(name=answer.qname, rtype="TXT", ttl_s=1, records=(line, line)),),
        )
    )
    promise(twice.standing is not RecordStanding.VALID, "two records are valid")


def _check_policy(policy: Policy, body: bytes) -> None:
    all_printable(policy, 1_200)
    promise(len(policy.lines) <= STS_POLICY_LINES + 1, "lines without end")
    breaking = sum(each.weight is Weight.BREAKS for each in policy.deviations)
    promise(len(policy.deviations) - breaking <= STS_DEVIATIONS, "deviations without end")
    promise(len(policy.deviations) <= 2 * STS_DEVIATIONS, "deviations without end")
    for line in policy.lines:
        printable(line.value, STS_LINE_BYTES * 10)
        promise(line.raw in body, "a line that is not there:", line)
    for deviation in policy.deviations:
        printable(deviation.value)
        promise(0 <= deviation.line <= len(policy.lines) + 1, "a deviation in line", deviation.line)
    if policy.valid:
        promise(policy.mode is not None and policy.max_age_s is not None, "valid, incomplete")
        promise(policy.patterns or policy.mode is Mode.NONE, "valid without mx")
    whole = coverage(policy.patterns, _HOSTS)
    all_printable(whole, 3_000)
    for host, found in zip(_HOSTS, whole.hosts, strict=True):
        fits = [one for one in policy.patterns if matches(one, host)]
        promise(found == match_host(policy.patterns, host), "two readings of", host)
        promise((found.pattern is not None) == bool(fits), "matched by", fits, found)
    for pattern in policy.patterns:
        printable(str(pattern))
        example = f"a.{pattern.name}" if pattern.wildcard else pattern.name
        promise(matches(pattern, example), "matches not its own example:", pattern)
        promise(not matches(pattern, f"a.a.{pattern.name}"), "matches two labels:", pattern)


def _check_advice(policy: Policy, mode: Mode) -> None:
    hosts = ("mx.example.net", "mx2.example.net")
    advice = advise("example.net", hosts, NOW, policy, "20260101T000000Z")
    all_printable(advice)
    for stage in (advice.first, advice.then):
        promise(read_policy(stage.text.encode()).valid, "advice that is no policy:", stage)
    promise(
        read_policy(policy_text(hosts, mode, 604_800).encode()).valid, "our own text is no policy"
    )
    line = record_line("example.net", "20260101T000000Z").partition(" IN TXT ")[2]
    promise(read_record(txt_strings(line)).valid, "our own record is none")


def _seeds() -> Iterable[bytes]:
    from tests.hostile import HOSTILE

    good = b"v=STSv1; id=20260101T000000Z;"
    policy = b"version: STSv1\r\nmode: enforce\r\nmx: mx.example.net\r\nmx: *.example.net\r\nmax_age: 604800\r\n"
    records = (
        good, b"v=STSv1; id=a; id=b; x=y;", b"v=STSv1;id=", b"v=stsv1; id=1", b"id=1; v=STSv1", b"v=STSv1 ; a b=c ;;",
        b"v=STSv1; id=\xff; \x01=2", b"v=spf1 -all", b"v=STSv2; id=1;", b"v=STSv1", b"", b"v=STSv1; id=1; id",
    )  # fmt: skip
    for record in records:
        yield record + b"\n" + policy + b"\0\0"
    policies = (
        policy.replace(b"\r\n", b"\n"), b"mode: none\nversion: STSv1\nmax_age: 0", b"version:STSv1\nmode:testing\nmx:\n",
        (b"version: STSv1\nmode: Enforce\nmx: 192.0.2.1\nmx: a_b.example.\nmx: *.a\nmx: *.*.a\nmx: b\xc3\xbccher.example\n"
        b"mx: mail example\nmx: **\nmax_age: 99999999999\nmax_age: 1e3\nx: y\n"),
        b"\xef\xbb\xbfversion: STSv1\n\n mode : enforce \nmx: a.example\nmx: a.example\nmax_age: 86400\n",
        b"<html><body>404</body></html>", b"", b"\r" * 30, b"version: STSv1\nmode: enforce\nmax_age: 1\n",
    )  # fmt: skip
    for body in policies:
        yield good + b"\n" + body + b"\5\2"
    yield from (
        b"v=STSv1; id=" + each + b"\n" + b"mx: " + each + b"\0"
        for each in HOSTILE
        if len(each) < 200
    )


_WORDS = (
    b"v=STSv1;", b" id=", b"version: STSv1\n", b"mode: enforce\n", b"mode: testing\n", b"mode: none\n", b"mx: *.",
    b"mx: mx.example.net\n", b"max_age: 31557600\n", b"\r\n", b"xn--", b";", b"\xef\xbb\xbf",
)  # fmt: skip
TARGET = Target(
    promise="Records and policies are read without loss, judged once, and our advice is a valid policy.",
    check=_check,
    calls=lambda size: 120_000 + 4_000 * size,
    max_len=1_500,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(
        data, choices, pieces.LINES if choices.flag() else pieces.FIELDS, _WORDS
    ),
    seeds=_seeds,
)
