"""Keys as people write them: Textual's names in words and signs."""

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "semicolon": ";",
    "colon": ":",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "right_curly_bracket": "}",
    "left_curly_bracket": "{",
    "down": "Down",
    "up": "Up",
    "left": "Left",
    "right": "Right",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def key_words(key: str) -> str:
    """Return a key as a person would write it; of several the first."""
    first = key.split(",", 1)[0]
    if first.startswith("ctrl+"):
        return "Ctrl+" + first.removeprefix("ctrl+").upper()
    if first[:1] == "f" and first[1:].isdecimal():
        return first.upper()
    return _NAMES.get(first, first)
