"""The walk through everything an SPF record leads to, whatever the address (RFC 7208 4.6.4, 5, 6.1).

It follows every ``include``, host and ``redirect`` that needs no message, asks both address families,
and counts what a client would cost that matches nothing.  Bounded by its own limits, not by the
RFC's ten: who publishes twelve wants to see all twelve.
"""

from mxwalk import limits
from mxwalk.language import say
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.spf.checking import lookup_of
from mxwalk.mailauth.spf.model import Lookup, SpfResult, Term
from mxwalk.mailauth.spf.names import asked_as, domain_problem, to_a_labels
from mxwalk.mailauth.spf.survey_model import Leaf, State, Survey, Surveyed
from mxwalk.mailauth.spf.survey_read import read_all, static_target
from mxwalk.mailauth.spf.survey_terms import (
    SurveyWalk,
    Way,
    dependent,
    survey_exists,
    survey_hosts,
    survey_network,
    totals,
)
from mxwalk.text import visible


def expand(domain: str) -> Asking[Survey]:
    """Survey a domain; the answer of type SPF (99) is asked for beside the TXT records."""
    plain = to_a_labels(domain.strip()).removesuffix(".")
    walk = SurveyWalk()
    type99: Lookup | None = None
    if not domain_problem(plain):
        (answer,) = yield (Question(asked_as(plain), "SPF"),)
        type99 = lookup_of(plain, answer)
    root = yield from _record(walk, plain, Way())
    four, six = totals(walk.reaches)
    return Survey(
        domain=plain,
        root=root,
        lookups=walk.lookups,
        voids=walk.voids,
        voids6=walk.voids6,
        reaches=tuple(walk.reaches),
        addresses4=four,
        networks6=six,
        depends=walk.depends,
        type99=type99.answer if type99 else (),
        type99_lookup=type99,
        is_cut=walk.is_cut,
    )


def _record(walk: SurveyWalk, domain: str, way: Way) -> Asking[Surveyed]:
    problem = domain_problem(domain)
    if problem:
        why = say(
            "{domain!r} cannot be checked: {problem}", domain=visible(domain, 80), problem=problem
        )
        return Surveyed(domain=domain, problem=SpfResult.NONE, why=why)
    (answer,) = yield (Question(asked_as(domain), "TXT"),)
    walk.records += 1
    base = read_all(domain, answer)
    if base.record is None or base.record.faults:
        return base
    leaves: list[Leaf] = []
    ends = False
    below = way.into(domain)
    directives = [term for term in base.record.terms if not term.is_modifier]
    for term in directives:
        if ends:
            note = say("it stands behind all")
            leaves.append(Leaf(term=term, state=State.IGNORED, note=note, lookups=walk.lookups))
            continue
        leaf = yield from _leaf(walk, domain, term, below)
        leaves.append(leaf)
        ends = term.name == "all"
    redirect = base.record.modifier("redirect")
    if redirect is not None and ends:
        note = say("redirect is ignored beside all")
        leaves.append(Leaf(term=redirect, state=State.IGNORED, note=note, lookups=walk.lookups))
    elif redirect is not None:
        walk.lookups += 1
        leaf = yield from _followed(walk, domain, redirect, below)
        leaves.append(leaf)
    return Surveyed(
        domain=domain,
        record=base.record,
        records=base.records,
        others=base.others,
        asked=base.asked,
        leaves=tuple(sorted(leaves, key=lambda leaf: leaf.term.start)),
    )


def _leaf(walk: SurveyWalk, domain: str, term: Term, way: Way) -> Asking[Leaf]:
    if term.asks:
        walk.lookups += 1
    match term.name:
        case "ip4" | "ip6":
            return survey_network(walk, domain, term, way)
        case "all":
            return Leaf(term=term, state=State.KNOWN, lookups=walk.lookups)
        case "include":
            leaf = yield from _followed(walk, domain, term, way)
            return leaf
        case "a" | "mx":
            leaf = yield from survey_hosts(walk, domain, term, way)
            return leaf
        case "exists":
            leaf = yield from survey_exists(walk, domain, term)
            return leaf
        case _:  # ptr: its names are the client's
            walk.depends = True
            target = static_target(domain, term.spec) or ""
            return Leaf(term=term, state=State.DEPENDS, target=target, lookups=walk.lookups)


def _followed(walk: SurveyWalk, domain: str, term: Term, way: Way) -> Asking[Leaf]:
    """Follow ``include`` or ``redirect`` into another record."""
    target = static_target(domain, term.spec)
    if target is None:
        return dependent(walk, term)
    if target.lower() in way.path:
        note = say(
            "{target} is on the way here already: this never ends", target=visible(target, 80)
        )
        return Leaf(term=term, state=State.LOOP, target=target, lookups=walk.lookups, note=note)
    if walk.records >= limits.SPF_SURVEY_RECORDS or not walk.has_room(1):
        walk.is_cut = True
        return Leaf(term=term, state=State.NOT_FOLLOWED, target=target, lookups=walk.lookups)
    below = way.through(term) if term.name == "include" else way
    child = yield from _record(walk, target, below)
    state, note = State.KNOWN, ""
    if child.problem is SpfResult.TEMPERROR:
        state, note = State.FAILED, child.why
    elif child.problem is not None:
        state, note = State.EMPTY, child.why
    return Leaf(
        term=term,
        state=state,
        target=target,
        lookups=walk.lookups,
        note=note,
        child=child,
    )
