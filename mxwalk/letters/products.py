"""What the server's product has to do, where its greeting names the product.

The recipes are those of the explanations; a letter has the first that speaks of the product, no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.findings.recipes import Part, Side, recipe
from mxwalk.findings.recipes.index import recipes_for
from mxwalk.limits import LETTER_LINES

# What stands in the greeting, and the product as the recipes call it.
_SIGNS = (
    ("Microsoft ESMTP MAIL Service", "Exchange Server"),
    ("Postfix", "Postfix"),
    ("Exim", "Exim"),
    ("Sendmail", "sendmail"),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """A product, and what to do with it: paragraphs, and literal lines."""

    product: str
    blocks: tuple[tuple[bool, tuple[str, ...]], ...]  # whether literal, and the lines


def product_of(attempt: Attempt | None) -> str:
    """Return the product that a server's greeting names; empty where it names none."""
    greeting = attempt.greeting if attempt is not None else None
    said = greeting.raw.decode("ascii", "replace").casefold() if greeting is not None else ""
    return next((product for sign, product in _SIGNS if sign.casefold() in said), "")


def advice(code: str, product: str) -> Advice | None:
    """Return what to do about a finding with a product; ``None`` where nothing is known."""
    for part in _parts(code):
        if product and part.product == product:
            blocks = tuple((one.literal, one.lines[:LETTER_LINES]) for one in part.blocks)
            return Advice(product=product, blocks=blocks)
    return None


def _parts(code: str) -> Iterator[Part]:
    for name in recipes_for(code):
        found = recipe(name)
        if found.side is Side.OWNER:
            yield from found.parts
