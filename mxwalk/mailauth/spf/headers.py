"""The ``Received-SPF`` field as a receiver would write it (RFC 7208 9.1).

Everything in it comes from strangers, so values are quoted, comments escaped, controls and characters
outside US-ASCII shown as escapes, and no line is over 78 octets where it can be broken.
"""

import re

from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.mailauth.spf.model import Evaluation, SpfResult
from mxwalk.text import visible

FIELD = "Received-SPF"
_LINE = 78
_VALUE = 400
_COMMENT = 300
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def received_spf(evaluation: Evaluation, identity: SpfIdentity, receiver: str) -> str:
    """Return the whole field, folded by CRLF and a space, without the CRLF at its end."""
    words = [f"{FIELD}:", evaluation.result.value, *_comment(evaluation, identity, receiver)]
    pairs = [
        ("identity", identity.value),
        ("client-ip", evaluation.client_ip),
        ("receiver", receiver),
        ("envelope-from", evaluation.sender),
        ("helo", evaluation.helo),
    ]
    if evaluation.result in (SpfResult.TEMPERROR, SpfResult.PERMERROR):
        pairs.append(("problem", evaluation.why))
    elif evaluation.result is not SpfResult.NONE:
        matched = evaluation.matched
        pairs.append(("mechanism", matched.term.text if matched else "default"))
    words += [f"{key}={_value(value)};" for key, value in pairs if value]
    return _folded(words).removesuffix(";")


def comment_text(evaluation: Evaluation, identity: SpfIdentity) -> str:
    """Return the words of the comment: what the result means for this client (RFC 7208 9.1)."""
    name = evaluation.sender if identity is SpfIdentity.MAILFROM else evaluation.domain
    ip = evaluation.client_ip
    match evaluation.result:
        case SpfResult.PASS:
            return f"domain of {name} designates {ip} as permitted sender"
        case SpfResult.FAIL:
            return f"domain of {name} does not designate {ip} as permitted sender"
        case SpfResult.SOFTFAIL:
            return f"domain of transitioning {name} does not designate {ip} as permitted sender"
        case SpfResult.NEUTRAL:
            return f"{ip} is neither permitted nor denied by domain of {name}"
        case SpfResult.NONE:
            return f"domain of {name} does not designate permitted sender hosts"
        case SpfResult.TEMPERROR:
            return f"temporary error in processing domain of {name}: {evaluation.why}"
        case SpfResult.PERMERROR:
            return f"permanent error in processing domain of {name}: {evaluation.why}"


def _comment(evaluation: Evaluation, identity: SpfIdentity, receiver: str) -> list[str]:
    text = _plain(f"{receiver}: {comment_text(evaluation, identity)}", _COMMENT)
    escaped = re.sub(r"([()\\])", r"\\\1", text)
    return f"({escaped})".split(" ")


def _plain(text: str, limit: int) -> str:
    """Return the text as one line of visible US-ASCII."""
    shown = visible(text, limit)
    ascii_form = shown.encode("ascii", "backslashreplace").decode("ascii")
    return ascii_form if len(ascii_form) <= limit + 40 else f"{ascii_form[:limit]}..."


def _value(value: str) -> str:
    """Return a dot-atom, else a quoted-string (RFC 5322 3.2.3, 3.2.4)."""
    if _ATOM.fullmatch(value) and len(value) <= _VALUE:
        return value
    escaped = re.sub(r'(["\\])', r"\\\1", _plain(value, _VALUE))
    return f'"{escaped}"'


def _folded(words: list[str]) -> str:
    lines: list[str] = []
    line = ""
    for word in words:
        if line and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = f" {word}"
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return "\r\n".join(lines)
