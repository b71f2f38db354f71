"""The facts of a handshake as name, value and what the value means, for whoever shows them.

A fact that is not known says so; a notable one is worth a second look, which is no verdict.  Texts
from the server are printable.
"""

from dataclasses import dataclass

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import HandshakeMessage, Support, TlsFacts
from mxwalk.language import noted, say, say_many
from mxwalk.text import visible
from mxwalk.tls.alerts import CLOSE_NOTIFY, USER_CANCELED
from mxwalk.tls.authority_names import authority_name
from mxwalk.tls.groups import GroupKind, find_group, is_hybrid

CLOSING = frozenset({CLOSE_NOTIFY, USER_CANCELED})  # RFC 8446 6.1: no errors
NOT_KNOWN = noted("not known")
_FIRST_PACKET = 1_400  # octets of a ClientHello that fit into one packet, headers counted off
_SHORT_PRIME = 2_048  # RFC 9325 4.5
_AUTHORITIES_SHOWN = 8
_VERSIONS = {
    "TLSv1.3": noted("current (RFC 8446)"),
    "TLSv1.2": noted("still current (RFC 5246)"),
    "TLSv1.1": noted("withdrawn (RFC 8996), modern clients refuse it"),
    "TLSv1": noted("withdrawn (RFC 8996), modern clients refuse it"),
    "SSLv3": noted("prohibited (RFC 7568)"),
}
_KINDS = {
    GroupKind.CURVE: noted("elliptic curve, not post-quantum"),
    GroupKind.FINITE_FIELD: noted("finite field, not post-quantum"),
    GroupKind.KEM: noted("post-quantum alone"),
    GroupKind.HYBRID: noted("post-quantum hybrid: secret as long as one of its two halves holds"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: ``name`` is its key, shown through ``say``; ``meaning`` may be empty."""

    name: str
    value: str
    meaning: str = ""
    notable: bool = False

    @property
    def known(self) -> bool:
        """Whether the walk saw it."""
        return self.value != say(NOT_KNOWN)


def handshake_facts(
    handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None = None
) -> tuple[Fact, ...]:
    """Return the facts in the order in which a person wants them.

    ``behind`` are the messages that came behind the handshake, ``None`` if nobody waited for them.
    """
    facts = handshake.facts
    return tuple(
        fact
        for fact in (
            _protocol(handshake),
            _cipher(handshake),
            _key_exchange(handshake),
            _signature(handshake),
            _server_name(handshake),
            _stapling(handshake),
            _client_certificate(handshake, behind),
            _resumption(handshake, behind),
            _extended_master_secret(facts),
            _renegotiation(facts),
            _compression(facts),
            _alpn(handshake),
            _client_hello(facts),
            _extensions(facts),
        )
        if fact is not None
    )


def ended_behind(behind: tuple[HandshakeMessage, ...]) -> HandshakeMessage | None:
    """Return the alert that ended TLS behind the handshake, if one did."""
    alerts = (one for one in behind if one.alert is not None)
    return next((one for one in alerts if one.alert not in CLOSING), None)


def headline(handshake: Handshaken) -> str:
    """Return protocol, cipher and group in a line, as far as known."""
    group = handshake.group
    words = say("{group} (post-quantum hybrid)", group=group) if is_hybrid(group) else group
    return visible("  ".join(one for one in (handshake.protocol, handshake.cipher, words) if one))


def _protocol(handshake: Handshaken) -> Fact:
    protocol = handshake.protocol
    old = protocol not in {"", "TLSv1.3", "TLSv1.2"}
    return Fact(
        noted("protocol"),
        visible(protocol) or say(NOT_KNOWN),
        say(_VERSIONS.get(protocol, "")),
        old,
    )


def _cipher(handshake: Handshaken) -> Fact:
    cipher = visible(handshake.cipher)
    if not cipher:
        return Fact(noted("cipher"), say(NOT_KNOWN))
    value = (
        say("{cipher}, {cipher_bits} bits", cipher=cipher, cipher_bits=handshake.cipher_bits)
        if handshake.cipher_bits
        else cipher
    )
    if "RC4" in cipher:
        return Fact(noted("cipher"), value, say("prohibited (RFC 7465)"), notable=True)
    if cipher.startswith(("TLS_", "ECDHE", "DHE")):
        return Fact(
            noted("cipher"), value, say("forward secret: a stolen key opens no recorded session")
        )
    meaning = say("not forward secret: a stolen key opens recorded sessions")
    return Fact(noted("cipher"), value, meaning, notable=True)


def _key_exchange(handshake: Handshaken) -> Fact:
    key = handshake.facts.temp_key
    name = handshake.group or (key.group if key else "")
    known = find_group(name)
    meaning = say(_KINDS[known.kind]) if known else ""
    if key is None:
        done = handshake.protocol and handshake.cipher and handshake.ending is None
        return Fact(
            noted("key exchange"), visible(name) or ("RSA" if done else say(NOT_KNOWN)), meaning
        )
    bits = (
        say(", {bits} bits", bits=key.bits) if key.bits and key.method in {"ECDHE", "DHE"} else ""
    )
    value = f"{key.method} {name}".strip() + bits
    if key.method == "DHE" and 0 < key.bits < _SHORT_PRIME:
        words = say("a short prime, modern clients refuse it (RFC 9325 4.5)")
        return Fact(noted("key exchange"), visible(value), words, notable=True)
    return Fact(
        noted("key exchange"), visible(value), meaning or say("a prime of the server's own")
    )


def _signature(handshake: Handshaken) -> Fact:
    scheme = visible(handshake.signature)
    if not scheme:
        return Fact(noted("signature"), say(NOT_KNOWN))
    if scheme.endswith(("sha1", "md5")):
        return Fact(noted("signature"), scheme, say("withdrawn (RFC 9155)"), notable=True)
    return Fact(noted("signature"), scheme, say("by the server's key, over this handshake"))


def _server_name(handshake: Handshaken) -> Fact:
    if not handshake.sni:
        return Fact("server_name", say("none"), say("no name was asked for"))
    answered = "server_name" in handshake.facts.server_extensions
    meaning = say("acknowledged by the server") if answered else ""
    return Fact("server_name", visible(handshake.sni), meaning)


def _stapling(handshake: Handshaken) -> Fact:
    staple = handshake.ocsp_staple
    match handshake.facts.stapling:
        case Support.YES:
            value = say("{n} octets", n=len(staple)) if staple else say("answered")
            return Fact(
                noted("OCSP staple"),
                value,
                say("the CA's word on revocation, brought by the server"),
            )
        case Support.NO:
            return Fact(noted("OCSP staple"), say("none"))
        case _:
            return Fact(
                noted("OCSP staple"),
                say("{n} octets", n=len(staple)) if staple else say(NOT_KNOWN),
            )


def _client_certificate(handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None) -> Fact:
    asked = handshake.facts.client_certificate
    if asked is None:
        seen = any(one.name in {"ServerHelloDone", "Finished"} for one in handshake.messages)
        return Fact(noted("client cert"), say("not asked for") if seen else say(NOT_KNOWN))
    names = [authority_name(one) for one in asked.authorities[:_AUTHORITIES_SHOWN]]
    more = asked.authority_count - len(names)
    tail = say(" and {more} more", more=more) if more > 0 else ""
    value = (
        say("asked for, issued by {names}{tail}", names="; ".join(names), tail=tail)
        if names
        else say("asked for, from any CA")
    )
    if handshake.ending is not None:
        meaning = say("we have none")
    elif ended_behind(behind or ()):
        meaning = say("we have none, and the server ended TLS")
    elif behind is not None or handshake.protocol != "TLSv1.3":
        meaning = say("we have none, and the server went on without")
    else:  # RFC 8446 4.4.2.4: the client has finished before the server can object
        meaning = say("we have none; in TLS 1.3 the server objects behind the handshake, if at all")
    return Fact(noted("client cert"), value, meaning, notable=True)


def _resumption(handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None) -> Fact:
    given = handshake.facts.resumption
    later = [one.note for one in behind or () if one.name == "NewSessionTicket"]
    if later:
        value = f"{say_many('{n} ticket', '{n} tickets', len(later))}, {visible(later[0])}"
        return Fact(noted("resumption"), value, say("a later session may skip the certificates"))
    if given.offered is Support.YES:
        tickets = say_many("{n} ticket", "{n} tickets", given.tickets)
        ways = (
            [
                say(
                    "{tickets}, lifetime {ticket_lifetime_s} s",
                    tickets=tickets,
                    ticket_lifetime_s=given.ticket_lifetime_s,
                )
            ]
            if given.tickets
            else []
        )
        ways += [say("a session ID")] if given.session_id_octets else []
        return Fact(
            noted("resumption"), ", ".join(ways), say("a later session may skip the certificates")
        )
    if given.offered is Support.NO:
        return Fact(noted("resumption"), say("not offered"))
    if handshake.protocol != "TLSv1.3" or handshake.ending is not None:
        return Fact(noted("resumption"), say(NOT_KNOWN))
    if behind is not None and not ended_behind(behind):
        return Fact(noted("resumption"), say("not offered"))
    return Fact(
        noted("resumption"), say(NOT_KNOWN), say("in TLS 1.3 tickets come behind the handshake")
    )


def _extended_master_secret(facts: TlsFacts) -> Fact:
    if facts.extended_master_secret is Support.NO:
        meaning = say("keys are not bound to this handshake (RFC 7627 1)")
        return Fact(noted("master secret"), say("not extended"), meaning, notable=True)
    return _supported(
        noted("master secret"), say("extended (RFC 7627)"), facts.extended_master_secret
    )


def _renegotiation(facts: TlsFacts) -> Fact:
    if facts.secure_renegotiation is Support.NO:
        meaning = say("modern clients refuse such a server (RFC 5746 4.1)")
        return Fact(noted("renegotiation"), say("not secure"), meaning, notable=True)
    return _supported(noted("renegotiation"), say("secure (RFC 5746)"), facts.secure_renegotiation)


def _supported(name: str, words: str, support: Support) -> Fact:
    match support:
        case Support.YES:
            return Fact(name, words)
        case Support.NOT_APPLICABLE:
            return Fact(name, say("not applicable"), say("settled by TLS 1.3 itself"))
        case _:
            return Fact(name, say(NOT_KNOWN))


def _compression(facts: TlsFacts) -> Fact | None:
    if facts.compression in {"", "none"}:
        return None
    return Fact(
        noted("compression"), visible(facts.compression), say("leaks secrets (RFC 9325 3.3)"), True
    )


def _alpn(handshake: Handshaken) -> Fact | None:
    if not handshake.facts.alpn:
        return (
            Fact("ALPN", say("none"), say("none is offered on SMTP"))
            if handshake.protocol
            else None
        )
    meaning = say("the server chose a protocol that nobody offered")
    return Fact("ALPN", visible(handshake.facts.alpn), meaning, notable=True)


def _client_hello(facts: TlsFacts) -> Fact | None:
    if not facts.client_hello_octets:
        return None
    large = facts.client_hello_octets > _FIRST_PACKET
    meaning = say("more than one packet") if large else say("one packet")
    if facts.hello_retry:
        retry = say("the server asked for another key share, one more round trip")
        meaning = f"{meaning}; {retry}"
    return Fact(
        "ClientHello",
        say("{n} octets", n=facts.client_hello_octets),
        meaning,
        facts.hello_retry,
    )


def _extensions(facts: TlsFacts) -> Fact | None:
    if not facts.server_extensions:
        return None
    return Fact(
        noted("extensions"),
        visible(" ".join(facts.server_extensions)),
        say("as the server answered"),
    )
