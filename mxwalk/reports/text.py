"""The walk as plain text lines: what prints live without a screen, and the text report.

One line a step, details indented below it, and a summary at the end: the verdict as a paragraph,
every sender, every finding with its owner and fix.  Every line has passed ``visible``.
"""

from collections.abc import Iterator, Sequence

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.notes import note_lines
from mxwalk.delivery.status import status
from mxwalk.evidence.secrets import OWN_IPV4, OWN_IPV6, OWN_NAME
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Header, PastedForm, Purpose, Trace
from mxwalk.findings.model import Owner, Severity
from mxwalk.language import say
from mxwalk.reports import model
from mxwalk.reports.detail import details
from mxwalk.reports.grouping import confirming, groups, problems, rests_on
from mxwalk.reports.labels import OUTCOME_SYMBOLS, SYMBOLS
from mxwalk.reports.purposes import words
from mxwalk.reports.view import build_view
from mxwalk.senders.model import Outcome
from mxwalk.senders.outcomes import words_of
from mxwalk.text import visible
from mxwalk.walk.plan import label_of
from mxwalk.wrapping import cells, fill, padded

WIDTH = 100
_INDENT = "         "


def render_text(trace: Trace, sender: str) -> str:
    """Return the whole text report."""
    report = build_view(trace, sender).report
    delivery = build_delivery(trace)
    lines = format_heading(trace.header, report.sender)
    for step in trace.steps:
        if step.kind is StepKind.NOTE:  # told at the step it is on
            continue
        lines += format_step(step, delivery, report.sender)
    return "\n".join([*lines, *format_summary(report)]) + "\n"


def format_heading(header: Header, sender: str) -> list[str]:
    """Return the first lines: what is walked, when, and how."""
    options = header.options
    judge = words(header.purpose.value).judge
    facts = [f"{judge} {sender}"] if header.purpose is not Purpose.DOMAIN else []
    if header.purpose is not Purpose.MESSAGE:
        facts.append(say("trust store {trust}", trust=say(options.trust)))
    if options.resolver:
        facts.append(say("resolver {resolver}", resolver=options.resolver))
    if options.trust_anchor and not header.scenario:
        facts.append(say("trust anchor given"))
    if options.at and header.purpose is not Purpose.MESSAGE:
        facts.append(say("certificates judged as of {at}", at=options.at))
    if header.scenario:
        facts.append(say("lab scenario {scenario}", scenario=header.scenario))
    if header.pasted:
        facts.append(pasted_words(header.pasted))
    if header.redacted:
        facts.append(redacted_words())
    about = visible(header.target.text, 300)
    if header.purpose is Purpose.MESSAGE and header.target.domain:
        about += say("   from {unicode}", unicode=visible(header.target.domain.unicode, 300))
    return [
        f"{about}   {visible(header.started_at, 40)}",
        visible("   ".join(facts), 700),
        "",
    ]


def redacted_words() -> str:
    """Return what stands in the places of what was replaced, so that nobody asks those servers."""
    return say(
        "redacted: {name}, {ipv4} and {ipv6} stand for own names and addresses",
        name=OWN_NAME.decode(),
        ipv4=OWN_IPV4.decode(),
        ipv6=OWN_IPV6.decode(),
    )


def pasted_words(form: PastedForm) -> str:
    """Return what a trace was read from instead of being walked."""
    if form is PastedForm.DIALOGUE:
        return say("from a pasted dialogue")
    return say("from a pasted {form} session", form=form.value)


