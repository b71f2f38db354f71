"""The page that says which part of which RFC is kept where, written from the citations themselves."""

from collections import defaultdict

from tests.docs.citations import citations, known

_HEAD = """# RFC map

Which section of which RFC is cited where: written by `make docs` from docstrings, comments, the texts of findings and
the scenarios of the lab.  A test fails for a citation of a section that its RFC does not have.
"""
_PLACES = 6  # of a section; more are counted


def page() -> str:
    """Return the page."""
    files: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in citations():
        files[one.rfc][one.section].add(_place(one.file))
    listed = known()
    parts = [_HEAD, f"{len(files)} RFCs.\n"]
    for number, sections in files.items():
        parts.append(f"## RFC {number}: {listed[number].title}\n")
        parts += ["| section | cited in |", "|---|---|"]
        parts += [
            f"| {section or 'as a whole'} | {_places(places)} |"
            for section, places in sections.items()
        ]
        parts.append("")
    return "\n".join(parts)


def _place(file: str) -> str:
    """Return what a file is called on the page: a module, a finding's code, a scenario."""
    folder, _, name = file.rpartition("/")
    stem, _, suffix = name.rpartition(".")
    match folder, suffix:
        case "mxwalk/findings/texts", "md":
            return f"[{stem}](findings/{stem}.md)"
        case "mxwalk/findings/recipes", "md":
            return f"[{stem}](recipes/{stem}.md)"
        case "mxwalk/lab/scenarios", _:
            return f"lab `{stem}`"
        case _, "py":
            return f"`{file.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}`"
        case _:
            return f"`{file}`"


def _places(found: set[str]) -> str:
    """Return the places, modules first, no more than a line holds."""
    ordered = sorted(found, key=lambda place: (place[0] != "`", place))
    more = len(ordered) - _PLACES
    words = ", ".join(ordered[:_PLACES])
    return f"{words} and {more} more" if more > 0 else words
