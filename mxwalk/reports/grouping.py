"""Findings as people read them: one entry a code, with every place where it was seen.

A fault of the certificate that ten hosts share is one fault.  Sentences that differ only by the host
and the address become one with several places.  The JSON document keeps every finding by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.reports import model


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence, and the places it is true of (``host [address], step 7, line 2``)."""

    sentence: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one code, severity and owner; ``fixes`` are all literal fixes, each once."""

    code: str
    title: str
    severity: str
    owner: str
    rfc: str
    cases: tuple[Case, ...]
    fixes: tuple[str, ...]
    command: str

    @property
    def place(self) -> str:
        """The place, if there is just one; else empty."""
        places = [place for case in self.cases for place in case.places]
        return places[0] if len(places) == 1 else ""


def groups(findings: Iterable[model.Finding]) -> list[Group]:
    """Return the findings by code, severity and owner, in the order of the first of each."""
    by_code: dict[tuple[str, str, str], list[model.Finding]] = {}
    for finding in findings:
        key = (finding.code, finding.severity, finding.owner)
        by_code.setdefault(key, []).append(finding)
    return [_group(members) for members in by_code.values()]


def problems(report: model.Report) -> list[Group]:
    """Return the findings that somebody may act on, those of one code together."""
    return groups(finding for finding in report.findings if finding.severity != "ok")


def confirmed(report: model.Report) -> list[model.Finding]:
    """Return the findings that confirm something, one a code."""
    return confirming(report.findings)


def confirming(findings: Sequence[model.Finding]) -> list[model.Finding]:
    """Return those of the findings that confirm something, one a code."""
    by_code = {item.code: item for item in reversed(findings) if item.severity == "ok"}
    return sorted(by_code.values(), key=lambda finding: finding.code)


def rests_on(report: model.Report, finding: model.Finding) -> str:
    """Name the look that a finding rests on where the walk's own handshake failed; else empty."""
    looks = {
        step: look
        for host in report.hosts
        for address in host.addresses
        for seen in address.connections
        if seen.handshake is not None and seen.handshake.ending is not None
        for look in seen.looks
        for step in (look.step, seen.revocation.step if seen.revocation else None)
        if look.chain is not None
    }
    look = looks.get(finding.step)
    if look is None:
        return ""
    label = next(step.label for step in report.steps if step.seq == look.step)
    return say("rests on the look of step {step}, {label}", step=look.step, label=label)


def _group(members: list[model.Finding]) -> Group:
    first = members[0]
    by_sentence: dict[str, list[model.Finding]] = {}
    for finding in members:
        by_sentence.setdefault(_anywhere(finding), []).append(finding)
    return Group(
        code=first.code,
        title=first.title,
        severity=first.severity,
        owner=first.owner,
        rfc=first.rfc,
        cases=tuple(
            Case(same[0].sentence, tuple(dict.fromkeys(_place(item) for item in same)))
            for same in by_sentence.values()
        ),
        fixes=tuple(dict.fromkeys(finding.fix for finding in members if finding.fix)),
        command=next((finding.command for finding in members if finding.command), ""),
    )


def _anywhere(finding: model.Finding) -> str:
    """The sentence without its host and address."""
    text = finding.sentence
    for value, mark in ((finding.host, "\0host"), (finding.address, "\0address")):
        text = text.replace(value, mark) if value else text
    return text


def _place(finding: model.Finding) -> str:
    address = f"[{finding.address}]" if finding.address and finding.address != finding.host else ""
    parts = [
        f"{finding.host} {address}".strip(),
        say("step {step}", step=finding.step) if finding.step is not None else "",
        say("line {line}", line=finding.line) if finding.line else "",
    ]
    return ", ".join(part for part in parts if part)
