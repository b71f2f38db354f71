"""The program on a pseudo-terminal as a way out, and what only a terminal lets in: one line a play.

A play opens something hostile with ``mxwalk``, presses keys, and leaves; every octet that was written is
read (``ansi``).  The start screen's check of this machine is not part of it: it would ask the resolver.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mxwalk.evidence.journal import dump_trace
from mxwalk.evidence.trace import Trace
from tests.hostility import files
from tests.hostility.ansi import Read, read
from tests.hostility.stage import scenario, walked
from tests.hostility.terminal import environment, play
from tests.reports.samples import hostile_trace
from tests.widgets.messages import spoilt_trace
from tests.widgets.samples import sample_trace

_VIEWS = tuple(b"%d" % number for number in range(1, 10))
# Copy, export with its preview, help, palette, letter, note, findings, a finding, out again.
_WALK = (*_VIEWS, b"y", b"x", b"\x1b", b"?", b"\x1b", b"M", b"\x1b", b"w", b"\t", b"y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One run: the files it finds, its words, the keys and the variables."""

    words: tuple[str | bytes, ...]
    keys: tuple[bytes, ...]
    files: Mapping[str | bytes, bytes] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    reaches: str = ""  # screens and views
    folder: bytes = b""  # where it runs, below its home
    copies: bool = False  # whether something must have been copied


# What those keys lead to, whatever was walked, and the screen and the views of each kind of walk.
_DIALOGS = "ExportScreen HelpScreen LetterScreen "
_DELIVERY = _DIALOGS + "WalkScreen route tls chain identity tlsa policy ehlo dnssec verdicts"
_MESSAGE = _DIALOGS + "MessageScreen message headers spf dkim dmarc dnssec verdicts"
_DOMAIN = _DIALOGS + "DomainScreen domain policy spf keys dmarc rollout dnssec"


def _trace(make: Callable[[bytes], Trace], reaches: str = _DELIVERY) -> Callable[[bytes], Play]:
    def made(text: bytes) -> Play:
        trace = make(text)
        content = dump_trace(trace)
        return Play(
            words=("open", "a.mxtrace"),
            keys=_WALK,
            files={"a.mxtrace": content},
            reaches=reaches,
            copies=True,
        )

    return made


def _paste(text: bytes) -> bytes:
    """Return what a terminal sends for a paste; it takes out what would end it, and NUL."""
    return b"\x1b[200~" + text.replace(b"\x1b[201~", b"").replace(b"\0", b"") + b"\x1b[201~"


def _pasted(text: bytes) -> Play:
    valid = text.decode("utf-8", "ignore").replace("\x1b", "").encode()
    keys = (b"\x1b[15~", _paste(valid), b"\x1b", _paste(valid), b"\r")
    return Play(words=(), keys=keys, reaches="StartScreen PasteScreen")


def _named(text: bytes) -> bytes:
    return text.replace(b"\0", b"").replace(b"/", b"_")[:200] or b"-"


def _file(text: bytes) -> Play:
    """Files with such a name, beside others that are opened, and as the folder to export to."""
    name = _named(text)
    trace = dump_trace(sample_trace())
    keys = (
        b"1",
        b"x",
        b"\x13",
        b"\x1b",
        b"N",
        _paste(text.decode("utf-8", "ignore").encode()),
        b"\x1b",
    )
    words = (b"open", b"./" + name)
    return Play(
        words=words,
        keys=keys,
        files={name + b"/" + name: trace},
        reaches="WalkScreen route ExportScreen NoteScreen",
        folder=name,
    )


def _saved(text: bytes) -> Play:
    """Walks that were saved under such names, in the list of the start screen."""
    trace = dump_trace(sample_trace(text.decode("utf-8", "replace").encode()))
    folder = b"state/mxwalk/traces/"
    names = (folder + _named(text)[:150] + b".mxtrace", folder + b"20261122T100000Z-x.mxtrace")
    keys = (b"\x1b[B", b"\x1b[B", b"D", b"j", b"\r", b"1", b"q")
    reaches = "StartScreen WalkScreen route"
    return Play(words=(), keys=keys, files=dict.fromkeys(names, trace), reaches=reaches)


