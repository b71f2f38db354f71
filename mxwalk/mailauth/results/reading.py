"""Reading an Authentication-Results field as receivers write them, not only as RFC 8601 2.2 says.

Known departures are read and noted: no authserv-id (Exchange Online), properties without a type
(the ESA's ``d=``, Microsoft's ``action=``), values with characters that should be quoted.  Total.
"""

import re

from mxwalk.language import say
from mxwalk.limits import AUTHRES_BYTES, AUTHRES_PROPERTIES, AUTHRES_RESULTS
from mxwalk.mailauth.results.model import AuthResults, MethodResult, Property
from mxwalk.mailauth.results.scanning import Scanner
from mxwalk.text import visible

SHOWN = 1_000
_KEYWORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")  # RFC 5321 4.1.2


def read(value: str | bytes) -> AuthResults:
    """Read a field's value (what stands behind its colon, folded or not); total."""
    text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    scanner = Scanner(text[:AUTHRES_BYTES])
    if len(text) > AUTHRES_BYTES:
        scanner.notes.append(
            say(
                "the field is longer than {authres_bytes} characters: cut off",
                authres_bytes=AUTHRES_BYTES,
            )
        )
    instance = _instance(scanner)
    authserv_id, version = _who(scanner)
    results: list[MethodResult] = []
    while scanner.next:
        if scanner.take(";"):
            continue
        if len(results) >= AUTHRES_RESULTS:
            scanner.notes.append(
                say("more than {authres_results} results", authres_results=AUTHRES_RESULTS)
            )
            break
        found = _result(scanner)
        if found is not None:
            results.append(found)
    return AuthResults(
        authserv_id=_shown(authserv_id),
        version=_shown(version),
        results=tuple(results),
        instance=instance,
        deviations=tuple(dict.fromkeys(_shown(note) for note in scanner.notes)),
    )


def _shown(text: str) -> str:
    return visible(text, SHOWN)


def _instance(scanner: Scanner) -> int | None:
    """Read the ``i=`` that an ARC-Authentication-Results field begins with (RFC 8617 4.1.1)."""
    scanner.skip()
    start = scanner.at
    if scanner.name().lower() == "i" and scanner.take("="):
        number = scanner.value()
        if re.fullmatch("[0-9]{1,3}", number) and scanner.take(";"):
            return int(number)
    scanner.at = start
    return None


def _who(scanner: Scanner) -> tuple[str, str]:
    """Read authserv-id and version; nothing is consumed where the field begins with a result."""
    scanner.skip()
    start, version = scanner.at, ""
    quoted = scanner.next == '"'
    who = scanner.value() if quoted else scanner.name()
    scanner.skip()
    if scanner.next == "=" and not quoted:
        scanner.at = start
        scanner.notes.append(say("there is no authserv-id: who wrote the field is not told"))
        return "", ""
    if scanner.next.isdecimal():
        version = scanner.name()
    scanner.skip()
    if scanner.next not in ("", ";"):
        scanner.notes.append(say("{shown!r} behind the authserv-id", shown=_shown(scanner.rest())))
    if not who:
        scanner.notes.append(say("there is no authserv-id: who wrote the field is not told"))
    scanner.comments.clear()
    return who, version


def _result(scanner: Scanner) -> MethodResult | None:
    """Read one resinfo, up to its semicolon (RFC 8601 2.2)."""
    scanner.skip()
    scanner.comments.clear()
    method = scanner.name()
    if scanner.take("/"):  # white space may stand around the slash
        method += f"/{scanner.name()}"
    if not scanner.take("="):
        rest = (method + scanner.rest()).strip()
        if rest.lower() != "none":  # no-result
            scanner.notes.append(say("{shown!r} is no result", shown=_shown(rest)))
        return None
    method, _, version = method.partition("/")
    if not _KEYWORD.fullmatch(method):
        scanner.notes.append(say("{shown!r} is no method", shown=_shown(method)))
    result = scanner.value()
    if not result:
        shown = _shown(f"{method}={scanner.rest()}".strip())
        scanner.notes.append(say("{shown!r} is no result", shown=shown))
        return None
    reason, properties = "", list[Property]()
    scanner.skip()
    while scanner.next and scanner.next != ";":
        name = scanner.name()
        if scanner.take("."):  # white space may stand around the dot
            name += f".{scanner.name()}"
        if not scanner.take("="):
            scanner.notes.append(say("{shown!r} is no property", shown=_shown(name + scanner.next)))
            scanner.at += 1 if not name and scanner.next not in ("", ";") else 0
            scanner.skip()
            continue
        value = scanner.value()
        scanner.skip()
        if name.lower() == "reason" and not reason:
            reason = value
        elif len(properties) < AUTHRES_PROPERTIES:
            properties.append(_property(scanner, name, value))
    return MethodResult(
        method=_shown(method.lower()),
        version=_shown(version),
        result=_shown(result.lower()),
        reason=_shown(reason),
        comments=tuple(_shown(comment) for comment in scanner.comments[:AUTHRES_PROPERTIES]),
        properties=tuple(properties),
    )


def _property(scanner: Scanner, name: str, value: str) -> Property:
    ptype, dot, rest = name.partition(".")
    if not dot:
        scanner.notes.append(say("{shown!r} has no property type", shown=_shown(name)))
        return Property("", _shown(name), _shown(value))
    return Property(_shown(ptype.lower()), _shown(rest), _shown(value))
