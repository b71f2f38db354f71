"""Reading a response by h11 (RFC 9112), without a socket: bytes go in until it is complete.

The body is whole or it is a problem: a length that was promised must arrive, chunks must end with
the last one, and where the end of the connection is the end of the body it must be a proper end.
Nothing is decompressed, and every part is bounded.
"""

from dataclasses import dataclass
from http import HTTPStatus

import h11

from mxwalk.evidence.wire import Ending
from mxwalk.http.hop import Answer
from mxwalk.limits import HTTP_INTERIM_RESPONSES
from mxwalk.text import visible

SLICE_BYTES = 16 * 1024
_SHOWN_CHARS = 100
_HTTP = b"HTTP/1."  # RFC 9112 2.3


@dataclass(slots=True)
class Budget:
    """What all answers together may still have, those that are being read at once included."""

    left_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of an answer is read, and how long one wait may last."""

    body_bytes: int
    header_bytes: int
    wait_s: float
    budget: Budget


class UnusableAnswerError(Exception):
    """The answer cannot be used; the message says why."""


class Reading:
    """The response while it comes in."""

    def __init__(self, http: h11.Connection, bounds: Bounds, answer: Answer) -> None:
        self.answer = answer
        self._done = False
        self._http = http
        self._bounds = bounds
        self._interim = 0
        self._around = 0
        self._beginning = b""

    def feed(self, data: bytes) -> bool:
        """Take bytes, say whether the answer is complete; raises ``UnusableAnswerError``."""
        answer = self.answer
        answer.raw_bytes += len(data)
        self._bounds.budget.left_bytes -= len(data)
        if self._bounds.budget.left_bytes < 0:
            raise UnusableAnswerError("all answers of this walk together are too long; we stopped")
        if not answer.status and answer.raw_bytes > self._bounds.header_bytes + SLICE_BYTES:
            raise UnusableAnswerError(_too_long_head(self._bounds))
        # Chunks of one octet take six; a sender of anything more wasteful means no good.
        if answer.raw_bytes > 2 * (self._bounds.body_bytes + self._bounds.header_bytes):
            raise UnusableAnswerError("the answer's framing is longer than its body could ever be")
        if len(self._beginning) < _SHOWN_CHARS:
            self._beginning = (self._beginning + data)[:_SHOWN_CHARS]
            if not self._beginning.startswith(_HTTP[: len(self._beginning)]):
                raise UnusableAnswerError(
                    f"what came is no HTTP; it begins: {visible(self._beginning, _SHOWN_CHARS)}"
                )
        self._http.receive_data(data)
        self._read_events()
        return self._done

    def charge(self, octets: int) -> None:
        """Count octets of TLS around the answer; raises ``UnusableAnswerError`` when too many came.

        RFC 8446 5.4: a record of one octet may be padded to the size of the largest.
        """
        self._around += octets
        self._bounds.budget.left_bytes -= octets
        if self._around > 2 * (self._bounds.body_bytes + self._bounds.header_bytes):
            raise UnusableAnswerError("the TLS around the answer is longer than it could ever be")

    def broken_off(self, octets: int) -> None:
        """Count what came before waiting for more was given up."""
        self._bounds.budget.left_bytes -= octets

    def end(self, ending: Ending, *, properly: bool) -> None:
        """Take the end of the connection; raises ``UnusableAnswerError`` when it came too early."""
        if not properly:
            raise UnusableAnswerError(self._cut_off(ending))
        self._http.receive_data(b"")
        try:
            self._read_events()
        except _BrokenFramingError as error:
            raise UnusableAnswerError(self._cut_off(ending)) from error
        if not self._done:
            raise UnusableAnswerError(self._cut_off(ending))

    def _cut_off(self, ending: Ending) -> str:
        if not self.answer.raw_bytes:
            return f"no answer came: {ending.detail}"
        if not self.answer.status:
            return f"the answer was cut off before its body: {ending.detail}"
        return f"the body was cut off after {len(self.answer.body)} bytes: {ending.detail}"

    def _read_events(self) -> None:
        while not self._done:
            try:
                event = self._http.next_event()
            except (h11.RemoteProtocolError, ValueError) as error:
                raise _BrokenFramingError(self._framing_words(error)) from error
            match event:
                case h11.Response():
                    self._head(event)
                case h11.InformationalResponse():
                    self._interim += 1
                    if self._interim > HTTP_INTERIM_RESPONSES:
                        raise UnusableAnswerError("only interim responses (1xx) came")
                case h11.Data():
                    self._take(bytes(event.data))
                case h11.EndOfMessage():
                    self._finish()
                case h11.ConnectionClosed():
                    raise _BrokenFramingError("the connection was closed before an answer")
                case _:
                    return

    def _framing_words(self, error: Exception) -> str:
        too_long = isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431
        if too_long and not self.answer.status:
            return _too_long_head(self._bounds)
        what = "body" if self.answer.status else "answer"
        return f"the {what} is no HTTP/1.1: {visible(str(error), _SHOWN_CHARS)}"

    def _head(self, response: h11.Response) -> None:
        answer = self.answer
        answer.status = response.status_code
        answer.headers = tuple((bytes(name), bytes(value)) for name, value in response.headers)
        size = sum(len(name) + len(value) for name, value in answer.headers)
        if size > self._bounds.header_bytes:
            raise UnusableAnswerError(_too_long_head(self._bounds))
        if answer.status != HTTPStatus.OK:  # no other answer's body is of use
            self._done = True
            return
        for name, value in answer.headers:
            if name == b"content-encoding" and value.strip().lower() != b"identity":
                raise UnusableAnswerError(
                    f"the body is encoded ({visible(value, 30)}) although that was not accepted"
                )
        length = answer.header(b"content-length")
        if length.isdecimal() and int(length) > self._bounds.body_bytes:
            raise UnusableAnswerError(
                f"the body would have {int(length)} bytes; at most {self._bounds.body_bytes} are read"
            )

    def _take(self, data: bytes) -> None:
        self.answer.body += data
        self.answer.digest.update(
            data
        )  # bit by bit: a whole list takes longer than a loop may wait
        if len(self.answer.body) > self._bounds.body_bytes:
            raise UnusableAnswerError(
                f"the body is longer than {self._bounds.body_bytes} bytes; we stopped reading"
            )

    def _finish(self) -> None:
        self._done = True
        surplus, _ = self._http.trailing_data
        if surplus:
            self.answer.remarks.append(
                f"at least {len(surplus)} more bytes came behind the body: its length is wrong"
            )


class _BrokenFramingError(UnusableAnswerError):
    """What came is no HTTP/1.1."""


def _too_long_head(bounds: Bounds) -> str:
    return f"the header fields are longer than {bounds.header_bytes} bytes; we stopped reading"
