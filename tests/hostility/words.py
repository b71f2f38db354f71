"""Words as a door: a hostile text in the place of every argument and of every option of every command.

The commands are asked what they take, so that one that is new is tried at once.  Names of files that are
there, the standard input and the environment come in the same way.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import click

from mxwalk.cli import cli
from mxwalk.evidence.journal import dump_trace
from mxwalk.reports.render import FORMATS
from tests.dmarcrpt.examples import APPENDIX_B as DMARC_REPORT
from tests.hostility import program
from tests.hostility.documents import text as visible_text
from tests.tlsrpt.examples import APPENDIX_B as TLS_REPORT
from tests.widgets.messages import PLAIN
from tests.widgets.samples import LEAF, sample_trace

# What a command must be given beside the word that is tried.
USUAL: Mapping[str, tuple[str, ...]] = {
    "check": ("--lab", "mx-null"),
    "completion": ("bash",),
    "diff": ("a.mxtrace", "a.mxtrace"),
    "dkim-key": ("example.com", "s1"),
    "dmarc": ("dmarc.xml",),
    "domain": ("example.com",),
    "lab": ("mx-null",),
    "letter": ("a.mxtrace",),
    "message": ("mail.eml", "--offline"),
    "open": ("a.mxtrace",),
    "policy": ("example.com",),
    "report": ("a.mxtrace",),
    "spf": ("example.com", "--ip", "192.0.2.1"),
    "tlsa": ("leaf.pem",),
    "tlsrpt": ("tls.json",),
    # Two ends: a great number of rounds is what somebody may want.
    "watch": ("--lab", "mx-null", "--rounds", "1", "--every", "1s", "--for", "2s"),
    "walk": ("example.com", "--text"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A command line; ``files`` are in its folder."""

    name: str
    words: tuple[str, ...]
    given: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


@cache
def files() -> Mapping[str, bytes]:
    """Return what stands in the folder of every run."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = x509.load_der_x509_certificate(LEAF).public_bytes(Encoding.PEM)
    return {
        "a.mxtrace": dump_trace(sample_trace()),
        "tls.json": TLS_REPORT,
        "dmarc.xml": DMARC_REPORT,
        "mail.eml": PLAIN,
        "leaf.pem": pem,
    }


def places() -> Iterator[tuple[str, click.Parameter]]:
    """Yield every place where a word may stand."""
    for name, command in sorted(cli.commands.items()):
        for param in command.params:
            if not (isinstance(param, click.Option) and (param.is_flag or param.count)):
                yield name, param


def typed(name: str, param: click.Parameter, text: bytes) -> Iterator[Typed]:
    """Yield the command lines with a text in one place."""
    word = os.fsdecode(text.replace(b"\0", b""))[:4_000]
    usual = USUAL.get(name, ())
    if isinstance(param, click.Argument):
        given = [word] * max(1, param.nargs)
        more = [one for one in usual[1:] if one.startswith("--")] if usual else []
        yield Typed(f"{name} {param.name}", (name, *given, *more))
        yield Typed(f"{name} -- {param.name}", (name, *more, "--", *given))
        return
    values = [word] * max(1, param.nargs)
    yield Typed(f"{name} {param.opts[-1]}", (name, *usual, param.opts[-1], *values))
    if param.nargs == 1:
        yield Typed(f"{name} {param.opts[-1]}=", (name, *usual, f"{param.opts[-1]}={word}"))


def others(text: bytes) -> Iterator[Typed]:
    """Yield what is no place of a command: names nobody knows, files, the standard input, variables."""
    word = os.fsdecode(text.replace(b"\0", b""))[:4_000]
    yield Typed("an option", (f"--{word}",))
    yield Typed("a command", (word, word))
    yield Typed("--language", ("--language", word, "lab"))
    for variable in ("MXWALK_LANGUAGE", "LANG", "LC_ALL", "COLUMNS"):
        yield Typed(variable, ("lab", "--help"), environment={variable: word})
    for command in ("open", "report", "tlsrpt", "dmarc", "message", "clue", "diff", "letter"):
        yield Typed(f"{command} -", (command, "-"), given=text)
        if name := _file_name(text):
            for content in (text, files()["a.mxtrace"]):
                yield Typed(f"{command} FILE", (command, name), files={name: content})
    if name := _file_name(text):
        for fmt in FORMATS:
            line = ("report", "a.mxtrace", "--format", fmt, "--output", name)
            yield Typed(f"report --format {fmt} --output", line)
            yield Typed("report --output, again", line, files={name: b""})


def long_files(content: bytes) -> Iterator[Typed]:
    """Yield every command that reads a file, with one of ten megabytes."""
    for command, *more in (
        ("clue",), ("tlsrpt", "--text"), ("dmarc", "--text"), ("message", "--offline"), ("open",),
        ("report",), ("letter",), ("tlsa",),
    ):  # fmt: skip
        yield Typed(f"{command} FILE", (command, "long", *more), files={"long": content})
        if command not in ("tlsa", "tlsrpt", "dmarc"):
            yield Typed(f"{command} -", (command, "-", *more), given=content)


def long_traces(content: bytes) -> Iterator[Typed]:
    """Yield commands that read a trace with ten megabytes in one of its strings, each step in turn."""
    mark = b"qqmarkqq"
    long = json.dumps(content.decode("utf-8", "replace"), ensure_ascii=False)[1:-1].encode()
    lines = dump_trace(sample_trace(mark)).splitlines(keepends=True)
    marked = [at for at, line in enumerate(lines) if mark in line]
    for at in marked:
        trace = b"".join((*lines[:at], lines[at].replace(mark, long, 1), *lines[at + 1 :]))
        verbs = ("report",) if at != marked[0] else ("report", "open", "letter", "clue")
        for verb in verbs:
            name = "long.mxtrace"
            yield Typed(f"{verb} FILE, step {at}", (verb, name), files={name: trace})


def _file_name(text: bytes) -> str:
    return os.fsdecode(text.replace(b"\0", b"").replace(b"/", b"_")[:200]).strip(".")


def faults(line: Typed) -> Iterator[str]:
    """Yield what is wrong with what a command line prints."""
    said = program.run(
        *line.words,
        given=line.given,
        files={**files(), **line.files},
        environment=line.environment,
    )
    if said.fault or said.code == 70:
        yield f"it ended by a fault: {said.fault}"
    yield from visible_text(said.out)
    yield from visible_text(said.err)
