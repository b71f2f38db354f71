"""All sender profiles in the order in which they are shown.

A new sender is one new file with its ``PROFILES`` and one more line here.
"""

from mxwalk.errors import UsageError
from mxwalk.senders import esa, exchange_online, exim, postfix, rfc7672
from mxwalk.senders.model import SenderProfile
from mxwalk.text import visible

_PROFILES: tuple[SenderProfile, ...] = (
    *esa.PROFILES,
    *exchange_online.PROFILES,
    *rfc7672.PROFILES,
    *postfix.PROFILES,
    *exim.PROFILES,
)


def profiles() -> tuple[SenderProfile, ...]:
    """Return every profile."""
    return _PROFILES


def profile(id: str) -> SenderProfile:  # noqa: A002 - the word the command line uses
    """Return the profile with this id.  Raises ``UsageError`` naming the known ids."""
    wanted = id.strip().lower()
    for candidate in _PROFILES:
        if candidate.id == wanted:
            return candidate
    known = ", ".join(candidate.id for candidate in _PROFILES)
    raise UsageError(f'no sender profile "{visible(id, 60)}"; known are {known}')
