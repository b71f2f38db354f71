"""To be replaced."""

from mxwalk.senders.model import SenderProfile

PROFILES: tuple[SenderProfile, ...] = ()
