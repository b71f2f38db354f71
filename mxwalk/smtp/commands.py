"""The commands a walk may send: their form, what makes one unsendable, and the EHLO name.

RFC 5321 4.1.1 gives the commands, 4.5.3.1.4 the length of a line.  DATA and BDAT are no members: a
walk never sends a message.  What is judged here is what would break the dialogue (a second line
inside, octets SMTP does not carry, an argument missing); an EHLO name a server may well refuse is a
thing to try, so ``helo_name_problem`` is asked apart.
"""

import enum
import re
from dataclasses import dataclass

from mxwalk.errors import ProtocolMisuseError
from mxwalk.language import say
from mxwalk.names import is_address
from mxwalk.smtp.ehlo_words import is_address_literal, is_domain
from mxwalk.text import visible

# RFC 5321 4.5.3.1.4: 512 octets with CRLF; extensions lengthen MAIL and RCPT (RFC 3461 10: by 500
# for DSN; RFC 4954 3: by 500 for AUTH; RFC 1870, 6152, 6531: by a few more).
COMMAND_LINE_BYTES = 512
ENVELOPE_LINE_BYTES = 2_048

_PRINTABLE = re.compile(rb"[\x20-\x7e]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SHOWN_CHARS = 60


class Verb(enum.Enum):
    """A command a walk may send."""

    EHLO = "EHLO"
    HELO = "HELO"
    STARTTLS = "STARTTLS"
    MAIL = "MAIL"
    RCPT = "RCPT"
    RSET = "RSET"
    NOOP = "NOOP"
    VRFY = "VRFY"
    EXPN = "EXPN"
    HELP = "HELP"
    QUIT = "QUIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A well-formed command: ``raw`` with its CRLF, ``argument`` what follows the verb."""

    verb: Verb
    argument: str
    raw: bytes

    @property
    def wants_utf8(self) -> bool:
        """Whether this is a MAIL with the parameter SMTPUTF8 (RFC 6531 3.4)."""
        return self.verb is Verb.MAIL and "SMTPUTF8" in self.argument.upper().split(" ")[1:]


_NEVER = {"DATA", "BDAT"}
_NO_ARGUMENT = {Verb.STARTTLS, Verb.RSET, Verb.QUIT}
_ENVELOPE = {Verb.MAIL: "FROM:", Verb.RCPT: "TO:"}


def parse_command(raw: bytes, *, smtputf8: bool = False) -> Command:
    """Read the bytes of a command.

    ``smtputf8`` says that the transaction's MAIL carried SMTPUTF8.  Raises ``ProtocolMisuseError``
    with the sentence of ``command_problem`` when it must not be sent.
    """
    problem = command_problem(raw, smtputf8=smtputf8)
    if problem is not None:
        raise ProtocolMisuseError(problem)
    word, _, argument = raw[:-2].decode("utf-8").partition(" ")
    return Command(verb=Verb(word.upper()), argument=argument, raw=raw)


def asks_for_utf8(raw: bytes) -> bool:
    """Say whether ``raw`` is a well-formed MAIL with the parameter SMTPUTF8 (RFC 6531 3.4)."""
    return command_problem(raw) is None and parse_command(raw).wants_utf8


def command_problem(raw: bytes, *, smtputf8: bool = False) -> str | None:
    """Return one sentence on why ``raw`` cannot be sent, or ``None`` if it can."""
    if not raw.endswith(b"\r\n"):
        return say("The command does not end in CRLF.")
    line = raw[:-2]
    if b"\r" in line or b"\n" in line:
        return say("The command holds a line break; one command is sent at a time.")
    word = line.partition(b" ")[0].decode("ascii", "backslashreplace")
    if not word:
        return say("The command is empty.") if not line else say("The command begins with a space.")
    if word.upper() in _NEVER:
        return say("{word} is never sent: a walk delivers no message.", word=word.upper())
    try:
        verb = Verb(word.upper())
    except ValueError:
        return say(
            "“{word}” is not among the commands a walk sends.", word=visible(word, _SHOWN_CHARS)
        )
    return _octets_problem(verb, raw, smtputf8=smtputf8) or _argument_problem(verb, line)


def _octets_problem(verb: Verb, raw: bytes, *, smtputf8: bool) -> str | None:
    limit = ENVELOPE_LINE_BYTES if verb in _ENVELOPE else COMMAND_LINE_BYTES
    if len(raw) > limit:
        return say(
            "The command has {raw} octets; {verb} may have {limit} with its CRLF.",
            raw=len(raw),
            verb=verb.value,
            limit=limit,
        )
    if _PRINTABLE.fullmatch(raw[:-2]):
        return None
    if raw.isascii():
        return say("The command holds a control character.")
    if verb not in _ENVELOPE:
        return say("{verb} takes printable ASCII only.", verb=verb.value)
    try:
        text = raw[:-2].decode("utf-8")
    except UnicodeDecodeError:
        return say("The address after {verb} is not UTF-8.", verb=verb.value)
    if _CONTROL.search(text):
        return say("The command holds a control character.")
    # RFC 6531 3.4: MAIL announces it for the whole transaction
    announced = Command(verb=verb, argument=text.partition(" ")[2], raw=raw).wants_utf8
    if not (announced or (smtputf8 and verb is Verb.RCPT)):
        return say(
            "Characters beyond ASCII in {verb} need the parameter SMTPUTF8 in MAIL.",
            verb=verb.value,
        )
    return None


def _argument_problem(verb: Verb, line: bytes) -> str | None:
    argument = line.partition(b" ")[2].decode("utf-8", "replace")
    if verb in _NO_ARGUMENT:
        return (
            say("{verb} takes no argument.", verb=verb.value)
            if argument or line[-1:] == b" "
            else None
        )
    if verb in _ENVELOPE:
        prefix = _ENVELOPE[verb]
        # RFC 5321 4.1.1.2, 4.1.1.3: no space on either side of the colon
        path, closed, _ = argument[len(prefix) :].partition(">")
        if not (argument.upper().startswith(prefix) and path.startswith("<") and closed):
            return say(
                "{verb} needs the form {verb} {prefix}<address>.", verb=verb.value, prefix=prefix
            )
        if verb is Verb.RCPT and path == "<":
            return say("RCPT needs an address; only MAIL may have the empty path <>.")
        return None
    if verb in (Verb.NOOP, Verb.HELP):
        return None
    return None if argument.strip() else say("{verb} needs an argument.", verb=verb.value)


def helo_name_problem(text: str) -> str | None:
    """Return one sentence on why ``text`` is no argument for EHLO, or ``None`` if it is one.

    RFC 5321 4.1.1.1 and 2.3.5: a fully-qualified domain name that resolves, or, where there is none,
    an address literal.  Only the form is judged.
    """
    shown = f"“{visible(text, _SHOWN_CHARS)}”"
    if not text:
        return say("The EHLO name is empty.")
    if is_address(text):
        literal = f"[IPv6:{text}]" if ":" in text else f"[{text}]"
        return say(
            "{shown} is a bare address; as an address literal it is {literal}.",
            shown=shown,
            literal=visible(literal),
        )
    if text.startswith("["):
        valid = is_address_literal(text)
        return (
            None
            if valid
            else say("{shown} is not an address literal such as [192.0.2.1].", shown=shown)
        )
    if text.endswith(".") and is_domain(text[:-1]):
        return say("{shown} ends in a dot, which the grammar of SMTP does not have.", shown=shown)
    if not is_domain(text):
        return say("{shown} is not a domain name of letters, digits and hyphens.", shown=shown)
    if "." not in text:
        return say("{shown} is not fully qualified: it has one label only.", shown=shown)
    return None
