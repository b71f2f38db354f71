"""What the sections share: facts of look-ups and replies."""

from collections.abc import Iterable, Iterator

from mxwalk.compare.model import Fact
from mxwalk.compare.side import AddressPlace, HostPlace, Look
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import noted, say
from mxwalk.text import visible

CHARS = 1_000
_STATUS = {
    DnsStatus.OK: noted("answered"),
    DnsStatus.NODATA: noted("no such records"),
    DnsStatus.NXDOMAIN: noted("the name does not exist"),
    DnsStatus.SERVFAIL: noted("the DNS server failed (SERVFAIL)"),
    DnsStatus.REFUSED: noted("the DNS server refused"),
    DnsStatus.OTHER_RCODE: noted("another response code"),
    DnsStatus.TIMEOUT: noted("no answer in time"),
    DnsStatus.UNREACHABLE: noted("the DNS server cannot be reached"),
    DnsStatus.MALFORMED: noted("an answer that cannot be read"),
    DnsStatus.LOOP: noted("CNAMEs in a circle"),
}
ANSWERED = (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)


def connections(look: Look) -> Iterator[tuple[HostPlace, AddressPlace]]:
    """Yield the places with a counterpart that were connected to."""
    for host in look.hosts:
        for address in host.addresses:
            if address.attempt is not None:
                yield host, address


def of_answer(
    answer: DnsAnswer, step: int | None, *, rival: str = "", subject: str = ""
) -> Iterator[Fact]:
    """Yield whether a question was answered, over which aliases, and each record."""
    question = subject or answer.rtype
    said = say(_STATUS[answer.status]) if answer.status in _STATUS else ""
    if answer.status is DnsStatus.OTHER_RCODE and answer.rcode:
        said = f"{said} ({visible(answer.rcode, 40)})"
    yield Fact(
        key=f"status {question}",
        subject=say("answer to {question}", question=question),
        value=said,
        step=step,
    )
    if answer.cname_hops:
        hops = " → ".join(visible(hop, 300) for hop in answer.cname_hops)
        yield Fact(
            key=f"aliases {question}", subject=say("aliases of {name}", name=question),
            value=hops, step=step,
        )  # fmt: skip
    for record in dict.fromkeys(answer.records()):
        text = visible(record, CHARS)
        yield Fact(key=f"{question} {text}", subject=question, value=text, step=step, rival=rival)


def unanswered(answers: Iterable[DnsAnswer], subject: str = "") -> tuple[str, ...]:
    """Return how the keys of ``of_answer`` begin for records that a failed look-up hides."""
    return tuple(
        f"{subject or answer.rtype} " for answer in answers if answer.status not in ANSWERED
    )


def looked_up(answers: Iterable[DnsAnswer]) -> bool:
    """Say whether there is anything to compare: a cancelled question tells nothing."""
    return all(answer.status is not DnsStatus.CANCELLED for answer in answers)
