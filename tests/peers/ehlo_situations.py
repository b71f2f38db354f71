"""Mail domains whose hosts offer STARTTLS in a form that some senders see and some do not.

Also some whose replies have lines that some senders take for no reply.
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
}


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
    greetings = {
        "nothing-between": ("220mx.test ESMTP",),
        "bracket-between": ("220(mx.test ESMTP",),
        "tab-between": ("220\tmx.test ESMTP",),
        "code-alone": ("220",),
        "code-and-space": ("220 ",),
        "asterisks": ("220 ************",),
    }
    return [
        *(
            Situation(f"ehlo-{label}", (Host(kind=OURS, ehlo=lines),))
            for label, lines in answers.items()
        ),
        *(
            Situation(f"greeting-{label}", (Host(kind=OURS, greeting=lines),))
            for label, lines in greetings.items()
        ),
    ]
