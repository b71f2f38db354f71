"""Remarks on what a record leads to: hosts without addresses, broken includes, loops (RFC 7208)."""

from mxwalk.language import say
from mxwalk.mailauth.spf.checking import STANDARD
from mxwalk.mailauth.spf.lint_model import Kind, Remark, Severity
from mxwalk.mailauth.spf.lint_name import near_words
from mxwalk.mailauth.spf.lint_record import at_term, lint_record
from mxwalk.mailauth.spf.mechanisms import mx_hosts
from mxwalk.mailauth.spf.model import Record, SpfResult
from mxwalk.mailauth.spf.survey_model import Leaf, State, Survey, Surveyed
from mxwalk.text import visible

# What is wrong with the text of somebody else's record matters here only if it breaks or opens ours.
_OF_INCLUDED = (Kind.PTR, Kind.WIDE_IP4, Kind.WIDE_IP6)


def lint_tree(survey: Survey) -> list[Remark]:
    """Return the remarks on every term that leads somewhere, in the order of the tree."""
    return _branch(survey.root, is_root=True)


def _branch(branch: Surveyed, *, is_root: bool) -> list[Remark]:
    found: list[Remark] = []
    if branch.record is None:
        return found
    if not is_root:
        found += [one for one in lint_record(branch.record) if one.kind in _OF_INCLUDED]
    for leaf in branch.leaves:
        found += _leaf(branch.record, leaf)
        if leaf.child is not None:
            found += _branch(leaf.child, is_root=False)
    return found


def _leaf(record: Record, leaf: Leaf) -> list[Remark]:
    term = leaf.term
    shown = visible(leaf.target, 80)
    found: list[Remark] = []
    match leaf.state:
        case State.LOOP:
            fix = say("remove it, or the term that leads back here")
            kind = (Kind.LOOP, Severity.ERROR)
            found.append(at_term(record, term, kind, leaf.note, fix))
        case State.FAILED:
            kind = (Kind.NOT_LOOKED_UP, Severity.WARNING)
            fix = say("ask again; if it stays so, receivers answer temperror here")
            found.append(at_term(record, term, kind, leaf.note, fix))
        case State.EMPTY if leaf.child is not None:
            found.append(_broken(record, leaf, leaf.child))
        case State.EMPTY:
            kind = (Kind.VOID, Severity.WARNING)
            what = say("{note}: nothing can match", note=leaf.note)
            found.append(
                at_term(record, term, kind, what, say("remove it, or publish the records"))
            )
        case State.KNOWN | State.DEPENDS | State.IGNORED | State.NOT_FOLLOWED:
            pass
    exchangers = next((one for one in leaf.asked if one.rtype == "MX"), None)
    count = len(mx_hosts(exchangers.answer)) if exchangers else 0
    if count > STANDARD.names:  # RFC 7208 4.6.4
        what = say(
            "{shown} has {count} MX records; more than {names} give permerror",
            shown=shown,
            count=count,
            names=STANDARD.names,
        )
        fix = say("name the hosts that send by ip4, ip6 or a")
        found.append(at_term(record, term, (Kind.TOO_MANY_MX, Severity.ERROR), what, fix))
    if term.name == "include" and leaf.child and _passes_all(leaf.child):
        what = say("the record of {shown} lets every host pass, and so does this one", shown=shown)
        fix = say("remove it, and tell who publishes that record")
        found.append(at_term(record, term, (Kind.INCLUDE_PASSES_ALL, Severity.ERROR), what, fix))
    return found


def _broken(record: Record, leaf: Leaf, child: Surveyed) -> Remark:
    """RFC 7208 5.2, 6.1: without a usable record behind it, the whole check is permerror."""
    near = next((words for octets in child.others if (words := near_words(octets))), "")
    what = (
        say(
            "what is redirected to has no usable record, which gives permerror: {why}",
            why=child.why,
        )
        if leaf.term.is_modifier
        else say(
            "what is included has no usable record, which gives permerror: {why}", why=child.why
        )
    )
    if near:
        what = say("{what}; a TXT record stands there, but {near}", what=what, near=near)
    fix = (
        say("remove the term, or correct the name")
        if child.problem is SpfResult.NONE
        else (
            say(
                "tell who publishes {domain}, or remove the term until it is mended",
                domain=visible(child.domain, 80),
            )
        )
    )
    return at_term(record, leaf.term, (Kind.INCLUDE_BROKEN, Severity.ERROR), what, fix)


def _passes_all(branch: Surveyed) -> bool:
    if branch.record is None:
        return False
    last = next((leaf for leaf in branch.leaves if leaf.term.name == "all"), None)
    if last is not None and last.state is not State.IGNORED:
        return last.term.qualifier == "+"
    follow = next((leaf for leaf in branch.leaves if leaf.term.name == "redirect"), None)
    return bool(follow and follow.child and _passes_all(follow.child))
