"""A pasted SMTP dialogue becomes a trace, with clues on what was read and what was not.

Total over any text: what is no dialogue gives ``None``.  What is behind the limits is not read.
"""

from datetime import datetime

from mxwalk.clock import SystemClock
from mxwalk.clues.dialogue.building import build_trace, kind_of
from mxwalk.clues.dialogue.exchanges import Session, read_session
from mxwalk.clues.dialogue.forms import read_lines
from mxwalk.clues.dialogue.parts import TlsTold
from mxwalk.clues.dialogue.source import split
from mxwalk.clues.dialogue.told import clues_of
from mxwalk.clues.model import Clue, Lead
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.text import visible
from mxwalk.tls.store import LoadedStore, load_store


def read_dialogue(
    text: str, *, now: datetime | None = None, store: LoadedStore | None = None
) -> tuple[Trace, tuple[Clue, ...]] | None:
    """Return the dialogue as a trace with its clues; ``None`` when the text is no dialogue.

    Pasted certificates are verified as of ``now`` (default: the present) against ``store`` (default:
    the system's).
    """
    lines, cut = split(text)
    pasted = read_lines(lines)
    if pasted is None:
        return None
    session = read_session(pasted)
    if not _tells(session):
        return None
    if store is None and any(
        one.certificates for one in session.happened if isinstance(one, TlsTold)
    ):
        store = load_store("system")
    trace = build_trace(session, pasted.form, now or SystemClock().now(), store)
    return trace, clues_of(text, pasted, session, trace, cut=cut)


def lead_of(trace: Trace) -> Lead | None:
    """Return the walk to the host of a pasted dialogue; ``None`` where the text names none."""
    target = trace.header.target
    if trace.header.is_nowhere:
        return None
    reason = say("the host of the pasted dialogue, live: {host}", host=visible(target.text, 300))
    return Lead(target=target.text, reason=reason, helo=trace.header.options.helo)


def _tells(session: Session) -> bool:
    """Say whether there is anything a walk would have shown: a reply, TLS, or a failed connection."""
    if session.opened is not None and session.opened.failure is not None:
        return True
    return any(
        isinstance(one, TlsTold) or (kind_of(one) is not None and one.reply)
        for one in session.happened
    )
