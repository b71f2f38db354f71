"""Recipes, what leads to them, and the whole explanation of each code."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from mxwalk.cli import cli
from mxwalk.findings.explain import explain
from mxwalk.findings.explanation import AREAS, explanation
from mxwalk.findings.model import Owner
from mxwalk.findings.recipes import (
    Recipe,
    Side,
    read_recipe,
    recipe,
    recipe_names,
    text_in,
)
from mxwalk.findings.recipes.index import area_of, index, listed, recipes_for, sources_for
from mxwalk.findings.registry import catalogue
from mxwalk.findings.texts import HEADINGS, LABELS, codes_with_text, long_text, sections
from mxwalk.findings.texts import text_in as paragraphs_in
from mxwalk.language import ENGLISH, LANGUAGES, speaking
from mxwalk.wrapping import cells, fill

OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
# Names and addresses that are real on purpose: what the sentence is about is theirs.
_REAL = re.compile(
    r"spf\.protection\.outlook\.com|_spf\.google\.com|gmail-smtp-in\.l\.google\.com|\bietf\.org|"
    r"dnssec-failed\.org|(aspmx\.l|smtp|\*\.aspmx\.l)\.google\.com|mail\.protection\.outlook\.com|"
    r"TENANT\.onmicrosoft\.com"
)


def literal_lines(one: Recipe) -> list[str]:
    return [
        line for part in one.parts for block in part.blocks if block.literal for line in block.lines
    ]


def test_every_recipe_is_used_and_every_named_one_exists() -> None:
    named = {name for names in index().recipes.values() for name in names}
    assert named == recipe_names()


def test_every_key_of_the_index_is_a_code_or_for_sources_an_area() -> None:
    codes = set(catalogue())
    areas = {area_of(code) for code in codes}
    assert set(index().recipes) <= codes
    assert set(index().sources) <= codes | areas
    assert set(AREAS) == areas


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_code_that_has_something_to_mend_leads_to_a_recipe_or_says_why_not(code: str) -> None:
    own = code in index().own_fix
    to_mend = catalogue()[code].owner is not Owner.NOBODY
    assert to_mend == (bool(recipes_for(code)) or own)
    assert not (own and recipes_for(code))


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_code_has_sources_by_name(code: str) -> None:
    assert sources_for(code)
    told = explanation(code)
    assert told.sources[0].startswith("RFC ")
    assert all(source.strip() for source in told.sources)
    assert len(set(told.sources)) == len(told.sources)


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_an_explanation_has_all_parts_and_prose_fits_the_width(code: str) -> None:
    told = explanation(code)
    text = explain(code, width=70)
    assert [name for name, _ in told.sections] == list(HEADINGS)
    assert ("\n\nBy product\n" in text) == bool(told.fixes)
    assert ("\n\nOn the sender's side\n" in text) == bool(told.around)
    assert "\nSources\n" in text
    literal = {line for one in (*told.fixes, *told.around) for line in literal_lines(one)}
    for line in text.splitlines():
        assert len(line) <= 70 or line.strip() in {one.strip() for one in literal}


@pytest.mark.parametrize("name", sorted(recipe_names()))
def test_a_recipe_says_what_to_do_for_several_products(name: str) -> None:
    one = recipe(name)
    assert one.title
    assert all(part.blocks for part in one.parts)
    assert len([part for part in one.parts if part.product]) >= 3
    assert literal_lines(one)
    assert text_in(ENGLISH, name).replace("\n", "").isprintable()
    prose = text_in(ENGLISH, name).splitlines()[3:]
    assert all(len(line) <= 116 for line in prose if not line.startswith("    "))


@pytest.mark.parametrize("name", sorted(recipe_names()))
def test_a_recipe_names_only_hosts_and_addresses_for_documentation(name: str) -> None:
    text = _REAL.sub("", "\n".join(literal_lines(recipe(name))))
    for address in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text):
        assert address.startswith(
            ("192.0.2.", "198.51.100.", "203.0.113.", "127.0.0.", "0.0.0.0", "25.2.0.192")
        )
    for host in re.findall(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net)\b", text):
        assert host.endswith(("example.com", "example.net", "example.org")), host


@pytest.mark.parametrize("name", sorted(recipe_names()))
def test_rfcs_among_the_sources_have_titles(name: str) -> None:
    for source in listed(recipe(name).sources):
        if source.startswith("RFC "):
            assert re.fullmatch(r"RFC \d+( \S+(, \S+)*)?: .+", source)


def test_commands_of_ours_in_recipes_exist_with_their_options() -> None:
    seen = 0
    for name in sorted(recipe_names()):
        for line in literal_lines(recipe(name)):
            if line.startswith("mxwalk "):
                seen += 1
                verb, *words = shlex.split(line)[1:]
                command = cli.commands[verb]
                options = {word.partition("=")[0] for word in words if word.startswith("--")}
                known = {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}
                assert options <= known, line
                assert isinstance(command, click.Command)
    assert seen > 10


@pytest.mark.parametrize(
    "text",
    [
        "no title\nSide: owner\nSources: a\n\nx",
        "# t\nSide: owner\n\nx",
        "# t\nSide: we\nSources: a\n\nx",
    ],
)
def test_a_recipe_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"recipe|Side"):
        read_recipe("x", text)


@pytest.mark.parametrize("name", ["nothing-of-the-kind", "../index", "", "index.toml"])
def test_no_other_file_is_read_as_a_recipe(name: str) -> None:
    with pytest.raises(KeyError):
        recipe(name)


def test_sections_of_an_rfc_are_listed_together() -> None:
    given = ("RFC 5280 6", "Postfix, TLS_README", "RFC 5280 4.1", "RFC 5280 6")
    assert listed(given) == (
        "RFC 5280 6, 4.1: X.509 Certificate and CRL Profile",
        "Postfix, TLS_README",
    )


def test_what_a_sender_does_is_told_apart_from_what_the_owner_does() -> None:
    told = explanation("CERT006")
    assert {one.side for one in told.fixes} == {Side.OWNER}
    assert {one.side for one in told.around} == {Side.SENDER}


def test_related_codes_are_others_of_the_catalogue() -> None:
    for code in catalogue():
        found = [one.code for one in explanation(code).related]
        assert code not in found
        assert len(set(found)) == len(found) <= 8


# -- languages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", OTHERS)
def test_texts_of_another_language_have_a_code_and_the_five_labels_in_order(spoken: str) -> None:
    assert codes_with_text(spoken) <= set(catalogue())
    for code in codes_with_text(spoken):
        paragraphs = paragraphs_in(spoken, code).split("\n\n")
        assert len(paragraphs) == len(LABELS[spoken]), code
        for label, paragraph in zip(LABELS[spoken], paragraphs, strict=True):
            assert paragraph.startswith(label), code
            assert len(paragraph) > len(label) + 4, code


@pytest.mark.parametrize("spoken", OTHERS)
def test_recipes_of_another_language_have_the_same_sections_and_literal_lines(spoken: str) -> None:
    assert recipe_names(spoken) <= recipe_names()
    for name in recipe_names(spoken):
        here, there = recipe(name), read_recipe(name, text_in(spoken, name))
        assert there.side is here.side, name
        assert there.sources == here.sources, name
        assert len(there.parts) == len(here.parts), name
        assert sorted(literal_lines(there)) == sorted(literal_lines(here)), name


@pytest.mark.parametrize("spoken", OTHERS)
def test_another_language_falls_back_to_english_and_is_cached_apart(spoken: str) -> None:
    lacking = sorted(set(catalogue()) - codes_with_text(spoken))
    having = sorted(codes_with_text(spoken))
    before = {code: long_text(code) for code in (*lacking[:3], *having[:3])}
    with speaking(spoken):
        assert all(long_text(code) == before[code] for code in lacking[:3])
        assert all(long_text(code) != before[code] for code in having[:3])
        assert all(len(sections(code)) == 5 for code in (*lacking[:3], *having[:3]))
    assert all(long_text(code) == text for code, text in before.items())


@pytest.mark.parametrize("spoken", OTHERS)
def test_an_explanation_in_another_language_fits_the_width_in_cells(spoken: str) -> None:
    with speaking(spoken):
        for code in sorted(catalogue()):
            told = explanation(code)
            literal = {
                line.strip() for one in (*told.fixes, *told.around) for line in literal_lines(one)
            }
            for line in explain(code, width=76).splitlines():
                assert cells(line) <= 76 or line.strip() in literal


def test_wide_characters_count_twice_when_lines_are_broken() -> None:
    assert fill("인증서 체인 오류", 11) == ["인증서 체인", "오류"]
    assert fill("a bb ccc", 4, "- ", "  ") == ["- a", "  bb", "  ccc"]
    assert fill("", 10) == []
