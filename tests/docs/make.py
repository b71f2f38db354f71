"""Write every page of the documentation that is made from the code: ``python -m tests.docs.make``.

A test compares each with what is in the repository.
"""

from collections.abc import Callable, Mapping

from mxwalk.findings import pages
from mxwalk.language import ENGLISH, speaking
from tests.docs import command_pages, json_page, man_page, rfc_map, trace_page
from tests.docs.citations import ROOT
from tui.keys_page import keys_page

DOCS = ROOT / "docs"


def generated() -> Mapping[str, Callable[[], str]]:
    """Return what makes each page, by its path below ``docs``."""
    return {
        "commands.md": command_pages.commands_page,
        "exit-codes.md": command_pages.exit_codes_page,
        "json-schema.md": json_page.page,
        "keys.md": keys_page,
        "mxwalk.1": man_page.page,
        "rfc-map.md": rfc_map.page,
        "trace-format.md": trace_page.page,
    }


def main() -> None:
    """Write all pages, those of findings and recipes too."""
    with speaking(ENGLISH):
        pages.write(DOCS)
        for name, make in generated().items():
            (DOCS / name).write_text(make(), "utf-8")


if __name__ == "__main__":
    main()
