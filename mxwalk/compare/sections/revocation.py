"""How each certificate of the path stands by CRLs, OCSP responders and the staple."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.neutral import steady
from mxwalk.compare.sections.common import connections
from mxwalk.compare.side import Look
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate

ID = "revocation"
TITLE = noted("revocation")
UNIT = "revocation"


def parts(look: Look) -> Iterator[Part]:
    """Yield each connection's path as it stands."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        step, checked = attempt.step(StepKind.REVOCATION), attempt.revocation
        if step is None or checked is None:
            continue
        facts: list[Fact] = []
        for one in standings(attempt):
            subject = visible(read_certificate(one.certificate).subject, 200)
            facts.append(
                Fact(
                    key=f"depth {one.depth}",
                    subject=subject or say("depth {depth}", depth=one.depth),
                    value=visible(f"{one.standing.value}: {one.sentence}", 400),
                    same=one.standing.value,
                    step=step.seq,
                )
            )
            if one.staple_sentence:
                facts.append(
                    Fact(
                        key=f"staple {one.depth}",
                        subject=say("staple of {subject}", subject=subject),
                        value=steady(visible(one.staple_sentence, 400)),
                        same=one.staple.value,
                        step=step.seq,
                    )
                )
        yield Part(key=(place.key,), place=place.place, facts=tuple(facts), step=step.seq)
