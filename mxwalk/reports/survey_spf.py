"""The survey of an SPF record in the report: everything it leads to, and the tree as lines."""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.mailauth.spf.survey_model import Leaf, State, Surveyed
from mxwalk.mailauth.spf.survey_model import Survey as Expanded
from mxwalk.reports import model_survey as model
from mxwalk.reports.labels import FAIL_SIGN, UNKNOWN_SIGN, WARN_SIGN
from mxwalk.reports.mailauth_spf import LIMIT, VOID_LIMIT, lookup_line, lookups_of

_QUIET = (State.KNOWN.value, State.IGNORED.value, State.DEPENDS.value)


def spf_survey(found: Expanded) -> model.SpfSurvey:
    """Return the survey of a record as the report has it."""
    return model.SpfSurvey(
        lookups=found.lookups,
        voids=found.voids,
        voids_ipv6=found.voids6,
        addresses=found.addresses4,
        networks_ipv6=found.networks6,
        depends=found.depends,
        cut=found.is_cut,
        type99=found.type99,
        root=_surveyed(found.root),
    )


def _surveyed(one: Surveyed) -> model.SpfSurveyed:
    record = one.record
    return model.SpfSurveyed(
        domain=one.domain,
        record=record.text if record else None,
        records=tuple(each.text for each in one.records),
        faults=tuple(
            say(
                "octets {start} to {end}: {what}", start=fault.start, end=fault.end, what=fault.what
            )
            for fault in (record.faults if record else ())
        ),
        problem=one.problem.value if one.problem else "",
        why=one.why,
        leaves=tuple(_leaf(leaf) for leaf in one.leaves),
    )


def _leaf(leaf: Leaf) -> model.SpfLeaf:
    return model.SpfLeaf(
        text=leaf.term.text,
        state=leaf.state.value,
        target=leaf.target,
        asked=lookups_of(leaf.asked),
        lookups=leaf.lookups,
        networks=leaf.networks,
        note=leaf.note,
        child=_surveyed(leaf.child) if leaf.child else None,
    )


def survey_lines(found: model.SpfSurvey) -> Iterator[str]:
    """Yield the tree as indented lines with the running count of terms that ask."""
    yield from _surveyed_lines(found.root, 0)
    if found.root.record is None:
        return
    over = say("  {fail_sign} over the limit", fail_sign=FAIL_SIGN) if found.lookups > LIMIT else ""
    yield say(
        "{lookups} of {limit} look-ups if nothing matches{over}",
        lookups=found.lookups,
        limit=LIMIT,
        over=over,
    )
    voids = max(found.voids, found.voids_ipv6)
    if voids:
        yield say(
            "{voids} of {void_limit} look-ups without records", voids=voids, void_limit=VOID_LIMIT
        )
    more = say(" and what depends on the message") if found.depends else ""
    yield say(
        "{addresses:,} IPv4 addresses and {networks_ipv6} IPv6 networks pass{more}",
        addresses=found.addresses,
        networks_ipv6=found.networks_ipv6,
        more=more,
    )
    for text in found.type99:
        yield say(
            "{warn_sign} a record of the abandoned type SPF: {text}", warn_sign=WARN_SIGN, text=text
        )
    if found.cut:
        yield say(
            "{unknown_sign} there is more than this survey follows", unknown_sign=UNKNOWN_SIGN
        )


def _surveyed_lines(one: model.SpfSurveyed, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield f"{pad}{one.domain}: {one.record if one.record is not None else one.why}"
    if one.record is not None and one.why:
        yield f"{pad}  {FAIL_SIGN} {one.why}"
    if one.record is None:
        for text in one.records:
            yield f"{pad}  {text}"
    for fault in one.faults:
        yield f"{pad}  {FAIL_SIGN} {fault}"
    for leaf in one.leaves:
        state = f"  {say(leaf.state)}" if leaf.state != State.KNOWN.value else ""
        sign = "·" if leaf.state in _QUIET else WARN_SIGN
        note = f": {leaf.note}" if leaf.note else ""
        yield f"{pad}  {sign} {leaf.text}  [{leaf.lookups}/{LIMIT}]{state}{note}"
        for asked in leaf.asked:
            yield f"{pad}      {lookup_line(asked)}"
        if leaf.child is not None:
            yield from _surveyed_lines(leaf.child, depth + 2)
