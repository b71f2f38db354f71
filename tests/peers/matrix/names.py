"""DNSSEC: zones of three signers, judged by three resolvers, delv, and our own validation behind each."""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec.anchors import TrustAnchors, read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import Status
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from tests.peers.matrix.opinions import Opinion
from tests.peers.matrix.section import Section
from tests.peers.resolvers import RESOLVERS, Running, delv, resolvers
from tests.peers.signed_zones import Question, questions

TITLE = "DNSSEC"
PROGRAMS = (
    "nsd", "named", "knotd", "unbound", "kresd", "delv", "ldns-keygen", "ldns-signzone",
    "dnssec-keygen", "dnssec-signzone", "keymgr", "kzonesign",
)  # fmt: skip
PEERS = {"ldns": "ldns, NSD", "bind": "BIND", "knot": "Knot"}
_AT_ONCE = 8


def survey() -> Section:
    """Run the servers; return what everybody said of every answer."""
    rows: dict[str, list[str]] = {}
    for one in questions():
        asked = rows.setdefault(row(one), [])
        if (what := _asked(one)) not in asked:
            asked.append(what)
    return Section(
        TITLE,
        "The same zones three times, signed by `ldns-signzone`, `dnssec-signzone` and `kzonesign` and served"
        " by NSD, named and knotd; Unbound, named and kresd resolve, `delv` validates behind Unbound, and"
        " so do we behind each of the three.  Below each situation stands the status that its answers have"
        " (RFC 4035 5, RFC 5155 9.2), and what is asked for.",
        ("Situation, status", "questions"),
        {name: ", ".join(asked) for name, asked in rows.items()},
        tuple(PEERS.values()),
        _opinions(),
    )


def _asked(question: Question) -> str:
    return f"{question.label or '@'} {question.rtype}"


def _opinions() -> list[Opinion]:
    with (
        tempfile.TemporaryDirectory(prefix="mxwalk-names-") as where,
        resolvers(Path(where)) as running,
    ):
        return [*asyncio.run(_resolved(running)), *_by_delv(running)]


def _opinion(question: Question, tool: str, said: Status | str) -> Opinion:
    word = said.value if isinstance(said, Status) else said
    return Opinion(
        TITLE, row(question), PEERS[question.signer], tool, word, question.status.value,
        _asked(question),
    )  # fmt: skip


def row(question: Question) -> str:
    """Return the row a question belongs to: a situation, and what its answers are."""
    return f"{question.situation}, {question.status.value}"


def _theirs(answer: DnsAnswer, unchecked: DnsAnswer) -> Status | str:
    """Return what a resolver says: AD, or data without it, or SERVFAIL for what it gives with CD."""
    match answer.status:
        case DnsStatus.SERVFAIL:
            failed = unchecked.status is DnsStatus.SERVFAIL
            return Status.INDETERMINATE if failed else Status.BOGUS
        case DnsStatus.OK | DnsStatus.NODATA | DnsStatus.NXDOMAIN:
            return Status.SECURE if answer.authentic else Status.INSECURE
        case _:
            return str(answer.status.value)


async def _resolved(running: Running) -> list[Opinion]:
    anchors, asked = read_anchors(running.anchor), list(questions())
    found = []
    for name, place in RESOLVERS.items():
        checking = StubResolver([place], 20.0)
        unchecked = StubResolver([place], 20.0, checking_disabled=True)
        judging = _Judging(checking, unchecked, anchors, datetime.now(UTC))
        said = await asyncio.gather(*map(judging.of, asked))
        for one, (theirs, ours) in zip(asked, said, strict=True):
            found += [_opinion(one, name, theirs), _opinion(one, f"mxwalk behind {name}", ours)]
    return found


@dataclass
class _Judging:
    """A resolver's word on a question, and ours behind it."""

    checking: StubResolver
    unchecked: StubResolver
    anchors: TrustAnchors
    at: datetime
    book: AnswerBook = field(default_factory=AnswerBook)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def of(self, one: Question) -> tuple[Status | str, Status]:
        async with self.slots:
            checked = await self.checking.query(one.qname, one.rtype)
            raw = await self.unchecked.query(one.qname, one.rtype)
            ours, _ = await validate_live(self.unchecked, raw, self.anchors, self.at, self.book)
            return _theirs(checked, raw), ours.status


def _by_delv(running: Running) -> Iterator[Opinion]:
    asked = list(questions())
    place = RESOLVERS["Unbound"]
    with ThreadPoolExecutor(3) as pool:
        texts = pool.map(lambda one: delv(running, place, one.qname, one.rtype), asked)
        for one, text in zip(asked, texts, strict=True):
            yield _opinion(one, "delv", _read(text))


def _read(text: str) -> Status | str:
    """Return delv's word; of an alias to something bogus it prints the good half first."""
    if re.search(r"resolution failed: (?!ncache)", text):
        return Status.BOGUS
    if "unsigned answer" in text:
        return Status.INSECURE
    return Status.SECURE if "fully validated" in text else text.strip()[:200]
