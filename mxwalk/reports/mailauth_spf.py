"""An SPF evaluation in the report: from its tree to the report's data, and the tree as lines."""

from collections.abc import Iterator, Sequence

from mxwalk.language import say
from mxwalk.mailauth.spf.model import Branch, Evaluation, Expansion, Lookup, Matched, Node
from mxwalk.reports import model_mailauth as model
from mxwalk.reports.labels import FAIL_SIGN, OK_SIGN

LIMIT = 10  # RFC 7208 4.6.4
VOID_LIMIT = 2
_RECORDS_SHOWN = 4
_SIGNS = {
    Matched.MATCH.value: OK_SIGN,
    Matched.NO_MATCH.value: "·",
    Matched.ERROR.value: FAIL_SIGN,
    Matched.NOT_REACHED.value: " ",
    Matched.IGNORED.value: " ",
}
_FAILED = ("ok", "nodata", "nxdomain")


def spf(evaluation: Evaluation, identity: str, step: int | None) -> model.Spf:
    """Return one ``check_host()`` as the report has it."""
    matched = evaluation.matched
    return model.Spf(
        step=step,
        identity=identity,
        result=evaluation.result.value,
        why=evaluation.why,
        client_ip=evaluation.client_ip,
        domain=evaluation.domain,
        sender=evaluation.sender,
        helo=evaluation.helo,
        lookups=evaluation.lookups,
        voids=evaluation.voids,
        matched=matched.term.text if matched else "",
        explanation=evaluation.explanation,
        root=_branch(evaluation.root) if evaluation.root else None,
    )


def lookups_of(asked: Sequence[Lookup]) -> tuple[model.SpfLookup, ...]:
    """Return the DNS questions of a term."""
    return tuple(
        model.SpfLookup(
            qname=one.qname,
            rtype=one.rtype,
            status=one.status.value,
            records=one.answer,
            void=one.is_void,
            error=one.error,
        )
        for one in asked
    )


def _branch(branch: Branch) -> model.SpfBranch:
    record = branch.record
    return model.SpfBranch(
        domain=branch.domain,
        result=branch.result.value,
        why=branch.why,
        record=record.text if record else None,
        strings=record.strings if record else (),
        faults=tuple(
            say(
                "octets {start} to {end}: {what}", start=fault.start, end=fault.end, what=fault.what
            )
            for fault in (record.faults if record else ())
        ),
        asked=lookups_of(branch.asked),
        nodes=tuple(_node(node) for node in branch.nodes),
    )


def _node(node: Node) -> model.SpfNode:
    return model.SpfNode(
        text=node.term.text,
        start=node.term.start,
        end=node.term.end,
        outcome=node.outcome.value,
        target=node.target,
        expansions=tuple(_expansion(one) for one in node.expansions),
        asked=lookups_of(node.asked),
        lookups=node.lookups,
        voids=node.voids,
        matched_by=node.matched_by,
        why=node.why,
        fault=node.term.fault.what if node.term.fault else "",
        child=_branch(node.child) if node.child else None,
    )


def _expansion(one: Expansion) -> model.Expansion:
    return model.Expansion(macro=one.macro, value=one.value)


def tree_lines(check: model.Spf) -> Iterator[str]:
    """Yield the evaluation as indented lines with the running counts behind each term."""
    if check.root is not None:
        yield from _branch_lines(check.root, 0)
    sure = say(
        "{lookups} of {limit} look-ups, {voids} of {void_limit} without records",
        lookups=check.lookups,
        limit=LIMIT,
        voids=check.voids,
        void_limit=VOID_LIMIT,
    )
    yield say("result {result}; {sure}", result=check.result, sure=sure)
    if check.explanation:
        yield say(
            "explanation of the domain, untrusted: {explanation}", explanation=check.explanation
        )


def _branch_lines(branch: model.SpfBranch, depth: int) -> Iterator[str]:
    pad = "  " * depth
    yield f"{pad}{branch.domain}: {branch.record if branch.record is not None else branch.why}"
    for fault in branch.faults:
        yield f"{pad}  {FAIL_SIGN} {fault}"
    for node in branch.nodes:
        yield from _node_lines(node, depth + 1)
    if depth:
        yield f"{pad}  = {branch.result}"


def _node_lines(node: model.SpfNode, depth: int) -> Iterator[str]:
    pad = "  " * depth
    counts = f"[{node.lookups}/{LIMIT}" + (
        say(", {voids} void]", voids=node.voids) if node.voids else "]"
    )
    why = f": {node.why}" if node.why else ""
    sign = _SIGNS.get(node.outcome, " ")
    yield f"{pad}{sign} {node.text}  {counts} {say(node.outcome)}{why}"
    for one in node.expansions:
        yield pad + "    " + say("{macro} is {value}", macro=one.macro, value=one.value)
    yield from (f"{pad}    {lookup_line(asked)}" for asked in node.asked)
    if node.child is not None:
        yield from _branch_lines(node.child, depth + 1)


def lookup_line(one: model.SpfLookup) -> str:
    """Return a question and its answer on one line."""
    if one.records:
        shown = ", ".join(one.records[:_RECORDS_SHOWN])
        more = len(one.records) - _RECORDS_SHOWN
        said = say("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown
    else:
        said = (
            one.status if one.status in _FAILED or not one.error else f"{one.status}, {one.error}"
        )
    return f"{one.qname} {one.rtype}: {said}{say(' (void)') if one.void else ''}"
