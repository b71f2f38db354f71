"""The command that somebody typed above a tool's output: it names host and port.

``telnet mx.example.com 25``, ``openssl s_client -connect mx.example.com:25``, ``swaks --server ...``.
"""

import re

from mxwalk.clues.dialogue.parts import Line, Opened
from mxwalk.names import InvalidNameError, is_address, parse_name

_PROMPT = re.compile(r"\s{0,8}(?:[\w.@:~/\[\]-]{0,60} ?[$#%>] +)?(?:sudo +)?(?=\w)")
_TOOL = re.compile(
    r"(telnet|nc|ncat|netcat|openssl s_client|swaks|posttls-finger)(?:\.exe)?\s+(.{1,600})"
)
_CONNECT = re.compile(r"-connect[ =]\[?([^\s\]]+?)\]?:(\d{1,5}|smtp|submission)(?:\s|$)")
_SERVER = re.compile(r"(?:--server|-s)[ =](\S+)")
_PORT = re.compile(r"(?:--port|-p)[ =](\d{1,5})(?:\s|$)")
_PLAIN = re.compile(
    r"(?:\s|^)(?!-)([A-Za-z0-9.:_-]+\.[A-Za-z0-9.:_-]+|\S+:\S+)\s+(\d{1,5})(?:\s|$)"
)
_PORTS = {"smtp": 25, "submission": 587}


def host_and_address(text: str) -> tuple[str, str]:
    """Return a name in A-labels or an address, whichever the text is; both empty for neither."""
    plain = text.strip("[]'\"")
    if is_address(plain):
        return "", plain
    try:
        return parse_name(plain).ascii, ""
    except InvalidNameError:
        return "", ""


def port_number(text: str) -> int:
    """Return a port by number or name, 0 for none."""
    number = _PORTS.get(text, int(text) if text.isdecimal() and len(text) <= 5 else 0)
    return number if 0 < number < 65_536 else 0


def typed_command(line: Line) -> Opened | None:
    """Return what a shell command of one of the tools says of the connection."""
    prompt = _PROMPT.match(line.text)
    match = _TOOL.match(line.text, prompt.end() if prompt else 0)
    if match is None:
        return None
    tool, words = match.groups()
    place, port = "", ""
    if tool == "openssl s_client":
        found = _CONNECT.search(words)
        place, port = found.groups() if found else ("", "")
    elif tool == "swaks":
        found = _SERVER.search(words)
        place, _, port = found.group(1).partition(":") if found else ("", "", "")
        port = port or (asked.group(1) if (asked := _PORT.search(words)) else "")
    elif tool != "posttls-finger":
        found = _PLAIN.search(words)
        place, port = found.groups() if found else ("", "")
    host, address = host_and_address(place)
    if not (host or address):
        return None
    return Opened(line=line, host=host, address=address, port=port_number(port))
