"""The words that differ with what was walked: a delivery, a message as received, a domain.

A message has receivers and no senders, a domain only its roll-out; the reports of the three share
everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.evidence.trace import Purpose


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
            title="Mail delivery to",
            judge="sender",
            judges="senders",
            heading="What each sender does",
            lab_only="the lab's hosts are gone with its walk: the first command walks it again",
        ),
        Purpose.MESSAGE.value: Words(
            title="Message",
            judge="receiver",
            judges="receivers",
            heading="What each receiver does",
            lab_only="the lab's zones are gone with its walk: the first command walks it again",
        ),
        Purpose.DOMAIN.value: Words(
            title="What is published for",
            judge="roll-out",
            judges="roll-out",
            heading="Where the roll-out stands",
            lab_only="the lab's zones are gone with its walk: the first command walks it again",
        ),
    }
)


def words(purpose: str) -> Words:
    """Return the words for a report's ``purpose``."""
    return WORDS[purpose]
