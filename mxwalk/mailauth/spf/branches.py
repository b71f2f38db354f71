"""One domain's record evaluated: found, read, its terms in order, ``redirect``, the default result.

RFC 7208 4.3 to 4.7, 5.2 and 6.  An ``include`` and a ``redirect`` come back here with another domain.
"""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.spf.checking import Check, Found, error, lookup_of, no_match
from mxwalk.mailauth.spf.explain import explain
from mxwalk.mailauth.spf.hosts import in_network
from mxwalk.mailauth.spf.macros import Expanded, expand_domain
from mxwalk.mailauth.spf.mechanisms import evaluate_a, evaluate_exists, evaluate_mx, evaluate_ptr
from mxwalk.mailauth.spf.model import (
    QUALIFIERS,
    Branch,
    Matched,
    Record,
    SpfResult,
    Term,
)
from mxwalk.mailauth.spf.names import asked_as, domain_problem
from mxwalk.mailauth.spf.retrieval import read_answer
from mxwalk.mailauth.spf.running import Ran, Run, of_expanded
from mxwalk.text import visible

_ASKING = {
    "a": evaluate_a,
    "mx": evaluate_mx,
    "ptr": evaluate_ptr,
    "exists": evaluate_exists,
}


def run_branch(check: Check, domain: str, *, is_main: bool) -> Asking[Ran]:
    """Evaluate the record of ``domain``; only the main chain of redirects is explained (6.2)."""
    problem = domain_problem(domain)
    if problem:  # RFC 7208 4.3
        why = say(
            "{domain!r} cannot be checked: {problem}", domain=visible(domain, 80), problem=problem
        )
        return Ran(branch=Branch(domain=domain, result=SpfResult.NONE, why=why), cause=why)
    (answer,) = yield (Question(asked_as(domain), "TXT"),)
    lookup = lookup_of(domain, answer)
    read = read_answer(domain, answer, lookup)
    if isinstance(read, Branch):
        return Ran(branch=read, cause=read.why)
    run = Run(check, domain, read)
    if read.faults:
        _refuse(run)
    else:
        yield from _terms(run)
    redirected = yield from _end(run, is_main=is_main)
    explained = yield from _explained(run, redirected, is_main=is_main)
    branch = Branch(
        domain=domain,
        result=run.result or SpfResult.NEUTRAL,
        why=run.why,
        record=read,
        asked=(lookup,),
        nodes=tuple(sorted(run.nodes, key=lambda node: node.term.start)),
    )
    cause = run.cause or say(
        "in the record of {domain}, {why}", domain=visible(domain, 80), why=run.why
    )
    if redirected is not None and redirected.matched is not None:
        return Ran(
            branch=branch,
            cause=cause,
            matched=redirected.matched,
            explanation=redirected.explanation,
            expansions=redirected.expansions,
        )
    return Ran(
        branch=branch,
        cause=cause,
        matched=run.matched,
        explanation=explained.text,
        expansions=explained.expansions,
    )


def _refuse(run: Run) -> None:
    """End a record with a fault before any term is evaluated (RFC 7208 4.6)."""
    first = run.record.faults[0]
    run.result = SpfResult.PERMERROR
    run.why = say(
        "the record cannot be read at octet {start}: {what}", start=first.start, what=first.what
    )
    for term in run.record.terms:
        what = next((f.what for f in run.record.faults if term.start <= f.start <= term.end), "")
        if what:
            run.add(term, Found(outcome=Matched.ERROR, why=what))
        else:
            why = say("a record with a fault is not evaluated")
            run.add(term, Found(outcome=Matched.NOT_REACHED, why=why))


def _terms(run: Run) -> Asking[None]:
    """Evaluate the directives in order until one matches or fails (RFC 7208 4.6.2)."""
    behind_all = False
    for term in _directives(run.record):
        if behind_all:
            run.add(term, Found(outcome=Matched.IGNORED, why=say("it stands behind all")))
        elif run.result is not None:
            run.add(term, Found(outcome=Matched.NOT_REACHED, why=say("the result stood before")))
        else:
            found = yield from _directive(run, term)
            node = run.add(term, found)
            if found.ends is not None:
                run.result, run.cause = found.ends, found.cause
                run.why = f"{visible(term.text, 80)}: {found.why}"
            elif found.outcome is Matched.MATCH:
                run.result, run.matched = QUALIFIERS[term.qualifier], node
                run.why = say("{term} matched: {why}", term=visible(term.text, 80), why=found.why)
        behind_all = behind_all or term.name == "all"  # RFC 7208 5.1


def _directives(record: Record) -> Iterator[Term]:
    return (term for term in record.terms if not term.is_modifier)


def _counted(check: Check) -> Found | None:
    """Count a term that asks; tell if it is one too many (RFC 7208 4.6.4)."""
    check.lookups += 1
    if check.lookups <= check.limits.terms:
        return None
    why = say(
        "it is term number {lookups} that asks DNS; {terms} are allowed",
        lookups=check.lookups,
        terms=check.limits.terms,
    )
    return error(SpfResult.PERMERROR, why)


