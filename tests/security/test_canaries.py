"""No secret of the user or of the machine comes into a trace, report, letter or log.

Marks stand in the environment, the home directory, the settings, a private key beside the certificates
of a trust store, paths, the machine's name, a password in a pasted dialogue; everything that may be
passed on is searched for them.  That a walk's own words (mailboxes, HELO name, addresses) are gone from
what is redacted is held by ``tests/evidence/test_redact.py``, and here for every format.
"""

import itertools
import json
import socket
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click.testing
import pytest

from mxwalk import cli
from mxwalk.evidence.journal import read_trace
from tests.net.peers import closed_port
from tests.security.canaries import (
    ENVIRONMENT,
    KEY,
    NOWHERE,
    PASSWORD,
    found,
    planted_home,
)
from tests.tls.pki import issue

LAPTOP = "canarylaptop"  # the machine's name where it is no host name for EHLO
HOST = "canaryhost.corp.example"
OWN = ("canaryhost", "canarysender", "canaryrcpt", "canary-ca")
FORMATS = ("text", "markdown", "html", "json", "trace")
MESSAGE = b"""Received: from a.example.net ([192.0.2.7]) by mx.example.org; Mon, 1 Jun 2026 00:00:00 +0000
From: A <a@example.net>
Subject: x
Date: Mon, 1 Jun 2026 00:00:00 +0000
Message-ID: <1@example.net>

hello
"""


