"""Our own side: how was asked, from where, and what the resolver is able to do."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part, Weight
from mxwalk.compare.side import Look
from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "own-side"
TITLE = noted("our own side")
UNIT = "resolver"


def parts(look: Look) -> Iterator[Part]:
    """Yield the options of the walk, and the resolver."""
    if not look.whole:
        return
    yield Part(key=("options",), place="", facts=tuple(_options(look)), unit="options")
    checked, step = look.delivery.resolver, look.delivery.resolver_step
    if checked is not None and step is not None:
        answer = checked.answer
        signed = any(rrset.rtype == "RRSIG" for rrset in answer.answer)
        on_lab = bool(look.side.trace.header.scenario)
        facts = [
            Fact(
                key="server",
                subject=say("resolver"),
                value=visible(answer.server, 100),
                step=step.seq,
                weight=Weight.VOLATILE if on_lab else Weight.NOTICE,
            ),
            Fact(
                key="status",
                subject=say("the resolver's answer"),
                value=answer.status.value,
                step=step.seq,
            ),
            Fact(
                key="signatures",
                subject=say("DNSSEC signatures"),
                value=say("passed on") if signed else say("not passed on"),
                step=step.seq,
            ),
            Fact(
                key="validates",
                subject=say("the resolver validates"),
                value=say("yes") if answer.authentic else say("no"),
                step=step.seq,
            ),
        ]
        yield Part(key=("resolver",), place="", facts=tuple(facts), step=step.seq)


def _options(look: Look) -> Iterator[Fact]:
    header, options = look.side.trace.header, look.delivery.options
    on_lab = bool(header.scenario)
    pairs = [
        ("--helo", options.helo),
        ("--mail-from", _none(options.mail_from)),
        ("--rcpt-to", _none(options.rcpt_to)),
        ("--route", " ".join(f"{r.destination}:{r.port},{r.priority}" for r in options.routes)),
        ("--port", str(options.port)),
        ("--at", options.at),
        ("--ca-file", options.trust),
        ("--ipv4, --ipv6", options.family.value),
        ("--first-host", _said(options.first_host)),
        ("--offline", _said(options.offline)),
    ]
    if not on_lab:
        pairs += [("--resolver", options.resolver), ("--trust-anchor", options.trust_anchor)]
    for name, value in pairs:
        text = visible(value, 300)
        yield Fact(key=name, subject=name, value=text or say("not given"))
    if header.purpose is Purpose.DELIVERY or header.survey is not None:
        yield Fact(
            key="target", subject=say("target"), value=visible(look.delivery.target.text, 300)
        )
    tool = visible(header.tool, 60)
    yield Fact(key="tool", subject=say("version"), value=tool, weight=Weight.NOTICE)


def _none(value: str | None) -> str:
    return "" if value is None else value or "<>"


def _said(value: bool) -> str:
    return say("yes") if value else say("no")
