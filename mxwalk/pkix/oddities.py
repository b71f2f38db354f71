"""placeholder"""

from collections.abc import Mapping
from mxwalk.pkix.model import Oddity


def chain_oddities(presented, path, everything) -> Mapping[bytes, tuple[Oddity, ...]]:
    return {}
