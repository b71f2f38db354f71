"""``mxwalk clue`` prints what a text tells and the walk that fits; ``mxwalk explain`` knows status codes."""

import json
from pathlib import Path

from click.testing import CliRunner

from mxwalk.cli import cli
from tests.clues.test_corpus import text_of


def run(*args: str, given: str | bytes = "") -> tuple[int, str]:
    result = CliRunner().invoke(cli, list(args), input=given)
    return result.exit_code, result.output


def test_a_bounce_on_standard_input_names_step_finding_and_command() -> None:
    code, out = run("clue", given=text_of("exo-old-323"))
    assert code == 0
    assert "Exchange Online, non-delivery report: bounced" in out
    assert "step: TLSA" in out
    assert "DANE002" in out
    assert "mxwalk user@example.com --sender exchange-online" in out


def test_a_file_is_read_and_a_utf_16_one_too(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_text(text_of("postfix-not-trusted"))
    assert "postfix:secure" in run("clue", str(path))[1]
    path.write_bytes(text_of("postfix-not-trusted").encode("utf-16"))
    assert "postfix:secure" in run("clue", str(path))[1]


def test_json_holds_the_same_with_english_values() -> None:
    code, out = run("clue", "--format", "json", given=text_of("exim-required"))
    assert code == 0
    document = json.loads(out)
    assert document["mxwalk-clues"] == 1
    assert document["sender"] == "exim:require-dane"
    assert document["clues"][0]["standing"] == "deferred"
    assert document["leads"][0]["command"] == "mxwalk user@example.com --sender exim:require-dane"


def test_nothing_recognised_is_exit_code_1_and_a_missing_file_2(tmp_path: Path) -> None:
    assert run("clue", given="nothing of the kind")[0] == 1
    assert run("clue", str(tmp_path / "missing"))[0] == 2


def test_octets_that_are_no_text_do_not_stop_it() -> None:
    code, out = run("clue", given=b"\xff\xfe\x00" + text_of("reply-554").encode())
    assert code in (0, 1)
    assert "\x00" not in out


def test_explain_knows_status_codes_in_every_class() -> None:
    for typed in ("5.7.323", "4.7.323", "4/5.7.323"):
        code, out = run("explain", typed)
        assert code == 0
        assert "tlsa-invalid" in out
        assert "DANE002" in out
    assert "Cryptographic failure" in run("explain", "4.7.5")[1]
