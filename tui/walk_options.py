"""The start screen's options: the fields, from texts to ``Options`` of a walk, and remembering them."""

import contextlib
import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import platformdirs

from mxwalk.commands.settings import Given, apply
from mxwalk.errors import UsageError
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Purpose
from mxwalk.files import make_directory, write_whole
from mxwalk.language import noted, say
from mxwalk.text import visible
from tui.own_files import UNREADABLE, read_own
from tui.request import Request
from widgets.options_form import Field

FIELDS = (
    Field(name="sender", label=noted("judge as"), hint="esa:5"),
    Field(name="helo", label=noted("HELO name"), hint=noted("this machine's name")),
    Field(name="route", label=noted("SMTP routes"), hint="HOST[:PORT][,PRIORITY] ..."),
    Field(name="port", label=noted("port"), hint="25"),
    Field(name="resolver", label=noted("resolver"), hint=noted("the system's")),
    Field(name="ca_file", label=noted("trust store"), hint=noted("system, certifi, PATH")),
    Field(name="mail_from", label="MAIL FROM", hint=noted("none: no envelope")),
    Field(name="rcpt_to", label="RCPT TO", hint=noted("none: no envelope")),
    Field(name="both_leaves", label=noted("both leaves"), hint=noted("no (yes: RSA and ECDSA)")),
    Field(name="without_sni", label=noted("without SNI"), hint=noted("no (yes: look once more)")),
    Field(name="offline", label=noted("offline"), hint=noted("no (yes: ask no CRL, OCSP)")),
)
_OPTION = re.compile(r"--([a-z-]+)([ :].*)", re.DOTALL)
_NAMES = frozenset(field.name for field in FIELDS)


def options_from(values: dict[str, str], base: Options) -> Options:
    """Return ``base`` with the filled-in fields.  Raises ``UsageError`` naming the field."""
    port = values.get("port")
    if port is not None and not (port.isascii() and port.isdecimal() and len(port) <= 5):
        raise UsageError(
            say("port {port}: a port is a number from 1 to 65535", port=visible(port, 20))
        )
    given = Given(
        sender=values.get("sender"),
        route=tuple(values.get("route", "").split()),
        port=int(port) if port else None,
        helo=values.get("helo"),
        mail_from=values.get("mail_from"),
        rcpt_to=values.get("rcpt_to"),
        resolver=values.get("resolver"),
        ca_file=values.get("ca_file"),
    )
    try:
        filled = apply(given, base)
    except UsageError as error:
        raise UsageError(_of_field(str(error))) from error
    return msgspec.structs.replace(filled, **_answers(values))


def _of_field(words: str) -> str:
    """Return the words of a fault with the field's label for the option, which begins them."""
    found = _OPTION.match(words)
    if found is None:
        return words
    option, behind = found.groups()
    name = option.replace("-", "_")
    return next((say(one.label) + behind for one in FIELDS if one.name == name), words)


def with_options(request: Request, form: dict[str, str]) -> Request:
    """Return the request with the fields that count for it; those of a delivery are remembered.

    Raises ``UsageError`` naming the field.
    """
    from mxwalk.session import default_options, lab_options  # the engine, not before a walk

    base = lab_options(request.scenario) if request.scenario else default_options()
    if request.purpose is not Purpose.DELIVERY:  # HELO name, routes, envelope are a delivery's
        names: tuple[str, ...] = () if request.scenario else ("resolver", "ca_file")
    elif request.scenario is None:
        names = tuple(form)
    else:  # it brings its own resolver, routes and trust, and may be about one sender
        own_sender = base.sender != default_options().sender
        names = ("helo",) if own_sender else ("sender", "helo")
    options = options_from({name: form[name] for name in names if name in form}, base)
    if request.purpose is Purpose.DELIVERY and request.scenario is None:
        remember(form)
    sender = options.sender if request.purpose is Purpose.DELIVERY else ""
    return replace(request, options=options, sender=sender)


def _answers(values: dict[str, str]) -> dict[str, bool]:
    """Return what was said yes or no to.  Raises ``UsageError`` naming the field."""
    said = {}
    for name in ("both_leaves", "without_sni", "offline"):
        text = values.get(name, "").lower()
        if text not in ("", "yes", "no"):
            raise UsageError(
                say(
                    "{name} {text}: say yes or no",
                    name=name.replace("_", " "),
                    text=visible(text, 20),
                )
            )
        if text:
            said[name] = text == "yes"
    return said


def _file() -> Path:
    return platformdirs.user_state_path("mxwalk", appauthor=False) / "options.json"


def remembered() -> dict[str, str]:
    """Return the fields as they were filled in last; empty when there are none."""
    try:
        data = json.loads(read_own(_file()))
    except UNREADABLE:
        return {}
    if not isinstance(data, dict):
        return {}
    return {
        name: value[:1_000]
        for name, value in data.items()
        if name in _NAMES and isinstance(value, str) and value.isprintable()
    }


def remember(values: dict[str, str]) -> None:
    """Keep the fields for the next start; a state directory that cannot be written is no matter."""
    with contextlib.suppress(OSError):
        make_directory(_file().parent)
        write_whole(_file(), json.dumps(values).encode(), replace=True)