def ask(*words: str, expected: Sequence[int] = (0, 1, 3, 4), given: str = "") -> str:
    """Run a command, and return what it prints for programs and people to take away."""
    done = click.testing.CliRunner().invoke(cli.cli, list(words), input=given)
    assert done.exit_code in expected, (words, done.output, done.exception)
    return done.stdout


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory, an environment and a machine name that are all marked."""
    planted = planted_home(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(planted))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "gethostname", lambda: LAPTOP)
    monkeypatch.chdir(tmp_path)
    return planted


@pytest.fixture
def bundle(home: Path) -> Path:
    """A trust store with a private key in the same file, as careless people have them."""

    pem = issue("Test Root", ca=True).pem
    path = home / "keys" / "canary-ca.pem"
    path.parent.mkdir()
    key = f"-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----\n"
    path.write_bytes(key.encode() + pem + key.encode())
    return path


def artefacts(trace: Path, *options: str) -> Iterator[tuple[str, bytes]]:
    """Yield everything that is made of a trace, with its name."""
    for form in FORMATS:
        yield f"report {form}", ask("report", str(trace), "--format", form, *options).encode()
    for form in ("text", "eml", "json"):
        words = ("letter", str(trace), "--format", form, *options)
        yield f"letter {form}", ask(*words, expected=(0, 1, 2)).encode()
    for form in ("text", "markdown", "html", "json"):
        words = ("diff", str(trace), str(trace), "--format", form, *options)
        yield f"diff {form}", ask(*words).encode()


def searched(things: Iterable[tuple[str, bytes]], marks: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, mark) for name, data in things for mark in found(marks, data)]


def test_the_search_finds_a_mark_in_every_form() -> None:
    import base64

    for before in range(4):
        data = base64.b64encode(b"x" * before + b"canarysecret" + b"y" * before)
        assert found(("canarysecret",), b'{"a":"' + data + b'"}') == ["canarysecret"]
    for form in (b"CanarySecret", b"canary%73ecret", b"canary<b>secret</b>", b"canary\n secret", b"63616e617279736563726574"):  # fmt: skip
        assert found(("canarysecret",), form) == ["canarysecret"]
    assert found(("canarysecret",), b"canary secre") == []


def test_a_real_walk_tells_nothing_of_its_user_or_its_machine(home: Path, bundle: Path) -> None:
    port, resolver = closed_port(), f"127.0.0.1:{closed_port()}"
    trace = home.parent / "walk.mxtrace"
    words = ["check", f"[127.0.0.2]:{port}", "--ca-file", str(bundle), "--resolver", resolver]
    told = ask(*words, "--timeout", "1", "--save", str(trace))
    things = itertools.chain(
        [("trace", trace.read_bytes()), ("stdout", told.encode())], artefacts(trace)
    )
    assert searched(things, (*NOWHERE, LAPTOP)) == []
    assert read_trace(trace).header.options.trust == "~/keys/canary-ca.pem"
    redacted = artefacts(trace, "--redact")
    assert searched(redacted, (*NOWHERE, LAPTOP, "canary-ca", resolver)) == []


def test_a_dialogue_tells_what_was_given_for_it_and_redacted_not_even_that(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = home.parent / "keylog"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))  # which would let others read what was said
    trace = home.parent / "walk.mxtrace"
    words = [
        "check",
        "--lab",
        "pkix-good",
        "--helo",
        HOST,
        "--mail-from",
        "canarysender@example.org",
    ]
    told = ask(*words, "--rcpt-to", "canaryrcpt@shop.example", "--save", str(trace))
    things = itertools.chain(
        [("trace", trace.read_bytes()), ("stdout", told.encode())], artefacts(trace)
    )
    assert searched(things, (*NOWHERE, LAPTOP)) == []
    assert searched([("trace", trace.read_bytes())], OWN[:3]) != []  # what EHLO and MAIL said stays
    assert searched(artefacts(trace, "--redact"), (*NOWHERE, LAPTOP, *OWN)) == []
    saved = home.parent / "redacted.mxtrace"
    ask(*words, "--rcpt-to", "canaryrcpt@shop.example", "--save", str(saved), "--redact")
    assert searched([("redacted", saved.read_bytes())], (*NOWHERE, LAPTOP, *OWN)) == []
    assert not keys.exists()


def test_the_machines_name_is_told_where_ehlo_needs_it_and_nowhere_else(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: HOST)
    trace = home.parent / "walk.mxtrace"
    words = ["check", f"[127.0.0.1]:{closed_port()}", "--resolver", f"127.0.0.1:{closed_port()}"]
    ask(*words, "--timeout", "1", "--save", str(trace))
    header, *steps = trace.read_bytes().splitlines()
    assert json.loads(header)["options"]["helo"] == HOST
    assert searched([("steps", b"\n".join(steps))], ("canaryhost",)) == []
    assert searched(artefacts(trace, "--redact"), ("canaryhost",)) == []


def test_where_a_message_lies_is_not_told(home: Path) -> None:
    folder = home / "Mail"
    folder.mkdir()
    message = folder / "canarymessage.eml"
    message.write_bytes(MESSAGE)
    trace = home.parent / "walk.mxtrace"
    resolver = f"127.0.0.1:{closed_port()}"
    words = ["message", str(message), "--resolver", resolver, "--timeout", "1"]
    told = ask(*words, "--save", str(trace), "--ip", "192.0.2.7", "--helo", "a.example.net")
    things = itertools.chain(
        [("trace", trace.read_bytes()), ("stdout", told.encode())], artefacts(trace)
    )
    assert searched(things, (*NOWHERE, LAPTOP)) == []
    message_input = read_trace(trace).header.message
    assert message_input is not None
    assert message_input.file_name == "~/Mail/canarymessage.eml"
    assert searched(artefacts(trace, "--redact"), (*NOWHERE, "canarymessage")) == []


def test_a_key_beside_a_certificate_is_not_read(home: Path, bundle: Path) -> None:
    told = ask("tlsa", str(bundle), "--host", "mx.example.net", expected=(0, 1, 2, 3, 4))
    assert searched([("tlsa", told.encode())], (KEY,)) == []


def test_a_password_in_a_pasted_dialogue_is_covered(home: Path) -> None:
    import base64

    secret = base64.b64encode(f"\0user\0{PASSWORD}".encode()).decode()
    dialogue = (
        "220 mx.example.net ESMTP\nEHLO a.example.org\n250-mx.example.net\n250 AUTH PLAIN\n"
        f"AUTH PLAIN {secret}\n535 5.7.8 failed\nQUIT\n221 bye\n"
    )
    file = home.parent / "pasted.txt"
    file.write_text(dialogue)
    saved = home.parent / "pasted.mxtrace"
    told = [ask("clue", str(file), "--format", form) for form in ("text", "json")]
    assert searched([("clue", one.encode()) for one in told], (PASSWORD,)) == []
    assert not saved.exists()


def test_a_fault_of_ours_is_one_line_without_values(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object, **__: object) -> None:
        password = (
            f"{PASSWORD}{len(home.parts)}"  # a local variable, as a traceback with locals shows
        )
        raise RuntimeError(f"broken at {len(password)}")

    monkeypatch.setattr(cli, "cli", fails)
    monkeypatch.delenv("MXWALK_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    told = capfd.readouterr()
    assert "broken at" in told.err
    assert "Traceback" not in told.err
    assert searched([("crash", (told.out + told.err).encode())], (*NOWHERE, LAPTOP)) == []


def test_notes_are_emptied_from_what_is_redacted(home: Path) -> None:
    from mxwalk.evidence.journal_writer import append_steps
    from mxwalk.evidence.notes import note_step

    trace = home.parent / "walk.mxtrace"
    ask("check", "--lab", "mx-null", "--save", str(trace))
    known = read_trace(trace)
    append_steps(trace, known, (note_step(known, 1, f"call {PASSWORD}", 1.0),))
    assert searched(artefacts(trace), (PASSWORD,)) != []
    assert searched(artefacts(trace, "--redact"), (PASSWORD,)) == []
