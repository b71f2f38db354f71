"""The answers of a root, a top-level domain and a zone, signed once with keys that are gone."""

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mxwalk.dnssec.anchors import TrustAnchors, read_anchors

FILE = Path(__file__).parent / "signed.json"


@dataclass(frozen=True)
class Signed:
    """The anchor, and question and message of every answer."""

    anchors: TrustAnchors
    answers: tuple[tuple[str, str, bytes], ...]


@cache
def signed() -> Signed:
    """Return the base."""
    data = json.loads(FILE.read_bytes())
    return Signed(
        anchors=read_anchors("\n".join(data["anchors"])),
        answers=tuple(
            (one["qname"], one["rtype"], base64.b64decode(one["wire"])) for one in data["answers"]
        ),
    )
