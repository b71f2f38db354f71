"""``mxwalk letter``: the letters of a saved walk as text, as a draft, or as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import msgspec

from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.output import check_output, write_result
from mxwalk.commands.request import Request
from mxwalk.commands.settings import Given, check_unicode
from mxwalk.commands.streams import note, print_document
from mxwalk.commands.traces import load, sender_of
from mxwalk.dns.resolver import Resolver, StubResolver, parse_resolver, system_servers
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.trace import Trace
from mxwalk.files import named
from mxwalk.language import language, say
from mxwalk.letters.compose import addressed, write_letters
from mxwalk.letters.eml import draft
from mxwalk.letters.layout import WIDTH
from mxwalk.letters.model import Contact, Letter, Post

WRITTEN, NOTHING = 0, 1
SCHEMA = "mxwalk-letters-1"
_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    trace: str
    language: str
    to: str
    codes: tuple[str, ...]
    contact: Contact
    resolver: str
    ask_soa: bool
    output: Request


def asked_from(values: Mapping[str, Any]) -> Asked:
    """Return the command line as one value.  Raises ``UsageError`` for what cannot be used."""
    written_in = values["language"] or language()
    if values["ascii_only"] and written_in != "en":
        raise UsageError(say("--ascii: a letter in {code} has no ASCII form", code=written_in))
    if values["resolver"] and not values["ask_soa"]:
        raise UsageError(say("--resolver is for --ask-soa"))
    path = values["output"]
    words = {name: values[name] or "" for name in ("name", "phone", "mailbox", "since")}
    for name, value in words.items():
        check_unicode(value, f"--{'from' if name == 'mailbox' else name}")
    names = {field.name for field in fields(Given)} & {"sender"}
    return Asked(
        trace=values["trace"],
        language=written_in,
        to=values["to"] or "",
        codes=tuple(values["codes"]),
        contact=Contact(**words),
        resolver=values["resolver"] or "",
        ask_soa=values["ask_soa"],
        output=Request(
            target=None,
            scenario=None,
            given=Given(**{name: values[name] for name in names}),
            fmt=values["fmt"],
            output=named(path) if path else None,
            save=None,
            force=values["force"],
            redact=values["redact"],
            ascii_only=values["ascii_only"],
        ),
    )


def run(asked: Asked) -> int:
    """Write the letters and return the exit code."""
    check_output(asked.output)
    trace = load(asked.trace)
    if trace.damage:
        note(trace.damage)
    post = _letters(trace, asked, ())
    if not post.letters:
        note(post.nothing)
        return NOTHING
    if asked.ask_soa:
        post = _letters(trace, asked, _asked_soa(post, asked.resolver))
    letters = addressed(post, asked.to)
    if post.own:
        note(say("first mend what is on your own side: {codes}", codes=", ".join(post.own)))
    _write(letters, asked)
    return WRITTEN


def _letters(trace: Trace, asked: Asked, more: tuple[DnsAnswer, ...]) -> Post:
    return write_letters(
        trace,
        sender_of(trace, asked.output),
        asked.language,
        codes=asked.codes or None,
        redacted=asked.output.redact,
        contact=asked.contact,
        more=more,
    )


def _asked_soa(post: Post, server: str) -> tuple[DnsAnswer, ...]:
    """Ask for the SOA records of the zones that letters are about."""
    servers = [parse_resolver(server)] if server else list(system_servers())
    return run_to_end(ask_soa(StubResolver(servers, _TIMEOUT_S), zones(post)))


def zones(post: Post) -> tuple[str, ...]:
    """Return the zones whose keepers letters are for."""
    found = (one.party.name for one in post.letters if one.party.key in ("dns", "domain-dns"))
    return tuple(dict.fromkeys(name for name in found if name))


async def ask_soa(resolver: Resolver, names: Sequence[str]) -> tuple[DnsAnswer, ...]:
    """Ask for the SOA record of each zone, one after the other."""
    return tuple([await resolver.query(name, "SOA") for name in names])


def _write(letters: Sequence[Letter], asked: Asked) -> None:
    match asked.output.fmt:
        case "eml":
            if len(letters) > 1:
                known = ", ".join(dict.fromkeys(one.party.key for one in letters))
                words = say("a draft is one letter; choose with --to: {known}", known=known)
                raise UsageError(words)
            text = draft(letters[0], sender=asked.contact.mailbox)
        case "json":
            text = as_json(letters)
        case _:
            text = "\n".join(line for one in letters for line in (*_lines(one), ""))
    if asked.output.output is None and asked.output.fmt != "text":
        print_document(text)
    else:
        write_result(asked.output, text)


def _lines(letter: Letter) -> Iterator[str]:
    """Yield a letter as text: who it is for, where it could go, subject and body."""
    yield "=" * WIDTH
    yield say("For: {party}", party=str(letter.party))
    for one in letter.to:
        yield f"To:  {one.mailbox}"
        yield f"       {one.reason} ({one.source.value})"
    if not letter.to:
        yield say("To:  no address stands in the evidence")
    yield say("Subject: {subject}", subject=letter.subject)
    yield "=" * WIDTH
    yield ""
    yield letter.body.rstrip("\n")
    yield ""


def as_json(letters: Sequence[Letter]) -> str:
    """Return the letters as a JSON document."""
    document = {
        "schema": SCHEMA,
        "letters": [
            {
                "party": {"key": one.party.key, "name": one.party.name},
                "language": one.language,
                "redacted": one.redacted,
                "to": [
                    {"mailbox": to.mailbox, "source": to.source.value, "reason": to.reason}
                    for to in one.to
                ],
                "subject": one.subject,
                "body": one.body,
                "codes": one.codes,
            }
            for one in letters
        ],
    }
    return msgspec.json.format(msgspec.json.encode(document)).decode() + "\n"
