"""What somebody types after ``mxwalk explain``, ``open`` and ``clue`` on the first day."""

from pathlib import Path

from click.testing import CliRunner, Result

from mxwalk.cli import cli

BOUNCE = "Remote Server returned '550 5.7.323 tlsa-invalid: The domain failed DANE validation'\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def _codes(*words: str) -> list[str]:
    result = run("explain", *words)
    assert result.exit_code == 0, result.output
    return [line.split()[0] for line in result.stdout.splitlines()]


def test_a_phrase_is_looked_for_by_its_words_in_any_order() -> None:
    assert _codes("STARTTLS not offered")[0] == "STLS001"
    for words in (("offered", "STARTTLS"), ("the offered STARTTLS?",)):
        assert "STLS001" in _codes(*words)[:3]


def test_what_has_only_some_of_the_words_comes_behind() -> None:
    found = _codes("tlsa", "expired")
    assert found[0] == "DANE004"
    assert "DANE002" in found
    assert "STLS001" in _codes("starttls zzzz")


def test_a_reply_code_is_explained() -> None:
    out = " ".join(run("explain", "550").stdout.split())
    assert "RFC 5321 4.2.3" in out
    assert "ENV002" in out
    assert "A walk" in out
    for code in ("220", "250", "354", "421", "454", "554"):
        assert run("explain", code).exit_code == 0


def test_the_fields_of_a_finding_stand_apart() -> None:
    lines = run("explain", "DANE002").stdout.splitlines()
    assert {"severity: error", "who must act: receiver", "in TLS reports: tlsa-invalid"} <= set(
        lines
    )


def test_open_points_to_clue_where_that_recognises_the_text(tmp_path: Path) -> None:
    file = tmp_path / "ndr.txt"
    file.write_text(BOUNCE)
    result = run("open", str(file))
    assert result.exit_code == 2
    assert f"mxwalk clue {file}" in result.stderr


def test_clue_points_to_explain_for_a_code() -> None:
    for code in ("5.7.323", "550"):
        result = run("clue", code)
        assert result.exit_code == 2
        assert f"mxwalk explain {code}" in result.stderr
