"""A zone out of an input's lines: ``name TYPE data``, or ``name TYPE !STATUS`` for a failure."""

from mxwalk.dns.txt import txt_line
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import Answers, Asking, Question, T
from tests.fuzz.model import promise

_STATUSES = {status.value.encode(): status for status in DnsStatus}
_MOST_LINES = 60


class LineZone:
    """Answers from the lines; nothing else exists.  Counts what is asked."""

    def __init__(self, data: bytes, most: int) -> None:
        self.most = most
        self.asked: set[Question] = set()
        self.records: dict[tuple[str, str], list[str]] = {}
        self.failing: dict[tuple[str, str], DnsStatus] = {}
        for line in data.split(b"\n")[:_MOST_LINES]:
            name, _, rest = line.partition(b" ")
            rtype, _, content = rest.partition(b" ")
            key = name.decode("latin-1").lower(), rtype.decode("latin-1")
            if content[:1] == b"!" and content[1:] in _STATUSES:
                self.failing[key] = _STATUSES[content[1:]]
            elif rtype:
                text = content.decode("latin-1")
                if rtype == b"TXT":
                    text = txt_line("x", content).removeprefix("x. IN TXT ")
                self.records.setdefault(key, []).append(text)

    def answer(self, question: Question) -> DnsAnswer:
        """Answer one question."""
        self.asked.add(question)
        promise(len(self.asked) <= self.most, "more than", self.most, "questions")
        name = question.qname.lower()
        if (name, question.rtype) in self.failing:
            return DnsAnswer(
                qname=question.qname,
                rtype=question.rtype,
                status=self.failing[name, question.rtype],
            )
        found = self.records.get((name, question.rtype), [])
        if found:
            rrset = RRset(
                name=question.qname, rtype=question.rtype, ttl_s=300, records=tuple(found)
            )
            return DnsAnswer(
                qname=question.qname, rtype=question.rtype, status=DnsStatus.OK, answer=(rrset,)
            )
        there = any(one == name or one.endswith(f".{name}") for one, _ in self.records)
        status = DnsStatus.NODATA if there else DnsStatus.NXDOMAIN
        return DnsAnswer(qname=question.qname, rtype=question.rtype, status=status)

    def run(self, asking: Asking[T]) -> tuple[T, Answers]:
        """Run an evaluation; return its result and every answer, each question's once."""
        kept: dict[Question, DnsAnswer] = {}
        try:
            questions = next(asking)
            while True:
                for one in questions:
                    if one not in kept:
                        kept[one] = self.answer(one)
                questions = asking.send(tuple(kept[one] for one in questions))
        except StopIteration as stop:
            return stop.value, tuple(kept.values())
