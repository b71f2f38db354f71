"""The public suffix list, from the packaged copy; nothing is downloaded.

Two readings of it are in use.  For wildcards in certificates only the suffixes that registries
control count.  RFC 7489 3.2 finds an Organizational Domain with the whole list, the domains in which
operators let strangers register names among them.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=2)
def _suffixes(*, only_icann: bool) -> "PublicSuffixList":
    """Load the packaged list once for each reading, when it is first needed."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=only_icann)


def is_public_suffix(name: str) -> bool:
    """Say whether ``name`` (A-labels) is a public suffix of a registry.

    By the list's default rule ``*`` every single label is one, ``test`` and ``not`` included.
    """
    return _suffixes(only_icann=True).publicsuffix(name) == name


def organizational_domain(name: str) -> str:
    """Return the public suffix of ``name`` (A-labels, lower case) with one label more (RFC 7489 3.2).

    A name that is a public suffix itself has nothing above it: it is returned as it is.
    """
    return _suffixes(only_icann=False).privatesuffix(name) or name


@lru_cache(maxsize=1)
def list_date() -> str:
    """Return the date of the packaged list as YYYY-MM-DD, empty if its package does not tell."""
    from publicsuffixlist import __version__

    found = re.search(r"(20\d\d)(\d\d)(\d\d)$", __version__)
    return "-".join(found.groups()) if found else ""
