"""Address lists of header fields (RFC 5322 3.4), read by the standard library's ``email``.

``From`` decides what DMARC looks at, so domains are given as A-labels (RFC 9989 4.1, RFC 6532 U-labels
converted) and what cannot be a domain has none.  Total and bounded: an address list nobody can
read yields no mailboxes and a problem.
"""

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import HeaderRegistry

from mxwalk.language import per_language, say
from mxwalk.limits import MESSAGE_ADDRESS_CHARS, MESSAGE_ADDRESSES, MESSAGE_COMMENT_DEPTH
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

_REGISTRY = HeaderRegistry()
# What the standard library is known to raise on malformed lists, besides its own errors.
_UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_QUOTED = re.compile(r'"[^"]*"')
_BEHIND_AT = re.compile(r"@\s*([^\s@<>,;:()]*)")
_ANGLE = re.compile(r"<([^<>]{1,320})>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox: its display name, its address as written, and its domain in A-labels.

    ``domain`` is empty, and ``problem`` says why, where what stands behind the ``@`` is no name.
    """

    display: str
    address: str
    local: str
    domain: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressList:
    """The mailboxes of a field in order, members of groups among them, and what is wrong with it.

    ``is_partial`` says that an address in it could not be read, or not as one of a domain: whom else
    the field names is not known.
    """

    mailboxes: tuple[Mailbox, ...] = ()
    groups: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_partial: bool = False

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains, each once, in order."""
        return tuple(dict.fromkeys(one.domain for one in self.mailboxes if one.domain))


@per_language(maxsize=256)
def read_addresses(value: str) -> AddressList:
    """Return the mailboxes of an address list (RFC 5322 3.4), unfolded."""
    if len(value) > MESSAGE_ADDRESS_CHARS:
        return AddressList(
            problems=(
                say(
                    "{value} characters are more than an address list is read for", value=len(value)
                ),
            ),
            is_partial=True,
        )
    if value.count("(") > MESSAGE_COMMENT_DEPTH or value.count("[") > MESSAGE_ADDRESSES:
        what = say("it has too many comments or brackets to be read")
        return AddressList(problems=(what,), is_partial=True)
    try:
        header = _REGISTRY("From", _plain(value))
        groups = header.groups  # type: ignore[attr-defined]
        problems = [str(defect) or type(defect).__name__ for defect in header.defects]
        mailboxes = [
            _mailbox(one.display_name or "", one.username or "", one.domain or "")
            for group in groups
            for one in group.addresses
        ]
        names = tuple(visible(group.display_name, 200) for group in groups if group.display_name)
    except _UNREADABLE as error:
        what = say("it cannot be read as addresses ({name})", name=type(error).__name__)
        return AddressList(problems=(what,), is_partial=True)
    is_partial = False
    if any("invalid address" in one for one in problems) and (bracketed := _bracketed(value)):
        mailboxes = bracketed
        problems = [say("what stands before the address in angle brackets must be quoted")]
    elif any("invalid address" in one for one in problems):
        unread = [one for one in _written(value) if one not in {box.domain for box in mailboxes}]
        problems += [say("an address at {one!r} cannot be read", one=one) for one in unread[:1]]
        is_partial = bool(unread)
    unusable = next((one for one in mailboxes if one.problem and one.address != one.local), None)
    if unusable is not None:
        problems.append(unusable.problem)
        is_partial = True
    if len(mailboxes) > MESSAGE_ADDRESSES:
        problems.append(
            say(
                "only the first {message_addresses} of {mailboxes} mailboxes are read",
                message_addresses=MESSAGE_ADDRESSES,
                mailboxes=len(mailboxes),
            )
        )
        is_partial = True
    return AddressList(
        mailboxes=tuple(mailboxes[:MESSAGE_ADDRESSES]),
        groups=names,
        problems=tuple(visible(one, 200) for one in problems),
        is_partial=is_partial,
    )


def read_path(value: str) -> str | None:
    """Return the address of a reverse-path such as ``<a@example.com>``; ``<>`` is ``""``.

    ``None`` when it is no path (RFC 5321 4.1.2); a source route is left out.
    """
    text = value.strip()
    if text == "<>":
        return ""
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    if not text or len(text) > MESSAGE_ADDRESS_CHARS or any(char in text for char in " \t<>,;"):
        return None
    return text if "@" in text else None


def domain_of(text: str) -> tuple[str, str]:
    """Return a domain in A-labels, or an empty text and why it is none."""
    if text.startswith("[") and text.endswith("]"):
        return "", say("{text} is an address literal, no domain name", text=visible(text, 80))
    if text != text.strip() or text.endswith("."):
        return "", say("{text!r} has white space or a dot behind the name", text=visible(text, 80))
    try:
        return parse_name(text).ascii, ""
    except InvalidNameError as error:
        return "", visible(str(error), 200)


def _mailbox(display: str, local: str, domain: str) -> Mailbox:
    address = f"{local}@{domain}" if domain else local
    if not domain:
        ascii_form, problem = "", say("it has no domain")
    else:
        ascii_form, problem = domain_of(domain)
    return Mailbox(
        display=display, address=address, local=local, domain=ascii_form, problem=problem
    )


def _bracketed(value: str) -> list[Mailbox]:
    """Return the addresses in angle brackets of a list that is not well formed.

    ``a@example.com <b@example.net>`` is no mailbox by RFC 5322 3.4, but receivers take what
    stands in the brackets.
    """
    found = []
    for inner in _ANGLE.findall(_QUOTED.sub("", value)):
        local, at, domain = inner.strip().rpartition("@")
        if at:
            found.append(_mailbox("", local, domain))
    return found


def _written(value: str) -> list[str]:
    """Return what stands behind every ``@`` outside quotation marks, in A-labels where it is a name."""
    found = _BEHIND_AT.findall(_QUOTED.sub("", value))
    return [domain_of(one)[0] or one for one in found]


def _plain(value: str) -> str:
    """Leave no line end in a value: the standard library refuses those."""
    return value.replace("\r", " ").replace("\n", " ")
