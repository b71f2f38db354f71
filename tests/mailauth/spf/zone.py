"""A canned DNS for evaluations: records in presentation form by name and type, and failures."""

from collections.abc import Mapping

from mxwalk.dns.txt import txt_line
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mailauth.asking import Asking, Question, T

Records = Mapping[str, tuple[str, ...] | DnsStatus]


def txt(text: str | bytes) -> str:
    octets = text.encode("latin-1") if isinstance(text, str) else text
    return txt_line("x", octets).removeprefix("x. IN TXT ")


def strings(*parts: str) -> str:
    return " ".join(f'"{part}"' for part in parts)


def spf(text: str) -> dict[str, tuple[str, ...]]:
    return {"TXT": (txt(text),)}


class Zone:
    """Answers every question; remembers what was asked, in order."""

    def __init__(self, names: Mapping[str, Records]) -> None:
        self.names = {name.lower(): dict(records) for name, records in names.items()}
        self.asked: list[Question] = []

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        return self.answer(qname, rtype)

    def answer(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.append(Question(qname, rtype))
        name, hops, sets = qname.lower(), [], []
        while True:
            records = self.names.get(name)
            if records is None:
                inner = any(other.endswith(f".{name}") for other in self.names)
                status = DnsStatus.NODATA if inner else DnsStatus.NXDOMAIN
                break
            found = records.get(rtype, ())
            if isinstance(found, DnsStatus):
                status = found
                break
            if found:
                sets.append(RRset(name=name, rtype=rtype, ttl_s=300, records=found))
                status = DnsStatus.OK
                break
            alias = records.get("CNAME")
            if not isinstance(alias, tuple) or len(hops) > 8:
                status = DnsStatus.LOOP if alias else DnsStatus.NODATA
                break
            sets.append(RRset(name=name, rtype="CNAME", ttl_s=300, records=alias))
            name = alias[0].removesuffix(".").lower()
            hops.append(name)
        return DnsAnswer(
            qname=qname, rtype=rtype, status=status, answer=tuple(sets), cname_hops=tuple(hops)
        )


def run(asking: Asking[T], zone: Zone) -> T:
    """Drive an evaluation over the zone."""
    result, _ = trace(asking, zone)
    return result


def trace(asking: Asking[T], zone: Zone) -> tuple[T, tuple[DnsAnswer, ...]]:
    """Drive an evaluation and keep its answers."""
    kept: list[DnsAnswer] = []
    try:
        questions = next(asking)
        for _ in range(5_000):
            answers = tuple(zone.answer(*question) for question in questions)
            kept.extend(answers)
            questions = asking.send(answers)
    except StopIteration as stop:
        return stop.value, tuple(kept)
    raise AssertionError("the evaluation does not end")
