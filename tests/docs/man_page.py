"""The manual page mxwalk(1) in mdoc(7), from the command line itself and some prose."""

import re
import textwrap
from collections.abc import Iterator

import click

from tests.docs.command_pages import commands, examples, help_parts
from tests.docs.command_pages import exit_codes as codes_of

_WIDTH = 78
_FORMATS = re.compile(r"\s*\n\s*")

_HEAD = r""".\" Written by `make docs` from the command line; changes belong there.
.Dd $Mdocdate$
.Dt MXWALK 1
.Os
.Sh NAME
.Nm mxwalk
.Nd walk an SMTP delivery over TLS one step at a time
.Sh SYNOPSIS
.Nm
.Op Ar option ...
.Op Ar target
.Nm
.Ar command
.Op Ar argument ...
.Sh DESCRIPTION
.Nm
performs the steps of a mail delivery one by one, and only when told to:
the resolver, MX, addresses, TLSA, PTR, the connection, EHLO, STARTTLS,
the handshake, the chain, revocation, names.
It shows what happened at each, what each kind of sender would do, who must
act, and the literal fix.
.Pp
.Ar target
is a mailbox, a domain, a host with a port, or an address in brackets.
Without one the start screen opens, which takes anything: also a bounce, log
lines, a saved walk or a message.
A target that is called like a command stands behind
.Fl - .
Where standard output is no terminal, the walk prints text lines.
.Pp
MAIL FROM and RCPT TO are sent only with
.Fl -mail-from
or
.Fl -rcpt-to ;
DATA is never sent.
The keys of the screens are shown by
.Ql \&? .
.Pp
The options of a walk:
"""
_TAIL = r""".Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev MXWALK_LANGUAGE
The language spoken,
.Ql en
or
.Ql ko .
Without it
.Ev LC_ALL ,
.Ev LC_MESSAGES ,
.Ev LANG
and
.Ev LANGUAGE
count as for gettext programs.
.It Ev MXWALK_DEBUG
If set, a fault of mxwalk itself shows where it is.
.It Ev SSL_CERT_FILE
The file of root certificates to use in the place of the system's.
.It Ev XDG_CONFIG_HOME , XDG_STATE_HOME
Where settings and saved walks live.
.El
.Sh FILES
.Bl -tag -width Ds
.It Pa ~/.config/mxwalk/settings.toml
Theme, symbols, mouse, language and keys.
.It Pa ~/.local/state/mxwalk/traces
Saved walks, a file each.
.El
.Sh EXIT STATUS
Of a walk, and alike of the commands that judge something:
.Pp
"""
_END = r""".Pp
Each command says its own in its help.
130 means that it was interrupted, 143 and 129 that SIGTERM or SIGHUP ended it in order, 141 that whoever
read the output closed it, and 70 a fault of mxwalk itself.
.Sh EXAMPLES
Walk a delivery on screen:
.Pp
.Dl mxwalk user@example.com
.Pp
The same for a script:
.Pp
.Dl mxwalk check example.com --sender esa:6 --format json
.Pp
From a bounce to the message to the other side:
.Pp
.Dl mxwalk clue bounce.eml
.Dl mxwalk check user@example.com --save today.mxtrace
.Dl mxwalk letter today.mxtrace --in ko
.Pp
Learn it on a mail world of its own, without a network:
.Pp
.Dl mxwalk lab --tour
.Sh SEE ALSO
.Xr delv 1 ,
.Xr openssl-s_client 1 ,
.Xr posttls-finger 1 ,
.Xr swaks 1
.Sh STANDARDS
RFC 5321, RFC 3207, RFC 7672, RFC 8461, RFC 8460, RFC 5280, RFC 7208,
RFC 6376, RFC 9989; all that is cited stands in the RFC map of the
documentation.
"""


def page() -> str:
    """Return the page."""
    every = dict(commands())
    parts = [_HEAD.replace("$Mdocdate$", "November 22, 2026"), *_options(every.pop("walk"))]
    parts.append(".Sh COMMANDS\n")
    for name, command in every.items():
        parts += _command(name, command)
    parts += [_TAIL, ".Bl -tag -width Ds -compact\n"]
    for code, words in codes_of(dict(commands())["walk"]).items():
        parts.append(f".It {code}\n{_text(words)}.\n")
    parts += [".El\n", _END]
    return "".join(parts)


def _command(name: str, command: click.Command) -> Iterator[str]:
    ctx = click.Context(command, info_name=name)
    arguments = " ".join(
        p.make_metavar(ctx) for p in command.params if isinstance(p, click.Argument)
    )
    yield f".Ss {name}{' ' + _escape(arguments) if arguments else ''}\n"
    told = [text for literal, text in help_parts(command) if not literal]
    for at, text in enumerate(text for text in told if not text.startswith("Exit code")):
        yield (".Pp\n" if at else "") + _text(text) + "\n"
    shown = examples(command)
    if shown:
        yield ".Pp\n" + "".join(f".Dl {_escape(line)}\n" for line in shown)
    yield from _options(command)


def _options(command: click.Command) -> Iterator[str]:
    ctx = click.Context(command, info_name=command.name)
    rows = [
        r for p in command.params if isinstance(p, click.Option) if (r := p.get_help_record(ctx))
    ]
    if not rows:
        return
    yield ".Bl -tag -width Ds\n"
    for options, words in rows:
        yield f".It {_flags(options)}\n{_text(words)}\n"
    yield ".El\n"


def _flags(options: str) -> str:
    """Return ``--at TIME`` as a flag with its argument."""
    flag, _, argument = options.partition(" ")
    marked = f"Fl {flag.rstrip(',')[1:]}"
    return f"{marked} Ar {_escape(argument)}" if argument else marked


def _text(text: str) -> str:
    """Return prose with a line for each sentence, as the macros want it."""
    sentences = re.split(r"(?<=[.:?!])\s+(?=[A-Z])", _FORMATS.sub(" ", text.strip()))
    lines = (line for each in sentences for line in textwrap.wrap(_escape(each), _WIDTH))
    return "\n".join(map(_guarded, lines))


def _guarded(line: str) -> str:
    """Keep a line that begins like a macro from being one."""
    return rf"\&{line}" if line.startswith((".", "'")) else line


def _escape(text: str) -> str:
    return text.replace("\\", r"\e")
