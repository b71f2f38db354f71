"""``mxwalk message``: an ``.eml`` file, or header lines from a pipe, as the input of a message walk.

Mail programs save messages in many ways; what is no single message is refused in a sentence that says
what to do.  Nothing is looked up here.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mxwalk.commands.attached import attached_messages
from mxwalk.commands.request import Request, from_values
from mxwalk.commands.settings import check_unicode, parse_helo, parse_mailbox
from mxwalk.commands.streams import note, standard_input
from mxwalk.errors import UsageError
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.files import named, without_home
from mxwalk.language import noted, say, say_many
from mxwalk.limits import MESSAGE_BYTES
from mxwalk.mailauth.message import Message, read_message
from mxwalk.mailauth.message_oddities import to_wire
from mxwalk.names import is_address
from mxwalk.reading import open_named
from mxwalk.text import visible
from mxwalk.wordings import system_words

# A second "From " line behind an empty one, with a year at its end, as every mbox format has it.
_MBOX = re.compile(rb"\n\r?\nFrom [^\r\n]{1,200}(?:19|20)\d\d[^\r\n]{0,20}\r?\n[!-9;-~]+:")
_NO_BODY = noted("only header fields are here: DKIM body hashes cannot be checked")
_NO_BLANK_LINE = noted(
    "no empty line ends the header: only header fields are here: DKIM body hashes cannot be checked"
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_BARE_CR = re.compile(rb"\r(?!\n)")
_EMPTY_LINE = re.compile(rb"(?:\r\n|\r|\n)(?:\r\n|\r|\n)")
_MIXED = noted("line ends were mixed, CR alone among them; CRLF was restored in the header")
_USUAL = noted("lines ended with LF alone, as saved files do; CRLF was restored")  # as is usual
_NOT_MAIL = {
    b"\xd0\xcf\x11\xe0": noted(
        "an Outlook .msg file; save the message as .eml, or copy its source"
    ),
    b"PK\x03\x04": noted("a zip archive; unpack the message first"),
    b"\x1f\x8b": noted("packed by gzip; unpack it first"),
    b"%PDF": noted("a PDF; the message's source is needed, as .eml"),
}
# The hashes of an empty body, simple and relaxed (RFC 6376 3.4.3, 3.4.4): it was signed as empty.
_EMPTY = (
    b"frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
    b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
)


def asked_from(file: str, values: Mapping[str, Any]) -> Request:
    """Return the request for click's values.  Raises ``UsageError`` for what is no message."""
    data = read_input(file)
    number = values.get("attached")
    if number:
        data = _attached(data, number, file)
    given, notes = message_input(
        data,
        "" if file == "-" else file,
        client_ip=values.get("ip") or "",
        helo=values.get("helo") or "",
        mail_from=values.get("mail_from"),
        receiver=values.get("receiver_name") or "",
    )
    for one in notes:
        note(one)
    plain = {
        name: value for name, value in values.items() if name not in ("ip", "helo", "mail_from")
    }
    return replace(from_values(None, None, plain), message=given)