def _directive(run: Run, term: Term) -> Asking[Found]:
    check = run.check
    if term.name == "all":
        return Found(outcome=Matched.MATCH, why=say("all matches every address"), matched_by="all")
    if term.name in ("ip4", "ip6"):
        return in_network(check.client, term)
    over = _counted(check)
    if over is not None:
        return over
    expanded = yield from expand_domain(check, run.domain, term.spec)
    if expanded.ended is not None:
        return of_expanded(expanded, expanded.ended)
    if expanded.never:  # RFC 8616 4
        return of_expanded(expanded, no_match(expanded.never))
    if term.name == "include":
        found = yield from _include(check, expanded.text)
    elif expanded.problem:
        found = no_match(
            say(
                "{expanded!r} cannot be asked: {problem}",
                expanded=visible(expanded.text, 80),
                problem=expanded.problem,
            )
        )
    else:
        found = yield from _ASKING[term.name](check, term, expanded.text)
    return of_expanded(expanded, found)


def _include(check: Check, target: str) -> Asking[Found]:
    """Evaluate the target's record; what its result means is the table of RFC 7208 5.2."""
    ran = yield from run_branch(check, target, is_main=False)
    child, shown = ran.branch, visible(target, 80)
    outcome, ends, cause = Matched.NO_MATCH, None, ""
    match child.result:
        case SpfResult.PASS:
            outcome, why = Matched.MATCH, say("{shown} passes", shown=shown)
            if ran.matched:
                by = visible(ran.matched.term.text, 80)
                why = say("{shown} passes by {term}", shown=shown, term=by)
        case SpfResult.FAIL | SpfResult.SOFTFAIL | SpfResult.NEUTRAL:
            why = say(
                "{shown} does not pass ({result}), so this does not match",
                shown=shown,
                result=child.result.value,
            )
        case SpfResult.TEMPERROR | SpfResult.PERMERROR:
            outcome, ends, why, cause = Matched.ERROR, child.result, ran.cause, ran.cause
        case SpfResult.NONE:
            outcome, ends = Matched.ERROR, SpfResult.PERMERROR
            why = say("what is included must have a record, and {why}", why=child.why)
    return Found(
        outcome=outcome,
        why=why,
        matched_by=target if outcome is Matched.MATCH else "",
        ends=ends,
        cause=cause,
        child=child,
    )


def _end(run: Run, *, is_main: bool) -> Asking[Ran | None]:
    """Follow ``redirect`` if nothing matched (RFC 7208 6.1), else the result is neutral (4.7)."""
    term = run.record.modifier("redirect")
    if term is None or run.record.faults:
        _default(run)
        return None
    if any(one.name == "all" for one in _directives(run.record)):
        why = say("redirect is ignored beside all")
        run.add(term, Found(outcome=Matched.IGNORED, why=why))
        return None
    if run.result is not None:
        run.add(term, Found(outcome=Matched.NOT_REACHED, why=say("the result stood before")))
        return None
    found, ran = yield from _redirect(run, term, is_main=is_main)
    run.add(term, found)
    if found.ends is not None:
        run.result, run.cause = found.ends, found.cause
        run.why = f"{visible(term.text, 80)}: {found.why}"
    elif ran is not None:
        run.result, run.why, run.cause = ran.branch.result, ran.cause, ran.cause
    _default(run)
    return ran


def _default(run: Run) -> None:
    if run.result is None:
        run.result = SpfResult.NEUTRAL  # RFC 7208 4.7
        run.why = say("no term matched, and there is no all or redirect: neutral is the default")


def _redirect(run: Run, term: Term, *, is_main: bool) -> Asking[tuple[Found, Ran | None]]:
    over = _counted(run.check)
    if over is not None:
        return over, None
    expanded = yield from expand_domain(run.check, run.domain, term.spec)
    if expanded.ended is not None:
        return of_expanded(expanded, expanded.ended), None
    if expanded.never:
        return of_expanded(expanded, no_match(expanded.never)), None
    ran = yield from run_branch(run.check, expanded.text, is_main=is_main)
    child = ran.branch
    shown = visible(expanded.text, 80)
    found = Found(
        outcome=Matched.MATCH, why=say("the record of {shown} decides", shown=shown), child=child
    )
    if child.result is SpfResult.NONE:  # RFC 7208 6.1
        why = say("what is redirected to must have a record, and {why}", why=child.why)
        found = Found(outcome=Matched.ERROR, why=why, ends=SpfResult.PERMERROR, child=child)
    elif child.result in (SpfResult.PERMERROR, SpfResult.TEMPERROR):
        found = Found(
            outcome=Matched.ERROR,
            why=ran.cause,
            ends=child.result,
            cause=ran.cause,
            child=child,
        )
    return of_expanded(expanded, found), ran


def _explained(run: Run, redirected: Ran | None, *, is_main: bool) -> Asking[Expanded]:
    """Add the other modifiers to the tree; fetch the explanation of a fail (RFC 7208 6.2)."""
    result = Expanded(text="")
    for term in run.record.terms:
        if run.record.faults or not term.is_modifier or term.name == "redirect":
            continue
        if term.name != "exp":
            run.add(term, Found(outcome=Matched.IGNORED, why=say("an unknown modifier is ignored")))
            continue
        if not is_main:
            why = say("the explanation of an included record is not used")
            run.add(term, Found(outcome=Matched.IGNORED, why=why))
        elif redirected is not None:
            why = say("after a redirect the explanation is the other record's")
            run.add(term, Found(outcome=Matched.IGNORED, why=why))
        elif run.result is not SpfResult.FAIL:
            why = say("an explanation is fetched for a fail only")
            run.add(term, Found(outcome=Matched.NOT_REACHED, why=why))
        else:
            found, result = yield from explain(run.check, run.domain, term)
            run.add(term, found)
    return result
