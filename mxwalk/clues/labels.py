"""Words for the enumerations of a clue, and the command of a suggested walk."""

import shlex

from mxwalk.clues.model import Clue, Form, Lead, Product, Standing
from mxwalk.language import noted, say
from mxwalk.text import visible
from mxwalk.walk.plan import label_of

_PRODUCTS = {
    Product.STANDARD: noted("no product in particular"),
    Product.UNKNOWN: noted("an unknown program"),
}
_FORMS = {
    Form.BOUNCE: noted("non-delivery report"),
    Form.DELIVERY_STATUS: noted("delivery status notification"),
    Form.LOG: noted("log line"),
    Form.TRACKING: noted("message tracking"),
    Form.DIALOGUE: noted("SMTP dialogue"),
    Form.CODE: noted("reply or status code"),
}
_STANDINGS = {
    Standing.DELIVERED: noted("delivered"),
    Standing.DEFERRED: noted("deferred"),
    Standing.BOUNCED: noted("bounced"),
    Standing.TOLD: noted("a remark"),
    Standing.UNKNOWN: noted("unknown"),
}


def product_words(product: Product) -> str:
    """Return the name of a product, or words for none."""
    words = _PRODUCTS.get(product)
    return say(words) if words else product.value


def form_words(form: Form) -> str:
    """Return what kind of text it is."""
    return say(_FORMS[form])


def standing_words(standing: Standing) -> str:
    """Return what became of the message."""
    return say(_STANDINGS[standing])


def heading(clue: Clue) -> str:
    """Return product, form and standing in a line."""
    return (
        f"{product_words(clue.product)}, {form_words(clue.form)}: {standing_words(clue.standing)}"
    )


def facts(clue: Clue) -> list[tuple[str, str]]:
    """Return what a clue names, as (label, value); only what is there."""
    place = clue.host or clue.address
    if clue.host and clue.address:
        place = f"{clue.host} [{clue.address}]"
    if place and clue.port:
        place = f"{place}:{clue.port}"
    found = [
        (say("status code"), clue.status),
        (say("recipient"), visible(", ".join(clue.recipients), 400)),
        (say("host"), visible(place, 400)),
        (say("time"), clue.when),
        (say("step"), label_of(clue.step) if clue.step else ""),
    ]
    return [(label, value) for label, value in found if value]


def command(lead: Lead, sender: str) -> str:
    """Return the command line that starts a suggested walk.

    The text is a stranger's: nothing of it may become an option (POSIX 12.2, guideline 10).
    """
    dashed = lead.target.startswith("-")
    words = ["mxwalk"] if dashed else ["mxwalk", lead.target]
    if sender:
        words += ["--sender", sender]
    for route in lead.routes:
        words += ["--route", route]
    if lead.helo:
        words += [f"--helo={lead.helo}"] if lead.helo.startswith("-") else ["--helo", lead.helo]
    words += ["--", lead.target] if dashed else []
    return visible(shlex.join(words), 1_000)
