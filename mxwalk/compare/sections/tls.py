"""The handshake: how it ended, version, cipher, key exchange, and the facts beside them."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part, Weight
from mxwalk.compare.sections.common import connections
from mxwalk.compare.sections.replies import told
from mxwalk.compare.side import Look
from mxwalk.delivery.looks import looks_of
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.told import how_it_ended
from mxwalk.language import noted, say
from mxwalk.text import visible
from mxwalk.tls.facts import handshake_facts
from mxwalk.walk.plan import label_of

ID = "tls"
TITLE = noted("TLS handshake")
UNIT = "tls"
_VOLATILE = ("resumption", "ClientHello")  # tickets come late, and names have other lengths
_ELSEWHERE = ("server_name",)
_STAPLED = "stapled"


def parts(look: Look) -> Iterator[Part]:
    """Yield each handshake, and each look made beside it."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        step, handshake = attempt.step(StepKind.HANDSHAKE), attempt.handshake
        if step is None or handshake is None or not _tells(handshake):
            continue
        yield Part(
            key=(place.key,),
            place=place.place,
            facts=tuple(_facts(handshake, step.seq)),
            step=step.seq,
        )
        for made, seen in looks_of(attempt):
            shown = seen.handshake
            if shown is None or not _tells(shown):
                continue
            yield Part(
                key=(place.key, made.kind.value),
                place=f"{place.place}, {label_of(made.kind)}",
                facts=tuple(_facts(shown, made.seq)),
                step=made.seq,
                unit="looks",
            )


def _tells(handshake: Handshaken) -> bool:
    return handshake.ending is None or told(handshake.ending.kind, handshake.ending.detail)


def _facts(handshake: Handshaken, seq: int) -> Iterator[Fact]:
    ending = handshake.ending
    yield Fact(
        key="ending",
        subject=say("how it ended"),
        value=how_it_ended(ending) if ending else say("completed"),
        same=ending.kind.value if ending else "completed",
        step=seq,
    )
    for alert in handshake.alerts:
        yield Fact(
            key=f"alert {alert.direction.value} {alert.code}",
            subject=say("TLS alert"),
            value=visible(f"{alert.name} ({alert.code})", 100),
            step=seq,
        )
    for fact in handshake_facts(handshake):
        if fact.name in _ELSEWHERE:
            continue
        always = fact.name in _VOLATILE
        yield Fact(
            key=fact.name,
            subject=say(fact.name),
            value=fact.value,
            same=_STAPLED if fact.name == "OCSP staple" and handshake.ocsp_staple else "",
            step=seq,
            weight=Weight.VOLATILE if always else Weight.FULL,
            known=fact.known,
        )
