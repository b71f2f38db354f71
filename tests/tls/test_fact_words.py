"""What is said of a handshake: each fact with its value and meaning."""

import msgspec
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import (
    ClientCertificateAsked,
    HandshakeMessage,
    Resumption,
    Support,
    TempKey,
    TlsFacts,
)
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.tls.authority_names import authority_name
from mxwalk.tls.facts import NOT_KNOWN, ended_behind, handshake_facts, headline
from mxwalk.tls.server import ServerOptions
from tests.hostile import HOSTILE
from tests.tls.test_handshake import met

TICKET = HandshakeMessage(
    at_s=0.1, direction=Direction.RECEIVED, name="NewSessionTicket", size=9, note="lifetime 60 s"
)
ALERT = HandshakeMessage(
    at_s=0.1, direction=Direction.RECEIVED, name="Alert", size=2, note="fatal x (116)", alert=116
)
GOODBYE = msgspec.structs.replace(ALERT, alert=0)


def facts_of(handshake: Handshaken, behind=None) -> dict[str, object]:
    return {fact.name: fact for fact in handshake_facts(handshake, behind)}


def handshake(**changes) -> Handshaken:
    made = Handshaken(sni="mx.example.net", protocol="TLSv1.2", cipher="ECDHE-RSA-AES128-SHA")
    return msgspec.structs.replace(made, **changes)


def test_a_modern_handshake_has_nothing_notable() -> None:
    engine = met()
    evidence = engine.handshake_evidence(None)
    facts = facts_of(evidence)
    assert [fact.name for fact in facts.values() if fact.notable] == []
    assert headline(evidence) == (
        f"TLSv1.3  {evidence.cipher}  X25519MLKEM768 (post-quantum hybrid)"
    )
    assert facts["key exchange"].value == "hybrid X25519MLKEM768"
    assert "hybrid" in facts["key exchange"].meaning
    assert facts["renegotiation"].value == "not applicable"
    assert facts["ClientHello"].meaning == "more than one packet"


def test_a_legacy_handshake_says_what_is_withdrawn() -> None:
    engine = met(options=ServerOptions(max_version="TLSv1"), offer=Offer.LEGACY)
    facts = facts_of(engine.handshake_evidence(None))
    assert facts["protocol"].notable
    assert "RFC 8996" in facts["protocol"].meaning
    assert facts["signature"].value == NOT_KNOWN
    assert facts["ClientHello"].meaning == "one packet"


def test_a_handshake_that_failed_knows_little_and_says_so() -> None:
    engine = met(options=ServerOptions(max_version="TLSv1"))
    facts = facts_of(engine.handshake_evidence(engine.failure))
    unknown = {name for name, fact in facts.items() if fact.value == NOT_KNOWN}
    assert {"protocol", "cipher", "key exchange", "client cert", "resumption"} <= unknown
    assert "ALPN" not in facts


@pytest.mark.parametrize(
    ("changes", "name", "value", "words"),
    [
        ({"cipher": "AES128-SHA"}, "cipher", "AES128-SHA", "not forward secret"),
        ({"cipher": "ECDHE-RSA-RC4-SHA"}, "cipher", "ECDHE-RSA-RC4-SHA", "RFC 7465"),
        ({"signature": "rsa_pkcs1_sha1"}, "signature", "rsa_pkcs1_sha1", "RFC 9155"),
        (
            {"facts": TlsFacts(temp_key=TempKey(method="DHE", group="", bits=1024))},
            "key exchange",
            "DHE, 1024 bits",
            "RFC 9325 4.5",
        ),
        (
            {"facts": TlsFacts(extended_master_secret=Support.NO)},
            "master secret",
            "not extended",
            "RFC 7627",
        ),
        (
            {"facts": TlsFacts(secure_renegotiation=Support.NO)},
            "renegotiation",
            "not secure",
            "RFC 5746",
        ),
        ({"facts": TlsFacts(compression="DEFLATE")}, "compression", "DEFLATE", "RFC 9325 3.3"),
        ({"facts": TlsFacts(alpn="smtp")}, "ALPN", "smtp", "nobody offered"),
    ],
)
def test_what_is_out_of_date_or_odd_is_notable(changes, name, value, words) -> None:
    fact = facts_of(handshake(**changes))[name]
    assert fact.notable
    assert fact.value == value
    assert words in fact.meaning


