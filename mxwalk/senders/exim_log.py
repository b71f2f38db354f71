"""The words of Exim 4.96's main log for a delivery, and what GnuTLS made of the chain (``CV``)."""

from mxwalk.evidence.step import StepKind
from mxwalk.limits import LOG_REPLY_CHARS
from mxwalk.senders.exim_replies import lost_inside
from mxwalk.senders.passage import Course, Passage
from mxwalk.senders.situation import Fault, Obstacle, Situation
from mxwalk.senders.strength import misses_staple, weakly_signed
from mxwalk.smtp.model import Reply
from mxwalk.text import EXCERPT_CHARS, visible

_RCPT_4XX = -44  # its number for a refusal of RCPT that may pass, and for what is no refusal


def words(at: Situation, passage: Passage) -> tuple[str, str]:
    """Return the line of the log and the status code, of which Exim has none."""
    where = f"H={visible(at.host.planned.name, 300)} [{visible(at.attempt.address, 60)}]"
    match passage.course:
        case Course.IN_CLEAR:
            return f"=> {where}", ""
        case Course.ENCRYPTED | Course.VERIFIED:
            word = "dane" if passage.course is Course.VERIFIED else _trusted(at)
            return f"=> {where} CV={word}", ""
        case Course.NOT_OFFERED:
            line = "a TLS session is required, but the server did not offer TLS support"
            return f"== defer (-38) {where}: {line}", ""
        case Course.REFUSED:
            reply = at.attempt.starttls
            said = _said(reply) if reply else ""
            return (
                f"== defer (0) {where}: SMTP error from remote mail server after STARTTLS: {said}",
                "",
            )
        case Course.NOT_AUTHENTIC:
            return f"== defer (-37) {where}: TLS session: (certificate verification failed)", ""
        case Course.HANDSHAKE_FAILED:
            return f"== defer (-37) {where}: TLS session: (gnutls_handshake)", ""
        case Course.ENVELOPE_REFUSED if passage.refusal is not None:
            reply = passage.refusal.reply
            said = _said(reply) if reply else passage.refusal.reason
            return f"{where}: SMTP error from remote mail server: {said}", ""
        case Course.STOPPED if passage.obstacle is not None:
            return _refused(at, where, passage.obstacle), ""
        case _:
            return "", ""


def _said(reply: Reply) -> str:
    r"""Return a reply as the log has it: all lines as they came, with ``\n`` between them."""
    lines = "\n".join(
        line.raw.rstrip(b"\r\n").decode("utf-8", "surrogateescape") for line in reply.lines
    )
    return visible(lines, LOG_REPLY_CHARS)


def _refused(at: Situation, where: str, obstacle: Obstacle) -> str:
    """Return the line of a reply that ends the session; other endings have none here."""
    exchange = at.attempt.exchange(obstacle.kind)
    if exchange is None:
        return ""
    if lost_inside(at, obstacle):
        return f"== defer (-37) {where}: TLS session: error on first read"
    asked = visible(exchange.command.rstrip(b"\r\n"), 300) or "initial connection"
    if obstacle.unread is not None:
        return f"== defer (-19) {where}: {_malformed(asked, obstacle.unread)}"
    if obstacle.reply is None:
        return ""
    line = f"SMTP error from remote mail server after {asked}: {_said(obstacle.reply)}"
    deferred = f"== defer ({_RCPT_4XX if obstacle.kind is StepKind.RCPT else 0})"
    return f"{'**' if obstacle.fault is Fault.PERMANENT else deferred} {where}: {line}"


def _malformed(asked: str, heard: bytes) -> str:
    """Return its words for what is no reply to it, of which it quotes all it has read."""
    if not heard:
        return f"Malformed SMTP reply (an empty line) in response to {asked}"
    return f"Malformed SMTP reply in response to {asked}: {visible(heard, EXCERPT_CHARS)}"


def _trusted(at: Situation) -> str:
    """Return GnuTLS's answer on the chain, names not asked."""
    chain, handshake = at.attempt.chain, at.attempt.handshake
    if chain is None or handshake is None or chain.errors:
        return "no"
    return "no" if weakly_signed(chain) or misses_staple(handshake) else "yes"
