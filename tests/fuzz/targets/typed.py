"""What a person types or keeps in files: targets, options, anchors, scenarios, and the settings file.

An input is the text; the last octet says what it is read as.
"""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from mxwalk.clues.words import host_name, mailbox
from mxwalk.commands.own import parse_receiver
from mxwalk.commands.settings import (
    parse_helo,
    parse_mailbox,
    parse_resolver,
    parse_route,
    parse_time,
)
from mxwalk.dnssec.anchors import read_anchors
from mxwalk.dnssec.model import Question
from mxwalk.errors import MxwalkError, UsageError
from mxwalk.evidence.target import Target as WalkTarget
from mxwalk.findings.searching import find
from mxwalk.lab.scenario import parse_scenario
from mxwalk.senders.registry import profile, profiles
from mxwalk.session import file_words
from mxwalk.smtp.commands import command_problem
from mxwalk.walk.target import parse_target
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.durations import duration_typed, parse_duration
from tests.fuzz.choices import Choices
from tests.fuzz.evidence import comes_back
from tests.fuzz.model import Target, printable, promise, refusing
from tests.fuzz.structure import pieces
from tui.settings import Settings, load_settings

_IDS = frozenset({"quit", "step", "walk.run"})


def _target(text: str) -> None:
    found = parse_target(text)
    comes_back(found)
    promise(0 <= found.port < 65_536, "the port", found.port)
    again = parse_target(found.text)
    promise(_bare(again) == _bare(found), "read again it is another:", again)
    if found.local_part and found.domain and found.local_part.isascii():
        line = f"RCPT TO:<{found.local_part}@{found.domain.ascii}>\r\n".encode()
        printable(command_problem(line) or "")


def _bare(target: WalkTarget) -> WalkTarget:
    return msgspec.structs.replace(target, text="")


def _mailbox(text: str) -> None:
    for may_be_null in (True, False):
        found = parse_mailbox(text, "--mail-from", may_be_null=may_be_null)
        printable(found)
        promise(parse_mailbox(found, "--x", may_be_null=may_be_null) == found, "another:", found)


def _resolver(text: str) -> None:
    found = parse_resolver(text)
    promise(parse_resolver(found) == found, "read again it is another:", found)


def _route(text: str) -> None:
    found = parse_route(text)
    comes_back(found)
    printable(found.destination)


def _helo(text: str) -> None:
    found = printable(parse_helo(text))
    promise(parse_helo(found) == found, "read again it is another:", found)
    promise(command_problem(f"EHLO {found}\r\n".encode()) is None, "cannot be sent:", found)


def _time(text: str) -> None:
    found = parse_time(text)
    promise(parse_time(found) == found, "read again it is another:", found)


def _duration(text: str) -> None:
    seconds = parse_duration(text, "--interval")
    promise(parse_duration(duration_typed(seconds), "x") <= seconds, "longer when written")


def _condition(text: str) -> None:
    found = parse_condition(text)
    printable(found.words)
    promise(parse_condition(found.text) == found, "read again it is another:", found)


def _sender(text: str) -> None:
    found = profile(text)
    promise(profile(found.id).id == found.id, "read again it is another:", found.id)
    printable(found.id)
    promise(found in profiles(found.id), "not among the profiles")


def _anchors(text: str) -> None:
    found = read_anchors(text, "a file")
    for line in found.lines:
        printable(line)
    promise(read_anchors("\n".join(found.lines)).lines == found.lines, "read again they are others")


def _scenario(text: str) -> None:
    parse_scenario("fuzzed", text.encode("utf-8", "surrogateescape"))


def _settings(text: str) -> None:
    with tempfile.NamedTemporaryFile(prefix="settings-") as file:
        file.write(text.encode("utf-8", "surrogateescape"))
        file.flush()
        found = load_settings(Path(file.name), _IDS)
    for warning in found.warnings:
        printable(warning, 400)
    promise(isinstance(found.language, str) and isinstance(found.theme, str), "no texts:", found)
    promise(isinstance(found.mouse, bool) and found.glyphs in {"auto", "unicode", "ascii"}, found)
    promise(set(found.keymap) <= _IDS, "keys of nothing")
    promise(found.warnings or isinstance(found, Settings), "no settings")


def _search(text: str) -> None:
    for entry in find(text.split()[:8]):
        printable(entry.code)
    parse_receiver(text)


