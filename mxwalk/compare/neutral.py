"""What makes two texts the same although they are not equal: names of each side, and lab keys.

Two hosts greet with their own names; that is no difference.  The lab makes its keys when it starts, so
two walks there never see the same digest; a digest counts by whose it is.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from mxwalk.clock import from_rfc3339
from mxwalk.compare.side import Look
from mxwalk.delivery.looks import looks_of
from mxwalk.tls.certificate import read_certificate

_HEX = re.compile(r"\b[0-9a-fA-F]{32,}\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_SECONDS = re.compile(r"\b1[5-9]\d{8}\b")

# What differs in any two dialogues: times of day, dates, queue and session ids.
_VOLATILE = (
    re.compile(
        r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +\d{1,2} +(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|"
        r"Nov|Dec) +\d{4}\b"
    ),
    re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?"),
    re.compile(r"\b\d\d?:\d\d(?::\d\d)?(?: ?[AP]M)?(?: *[+-]\d{4})?(?: *\([A-Z]{2,5}\))?"),
    # Google's "a640c23a62f3a-b7 si123.45 - gsmtp", and ids of sixteen and more digits and letters
    re.compile(r"\b[0-9a-z-]{8,}\.\d+ - g?smtp\b", re.IGNORECASE),
    re.compile(
        r"\b(?=[0-9A-Za-z]*\d)(?=[0-9A-Za-z]*[A-Za-z])[0-9A-Za-z]{10,}(?:[-.][0-9A-Za-z]+)*\b"
    ),
    re.compile(r"(?<=port )\d{2,5}|(?<=\]:)\d{2,5}"),
)


def steady(text: str) -> str:
    """Return a server's words without what changes from one reply to the next."""
    for pattern in _VOLATILE:
        text = pattern.sub("…", text)
    return text


class Neutral:
    """Makes the texts of one side comparable with those of the other."""

    def __init__(self, look: Look, *, by_place: bool, lab: bool) -> None:
        """``by_place``: other hosts or another target; ``lab``: both sides were walked there."""
        self._lab = lab
        names: dict[str, str] = _digests(look) if lab else {}
        if by_place:
            names.update(_own_names(look))
        ordered = sorted(names, key=len, reverse=True)
        self._names = names
        either = "|".join(map(re.escape, ordered))
        self._pattern = re.compile(either, re.IGNORECASE) if either else None
        self._remembered: Callable[[str], str] = lru_cache(maxsize=4_096)(self._neutral)

    def __call__(self, text: str) -> str:
        """Return the text as it is compared."""
        return self._remembered(text)

    def _neutral(self, text: str) -> str:
        if self._pattern is not None:
            text = self._pattern.sub(lambda found: self._names[found[0].lower()], text)
        if self._lab:
            text = _SECONDS.sub("⟨seconds⟩", _BASE64.sub("⟨key⟩", _HEX.sub("⟨digest⟩", text)))
        return text


def moment(look: Look, when: datetime | None) -> str:
    """Return a time as it is compared: on the lab, as its distance from the walk in days."""
    if when is None:
        return ""
    header = look.side.trace.header
    try:
        began = from_rfc3339(header.started_at)
    except ValueError:  # a trace somebody wrote by hand
        return when.isoformat()
    if not header.scenario:
        return when.isoformat()
    return f"{round((when - began).total_seconds() / 86_400)} days"


def _own_names(look: Look) -> dict[str, str]:
    names: dict[str, str] = {}
    if look.delivery.domain:
        names[look.delivery.domain.lower()] = "⟨domain⟩"
    for place in look.hosts:
        planned = place.host.planned
        names[planned.name.lower()] = names[planned.display.lower()] = f"⟨{place.key}⟩"
        names.update({one.address.lower(): f"⟨{one.key}⟩" for one in place.addresses})
    return {name: placeholder for name, placeholder in names.items() if name}


def _digests(look: Look) -> dict[str, str]:
    """Return whose every digest is that a certificate of this side has."""
    found: dict[str, str] = {}
    for attempt in look.delivery.attempts:
        seen = [attempt.handshake, *(one.handshake for _, one in looks_of(attempt))]
        for handshake in seen:
            for der in handshake.presented if handshake else ():
                facts = read_certificate(der)
                for digest, what in (
                    (facts.sha256, "certificate"),
                    (facts.sha512, "certificate in SHA-512"),
                    (facts.spki_sha256, "key"),
                    (facts.spki_sha512, "key in SHA-512"),
                ):
                    if digest:
                        found[digest.lower()] = f"⟨{what} of {facts.subject}⟩"
    return found
