"""A disk that is full: the system itself refuses to write more than so many octets into any file.

``RLIMIT_FSIZE`` does it for this process and needs no disk of its own: a write that crosses the line
is done in part, the next one fails (``EFBIG``; setrlimit(2)), which is what a full disk does.
"""

import contextlib
import resource
from collections.abc import Iterator

WHY = "File too large"


@contextlib.contextmanager
def full_after(octets: int) -> Iterator[None]:
    """No file takes more than so many octets inside."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
