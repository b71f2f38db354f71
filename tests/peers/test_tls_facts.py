"""The facts of handshakes with real servers, and what ``openssl s_client`` prints of the same."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from mxwalk.clock import SystemClock
from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.evidence.handshake import HandshakeMessage, Support
from mxwalk.evidence.tls import Offer
from mxwalk.net.dialer import SystemDialer
from mxwalk.tls.authority_names import authority_name
from mxwalk.tls.dh_groups import GENERATOR, PRIMES
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.openssl import dh_parameters
from mxwalk.tls.store import load_store
from tests.peers.s_client import Printed, s_client
from tests.peers.tls_servers import (
    EXIM,
    FIRST_PORT,
    HOST,
    POSTFIX,
    S_SERVER,
    exim,
    make_certificates,
    postfix,
    s_server,
)

pytestmark = pytest.mark.peers
NEEDS = ("postfix", "exim4", "openssl")

ASKED = "Acceptable client certificate CA names\nCN = Facts Root"
OLD = ("-cipher", "ALL:@SECLEVEL=0")
_NO_EMS = """\
openssl_conf = c
[c]
ssl_conf = s
[s]
system_default = d
[d]
Options = -ExtendedMasterSecret
"""
_OLD_CONF = _NO_EMS.replace(
    "Options = -ExtendedMasterSecret", "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0"
)


@dataclass(frozen=True)
class Case:
    """A server's configuration, how both clients are to meet it, and what s_client then prints."""

    name: str
    leaf: str = "ecdsa"
    server: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    offer: Offer = Offer.MODERN
    configuration: str = ""
    sni: str = HOST
    shows: str = ""
    chain: bool = True


S_SERVER_CASES = (
    Case("1.3", shows="New, TLSv1.3"),
    Case("1.3-rsa", leaf="rsa"),
    Case("1.3-hello-retry", server=("-groups", "P-384"), shows="ECDH, secp384r1"),
    Case("1.3-ffdhe", server=("-groups", "ffdhe3072"), shows="DH, 3072 bits"),
    Case("1.3-classic-offer", offer=Offer.CLASSIC),
    Case("1.3-one-ticket", server=("-num_tickets", "1")),
    Case("1.3-no-ticket", server=("-num_tickets", "0")),
    Case("1.3-chacha", server=("-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")),
    Case("1.3-incomplete", chain=False, shows="Verify return code: 21"),
    Case("1.3-no-sni", offer=Offer.WITHOUT_SNI, sni=""),
    Case("1.3-asks", server=("-verify", "1", "-CAfile", "root.pem"), shows=ASKED),
    Case("1.2-ecdhe", server=("-tls1_2",)),
    Case("1.2-ecdhe-rsa", leaf="rsa", server=("-tls1_2",)),
    Case("1.2-p521", server=("-tls1_2", "-groups", "P-521"), shows="ECDH, secp521r1"),
    Case(
        "1.2-dhe",
        leaf="rsa",
        server=("-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"),
        shows="Temp Key: DH",
    ),
    Case(
        "1.2-rsa",
        leaf="rsa",
        server=("-tls1_2", "-cipher", "AES128-GCM-SHA256"),
        shows="AES128-GCM-SHA256",
    ),
    Case("1.2-no-ticket", server=("-tls1_2", "-no_ticket")),
    Case("1.2-nothing-to-resume", server=("-tls1_2", "-no_ticket", "-no_cache")),
    Case(
        "1.2-no-extended-master-secret",
        server=("-tls1_2",),
        configuration=_NO_EMS,
        shows="Extended master secret: no",
    ),
    Case(
        "1.2-asks",
        server=("-tls1_2", "-verify", "1", "-CAfile", "root.pem"),
        shows=ASKED,
    ),
    Case("1.2-staple", server=("-tls1_2", "-status_file", "staple.der"), shows="trylater"),
    Case("1.3-staple", server=("-status_file", "staple.der"), shows="trylater"),
    Case(
        "1.2-dhe-1024",
        leaf="rsa",
        server=("-tls1_2", "-cipher", "DHE-RSA-AES256-SHA:@SECLEVEL=0", "-dhparam", "dh1024.pem"),
        client=OLD,
        offer=Offer.LEGACY,
        shows="DH, 1024 bits",
    ),
    Case(
        "1.0",
        server=("-tls1",),
        client=("-tls1", *OLD),
        offer=Offer.LEGACY,
        configuration=_OLD_CONF,
        shows="Protocol  : TLSv1\n",
    ),
    Case(
        "1.1-rsa",
        leaf="rsa",
        server=("-tls1_1",),
        client=("-tls1_1", *OLD),
        offer=Offer.LEGACY,
        configuration=_OLD_CONF,
        shows="Protocol  : TLSv1.1\n",
    ),
)
POSTFIX_CASES = (
    Case("default"),
    Case("rsa", server=("smtpd_tls_chain_files = $where/rsa-all.pem",)),
    Case("1.2", server=("smtpd_tls_protocols = TLSv1.2",)),
    Case("p384", server=("tls_eecdh_auto_curves = secp384r1",), shows="ECDH, secp384r1"),
    Case(
        "dhe",
        server=(
            "smtpd_tls_chain_files = $where/rsa-all.pem",
            "smtpd_tls_protocols = TLSv1.2",
            "smtpd_tls_exclude_ciphers = kECDHE, kRSA",
        ),
        shows="Temp Key: DH",
    ),
    Case(
        "key-transport",
        server=(
            "smtpd_tls_chain_files = $where/rsa-all.pem",
            "smtpd_tls_protocols = TLSv1.2",
            "smtpd_tls_exclude_ciphers = kECDHE, kDHE",
        ),
        shows="Cipher is AES",
    ),
    Case(
        "asks",
        server=("smtpd_tls_ask_ccert = yes", "smtpd_tls_CAfile = $where/root.pem"),
        shows=ASKED,
    ),
    Case(
        "asks-1.2",
        server=(
            "smtpd_tls_ask_ccert = yes",
            "smtpd_tls_CAfile = $where/root.pem",
            "smtpd_tls_protocols = TLSv1.2",
        ),
        shows=ASKED,
    ),
    Case("no-ticket", server=("smtpd_tls_protocols = TLSv1.2", "tls_ssl_options = NO_TICKET")),
)
EXIM_CASES = (
    Case("default", server=("NORMAL",)),
    Case("1.2", server=("NORMAL:-VERS-ALL:+VERS-TLS1.2",)),
    Case(
        "1.2-dhe", server=("NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA",), shows="Temp Key: DH"
    ),
    Case("1.2-rsa", server=("NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",), shows="Cipher is AES"),
    Case(
        "1.2-no-extended-master-secret",
        server=("NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH",),
        shows="Extended master secret: no",
    ),
    Case("1.3-p521", server=("NORMAL:-GROUP-ALL:+GROUP-SECP521R1",), shows="ECDH, secp521r1"),
    Case("asks", server=("NORMAL:-VERS-ALL:+VERS-TLS1.2:%COMPAT",), shows=ASKED),
)


