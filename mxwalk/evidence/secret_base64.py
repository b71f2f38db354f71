"""Local parts in base64 (RFC 4648 4 and 5), as servers put them into links and tokens.

The text is decoded as a whole at each of the four offsets at which a group may begin, so that a local
part is found in any case of letters and anywhere inside a longer token, in time linear to the text.
The whole token is replaced: its other characters may hold the rest of the mailbox.
"""

import binascii
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
# What is no base64 reads as zero bits; a match must lie inside one token all the same.
_FLAT = bytes(
    ord("+") if byte == ord("-") else
    ord("/") if byte == ord("_") else
    byte if byte in _ALPHABET else ord("A")
    for byte in range(256)
)  # fmt: skip
# A reply code and its hyphen (RFC 5321 4.2) are no part of the token behind them.
_TOKEN = re.compile(rb"(?m)(?:^[0-9]{3}-)?([A-Za-z0-9+/_-]+={0,2})")
_SHORT = 4


def pattern(parts: Iterable[bytes]) -> re.Pattern[bytes] | None:
    """Return what finds the local parts in decoded text; ``None`` without any.

    Short ones count only by themselves, and those of one or two octets only before ``@``: decoded
    words hold any two octets sooner or later.
    """
    choices = []
    for part in sorted(parts, key=len, reverse=True):
        word = re.escape(part)
        if len(part) < _SHORT:
            word = rb"(?<![a-z0-9])%b%b" % (
                word,
                rb"(?=@)" if len(part) < _SHORT - 1 else rb"(?![a-z0-9])",
            )
        choices.append(word)
    return re.compile(rb"(?i)(?:%b)" % b"|".join(choices)) if choices else None


def tokens(secret: re.Pattern[bytes] | None, data: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each token in base64 that holds a secret."""
    if secret is None:
        return
    flat = data.translate(_FLAT)
    found: set[tuple[int, int]] = set()
    places: list[tuple[int, int]] = []
    for offset in range(4):
        text = flat[offset:]
        decoded = binascii.a2b_base64(text + b"A" * (-len(text) % 4))
        for match in secret.finditer(decoded):
            # three octets are four characters
            first = offset + match.start() * 4 // 3
            last = offset + (match.end() * 4 - 1) // 3
            places = places or [(0, 0), *(token.span(1) for token in _TOKEN.finditer(data))]
            place = places[bisect_right(places, (first, len(data))) - 1]
            if place[0] <= first and last < place[1]:
                found.add(place)
    yield from sorted(found)
