"""Commands that are shown for a person to copy: run by a real shell, with whatever peers put into them.

The shell finds only programs that do nothing and tell how they were called.  Whatever else it would do
(make a file, call another program) a peer had it do.  Quoting word by word is held by
``tests/findings/test_commands.py``.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.evidence.target import Options, Route
from mxwalk.findings import commands as of_findings
from mxwalk.findings.pki_commands import append_issuer, ask_responder, read_list
from mxwalk.findings.registry import check
from mxwalk.reports.commands import commands
from mxwalk.reports.commands_mailauth import walk_words
from tests.findings.builders import Trail
from tests.findings.test_hostile import _everywhere

PROGRAMS = (
    "dig", "delv", "drill", "host", "openssl", "curl", "awk", "grep", "sleep", "nc", "swaks", "cat",
    "posttls-finger", "ldns-dane", "mxwalk", "dkimverify", "opendkim-testkey", "certbot", "timeout",
    "date", "nslookup", "tr", "sed", "head", "gzip", "chronyc", "timedatectl", "sort", "ip",
)  # fmt: skip
PAYLOADS = (
    "$(>pwned)", "`>pwned`", ";>pwned;", "|>pwned", "&&>pwned", "||>pwned", "\n>pwned\n", "' >pwned '",
    '" >pwned "', "'$(>pwned)'", '"$(>pwned)"', ">pwned", "$IFS>pwned", "\\'>pwned", "'\\''>pwned;'",
    "a\r>pwned", "<(>pwned)", "${x:=$(>pwned)}", "$((a[$(>pwned)]))", "x;pwned-program;", "!!", "#", "*",
    "~/>pwned", "\\\n>pwned", "{a,b}>pwned", "\u2028>pwned", "';pwned-program;'", "$'\\n>pwned'", "&pwned-program&",
)  # fmt: skip
Shell = Callable[[list[str]], str]
BASH = shutil.which("bash") or ""
pytestmark = pytest.mark.skipif(not BASH, reason="there is no bash to try the commands with")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return what runs commands in an empty directory, and tells what came of it."""
    programs, there, calls = tmp_path / "bin", tmp_path / "there", tmp_path / "calls"
    programs.mkdir()
    there.mkdir()
    for name in PROGRAMS:
        program = programs / name
        program.write_text(
            f'#!{BASH}\nprintf "%q " {name} "$@" >>{calls}\nprintf "\\n" >>{calls}\n'
        )
        program.chmod(0o755)

    def run(lines: list[str]) -> str:
        script = tmp_path / "script"
        script.write_text("".join(f"( {line}\n) </dev/null\n" for line in lines), "utf-8")
        done = subprocess.run(
            [BASH, "--norc", "--noprofile", str(script)],
            cwd=there,
            env={"PATH": str(programs), "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        made = {path.name for path in there.rglob("*")} - {"fullchain.pem", "issuer.pem"}
        assert not {name for name in made if not (name.startswith("c") and name.endswith(".pem"))}
        assert "not found" not in done.stderr, done.stderr[:2_000]
        assert "syntax error" not in done.stderr, done.stderr[:2_000]
        return calls.read_text("utf-8") if calls.exists() else ""

    return run


def test_a_shell_that_is_had_is_seen(shell: Shell) -> None:
    with pytest.raises(AssertionError):
        shell(["dig $(>pwned)"])
    with pytest.raises(AssertionError):
        shell(["dig a; pwned-program"])


@pytest.mark.parametrize("payload", PAYLOADS[::2])
def test_no_command_of_a_finding_or_a_report_does_what_a_peer_says(
    shell: Shell, payload: str
) -> None:
    lines: list[str] = []
    for delivery in _everywhere(payload.encode()):
        lines += [finding.command for finding in check(delivery) if finding.command]
        lines += [one.command for one in commands(_asked_for(delivery, payload))]
    assert len(lines) > 20
    calls = shell(list(dict.fromkeys(lines)))
    assert "mxwalk" in calls
    assert "openssl" in calls


def _asked_for(delivery: Delivery, payload: str) -> Delivery:
    """Return the delivery as one whose options came with a trace from a stranger."""
    options = Options(
        sender=payload,
        helo=payload,
        mail_from=payload,
        rcpt_to=payload,
        routes=(Route(destination=payload),),
        resolver=payload,
        trust=payload,
        at=payload,
    )
    header = msgspec.structs.replace(
        delivery.trace.header,
        options=options,
        target=msgspec.structs.replace(delivery.trace.header.target, text=payload),
    )
    trace = msgspec.structs.replace(delivery.trace, header=header)
    return build_delivery(trace)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_command_made_of_a_strangers_words_is_more_than_words(
    shell: Shell, payload: str
) -> None:
    shell(
        [
            of_findings.dig(payload, "TXT", payload, dnssec=True),
            of_findings.s_client(payload, 25, payload, say=(payload,)),
            of_findings.swaks(payload, 25, ("--to", payload)),
            of_findings.nc(payload, 25),
            of_findings.posttls_finger(payload),
            of_findings.opendkim_testkey(payload, payload),
            of_findings.verify_message(payload),
            of_findings.verify_message(f"~/{payload}"),
            read_list(f"http://{payload}", payload) or "dig",
            append_issuer(f"http://{payload}") or "dig",
            ask_responder(payload, "openssl x509", 1, None, f"http://{payload}"),
        ]
    )


@pytest.mark.parametrize("name", ["-f/etc/passwd", "@192.0.2.66", "+tcp", "-x"])
def test_a_name_that_is_an_option_a_server_or_a_flag_of_dig_is_asked_for_as_a_name(
    name: str,
) -> None:
    words = of_findings.dig(name, "A").split()
    assert words[:2] == ["dig", "-q"]
    assert words[3:] == ["-t", "A"]


@pytest.mark.parametrize(
    "url",
    ["gopher://127.0.0.1:25/_x", "file:///etc/passwd", "smb://192.0.2.66/x", "ldap://127.0.0.1/", "-K/x", "scp://a/b"],
)  # fmt: skip
def test_nobody_is_told_to_fetch_what_is_no_http(url: str) -> None:
    assert read_list(url) == ""
    assert append_issuer(url) == ""


def test_a_file_named_like_an_option_is_given_as_a_file() -> None:
    delivery = Trail().mx("10 mx.example.net.").delivery()
    message = MessageInput(raw=b"From: a@example.net\r\n\r\n", file_name="--output=x")
    header = msgspec.structs.replace(delivery.trace.header, message=message)
    trace = msgspec.structs.replace(delivery.trace, header=header, steps=())
    assert walk_words(build_delivery(trace))[2] == "./--output=x"
