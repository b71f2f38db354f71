"""A message: how it arrived, and what SPF, DKIM, ARC and DMARC make of it."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.sections.common import CHARS
from mxwalk.compare.side import Look
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "message"
TITLE = noted("the message")
UNIT = "message"


def parts(look: Look) -> Iterator[Part]:
    """Yield the envelope and the author, then the results."""
    case = look.delivery.message
    if case is None:
        return
    step = case.steps.get("message")
    come = case.arrival
    pairs = (
        ("From", case.author_domain),
        (say("client address"), come.client_ip.value),
        ("HELO", come.helo.value),
        ("MAIL FROM", come.mail_from.value),
        (say("fields before the body"), ", ".join(_names(look))),
    )
    facts = tuple(
        Fact(key=str(n), subject=name, value=visible(value, CHARS), step=step)
        for n, (name, value) in enumerate(pairs)
    )
    yield Part(key=("envelope",), place="", facts=facts, step=step)
    yield from _spf(look)
    yield from _dkim(look)
    yield from _arc(look)
    yield from _dmarc(look)


def _names(look: Look) -> tuple[str, ...]:
    case = look.delivery.message
    return tuple(dict.fromkeys(one.name for one in case.message.fields)) if case else ()


def _spf(look: Look) -> Iterator[Part]:
    case = look.delivery.message
    for identity, check in case.spf.items() if case else ():
        found = check.evaluation
        name = f"SPF {identity.value}"
        facts = (
            Fact(
                key="result",
                subject=name,
                value=f"{found.result.value}: {visible(found.why, 400)}",
                same=found.result.value,
                step=check.step,
            ),
            Fact(
                key="lookups",
                subject=say("look-ups that count"),
                value=str(found.lookups),
                step=check.step,
            ),
        )
        yield Part(key=("spf", identity.value), place="", facts=facts, step=check.step, unit="spf")


def _dkim(look: Look) -> Iterator[Part]:
    case = look.delivery.message
    if case is None or "dkim" not in case.steps:
        return
    facts = []
    for found in case.verdicts:
        one = found.signature
        who = visible(f"d={one.domain} s={one.selector}", 300)
        detail = " ".join((found.sentence, *found.explanation))
        facts.append(
            Fact(
                key=f"result {who}",
                subject=say("signature {who}", who=who),
                value=f"{found.result.value}: {visible(detail, 600)}",
                same=f"{found.result.value} {found.reason.value}",
                step=found.step,
                rival=f"result {one.domain}",
            )
        )
        for label, value in (
            (say("algorithm of {who}", who=who), one.algorithm),
            (say("canonicalization of {who}", who=who), f"{one.header_canon}/{one.body_canon}"),
            (say("signed fields of {who}", who=who), ":".join(one.signed)),
        ):
            facts.append(
                Fact(key=label, subject=label, value=visible(value, CHARS), step=found.step)
            )
        if found.key is not None and found.key.bits:
            label = say("key of {who}", who=who)
            size = say("{n} bits", n=found.key.bits)
            facts.append(Fact(key=label, subject=label, value=size, step=found.step))
    yield Part(key=("dkim",), place="", facts=tuple(facts), step=case.steps["dkim"], unit="dkim")


def _arc(look: Look) -> Iterator[Part]:
    case = look.delivery.message
    if case is None or case.arc is None:
        return
    found = case.arc.evidence
    fact = Fact(
        key="result",
        subject="ARC",
        value=visible(f"{found.result} {case.arc.detail}".strip(), 400),
        same=found.result,
        step=case.arc.step,
    )
    yield Part(key=("arc",), place="", facts=(fact,), step=case.arc.step, unit="arc", optional=True)


def _dmarc(look: Look) -> Iterator[Part]:
    case = look.delivery.message
    for reading, found in case.assessments.items() if case else ():
        step = case.steps.get("dmarc") if case else None
        asked = found.policy.asked
        wish = found.disposition
        facts = [
            Fact(
                key="result",
                subject=f"DMARC {reading.value}",
                value=f"{found.result.value}: {visible(found.why, 500)}",
                same=found.result.value,
                step=step,
            ),
            Fact(
                key="result policy",
                subject=say("policy that counts"),
                value=asked.value if asked else say("none found"),
                step=step,
            ),
            Fact(
                key="result disposition",
                subject=say("disposition asked for"),
                value=wish.value if wish else say("none found"),
                step=step,
            ),
        ]
        for one in found.alignments:
            name = f"{one.method.value} {one.domain}"
            said = say("aligned") if one.aligned else say("not aligned")
            facts.append(
                Fact(
                    key=f"result {name} {one.number}",
                    subject=say("alignment of {name}", name=visible(name, 300)),
                    value=f"{said}: {visible(one.why, 400)}",
                    same=f"{one.aligned} {one.counts}",
                    step=step,
                )
            )
        yield Part(
            key=("dmarc", reading.value), place="", facts=tuple(facts), step=step, unit="dmarc"
        )
