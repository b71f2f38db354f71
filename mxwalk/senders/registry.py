"""All sender profiles in the order in which they are shown.

A new sender is one new file with its ``PROFILES`` and one more line here.  Beside these, an id can
configure a sender (``postfix:secure:hostname``).
"""

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.senders import esa, exchange_online, exim, mta_sts, postfix, rfc7672
from mxwalk.senders.model import SenderProfile
from mxwalk.senders.postfix_configured import configured_profile
from mxwalk.text import visible

_PROFILES: tuple[SenderProfile, ...] = (
    *esa.PROFILES,
    *exchange_online.PROFILES,
    *mta_sts.PROFILES,
    *rfc7672.PROFILES,
    *postfix.PROFILES,
    *exim.PROFILES,
)


def profiles(chosen: str = "") -> tuple[SenderProfile, ...]:
    """Return every profile; one configured in the id ``chosen`` follows the one it varies.

    Raises ``UsageError`` if ``chosen`` is given and no sender.
    """
    if not chosen:
        return _PROFILES
    wanted = profile(chosen)
    if wanted in _PROFILES:
        return _PROFILES
    default = ":".join(wanted.id.split(":")[:2])
    at = next(n for n, each in enumerate(_PROFILES, 1) if each.id == default)
    return (*_PROFILES[:at], wanted, *_PROFILES[at:])


def profile(id: str) -> SenderProfile:  # noqa: A002 - the word the command line uses
    """Return the profile with this id, or the one configured in it.

    Raises ``UsageError`` naming the known ids, or what is wrong with a configured list.
    """
    wanted = id.strip().lower()
    for candidate in _PROFILES:
        if candidate.id == wanted:
            return candidate
    configured = configured_profile(wanted)
    if configured is not None:
        return configured
    known = ", ".join(candidate.id for candidate in _PROFILES)
    raise UsageError(
        say('no sender profile "{id}"; known are {known}', id=visible(id, 60), known=known)
    )
