"""Who judges what is walked: senders a delivery, receivers a message, the roll-out a domain.

A new receiver is one new file with its ``PROFILES`` and one more line here.
"""

from mxwalk.errors import UsageError
from mxwalk.evidence.trace import Purpose
from mxwalk.receivers import esa, roll_out, standard
from mxwalk.senders import registry as senders
from mxwalk.senders.model import SenderProfile
from mxwalk.text import visible

_RECEIVERS: tuple[SenderProfile, ...] = (*standard.PROFILES, *esa.PROFILES)
_ROLL_OUT: tuple[SenderProfile, ...] = roll_out.PROFILES
_FIXED = {Purpose.MESSAGE: _RECEIVERS, Purpose.DOMAIN: _ROLL_OUT}


def judges(purpose: Purpose, chosen: str = "") -> tuple[SenderProfile, ...]:
    """Return everyone who judges walks of this purpose; see ``senders.registry`` for ``chosen``."""
    found = _FIXED.get(purpose)
    return senders.profiles(chosen) if found is None else found


def judge(purpose: Purpose, name: str) -> SenderProfile:
    """Return the judge called ``name``.  Raises ``UsageError`` naming the known ones."""
    found = _FIXED.get(purpose)
    if found is None:
        return senders.profile(name)
    for one in found:
        if one.id == name:
            return one
    known = ", ".join(one.id for one in found)
    raise UsageError(f"there is no receiver {visible(name, 60)!r}; known are {known}")


def judge_or_first(purpose: Purpose, name: str) -> SenderProfile:
    """Return the judge called ``name``, or the first where a walk of another purpose names it."""
    found = _FIXED.get(purpose)
    if found is None:
        return senders.profile(name)
    return next((one for one in found if one.id == name), found[0])