def format_step(step: Step, delivery: Delivery, sender: str) -> list[str]:
    """Return the line of a step and its details, as far as the delivery has come."""
    state = status(step, delivery)
    scope = step.scope
    place = f"{scope.host} [{scope.address}]:{scope.port}" if scope.address else scope.host
    if step.kind is StepKind.DKIM:
        place = say(
            "{place}, signature {attempt}", place=place or say("no domain"), attempt=scope.attempt
        )
    lines = []
    on_connection = scope.address or (scope.port and scope.attempt)  # pasted: without an address
    begins = step.kind is StepKind.CONNECT or (place and not on_connection)
    if begins and step.kind is not StepKind.TLSA:  # it follows the look-up of the same host
        lines.append(visible(f"{place}", 300))
    elapsed = f"{step.elapsed_s * 1000:.0f} ms"
    cancelled = say(" (cancelled)") if step.cancelled else ""
    lines.append(
        f"  {step.seq:>3}  {SYMBOLS[state.mark.value]} {padded(label_of(step.kind), 15)} {elapsed:>9}  "
        f"{visible(state.summary, 400)}{cancelled}"
    )
    lines += [f"{_INDENT}{visible(line, 400)}" for line in details(step, delivery, sender)]
    if note := delivery.notes.get(step.seq):
        head, *rest = note_lines(note)
        words = _wrapped(say("note: {words}", words=head), _INDENT)
        lines += [*words, *(part for line in rest for part in _wrapped(line, _INDENT + "  "))]
    return lines


def format_summary(report: model.Report) -> list[str]:
    """Return the closing lines: verdict paragraph, all senders, findings."""
    return [
        "",
        say("VERDICT"),
        *_wrapped(report.summary, "  "),
        *(
            [say("  The trace is damaged: {damage}.", damage=report.damage)]
            if report.damage
            else []
        ),
        "",
        words(report.purpose).judges.upper(),
        *_senders(report),
        "",
        say("FINDINGS ({n})", n=len(problems(report))),
        *_findings(report),
        "",
        say("SEE FOR YOURSELF")
        + (f" ({words(report.purpose).lab_only})" if report.scenario else ""),
        *(f"  {command.command}" for command in report.commands),
    ]


def _senders(report: model.Report) -> Iterator[str]:
    width = max((cells(verdict.label) for verdict in report.verdicts), default=0)
    for verdict in report.verdicts:
        mark = ">" if verdict.chosen else " "
        outcome = f"{OUTCOME_SYMBOLS[verdict.outcome]} {words_of(Outcome(verdict.outcome))}"
        step = say("step {step}", step=verdict.step) if verdict.step is not None else ""
        yield f"{mark} {padded(verdict.label, width)}  {padded(outcome, 22)}  {step}".rstrip()
        yield from _wrapped(verdict.reason, "      ")
        if verdict.log:
            yield say("      log: {log}", log=verdict.log)


def _findings(report: model.Report) -> Iterator[str]:
    yield from finding_lines(report, report.findings, report.unchecked)


def finding_lines(
    report: model.Report, findings: Sequence[model.Finding], unchecked: Sequence[str] = ()
) -> Iterator[str]:
    """Yield findings of a report as its text has them; ``unchecked`` is what nobody looked at."""
    shown = groups(finding for finding in findings if finding.severity != "ok")
    for group in shown:
        head = f"{Severity(group.severity).words.upper()} {group.code}  {group.title}"
        yield "  " + (
            say("{head} at {place}", head=head, place=group.place) if group.place else head
        )
        for case in group.cases:
            yield from _wrapped(case.sentence, "      ")
            if not group.place:
                yield from _wrapped(say("at {places}", places="; ".join(case.places)), "        ")
        yield say(
            "      who must act: {owner}   {rfc}", owner=Owner(group.owner).words, rfc=group.rfc
        )
        for fix in group.fixes:
            yield from _wrapped(say("fix: {fix}", fix=fix), "      ")
        if group.command:
            yield say("      see: {command}", command=group.command)
    if not shown:
        if unchecked:
            yield "  " + say("nothing to mend in what was checked")
        else:
            yield "  " + say("nothing to mend")
    for left in unchecked:
        yield from _wrapped(say("not checked: {left}", left=left), "  ")
    in_order = confirming(findings)
    if in_order:
        codes = ", ".join(finding.code for finding in in_order)
        yield say(
            "  and {in_order} confirmed in order: {codes}", in_order=len(in_order), codes=codes
        )
        for finding in in_order:
            if basis := rests_on(report, finding):
                yield f"      {finding.code} {basis}"


def _wrapped(text: str, indent: str) -> list[str]:
    return fill(text, WIDTH, indent)
