"""More messages, certificates or names of CAs than are ever kept stand in no trace of ours."""

import msgspec
import pytest

from mxwalk.evidence.bounds import step_fault
from mxwalk.evidence.connection import (
    ChainChecked,
    Exchanged,
    Handshaken,
    IssuersFetched,
    LookedAgain,
)
from mxwalk.evidence.handshake import ClientCertificateAsked, HandshakeMessage, TlsFacts
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.tls import Offer, StoreVerdict, TrustStore
from mxwalk.evidence.wire import Direction
from mxwalk.limits import (
    ACCEPTABLE_AUTHORITIES,
    CHAIN_CERTIFICATES,
    HANDSHAKE_MESSAGES,
    TRUST_STORES_BESIDE,
)

MESSAGE = HandshakeMessage(at_s=0.1, direction=Direction.RECEIVED, name="Finished", size=16)
SHAKEN = Handshaken(sni="mx.example.net", messages=(MESSAGE,) * HANDSHAKE_MESSAGES)


def fault(kind: StepKind, evidence: Evidence) -> str:
    step = Step(seq=1, kind=kind, scope=Scope(), started_s=0, elapsed_s=0, evidence=evidence)
    return step_fault(step, 1)


def asking(count: int) -> Handshaken:
    asked = ClientCertificateAsked(authorities=(b"\x30\x00",) * count, authority_count=count)
    return Handshaken(sni="", facts=TlsFacts(client_certificate=asked))


NO_STORE = TrustStore(kind="empty", path="", roots=0)
CHAIN = ChainChecked(
    store=NO_STORE,
    evaluated_at="2026-06-15T12:00:00Z",
    beside=(StoreVerdict(store=NO_STORE),) * TRUST_STORES_BESIDE,
)


def test_what_is_kept_at_most_is_read_back() -> None:
    assert fault(StepKind.HANDSHAKE, SHAKEN) == ""
    assert fault(StepKind.HANDSHAKE, asking(ACCEPTABLE_AUTHORITIES)) == ""
    assert fault(StepKind.EHLO_TLS, Exchanged(behind=SHAKEN.messages)) == ""
    assert fault(StepKind.LEGACY_TLS, LookedAgain(offer=Offer.LEGACY, chain=CHAIN)) == ""


@pytest.mark.parametrize(
    ("kind", "evidence", "place"),
    [
        (StepKind.HANDSHAKE, asking(ACCEPTABLE_AUTHORITIES + 1), "authorities"),
        (
            StepKind.HANDSHAKE,
            msgspec.structs.replace(SHAKEN, messages=(*SHAKEN.messages, MESSAGE)),
            "$.evidence.messages",
        ),
        (
            StepKind.LEGACY_TLS,
            LookedAgain(
                offer=Offer.LEGACY,
                handshake=msgspec.structs.replace(SHAKEN, messages=(*SHAKEN.messages, MESSAGE)),
            ),
            "$.evidence.handshake.messages",
        ),
        (StepKind.EHLO_TLS, Exchanged(behind=(*SHAKEN.messages, MESSAGE)), "$.evidence.behind"),
        (
            StepKind.LEGACY_TLS,
            LookedAgain(
                offer=Offer.LEGACY, chain=msgspec.structs.replace(CHAIN, evaluated_at="one day")
            ),
            "$.evidence.chain.evaluated_at",
        ),
        (
            StepKind.CHAIN,
            msgspec.structs.replace(CHAIN, beside=CHAIN.beside + CHAIN.beside[:1]),
            "$.evidence.beside",
        ),
        (
            StepKind.ISSUERS,
            IssuersFetched(certificates=(b"\x30\x00",) * (CHAIN_CERTIFICATES + 1)),
            "$.evidence.certificates",
        ),
    ],
)
def test_more_is_refused_with_its_place(kind, evidence, place) -> None:
    assert place in fault(kind, evidence)


@pytest.mark.parametrize("at_s", [-1.0, float("inf"), float("nan"), 1e12])
def test_a_time_that_no_handshake_takes_is_refused(at_s) -> None:
    odd = msgspec.structs.replace(MESSAGE, at_s=at_s)
    evidence = msgspec.structs.replace(SHAKEN, messages=(odd,))
    assert "$.evidence.messages[0].at_s" in fault(StepKind.HANDSHAKE, evidence)
