"""Where DMARC records are looked for: the tree walk of RFC 9989 4.10, and RFC 7489 6.6.3 beside it.

Both are generators of questions.  A query that gets no usable answer does not end a walk, because the
rest of it is worth seeing, but what the walk finds is then not certain.  A walk belongs to one
identifier: a result is never carried over to another (RFC 9989 4.10.2).
"""

from dataclasses import dataclass, replace

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.identity.suffixes import list_date, organizational_domain
from mxwalk.language import say
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.dmarc.model import Discovery, Query, Reading
from mxwalk.mailauth.dmarc.queries import ANSWERED, ask_records, fits, read_name
from mxwalk.text import visible

MAX_QUERIES = 8  # RFC 9989 4.10
JUMP_LABELS = 7  # RFC 9989 4.10 step 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """Everything that DMARC asked for one identifier, by both readings.

    ``exists`` is whether the name exists (RFC 9989 3.2.13), ``None`` where that was not asked or got
    no usable answer.
    """

    domain: str
    walk: Discovery
    suffix: Discovery
    author: bool = False
    exists: bool | None = None

    def discovery(self, reading: Reading) -> Discovery:
        """Return what one reading found."""
        return self.walk if reading is Reading.RFC9989 else self.suffix


def domain_key(domain: str) -> str:
    """Return the name in lower-case A-labels without trailing dot, or the text if it is no name."""
    return read_name(domain) or domain.strip().lower()


def walk_names(domain: str) -> tuple[str, ...]:
    """Return the names whose ``_dmarc`` a full tree walk asks for (RFC 9989 4.10 steps 1 to 7)."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) <= MAX_QUERIES else labels[-JUMP_LABELS:]
    return (domain, *(".".join(above[at:]) for at in range(len(above))))


def discover(domain: str) -> Asking[Discovery]:
    """Walk the tree from ``domain`` and select its Organizational Domain (RFC 9989 4.10, 4.10.2)."""
    name = read_name(domain)
    if name is None:
        return _no_name(Reading.RFC9989, domain)
    queries: list[Query] = []
    for at, target in enumerate(walk_names(name)):
        query = yield from ask_records(target)
        psd = query.record.psd if query.record else "u"
        if psd in ("y", "n"):  # RFC 9989 4.10 steps 2 and 6
            queries.append(
                replace(
                    query, note=_with(query.note, say("psd={psd} ends the walk here.", psd=psd))
                )
            )
            break
        if at == 0 and len(name.split(".")) > MAX_QUERIES:
            jump = say(
                "The name is long: the walk goes on with its last {jump_labels} labels.",
                jump_labels=JUMP_LABELS,
            )
            query = replace(query, note=_with(query.note, jump))  # RFC 9989 4.10 step 4
        queries.append(query)
    organizational, why = _select(name, queries)
    failed = any(query.status not in ANSWERED for query in queries)
    if failed:
        why += say(" A query had no usable answer, so that this is not certain.")
    return Discovery(
        reading=Reading.RFC9989,
        domain=name,
        organizational=organizational,
        queries=tuple(queries),
        failed=failed,
        why=why,
    )


def discover_7489(domain: str, *, author: bool = True) -> Asking[Discovery]:
    """Find record and Organizational Domain by the public suffix list (RFC 7489 3.2, 6.6.3).

    Only for the Author Domain is anything asked: any other identifier needs its Organizational Domain
    alone, which the list gives.
    """
    name = read_name(domain)
    if name is None:
        return _no_name(Reading.RFC7489, domain)
    organizational = organizational_domain(name)
    queries: list[Query] = []
    if author:
        query = yield from ask_records(name)
        many = query.records > 1
        if many:  # RFC 7489 6.6.3 step 5
            query = replace(
                query,
                note=say(
                    "{records} records: by RFC 7489 DMARC ends here, unapplied.",
                    records=query.records,
                ),
            )
        queries.append(query)
        # RFC 7489 6.6.3 step 3: only when nothing is left at the Author Domain
        if organizational != name and query.record is None and not many:
            queries.append((yield from ask_records(organizational)))
    day = list_date()
    listed = (
        say("the public suffix list of {day}", day=day) if day else say("the public suffix list")
    )
    return Discovery(
        reading=Reading.RFC7489,
        domain=name,
        organizational=organizational,
        queries=tuple(queries),
        failed=any(query.status not in ANSWERED for query in queries),
        why=(
            say("By {listed} the name is a public suffix itself.", listed=listed)
            if organizational == name and "." not in name
            else say(
                "By {listed} the organizational domain is {organizational}.",
                listed=listed,
                organizational=organizational,
            )
        ),
    )


def look_up(domain: str, *, author: bool) -> Asking[LookedUp]:
    """Ask everything that both readings need of one identifier.

    ``author`` adds the RFC 7489 record look-ups and the existence test of ``np``.
    """
    exists: bool | None = None
    name = read_name(domain)
    if author and name is not None:
        # The first query of the walk does not wait for the existence test.
        answers = (
            yield (Question(name, "A"), Question(f"_dmarc.{name}", "TXT"))
            if fits(name)
            else (Question(name, "A"),)
        )
        exists = _exists(answers[0], answers[-1])
    walk = yield from discover(domain)
    suffix = yield from discover_7489(domain, author=author)
    return LookedUp(domain=walk.domain, walk=walk, suffix=suffix, author=author, exists=exists)


def _exists(address: DnsAnswer, policy: DnsAnswer) -> bool | None:
    """RFC 9989 3.2.13, A.4: only NXDOMAIN says that a name does not exist; NODATA says it does."""
    if address.cname_hops:
        return True  # RFC 6604 3: the code is about the end of the aliases; the alias is there
    if address.status is DnsStatus.NXDOMAIN:
        return False
    if address.status in (DnsStatus.OK, DnsStatus.NODATA):
        return True
    if policy.qname.startswith("_dmarc.") and policy.status in (DnsStatus.OK, DnsStatus.NODATA):
        return True  # RFC 8020 2: a name with something below it exists
    return None


def _select(start: str, queries: list[Query]) -> tuple[str, str]:
    """Select the Organizational Domain, from the longest name with a record on (RFC 9989 4.10.2)."""
    found = [(query.qname.removeprefix("_dmarc."), query.record) for query in queries]
    with_record = [(name, record) for name, record in found if record is not None]
    for name, record in with_record:
        if record.psd == "n":  # step 1
            return name, say("{name} says psd=n: it is the organizational domain.", name=name)
        if record.psd == "y" and name != start:  # step 2
            below = ".".join(start.split(".")[-(name.count(".") + 2) :])
            return (
                below,
                say(
                    "{name} says psd=y: the organizational domain is one label below, {below}.",
                    name=name,
                    below=below,
                ),
            )
    if not with_record:
        return start, say("No name on the walk has a record: the name is taken as its own.")
    shortest = min((name for name, _ in with_record), key=lambda name: name.count("."))  # step 3
    return shortest, say(
        "{shortest} is the highest name on the walk that has a record.", shortest=shortest
    )


def _with(note: str, more: str) -> str:
    return f"{note} {more}".strip()


def _no_name(reading: Reading, domain: str) -> Discovery:
    shown = visible(domain, 300)
    return Discovery(
        reading=reading,
        domain=shown,
        organizational=shown,
        why=say("This is no domain name: nothing asked."),
    )
