"""Lines that are no reply to a product: without a code, or with nothing that parts it off.

RFC 5321 4.2 has no such line; what products make of one, at each command, was seen with real ones.
"""

from mxwalk.smtp.model import Deviation, Reply, ReplyLine

_NO_REPLY = {Deviation.NO_CODE, Deviation.NO_SEPARATOR}


def malformed_line(reply: Reply, *, at_end: bool = False) -> ReplyLine | None:
    """Return the first such line of a whole reply; ``at_end`` asks for one that ends it."""
    lines = reply.lines[-1:] if at_end else reply.lines
    return next((line for line in lines if not _NO_REPLY.isdisjoint(line.deviations)), None)


def heard_until(reply: Reply, end: ReplyLine) -> bytes:
    """Return what a product has read of a reply when it comes to this line, endings left out."""
    lines = reply.lines[: reply.lines.index(end) + 1]
    return b"\n".join(line.raw.rstrip(b"\r\n") for line in lines)
