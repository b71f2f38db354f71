"""All sections of the matrix, and the programs they need."""

from tests.peers.matrix import names, policies, receiving
from tests.peers.matrix.section import Section

PROGRAMS = tuple(dict.fromkeys((*receiving.PROGRAMS, *names.PROGRAMS, *policies.PROGRAMS)))


def everything() -> tuple[Section, ...]:
    """Run all servers, section after section; it takes minutes."""
    return (*receiving.surveys(), names.survey(), policies.survey())
