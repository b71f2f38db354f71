"""Name constraints of the CAs of a path held against every name below them (RFC 5280 4.2.1.10).

OpenSSL's way: constraints of the root count, too; a self-issued CA below is passed over; the common
name of a server's certificate counts as a DNS name when it has no DNS name among its subject
alternative names.  Every comparison is a record, so that a person sees why a name fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mxwalk.language import say
from mxwalk.limits import CONSTRAINT_CHECKS_SHOWN, CONSTRAINT_COMPARISONS
from mxwalk.pkix.model import ConstraintCheck, ConstraintResult
from mxwalk.pkix.name_matching import Within, dns_name_in
from mxwalk.pkix.name_rules import Rules, base_text
from mxwalk.pkix.subtrees import GeneralName, Names, Subtree, Subtrees, read_names, read_subtrees
from mxwalk.pkix.traits import self_issued
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.certificate_names import DNS

_SHOWN_CHARS = 200
_OUTSIDE = {False: ConstraintResult.NOT_PERMITTED, True: ConstraintResult.NOT_EXCLUDED}
_INSIDE = {False: ConstraintResult.PERMITTED, True: ConstraintResult.EXCLUDED}


@dataclass(frozen=True, slots=True)
class Violation:
    """A certificate whose names break a CA's constraints.

    ``first`` is the comparison OpenSSL stops at.  Without one there are more names and constraints
    than it compares.
    """

    depth: int
    ca_depth: int
    first: ConstraintCheck | None


@dataclass(slots=True)
class _Records:
    """What was compared, up to the limits."""

    checks: list[ConstraintCheck] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    comparisons: int = 0

    def add(self, check: ConstraintCheck) -> None:
        if len(self.checks) < CONSTRAINT_CHECKS_SHOWN or (
            check.violated and len(self.checks) < 2 * CONSTRAINT_CHECKS_SHOWN
        ):
            self.checks.append(check)


def check_constraints(
    path: tuple[bytes, ...],
) -> tuple[tuple[ConstraintCheck, ...], tuple[Violation, ...]]:
    """Hold the constraints of each CA against the names below it, from the top down."""
    records = _Records()
    trees = [read_subtrees(der) for der in path]
    for depth in range(len(path) - 1, -1, -1):
        if depth and self_issued(read_certificate(path[depth])):
            continue
        above = [ca for ca in range(len(path) - 1, depth, -1) if trees[ca].count]
        if not above:
            continue
        names = read_names(path[depth])
        for ca in above:
            _check_one(records, names, trees[ca], depth, ca)
    return tuple(records.checks), tuple(records.violations)


def _check_one(records: _Records, names: Names, trees: Subtrees, depth: int, ca: int) -> None:
    number = names.attributes + len(names.alternatives)
    too_many = number and trees.count > CONSTRAINT_COMPARISONS // number
    if too_many or records.comparisons > CONSTRAINT_COMPARISONS:
        records.violations.append(Violation(depth, ca, None))
        return
    first: ConstraintCheck | None = None
    rules = Rules(trees)
    for name in (*names.subject, *names.alternatives, *_common_names(names, depth)):
        for check in _compare(records, name, rules, depth, ca):
            records.add(check)
            if check.violated and first is None:
                first = check
    if first is not None:
        records.violations.append(Violation(depth, ca, first))


def _common_names(names: Names, depth: int) -> Iterator[GeneralName]:
    if depth or names.has_dns:
        return
    for common in names.common_names:
        try:
            dns = dns_name_in(common)
        except ValueError:
            yield GeneralName(DNS, common, "common name", visible(common), usable=False)
            continue
        if dns is not None:
            yield GeneralName(DNS, dns, "common name", visible(dns))


def _compare(
    records: _Records, name: GeneralName, rules: Rules, depth: int, ca: int
) -> Iterator[ConstraintCheck]:
    def said(constraint: str, result: ConstraintResult, reason: str) -> ConstraintCheck:
        return ConstraintCheck(
            ca_depth=ca,
            depth=depth,
            constraint=constraint,
            name=f"{name.kind} {visible(name.text, _SHOWN_CHARS)}",
            result=result,
            reason=reason,
        )

    if not name.usable:
        yield said(
            "any", ConstraintResult.UNSUPPORTED, say("the name is not encoded as it must be")
        )
        return
    for excluded, group in ((False, rules.permitted(name)), (True, rules.excluded(name))):
        if group is None:
            continue
        outcome, tree = group.first(name)
        records.comparisons += group.cost
        match outcome:
            case Within.NO:
                result = _OUTSIDE[excluded]
                reason = say("it lies in none of the {word} subtrees", word=say(group.word))
            case Within.YES:
                result, reason = (
                    _INSIDE[excluded],
                    say("it lies in {base_text}", base_text=base_text(tree)),
                )
            case _:
                result, reason = ConstraintResult.UNSUPPORTED, _why(outcome, tree)
        yield said(group.text, result, reason)


def _why(outcome: Within, tree: Subtree) -> str:
    if not tree.plain:
        return say("the subtree has a minimum or a maximum, which RFC 5280 does not allow")
    if outcome is Within.BAD_NAME:
        return say(
            "the name or {base_text} does not have the form of its kind", base_text=base_text(tree)
        )
    return say("OpenSSL does not compare names of this kind")
