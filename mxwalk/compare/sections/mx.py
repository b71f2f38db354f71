"""Where the mail goes: the delivery hosts and their preferences."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.sections.common import of_answer
from mxwalk.compare.side import Look
from mxwalk.delivery.route import RouteKind
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "mx"
TITLE = noted("delivery hosts")
UNIT = "mx"


def parts(look: Look) -> Iterator[Part]:
    """Yield the route, with the answer that it rests on."""
    route, mx, step = look.delivery.route, look.delivery.mx, look.delivery.mx_step
    if not look.whole or route.kind is RouteKind.PENDING:
        return
    seq = step.seq if step else None
    facts = [
        Fact(
            key="kind",
            subject=say("where the hosts come from"),
            value=visible(route.words, 300),
            same=route.kind.value,
            step=seq,
        )
    ]
    if mx is not None:
        facts += [fact for fact in of_answer(mx.answer, seq) if fact.subject != "MX"]
    if route.kind is not RouteKind.LOOKUP_FAILED:
        for host in route.hosts:
            facts.append(
                Fact(
                    key=f"host {host.name}:{host.port}",
                    subject=visible(host.display, 300),
                    value=say(
                        "preference {preference}, port {port}",
                        preference=host.preference,
                        port=host.port,
                    ),
                    step=seq,
                )
            )
    yield Part(
        key=("mx",),
        place="",
        facts=tuple(facts),
        step=seq,
        order=say("order of the hosts"),
        blind=("host ",) if route.kind is RouteKind.LOOKUP_FAILED else (),
    )
