"""A walk that another screen asks for, with the options the person used last."""

from mxwalk.errors import UsageError
from tui.request import Request
from tui.walk_options import options_from, remembered


def walk_of(target: str) -> Request:
    """Return the request for a walk to ``target``; remembered options that no longer do are dropped."""
    from mxwalk.session import default_options

    base = default_options()
    try:
        options = options_from(remembered(), base)
    except UsageError:
        options = base
    return Request(target=target, options=options, sender=options.sender)
