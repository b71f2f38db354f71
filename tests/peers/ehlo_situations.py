"""Mail domains whose hosts offer STARTTLS in a form that some senders see and some do not.

Also some whose replies have lines that some senders take for no reply, and some that refuse EHLO, or
HELO as well.
"""

from tests.peers.situations import OURS, Host, Situation

_FIRST = "250-mx.test"
_LAST = "250 8BITMIME"
_LINES = {
    "tab": "250-STARTTLS\t",
    "space": "250-STARTTLS ",
    "argument": "250-STARTTLS now",
    "spaces-before": "250-  STARTTLS",
    "tab-before": "250-\tSTARTTLS",
    "lower": "250-starttls",
    "equals": "250-STARTTLS=1",
    "comma": "250-STARTTLS,",
    "no-hyphen": "250STARTTLS",
    "two-hyphens": "250--STARTTLS",
    "other-code": "251-STARTTLS",
    "refusing": "550-STARTTLS",
    "bare": "STARTTLS",
    "two-cr": "250-STARTTLS\r",
    "cr-inside": "250-STARTTLS\r250-SIZE",
}


def _refusing(label: str, ehlo: str, helo: str = "", *further: Host) -> Situation:
    said = {"EHLO": ehlo, **({"HELO": helo} if helo else {})}
    replies = tuple((verb, (line,)) for verb, line in said.items())
    return Situation(f"refused-{label}", (Host(kind=OURS, replies=replies), *further))


def refusals() -> list[Situation]:
    """Return those that refuse EHLO, for now or for good, and take HELO or do not."""
    return [
        _refusing("ehlo-502", "502 no EHLO here"),
        _refusing("ehlo-550", "550 5.7.1 who are you"),
        _refusing("ehlo-554", "554 5.7.1 go away"),
        _refusing("ehlo-354", "354 what"),
        _refusing("both-502", "502 no EHLO here", "502 no HELO here"),
        _refusing("both-554", "554 5.7.1 go away", "554 5.7.1 go away"),
        _refusing("helo-450", "502 no EHLO here", "450 not now"),
        _refusing("first-502", "502 no EHLO here", "502 no HELO here", Host(kind=OURS)),
        _refusing("first-450", "502 no EHLO here", "450 not now", Host(kind=OURS)),
    ]


def _of_length(octets: int) -> tuple[str, ...]:
    line = f"250-X-{'Y' * 43}"
    return (_FIRST, *([line] * (octets // (len(line) + 1))), "250-STARTTLS", _LAST)


def ehlo_situations() -> list[Situation]:
    """Return them all, hosts not yet numbered."""
    answers: dict[str, tuple[str, ...]] = {
        label: (_FIRST, line, _LAST) for label, line in _LINES.items()
    }
    answers["empty-greeting"] = ("250-", "250-STARTTLS", _LAST)
    answers["greeting-of-equals"] = ("250-=", "250-STARTTLS", _LAST)
    answers["in-greeting"] = ("250-STARTTLS", "250-mx.test", _LAST)
    answers["in-greeting-alone"] = ("250 STARTTLS",)
    answers["first-of-two"] = ("250-STARTTLS", _LAST)
    # Replies about as long as what Postfix keeps of one, and as the buffer that Exim has.
    for octets in (1_950, 2_100, 4_000, 4_200):
        answers[f"of-{octets}"] = _of_length(octets)
    greetings = {
        "nothing-between": ("220mx.test ESMTP",),
        "bracket-between": ("220(mx.test ESMTP",),
        "tab-between": ("220\tmx.test ESMTP",),
        "code-alone": ("220",),
        "code-and-space": ("220 ",),
        "asterisks": ("220 ************",),
    }
    return [
        *refusals(),
        *(
            Situation(f"ehlo-{label}", (Host(kind=OURS, ehlo=lines),))
            for label, lines in answers.items()
        ),
        *(
            Situation(f"greeting-{label}", (Host(kind=OURS, greeting=lines),))
            for label, lines in greetings.items()
        ),
    ]
