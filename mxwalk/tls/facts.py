"""The facts of a handshake as name, value and what the value means, for whoever shows them.

A fact that is not known says so; a notable one is worth a second look, which is no verdict.  Texts
from the server are printable.
"""

from dataclasses import dataclass

from mxwalk.evidence.handshake import HandshakeMessage, Support, TlsFacts
from mxwalk.evidence.step import Handshaken
from mxwalk.text import visible
from mxwalk.tls.alerts import CLOSE_NOTIFY, USER_CANCELED
from mxwalk.tls.authority_names import authority_name
from mxwalk.tls.groups import GroupKind, find_group, is_hybrid
from mxwalk.tls.notes import counted

CLOSING = frozenset({CLOSE_NOTIFY, USER_CANCELED})  # RFC 8446 6.1: no errors
NOT_KNOWN = "not known"
_FIRST_PACKET = 1_400  # octets of a ClientHello that fit into one packet, headers counted off
_SHORT_PRIME = 2_048  # RFC 9325 4.5
_AUTHORITIES_SHOWN = 8
_VERSIONS = {
    "TLSv1.3": "current (RFC 8446)",
    "TLSv1.2": "still current (RFC 5246)",
    "TLSv1.1": "withdrawn (RFC 8996), modern clients refuse it",
    "TLSv1": "withdrawn (RFC 8996), modern clients refuse it",
    "SSLv3": "prohibited (RFC 7568)",
}
_KINDS = {
    GroupKind.CURVE: "elliptic curve, not post-quantum",
    GroupKind.FINITE_FIELD: "finite field, not post-quantum",
    GroupKind.KEM: "post-quantum alone",
    GroupKind.HYBRID: "post-quantum hybrid: secret as long as one of its two halves holds",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; ``value`` and ``meaning`` are printable text, ``meaning`` may be empty."""

    name: str
    value: str
    meaning: str = ""
    notable: bool = False


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
    words = f"{group} (post-quantum hybrid)" if is_hybrid(group) else group
    return visible("  ".join(one for one in (handshake.protocol, handshake.cipher, words) if one))


def _protocol(handshake: Handshaken) -> Fact:
    protocol = handshake.protocol
    old = protocol not in {"", "TLSv1.3", "TLSv1.2"}
    return Fact("protocol", visible(protocol) or NOT_KNOWN, _VERSIONS.get(protocol, ""), old)


def _cipher(handshake: Handshaken) -> Fact:
    cipher = visible(handshake.cipher)
    if not cipher:
        return Fact("cipher", NOT_KNOWN)
    value = f"{cipher}, {handshake.cipher_bits} bits" if handshake.cipher_bits else cipher
    if "RC4" in cipher:
        return Fact("cipher", value, "prohibited (RFC 7465)", notable=True)
    if cipher.startswith(("TLS_", "ECDHE", "DHE")):
        return Fact("cipher", value, "forward secret: a stolen key opens no recorded session")
    meaning = "not forward secret: a stolen key opens recorded sessions"
    return Fact("cipher", value, meaning, notable=True)


def _key_exchange(handshake: Handshaken) -> Fact:
    key = handshake.facts.temp_key
    name = handshake.group or (key.group if key else "")
    known = find_group(name)
    meaning = _KINDS[known.kind] if known else ""
    if key is None:
        done = handshake.protocol and handshake.cipher and handshake.ending is None
        return Fact("key exchange", visible(name) or ("RSA" if done else NOT_KNOWN), meaning)
    bits = f", {key.bits} bits" if key.bits and key.method in {"ECDHE", "DHE"} else ""
    value = f"{key.method} {name}".strip() + bits
    if key.method == "DHE" and 0 < key.bits < _SHORT_PRIME:
        words = "a short prime, modern clients refuse it (RFC 9325 4.5)"
        return Fact("key exchange", visible(value), words, notable=True)
    return Fact("key exchange", visible(value), meaning or "a prime of the server's own")


def _signature(handshake: Handshaken) -> Fact:
    scheme = visible(handshake.signature)
    if not scheme:
        return Fact("signature", NOT_KNOWN)
    if scheme.endswith(("sha1", "md5")):
        return Fact("signature", scheme, "withdrawn (RFC 9155)", notable=True)
    return Fact("signature", scheme, "by the server's key, over this handshake")


def _server_name(handshake: Handshaken) -> Fact:
    if not handshake.sni:
        return Fact("server_name", "none", "no name was asked for")
    answered = "server_name" in handshake.facts.server_extensions
    meaning = "acknowledged by the server" if answered else ""
    return Fact("server_name", visible(handshake.sni), meaning)


def _stapling(handshake: Handshaken) -> Fact:
    staple = handshake.ocsp_staple
    match handshake.facts.stapling:
        case Support.YES:
            value = f"{len(staple)} octets" if staple else "answered"
            return Fact("OCSP staple", value, "the CA's word on revocation, brought by the server")
        case Support.NO:
            return Fact("OCSP staple", "none")
        case _:
            return Fact("OCSP staple", f"{len(staple)} octets" if staple else NOT_KNOWN)


def _client_certificate(handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None) -> Fact:
    asked = handshake.facts.client_certificate
    if asked is None:
        seen = any(one.name in {"ServerHelloDone", "Finished"} for one in handshake.messages)
        return Fact("client cert", "not asked for" if seen else NOT_KNOWN)
    names = [authority_name(one) for one in asked.authorities[:_AUTHORITIES_SHOWN]]
    more = asked.authority_count - len(names)
    tail = f" and {more} more" if more > 0 else ""
    value = f"asked for, issued by {'; '.join(names)}{tail}" if names else "asked for, from any CA"
    if handshake.ending is not None:
        meaning = "we have none"
    elif ended_behind(behind or ()):
        meaning = "we have none, and the server ended TLS"
    elif behind is not None or handshake.protocol != "TLSv1.3":
        meaning = "we have none, and the server went on without"
    else:  # RFC 8446 4.4.2.4: the client has finished before the server can object
        meaning = "we have none; in TLS 1.3 the server objects behind the handshake, if at all"
    return Fact("client cert", value, meaning, notable=True)


def _resumption(handshake: Handshaken, behind: tuple[HandshakeMessage, ...] | None) -> Fact:
    given = handshake.facts.resumption
    later = [one.note for one in behind or () if one.name == "NewSessionTicket"]
    if later:
        value = f"{counted(len(later), 'ticket', 'tickets')}, {visible(later[0])}"
        return Fact("resumption", value, "a later session may skip the certificates")
    if given.offered is Support.YES:
        tickets = counted(given.tickets, "ticket", "tickets")
        ways = [f"{tickets}, lifetime {given.ticket_lifetime_s} s"] if given.tickets else []
        ways += ["a session ID"] if given.session_id_octets else []
        return Fact("resumption", ", ".join(ways), "a later session may skip the certificates")
    if given.offered is Support.NO:
        return Fact("resumption", "not offered")
    if handshake.protocol != "TLSv1.3" or handshake.ending is not None:
        return Fact("resumption", NOT_KNOWN)
    if behind is not None and not ended_behind(behind):
        return Fact("resumption", "not offered")
    return Fact("resumption", NOT_KNOWN, "in TLS 1.3 tickets come behind the handshake")


def _extended_master_secret(facts: TlsFacts) -> Fact:
    if facts.extended_master_secret is Support.NO:
        meaning = "keys are not bound to this handshake (RFC 7627 1)"
        return Fact("master secret", "not extended", meaning, notable=True)
    return _supported("master secret", "extended (RFC 7627)", facts.extended_master_secret)


def _renegotiation(facts: TlsFacts) -> Fact:
    if facts.secure_renegotiation is Support.NO:
        meaning = "modern clients refuse such a server (RFC 5746 4.1)"
        return Fact("renegotiation", "not secure", meaning, notable=True)
    return _supported("renegotiation", "secure (RFC 5746)", facts.secure_renegotiation)


def _supported(name: str, words: str, support: Support) -> Fact:
    match support:
        case Support.YES:
            return Fact(name, words)
        case Support.NOT_APPLICABLE:
            return Fact(name, "not applicable", "settled by TLS 1.3 itself")
        case _:
            return Fact(name, NOT_KNOWN)


def _compression(facts: TlsFacts) -> Fact | None:
    if facts.compression in {"", "none"}:
        return None
    return Fact("compression", visible(facts.compression), "leaks secrets (RFC 9325 3.3)", True)


def _alpn(handshake: Handshaken) -> Fact | None:
    if not handshake.facts.alpn:
        return Fact("ALPN", "none", "none is offered on SMTP") if handshake.protocol else None
    meaning = "the server chose a protocol that nobody offered"
    return Fact("ALPN", visible(handshake.facts.alpn), meaning, notable=True)


def _client_hello(facts: TlsFacts) -> Fact | None:
    if not facts.client_hello_octets:
        return None
    large = facts.client_hello_octets > _FIRST_PACKET
    size = "more than one packet" if large else "one packet"
    retry = "; the server asked for another key share, one more round trip"
    meaning = size + (retry if facts.hello_retry else "")
    return Fact("ClientHello", f"{facts.client_hello_octets} octets", meaning, facts.hello_retry)


def _extensions(facts: TlsFacts) -> Fact | None:
    if not facts.server_extensions:
        return None
    return Fact("extensions", visible(" ".join(facts.server_extensions)), "as the server answered")
