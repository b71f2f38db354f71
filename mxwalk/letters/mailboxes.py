"""Mailboxes out of records: SOA RNAME, ``mailto:`` URIs, and what may stand in a ``To:`` field.

Records come from strangers: only plain ASCII mailboxes of a dot-atom and a domain name pass (RFC 5321
4.1.2 without quoted strings), so that nothing they hold can become another header field.
"""

import re
from urllib.parse import unquote_to_bytes

from mxwalk.limits import LOCAL_PART_BYTES, MAILBOX_BYTES
from mxwalk.names import InvalidNameError, parse_name

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?:[^.\\]|\\[0-9]{3}|\\.)+")
_ESCAPE = re.compile(r"\\([0-9]{3}|.)")


def mailbox(text: str) -> str:
    """Return the mailbox with its domain in A-labels, or nothing where it cannot be used."""
    local, at, host = text.strip(" ").rpartition("@")
    if not at or len(local) > LOCAL_PART_BYTES or not _LOCAL.fullmatch(local):
        return ""
    try:
        domain = parse_name(host).ascii
    except InvalidNameError:
        return ""
    found = f"{local}@{domain}"
    is_host = "." in domain and not domain.rpartition(".")[2].isdigit() and "_" not in domain
    return found if is_host and len(found) <= MAILBOX_BYTES else ""


def from_rname(rname: str) -> str:
    r"""Return the mailbox of an SOA RNAME in presentation form.

    Its first label is the local part; a dot in it is written ``\.`` (RFC 1035 8, RFC 1912 2.2).
    """
    first = _LABEL.match(rname)
    if first is None or not rname[first.end() :].startswith("."):
        return ""
    local = _ESCAPE.sub(_unescaped, first.group())
    return mailbox(f"{local}@{rname[first.end() + 1 :].rstrip('.')}")


def _unescaped(found: re.Match[str]) -> str:
    text = found.group(1)
    return chr(int(text)) if len(text) == 3 and int(text) < 128 else text[-1]


def from_mailto(uri: str) -> str:
    """Return the mailbox of a ``mailto:`` URI, percent-decoded (RFC 6068 2); header fields are left."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "mailto":
        return ""
    try:
        return mailbox(unquote_to_bytes(rest.partition("?")[0]).decode("utf-8"))
    except UnicodeDecodeError:
        return ""
