"""From the lines of a dialogue to commands with their replies, in lock-step or pipelined.

Where the form does not say who spoke, the state of the dialogue decides (RFC 5321 3.1, 4.2): a line
with a reply code is the server's, a whole command the client's, anything else inside a multi-line
reply a part of it, and what is left a remark of whoever pasted it.  A reply without a command is taken
for the answer to the one that is due there: greeting, EHLO, STARTTLS, QUIT.
"""

from collections import deque
from dataclasses import dataclass, field

from mxwalk.clues.credentials import COVER, Secrets, initial_response, is_response
from mxwalk.clues.dialogue.parts import Closed, Line, Opened, Pasted, Remark, Said, Speaker, TlsTold
from mxwalk.clues.dialogue.words import is_command, reply_code, verb_of, without_remark
from mxwalk.evidence.wire import EndingKind
from mxwalk.language import say
from mxwalk.limits import CLUE_EXCHANGES, CLUES, REPLY_BYTES
from mxwalk.smtp.model import Reply
from mxwalk.smtp.replies import ReplyParser
from mxwalk.text import visible

GREETING = ""
END_OF_DATA = "."
AUTH = "AUTH"
_HELLO = frozenset({"EHLO", "HELO"})
_SHOWN = 80


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A command and its reply; the greeting has no command.  ``parser`` tells when it is whole."""

    verb: str
    line: Line
    last: Line
    command: bytes = b""
    reply: bytes = b""
    trailing: bytes = b""
    inside: bool = False
    parsed: Reply | None = None
    ending: EndingKind | None = None
    detail: str = ""
    parser: ReplyParser = field(default_factory=ReplyParser)

    @property
    def code(self) -> int:
        """The reply's code, 0 without a whole reply."""
        return self.parsed.code if self.parsed else 0


@dataclass(slots=True, kw_only=True)
class Session:
    """One connection of a pasted text: what happened in order, and what is to be remarked."""

    opened: Opened | None = None
    happened: list[Exchange | TlsTold] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)  # of these, in the same order
    remarks: list[Remark] = field(default_factory=list)
    annotated: list[Line] = field(default_factory=list)  # remarks that were cut off
    decided: int = 0  # lines whose side the dialogue's state told
    secrets: Secrets = field(default_factory=Secrets)  # what AUTH sent: never quoted
    beyond: Line | None = None  # where another connection begins that is not read


def octets(text: str) -> bytes:
    """Return a line as it was sent, CRLF included: a pasted text has lost how its lines ended."""
    try:
        return text.encode("utf-8", "surrogateescape") + b"\r\n"
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace") + b"\r\n"


def read_session(pasted: Pasted) -> Session:
    """Return the first connection of a text."""
    reader = _Reader(pasted)
    for part in pasted.parts:
        if reader.session.beyond is not None:
            break
        match part:
            case Said():
                reader.said(part)
            case Opened():
                reader.opened(part)
            case TlsTold():
                reader.tls(part)
            case Closed():
                reader.closed(part)
            case Remark():
                reader.session.remarks.append(part)
    reader.finish()
    return reader.session


