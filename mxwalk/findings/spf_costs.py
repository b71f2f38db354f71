"""What each term of an SPF record costs of the ten look-ups (RFC 7208 4.6.4)."""

from mxwalk.findings.raising import show
from mxwalk.language import say
from mxwalk.mailauth.spf.model import Evaluation

_SHOWN = 4


def costs(one: Evaluation) -> str:
    """Return the terms that cost most, dearest first; empty where none costs anything.

    The term that goes beyond the limit is counted as far as it came.
    """
    spent, counted = 0, []
    for node in one.root.nodes if one.root is not None else ():
        cost = node.lookups - spent
        if cost > 0:
            counted.append((cost, show(node.term.text, 80)))
            spent = node.lookups
    counted.sort(key=lambda each: -each[0])
    left = len(counted) - _SHOWN
    told = ", ".join(f"{text} {cost}" for cost, text in counted[:_SHOWN])
    return say("{terms} and {n} more", terms=told, n=left) if left > 0 else told
