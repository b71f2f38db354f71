"""The settings file: key map, theme, glyph set, mouse, language, and the sender last chosen.

What is unknown or of the wrong type is passed over with a warning; nothing in it can keep the
interface from starting.
"""

import contextlib
import os
import sys
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from mxwalk.files import make_directory, write_whole
from mxwalk.language import LANGUAGES, say
from mxwalk.text import visible
from tui.own_files import UNREADABLE, read_own

_GLYPHS = ("auto", "unicode", "ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the settings file says, with defaults; ``warnings`` names what could not be used."""

    theme: str = ""
    glyphs: str = "auto"
    mouse: bool = True
    language: str = ""  # empty: what the environment says
    keymap: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def glyph_set(self) -> str:
        """``unicode`` or ``ascii``; ``auto`` looks at the terminal."""
        if self.glyphs != "auto":
            return self.glyphs
        encoding = (getattr(sys.__stdout__, "encoding", None) or "").lower()
        plain = os.environ.get("TERM") in ("linux", "dumb") or "utf" not in encoding
        return "ascii" if plain or _locale_is_plain() else "unicode"


def _locale_is_plain() -> bool:
    """Whether the person asked for the C locale; Python itself reports UTF-8 there."""
    plain = ("C", "POSIX")
    chosen = os.environ.get("LC_ALL", "")
    if chosen:
        return chosen in plain
    kind = os.environ.get("LC_CTYPE", "")  # Python sets C.UTF-8 here in a C locale (PEP 538)
    return kind in plain or (kind in ("", "C.UTF-8") and os.environ.get("LANG") in plain)


def load_settings(path: Path, known_ids: frozenset[str]) -> Settings:
    """Read the settings file; a missing one gives the defaults."""
    try:
        data = tomllib.loads(read_own(path))
    except FileNotFoundError:
        return Settings()
    except UNREADABLE as error:
        return Settings(
            warnings=(
                say("the settings file cannot be read: {error}", error=visible(str(error), 200)),
            )
        )
    warnings = [
        say("unknown setting {name}", name=visible(name, 60))
        for name in data
        if name not in ("theme", "glyphs", "mouse", "language", "keymap")
    ]
    theme, glyphs, mouse = (
        data.get("theme", ""),
        data.get("glyphs", "auto"),
        data.get("mouse", True),
    )
    if not isinstance(theme, str):
        warnings.append(say("theme must be a text"))
        theme = ""
    if glyphs not in _GLYPHS:
        warnings.append(say("glyphs must be auto, unicode or ascii"))
        glyphs = "auto"
    if not isinstance(mouse, bool):
        warnings.append(say("mouse must be true or false"))
        mouse = True
    language = data.get("language", "")
    if not isinstance(language, str) or (language and language not in LANGUAGES):
        warnings.append(say("language must be one of {languages}", languages=", ".join(LANGUAGES)))
        language = ""
    keymap = _keymap(data.get("keymap", {}), known_ids, warnings)
    return Settings(
        theme=theme,
        glyphs=glyphs,
        mouse=mouse,
        language=language,
        keymap=keymap,
        warnings=tuple(warnings),
    )


def _keymap(value: object, known_ids: frozenset[str], warnings: list[str]) -> dict[str, str]:
    if not isinstance(value, dict):
        warnings.append(say("keymap must be a table of ids and keys"))
        return {}
    keymap: dict[str, str] = {}
    used: dict[str, str] = {}
    for name, key in value.items():
        if name not in known_ids:
            warnings.append(say("keymap: there is no action {name}", name=visible(str(name), 60)))
        elif not isinstance(key, str) or not key.strip():
            warnings.append(
                say("keymap: the key of {name} must be a text", name=visible(str(name), 60))
            )
        elif not all(_is_key(part.strip()) for part in key.split(",")):
            warnings.append(say("keymap: {key} is no key", key=visible(key, 40)))
        elif key in used:
            warnings.append(
                say(
                    "keymap: {key} is given to {used} and {name}",
                    key=visible(key, 20),
                    used=used[key],
                    name=name,
                )
            )
        else:
            keymap[name] = used[key] = key
            used[key] = name
    return keymap


def _is_key(name: str) -> bool:
    """Whether a key of this name can be pressed: a character, its Unicode name, or a named key."""
    from textual.keys import Keys

    *modifiers, last = name.split("+") if len(name) > 1 else [name]
    if not last or not set(modifiers) <= {"ctrl", "shift", "alt", "super", "meta"}:
        return False
    if len(last) == 1:
        return last.isprintable()
    if any(last == known.value for known in Keys):
        return True
    try:
        unicodedata.lookup(last.replace("_", " "))
    except KeyError:
        return False
    return True


def remember_theme(path: Path, theme: str) -> None:
    """Write the chosen theme into the settings file, keeping what else is in it.

    A file that cannot be read is left alone: it may be one slip away from being right.
    """
    import tomli_w

    data: dict[str, object] = {}
    try:
        data = tomllib.loads(read_own(path))
    except FileNotFoundError:
        pass
    except UNREADABLE:
        return
    if data.get("theme") == theme:
        return
    data["theme"] = theme
    with contextlib.suppress(OSError):
        place = path.resolve()  # settings may be kept elsewhere and linked to
        make_directory(place.parent)
        write_whole(place, tomli_w.dumps(data).encode(), replace=True, keep_mode=True)