class _Reader:
    """The dialogue as far as it was read."""

    def __init__(self, pasted: Pasted) -> None:
        self.session = Session()
        self._form = pasted
        self._pending: deque[Exchange] = deque()
        self._message = False  # between 354 and the lone dot
        self._remarking = False  # behind a remark that may go on in the next lines
        self._inside = False
        self._client_spoke = False
        self._over = False

    def opened(self, part: Opened) -> None:
        if self.session.happened:
            self.session.beyond = part.line
        else:
            self.session.opened = _joined(self.session.opened, part)

    def tls(self, part: TlsTold) -> None:
        told = [one for one in self.session.happened if isinstance(one, TlsTold)]
        if told:
            return
        self.session.happened.append(part)
        self._inside = not part.failure

    def closed(self, part: Closed) -> None:
        self._over = True
        while self._pending:
            self._give_up(self._pending.popleft(), EndingKind.CLOSED, part.detail)

    def said(self, part: Said) -> None:
        text = part.text
        if self._form.annotated and not self._message:
            text, remark = without_remark(text)
            if remark:
                self.session.annotated.append(part.line)
        else:
            remark = ""
        speaker = self._speaker(part.speaker, text)
        if speaker is not None:
            self._remarking = False
        if remark:
            self._remarking = True
        if speaker is Speaker.CLIENT:
            self._command(text, part.line)
        elif speaker is Speaker.SERVER:
            self._reply(text, part)

    def finish(self) -> None:
        detail = "the pasted text ends before the whole reply"
        while self._pending:
            self._give_up(self._pending.popleft(), EndingKind.CANCELLED, detail)

    def _speaker(self, marked: Speaker, text: str) -> Speaker | None:
        """Return who said the line, ``None`` where nobody of the two did."""
        if marked is not Speaker.UNMARKED:
            return marked
        if self._message:
            self.session.decided += 1
            return Speaker.CLIENT
        found: Speaker | None = None
        if reply_code(text):
            found = Speaker.SERVER
        elif is_command(text) or (self._authenticating() and is_response(text.strip())):
            found = Speaker.CLIENT
        elif text.strip() and not self._remarking and self._pending and self._pending[0].reply:
            found = Speaker.SERVER
        if found is not None:
            self.session.decided += 1
        return found

    def _command(self, text: str, line: Line) -> None:
        self._client_spoke = True
        if self._message:
            self._message = text.rstrip() != END_OF_DATA
            if not self._message:
                self._await(END_OF_DATA, b"", line)
            return
        if self._pending and self._pending[0].reply:
            detail = "the pasted text leaves out the end of the reply"
            self._give_up(self._pending.popleft(), EndingKind.CANCELLED, detail)
        verb, text = self._without_credentials(text.strip())
        done = self.session.exchanges
        upgraded = bool(done) and done[-1].verb == "STARTTLS" and done[-1].code == 220
        if upgraded and not self._inside and not self._tls_told():
            if not self._form.encrypts:
                self._no_tls(line)
                return
            self.tls(TlsTold(line=line))
        self._await(verb, octets(text), line)

    def _authenticating(self) -> bool:
        """Say whether the server waits for more of an AUTH (RFC 4954 4)."""
        done = self.session.exchanges
        return bool(done) and done[-1].verb == AUTH and done[-1].code == 334

    def _without_credentials(self, text: str) -> tuple[str, str]:
        """Return verb and command; what AUTH sends is covered, and kept to be covered elsewhere."""
        verb, secret = verb_of(text), ""
        if self._authenticating() and not is_command(text):
            verb, secret, text = AUTH, text, COVER
        elif verb == AUTH:
            text, secret = initial_response(text)
        self.session.secrets.add(secret)
        return verb, text

    def _await(self, verb: str, command: bytes, line: Line) -> Exchange:
        exchange = Exchange(verb=verb, command=command, line=line, last=line, inside=self._inside)
        self.session.happened.append(exchange)
        self.session.exchanges.append(exchange)
        self._pending.append(exchange)
        if len(self.session.exchanges) >= CLUE_EXCHANGES:
            self.session.beyond = line
        return exchange

    def _reply(self, text: str, part: Said) -> None:
        code = len(text) - len(text.lstrip()) + 3 if reply_code(text) else 0
        text = text[:code] + self.session.secrets.covered_in(text[code:])
        if part.speaker is Speaker.UNMARKED and reply_code(text):
            text = text.lstrip()
        if not self._pending and not self._infer(reply_code(text), part.line):
            self._unasked(text, part.line)
            return
        exchange = self._pending[0]
        raw = octets(text)
        exchange.reply += raw
        exchange.last = part.line
        exchange.parser.receive_data(raw)
        reply = exchange.parser.next_reply()
        if reply is None:
            return
        exchange.parsed = reply
        self._pending.popleft()
        self._message = exchange.verb == "DATA" and reply.code == 354

    def _infer(self, code: int, line: Line) -> bool:
        """Say whether a reply is due here whose command the text does not show, and await it."""
        done = self.session.exchanges
        verbs = {one.verb for one in done}
        verb: str | None = None
        if not done and not self._inside:
            verb = "EHLO" if code == 250 else GREETING
        elif self._authenticating():
            verb = AUTH
        elif self._client_spoke and self._form.encrypts and code == 220 and "QUIT" in verbs:
            verb = None
        elif not self._client_spoke:
            verb = self._due(code, verbs)
        if verb is None:
            return False
        if verb == "EHLO" and "STARTTLS" in verbs and not self._inside:
            self.tls(TlsTold(line=line))
        self._await(verb, b"", line)
        return True

    def _due(self, code: int, verbs: set[str]) -> str | None:
        """Return the command that a reply of this code would answer next, in the order of a walk."""
        first = not verbs & _HELLO
        if code == 250 and (first or ("STARTTLS" in verbs and not self._inside)):
            return "EHLO"
        if code == 220 and not first and "STARTTLS" not in verbs:
            return "STARTTLS"
        return "QUIT" if code == 221 and "QUIT" not in verbs else None

    def _unasked(self, text: str, line: Line) -> None:
        """Keep what the server said unasked; a greeting begins another dialogue."""
        last = self.session.exchanges[-1] if self.session.exchanges else None
        if last is None or (reply_code(text) == 220 and last.code != 220):
            self.session.beyond = line
            return
        if len(last.trailing) > REPLY_BYTES or len(self.session.remarks) >= CLUES:
            self.session.beyond = line
            return
        last.trailing += octets(text)
        shown = visible(text, _SHOWN)
        meaning = say("The server said this without being asked: {line}", line=shown)
        self.session.remarks.append(Remark(line=line, meaning=meaning))

    def _tls_told(self) -> bool:
        return any(isinstance(one, TlsTold) for one in self.session.happened)

    def _no_tls(self, line: Line) -> None:
        """Stop: after the 220 the server waits for a handshake, which this tool cannot make."""
        self.session.beyond = line
        meaning = say(
            "After the 220 to STARTTLS the server waits for a TLS handshake, which {tool} cannot make:"
            " what follows is not read.",
            tool=self._form.form.value,
        )
        self.session.remarks.append(Remark(line=line, meaning=meaning))

    def _give_up(self, exchange: Exchange, kind: EndingKind, detail: str) -> None:
        exchange.ending, exchange.detail = kind, detail


def _joined(before: Opened | None, part: Opened) -> Opened:
    """Return what two lines of the tool tell together of one connection."""
    if before is None:
        return part
    return Opened(
        line=before.line,
        host=part.host or before.host,
        address=part.address or before.address,
        port=part.port or before.port,
        failure=part.failure,
        detail=part.detail,
    )
