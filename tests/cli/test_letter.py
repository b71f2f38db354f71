"""``mxwalk letter``: what is printed, written and told."""

import email
import json

import msgspec
import pytest
from click.testing import CliRunner

from mxwalk.cli import cli
from mxwalk.commands.verbs.letter import KEYS
from mxwalk.evidence.journal import dump_trace
from mxwalk.letters import model
from tests.reports.samples import lab_trace


@pytest.fixture
def saved(tmp_path):
    def save(name):
        path = tmp_path / f"{name}.mxtrace"
        path.write_bytes(dump_trace(lab_trace(name)))
        return str(path)

    return save


def run(*words, **options):
    return CliRunner().invoke(cli, ["letter", *words], **options)


def test_the_parties_of_the_option_are_those_of_letters():
    assert KEYS == model.KEYS


def test_a_letter_is_printed_with_the_addresses_and_their_reasons(saved):
    done = run(saved("ehlo-1869"))
    assert done.exit_code == 0, done.output
    assert "To:  postmaster@example.com" in done.output
    assert "RFC 5321 4.5.1" in done.output
    assert "250-STARTTLS" in done.output


def test_when_the_fault_was_seen_comes_from_the_walk_unless_it_is_told():
    trace = lab_trace("ehlo-1869")
    header = msgspec.structs.replace(trace.header, since="Jan  5 10:00:00 (mx.example.com)")
    led = dump_trace(msgspec.structs.replace(trace, header=header))
    assert "Seen since:  Jan  5 10:00:00 (mx.example.com)" in run("-", input=led).output
    assert "Seen since:  Monday" in run("-", "--since", "Monday", input=led).output


def test_its_language_is_chosen_apart_from_the_interface(saved):
    done = run(saved("ehlo-1869"), "--in", "ko")
    assert "관리자님께" in done.output
    assert "For: the receiver's mail administrators" in done.output


def test_a_trace_comes_from_standard_input_too():
    done = run("-", input=dump_trace(lab_trace("ehlo-1869")))
    assert done.exit_code == 0
    assert "EHLO003" in done.output


def test_nothing_to_write_is_told_and_is_exit_code_1(saved):
    done = run(saved("dane-good"))
    assert done.exit_code == 1
    assert "nothing for the other side" in done.stderr
    assert done.stdout == ""


def test_a_draft_is_one_letter(saved, tmp_path):
    trace = saved("spf-ptr")
    done = run(trace, "--format", "eml")
    assert done.exit_code == 2
    assert "domain, domain-dns" in done.stderr
    path = tmp_path / "draft.eml"
    done = run(
        *(trace, "--format", "eml", "--to", "domain", "--output", str(path)),
        *("--from", "anna@example.net", "--name", "Anna", "--phone", "555"),
    )
    assert done.exit_code == 0, done.output
    read = email.message_from_bytes(path.read_bytes())
    assert read["X-Unsent"] == "1"
    assert read["From"] == "anna@example.net"
    assert b"Anna" in read.get_payload(decode=True)


def test_a_file_is_not_written_over(saved, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("mine")
    done = run(saved("ehlo-1869"), "--output", str(path))
    assert done.exit_code == 2
    assert path.read_text() == "mine"
    assert run(saved("ehlo-1869"), "--output", str(path), "--force").exit_code == 0
    assert "EHLO003" in path.read_text()


def test_all_letters_as_json(saved):
    document = json.loads(run(saved("spf-ptr"), "--format", "json").stdout)
    assert document["schema"] == "mxwalk-letters-1"
    keys = {letter["party"]["key"] for letter in document["letters"]}
    assert keys == {"domain", "domain-dns"}
    assert all(letter["to"] and letter["body"] for letter in document["letters"])


def test_redaction_takes_our_names_out(saved):
    done = run(saved("ehlo-1869"), "--redact")
    assert "probe.example.net" not in done.output
    assert "probe.example.net" in run(saved("ehlo-1869")).output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--finding", "DANE002"), "EHLO003"),
        (("--to", "ca"), "receiver"),
        (("--resolver", "192.0.2.53"), "--ask-soa"),
        (("--ascii", "--in", "ko"), "ASCII"),
        (("--format", "eml", "--from", "nobody"), "no e-mail address"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_line(saved, words, told):
    done = run(saved("ehlo-1869"), *words)
    assert done.exit_code == 2
    assert told in done.stderr
