"""Mail domains whose hosts answer a command with what is no reply, or with a code that no RFC has.

Also some that refuse STARTTLS, and some whose masked greeting makes a sender say HELO.
"""

from tests.peers.situations import OURS, Host, Situation

_NO_REPLY = "go ahead"
_GOOD = ("3 1 1 leaf",)
_UNUSABLE = ("1 1 1 leaf",)
_MASKED = ("220 ************",)
# A Postfix that is offered PIPELINING takes the next command's reply for what is none.
_IN_TURN = {"ehlo": ("250-mx.test", "250 STARTTLS"), "ehlo_tls": ("250 mx.test",)}
# At these the server says what it says of a sender and of a recipient.
_ENVELOPE = ("MAIL", "RCPT")


def _to(verb: str, label: str, line: str, *further: Host, **host: object) -> Situation:
    replies: tuple[tuple[str, tuple[str, ...]], ...] = ((verb, (line,)),)
    if verb == "HELO":
        replies = (("EHLO", ("502 no EHLO here",)), *replies)
    in_turn = _IN_TURN if verb in _ENVELOPE else {}
    mine = Host(kind=OURS, replies=replies, **{**in_turn, **host})  # type: ignore[arg-type]
    return Situation(f"{verb.lower()}-{label}", (mine, *further))


def asks_envelope(one: Situation) -> bool:
    """Say whether a walk shows what becomes of a message only if it has an envelope."""
    return any(verb in _ENVELOPE for host in one.hosts for verb, _ in host.replies)


def _masked(label: str, **host: object) -> Situation:
    mine = Host(kind=OURS, greeting=_MASKED, **host)  # type: ignore[arg-type]
    return Situation(f"masked-{label}", (mine,))


def reply_situations() -> list[Situation]:
    """Return them all, hosts not yet numbered."""
    return [
        *(
            _to(verb, label, line)
            for verb in ("HELO", "STARTTLS", "MAIL", "RCPT")
            for label, line in {
                "no-reply": _NO_REPLY,
                "000": "000 what",
                "350": "350 5.5.1 what",
            }.items()
        ),
        _to("STARTTLS", "no-reply-tlsa", _NO_REPLY, records=_GOOD),
        _to("STARTTLS", "no-reply-unusable", _NO_REPLY, records=_UNUSABLE),
        _to("STARTTLS", "empty-line", ""),
        _to("STARTTLS", "no-separator", "220go"),
        _to("STARTTLS", "502", "502 5.5.1 what"),
        _to("STARTTLS", "550-of-4", "550 4.7.1 no"),
        _to("STARTTLS", "550-tlsa", "550 no", records=_GOOD),
        _to("STARTTLS", "550-first", "550 no", Host(kind=OURS)),
        _to("STARTTLS", "no-reply-first", _NO_REPLY, Host(kind=OURS)),
        _to("MAIL", "550", "550 5.7.1 no"),
        _to("MAIL", "450-of-5", "450 5.7.1 no"),
        _to("MAIL", "no-reply-tlsa", _NO_REPLY, records=_GOOD),
        _to("MAIL", "no-reply-first", _NO_REPLY, Host(kind=OURS)),
        _to("MAIL", "350-first", "350 what", Host(kind=OURS)),
        _to("RCPT", "550", "550 no"),
        _to("EHLO", "000", "000 what"),
        Situation("greeted-350", (Host(kind=OURS, greeting=("350 what",)), Host(kind=OURS))),
        Situation("greeted-000", (Host(kind=OURS, greeting=("000 what",)),)),
        _masked("ehlo-550", replies=(("EHLO", ("550 no EHLO here",)),)),
        _masked("both-550", replies=(("EHLO", ("550 no",)), ("HELO", ("550 no",)))),
    ]


def untold_replies() -> list[Situation]:
    """Return those whose walks do not tell what becomes of a message, in Postfix's case."""
    together = {"ehlo": (), "ehlo_tls": ()}
    return [
        _to("MAIL", "no-reply-together", _NO_REPLY, **together),
        _to("RCPT", "no-reply-together", _NO_REPLY, **together),
        _masked("ehlo-no-reply", replies=(("EHLO", (_NO_REPLY,)),)),
    ]
