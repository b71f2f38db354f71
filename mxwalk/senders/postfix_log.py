"""The words of Postfix's smtp(8): the TLS summary, the reasons of deferrals, their status codes.

Taken from Postfix 3.7; ``status=deferred`` lines show the reason in parentheses as the log does.
"""

from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.limits import LOG_REPLY_CHARS
from mxwalk.senders.passage import Course, Passage
from mxwalk.senders.postfix_replies import status_code
from mxwalk.senders.reach import TlsState
from mxwalk.senders.situation import Obstacle, Situation
from mxwalk.smtp.model import Reply
from mxwalk.text import visible

NOT_VERIFIED = "Server certificate not verified"
HANDSHAKE = "Cannot start TLS: handshake failure"
NO_TLSA = "no TLSA records found"
UNUSABLE = "TLSA records unusable"
NOT_DNSSEC = "non DNSSEC destination"
_DOING = {
    StepKind.GREETING: "receiving the initial server greeting",
    StepKind.EHLO: "performing the EHLO handshake",
    StepKind.HELO: "performing the HELO handshake",
    StepKind.STARTTLS: "receiving the STARTTLS response",
    StepKind.EHLO_TLS: "performing the EHLO handshake",
    StepKind.MAIL: "sending MAIL FROM",
    StepKind.RCPT: "sending RCPT TO",
}
_OPENING = (StepKind.GREETING, StepKind.EHLO, StepKind.HELO, StepKind.EHLO_TLS)
CONFIGURATION = "client TLS configuration problem"


def tlsa_error(host: str, port: int) -> str:
    """Return the reason for a TLSA look-up that failed."""
    return f"TLSA lookup error for {visible(host, 300)}:{port}"


def name_error(name: str, rtype: str) -> str:
    """Return the reason for a look-up that failed for now."""
    return f"{no_name(name, rtype)}, try again"


def no_name(name: str, rtype: str) -> str:
    """Return the reason for a host that does not exist."""
    return (
        f"Host or domain name not found. Name service error for name={visible(name, 300)}"
        f" type={rtype}: Host not found"
    )


def deferred(reason: str, code: str) -> str:
    """Return the end of the log line of a deferred recipient."""
    return f"dsn={code}, status=deferred ({reason})"


def bounced(reason: str, code: str) -> str:
    """Return the end of the log line of a bounced recipient."""
    return f"dsn={code}, status=bounced ({reason})"


def summary(at: Situation, trust: str) -> str:
    """Return the line ``Verified TLS connection established to ...`` (smtp_tls_loglevel = 1)."""
    handshake = at.attempt.handshake
    if handshake is None:
        return ""
    bits = (
        f" ({handshake.cipher_bits}/{handshake.cipher_bits} bits)" if handshake.cipher_bits else ""
    )
    return (
        f"{trust} TLS connection established to {peer(at)}:"
        f" {visible(handshake.protocol, 40)} with cipher {visible(handshake.cipher, 80)}{bits}"
    )


def peer(at: Situation) -> str:
    """Return ``mx.example.com[192.0.2.1]:25`` as Postfix writes it."""
    return f"{name_and_address(at)}:{at.attempt.port}"


def name_and_address(at: Situation) -> str:
    """Return ``mx.example.com[192.0.2.1]``."""
    return f"{visible(at.host.planned.name, 300)}[{visible(at.attempt.address or 'unknown', 60)}]"


def failure(at: Situation, passage: Passage) -> tuple[str, str]:
    """Return reason and status code of what keeps the message from being sent."""
    match passage.course:
        case Course.NOT_OFFERED:
            reason = f"TLS is required, but was not offered by host {name_and_address(at)}"
            return reason, "4.7.4"
        case Course.REFUSED:
            reply = at.attempt.starttls
            return (_not_started(at, reply), status_code(reply)) if reply else ("", "")
        case Course.LOST:
            return (
                f"lost connection with {name_and_address(at)} while receiving the STARTTLS response",
                "4.4.2",
            )
        case Course.HANDSHAKE_FAILED:
            return HANDSHAKE, "4.7.5"
        case Course.NOT_AUTHENTIC:
            return NOT_VERIFIED, "4.7.5"
        case _:
            return _obstacle(at, passage.obstacle)


def _obstacle(at: Situation, obstacle: Obstacle | None) -> tuple[str, str]:
    if obstacle is None:
        return "", ""
    if obstacle.reply is not None:
        code = status_code(obstacle.reply)
        if obstacle.kind is StepKind.STARTTLS:
            return _not_started(at, obstacle.reply), code
        if obstacle.kind not in _OPENING:
            return refusal(at, obstacle.kind, obstacle.reply), code
        # smtp_skip_5xx_greeting: a refusing greeting only defers
        softened = obstacle.kind is StepKind.GREETING and obstacle.reply.code // 100 == 5
        code = f"4{code[1:]}" if softened else code
        said = _said(obstacle.reply)
        return f"host {name_and_address(at)} refused to talk to me: {said}", code
    if obstacle.ending is None:
        return "", ""
    if obstacle.kind is StepKind.CONNECT:
        why = {
            EndingKind.REFUSED: "Connection refused",
            EndingKind.TIMEOUT: "Connection timed out",
            EndingKind.UNREACHABLE: "Network is unreachable",
        }.get(obstacle.ending.kind, visible(obstacle.ending.detail, 200))
        return f"connect to {peer(at)}: {why}", "4.4.1"
    doing = _DOING.get(obstacle.kind)
    while_doing = f" while {doing}" if doing else ""
    if obstacle.ending.kind is EndingKind.TIMEOUT:
        return f"conversation with {name_and_address(at)} timed out{while_doing}", "4.4.2"
    return f"lost connection with {name_and_address(at)}{while_doing}", "4.4.2"


def _not_started(at: Situation, reply: Reply) -> str:
    said = _said(reply)
    return f"TLS is required, but host {name_and_address(at)} refused to start TLS: {said}"


def refusal(at: Situation, kind: StepKind, reply: Reply) -> str:
    """Return the reason for a command of the envelope that was refused."""
    command = "MAIL FROM" if kind is StepKind.MAIL else "RCPT TO"
    return f"host {name_and_address(at)} said: {_said(reply)} (in reply to {command} command)"


def _said(reply: Reply) -> str:
    """Return a reply as smtp(8) quotes it: its lines as they came, joined by spaces."""
    lines = " ".join(
        line.raw.rstrip(b"\r\n").decode("utf-8", "surrogateescape") for line in reply.lines
    )
    return visible(lines, LOG_REPLY_CHARS)


def fell_back(passage: Passage) -> bool:
    """Say whether the message goes in clear because a handshake failed."""
    return passage.course is Course.IN_CLEAR and passage.tls is TlsState.FAILED
