"""The page of the matrix: a table for each section, and the reason of every difference below it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.peers.matrix.explanations import EXPLANATIONS
from tests.peers.matrix.opinions import Explanation, Opinion
from tests.peers.matrix.section import Section

VERSIONS = "## Versions"
_HEAD = """\
# Interoperability

Written by `python -m tests.peers.matrix`, as root on a machine with the servers of
`tests/peers/install.sh`: real servers and real tools, on loopback, in situations made for the purpose.  A
test compares this page with what a run gives, so it says what is true of the versions named at its end.
The OpenSMTPD of Debian 12 completes no TLS handshake at all (reason 1 below): of it only sessions in clear
are shown.

A situation is made to be something: a certificate is expired, a signature is missing.  Each program's word
is held against that.  `all 5` means that five opinions were asked for and all say it; `4 of 5 (2)` that one
says something else, for the reason numbered 2 below the table.  A difference without a reason fails
the tests, and so does a reason that no difference needs any more.
"""
_COMMANDS = (
    ("Postfix", "postconf -d -h mail_version"),
    ("Exim", "exim4 -bV | sed -n '1s/^Exim version \\([^ ]*\\).*/\\1/p'"),
    ("OpenSMTPD", "smtpd -h 2>&1 | sed -n 's/^version: OpenSMTPD //p'"),
    ("Unbound", "unbound -V | sed -n '1s/^Version //p'"),
    ("NSD", "nsd -v 2>&1 | sed -n '1s/^NSD version //p'"),
    ("BIND", "named -v | sed 's/^BIND \\([^ ]*\\).*/\\1/'"),
    ("Knot DNS", "knotd -V | sed 's/.*version //'"),
    ("Knot Resolver", "kresd -V | sed 's/.*version //'"),
    ("ldns", "ldns-signzone -v | sed -n 's/.*ldns version \\([0-9.]*\\).*/\\1/p'"),
    ("nginx", "nginx -v 2>&1 | sed 's|.*nginx/||'"),
    ("OpenSSL", "openssl version | cut -d' ' -f2"),
    ("swaks", "swaks --version | sed -n '1s/swaks version //p'"),
    ("aiosmtpd", f'{sys.executable} -c "import aiosmtpd; print(aiosmtpd.__version__)"'),
)


def page(sections: Sequence[Section]) -> str:
    """Return the page but for the versions."""
    numbers = {one: number for number, one in enumerate(_used(sections), 1)}
    parts = [_HEAD, *(_summary(sections))]
    for section in sections:
        parts.append("\n".join(_section(section, numbers)))
    return "\n".join(parts)


def without_versions(text: str) -> str:
    """Return a page without what changes with every update of a server."""
    return text.partition(VERSIONS)[0].rstrip() + "\n"


def versions() -> str:
    """Return the versions of this machine's servers, as a list."""
    lines = [VERSIONS, ""]
    for name, command in _COMMANDS:
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, check=False, timeout=30
        )
        lines.append(f"- {name} {done.stdout.strip() or 'not there'}")
    return "\n".join([*lines, ""])


def _used(sections: Sequence[Section]) -> list[Explanation]:
    """Return the explanations of these sections in the order of the page."""
    return [one for section in sections for one in EXPLANATIONS if one.section == section.title]


def _summary(sections: Sequence[Section]) -> Iterator[str]:
    yield "| Section | situations | peers | opinions | agree | differ, explained |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for one in sections:
        agree = sum(opinion.agrees for opinion in one.opinions)
        differ = len(one.opinions) - agree
        yield f"| {one.title} | {len(one.rows)} | {len(one.peers)} | {len(one.opinions)} | {agree} | {differ} |"
    yield ""


def _section(section: Section, numbers: dict[Explanation, int]) -> Iterator[str]:
    yield f"## {section.title}"
    yield ""
    yield section.intro
    yield ""
    yield f"| {' | '.join((*section.heads, *section.peers))} |"
    yield f"| {' | '.join('---' for _ in (*section.heads, *section.peers))} |"
    for row, words in section.rows.items():
        cells = []
        for peer in section.peers:
            here = [one for one in section.opinions if (one.row, one.peer) == (row, peer)]
            cells.append(_cell(here, numbers))
        yield f"| {' | '.join((row, words, *cells))} |"
    yield ""
    for one, number in numbers.items():
        if one.section == section.title:
            yield f"{number}. {_where(one)}: `{one.said}`.  {one.why}"
    yield ""


def _cell(here: Sequence[Opinion], numbers: dict[Explanation, int]) -> str:
    if not here:
        return ""
    differing = [one for one in here if not one.agrees]
    if not differing:
        return f"all {len(here)}"
    reasons = sorted(
        {number for one, number in numbers.items() if any(one.covers(each) for each in differing)}
    )
    listed = ", ".join(map(str, reasons)) or "not explained"
    return f"{len(here) - len(differing)} of {len(here)} ({listed})"


def _where(one: Explanation) -> str:
    return f"{', '.join(one.tools)} on {', '.join(one.rows)} at {', '.join(one.peers)}"