def test_rsa_key_exchange_is_told_from_one_that_is_not_known() -> None:
    assert facts_of(handshake(cipher="AES128-SHA"))["key exchange"].value == "RSA"
    ending = Ending(kind=EndingKind.RESET, detail="reset")
    failed = handshake(cipher="AES128-SHA", ending=ending)
    assert facts_of(failed)["key exchange"].value == NOT_KNOWN
    ffdhe = TempKey(method="DHE", group="ffdhe2048", bits=2048)
    fact = facts_of(handshake(group="ffdhe2048", facts=TlsFacts(temp_key=ffdhe)))["key exchange"]
    assert (fact.value, fact.notable) == ("DHE ffdhe2048, 2048 bits", False)


def test_a_client_certificate_asked_for_names_the_acceptable_cas() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Partner CA")]).public_bytes()
    asked = ClientCertificateAsked(authorities=(name,) * 9, authority_count=40)
    fact = facts_of(handshake(facts=TlsFacts(client_certificate=asked)))["client cert"]
    assert fact.value.startswith("asked for, issued by CN=Partner CA; CN=Partner CA")
    assert fact.value.endswith("and 32 more")
    assert fact.meaning == "we have none, and the server went on without"


def test_in_tls_1_3_what_comes_behind_the_handshake_decides() -> None:
    asked = TlsFacts(client_certificate=ClientCertificateAsked())
    modern = handshake(protocol="TLSv1.3", facts=asked)
    assert "behind the handshake" in facts_of(modern)["client cert"].meaning
    assert "went on" in facts_of(modern, ())["client cert"].meaning
    assert "ended TLS" in facts_of(modern, (TICKET, ALERT))["client cert"].meaning
    assert facts_of(modern)["resumption"].value == NOT_KNOWN
    assert facts_of(modern, (GOODBYE,))["resumption"].value == "not offered"
    assert facts_of(modern, (TICKET, TICKET))["resumption"].value == "2 tickets, lifetime 60 s"
    assert facts_of(modern, (ALERT,))["resumption"].value == NOT_KNOWN
    assert ended_behind((TICKET, GOODBYE)) is None
    assert ended_behind((GOODBYE, ALERT)) is ALERT


def test_resumption_of_tls_1_2_says_by_what() -> None:
    both = Resumption(
        session_id_octets=32, tickets=1, ticket_lifetime_s=300, ticket_octets=9, offered=Support.YES
    )
    fact = facts_of(handshake(facts=TlsFacts(resumption=both)))["resumption"]
    assert fact.value == "1 ticket, lifetime 300 s, a session ID"
    nothing = Resumption(offered=Support.NO)
    facts = facts_of(handshake(facts=TlsFacts(resumption=nothing)))
    assert facts["resumption"].value == "not offered"


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_texts_are_printable_wherever_they_stand(data) -> None:
    text = data.decode("utf-8", "surrogateescape")[:500]
    facts = TlsFacts(
        temp_key=TempKey(method=text, group=text, bits=1),
        alpn=text,
        compression=text,
        server_extensions=(text,),
        client_certificate=ClientCertificateAsked(authorities=(data[:500],), authority_count=1),
    )
    evidence = handshake(
        sni=text, protocol=text, cipher=text, group=text, signature=text, facts=facts
    )
    behind = (msgspec.structs.replace(TICKET, note=text),)
    for fact in handshake_facts(evidence, behind):
        assert (fact.name + fact.value + fact.meaning).isprintable()
    assert headline(evidence).isprintable()
    assert authority_name(data).isprintable()
