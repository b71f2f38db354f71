"""What other kinds of clients make of a chain, as far as their known ways with chains tell.

Each is judged with the trust anchors of this walk; their own stores may differ.  What is claimed was
found in their documentation or source, or measured with OpenSSL 4.0, GnuTLS 3.7 and OpenJDK 17:
whether a client fetches missing issuers, whether it tries another path when the first one fails,
and whether it puts a chain in order.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mxwalk.language import noted, say
from mxwalk.pkix.model import (
    Candidate,
    ChainExplained,
    Client,
    ClientResult,
    ClientView,
    Objection,
    PathEnd,
    Reason,
    Source,
)
from mxwalk.tls.certificate import read_certificate

# Where clients agree on what fails.  On purposes and oddly encoded extensions they differ: OpenSSL
# refuses a server's certificate for anyExtendedKeyUsage, OpenJDK takes it.
_SHARED = frozenset(
    {
        Reason.EXPIRED,
        Reason.NOT_YET_VALID,
        Reason.SELF_SIGNED_LEAF,
        Reason.UNTRUSTED_ROOT,
        Reason.ISSUER_MISSING,
        Reason.SIGNATURE,
        Reason.NOT_A_CA,
        Reason.KEY_USAGE,
        Reason.PATH_LENGTH,
        Reason.NAME_CONSTRAINT,
        Reason.CRITICAL_EXTENSION,
    }
)
_TIME = frozenset({Reason.EXPIRED, Reason.NOT_YET_VALID})
_GNUTLS_DEPTH = 16  # certificates it sorts and verifies (DEFAULT_MAX_VERIFY_DEPTH)

_Outcome = tuple[ClientResult, str]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the clients' rules look at."""

    explained: ChainExplained
    sound: tuple[Candidate, ...]  # paths that hold without fetching anything
    fetched: tuple[Candidate, ...]  # paths that hold with fetched certificates only
    tried: bool  # whether anything was fetched
    urls: tuple[str, ...]  # where the top of the chosen path says its issuer is

    @property
    def first(self) -> Objection:
        """What is wrong with the path OpenSSL chose."""
        return self.explained.objections[0]


def judge_clients(explained: ChainExplained) -> tuple[ClientView, ...]:
    """Say what each kind of client makes of the chain."""
    sound = tuple(
        one for one in explained.candidates if one.valid and Source.FETCHED not in one.sources
    )
    fetched = tuple(
        one for one in explained.candidates if one.valid and Source.FETCHED in one.sources
    )
    tried = any(Source.FETCHED in one.sources for one in explained.candidates)
    members = explained.chosen.members
    urls = read_certificate(members[-1].der).ca_issuer_urls if members else ()
    facts = _Facts(explained, sound, fetched, tried, urls)
    views = []
    for client, (title, rule) in _RULES.items():
        result, sentence = rule(facts)
        views.append(ClientView(client=client, title=say(title), result=result, sentence=sentence))
    return tuple(views)


def _openssl(facts: _Facts) -> _Outcome:
    if facts.explained.valid:
        return (
            ClientResult.TRUSTS,
            say("it sorts what was sent, ignores what does not belong and needs nothing else"),
        )
    if facts.sound:
        return (
            ClientResult.REFUSES,
            say(
                "another path would hold, but it takes the first that fits: {sentence}",
                sentence=facts.first.sentence,
            ),
        )
    if facts.first.reason is Reason.ISSUER_MISSING:
        return ClientResult.REFUSES, say(
            "it never fetches issuers: {sentence}", sentence=facts.first.sentence
        )
    return ClientResult.REFUSES, facts.first.sentence


def _gnutls(facts: _Facts) -> _Outcome:
    if facts.sound:
        if len(facts.sound[0].members) > _GNUTLS_DEPTH:
            return ClientResult.REFUSES, say(
                "it follows {gnutls_depth} certificates at most", gnutls_depth=_GNUTLS_DEPTH
            )
        if all(one.valid for one in facts.explained.candidates):
            return ClientResult.TRUSTS, say("it puts the chain in order, since version 3.1.4")
        why = say(
            "one path holds and another does not; it takes the first that fits by name,"
            " also an expired one, and does not go back"
        )
        return ClientResult.DEPENDS, why
    if anchored := _stored_anchor(facts):
        return ClientResult.TRUSTS, anchored
    return _without_fetching(
        facts, say("it fetches issuers only when the application does that for it")
    )


