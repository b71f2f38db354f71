"""Combining marks in text that is cut into parts, each of which is made visible by itself."""

import unicodedata


def marks_named(text: str) -> str:
    """Spell out every mark: it stands on the letter before it, and at the beginning of a part is none."""
    is_mark = {char: unicodedata.category(char) in ("Mn", "Me") for char in set(text)}
    return "".join(f"U+{ord(char):04X}" if is_mark[char] else char for char in text)
