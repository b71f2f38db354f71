"""The hostile certificates are broken where the text stands, and nowhere else; what reads them from a file."""

import ssl

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.hostile import BUNDLES
from tests.hostility import program
from tests.hostility.certificates import hostile_chain
from tests.hostility.documents import CHECKS
from tests.hostility.table import TEXTS


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_stands_in_the_names_and_leaves_the_key_alone(name: str) -> None:
    chain, key = hostile_chain(TEXTS[name])
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert chain[0].count(der) == 1
    assert chain[0].count(TEXTS[name][:60] or b"-") > 6


def test_a_text_of_one_octet_leaves_every_key_alone() -> None:
    from tests.hostility.certificates import _made

    for _ in range(10):
        _made.cache_clear()
        chain, key = hostile_chain(b"\x07")
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert chain[0].count(der) == 1


@pytest.mark.parametrize("name", BUNDLES)
def test_what_tlsa_says_of_a_file_of_certificates_is_visible(name: str) -> None:
    chain, _ = hostile_chain(BUNDLES[name])
    pem = "".join(map(ssl.DER_cert_to_PEM_cert, chain)).encode()
    for more in ((), ("--host", "mx.example.net"), ("--record", f"3 1 1 {'ab' * 32}")):
        said = program.run("tlsa", "chain.pem", *more, files={"chain.pem": pem})
        assert (said.fault, list(CHECKS["text"](said.err))) == ("", []), more
        assert said.code in (0, 1, 3), (more, said.err)
        assert list(CHECKS["text"](said.out)) == [], more
        assert said.out
