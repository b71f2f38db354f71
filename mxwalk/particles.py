"""Korean particles: which of two forms follows a value is known when the value is.

A translation writes both (``{host}이(가)``); the form is chosen by the sound that the word before it
ends in.  Only the translation's own letters are changed, never a value's.
"""

import re
import string
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache


class Sound(Enum):
    """What a Korean word ends in, as far as particles ask."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"


# The written form: after a consonant, after a vowel, after a rieul.
_FORMS: Mapping[str, tuple[str, str, str]] = {
    "이(가)": ("이", "가", "이"),
    "은(는)": ("은", "는", "은"),
    "을(를)": ("을", "를", "을"),
    "과(와)": ("과", "와", "과"),
    "와(과)": ("과", "와", "과"),
    "(으)로": ("으로", "로", "로"),
    "(이)라": ("이라", "라", "이라"),
}
_FORM = re.compile("|".join(re.escape(form) for form in _FORMS))
_CLOSING = "'\"`’”」』>]}"
_PARENTHESIS = re.compile(r"(?<=\S)\([^()]*\)$")  # not read aloud: the word before it counts
_LATIN = re.compile(r"[A-Za-z]+$")
_DIGITS = {"0": "c", "1": "r", "3": "c", "6": "c", "7": "r", "8": "r"}  # 영 일 삼 육 칠 팔
_LETTERS = {
    "l": "r",
    "m": "c",
    "n": "c",
    "r": "r",
}  # 엘 엠 엔 알; the names of others end in vowels
_READ_AS_WORDS = {"ng": "c", "net": "c", "er": "v", "or": "v", "ar": "v"}  # 잉, 넷, 서버, 에러
_SOUNDS = {"v": Sound.VOWEL, "r": Sound.RIEUL, "c": Sound.CONSONANT}


def with_particles(template: str, values: Mapping[str, object]) -> str:
    """Return ``template.format_map(values)`` with each particle in the form that fits."""
    if not _FORM.search(template):
        return template.format_map(values)
    done = ""
    for literal, field in _parts(template):
        done = _resolved(done, literal) + (field.format_map(values) if field else "")
    return done


@lru_cache(1024)
def _parts(template: str) -> tuple[tuple[str, str], ...]:
    """Return a template as literals, each with the place that follows it."""
    return tuple(
        (literal, "" if name is None else _place(name, form or "", conversion))
        for literal, name, form, conversion in string.Formatter().parse(template)
    )


def _place(name: str, form: str, conversion: str | None) -> str:
    """Return a place as it is written in a template."""
    return (
        "{" + name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "") + "}"
    )


def _resolved(before: str, literal: str) -> str:
    """Return ``before`` and ``literal``, with the literal's particles chosen."""
    done, at = before, 0
    for found in _FORM.finditer(literal):
        done += literal[at : found.start()]
        done += _chosen(found.group(), sound_of(done))
        at = found.end()
    return done + literal[at:]


def _chosen(form: str, sound: Sound | None) -> str:
    """Return the form of a particle after a sound; both forms where it is not known."""
    consonant, vowel, rieul = _FORMS[form]
    if sound is None:
        return form
    return {Sound.CONSONANT: consonant, Sound.VOWEL: vowel, Sound.RIEUL: rieul}[sound]


def sound_of(text: str) -> Sound | None:
    """Return what the last word of a text ends in when it is read in Korean, if that can be told."""
    tail = _PARENTHESIS.sub("", text[-200:].rstrip(_CLOSING)).rstrip(_CLOSING + ".")
    last = tail[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return {0: Sound.VOWEL, 8: Sound.RIEUL}.get(final, Sound.CONSONANT)
    if last and last in string.digits:
        return _SOUNDS[_DIGITS.get(last, "v")]
    word = _LATIN.search(tail)
    return _SOUNDS[_latin(word.group())] if word else None


def _latin(word: str) -> str:
    """Return the sound of a Latin word: spelled by its letters, but for common endings of words."""
    if not word.isupper():
        for ending, sound in _READ_AS_WORDS.items():
            if word.endswith(ending):
                return sound
    return _LETTERS.get(word[-1].lower(), "v")
