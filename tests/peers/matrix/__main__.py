"""Run every peer in every situation and write the page: ``python -m tests.peers.matrix``."""

import sys

from tests.docs.citations import ROOT
from tests.peers.matrix.explanations import EXPLANATIONS
from tests.peers.matrix.opinions import unexplained, unneeded
from tests.peers.matrix.page import page, versions
from tests.peers.matrix.survey import everything

PAGE = ROOT / "docs/interoperability.md"


def main() -> int:
    """Print the page and what is wrong with it; write it when nothing is."""
    sections = everything()
    opinions = [opinion for section in sections for opinion in section.opinions]
    text = page(sections)
    wrong = [*map(str, unexplained(opinions, EXPLANATIONS)), *unneeded(opinions, EXPLANATIONS)]
    print(text)
    for line in wrong:
        print(line)
    differ = sum(not one.agrees for one in opinions)
    print(
        f"{len(opinions)} opinions, {len(opinions) - differ} agree, {differ} differ,"
        f" {len(EXPLANATIONS)} reasons, {len(wrong)} differences or reasons out of place"
    )
    if not wrong:
        PAGE.write_text(f"{text}{versions()}", "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
