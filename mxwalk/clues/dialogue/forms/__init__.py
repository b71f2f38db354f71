"""The forms of pasted dialogues, one module each, the most telling first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mxwalk.clues.dialogue.forms import (
    capture,
    plain,
    postfix_notice,
    posttls_finger,
    s_client,
    swaks,
    telnet,
)
from mxwalk.clues.dialogue.parts import Line, Pasted


@dataclass(frozen=True, slots=True)
class Form:
    """How one tool's text is recognised and read."""

    recognises: Callable[[Sequence[Line]], bool]
    read: Callable[[Sequence[Line]], Pasted]


FORMS: tuple[Form, ...] = (
    Form(swaks.recognises, swaks.read),
    Form(posttls_finger.recognises, posttls_finger.read),
    Form(s_client.recognises, s_client.read),
    Form(capture.recognises, capture.read),
    Form(postfix_notice.recognises, postfix_notice.read),
    Form(telnet.recognises, telnet.read),
    Form(plain.recognises, plain.read),
)


def read_lines(lines: Sequence[Line]) -> Pasted | None:
    """Return the text as the first form that recognises it reads it."""
    return next((form.read(lines) for form in FORMS if form.recognises(lines)), None)
