"""The lines below the steps of a message walk in plain text: SPF as a tree, signatures, DMARC."""

import re
from collections.abc import Iterator, Sequence

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import ArcChecked, DkimChecked, DmarcDiscovered, SpfChecked
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.differences import differences
from mxwalk.mailauth.dmarc.model import Reading
from mxwalk.mailauth.dmarc.receivers_use import Use, receivers
from mxwalk.reports import model_mailauth as model
from mxwalk.reports.labels import FAIL_SIGN, OK_SIGN, WARN_SIGN
from mxwalk.reports.mailauth import difference, header, signature
from mxwalk.reports.mailauth_dmarc import assessment, discovery, reporter
from mxwalk.reports.mailauth_spf import spf, tree_lines

_HOPS_SHOWN = 12
_LONG_KEY = re.compile(r"(p=[A-Za-z0-9+/]{20})[A-Za-z0-9+/=]{40,}")  # --format json has all of it
_QUIET_TAGS = ("v", "b", "bh", "h", "q")


def message_details(step: Step, delivery: Delivery) -> Iterator[str]:
    """Yield what was learned in a step of a message walk; report addresses in a survey too."""
    match step.evidence:
        case DmarcDiscovered():
            yield from _discovered(step.evidence, delivery)
        case _ if step.kind is StepKind.REPORTERS:
            yield from (reporter_line(reporter(one)) for one in delivery.reporters)
        case _ if delivery.message is not None:
            yield from _of_message(step, delivery.message)
        case _:
            pass


def _of_message(step: Step, case: MessageCase) -> Iterator[str]:
    match step.evidence:
        case SpfChecked() as checked:
            check = case.spf.get(checked.identity)
            if check is not None and check.step == step.seq:
                yield f"check_host({checked.client_ip}, {checked.domain}, {checked.sender})"
                yield from tree_lines(spf(check.evaluation, checked.identity.value, step.seq))
        case DkimChecked():
            for verdict in case.verdicts:
                if verdict.step == step.seq:
                    yield from signature_lines(signature(verdict))
        case ArcChecked() as arc:
            for number, message_signature, seal in arc.sets:
                yield say(
                    "i={number}: message signature {message_signature}, seal {seal}",
                    number=number,
                    message_signature=message_signature.value,
                    seal=seal.value,
                )
        case _:
            yield from _concluded(step, case)


def _concluded(step: Step, case: MessageCase) -> Iterator[str]:
    found = [assessment(case.assessments[one]) for one in Reading if one in case.assessments]
    match step.kind:
        case StepKind.MESSAGE:
            yield from _message(case)
        case StepKind.ALIGNMENT:
            yield from alignment_lines(found)
        case StepKind.DISPOSITION:
            yield from disposition_lines(found)
            yield from _readers(case)
        case StepKind.RESULT_HEADERS:
            for field in case.written:
                shown = header(field)
                yield f"{shown.name}: {shown.lines[0]}"
                yield from (f"    {line}" for line in shown.lines[1:])
            yield from (f"{WARN_SIGN} {difference(one).sentence}" for one in case.differences)
        case _:
            pass


def _readers(case: MessageCase) -> Iterator[str]:
    """Name the receivers that are known to go by one reading, where the two differ."""
    bis, old = (case.assessments.get(reading) for reading in Reading)
    if bis is None or old is None or not any(one.matters for one in differences(bis, old)):
        return
    yield say("Which reading counts depends on the receiver; known from public sources:")
    for use in Use:
        names = ", ".join(one.name for one in receivers(use))
        yield f"  {say(use.value)}: {names}"


def _message(case: MessageCase) -> Iterator[str]:
    come, read = case.arrival, case.message
    yield f"From: {read.value('From')}"
    for known in (come.client_ip, come.helo, come.mail_from, come.receiver):
        yield known.sentence
    for hop in read.hops[:_HOPS_SHOWN]:
        names = f" ({hop.rdns})" if hop.rdns else ""
        client = (
            f"{hop.helo or say('unnamed')}{names} [{hop.ip}]"
            if hop.ip
            else hop.helo or say("unnamed")
        )
        into = say(" to {by}", by=hop.by) if hop.by else ""
        yield say("Received {number}: {client}", number=hop.number, client=client) + into
    if len(read.hops) > _HOPS_SHOWN:
        yield say("... and {hops} more Received fields", hops=len(read.hops) - _HOPS_SHOWN)
    for odd in read.deviations:
        yield say(
            "{warn_sign} line {line}: {what}", warn_sign=WARN_SIGN, line=odd.line, what=odd.what
        )
    if not case.given.whole:
        yield say("the body is not here: only header fields are looked at")


