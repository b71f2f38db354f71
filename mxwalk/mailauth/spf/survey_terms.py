"""The terms of a survey that name hosts and networks, and the counts they add to."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mxwalk import limits
from mxwalk.language import say
from mxwalk.mailauth.asking import Asking
from mxwalk.mailauth.spf.checking import STANDARD, failed, failure_words, look_up, void_words
from mxwalk.mailauth.spf.hosts import network_of, network_text, prefix
from mxwalk.mailauth.spf.mechanisms import mx_hosts
from mxwalk.mailauth.spf.model import QUALIFIERS, Lookup, SpfResult, Term
from mxwalk.mailauth.spf.names import name_problem
from mxwalk.mailauth.spf.survey_model import Leaf, Reach, State
from mxwalk.mailauth.spf.survey_read import static_target
from mxwalk.text import visible


@dataclass(slots=True)
class SurveyWalk:
    """What the survey has counted so far."""

    lookups: int = 0
    voids: int = 0
    voids6: int = 0
    records: int = 0
    questions: int = 0
    is_cut: bool = False
    depends: bool = False
    reaches: list[Reach] = field(default_factory=list)

    def has_room(self, questions: int) -> bool:
        """Say whether so many more questions may be asked; note it if not."""
        fits = self.questions + questions <= limits.SPF_SURVEY_QUESTIONS
        self.is_cut = self.is_cut or not fits
        self.questions += questions if fits else 0
        return fits


@dataclass(frozen=True, slots=True)
class Way:
    """How a record was come to: the domains above, and what a pass there gives at the top."""

    path: tuple[str, ...] = ()
    is_included: bool = False
    pass_gives: SpfResult | None = None

    def result_of(self, term: Term) -> SpfResult | None:
        """Return what a match of the term gives at the top; ``None`` if nothing (RFC 7208 5.2)."""
        own = QUALIFIERS[term.qualifier]
        if not self.is_included:
            return own
        return self.pass_gives if own is SpfResult.PASS else None

    def into(self, domain: str) -> "Way":
        """Return the way of what stands in the record of ``domain``."""
        return Way((*self.path, domain.lower()), self.is_included, self.pass_gives)

    def through(self, include: Term) -> "Way":
        """Return the way of what an ``include`` leads to."""
        return Way(self.path, is_included=True, pass_gives=self.result_of(include))


def survey_network(walk: SurveyWalk, domain: str, term: Term, way: Way) -> Leaf:
    """Keep the network of ``ip4`` or ``ip6``."""
    network = network_of(term.spec, prefix(term, 4 if term.name == "ip4" else 6))
    networks = () if network is None else (str(network),)
    leaf = Leaf(term=term, state=State.KNOWN, lookups=walk.lookups, networks=networks)
    return reaching(walk, domain, way, leaf)


def dependent(walk: SurveyWalk, term: Term) -> Leaf:
    """Note a term whose macros need a message."""
    walk.depends = True
    return Leaf(term=term, state=State.DEPENDS, target=term.spec, lookups=walk.lookups)


def survey_hosts(walk: SurveyWalk, domain: str, term: Term, way: Way) -> Asking[Leaf]:
    """Look up the hosts of ``a`` or ``mx`` in both address families."""
    target = static_target(domain, term.spec)
    if target is None:
        return dependent(walk, term)
    if name_problem(target):
        return Leaf(
            term=term,
            state=State.EMPTY,
            target=target,
            lookups=walk.lookups,
            note=say(
                "{target!r} cannot be asked: {name_problem}",
                target=visible(target, 80),
                name_problem=name_problem(target),
            ),
        )
    names: tuple[str, ...] = (target,)
    asked: tuple[Lookup, ...] = ()
    if term.name == "mx":
        if not walk.has_room(1):
            return Leaf(term=term, state=State.NOT_FOLLOWED, target=target, lookups=walk.lookups)
        asked = yield from look_up((target,), "MX")
        hosts = mx_hosts(asked[0].answer)
        names = tuple(name for name in hosts if not name_problem(name))[: STANDARD.names + 1]
        _count(walk, asked, voids=1, voids6=1)
    if not walk.has_room(2 * len(names)):
        return Leaf(term=term, state=State.NOT_FOLLOWED, target=target, lookups=walk.lookups)
    four = yield from look_up(names, "A")
    six = yield from look_up(names, "AAAA")
    _count(walk, four, voids=1)
    _count(walk, six, voids6=1)
    every = (*asked, *four, *six)
    networks = tuple(
        str(network)
        for lookup in (*four, *six)
        for address in lookup.answer
        if (network := network_of(address, prefix(term, 4 if lookup.rtype == "A" else 6)))
    )
    leaf = Leaf(
        term=term,
        state=State.KNOWN,
        target=target,
        asked=every,
        lookups=walk.lookups,
        networks=networks,
    )
    return reaching(walk, domain, way, leaf)


def _count(walk: SurveyWalk, asked: Iterable[Lookup], *, voids: int = 0, voids6: int = 0) -> None:
    for lookup in asked:
        if lookup.is_void:
            walk.voids += voids
            walk.voids6 += voids6


def survey_exists(walk: SurveyWalk, domain: str, term: Term) -> Asking[Leaf]:
    """Ask for the A records of an ``exists`` that needs no message."""
    target = static_target(domain, term.spec)
    if target is None:
        return dependent(walk, term)
    if name_problem(target) or not walk.has_room(1):
        return Leaf(term=term, state=State.NOT_FOLLOWED, target=target, lookups=walk.lookups)
    asked = yield from look_up((target,), "A")
    _count(walk, asked, voids=1, voids6=1)
    note = say("it matches every client") if asked[0].answer else void_words(asked[0])
    return Leaf(
        term=term,
        state=_state(asked, bool(asked[0].answer)),
        target=target,
        asked=asked,
        lookups=walk.lookups,
        note=failure_words(asked[0]) if failed(asked[0]) else note,
    )


def _state(asked: tuple[Lookup, ...], found: bool) -> State:
    if found:
        return State.KNOWN
    return State.FAILED if any(failed(lookup) for lookup in asked) else State.EMPTY


def reaching(walk: SurveyWalk, domain: str, way: Way, leaf: Leaf) -> Leaf:
    """Keep the networks of a term, with what a client in them gets at the top."""
    distinct = tuple(dict.fromkeys(leaf.networks))
    result = way.result_of(leaf.term)
    if result is not None and len(walk.reaches) < limits.SPF_SURVEY_NETWORKS:
        walk.reaches += [
            Reach(network=network, result=result, domain=domain, term=leaf.term)
            for network in distinct
        ]
    elif result is not None:
        walk.is_cut = True
    note = ""
    if not distinct:
        bad = next((one for one in leaf.asked if failed(one)), None)
        empty = next((one for one in leaf.asked if one.is_void), None)
        note = (
            failure_words(bad) if bad else void_words(empty) if empty else say("there is no host")
        )
    return replace(
        leaf,
        state=_state(leaf.asked, bool(distinct)),
        networks=tuple(shown(network) for network in distinct),
        note=note,
    )


def shown(network: str) -> str:
    """Return a network, or an address where it is a single one."""
    return network_text(ipaddress.ip_network(network))


def totals(reaches: list[Reach]) -> tuple[int, int]:
    """Return how many IPv4 addresses and how many IPv6 networks pass, each once."""
    nets = [ipaddress.ip_network(one.network) for one in reaches if one.result is SpfResult.PASS]
    four = ipaddress.collapse_addresses(n for n in nets if isinstance(n, ipaddress.IPv4Network))
    six = ipaddress.collapse_addresses(n for n in nets if isinstance(n, ipaddress.IPv6Network))
    return sum(network.num_addresses for network in four), sum(1 for _ in six)
