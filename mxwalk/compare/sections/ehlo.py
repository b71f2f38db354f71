"""EHLO before TLS and inside it: keywords, their parameters and order, and how the lines deviate."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.neutral import steady
from mxwalk.compare.sections.common import CHARS, connections
from mxwalk.compare.sections.replies import reply_facts
from mxwalk.compare.side import Look
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.smtp.model import EhloResponse, Reading, Role
from mxwalk.text import visible

ID = "ehlo"
TITLE = noted("EHLO")
UNIT = "ehlo"


def parts(look: Look) -> Iterator[Part]:
    """Yield each EHLO response before and inside TLS, and that of HELO."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        for kind in (StepKind.EHLO, StepKind.HELO, StepKind.EHLO_TLS):
            step = attempt.step(kind)
            if step is None or not isinstance(step.evidence, Exchanged) or step.evidence.unsent:
                continue
            response = {StepKind.EHLO: attempt.ehlo, StepKind.EHLO_TLS: attempt.ehlo_tls}.get(kind)
            if response is None:
                facts = tuple(reply_facts(step, step.evidence, "EHLO"))
            else:
                facts = tuple(_lines(response, step.seq))
            inside = kind is StepKind.EHLO_TLS
            where = say("{place}, inside TLS", place=place.place) if inside else place.place
            yield Part(
                key=(place.key, kind.value),
                place=where,
                facts=facts,
                step=step.seq,
                order=say("order of the keywords") if response is not None else "",
                unit="ehlo-tls" if inside else "",
            )


def _lines(response: EhloResponse, seq: int) -> Iterator[Fact]:
    strict = response.keywords(Reading.STRICT)
    for line in response.lines:
        if line.strict_role is Role.GREETING:
            text = visible(line.reply.text, CHARS)
            yield Fact(
                key="greeting",
                subject=say("greeting line"),
                value=text,
                same=steady(text),
                step=seq,
            )
        elif line.keyword:
            words = visible(" ".join((line.keyword, *line.parameters)), CHARS)
            extra = "" if line.keyword in strict else say(" (for lenient readers only)")
            yield Fact(
                key=line.keyword, subject=visible(line.keyword, 100), value=words + extra, step=seq
            )
        else:
            text = visible(line.reply.text, CHARS)
            yield Fact(key=f"line {text}", subject=say("line"), value=text, step=seq)
    missed = [word for word in response.keywords(Reading.LENIENT) if word not in strict]
    for word in missed:
        yield Fact(
            key=f"only lenient {word}",
            subject=word,
            value=say("only lenient readers see it (RFC 1869 4.3)"),
            step=seq,
        )
    named = dict.fromkeys(one for line in response.lines for one in line.deviations)
    for one in named:
        yield Fact(key=one.name, subject=say("deviation"), value=one.value, step=seq)
    for other in response.deviations:
        yield Fact(key=other.name, subject=say("deviation"), value=other.value, step=seq)
