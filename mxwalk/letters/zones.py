"""The zone a finding of the DNS is about, and the SOA records that the evidence holds.

A negative answer brings the SOA record of its zone along (RFC 2308 3); DNSSEC validation knows where
the zones are cut.  What neither tells is taken from the name asked for.
"""

from collections.abc import Iterator, Mapping

import msgspec

from mxwalk.delivery.model import Delivery
from mxwalk.delivery.validated import validated, validated_in
from mxwalk.dnssec.model import Status, Validation
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import AddressesLookedUp, PtrLookedUp, TlsaLookedUp
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Trace
from mxwalk.findings.model import Finding
from mxwalk.names import is_address

_BROKEN = (Status.BOGUS, Status.INDETERMINATE)
_OF_THE_MX_SET = ("ROUTE00", "ROUTE010", "ROUTE011", "ROUTE020", "ROUTE024")


def step_of(trace: Trace, seq: int | None) -> Step | None:
    """Return the step with this number."""
    return next((step for step in trace.steps if step.seq == seq), None)


def answers_in(value: object) -> Iterator[DnsAnswer]:
    """Yield every DNS answer in a piece of evidence, at any depth."""
    match value:
        case DnsAnswer():
            yield value
        case tuple():
            for item in value:
                yield from answers_in(item)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from answers_in(getattr(value, name))
        case _:
            return


def authorities(trace: Trace, more: tuple[DnsAnswer, ...] = ()) -> Mapping[str, str]:
    """Return zone to RNAME from every SOA record seen; ``more`` are answers asked for besides."""
    found: dict[str, str] = {}
    for answer in answers_in((*more, *(step.evidence for step in trace.steps))):
        for rrset in (*answer.answer, *answer.authority):
            fields = rrset.records[0].split() if rrset.rtype == "SOA" and rrset.records else []
            if len(fields) >= 2:  # MNAME RNAME ... (RFC 1035 3.3.13)
                found.setdefault(_plain(rrset.name), fields[1])
    return found


def zone_of(delivery: Delivery, finding: Finding) -> str:
    """Return the zone that must be changed, as far as the evidence tells; empty if not at all."""
    step = step_of(delivery.trace, finding.step)
    broken = _broken_zone(delivery, step) if finding.code.startswith("DNSSEC") else ""
    name = _name(delivery, finding, step)
    return broken or _enclosing(delivery, delivery.domain if is_address(name) else name)


def _broken_zone(delivery: Delivery, step: Step | None) -> str:
    """Return the first zone on the way down that fails in a look-up of the step."""
    for item in validated_in(delivery, step):
        for hop in item.validation.hops:
            if hop.status in _BROKEN:
                links = (link.zone for link in hop.links if link.status in _BROKEN)
                return _plain(next(links, hop.zone))
    return ""


def _name(delivery: Delivery, finding: Finding, step: Step | None) -> str:
    """Return the name whose records are at fault."""
    if finding.code.startswith(_OF_THE_MX_SET) and delivery.domain:
        return delivery.domain
    match step.evidence if step is not None else None:
        case PtrLookedUp() as looked:
            return looked.answer.qname
        case TlsaLookedUp() | AddressesLookedUp() as looked:
            return looked.host
        case _ if finding.host:
            return finding.host
        case evidence:
            asked = next(answers_in(evidence), None) if evidence is not None else None
            return asked.qname if asked is not None else delivery.domain


def _enclosing(delivery: Delivery, name: str) -> str:
    """Return the closest zone known above a name; else the name without its service labels."""
    plain = _plain(name)
    known = {*authorities(delivery.trace), *_cuts(delivery)}
    above = [zone for zone in known if zone and (plain == zone or plain.endswith(f".{zone}"))]
    closest = max(above, key=len, default="")
    is_delegation = "." not in closest  # a top-level domain's own zone is nobody's we mean
    return without_service(plain) if is_delegation else closest


def _cuts(delivery: Delivery) -> Iterator[str]:
    for item in validated(delivery):
        yield from _zones(item.validation)


def _zones(validation: Validation) -> Iterator[str]:
    for hop in validation.hops:
        yield _plain(hop.zone)
        for link in hop.links:
            yield _plain(link.zone)


def without_service(name: str) -> str:
    """Return what stands behind the last label with an underscore (RFC 8552)."""
    labels = _plain(name).split(".")
    last = max((at for at, label in enumerate(labels) if label.startswith("_")), default=-1)
    return ".".join(labels[last + 1 :])


def _plain(name: str) -> str:
    return name.lower().rstrip(".")
