"""The clues of a dialogue: each step that was read, what was cut or decided, and what is not in it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from mxwalk import limits
from mxwalk.clues.credentials import quoted
from mxwalk.clues.dialogue.building import claimed_name, kind_of
from mxwalk.clues.dialogue.certificates import is_whole
from mxwalk.clues.dialogue.exchanges import AUTH, END_OF_DATA, GREETING, Exchange, Session
from mxwalk.clues.dialogue.parts import Line, Pasted, TlsTold
from mxwalk.clues.model import Clue, Form, Standing
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.language import say, say_many
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible

_ENDS = frozenset({"MAIL", "RCPT", "DATA", "BDAT", END_OF_DATA})


def clues_of(
    text: str, pasted: Pasted, session: Session, trace: Trace, *, cut: bool
) -> tuple[Clue, ...]:
    """Return the clues in the order of the text; bounded."""
    teller = _Teller(text, pasted, session, trace, cut=cut)
    read = islice(teller.all(), limits.CLUES_TOLD)
    found = sorted(read, key=lambda clue: (clue.start, clue.end))
    return tuple(found[: limits.CLUES])


class _Teller:
    """Makes the clues of one session."""

    def __init__(
        self, text: str, pasted: Pasted, session: Session, trace: Trace, *, cut: bool
    ) -> None:
        self._text, self._pasted, self._session, self._trace = text, pasted, session, trace
        self._cut = cut
        domain = trace.header.target.domain
        self._host = domain.ascii if domain and not trace.header.is_nowhere else ""

    def all(self) -> Iterator[Clue]:
        yield from self._whole()
        for one in self._session.happened:
            if isinstance(one, TlsTold):
                yield from self._tls(one)
            else:
                yield self._exchange(one)
        for remark in self._session.remarks:
            told = self._clue(remark.line, remark.line, remark.meaning, step=remark.step)
            yield replace(told, findings=remark.findings)
        for line in self._session.annotated:
            meaning = say(
                "What stands behind the arrow is taken for a remark of whoever pasted this, not for"
                " words of the server."
            )
            yield self._clue(line, line, meaning)
        if (beyond := self._session.beyond) is not None:
            meaning = say("Another dialogue begins here and is not read; paste it alone to see it.")
            yield self._clue(beyond, beyond, meaning)

    def _clue(
        self,
        first: Line,
        last: Line,
        meaning: str,
        *,
        step: StepKind | None = None,
        standing: Standing = Standing.TOLD,
        status: str = "",
    ) -> Clue:
        opened = self._session.opened
        start, end = first.start, max(first.end, last.end)
        return Clue(
            product=self._pasted.product,
            form=Form.DIALOGUE,
            standing=standing,
            start=start,
            end=end,
            quoted=quoted(self._text[start:end], self._session.secrets),
            meaning=meaning,
            step=step,
            status=status,
            host=self._host,
            address=opened.address if opened else "",
            port=self._trace.header.target.port,
        )

    def _whole(self) -> Iterator[Clue]:
        """Say of the text as a whole what it leaves open."""
        happened = self._session.happened
        first = self._session.opened.line if self._session.opened else None
        if first is None and happened:
            first = happened[0].line
        if first is None:
            return
        yield self._clue(first, first, " ".join(self._notes()))

    def _notes(self) -> Iterator[str]:
        yield say(
            "Read as an SMTP dialogue ({form}); nothing was looked up: MX, TLSA and PTR records are"
            " unknown. A pasted text does not keep how its lines ended, so CRLF is taken for granted.",
            form=self._pasted.form.value,
        )
        if self._session.decided:
            yield say_many(
                "Who said {n} line follows from the order of the dialogue alone.",
                "Who said {n} lines follows from the order of the dialogue alone.",
                self._session.decided,
            )
        opened = self._session.opened
        if opened is not None and opened.host:
            pass
        elif (claimed := claimed_name(self._session)) != "":
            yield say(
                "The text does not say which host was connected to; {host} is what the server calls"
                " itself, so its certificate is compared with no name.",
                host=visible(claimed, 100),
            )
        else:
            yield say("The text does not name the host that was connected to.")
        if self._cut:
            yield say("The text is longer than what is read; its end is left out.")

    def _exchange(self, one: Exchange) -> Clue:
        said = one.command.rstrip(b"\r\n") or (b"" if one.verb == GREETING else one.verb.encode())
        command = visible(said, 80)
        step, last = kind_of(one), self._last(one)
        reply = one.parsed
        if reply is None:
            meaning = (
                say("There is no whole reply to {command} in the text.", command=command)
                if said
                else say("There is no whole greeting in the text.")
            )
            return self._clue(one.line, last, meaning, step=step, standing=Standing.UNKNOWN)
        meaning, standing = self._answered(one, command)
        if not one.command and one.verb not in (GREETING, END_OF_DATA):
            meaning += " " + say("The command itself is not in the text.")
        if step is None and one.verb != END_OF_DATA:
            meaning += " " + say("A walk never sends this command; it is no step.")
        status = parse_reply(one.reply).enhanced_code
        return self._clue(one.line, last, meaning, step=step, standing=standing, status=status)

    def _last(self, one: Exchange) -> Line:
        """Return the last line to quote: not beyond credentials, which a hex dump shows once more."""
        within = (
            one.line.start <= auth.line.start < one.last.end
            for auth in self._session.exchanges
            if auth.verb == AUTH
        )
        return one.line if any(within) else one.last

    def _answered(self, one: Exchange, command: str) -> tuple[str, Standing]:
        answer = visible(parse_reply(one.reply).said, 120)
        if one.verb == GREETING:
            return say("The greeting: {reply}", reply=answer), Standing.TOLD
        if one.verb == END_OF_DATA:
            standing = _standing(one)
            meaning = say("The answer to the message: {reply}", reply=answer)
            if standing in (Standing.BOUNCED, Standing.DEFERRED):
                meaning += " " + say(
                    "The walk that is made of the dialogue ends before the message: its verdict does"
                    " not count this answer."
                )
            return meaning, standing
        standing = _standing(one) if one.verb in _ENDS and one.code // 100 > 3 else Standing.TOLD
        return say("{command} was answered: {reply}", command=command, reply=answer), standing

    def _tls(self, told: TlsTold) -> Iterator[Clue]:
        if told.failure:
            meaning = say("TLS failed: {words}", words=told.failure)
            yield self._clue(told.line, told.line, meaning, step=StepKind.HANDSHAKE)
            return
        agreed = " ".join(one for one in (told.protocol, told.cipher) if one)
        meaning = (
            say("TLS is up: {agreed}.", agreed=visible(agreed, 120))
            if agreed
            else say("TLS is up from here on; the text does not say how.")
        )
        yield self._clue(
            told.line, told.line, f"{meaning} {_certificates(told)}", step=StepKind.HANDSHAKE
        )


def _certificates(told: TlsTold) -> str:
    count = len(told.certificates)
    if not count:
        return say("There is no certificate in the text, so none can be judged.")
    if not is_whole(told) and not told.chain_length:
        return say(
            "One certificate is in the text, which does not say whether the server sent more, so the"
            " chain is not verified."
        )
    if not is_whole(told):
        return say(
            "Of {total} certificates {n} is in the text, so the chain is not verified; s_client shows"
            " all with -showcerts.",
            total=told.chain_length,
            n=count,
        )
    return say_many(
        "The {n} pasted certificate was verified here, as of now.",
        "The {n} pasted certificates were verified here, as of now.",
        count,
    )


def _standing(one: Exchange) -> Standing:
    match one.code // 100:
        case 2:
            return Standing.DELIVERED
        case 4:
            return Standing.DEFERRED
        case 5:
            return Standing.BOUNCED
        case _:
            return Standing.UNKNOWN
