"""Mail domains whose hosts answer EHLO inside TLS, or the envelope, in ways of their own.

They refuse it, send lines that are no reply to some, more than a sender keeps, or go on behind their
answer, with what is then taken for the answer to the next command (RFC 5321 4.3.1).
"""

from tests.peers.situations import OURS, Host, Situation

_FIRST = "250-mx.test"
_LAST = "250 8BITMIME"
_ANSWER = f"{_FIRST}\r\n{_LAST}\r\n"
_BLOCKED = "550 5.7.1 you are blocked\r\n"
_BUSY = "421 4.7.0 too many connections\r\n"
_GOOD = ("3 1 1 leaf",)
_UNUSABLE = ("1 1 1 leaf",)


def inside_situations() -> list[Situation]:
    """Return those whose walks tell what becomes of a message, hosts not yet numbered."""
    bare = ("mx.test hello",)
    too_long = _of_length("250", 4_200)
    return [
        _one("bare", ehlo_tls=bare),
        _one("bare-tlsa", ehlo_tls=bare, records=_GOOD),
        _one("bare-unusable", ehlo_tls=bare, records=_UNUSABLE),
        *_both("no-separator", ehlo_tls=(_FIRST, "250xSIZE", _LAST)),
        _one("of-3900", ehlo_tls=_of_length("250", 3_900)),
        *_both("of-4200", ehlo_tls=too_long),
        _one("go-ahead-of-4000", replies=(("STARTTLS", _of_length("220", 4_000)),)),
        *_both("go-ahead-of-4200", replies=(("STARTTLS", _of_length("220", 4_200)),)),
    ]


def untold_situations() -> list[Situation]:
    """Return those whose walks do not tell it of every sender: it is not known there.

    A walk says no HELO inside TLS, takes what comes out of step for no answer, and sees no records.
    """
    return [
        _one("refused-malformed", ehlo_tls="550-no\r\n550xno\r\n550 no\r\n"),
        *_both("refused-550", ehlo_tls="550 5.7.1 who are you\r\n"),
        _one("refused-354", ehlo_tls="354 what\r\n"),
        _one("refused-450", ehlo_tls="450 not now\r\n"),
        _one("both-550", ehlo_tls=_BLOCKED, replies=(("HELO", _BLOCKED),)),
        _one("busy", ehlo_tls=_BUSY),
        _one("of-4000", ehlo_tls=_of_length("250", 4_000)),
        *_both("then-blocked", ehlo_tls=_ANSWER + _BLOCKED),
        _one("then-busy", ehlo_tls=_ANSWER + _BUSY),
        *(
            _one(f"{verb.lower()}-{label}", replies=((verb, f"250 ok\r\n{behind}"),))
            for verb in ("MAIL", "RCPT")
            for label, behind in (("then-blocked", _BLOCKED), ("then-busy", _BUSY))
        ),
    ]


def _of_length(code: str, octets: int) -> tuple[str, ...]:
    line = f"{code}-X-{'Y' * 43}"
    lines = [line] * (octets // (len(line) + 1))
    return (f"{code}-mx.test", *lines, f"{code} 8BITMIME")


def _one(label: str, **host: object) -> Situation:
    return Situation(f"inside-{label}", (Host(**{"kind": OURS, **host}),))  # type: ignore[arg-type]


def _both(label: str, **host: object) -> tuple[Situation, Situation]:
    return _one(label, **host), _one(f"{label}-tlsa", **host, records=_GOOD)
