"""Text for places that print ASCII alone: our own symbols get their plain forms, the rest escapes."""

_PLAIN = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "·": "-",
        "•": "*",
        "→": "->",
        "←": "<-",
        "…": "...",
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "≠": "!=",
        "│": "|",
        "─": "-",
        "\N{NO-BREAK SPACE}": " ",
    }
)


def to_ascii(text: str) -> str:
    r"""Return the text in ASCII; what has no plain form becomes ``\xNN``, ``\uNNNN``."""
    return text.translate(_PLAIN).encode("ascii", "backslashreplace").decode("ascii")
