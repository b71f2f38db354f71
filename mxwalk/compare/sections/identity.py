"""What the chosen sender makes of the names in the certificate."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.sections.common import connections
from mxwalk.compare.side import Look
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "identity"
TITLE = noted("identity")
UNIT = "identity"


def parts(look: Look) -> Iterator[Part]:
    """Yield the result of the chosen sender's matrix, and the names it accepts."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        result = look.judge.identity(attempt)
        step = attempt.step(StepKind.IDENTITY) or attempt.step(StepKind.HANDSHAKE)
        if result is None or step is None or not attempt.tls_is_up:
            continue
        facts = [
            Fact(
                key="result",
                subject=say("identity"),
                value=visible(result.summary, 400),
                same=say("verified") if result.verified else say("not verified"),
                step=step.seq,
            )
        ]
        facts += [
            Fact(
                key=f"{reference.kind.value} {reference.text}",
                subject=reference.kind.value,
                value=visible(reference.text, 300)
                + ("" if reference.usable else say(" (not usable)")),
                step=step.seq,
            )
            for reference in result.references
        ]
        yield Part(key=(place.key,), place=place.place, facts=tuple(facts), step=step.seq)
