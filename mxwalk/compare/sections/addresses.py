"""The addresses of each delivery host."""

from collections.abc import Iterator

from mxwalk.compare.model import Part
from mxwalk.compare.sections.common import looked_up, of_answer, unanswered
from mxwalk.compare.side import Look
from mxwalk.language import noted

ID = "addresses"
TITLE = noted("addresses")
UNIT = "address"


def parts(look: Look) -> Iterator[Part]:
    """Yield a part for each host whose addresses were looked up."""
    for place in look.hosts:
        lookup, step = place.host.lookup, place.host.address_step
        if lookup is None or step is None or not looked_up(lookup.answers):
            continue
        facts = tuple(
            fact
            for answer in lookup.answers
            for fact in of_answer(answer, step.seq, rival=f"{answer.rtype} record")
        )
        blind = unanswered(lookup.answers)
        yield Part(key=(place.key,), place=place.name, facts=facts, step=step.seq, blind=blind)
