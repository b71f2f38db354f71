r"""The one way from untrusted bytes and names to text that may be shown.

Terminals act on control characters, and bidirectional or zero-width characters reorder or hide what
a reader sees.  ``visible`` turns every character that is not ``str.isprintable()`` into an escape a
person can read (``\r``, ``\x1b``, ``U+202E``); what it returns is plain text without markup, which
the interface wraps into its own text types and the reports escape for their format.
"""

_SHORT = {"\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0"}


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"U+{code:04X}"


def visible(value: bytes | str, limit: int | None = None) -> str:
    r"""Return ``value`` as one printable line.

    Bytes are read as UTF-8; bytes that are not are shown as ``\\xNN``.  With ``limit``, at most that
    many characters of the input are shown and an ellipsis with the number left out follows.
    """
    text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    left_out = 0
    if limit is not None and len(text) > limit:
        left_out = len(text) - limit
        text = text[:limit]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escape(char) for char in text)
    return f"{text}… (+{left_out} characters)" if left_out else text
