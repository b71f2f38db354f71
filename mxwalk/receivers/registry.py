"""Who judges what is walked: senders a delivery, receivers a message, the roll-out a domain.

A new receiver is one new file with its ``PROFILES`` and one more line here.
"""

import importlib
from functools import lru_cache
from typing import Protocol, cast

from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from mxwalk.senders import registry as senders
from mxwalk.senders.model import SenderProfile
from mxwalk.text import visible


class Judges(Protocol):
    """What a module of this package holds."""

    PROFILES: tuple[SenderProfile, ...]


# Who judges walks of a purpose other than a delivery; each module is loaded for its purpose alone.
_MODULES = {
    Purpose.MESSAGE: ("mxwalk.receivers.standard", "mxwalk.receivers.esa"),
    Purpose.DOMAIN: ("mxwalk.receivers.roll_out",),
}


@lru_cache(maxsize=3)
def _fixed(purpose: Purpose) -> tuple[SenderProfile, ...] | None:
    """Return the judges of a purpose; ``None`` for a delivery, whose senders can be configured."""
    names = _MODULES.get(purpose)
    if names is None:
        return None
    modules = (importlib.import_module(name) for name in names)
    return tuple(one for module in modules for one in cast("Judges", module).PROFILES)


def judges(purpose: Purpose, chosen: str = "") -> tuple[SenderProfile, ...]:
    """Return everyone who judges walks of this purpose; see ``senders.registry`` for ``chosen``."""
    found = _fixed(purpose)
    return senders.profiles(chosen) if found is None else found


def judge(purpose: Purpose, name: str) -> SenderProfile:
    """Return the judge called ``name``.  Raises ``UsageError`` naming the known ones."""
    found = _fixed(purpose)
    if found is None:
        return senders.profile(name)
    for one in found:
        if one.id == name:
            return one
    known = ", ".join(one.id for one in found)
    raise UsageError(
        say("there is no receiver {name!r}; known are {known}", name=visible(name, 60), known=known)
    )


def judge_or_first(purpose: Purpose, name: str) -> SenderProfile:
    """Return the judge called ``name``, or the first where a walk of another purpose names it."""
    found = _fixed(purpose)
    if found is None:
        return senders.profile(name)
    return next((one for one in found if one.id == name), found[0])