def _schannel(facts: _Facts) -> _Outcome:
    if facts.sound:
        return ClientResult.TRUSTS, say("its chain engine finds a path through what was sent")
    if facts.fetched:
        why = say(
            "it fetches the missing issuer from the address in the certificate, and so"
            " hides the fault from whoever looks with it"
        )
        return ClientResult.TRUSTS, why
    missing = facts.explained.chosen.end is PathEnd.ISSUER_MISSING
    if missing and facts.urls and not facts.tried:
        why = say(
            "it would fetch the missing issuer from the address in the certificate;"
            " whether that succeeds was not tried"
        )
        return ClientResult.DEPENDS, why
    return _otherwise(facts)


def _java(facts: _Facts) -> _Outcome:
    if facts.sound:
        return ClientResult.TRUSTS, say("it searches until a path holds, whatever the order")
    if anchored := _stored_anchor(facts):
        return ClientResult.TRUSTS, anchored
    top = len(facts.explained.chosen.members) - 1
    objections = facts.explained.objections
    if (
        facts.explained.chosen.end is PathEnd.ANCHOR
        and top > 0
        and all(one.depth == top and one.reason in _TIME for one in objections)
    ):
        return ClientResult.TRUSTS, say("it does not look at the dates of a trusted root")
    return _without_fetching(
        facts, say("it fetches issuers only with com.sun.security.enableAIAcaIssuers=true")
    )


def _go(facts: _Facts) -> _Outcome:
    if facts.sound:
        return ClientResult.TRUSTS, say("it collects every path that holds, whatever the order")
    return _without_fetching(
        facts, say("its own verifier fetches nothing; on Windows and macOS it asks the system's")
    )


def _strict(facts: _Facts) -> _Outcome:
    if not facts.explained.order.strict:
        return (
            ClientResult.REFUSES,
            say("the certificates sent do not each certify the one before (RFC 5246 7.4.2)"),
        )
    if facts.sound:
        return ClientResult.TRUSTS, say("each certificate certifies the one before")
    return _without_fetching(facts, say("it fetches nothing"))


def _without_fetching(facts: _Facts, why: str) -> _Outcome:
    if facts.fetched:
        return ClientResult.REFUSES, say(
            "an issuer is missing from what was sent, and {why}", why=why
        )
    if facts.explained.chosen.end is PathEnd.ISSUER_MISSING:
        return ClientResult.REFUSES, f"{facts.first.sentence}; {why}"
    return _otherwise(facts)


def _otherwise(facts: _Facts) -> _Outcome:
    if facts.first.reason in _SHARED:
        return ClientResult.REFUSES, facts.first.sentence
    return ClientResult.DEPENDS, say(
        "clients differ in this: {sentence}", sentence=facts.first.sentence
    )


def _stored_anchor(facts: _Facts) -> str:
    """Say that a client trusts a path that ends in a CA of its store that is no root."""
    chosen = facts.explained.chosen
    only_the_end = all(one.reason is Reason.ISSUER_MISSING for one in chosen.objections)
    if chosen.members and chosen.members[-1].source is Source.STORE and only_the_end:
        return say("it takes any certificate of its store for an anchor, not only roots")
    return ""


_RULES: dict[Client, tuple[str, Callable[[_Facts], _Outcome]]] = {
    Client.OPENSSL: ("OpenSSL (Postfix)", _openssl),
    Client.GNUTLS: (noted("GnuTLS (Exim on Debian)"), _gnutls),
    Client.SCHANNEL: ("Windows (Exchange)", _schannel),
    Client.JAVA: ("Java", _java),
    Client.GO: ("Go", _go),
    Client.STRICT: (noted("a client that insists on the order"), _strict),
}
