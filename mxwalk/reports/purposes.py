"""The words that differ with what was walked: a delivery, a message as received, a domain.

A message has receivers and no senders, a domain only its roll-out; the reports of the three share
everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Title and headings; ``judge`` is one who gives a verdict, ``option`` how it is chosen."""

    title: str
    judge: str
    judges: str
    heading: str
    lab_only: str


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        Purpose.DELIVERY.value: Words(
            title=noted("Mail delivery to"),
            judge=noted("sender"),
            judges=noted("senders"),
            heading=noted("What each sender does"),
            lab_only=noted(
                "the lab's hosts are gone with its walk: the first command walks it again"
            ),
        ),
        Purpose.MESSAGE.value: Words(
            title=noted("Message"),
            judge=noted("receiver"),
            judges=noted("receivers"),
            heading=noted("What each receiver does"),
            lab_only=noted(
                "the lab's zones are gone with its walk: the first command walks it again"
            ),
        ),
        Purpose.DOMAIN.value: Words(
            title=noted("What is published for"),
            judge=noted("roll-out"),
            judges=noted("roll-out"),
            heading=noted("Where the roll-out stands"),
            lab_only=noted(
                "the lab's zones are gone with its walk: the first command walks it again"
            ),
        ),
    }
)


def words(purpose: str) -> Words:
    """Return the words for a report's ``purpose``."""
    plain = WORDS[purpose]
    return Words(
        title=say(plain.title),
        judge=say(plain.judge),
        judges=say(plain.judges),
        heading=say(plain.heading),
        lab_only=say(plain.lab_only),
    )
