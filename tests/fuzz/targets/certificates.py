"""Certificates and chains: read, explained and compared with two other readers of the same octets.

An input is the chain in DER, the server's certificate first and the trust anchor last.
"""

import warnings
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mxwalk.identity.matching import compare, matches
from mxwalk.identity.model import Match, ReferenceId, ReferenceKind
from mxwalk.identity.presented import presented_ids
from mxwalk.pkix.clients import judge_clients
from mxwalk.pkix.openssl import verify_again
from mxwalk.pkix.validate import explain_chain
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, public_key_info, read_certificate
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import der

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_MOST = 12
_HOST = ReferenceId(
    kind=ReferenceKind.MX_HOST, text="mx.example.net", origin="the MX record", secure=False
)


def _check(data: bytes) -> None:
    choices = Choices(data)
    mode = choices.number(4)
    chain = der.split(choices.rest())[:_MOST]
    for one in chain:
        _check_certificate(one)
    sent, anchors = tuple(chain[:-1]), tuple(chain[-1:])
    errors, path = verify_again(sent, anchors, NOW)
    all_printable((errors, path))
    explained = explain_chain(
        sent,
        path if mode != 1 else (),
        NOW,
        anchors=anchors if mode != 2 else None,
        errors=errors if mode == 3 else None,
    )
    all_printable(explained)
    all_printable(judge_clients(explained))
    for sentence, fix in explained.order.sentences:
        printable(sentence)
        printable(fix)
    promise(explained.valid is False or sent, "a chain of nothing is valid")
    if mode == 0:
        promise(not errors or not explained.valid, "valid, though OpenSSL says", errors)


def _check_certificate(one: bytes) -> None:
    facts = read_certificate(one)
    all_printable(facts)
    promise(facts.readable is bool(public_key_info(one)), "readable without a key, or the reverse")
    for presented in presented_ids(one):
        compared = compare(presented, _HOST)
        printable(compared.reason)
        found = compared.match in {Match.EXACT, Match.WILDCARD}
        promise(found is matches(presented, _HOST), "two comparisons differ on", presented)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            other = x509.load_der_x509_certificate(one)
            san = other.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            names = san.get_values_for_type(x509.DNSName)
            expected = (other.serial_number, other.not_valid_before_utc, other.not_valid_after_utc)
        except (ValueError, TypeError, x509.ExtensionNotFound, x509.DuplicateExtension):
            return
        except (x509.UnsupportedGeneralNameType, x509.InvalidVersion):
            return
        promise(facts.readable, "cryptography reads it:", facts.problems)
        _agree(facts, names, expected)
        promise(other.public_bytes(Encoding.DER) == one, "not the same octets")


def _agree(
    facts: CertificateFacts, names: list[str], expected: tuple[int, datetime, datetime]
) -> None:
    if not facts.problems:
        promise((facts.not_before, facts.not_after) == expected[1:], "times", facts, expected)
        promise([*facts.dns_names] == [*map(visible, names)], "names", facts.dns_names, names)


def _seeds() -> Iterable[bytes]:
    from tests.pkix.chains import random_case
    from tests.tls.pki import issue

    root = issue("Root", ca=True)
    lower = issue("Lower", root, ca=True)
    yield issue("mx.example.net", lower).der + lower.der + root.der + b"\0"
    yield issue("a", root, dns=("*.example.net", "xn--bcher-kva.example")).der + root.der + b"\0"
    yield root.der + root.der + b"\0"
    for seed in range(400):
        case = random_case(seed)
        yield b"".join((*case.sent[:4], *case.anchors[:1])) + bytes((seed % 4,))


TARGET = Target(
    promise="Certificates and chains are read and explained visibly, never better than OpenSSL says.",
    check=_check,
    calls=lambda size: 600_000 + 3_000 * size,
    max_len=4_096,
    words=(
        b"\x06\x03\x55\x1d\x11",
        b"\x06\x03\x55\x1d\x1e",
        b"\x06\x03\x55\x1d\x13",
        b"\x17\x0d",
        b"\x18\x0f",
    ),
    mutate=der.mutate,
    seeds=_seeds,
)
