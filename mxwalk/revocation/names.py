"""Names of issuers, compared as RFC 5280 7.1 wants it, and hashed as RFC 6960 4.1.1 does."""

from functools import lru_cache

from mxwalk.tls.authority_names import name_text


def same_name(one: bytes, other: bytes) -> bool:
    """Say whether two Names in DER are the same; a name that is empty or unreadable equals none."""
    if not one or not other:
        return False
    return one == other or (bool(_folded(one)) and _folded(one) == _folded(other))


@lru_cache(maxsize=256)
def _folded(name: bytes) -> str:
    """Fold case and white space, whatever string type was used (RFC 5280 7.1)."""
    return " ".join(name_text(name).casefold().split())
