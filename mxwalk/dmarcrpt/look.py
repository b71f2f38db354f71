"""What a look at DMARC reports is opened with."""

from dataclasses import dataclass
from pathlib import Path

from mxwalk.dmarcrpt.known import NOBODY, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Files and folders, the senders the person named, and the resolver for names of sources.

    An empty ``resolver`` is the system's.
    """

    paths: tuple[Path, ...]
    known: Known = NOBODY
    resolver: str = ""
