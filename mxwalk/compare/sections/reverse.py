"""The reverse name of each address, and whether it leads back."""

from collections.abc import Iterator

from mxwalk.compare.model import Fact, Part
from mxwalk.compare.sections.common import ANSWERED, connections
from mxwalk.compare.side import Look
from mxwalk.language import noted, say
from mxwalk.text import visible

ID = "ptr"
TITLE = noted("reverse names (PTR)")
UNIT = "ptr"


def parts(look: Look) -> Iterator[Part]:
    """Yield a part for each address whose reverse name was looked up."""
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        ptr, step = attempt.ptr, attempt.ptr_step
        if ptr is None or step is None or ptr.answer.status not in ANSWERED:
            continue
        facts = tuple(
            Fact(
                key=name.name,
                subject="PTR",
                value=f"{visible(name.name, 300)}, "
                + (say("forward-confirmed") if name.confirmed else say("not forward-confirmed")),
                step=step.seq,
                rival="PTR",
            )
            for name in ptr.names
        )
        yield Part(key=(place.key,), place=place.place, facts=facts, step=step.seq)
