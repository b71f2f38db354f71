from __future__ import annotations

import re

import pytest

from mxwalk.errors import UsageError
from mxwalk.findings.explain import explain
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.registry import catalogue, collect
from mxwalk.findings.texts import SECTIONS, codes_with_text, long_text


def test_every_code_has_a_text_and_every_text_a_code() -> None:
    assert codes_with_text() == set(catalogue())


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_text_has_its_five_sections_and_says_something_in_each(code: str) -> None:
    paragraphs = long_text(code).split("\n\n")
    assert len(paragraphs) == len(SECTIONS)
    for label, paragraph in zip(SECTIONS, paragraphs, strict=True):
        assert paragraph.startswith(label)
        assert len(paragraph) > len(label) + 10
    lines = long_text(code).splitlines()
    assert 5 <= len([line for line in lines if line]) <= 20
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("entry", catalogue().values(), ids=str)
def test_an_entry_is_complete(entry: Entry) -> None:
    assert re.fullmatch(r"[A-Z]{3,6}\d{3}", entry.code)
    assert entry.title
    assert re.match(r"RFC \d{4} \d", entry.rfc)
    assert entry.explain == long_text(entry.code)
    if entry.severity is Severity.OK:
        assert entry.owner is Owner.NOBODY


def test_explain_wraps_for_a_terminal_and_names_owner_severity_and_source() -> None:
    text = explain("ehlo003", width=60)
    prose = text.partition("By product")[0]  # literal lines are not broken
    assert max(len(line) for line in prose.splitlines()) <= 60
    assert text.startswith("EHLO003  ")
    assert "severity: error" in text
    assert "receiver" in text
    assert "RFC 1869" in text
    assert "STARTTLS command not supported" in " ".join(text.split())


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("EHLO0O3", "EHLO003"),
        ("CERT", "CERT001"),
        ("TLS999", "TLS00"),
        ("zzz", "the areas are"),
        ("", "the areas are"),
        ("../../etc/passwd", "the areas are"),
        ("\x1b[31m", "\\x1b"),
    ],
)
def test_an_unknown_code_is_refused_with_those_near_it(typed: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(typed)
    assert hint in str(caught.value)
    assert str(caught.value).isprintable()


def test_two_modules_with_one_code_are_refused() -> None:
    class Module:
        ENTRIES = (next(iter(catalogue().values())),)

        def check(self, delivery: object) -> object:
            return iter(())

    with pytest.raises(ValueError, match="claimed twice"):
        collect([Module(), Module()])  # type: ignore[list-item]


def test_a_finding_takes_the_severity_of_its_case_or_of_its_entry() -> None:
    entry = catalogue()["EHLO003"]
    plain = Finding(entry=entry, sentence="s", fix="f")
    mild = Finding(entry=entry, sentence="s", fix="f", severity=Severity.WARNING)
    assert plain.level is Severity.ERROR
    assert mild.level is Severity.WARNING


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_certificates_above_the_first_are_not_looked_for_with_a_command_that_reads_the_first(
    code: str,
) -> None:
    text = " ".join(long_text(code).split())
    assert "-showcerts </dev/null | openssl x509" not in text
