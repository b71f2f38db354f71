"""Writing an Authentication-Results field as a receiver would (RFC 8601 2.2, 2.7; RFC 8617 4.1.1).

What comes from a message is quoted where the grammar wants it and can never end the line, the
comment or the result it stands in.
"""

import re
from collections.abc import Iterable, Sequence

from mxwalk.mailauth.results.model import FIELD, MethodResult, Property
from mxwalk.text import visible

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+")  # RFC 2045 5.1, without tspecials
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_MAILBOX = re.compile(rf"(?:{_ATOMS})?@[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?")
_WIDTH = 78  # RFC 5322 2.1.1
_VALUE_CHARS = 400  # a mailbox has 320 octets; a line may have 998 (RFC 5322 2.1.1)
_B_SHOWN = 8  # RFC 6008 3: enough of b= to tell signatures apart


def write(
    authserv_id: str,
    results: Sequence[MethodResult],
    *,
    name: str = FIELD,
    instance: int | None = None,
) -> str:
    """Return the whole field, folded with CRLF and TAB, without CRLF at its end.

    ``instance`` is for an ARC-Authentication-Results field (``name`` then says so).
    """
    head = f"{name}: {f'i={instance}; ' if instance is not None else ''}{_value(authserv_id)}"
    if not results:
        return f"{head}; none"
    return ";\r\n\t".join((head, *(_result(one) for one in results)))


def spf_result(
    result: str, *, mailfrom: str = "", helo: str = "", comment: str = ""
) -> MethodResult:
    """Return SPF's result for one identity (RFC 8601 2.7.2)."""
    return _method("spf", result, comment, (("smtp.mailfrom", mailfrom), ("smtp.helo", helo)))


def dkim_result(  # noqa: PLR0913 - a parameter for each property
    result: str,
    *,
    domain: str,
    selector: str,
    identity: str = "",
    algorithm: str = "",
    signature: str = "",
    comment: str = "",
) -> MethodResult:
    """Return the result of one signature (RFC 8601 2.7.1, RFC 6008); ``signature`` is its ``b=``."""
    return _method(
        "dkim",
        result,
        comment,
        (
            ("header.d", domain),
            ("header.i", identity),
            ("header.s", selector),
            ("header.a", algorithm),
            ("header.b", "".join(signature.split())[:_B_SHOWN]),
        ),
    )


def dmarc_result(
    result: str, *, from_domain: str, policy: str = "", comment: str = ""
) -> MethodResult:
    """Return DMARC's result (RFC 9989 9.1); ``policy`` is the one that counts."""
    return _method(
        "dmarc", result, comment, (("header.from", from_domain), ("policy.dmarc", policy))
    )


def arc_result(
    result: str, *, oldest_pass: int | None = None, remote_ip: str = "", comment: str = ""
) -> MethodResult:
    """Return the result of the ARC chain (RFC 8617 4.1.1, 5.2)."""
    oldest = "" if oldest_pass is None else str(oldest_pass)
    return _method(
        "arc", result, comment, (("header.oldest-pass", oldest), ("smtp.remote-ip", remote_ip))
    )


def _method(
    method: str, result: str, comment: str, properties: Iterable[tuple[str, str]]
) -> MethodResult:
    split = ((*key.split(".", 1), value) for key, value in properties if value)
    return MethodResult(
        method=method,
        result=result,
        comments=(comment,) if comment else (),
        properties=tuple(Property(*parts) for parts in split),
    )


def _result(one: MethodResult) -> str:
    version = f"/{one.version}" if one.version else ""
    pieces = [f"{one.method}{version}={one.result}"]
    if one.reason:
        pieces.append(f"reason={_value(one.reason)}")
    pieces += [f"({_comment(comment)})" for comment in one.comments]
    pieces += [f"{prop.key}={_pvalue(prop.value)}" for prop in one.properties]
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) <= _WIDTH - 8:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return "\r\n\t ".join(lines)


def _value(text: str) -> str:
    shown = visible(text, _VALUE_CHARS)
    return shown if _TOKEN.fullmatch(shown) else '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'


def _pvalue(text: str) -> str:
    shown = visible(text, _VALUE_CHARS)
    return shown if _MAILBOX.fullmatch(shown) else _value(text)


def _comment(text: str) -> str:
    return re.sub(r"([()\\])", r"\\\1", visible(text, _VALUE_CHARS))
