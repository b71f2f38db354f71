"""Which elements stand in which, by both schemas (RFC 7489 appendix C, RFC 9990 3.1.1).

A shape is held against the names of an element's children at once, and its answer kept: the records
of a report nearly all have the same ones.
"""

from dataclasses import dataclass, field

from mxwalk.dmarcrpt.model import Schema
from mxwalk.language import noted
from mxwalk.reportfiles.model import Kind

NAMESPACE_2 = "urn:ietf:params:xml:ns:dmarc-2.0"  # RFC 9990 3.1.1.1
NAMESPACE_1 = "http://dmarc.org/dmarc-xml/0.1"  # RFC 7489 appendix C; hardly any report names it
_KEPT = 5_000
_SHORT = 40

Fault = tuple[Kind, str, str]  # kind, name of the child, words that follow it


@dataclass(slots=True)
class Shape:
    """The children an element may have, in order; ``many`` may stand there more than once."""

    children: tuple[str, ...]
    required: frozenset[str]
    many: frozenset[str] = frozenset()
    ordered: bool = False
    removed: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    _kept: dict[tuple[str, ...], tuple[Fault, ...]] = field(default_factory=dict)

    def faults(self, names: tuple[str, ...]) -> tuple[Fault, ...]:
        """Return how these children deviate."""
        found = self._kept.get(names)
        if found is None:
            found = tuple(self._find(names))
            if len(self._kept) < _KEPT and len(names) < _SHORT:
                self._kept[names] = found
        return found

    def _find(self, names: tuple[str, ...]) -> list[Fault]:
        found: list[Fault] = []
        seen: set[str] = set()
        last = -1
        for name in names:
            if name in self.removed:
                found.append((Kind.REMOVED, name, noted("is no longer part of RFC 9990")))
            elif name in self.later:
                found.append((Kind.UNKNOWN, name, noted("is of RFC 9990, in a report of RFC 7489")))
            elif name not in self.children:
                found.append((Kind.UNKNOWN, name, noted("does not belong there")))
                continue
            if name in seen and name not in self.many:
                found.append((Kind.REPEATED, name, noted("stands there more than once")))
            seen.add(name)
            at = self.children.index(name) if name in self.children else last
            if self.ordered and at < last:
                found.append((Kind.ORDER, name, noted("stands in another order")))
            last = max(last, at)
        missing = (name for name in self.children if name in self.required - seen)
        found += [(Kind.MISSING, name, noted("is missing")) for name in missing]
        return found


def _shape(
    children: str,
    required: str = "",
    *,
    many: str = "",
    ordered: bool = False,
    removed: str = "",
    later: str = "",
) -> Shape:
    return Shape(
        tuple(children.split()),
        frozenset(required.split()),
        frozenset(many.split()),
        ordered,
        frozenset(removed.split()),
        frozenset(later.split()),
    )


_METADATA = "org_name email extra_contact_info report_id date_range error"
_POLICY = "domain adkim aspf p sp fo"
_EVALUATED = _shape(
    "disposition dkim spf reason", "disposition dkim spf", many="reason", ordered=True
)
_COMMON = {
    "date_range": _shape("begin end", "begin end"),
    # more than one row to a record is a fault, but each is counted
    "row": _shape("source_ip count policy_evaluated", "source_ip count policy_evaluated"),
    "policy_evaluated": _EVALUATED,
    "reason": _shape("type comment", "type"),
}
_RECORD = _shape(
    "row identifiers auth_results", "row identifiers auth_results", many="row", ordered=True
)
SHAPES: dict[Schema, dict[str, Shape]] = {
    Schema.RFC7489: {
        **_COMMON,
        "record": _RECORD,
        "feedback": _shape(
            "version report_metadata policy_published record",
            "version report_metadata policy_published record",
            many="record",
            ordered=True,
            later="extension",
        ),
        "report_metadata": _shape(
            _METADATA,
            "org_name email report_id date_range",
            many="error",
            ordered=True,
            later="generator",
        ),
        "policy_published": _shape(
            _POLICY + " pct",
            "domain p sp pct fo",
            later="np testing discovery_method version_published",
        ),
        "identifiers": _shape("envelope_to envelope_from header_from", "envelope_from header_from"),
        "auth_results": _shape("dkim spf", "spf", many="dkim spf", ordered=True),
        "dkim": _shape("domain selector result human_result", "domain result"),
        "spf": _shape("domain scope result", "domain scope result", later="human_result"),
    },
    Schema.RFC9990: {
        **_COMMON,
        "record": _RECORD,
        "feedback": _shape(
            "version report_metadata policy_published extension record",
            "report_metadata policy_published record",
            many="record",
            ordered=True,
        ),
        "report_metadata": _shape(_METADATA + " generator", "org_name email report_id date_range"),
        "policy_published": _shape(
            _POLICY + " np testing discovery_method", "domain p", removed="pct version_published"
        ),
        "identifiers": _shape("header_from envelope_from envelope_to", "header_from"),
        "auth_results": _shape("dkim spf", many="dkim", ordered=True),
        "dkim": _shape("domain selector result human_result", "domain selector result"),
        "spf": _shape("domain scope result human_result", "domain result"),
    },
}
KNOWN = frozenset(
    name
    for shapes in SHAPES.values()
    for parent, shape in shapes.items()
    for name in (parent, *shape.children, *shape.later, *shape.removed)
)
# Elements that only RFC 9990 has: a report with one of them follows it, with a namespace or without.
OF_RFC_9990 = frozenset(("extension", "generator", "testing", "discovery_method"))
