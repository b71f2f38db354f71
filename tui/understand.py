"""What the text in the start screen's one field means: a target, a file of some kind, or a scenario.

``message: FILE`` walks a message whatever else the file may be, ``domain: NAME SELECTOR ...`` looks at
what a domain publishes.
"""

import re
from itertools import islice
from pathlib import Path

from mxwalk.commands.domain import survey_domain, survey_input
from mxwalk.errors import UsageError
from mxwalk.evidence.target import Target, TargetKind
from mxwalk.files import named
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.lab.stories import title_of
from mxwalk.language import noted, say, say_many
from mxwalk.limits import CLUE_CHARS, TYPED_CHARS, TYPED_CLUE_CHARS
from mxwalk.reading import why_no_file
from mxwalk.walk.target import parse_target
from tui.meaning import Meaning
from tui.report_kind import (
    ReportKind,
    is_message,
    is_message_file,
    is_trace_file,
    kind_of_file,
    kinds_in,
)

_TRACES = (".mxtrace", ".jsonl")
_SUFFIXES = (*_TRACES, ".json", ".gz", ".eml", ".xml", ".zip")
_TEXTS = (".log", ".txt", ".msg")
_LABEL = 70  # RFC 1035 2.3.4 allows 63 octets: a little more is a slip, much more no name
_MESSAGE = noted("a message: Enter walks it as it was received (SPF, DKIM, DMARC)")
_BEGUN = {
    "message": noted("the file of a message, like mail.eml; or paste the message, or its header"),
    "domain": noted("a mail domain, then DKIM selectors if you know some"),
}
_LINE_END = re.compile(r"\r*\n|\r")  # terminals paste CR, and some CR before each CRLF
_STATUS = re.compile(r"#?[245](?:/[245])?\.\d{1,3}\.\d{1,3}")
_MAILBOX = re.compile(r"[\w.+=-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def understand(text: str, *, whole: bool = False) -> Meaning:
    """Say what ``text`` means; total.

    Quick enough for every key: what a long file tells is said with ``whole`` alone, which may take
    seconds.
    """
    plain = text.strip()
    if not plain:
        return Meaning()
    if plain.removeprefix("lab:").strip() in scenario_names():
        name = plain.removeprefix("lab:").strip()
        return Meaning(
            words=say("lab scenario: {title}", title=title_of(load_scenario(name))),
            scenario=name,
        )
    if (named := _named(plain)) is not None:
        return named
    if plain.startswith(("/", "~", "./", "../")) or plain.endswith(_SUFFIXES):
        return _file(plain, whole=whole)
    is_path = "/" in plain or plain.endswith(_TEXTS)
    if is_path:
        found = _file(plain, whole=whole)
        if found.usable or found.later:  # a relative path, if it is there
            return found
    if (told := _told(plain)) is not None:
        return told
    try:
        target = parse_target(plain)
    except UsageError as error:
        found_in = _pasted(plain)
        if found_in is None and _is_text(plain):
            return Meaning(problem=nothing_in(plain))
        return found_in or Meaning(problem=str(error))
    return Meaning(words=_target_words(target), target=plain)


def _is_text(text: str) -> bool:
    """Say whether this cannot have been meant for an address: words, or far too long for a label."""
    longest = max(map(len, re.split(r"[.@:]", text)))
    return len(text.split()) > 3 or longest > _LABEL


def _named(text: str) -> Meaning | None:
    """Read ``message: FILE`` and ``domain: NAME SELECTOR ...``; a port is no name (``domain:25``)."""
    verb, colon, rest = text.partition(":")
    rest = rest.strip()
    if colon and not rest and verb in _BEGUN:
        return Meaning(hint=say(_BEGUN[verb]))
    if not colon or not rest or rest.isdecimal():
        return None
    if verb == "message":
        found = _file(rest, told=False)
        path = found.path or found.reports or found.dmarc or found.message
        if path is None or path.is_dir():
            return Meaning(problem=found.problem or say("a message is one file, like mail.eml"))
        return Meaning(words=say(_MESSAGE), message=path)
    if verb != "domain":
        return None
    name, *selectors = rest.split()
    try:
        domain = survey_domain(name)
        survey_input(domain, selectors=selectors)
    except UsageError as error:
        return Meaning(problem=str(error))
    asked = say(", DKIM keys at {selectors}", selectors=", ".join(selectors)) if selectors else ""
    words = say(
        "domain {domain}: everything it publishes about its mail{asked}", domain=domain, asked=asked
    )
    return Meaning(words=words, domain=domain, selectors=tuple(selectors))


def _told(text: str) -> Meaning | None:
    """Return the meaning of a bounce's or a log's line, or of a status code; ``None`` for others."""
    if not (" " in text or _STATUS.fullmatch(text)):
        return None
    from tui.pasted_clues import typed_clues, words_for

    found = typed_clues(text)
    return Meaning(words=words_for(found), clues=found) if found is not None else None


def being_read() -> Meaning:
    """Say that it takes a moment to say more."""
    return Meaning(hint=say("Reading the file ..."), later=True)


def pasted_text(text: str) -> Meaning | None:
    """Return the meaning of pasted lines: a report on a delivery, a message, a log or a dialogue.

    A report is a message too, and can be walked as one; it is a report first.
    """
    text = _LINE_END.sub("\n", text)
    if "\n" not in text.strip():
        return None
    from tui.pasted_clues import clues_in, report_in, words_for

    message = pasted_message(text)
    found = report_in(text) if message is not None else clues_in(text)
    if found is None:
        return message
    return Meaning(words=words_for(found), clues=found, pasted=message.pasted if message else b"")


def boxed_text(text: str) -> Meaning:
    """Return the meaning of a text from the box, or what could be pasted instead."""
    found = pasted_text(text)
    if found is not None:
        return found
    plain = " ".join(text[:TYPED_CHARS].split()) if len(text) <= TYPED_CHARS else ""
    one = understand(plain) if plain else Meaning()
    return one if one.usable else Meaning(problem=nothing_in(text))


def nothing_in(text: str) -> str:
    """Say that a text tells nothing, and which texts do."""
    count = len(_LINE_END.split(text.strip()))
    nothing = say_many("Nothing recognised in {n} line.", "Nothing recognised in {n} lines.", count)
    return say(
        "{nothing} What can be pasted: a bounce, log lines, an SMTP dialogue, a message or a status"
        " code.",
        nothing=nothing,
    )


def pasted_message(text: str) -> Meaning | None:
    """Return the meaning of pasted lines if they are a message, or its header; else ``None``."""
    text = _LINE_END.sub("\n", text)
    data = text.encode("utf-8", "surrogateescape")
    if "\n" not in text.strip() or not is_message(data.lstrip()):
        return None
    words = say("a pasted message, {number} lines: Enter walks it", number=len(text.splitlines()))
    return Meaning(words=words, pasted=data)


def _pasted(text: str) -> Meaning | None:
    """Return the first mailbox in a text of several words, such as a line of a bounce or a log."""
    if " " not in text:
        return None
    for found in islice(_MAILBOX.finditer(text[:TYPED_CHARS]), 20):
        try:
            target = parse_target(found.group())
        except UsageError:
            continue
        words = say("in this text: {target}", target=_target_words(target))
        return Meaning(words=words, target=found.group())
    return None


def _file(text: str, *, whole: bool = True, told: bool = True) -> Meaning:
    """Say what a path leads to: a saved walk, reports, or nothing.

    A long file is read for what it tells with ``whole`` alone, and none without ``told``.
    """
    try:
        path = named(text)
        if path.is_dir():
            return _folder(path)
        if path.is_file():
            kind = None if path.name.endswith(_TRACES) else kind_of_file(path)
            is_mail = not path.name.endswith(_TRACES) and is_message_file(path)
            if told:
                found = _told_by(path, message=is_mail, known=kind is not None, whole=whole)
                if found is not None:
                    return found
            if is_mail:
                return Meaning(words=say(_MESSAGE), message=path)
            if kind is not None:
                return _reports(
                    say("a file: Enter opens it as a {kind} report", kind=kind.value), path, kind
                )
            if not is_trace_file(path):
                words = say(
                    "that file is no message with header fields, no saved walk and no report"
                )
                return Meaning(problem=words)
            return Meaning(words=say("a file: Enter opens it as a saved walk"), path=path)
    except PermissionError:
        return Meaning(problem=say("you may not read that"))
    except (OSError, ValueError):
        return Meaning(problem=say("there is no such file"))
    return Meaning(problem=why_no_file(path))


def _told_by(path: Path, *, message: bool, known: bool, whole: bool) -> Meaning | None:
    """Return what a file of no other kind tells, or of a message that reports on a delivery."""
    if is_trace_file(path) or (known and not message):
        return None
    if not whole and TYPED_CLUE_CHARS < path.stat().st_size <= CLUE_CHARS:
        return being_read()
    from tui.pasted_clues import clues_of_file, words_for

    found = clues_of_file(path, message=message)
    if found is None:
        return None
    return Meaning(words=words_for(found), clues=found, message=path if message else None)


def _folder(path: Path) -> Meaning:
    """Say which reports are in a folder; of two kinds, those that are more are opened."""
    found = kinds_in(path)
    tls, dmarc = found[ReportKind.TLS], found[ReportKind.DMARC]
    kind = ReportKind.DMARC if dmarc > tls else ReportKind.TLS
    words = say("a folder: Enter opens the {kind} reports in it", kind=kind.value)
    if tls and dmarc:
        other = "mxwalk tlsrpt" if kind is ReportKind.DMARC else "mxwalk dmarc"
        words = say(
            "a folder with both kinds: Enter opens the {kind} reports; {other} the others",
            kind=kind.value,
            other=other,
        )
    return _reports(words, path, kind)


def _reports(words: str, path: Path, kind: ReportKind) -> Meaning:
    if kind is ReportKind.DMARC:
        return Meaning(words=words, dmarc=path)
    return Meaning(words=words, reports=path)


def _target_words(target: Target) -> str:
    name = target.domain.unicode if target.domain else ""
    if target.domain and target.domain.ascii != name:
        name = f"{name} ({target.domain.ascii})"
    match target.kind:
        case TargetKind.MAILBOX:
            return say(
                "mailbox {local_part} at {name}: its MX hosts are looked up and walked",
                local_part=target.local_part,
                name=name,
            )
        case TargetKind.DOMAIN:
            return say("mail domain {name}: its MX hosts are looked up and walked", name=name)
        case TargetKind.HOST:
            return say(
                "host {name}, port {port}: walked directly, no MX look-up",
                name=name,
                port=target.port,
            )
        case TargetKind.ADDRESS:
            port = say(", port {port}", port=target.port) if target.port else ""
            return say(
                "address {address}{port}: walked directly", address=target.address, port=port
            )
        case TargetKind.MESSAGE:
            return say(_MESSAGE)
