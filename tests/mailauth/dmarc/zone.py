"""A zone that answers DMARC's questions: TXT by name, NXDOMAIN elsewhere, failures on demand."""

from collections.abc import Mapping, Sequence

from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import Asking, Questions, T


def _presented(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Zone:
    def __init__(
        self,
        txt: Mapping[str, str | Sequence[str]] | None = None,
        *,
        status: Mapping[str, DnsStatus] | None = None,
        exists: Sequence[str] = (),
    ) -> None:
        self.txt = {
            name.lower(): [text] if isinstance(text, str) else list(text)
            for name, text in (txt or {}).items()
        }
        self.status = status or {}
        self.exists = exists
        self.asked: list[tuple[str, str]] = []

    def answer(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.append((qname, rtype))
        texts = self.txt.get(qname.lower(), []) if rtype == "TXT" else []
        if qname in self.status:
            return DnsAnswer(qname=qname, rtype=rtype, status=self.status[qname], error="it failed")
        if texts:
            rrset = RRset(
                name=qname, rtype=rtype, ttl_s=300, records=tuple(_presented(t) for t in texts)
            )
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.OK, answer=(rrset,))
        below = any(name.endswith("." + qname) for name in self.txt)
        there = qname in self.exists or qname in self.txt or below
        return DnsAnswer(
            qname=qname, rtype=rtype, status=DnsStatus.NODATA if there else DnsStatus.NXDOMAIN
        )

    def run(self, asking: Asking[T]) -> T:
        """Run an evaluation; questions asked twice are answered from the first answer."""
        kept: dict[tuple[str, str], DnsAnswer] = {}

        def answers(questions: Questions) -> tuple[DnsAnswer, ...]:
            for question in questions:
                if question not in kept:
                    kept[question] = self.answer(*question)
            return tuple(kept[question] for question in questions)

        try:
            questions = next(asking)
            while True:
                questions = asking.send(answers(questions))
        except StopIteration as stop:
            return stop.value

    @property
    def txt_asked(self) -> list[str]:
        return [name for name, rtype in self.asked if rtype == "TXT"]
