"""Each scenario's title and story in each language: whole, and with what is not translated."""

import re
import unicodedata

import pytest

from mxwalk.lab import stories
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.lab.stories import group_of, story_of, title_of
from mxwalk.language import ENGLISH, LANGUAGES, speaking

OTHERS = tuple(code for code in LANGUAGES if code != ENGLISH)

# Names that look like ordinary words, and stay as they are.
NAMES = (
    *("Postfix", "Exim", "Exchange Online", "Cisco", "Microsoft", "Markdown", "Unicode"),
    *("Lufthansa", "United", "American", "Delta", "JetBlue", "Spirit", "Sun Country", "Air France"),
    *("Verified", "Trusted", "Common Name", "permerror", "temperror", "softfail"),
)
# What stands in digits, in capitals, or in the marks of a host, an option or a tag.
TECHNICAL = re.compile(
    r"--[a-z][a-z-]+"  # an option
    r"|[\w*+~?.-]*[\w]+(?:[.@/:_-][\w*]+)*[=_@.][\w*-]+(?:[.@/:_-][\w*]+)*"  # a host, a tag, a path
    r"|\b[\w-]*\d[\w.-]*"  # a number, a code, a hash
    r"|\b[A-Z][A-Z0-9-]*[A-Z0-9]\b"  # a protocol, a record type
    r"|[-~?+]all\b|\b[a-z]+[A-Z]\w+"  # an SPF term, a field of a certificate
)
HANGUL = re.compile(r"[가-힣]")


def technical(text: str) -> set[str]:
    """Return what every language has as it stands."""
    found = {word.rstrip(".-") for word in TECHNICAL.findall(text)}
    found |= {name for name in NAMES if re.search(rf"\b{name}\b", text)}
    return {word for word in found if word}


def test_the_technical_words_of_a_story_are_found() -> None:
    text = (
        "Setting 5 wants *.emailhosted.not, p=none and 4.7.322 (RFC 9525 section 6.3); --resolver,"
        " _25._tcp.mx1.example.com, SHA-256, a blank -all, dNSName and Postfix."
    )
    assert technical(text) == {
        *("5", "*.emailhosted.not", "p=none", "4.7.322", "RFC", "9525", "6.3", "--resolver"),
        *("_25._tcp.mx1.example.com", "SHA-256", "-all", "dNSName", "Postfix"),
    }


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_is_told_in_every_language(name: str, code: str) -> None:
    scenario = load_scenario(name)
    with speaking(code):
        title, story = title_of(scenario), story_of(scenario)
    assert title != scenario.title
    assert story != " ".join(scenario.story.split())
    for english, told in ((scenario.title, title), (scenario.story, story)):
        assert unicodedata.is_normalized("NFC", told)
        lost = {word for word in technical(" ".join(english.split())) if word not in told}
        assert not lost
    if code == "ko":
        assert HANGUL.search(title)
        assert not title.endswith((".", "다"))
        assert re.search(r"(니다|십시오)\.$", story)


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_new_is_claimed_in_a_translation(code: str) -> None:
    for name in scenario_names():
        scenario = load_scenario(name)
        with speaking(code):
            told = f"{title_of(scenario)} {story_of(scenario)}"
        english = f"{scenario.title} {scenario.story}"
        hosts = set(
            re.findall(r"[\w*-]+(?:\.[\w*-]+)*\.(?:com|test|example|not|org)", told, re.ASCII)
        )
        codes = set(re.findall(r"\d\.\d\.\d+|RFC \d+", told))
        assert {word for word in hosts | codes if word not in " ".join(english.split())} == set()


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_tells_of_no_scenario_that_is_not_there(code: str) -> None:
    book = stories._book(code)
    assert set(book.scenarios) == set(scenario_names())
    assert set(book.groups) == {load_scenario(name).group for name in scenario_names()}


def test_english_is_the_scenario_s_own() -> None:
    scenario = load_scenario("esa-hosted")
    with speaking(ENGLISH):
        assert title_of(scenario) == scenario.title
        assert story_of(scenario) == " ".join(scenario.story.split())
        assert group_of(scenario.group) == "esa"
