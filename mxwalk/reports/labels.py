"""The words and symbols the reports use for outcomes, marks and matches."""

from mxwalk.dane.matching import CellState
from mxwalk.delivery.mark import Mark
from mxwalk.dnssec.model import Status
from mxwalk.evidence.tls import Offer
from mxwalk.identity.model import Match
from mxwalk.language import noted, say, say_many
from mxwalk.senders.model import Outcome
from mxwalk.senders.outcomes import OUTCOME_MARKS, words_of


def outcomes() -> dict[str, str]:
    """Return the words of each outcome."""
    return {one.value: words_of(one) for one in Outcome}


OFFERS: dict[str, str] = {
    Offer.MODERN.value: noted("as a modern client"),
    Offer.CLASSIC.value: noted("as a modern client with a small ClientHello"),
    Offer.LEGACY.value: noted("as a legacy client, which takes TLS 1.0, SHA-1 and every cipher"),
    Offer.WITHOUT_SNI.value: noted("as a modern client that names no server (without SNI)"),
    Offer.RSA_LEAF.value: noted("as a TLS 1.2 client that takes an RSA leaf only"),
    Offer.ECDSA_LEAF.value: noted("as a TLS 1.2 client that takes an ECDSA leaf only"),
}

SYMBOLS: dict[str, str] = {
    Mark.OK.value: "✓",
    Mark.WARN.value: "!",
    Mark.FAIL.value: "✗",
    Mark.UNKNOWN.value: "?",
    Mark.INFO.value: "•",
}
OK_SIGN, WARN_SIGN = SYMBOLS[Mark.OK.value], SYMBOLS[Mark.WARN.value]
FAIL_SIGN, UNKNOWN_SIGN = SYMBOLS[Mark.FAIL.value], SYMBOLS[Mark.UNKNOWN.value]

MATCHES: dict[str, tuple[str, str]] = {
    Match.EXACT.value: ("=", noted("exact match")),
    Match.WILDCARD.value: ("~", noted("wildcard match")),
    Match.MISMATCH.value: ("✗", noted("mismatch")),
    Match.SKIPPED.value: ("-", noted("not processed")),
}

# The results of RFC 8601, of SPF, DKIM, DMARC and ARC alike.
RESULT_SYMBOLS: dict[str, str] = {
    "pass": OK_SIGN,
    "fail": FAIL_SIGN,
    "softfail": WARN_SIGN,
    "policy": FAIL_SIGN,
    "permerror": FAIL_SIGN,
    "temperror": UNKNOWN_SIGN,
    "neutral": SYMBOLS[Mark.INFO.value],
    "none": SYMBOLS[Mark.INFO.value],
}
_CLASSES = {OK_SIGN: "good", FAIL_SIGN: "bad", WARN_SIGN: "warn", UNKNOWN_SIGN: "warn"}
RESULT_CLASSES: dict[str, str] = {
    word: _CLASSES.get(symbol, "") for word, symbol in RESULT_SYMBOLS.items()
}
# What a survey found of one thing that a domain can publish.
STATE_SYMBOLS: dict[str, str] = {
    "published": OK_SIGN,
    "faulty": FAIL_SIGN,
    "not published": WARN_SIGN,
    "unknown": UNKNOWN_SIGN,
    "not looked up": SYMBOLS[Mark.INFO.value],
}
STATE_CLASSES: dict[str, str] = {
    word: _CLASSES.get(symbol, "") for word, symbol in STATE_SYMBOLS.items()
}
CONSENT_SYMBOLS: dict[str, str] = {
    "not needed": SYMBOLS[Mark.INFO.value],
    "agreed": OK_SIGN,
    "refused": FAIL_SIGN,
    "unknown": UNKNOWN_SIGN,
}

OUTCOME_SYMBOLS: dict[str, str] = {one.value: SYMBOLS[OUTCOME_MARKS[one].value] for one in Outcome}

DNSSEC_SYMBOLS: dict[str, str] = {
    Status.SECURE.value: "✓",
    Status.INSECURE.value: "•",
    Status.BOGUS.value: "✗",
    Status.INDETERMINATE.value: "?",
}

TLSA_SYMBOLS: dict[str, str] = {
    CellState.MATCH.value: "=",
    CellState.MISMATCH.value: "✗",
    CellState.NOT_APPLICABLE.value: "-",
}
TLSA_CLASSES: dict[str, str] = {
    CellState.MATCH.value: "exact",
    CellState.MISMATCH.value: "mismatch",
    CellState.NOT_APPLICABLE.value: "skipped",
}


def messages_words(count: int) -> str:
    """Return a number of handshake messages."""
    return say_many("{n} handshake message", "{n} handshake messages", count)


def octets_words(count: int) -> str:
    """Return a number of octets."""
    return say_many("{n} octet", "{n} octets", count)


def roots_words(count: int) -> str:
    """Return a number of roots in a trust store."""
    return say_many("{n} root", "{n} roots", count)


def told(standing: str, sentence: str) -> str:
    """Return a standing on revocation and its sentence, which may begin with the word itself."""
    word = say(standing.replace("-", " "))
    return sentence if sentence.startswith(word) else f"{word}, {sentence}"