def signature_lines(one: model.Signature) -> Iterator[str]:
    """Yield a signature's tags, its key and the diagnosis."""
    tags = [tag for tag in one.tags if tag.name not in _QUIET_TAGS and tag.name]
    yield ", ".join(f"{tag.name}={tag.value}" for tag in tags)
    yield (
        say("signs {signed}", signed=", ".join(one.signed))
        if one.signed
        else say("signs no header field")
    )
    for tag in one.tags:
        if tag.state != "ok" and not (tag.name and tag.state == "unknown"):
            yield f"{WARN_SIGN} {tag.meaning}"
    if one.key is not None:
        yield from key_lines(one.key)
    yield say("{reason}; strength {strength}", reason=say(one.reason), strength=say(one.strength))
    yield from one.explanation


def key_lines(key: model.DkimKey) -> Iterator[str]:
    """Yield a key record: its name, type and size, and what is wrong with it."""
    for hop in key.aliases:
        yield f"{key.name} CNAME {hop}"
    if key.text is not None:
        size = say(" {bits} bits", bits=key.bits) if key.bits else ""
        text = _LONG_KEY.sub(r"\1...", key.text)
        yield f"{key.name} TXT, {key.key_type}{size} ({say(key.strength)}): {text}"
    if key.problem:
        yield f"{FAIL_SIGN} {key.problem}"
    yield from (f"{WARN_SIGN} {one}" for one in key.remarks)


def _discovered(evidence: DmarcDiscovered, delivery: Delivery) -> Iterator[str]:
    part = delivery.message or delivery.survey
    found = part.discoveries.get(evidence.domain) if part else None
    if found is None:
        return
    shown: set[str] = set()
    for reading in Reading:
        one = discovery(found.discovery(reading))
        for query in one.queries:
            line = f"{query.qname} TXT: {query.record or query.note or query.status}"
            if line not in shown:
                yield line
            shown.add(line)
        yield f"{reading.value}: {one.why}"


def disposition_lines(found: Sequence[model.Dmarc]) -> Iterator[str]:
    """Yield what is asked for by each reading; one line where they agree."""
    said = [
        say(
            "DMARC {result}, asks for {disposition}. {why}",
            result=one.result,
            disposition=one.disposition or say("nothing"),
            why=one.policy.why,
        )
        for one in found
    ]
    yield from _by_reading(found, [[line] for line in said])


def alignment_lines(found: Sequence[model.Dmarc]) -> Iterator[str]:
    """Yield each identifier against the author domain; once where both readings agree."""
    yield from _by_reading(found, [list(_alignments(one)) for one in found])


def _by_reading(found: Sequence[model.Dmarc], blocks: Sequence[list[str]]) -> Iterator[str]:
    """Yield each block under its reading, those that are the same under both."""
    if len(found) > 1 and all(block == blocks[0] for block in blocks):
        found, blocks = found[:1], blocks[:1]
        names = [say(" and ").join(reading.value for reading in Reading)]
    else:
        names = [one.reading for one in found]
    for name, block in zip(names, blocks, strict=True):
        yield f"{name}: {block[0]}"
        yield from (f"  {line}" for line in block[1:])


def _alignments(one: model.Dmarc) -> Iterator[str]:
    yield say(
        "author domain {author_domain}, {result}",
        author_domain=one.author_domain,
        result=one.result,
    )
    for row in one.alignments:
        label = f"DKIM {row.number}" if row.number else row.method.upper()
        sign = OK_SIGN if row.counts else FAIL_SIGN
        passed = say("passed") if row.passed else say("did not pass")
        modes = say(
            "relaxed {yes}, strict {yes_2}; {mode} counts",
            yes=_yes(row.relaxed),
            yes_2=_yes(row.strict),
            mode=say(row.mode),
        )
        yield f"{sign} {label} {row.domain}: {passed}; {modes}. {row.why}"
    if not one.alignments:
        yield say("no identifier was authenticated")


def _yes(value: bool) -> str:
    return say("yes") if value else say("no")


def reporter_line(one: model.Reporter) -> str:
    """Return an address for reports and whether its domain agreed."""
    return f"{one.tag} {one.address}: {say(one.consent)}. {one.why}"
