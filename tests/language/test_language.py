"""Choosing a language, speaking it, and remembering results apart for each."""

import pytest
from click.testing import CliRunner

from mxwalk import language as module
from mxwalk.cli import cli
from mxwalk.language import language, language_of, per_language, say, say_many, speaking


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "ko"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:ko:en"}, "ko"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ko", "LANG": "en_US.UTF-8"}, "ko"),
        ({"MXWALK_LANGUAGE": "ko", "LC_ALL": "C"}, "ko"),
        ({"MXWALK_LANGUAGE": "xx", "LANG": "ko_KR"}, "en"),
    ],
)
def test_the_environment_chooses_the_language_as_for_gettext_programs(environment, expected):
    assert language_of(environment) == expected


def test_a_value_is_never_read_as_a_template():
    assert say("{host} answered", host="{0.__class__}%s") == "{0.__class__}%s answered"


def test_one_and_many_by_count():
    assert say_many("{n} host", "{n} hosts", 1) == "1 host"
    assert say_many("{n} host", "{n} hosts", 2) == "2 hosts"


def test_results_are_remembered_apart_for_each_language():
    @per_language()
    def spoken(text):
        return (language(), text)

    assert spoken("a") is spoken("a")
    with speaking("ko"):
        assert spoken("a") == ("ko", "a")
    assert spoken("a") == ("en", "a")


def test_an_unknown_language_on_the_command_line_is_refused_with_those_there_are():
    done = CliRunner().invoke(cli, ["--language", "xx", "explain"])
    assert done.exit_code == 2
    assert "en (English)" in done.output


def test_ascii_output_is_in_english(monkeypatch):
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    CliRunner().invoke(cli, ["check", "--lab", "no-such", "--ascii"])
    assert module.language() == "en"
    CliRunner().invoke(cli, ["check", "--lab", "no-such"])
    assert module.language() == "ko"


def test_a_language_that_is_not_spoken_is_said_so_in_one_line(monkeypatch):
    monkeypatch.setenv("MXWALK_LANGUAGE", "xx")
    done = CliRunner().invoke(cli, ["explain", "no-such-code"])
    assert done.stderr.splitlines()[0].startswith("mxwalk: MXWALK_LANGUAGE=xx is not spoken")
    module.use_language("en")
