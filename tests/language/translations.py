"""The translations' tool: find every text of ours, say which have no Korean, take it in, compile.

    python -m tests.language.translations missing [PATH...]   JSON of what has none, by source file
    python -m tests.language.translations add FILE.json...    take in {"English": "Korean"} pairs
    python -m tests.language.translations compile             write the .mo file

Texts are the literals given to ``say``, ``say_many`` and ``noted``, and those that tables of ours
hold: catalogue titles, keys and views, the command line's help.  A plural's pair is keyed by its singular
form.
"""

import ast
import contextlib
import fcntl
import json
import string
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "mxwalk" / "locales" / "ko" / "LC_MESSAGES"
PO, MO = HOME / "mxwalk.po", HOME / "mxwalk.mo"
KEYWORDS = {"say": None, "say_many": (1, 2), "noted": None}
PACKAGES = ("mxwalk", "widgets", "tui")
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
OPTIONS = {"**.j2": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}}

_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
_LEFT_OUT = (
    b"POT-Creation-Date",
    b"PO-Revision-Date",
    b"Generated-By",
    b"Last-Translator",
    b"Language-Team",
    b"Report-Msgid-Bugs-To",
)

Text = tuple[str, str]  # the singular and the plural; the latter is empty where there is none


def in_calls() -> Iterator[tuple[str, Text]]:
    """Yield source file and text of every literal given to one of the functions."""
    for package in PACKAGES:
        found = extract_from_dir(
            ROOT / package,
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            comment_tags=(),
        )
        for name, _line, text, _comments, _context in found:
            one, many = text if isinstance(text, tuple) else (text, "")
            if one:
                yield f"{package}/{name}", (one, many or "")
        for path in sorted((ROOT / package).rglob("*.py")):
            for pair in _in_formatted(path):
                yield path.relative_to(ROOT).as_posix(), pair


def _in_formatted(path: Path) -> Iterator[Text]:
    """Yield the literals of calls inside f-strings, which the extractor passes over."""
    tree = ast.parse(path.read_text("utf-8"))
    formatted = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    for node in (each for one in formatted for each in ast.walk(one)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            literals = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
            found = [text for text in literals if isinstance(text, str)]
            if found:
                yield found[0], "".join(found[1:])


def in_tables() -> Iterator[tuple[str, Text]]:
    """Yield the texts that tables hold."""
    from tests.language.tables import TABLES

    for source, texts in TABLES.items():
        for text in texts():
            if text:
                yield source, (text, "")


def texts() -> dict[Text, list[str]]:
    """Return every text with the files it is in."""
    found: dict[Text, list[str]] = defaultdict(list)
    for source, text in (*in_calls(), *in_tables()):
        if source not in found[text]:
            found[text].append(source)
    return dict(found)


def read_catalogue() -> Catalog:
    """Return the Korean catalogue as it is in the repository."""
    if not PO.exists():
        return Catalog(locale="ko", domain="mxwalk", project="mxwalk", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="ko", domain="mxwalk")


def translated(catalogue: Catalog) -> dict[str, str]:
    """Return English (the singular) to Korean."""
    found: dict[str, str] = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        value = message.string[0] if isinstance(message.string, tuple) else message.string
        if value:
            found[str(key)] = str(value)
    return found


def missing(paths: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return the texts without a translation by source file, of those that begin with ``paths``."""
    known = translated(read_catalogue())
    found: dict[str, list[str]] = defaultdict(list)
    for (one, _), sources in texts().items():
        if one not in known and (not paths or any(s.startswith(paths) for s in sources)):
            found[sources[0]].append(one)
    return dict(sorted(found.items()))


def places(text: str) -> set[str]:
    """Return the names of the places of a text, with their conversions and formats.

    Raises ``ValueError`` for a text that is no template.
    """
    return {
        f"{name}!{conversion or ''}:{form or ''}"
        for _, name, form, conversion in string.Formatter().parse(text)
        if name is not None
    }


def build(known: dict[str, str]) -> Catalog:
    """Return the catalogue of all texts with these translations, in a steady order."""
    catalogue = Catalog(locale="ko", domain="mxwalk", project="mxwalk", charset="utf-8")
    catalogue.fuzzy = False
    catalogue.creation_date = catalogue.revision_date = _ALWAYS  # or each run would differ
    catalogue.header_comment = "# Korean translations of mxwalk; see CONTRIBUTING.md."
    ordered = sorted(texts().items(), key=lambda item: (item[1][0], item[0]))
    for (one, many), sources in ordered:
        value = known.get(one, "")
        where = [(source, 0) for source in sources]
        if many:
            catalogue.add((one, many), (value,), locations=where)
        else:
            catalogue.add(one, value, locations=where)
    return catalogue


def dump(catalogue: Catalog) -> tuple[bytes, bytes]:
    """Return the .po file (without dates) and the .mo file."""
    po, mo = BytesIO(), BytesIO()
    write_po(po, catalogue, width=100, omit_header=False, include_lineno=False)
    lines = po.getvalue().split(b"\n")
    dated = tuple(b'"' + name for name in _LEFT_OUT)
    write_mo(mo, catalogue)
    return b"\n".join(line for line in lines if not line.startswith(dated)), mo.getvalue()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep two runs from writing at the same time."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (Path(tempfile.gettempdir()) / "mxwalk-translations.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(known: dict[str, str]) -> None:
    """Write both files; a translation whose text is gone goes with it."""
    po, mo = dump(build(known))
    PO.write_bytes(po)
    MO.write_bytes(mo)


def add(files: list[str]) -> None:
    """Take in translations; one with other places than its text is refused."""
    taken: dict[str, str] = {}
    for name in files:
        taken.update(json.loads(Path(name).read_text("utf-8")))
    plurals = {one: many for one, many in texts() if many}
    for text, value in taken.items():
        allowed = (places(text), places(plurals.get(text, text)))
        if places(value) not in allowed:
            raise SystemExit(f"other places than the text has: {text!r}: {value!r}")
    with alone():
        write({**translated(read_catalogue()), **taken})


def main(words: list[str]) -> None:
    """Run one of the verbs."""
    match words:
        case ["missing", *paths]:
            print(json.dumps(missing(tuple(paths)), ensure_ascii=False, indent=1))
        case ["add", *files] if files:
            add(files)
        case ["compile"]:
            with alone():
                write(translated(read_catalogue()))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
