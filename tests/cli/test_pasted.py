"""``open`` and ``report`` take a text with an SMTP dialogue, from a file or from a pipe."""

import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from tests.clues.dialogue.corpus import SEED_WRONG, SWAKS


@pytest.mark.parametrize("command", ["open", "report"])
def test_a_dialogue_from_a_pipe_is_reported_for_the_chosen_sender(command):
    done = CliRunner().invoke(
        cli, [command, "-", "--format", "text", "--sender", "esa:5"], input=SEED_WRONG
    )
    assert done.exit_code == 3
    assert "from a pasted dialogue" in done.stdout
    assert "EHLO003" in done.stdout
    assert "STARTTLS command not supported" in done.stdout


def test_a_dialogue_in_a_file_is_reported_and_what_was_read_is_said_beside(tmp_path):
    path = tmp_path / "session.txt"
    path.write_text(SWAKS)
    done = CliRunner().invoke(cli, ["report", str(path), "--format", "json", "--sender", "esa:5"])
    assert done.exit_code == 4
    assert '"pasted": "swaks"' in done.stdout or '"pasted":"swaks"' in done.stdout
    assert "nothing was looked up" in done.stderr


def test_a_text_that_is_no_dialogue_is_refused(tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("nothing of the kind\n")
    done = CliRunner().invoke(cli, ["report", str(path)])
    assert done.exit_code == 2
    assert "no mxwalk trace" in done.output