def _names(text: str) -> None:
    words = file_words(text)
    promise(words and len(words) <= 80 and words.isascii(), "no part of a file name:", words)
    promise("/" not in words and words not in {".", ".."}, "a path:", words)
    printable(host_name(text))
    printable(mailbox(text))
    printable(str(Question(text, "A")) if text.isprintable() else "")


_READERS: tuple[Callable[[str], None], ...] = (
    _target, _mailbox, _resolver, _route, _helo, _time, _duration, _condition, _sender, _anchors, _scenario, _settings,
    _search, _names,
)  # fmt: skip


def _check(data: bytes) -> None:
    choices = Choices(data)
    reader = choices.pick(_READERS)
    text = choices.rest().decode("utf-8", "surrogateescape")
    errors = (MxwalkError,) if reader is _scenario else (UsageError,)
    with refusing(*errors):
        reader(text)


def _seeds() -> Iterable[bytes]:
    from importlib import resources

    texts: dict[Callable[[str], None], tuple[str, ...]] = {
        _target: (
            "user@example.com", "example.com", "mx.example.com:25", "[192.0.2.1]:25", "2001:db8::1", "mailto:<a@b.example>",
            '"a b"@example.com', "a@[IPv6:2001:db8::1]", "b\u00fccher.example:99999", "@", "a@b@c", "example.com:\u0662\u0665",
        ),
        _mailbox: ("<a@example.com>", "", "<>", "postmaster", "a@[192.0.2.1]", "\u00e4@b\u00fccher.example"),
        _resolver: ("192.0.2.53", "192.0.2.53:53", "[2001:db8::1]:53", "::1", "x"),
        _route: ("192.0.2.1:25,10", "mx.example.com", "[2001:db8::1]:25,0", "a,", ",1"),
        _helo: ("mx.example.com", "[192.0.2.1]", "[IPv6:2001:db8::1]", "[x]"),
        _time: ("2026-12-24", "2026-12-24T18:00:00Z", "2026-12-24T18:00:00+09:00", "0000-00-00", "9999-12-31T23:59:59-23:59"),
        _duration: ("90s", "1h30m", "366d", "0s", "999999d"),
        _condition: ("delivered", "delivered-verified", "gone:DANE001", "found:x", ":"),
        _sender: ("esa", "postfix:secure:hostname,example.com", "postfix:fingerprint:" + "ab" * 32, "postfix:verify:.x,nexthop", "x"),
        _anchors: (". IN DS 20326 8 2 " + "ab" * 32, ". IN DNSKEY 257 3 13 (AQID\nBAUG)", 'trust-anchors { . static-ds 1 8 2 "AB"; };'),
        _settings: (
            'theme = "x"\nmouse = false\nglyphs = "ascii"\nlanguage = "ko"\n[keymap]\nquit = "q,ctrl+c"\nstep = "q"\nx = 1',
            "language = [1]", "language = 0", "keymap = 3", "x = " + "[" * 900, 'theme = "\\u001b[31m"', "mouse = 1979-05-27",
        ),
        _search: ("certificate expired", "mx null", "'"),
        _names: ("../../etc/passwd", "a b", "\x1b[31m", "." * 300, "CON", "mx01.example.com", "<a@example.com>"),
    }  # fmt: skip
    for reader, each in texts.items():
        for text in each:
            yield text.encode() + bytes((_READERS.index(reader),))
    folder = resources.files("mxwalk.lab") / "scenarios"
    for name in ("mx-null", "greet-421", "spf-none", "refused", "dane-good"):
        yield (folder / f"{name}.toml").read_bytes() + bytes((_READERS.index(_scenario),))


_WORDS = (
    b"@", b":", b"[", b"]", b"IPv6:", b"example.com", b"192.0.2.1", b"2001:db8::1", b"mailto:", b"postfix:", b"secure:", b",",
    b". IN DS ", b"DNSKEY 257 3 13 ", b"trust-anchors {", b"static-ds", b"initial-key", b"}", b"[keymap]\n", b"theme = ", b"language = ",
    b"mouse = true", b"title = ", b"target = ", b"[[hosts]]\n", b"[expect.verdicts]\n", b"[zones.\"a.test\"]\n", b"-30d", b"1h30m",
)  # fmt: skip
TARGET = Target(
    promise="What is typed is refused in a sentence, or read, and read again is the same.",
    check=_check,
    calls=lambda size: 4_000_000 + 10_000 * size,
    max_len=2_500,
    words=_WORDS,
    mutate=lambda data, choices: (
        pieces.mutate(data[:-1], choices, pieces.FIELDS, _WORDS) + data[-1:]
    ),
    seeds=_seeds,
)