def ids(case: Case) -> str:
    return case.name


@pytest.fixture(scope="module")
def where():
    with tempfile.TemporaryDirectory(prefix="mxwalk-facts-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        make_certificates(directory)
        (directory / "dh1024.pem").write_bytes(dh_parameters(PRIMES[1024], GENERATOR))
        (directory / "staple.der").write_bytes(b"\x30\x03\x0a\x01\x03")  # RFC 6960: tryLater
        yield directory


@pytest.fixture(scope="module")
def postfix_ports(where):
    ports = {FIRST_PORT + number: case for number, case in enumerate(POSTFIX_CASES)}
    services = {
        port: tuple(one.replace("$where", str(where)) for one in case.server)
        for port, case in ports.items()
    }
    with postfix(where, services):
        yield {case.name: port for port, case in ports.items()}


@pytest.fixture(scope="module")
def exim_ports(where):
    ports = {case.name: FIRST_PORT + number for number, case in enumerate(EXIM_CASES)}
    priorities = {ports[case.name]: case.server[0] for case in EXIM_CASES}
    with exim(where, priorities, ports["asks"]):
        yield ports


@dataclass(frozen=True)
class Met:
    """What our own client saw."""

    handshake: Handshaken
    chain: ChainChecked
    behind: tuple[HandshakeMessage, ...]


async def met(address: str, port: int, case: Case, ca_file: Path) -> Met:
    connection = await SystemDialer().dial(address, port, 5.0)
    await connection.receive(10.0)
    await connection.send(b"EHLO probe.example.net\r\n")
    assert b"STARTTLS" in await connection.receive(10.0)
    await connection.send(b"STARTTLS\r\n")
    assert (await connection.receive(10.0)).startswith(b"220")
    engine = ClientEngine(case.sni, load_store(str(ca_file)), None, offer=case.offer)
    ending = await connection.start_tls(engine, 10.0)
    handshake = engine.handshake_evidence(ending)
    if ending is None:
        await connection.send(b"EHLO probe.example.net\r\n")
        assert isinstance(await connection.receive(10.0), bytes)
    chain = engine.chain_evidence(SystemClock().now())
    await connection.close()
    return Met(handshake, chain, engine.take_behind())


def temp_key_words(seen: Handshaken) -> str:
    """Return the ephemeral key as s_client writes it."""
    key = seen.facts.temp_key
    if key is None:
        return ""
    if key.method == "DHE":
        return f"DH, {key.bits} bits"
    if key.group in {"x25519", "x448"}:
        return f"{key.group.upper()}, {key.bits} bits"
    return f"ECDH, {key.group.replace('secp256r1', 'prime256v1')}, {key.bits} bits"


def signature_words(scheme: str) -> tuple[str, str]:
    """Return digest and type as s_client writes them."""
    if not scheme:
        return "", ""
    kind = "RSA-PSS" if "pss" in scheme else "RSA" if scheme.startswith("rsa") else "ECDSA"
    return scheme.rpartition("_")[2].upper(), kind


def same(ours: Met, theirs: Printed, case: Case) -> None:
    """Hold every fact against what s_client printed."""
    assert case.shows in theirs.text
    seen, facts = ours.handshake, ours.handshake.facts
    assert seen.ending is None, seen.ending
    assert (seen.protocol, seen.cipher) == (theirs.protocol, theirs.cipher)
    assert temp_key_words(seen) == theirs.temp_key
    if seen.protocol in {"TLSv1.2", "TLSv1.3"}:  # older ones have no scheme on the wire
        assert signature_words(seen.signature) == theirs.signature
    assert seen.presented_count == theirs.certificates
    codes = [error.code for error in ours.chain.errors] or [0]
    assert theirs.verify_code in codes
    assert facts.alpn == theirs.alpn == ""
    assert (facts.stapling is Support.YES) is theirs.stapled
    asked = facts.client_certificate
    assert (asked is not None) is theirs.asks_for_certificate
    if asked is not None:
        assert asked.authority_count == len(asked.authorities) == len(theirs.authorities)
        for name, printed in zip(asked.authorities, theirs.authorities, strict=True):
            assert authority_name(name).replace(" ", "") == printed.replace(" ", "")
    modern = seen.protocol == "TLSv1.3"
    if modern:  # s_client says "no" and "not supported" of TLS 1.3, which has both of itself
        assert facts.extended_master_secret is facts.secure_renegotiation is Support.NOT_APPLICABLE
        tickets = [one.note for one in ours.behind if one.name == "NewSessionTicket"]
        assert tickets == [f"lifetime {seconds} s" for seconds in theirs.tickets]
    else:
        answered = {True: Support.YES, False: Support.NO}
        assert facts.extended_master_secret is answered[theirs.extended_master_secret]
        assert facts.secure_renegotiation is answered[theirs.secure_renegotiation]
        given = facts.resumption
        assert given.tickets == len(theirs.tickets)
        if theirs.tickets:
            assert given.ticket_lifetime_s == theirs.tickets[0]
        else:
            assert given.session_id_octets == theirs.session_id_octets


@pytest.mark.parametrize("case", S_SERVER_CASES, ids=ids)
async def test_s_server_shows_us_what_it_shows_s_client(case, where):
    port = FIRST_PORT
    options = (*case.server, *(("-cert_chain", "inter.pem") if case.chain else ()))
    with s_server(where, port, case.leaf, *options, configuration=case.configuration):
        ours = await met(S_SERVER, port, case, where / "root.pem")
        theirs = s_client(S_SERVER, port, case.sni, where / "root.pem", *case.client)
    same(ours, theirs, case)
    assert ours.handshake.offer is case.offer


@pytest.mark.parametrize("case", POSTFIX_CASES, ids=ids)
async def test_postfix_shows_us_what_it_shows_s_client(case, where, postfix_ports):
    port = postfix_ports[case.name]
    ours = await met(POSTFIX, port, case, where / "root.pem")
    theirs = s_client(POSTFIX, port, case.sni, where / "root.pem", *case.client)
    same(ours, theirs, case)


@pytest.mark.parametrize("case", EXIM_CASES, ids=ids)
async def test_exim_with_gnutls_shows_us_what_it_shows_s_client(case, where, exim_ports):
    port = exim_ports[case.name]
    ours = await met(EXIM, port, case, where / "root.pem")
    theirs = s_client(EXIM, port, case.sni, where / "root.pem", *case.client)
    same(ours, theirs, case)
