"""How names and mailboxes stand in texts: the patterns that redaction searches for.

Each is ``None`` where there is nothing to search for.  All are linear in the text.
"""

import re
from collections.abc import Iterable


def _alternatives(secrets: Iterable[bytes]) -> bytes:
    return b"|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True))


def name_pattern(names: set[bytes]) -> re.Pattern[bytes] | None:
    """A name with whatever labels stand before it."""
    if not names:
        return None
    return re.compile(
        rb"(?i)(?:(?<![a-z0-9_-])|(?<=%%40)|(?<==40))"  # @ as URLs and SRS write it
        rb"(?:[a-z0-9_-]{1,63}\.){0,8}(?:%b)(?![a-z0-9_-])" % _alternatives(names)
    )


def mailbox_pattern(parts: set[bytes]) -> re.Pattern[bytes] | None:
    """A local part before ``@``, also as URLs write it."""
    if not parts:
        return None
    short = {part for part in parts if len(part) < 4}
    choices = [_alternatives(parts - short)] if parts - short else []
    if short:  # a short one would be found in the end of longer ones
        choices.append(rb"(?<![a-z0-9])(?:%b)" % _alternatives(short))
    return re.compile(rb"(?i)(?:%b)(?=@|%%40|=40)" % b"|".join(choices))


def word_pattern(parts: set[bytes]) -> re.Pattern[bytes] | None:
    """A local part that stands alone, but never the reply code at a line's start."""
    if not parts:
        return None
    return re.compile(rb"(?im)(?!^)(?<![a-z0-9])(?:%b)(?![a-z0-9])" % _alternatives(parts))