def _missing(text: bytes) -> Play:
    return Play(words=(b"open", b"./missing-" + _named(text)), keys=())


def _report(
    make: Callable[[bytes], bytes], verb: str, name: str, screen: str
) -> Callable[[bytes], Play]:
    def made(text: bytes) -> Play:
        keys = (*_VIEWS[:5], b"\t", b"j", b"y", b"\r", b"y", b"?", b"\x1b")
        reaches = f"{screen} HelpScreen"
        return Play(words=(verb, name), keys=keys, files={name: make(text)}, reaches=reaches)

    return made


def _settings(text: bytes) -> Play:
    said = "".join(f"\\U{ord(char):08X}" for char in text.decode("utf-8", "replace"))
    toml = f'theme = "{said}"\nglyphs = "{said}"\nlanguage = "{said}"\n"{said}" = "{said}"\n[keymap]\n"app.help" = "{said}"\n"{said}" = "{said}"\n'
    return Play(
        words=("open", "a.mxtrace"),
        keys=(b"1", b"?", b"\x1b"),
        reaches="WalkScreen route HelpScreen",
        files={
            "a.mxtrace": dump_trace(sample_trace()),
            "config/mxwalk/settings.toml": toml.encode(),
        },
    )


def _variables(text: bytes) -> Play:
    words = os.fsdecode(text.replace(b"\0", b""))
    home = os.fsdecode(b"home-" + _named(text))
    names = ("LANG", "MXWALK_LANGUAGE", "USER", "COLUMNS", "TERM_PROGRAM")
    variables = {**dict.fromkeys(names, words), "HOME": home, "XDG_STATE_HOME": f"{home}/state"}
    reaches = "WalkScreen route"
    return Play(words=("lab", "mx-null"), keys=(b"c", b"1"), variables=variables, reaches=reaches)


PLAYS: Mapping[str, Callable[[bytes], Play]] = {
    "a trace, by hand": _trace(lambda text: sample_trace(text.decode("utf-8", "replace").encode())),
    "a trace of a delivery": _trace(lambda text: hostile_trace(text, "esa-san")),
    "a trace with DANE": _trace(lambda text: hostile_trace(text, "dane-mixed")),
    "a trace of a policy": _trace(lambda text: hostile_trace(text, "sts-redirect")),
    "a trace of a message": _trace(spoilt_trace, _MESSAGE),
    "a trace of a domain": _trace(lambda text: hostile_trace(text, "domain-complete"), _DOMAIN),
    "certificates": _trace(lambda text: walked(scenario(), certificates=text)),
    "a TLS report": _report(files.tls_report, "tlsrpt", "report.json", "ReportsScreen"),
    "a DMARC report": _report(files.dmarc_report, "dmarc", "report.xml", "DmarcScreen"),
    "a paste": _pasted,
    "a file's name": _file,
    "saved walks": _saved,
    "a name of no file": _missing,
    "settings": _settings,
    "variables": _variables,
}


def faults(name: str, text: bytes) -> Iterator[str]:
    """Play, and yield what is wrong with what was written."""
    made = PLAYS[name](text)
    with tempfile.TemporaryDirectory(prefix="hostility-") as folder:
        home = Path(folder)
        for path, content in made.files.items():
            target = Path(os.fsdecode(os.path.join(os.fsencode(home), os.fsencode(path))))  # noqa: PTH118
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        given = {**environment(home), **made.variables}
        place = home / os.fsdecode(made.folder)
        played = play(made.words, made.keys, given, place)
    said = read(played.stream)
    yield from _of(made, said)
    yield from (f"nothing came of {what}" for what in played.missing)
    yield from (f"not reached: {name}" for name in sorted({*made.reaches.split()} - played.reached))
    if played.status not in (0, 2):
        yield f"it ended with {played.status}: {said.text[-300:]!a}"


def _of(made: Play, said: Read) -> Iterator[str]:
    yield from dict.fromkeys(said.wrong)
    if made.keys and not said.sequences:
        yield f"nothing was drawn: {said.text[-300:]!a}"
    if made.copies and not said.copied:
        yield "nothing was copied"
