"""No text of ours is without its Korean, and no translation says something other than its text."""

import ast
from importlib import resources

from mxwalk.findings.texts import codes_with_text
from tests.language import translations
from tests.language.unsaid import unsaid


def test_every_text_has_its_korean():
    assert translations.missing() == {}


def test_a_translation_has_the_places_of_its_text():
    plurals = {one: many for one, many in translations.texts() if many}
    for text, value in translations.translated(translations.read_catalogue()).items():
        allowed = (translations.places(text), translations.places(plurals.get(text, text)))
        assert translations.places(value) in allowed, text


def test_the_compiled_catalogue_is_that_of_the_source():
    known = translations.translated(translations.read_catalogue())
    po, mo = translations.dump(translations.build(known))
    assert translations.PO.read_bytes() == po, "run: python -m tests.language.translations compile"
    assert translations.MO.read_bytes() == mo


def test_every_long_text_and_recipe_is_there_in_korean():
    texts = resources.files("mxwalk.findings.texts").joinpath("ko")
    assert {file.name for file in texts.iterdir()} == {f"{code}.md" for code in codes_with_text()}
    recipes = resources.files("mxwalk.findings").joinpath("recipes")
    english = {file.name for file in recipes.iterdir() if file.name.endswith(".md")}
    assert {file.name for file in recipes.joinpath("ko").iterdir()} == english


def test_what_is_given_to_say_is_a_literal_or_a_name():
    """A template made at run time would be in no catalogue, and could hold a peer's braces."""
    for package in translations.PACKAGES:
        for path in (translations.ROOT / package).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
                if name in ("say", "say_many", "noted"):
                    made = (isinstance(one, ast.JoinedStr | ast.BinOp) for one in call.args[:2])
                    assert not any(made), f"{path}:{call.lineno}"


def test_what_an_error_tells_is_said():
    """What cannot be used is told in the language spoken, whatever layer finds it."""
    files = [
        path
        for package in translations.PACKAGES
        for path in (translations.ROOT / package).rglob("*.py")
    ]
    assert [words for path in sorted(files) for words in unsaid(path)] == []
