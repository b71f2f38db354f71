"""From one session of a pasted text to a trace: the steps a walk would have made of it.

Nothing is made up: there is no look-up in it, no time that the text does not give, and names are
gathered only where whoever pasted it names the host, never where the server names itself.
"""

import re
from datetime import datetime

from mxwalk import __version__
from mxwalk.clock import to_rfc3339
from mxwalk.clues.dialogue.certificates import chain_of, handshake_of, is_whole
from mxwalk.clues.dialogue.exchanges import GREETING, Exchange, Session
from mxwalk.clues.dialogue.parts import Line, Opened, TlsTold
from mxwalk.evidence.connection import Connected, Exchanged, IdentityGathered
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target, TargetKind
from mxwalk.evidence.trace import NOWHERE, Header, PastedForm, Trace
from mxwalk.evidence.wire import Direction, Ending, Layer, WireChunk
from mxwalk.limits import MAILBOX_BYTES, NAME_BYTES
from mxwalk.names import InvalidNameError, Name, is_address, parse_name
from mxwalk.smtp.replies import parse_reply
from mxwalk.tls.store import LoadedStore

_KINDS = {
    GREETING: StepKind.GREETING,
    "EHLO": StepKind.EHLO,
    "HELO": StepKind.HELO,
    "STARTTLS": StepKind.STARTTLS,
    "MAIL": StepKind.MAIL,
    "RCPT": StepKind.RCPT,
    "RSET": StepKind.RSET,
    "QUIT": StepKind.QUIT,
}
_HELLO = frozenset({"EHLO", "HELO"})
_PATH = re.compile(rb"<([^<>\r\n]*)>")


def kind_of(exchange: Exchange) -> StepKind | None:
    """Return the kind of step an exchange is; ``None`` for commands that a walk does not send."""
    if exchange.inside and exchange.verb in _HELLO:
        return StepKind.EHLO_TLS
    return _KINDS.get(exchange.verb)


def claimed_name(session: Session) -> str:
    """Return the name the server gives itself in greeting or EHLO response; empty without one."""
    for exchange in session.exchanges:
        if exchange.verb not in (GREETING, *_HELLO) or not exchange.reply:
            continue
        for line in parse_reply(exchange.reply).lines:
            word = line.text.split(b" ", 1)[0].decode("ascii", "replace")
            try:
                name = parse_name(word).ascii
            except InvalidNameError:
                continue
            if "." in name and not is_address(name) and not name.rpartition(".")[2].isdecimal():
                return name
    return ""


def build_trace(
    session: Session, form: PastedForm, now: datetime, store: LoadedStore | None
) -> Trace:
    """Return the trace; ``store`` verifies pasted certificates as of ``now``."""
    opened = session.opened
    host = (opened.host if opened else "") or claimed_name(session)
    header = Header(
        tool=f"mxwalk {__version__}",
        started_at=to_rfc3339(now),
        target=_target(opened, host),
        options=_options(session),
        pasted=form,
    )
    return Trace(header=header, steps=_Steps(session, header.target, now, store).all())


def _target(opened: Opened | None, host: str) -> Target:
    address = opened.address if opened else ""
    port = (opened.port if opened else 0) or 25
    if host or not address:
        name = host or NOWHERE
        shown = _unicode(name)
        return Target(text=f"{shown.unicode}:{port}", kind=TargetKind.HOST, domain=shown, port=port)
    literal = f"[{address}]:{port}"
    return Target(text=literal, kind=TargetKind.ADDRESS, address=address, port=port)


def _unicode(name: str) -> Name:
    return parse_name(name)


def _options(session: Session) -> Options:
    """Return the options a walk would have had to send the same."""
    helo, mail_from, rcpt_to = "", None, None
    for exchange in session.exchanges:
        words = exchange.command.split()
        if exchange.verb in _HELLO and len(words) > 1 and not helo:
            helo = words[1].decode("utf-8", "replace")
        path = _PATH.search(exchange.command)
        if path is not None and exchange.verb == "MAIL" and mail_from is None:
            mail_from = _mailbox(path.group(1))
        elif path is not None and exchange.verb == "RCPT" and rcpt_to is None:
            rcpt_to = _mailbox(path.group(1))
    helo = helo if len(helo.encode()) <= NAME_BYTES else ""
    return Options(helo=helo, mail_from=mail_from, rcpt_to=rcpt_to)


def _mailbox(raw: bytes) -> str | None:
    text = raw.decode("utf-8", "replace")
    return text if len(text.encode()) <= MAILBOX_BYTES else None


class _Steps:
    """The steps, one behind the other."""

    def __init__(
        self, session: Session, target: Target, now: datetime, store: LoadedStore | None
    ) -> None:
        self._session, self._now, self._store = session, now, store
        opened = session.opened
        self._opened = opened
        address = opened.address if opened else ""
        name = target.domain.ascii if target.domain else address
        self._scope = Scope(host=name, address=address, port=target.port, attempt=1)
        self._steps: list[Step] = []

    def all(self) -> tuple[Step, ...]:
        """Return the steps of the whole session."""
        self._connect()
        inside = False
        for one in self._session.happened:
            if isinstance(one, TlsTold):
                self._tls(one)
                inside = inside or not one.failure
            elif (kind := kind_of(one)) is not None:
                self._exchange(kind, one, inside=inside or one.inside)
        return tuple(self._steps)

    def _add(
        self,
        kind: StepKind,
        evidence: Evidence,
        line: Line | None = None,
        last: Line | None = None,
        wire: tuple[WireChunk, ...] = (),
    ) -> None:
        started = (line.at_s if line else None) or 0.0
        ended = (last.at_s if last else None) or started
        self._steps.append(
            Step(
                seq=len(self._steps) + 1,
                kind=kind,
                scope=self._scope,
                started_s=started,
                elapsed_s=max(0.0, ended - started),
                evidence=evidence,
                wire=wire,
            )
        )

    def _connect(self) -> None:
        opened = self._opened
        ending = None
        if opened is not None and opened.failure is not None:
            ending = Ending(kind=opened.failure, detail=opened.detail)
        evidence = Connected(address=self._scope.address, port=self._scope.port, ending=ending)
        self._add(StepKind.CONNECT, evidence, opened.line if opened else None)

    def _tls(self, told: TlsTold) -> None:
        self._add(StepKind.HANDSHAKE, handshake_of(told), told.line)
        if not is_whole(told) or self._store is None:
            return
        self._add(StepKind.CHAIN, chain_of(told, self._store, self._now), told.line)
        named = self._opened.host if self._opened else ""
        if named:
            gathered = IdentityGathered(recipient_domain=named, mx_host=named, mx_hosts=())
            self._add(StepKind.IDENTITY, gathered, told.line)

    def _exchange(self, kind: StepKind, one: Exchange, *, inside: bool) -> None:
        ending = None
        if one.ending is not None:
            ending = Ending(kind=one.ending, detail=one.detail)
        evidence = Exchanged(
            command=one.command, reply=one.reply, trailing=one.trailing, ending=ending
        )
        layer = Layer.TLS_DATA if inside else Layer.CLEAR
        chunks = [
            WireChunk(at_s=line.at_s or 0.0, direction=direction, layer=layer, data=data)
            for line, direction, data in (
                (one.line, Direction.SENT, one.command),
                (one.last, Direction.RECEIVED, one.reply + one.trailing),
            )
            if data
        ]
        self._add(kind, evidence, one.line, one.last, tuple(chunks))
