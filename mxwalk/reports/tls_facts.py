"""The facts of a handshake as pairs of words, for reports; what was not seen is left out."""

from collections.abc import Iterator

from mxwalk.evidence.handshake import Support
from mxwalk.evidence.step import Handshaken
from mxwalk.evidence.tls import Offer
from mxwalk.revocation.names import name_text

_OFFERS = {
    Offer.MODERN: "",
    Offer.CLASSIC: "a ClientHello without hybrid post-quantum groups",
    Offer.LEGACY: "a legacy ClientHello, down to TLS 1.0",
    Offer.WITHOUT_SNI: "a ClientHello without server_name",
    Offer.RSA_LEAF: "RSA certificates only, at TLS 1.2",
    Offer.ECDSA_LEAF: "ECDSA certificates only, at TLS 1.2",
}
_AUTHORITIES = 20


def facts_of(evidence: Handshaken) -> Iterator[tuple[str, str]]:
    """Yield name and value of every fact there is."""
    facts = evidence.facts
    if offered := _OFFERS[evidence.offer]:
        yield "offered", offered
    if facts.client_hello_octets:
        yield "ClientHello", f"{facts.client_hello_octets} octets"
    if facts.hello_retry:
        yield "HelloRetryRequest", "yes"
    if facts.temp_key is not None:
        key = facts.temp_key
        yield "server temp key", f"{key.method} {key.group}, {key.bits} bits".replace(" ,", ",")
    for name, support in (
        ("extended master secret", facts.extended_master_secret),
        ("secure renegotiation", facts.secure_renegotiation),
        ("OCSP stapling", facts.stapling),
        ("session resumption", facts.resumption.offered),
    ):
        if support is not Support.UNKNOWN:
            yield name, support.value.replace("-", " ")
    if facts.resumption.tickets:
        lifetime = facts.resumption.ticket_lifetime_s
        yield "session tickets", f"{facts.resumption.tickets}, lifetime {lifetime} s"
    if facts.alpn:
        yield "ALPN", facts.alpn
    if facts.compression:
        yield "compression", facts.compression
    asked = facts.client_certificate
    if asked is not None:
        names = "; ".join(name_text(one) for one in asked.authorities[:_AUTHORITIES])
        yield "client certificate requested", names or "of any CA"
    if facts.server_extensions:
        yield "server extensions", ", ".join(facts.server_extensions)
