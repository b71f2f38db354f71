"""Keys as people write them: Textual's names in words and signs."""


def key_words(key: str) -> str:
    """Return a key as a person would write it; of several the first."""
    names = {
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
        "f1": "F1",
        "f2": "F2",
        "f3": "F3",
        "f4": "F4",
        "f7": "F7",
        "ctrl+o": "Ctrl+O",
        "f5": "F5",
        "f6": "F6",
        "f8": "F8",
        "f9": "F9",
    }
    first = key.split(",", 1)[0]
    if first.startswith("ctrl+"):
        return "Ctrl+" + first.removeprefix("ctrl+").upper()
    return names.get(first, first)
