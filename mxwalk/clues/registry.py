"""The recognisers, in the order in which they claim lines: products first, nobody's codes last.

A recogniser is a module with ``MARKS``, lower-case words of which one must be in a text that it reads,
and ``recognise(lines)``.  What is new is a module and a line here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mxwalk.clues import (
    delivery_status,
    esa,
    exchange_online,
    exim,
    postfix,
    replies,
    sendmail,
)
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue

Recognise = Callable[[Sequence[Line]], Iterator[Clue]]


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A product's words that must be in a text, in lower case, and the function that reads it.

    ``fallback`` reads only what has no other reader.
    """

    marks: tuple[str, ...]
    recognise: Recognise
    fallback: bool = False


RECOGNISERS: tuple[Recogniser, ...] = (
    Recogniser(delivery_status.MARKS, delivery_status.recognise),
    Recogniser(postfix.MARKS, postfix.recognise),
    Recogniser(esa.MARKS, esa.recognise),
    Recogniser(sendmail.MARKS, sendmail.recognise),
    Recogniser(exim.MARKS, exim.recognise),
    Recogniser(exchange_online.MARKS, exchange_online.recognise),
    Recogniser(replies.MARKS, replies.recognise, fallback=True),
)
