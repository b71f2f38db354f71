"""What opening a signature needs beyond its verdict: what happened on the way, and what was hashed.

A small message is worked on at once; a large one in a thread, while the rest is drawn.  Only the
beginning of a body is made canonical for show.
"""

from dataclasses import dataclass, replace

from mxwalk.mailauth.dkim.canonical import FieldPair, Hashed, as_it_came, beside_copies
from mxwalk.mailauth.dkim.diagnose import diagnose
from mxwalk.mailauth.dkim.diagnosis import Diagnosis
from mxwalk.mailauth.dkim.library import canonical_body
from mxwalk.mailauth.dkim.model import SignatureVerdict
from mxwalk.mailauth.message import Message

AT_ONCE_BYTES = 64 * 1024
_BODY_BYTES = 32 * 1024
BODY_LINES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of a signature besides its verdict.

    ``hashed`` has the header block alone; ``lines`` are the first of the canonical body, ``cut`` tells
    that more follows.
    """

    diagnoses: tuple[Diagnosis, ...]
    hashed: Hashed
    pairs: tuple[FieldPair, ...]
    lines: tuple[bytes, ...]
    cut: bool


def is_light(message: Message) -> bool:
    """Say whether the work on a message takes no noticeable time."""
    return len(message.raw) <= AT_ONCE_BYTES


def work_out(message: Message, verdict: SignatureVerdict) -> Told:
    """Return everything; for a large message that may take a second."""
    signature = verdict.signature
    lines, cut = _body(message, verdict)
    return Told(
        diagnoses=diagnose(message, signature, verdict.key, verdict.reason),
        hashed=as_it_came(replace(message, body=b""), signature),
        pairs=beside_copies(message, signature),
        lines=lines,
        cut=cut,
    )


def _body(message: Message, verdict: SignatureVerdict) -> tuple[tuple[bytes, ...], bool]:
    """Return the first lines of the body as it is hashed."""
    if not message.whole:
        return (), False
    part = message.body[:_BODY_BYTES]
    cut = len(part) < len(message.body)
    if cut:
        part = part[: part.rfind(b"\n") + 1] or part
    canonical = canonical_body(part, verdict.signature.body_canon)
    length = verdict.signature.length
    if length is not None and length < len(canonical):
        canonical, cut = canonical[:length], False
    lines = canonical.split(b"\r\n")
    if lines and not lines[-1]:
        lines.pop()
    return tuple(lines[:BODY_LINES]), cut or len(lines) > BODY_LINES
