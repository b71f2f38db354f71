"""The language a person reads: every text of ours that is shown goes through ``say``.

English is in the source; translations are gettext catalogues (``mxwalk/locales``), read when they are
first needed.  The language is that of the process, chosen once at its start; ``speaking`` changes it
for a piece of work, such as a letter to somebody who reads another one.  What is written into a trace
and the words of other programs (log lines, replies, commands) are never translated.
"""

import gettext
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from mxwalk.particles import with_particles

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "ko": "한국어"}

_P = ParamSpec("_P")
_R = TypeVar("_R")
_DOMAIN = "mxwalk"


class _Process:
    """The language of the process."""

    language = ENGLISH


_here: ContextVar[str] = ContextVar("language", default="")


def language() -> str:
    """Return the code of the language spoken now, a key of ``LANGUAGES``."""
    return _here.get() or _Process.language


def use_language(code: str) -> None:
    """Speak this language from now on; one that is not known is English."""
    _Process.language = code if code in LANGUAGES else ENGLISH


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language inside the block."""
    token = _here.set(code if code in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _here.reset(token)


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language the environment asks for, as gettext programs read it.

    ``MXWALK_LANGUAGE`` comes first.  Then the first of ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is
    set names the locale (POSIX 8.2); before it counts the list ``LANGUAGE``, unless it is the C locale.
    """
    own = environment.get("MXWALK_LANGUAGE", "")
    if own:
        return _known(own) or ENGLISH
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    if locale.partition(".")[0] in ("", "C", "POSIX"):
        return ENGLISH
    listed = environment.get("LANGUAGE", "").split(":")
    found = (_known(name) for name in (*listed, locale) if name)
    return next((name for name in found if name), ENGLISH)


def is_known(locale: str) -> bool:
    """Say whether a locale's name is of a language spoken here."""
    return bool(_known(locale))


def _known(locale: str) -> str:
    """Return the language of a locale's name (``ko_KR.UTF-8``) if it is one of ours."""
    code = locale.replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return code if code in LANGUAGES else ""


def say(text: str, /, **values: object) -> str:
    """Return ``text`` in the language spoken, with ``values`` in the places named ``{name}``.

    The text is a literal of the source, by which the catalogues are made; a value is never read as a
    template.  Values from peers must have gone through ``mxwalk.text.visible``.
    """
    found = _catalogue(language()).gettext(text) if text else ""
    return filled(found, values) if values else found


def say_many(one: str, many: str, count: int, /, **values: object) -> str:
    """Return ``one`` or ``many`` by ``count``, which is ``{n}`` in them."""
    found = _catalogue(language()).ngettext(one, many, count)
    return filled(found, {"n": count, **values})


def quoted(text: str) -> str:
    """Return a text in quotation marks, as ``{value!r}`` gives it in a text of ``say``.

    What was made visible holds its escapes once: Python would double their backslashes.
    """
    if not text.isprintable():
        return repr(str(text))
    return f'"{text}"' if "'" in text and '"' not in text else f"'{text}'"


class _Quotable(str):
    """A value that ``!r`` gives in quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return quoted(str(self))


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a template with its values; in Korean with the particles that fit them."""
    if "!r" in template:
        values = {
            name: _Quotable(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
    if language() == "ko":
        return with_particles(template, values)
    return template.format_map(values)


def noted(text: str, /) -> str:
    """Return ``text`` as it is: a literal that is given to ``say`` where it is shown."""
    return text


def per_language(maxsize: int | None = 128) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Remember results like ``lru_cache``, apart for each language: for what returns our words."""

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @lru_cache(maxsize=maxsize)
        def remembered(
            _spoken: str, args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
        ) -> _R:
            return function(*args, **dict(named))

        @wraps(function)
        def in_language(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            return remembered(language(), args, tuple(kwargs.items()))

        return in_language

    return decorate


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """Return the translations into a language; English needs none."""
    if code == ENGLISH:
        return gettext.NullTranslations()
    from importlib import resources

    place = resources.files("mxwalk").joinpath("locales", code, "LC_MESSAGES", f"{_DOMAIN}.mo")
    with place.open("rb") as file:
        return gettext.GNUTranslations(file)
