"""Pasted texts of each product are recognised: written after its public documentation."""

import textwrap
import tomllib
from pathlib import Path

import pytest

from mxwalk.clues.model import Clue, Standing, Understanding
from mxwalk.clues.reading import understand
from mxwalk.findings.registry import catalogue
from mxwalk.senders.registry import profiles
from mxwalk.walk.target import parse_target

CORPUS = Path(__file__).parent / "corpus"
NAMES = sorted(path.stem for path in CORPUS.glob("*.txt"))
# A mail whose parts were wrapped or quoted is no MIME any more where they are encoded.
ENCODED = {"dsn-base64", "dsn-quoted-printable"}


def text_of(name: str) -> str:
    return (CORPUS / f"{name}.txt").read_text()


def expected(name: str) -> dict[str, object]:
    return tomllib.loads((CORPUS / f"{name}.toml").read_text())


def deciding(found: Understanding) -> Clue:
    failed = (Standing.BOUNCED, Standing.DEFERRED)
    return next((one for one in found.clues if one.standing in failed), found.clues[0])


def check(name: str, found: Understanding) -> None:
    want = expected(name)
    assert found.clues, "nothing was recognised"
    one = deciding(found)
    got = {
        "product": one.product.value,
        "form": one.form.value,
        "standing": one.standing.value,
        "step": one.step.value if one.step else "",
        "status": one.status,
        "lead": found.leads[0].target if found.leads else "",
        "sender": found.sender,
    }
    assert got == {key: want[key] for key in got}
    for key in ("host", "address", "port"):
        if want.get(key):
            assert getattr(one, key) == want[key], key
    if want["finding"]:
        assert want["finding"] in one.findings


def test_there_are_more_than_sixty_texts() -> None:
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_a_text_is_recognised_with_product_step_lead_and_sender(name: str) -> None:
    check(name, understand(text_of(name)))


@pytest.mark.parametrize("name", NAMES)
def test_offsets_are_those_of_the_words_quoted(name: str) -> None:
    text = text_of(name)
    for one in understand(text).clues:
        assert 0 <= one.start <= one.end <= len(text)
        if name not in ENCODED:
            assert text[one.start : one.start + 8].split() == one.quoted[:8].split()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ENCODED])
def test_a_quoted_text_is_recognised(name: str) -> None:
    check(name, understand("".join(f"> {line}\n" for line in text_of(name).splitlines())))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ENCODED])
def test_a_text_wrapped_at_72_columns_is_recognised(name: str) -> None:
    lines: list[str] = []
    for line in text_of(name).splitlines():
        wrapped = textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False)
        lines.extend(wrapped or [""])
    check(name, understand("\n".join(lines) + "\n"))
    quoted = "\n".join(f"> > {line}" for line in lines)
    check(name, understand(quoted))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n"])
def test_line_ends_of_terminals_and_windows_do_not_matter(name: str, end: str) -> None:
    check(name, understand(text_of(name).replace("\n", end)))


@pytest.mark.parametrize("name", NAMES)
def test_a_text_that_was_cut_off_is_no_error_and_its_clues_point_into_it(name: str) -> None:
    text = text_of(name)
    for part in range(0, len(text), max(1, len(text) // 12)):
        for piece in (text[:part], text[part:]):
            for one in understand(piece).clues:
                assert 0 <= one.start <= one.end <= len(piece)


@pytest.mark.parametrize("name", NAMES)
def test_codes_senders_and_leads_exist(name: str) -> None:
    found = understand(text_of(name))
    known = {one.id for one in profiles()}
    assert found.sender in known or not found.sender
    for one in found.clues:
        assert set(one.findings) <= set(catalogue())
        assert not one.sender or one.sender in known
    for lead in found.leads:
        parse_target(lead.target)
        assert "example.org" not in lead.target, "the sender's own domain is no lead"


@pytest.mark.parametrize("name", NAMES)
def test_only_documentation_names_and_addresses_are_in_the_corpus(name: str) -> None:
    text = text_of(name)
    for word in ("outlook", "microsoft.com", "gmail", "google", "10.0.", "192.168."):
        assert word not in text.lower()