def read_input(file: str) -> bytes:
    """Read a file, or standard input for ``-``, within the limit.  Raises ``UsageError``."""
    shown = say("standard input") if file == "-" else visible(file, 300)
    try:
        if file == "-":
            with standard_input() as source:
                data = source.read(MESSAGE_BYTES + 1)
        else:
            with open_named(named(file)) as source:
                data = source.read(MESSAGE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = system_words(error) if isinstance(error, OSError) else str(error)
        raise UsageError(f"{shown}: {reason}") from error
    if len(data) > MESSAGE_BYTES:
        limit = MESSAGE_BYTES // 1024 // 1024
        raise UsageError(
            say(
                "{shown} is over {limit} MiB, more than a message is read for",
                shown=shown,
                limit=limit,
            )
        )
    return data


def message_input(
    data: bytes,
    file_name: str = "",
    *,
    client_ip: str = "",
    helo: str = "",
    mail_from: str | None = None,
    receiver: str = "",
) -> tuple[MessageInput, tuple[str, ...]]:
    """Return the input of a message walk, and what a person should know of it.

    ``mail_from`` is ``None`` where it was not given.  Raises ``UsageError`` for what is no message, and
    for an envelope that cannot be.
    """
    shown = visible(file_name, 300) or say("standard input")
    _refuse(data, shown)
    data, mixed = _line_ends(data)
    raw, notes = to_wire(data)
    notes = (*mixed, *(one for one in notes if one != say(_USUAL)))
    if len(raw) > MESSAGE_BYTES:  # CRLF line ends make it longer
        raise UsageError(
            say(
                "{shown} is over {limit} MiB with its line ends",
                shown=shown,
                limit=MESSAGE_BYTES // 1024 // 1024,
            )
        )
    message = read_message(raw)
    if not message.fields:
        if _is_binary(data):
            raise UsageError(
                say(
                    "{shown} is binary, no message with header fields like Name: value", shown=shown
                )
            )
        first = visible(raw.partition(b"\r\n")[0], 80)
        raise UsageError(
            say(
                "{shown} is no message: {first!r} is no header field like Name: value",
                shown=shown,
                first=first,
            )
        )
    whole = _is_whole(message)
    given = MessageInput(
        raw=raw,
        file_name=check_unicode(without_home(file_name), say("the file")),
        client_ip=_ip(client_ip),
        helo=parse_helo(helo) if helo else "",
        mail_from=_mail_from(mail_from),
        receiver=parse_helo(receiver) if receiver else "",
        whole=whole,
    )
    return given, (*notes, *_remarks(message, raw, whole=whole))


def _line_ends(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a file whose header has CRs for line ends, among others, with CRLF there.

    A bare CR inside of a header of proper lines stays: it is what the message was sent with.
    """
    doubled = data.count(b"\r\r\n")
    if doubled and doubled == data.count(b"\n"):
        return data.replace(b"\r\r\n", b"\r\n"), (
            say("lines ended with CR CR LF; CRLF was restored"),
        )
    if b"\n" not in data or len(_BARE_CR.findall(data)) == 0:
        return data, ()
    end = _EMPTY_LINE.search(data)
    header, body = (data[: end.end()], data[end.end() :]) if end else (data, b"")
    if len(_BARE_CR.findall(header)) <= header.count(b"\n"):
        return data, ()
    if b"\n" not in body or b"\r" not in body:
        body = _LINE_END.sub(b"\r\n", body)
    return _LINE_END.sub(b"\r\n", header) + body, (say(_MIXED),)


def _is_binary(data: bytes) -> bool:
    begins = data[:2_000]
    controls = sum(octet < 32 and octet not in b"\t\r\n\f" for octet in begins)
    return controls > len(begins) // 20


def _refuse(data: bytes, shown: str) -> None:
    if not data.strip():
        raise UsageError(
            say("{shown} is empty; give a message with its header fields", shown=shown)
        )
    for magic, what in _NOT_MAIL.items():
        if data.startswith(magic):
            raise UsageError(say("{shown} is {what}", shown=shown, what=say(what)))
    if b'"mxwalk-trace"' in data[:200]:
        raise UsageError(say("{shown} is a saved walk; open it with: mxwalk open", shown=shown))
    mailbox = data.startswith(b"From ") and _MBOX.search(data)
    if mailbox:
        number = len(_MBOX.findall(data)) + 1
        raise UsageError(
            say(
                "{shown} is a mailbox of {number} messages (mbox); save one message to a file"
                " of its own",
                shown=shown,
                number=number,
            )
        )


def _is_whole(message: Message) -> bool:
    """Say whether the body is there to be judged; header lines alone say nothing of it."""
    if not message.blank_line:
        return False
    if message.body.strip():
        return True
    signed = b"".join(b"".join(field.raw.split()) for field in message.signatures)
    return not message.signatures or any(digest in signed for digest in _EMPTY)


def _remarks(message: Message, raw: bytes, *, whole: bool) -> list[str]:
    """Return what a person should know of what is looked at."""
    found = []
    if not whole:
        found.append(say(_NO_BODY) if message.blank_line else say(_NO_BLANK_LINE))
    number = len(attached_messages(raw))
    if number:
        found.append(
            say_many(
                "a message is attached to it; to look at that one, add --attached 1",
                "{n} messages are attached to it; to look at one of those, add --attached 1",
                number,
            )
        )
    if message.named("X-MS-Exchange-Organization-AuthAs") and not message.hops:
        found.append(say("it has no Received field: it may be saved from the sender's side"))
    return found


def _attached(data: bytes, number: int, file: str) -> bytes:
    shown = say("standard input") if file == "-" else visible(file, 300)
    found = attached_messages(to_wire(data)[0])
    if not found:
        raise UsageError(
            say(
                "--attached {number}: no message is attached to {shown}", number=number, shown=shown
            )
        )
    if not 1 <= number <= len(found):
        raise UsageError(
            say(
                "--attached {number}: {found} attached to {shown}",
                number=number,
                found=len(found),
                shown=shown,
            )
        )
    return found[number - 1]


def _ip(text: str) -> str:
    plain = text.strip().removeprefix("[").removesuffix("]").removeprefix("IPv6:")
    if plain and not is_address(plain):
        raise UsageError(
            say("--ip {text}: not an IP address like 192.0.2.1", text=visible(text, 100))
        )
    return plain


def _mail_from(text: str | None) -> str:
    """Return the reverse-path; the null one is ``<>``, empty is not given."""
    if text is None:
        return ""
    return parse_mailbox(text, "--mail-from", may_be_null=True) or "<>"
