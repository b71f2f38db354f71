"""One case a code at least: the code, and how to make a delivery that raises it."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.x509.oid import ExtendedKeyUsageOID

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Route
from mxwalk.evidence.tls import TrustStore, VerifyError
from mxwalk.evidence.wire import EndingKind
from mxwalk.tls.verify_errors import verify_error_name
from tests.findings.builders import (
    EHLO_REPLY,
    SERVER,
    Trail,
    alert,
    answer,
    at_door,
    clean,
    drip,
    ending,
    in_tls,
    inside,
    verify_error,
    with_certificate,
)
from tests.findings.certificates import GOOD_CHAIN, OTHER_CA, ROOT, leaf, make, weak_key
from tests.findings.dane_cases import DANE_CASES
from tests.findings.dnssec_cases import DNSSEC_CASES
from tests.findings.mail_cases import MAIL_CASES
from tests.findings.pkix_cases import ALL_PKIX_CASES
from tests.findings.sts_cases import STS_CASES

CLIENT_AUTH = ExtendedKeyUsageOID.CLIENT_AUTH
Factory = Callable[[], Delivery]

ZONE = "example.com"
HOST = "mx01.example.com"
V4, V6, OTHER = "192.0.2.1", "2001:db8::1", "192.0.2.2"


def _root_keys(*, signed: bool, ad: bool, status: DnsStatus = DnsStatus.OK) -> Delivery:
    sets = [RRset(name=".", rtype="DNSKEY", ttl_s=9, records=("257 3 8 AwEA",))]
    if signed:
        sets.append(RRset(name=".", rtype="RRSIG", ttl_s=9, records=("DNSKEY 8 0 9",)))
    reply = DnsAnswer(
        qname=".",
        rtype="DNSKEY",
        status=status,
        server=SERVER,
        flags=("AD",) if ad else (),
        answer=tuple(sets) if status is DnsStatus.OK else (),
    )
    return Trail().resolver(reply).delivery()


def _mx(*records: str) -> Factory:
    return lambda: Trail().mx(*records).delivery()


def _mx_status(status: DnsStatus, **more: object) -> Factory:
    reply = answer(ZONE, "MX", status=status, **more)  # type: ignore[arg-type]
    return lambda: Trail().mx(reply=reply).delivery()


def _host_status(status: DnsStatus) -> Factory:
    replies = (answer(HOST, "AAAA", status=status), answer(HOST, "A", status=status))
    return lambda: Trail().mx(f"10 {HOST}.").host(HOST, replies=replies).delivery()


def _connect(kind: EndingKind, address: str = V4) -> Factory:
    return lambda: at_door(address).connect(address, ending(kind)).delivery()


def _two_hosts(first: Callable[[Trail], Trail], second: Callable[[Trail], Trail]) -> Delivery:
    trail = Trail().mx(f"10 {HOST}.", "20 mx02.example.com.")
    first(trail.host(HOST, V4).connect(V4))
    second(trail.host("mx02.example.com", OTHER).connect(OTHER))
    return trail.delivery()


def _dead_first() -> Delivery:
    trail = Trail().mx(f"10 {HOST}.", "20 mx02.example.com.")
    trail.host(HOST, V4).connect(V4, ending(EndingKind.TIMEOUT))
    return trail.host("mx02.example.com", OTHER).connect(OTHER).greet().delivery()


def _broken_v6() -> Delivery:
    trail = Trail().mx(f"10 {HOST}.").host(HOST, V6, V4)
    trail.connect(V6, ending(EndingKind.REFUSED))
    return trail.connect(V4).greet().delivery()


def _greeting(reply: bytes, kind: EndingKind | None = None, **more: object) -> Factory:
    end = ending(kind) if kind else None
    return lambda: at_door().connect(V4).greet(reply, end, **more).delivery()


def _implicit(kind: EndingKind) -> Factory:
    return lambda: (
        Trail("mx01.example.com:465", port=465)
        .host("mx01.example.com", V4)
        .connect(V4, port=465)
        .greet(b"", ending(kind))
        .delivery()
    )


def _ehlo(reply: bytes, kind: EndingKind | None = None) -> Factory:
    end = ending(kind) if kind else None
    return lambda: inside().ehlo(reply, end).delivery()


def _lines(*lines: bytes) -> Factory:
    """An EHLO response of these further lines."""
    all_lines = (b"mx01.example.com", *lines)
    reply = b"".join(b"250-" + line + b"\r\n" for line in all_lines[:-1])
    return _ehlo(reply + b"250 " + all_lines[-1] + b"\r\n")


def _failed_handshake(kind: EndingKind, *alerts: object) -> Factory:
    return lambda: in_tls().handshake((), ending=ending(kind), alerts=alerts).delivery()


def _certificate(der: Callable[[], bytes]) -> Factory:
    return lambda: with_certificate(der()).delivery()


def _with_ptr(der: Callable[[], bytes]) -> Factory:
    def build() -> Delivery:
        trail = Trail().mx(f"10 {HOST}.").host(HOST, V4).ptr(V4, ("mx0a.hosted.test.", True))
        chain = (der(),)
        trail.connect(V4).greet().ehlo().starttls().handshake(chain).chain(path=chain)
        return trail.identity().delivery()

    return build


DNS_CASES: list[tuple[str, Factory]] = [
    ("DNS001", lambda: _root_keys(signed=False, ad=False, status=DnsStatus.TIMEOUT)),
    ("DNS001", lambda: _root_keys(signed=False, ad=False, status=DnsStatus.UNREACHABLE)),
    ("DNS002", lambda: _root_keys(signed=False, ad=False, status=DnsStatus.SERVFAIL)),
    ("DNS002", lambda: _root_keys(signed=False, ad=False, status=DnsStatus.MALFORMED)),
    ("DNS003", lambda: _root_keys(signed=False, ad=False)),
    ("DNS004", lambda: _root_keys(signed=True, ad=False)),
    ("DNS005", clean),
    ("ROUTE001", _mx("0 .")),
    ("ROUTE002", _mx()),
    ("ROUTE003", _mx_status(DnsStatus.NXDOMAIN)),
    ("ROUTE004", _mx_status(DnsStatus.SERVFAIL, ede=((6, "DNSSEC bogus"),))),
    ("ROUTE005", _mx_status(DnsStatus.TIMEOUT)),
    ("ROUTE006", _mx("0 .", f"10 {HOST}.")),
    ("ROUTE007", _mx("10 192.0.2.1.")),
    ("ROUTE007", _mx("10 2001:db8::1.")),
    ("ROUTE008", _mx("10 mail_01.example.com.")),
    ("ROUTE009", _mx_status(DnsStatus.LOOP, hops=("a.example.com", "b.example.com"))),
    ("ROUTE010", _mx(f"10 {HOST}.", f"20 {HOST}.")),
    ("ROUTE011", _mx(*[f"10 mx{number}.example.com." for number in range(12)])),
    ("ROUTE012", lambda: Trail("bücher.example").mx("10 mx.example.com.").delivery()),
    ("ROUTE013", clean),
    (
        "ROUTE020",
        lambda: Trail().mx(f"10 {HOST}.").host(HOST, V4, hops=("real.example.net",)).delivery(),
    ),
    ("ROUTE021", _host_status(DnsStatus.NXDOMAIN)),
    ("ROUTE021", _host_status(DnsStatus.NODATA)),
    ("ROUTE022", _host_status(DnsStatus.SERVFAIL)),
    ("ROUTE023", _host_status(DnsStatus.LOOP)),
    ("ROUTE024", lambda: at_door("127.0.0.1").delivery()),
    ("ROUTE024", lambda: at_door("fd00::25").delivery()),
    (
        "ROUTE025",
        lambda: (
            Trail()
            .mx(f"10 {HOST}.", "20 mx02.example.com.")
            .host(HOST, V4)
            .host("mx02.example.com", V4)
            .delivery()
        ),
    ),
    (
        "ROUTE026",
        lambda: (
            Trail(routes=(Route(destination=HOST), Route(destination="b.example.net")))
            .mx(f"10 {HOST}.")
            .host(HOST, V4)
            .host("b.example.net", V4)
            .delivery()
        ),
    ),
    ("ROUTE027", _broken_v6),
    ("ROUTE028", _dead_first),
    (
        "ROUTE029",
        lambda: (
            at_door()
            .ptr(V4, reply=answer("1.2.0.192.in-addr.arpa", "PTR", status=DnsStatus.NXDOMAIN))
            .connect(V4)
            .delivery()
        ),
    ),
    (
        "ROUTE030",
        lambda: at_door().ptr(V4, ("elsewhere.example.net.", False)).connect(V4).delivery(),
    ),
    (
        "ROUTE031",
        lambda: (
            at_door()
            .ptr(V4, reply=answer("1.2.0.192.in-addr.arpa", "PTR", status=DnsStatus.SERVFAIL))
            .connect(V4)
            .delivery()
        ),
    ),
]

SESSION_CASES: list[tuple[str, Factory]] = [
    ("CONN001", _connect(EndingKind.REFUSED)),
    ("CONN002", _dead_first),
    ("CONN003", _connect(EndingKind.TIMEOUT)),
    ("CONN004", _connect(EndingKind.UNREACHABLE, V6)),
    ("CONN004", _connect(EndingKind.UNREACHABLE)),
    ("CONN005", _connect(EndingKind.RESET)),
    ("CONN005", _greeting(b"", EndingKind.RESET)),
    ("CONN006", _greeting(b"", EndingKind.CLOSED)),
    ("CONN007", _greeting(b"", EndingKind.HALF_CLOSED)),
    ("CONN008", _greeting(b"220 mx01.example.com\r\n", first_byte_s=12.0)),
    ("CONN009", _greeting(b"220 mx01.example.com\r\n", wire=drip(b"220 mx01.example.com\r\n"))),
    ("CONN010", _greeting(b"", EndingKind.TIMEOUT)),
    ("CONN011", _ehlo(b"", EndingKind.CLOSED)),
    ("CONN011", _ehlo(b"", EndingKind.RESET)),
    ("CONN012", _ehlo(b"", EndingKind.TIMEOUT)),
    ("CONN013", _connect(EndingKind.LOCAL)),
    ("CONN013", _ehlo(b"", EndingKind.LOCAL)),
    ("CONN014", _implicit(EndingKind.TIMEOUT)),
    ("CONN014", _implicit(EndingKind.CLOSED)),
    ("CONN014", _implicit(EndingKind.RESET)),
    ("RPLY001", _greeting(b"421 4.7.0 too many connections\r\n")),
    ("RPLY002", _greeting(b"554 5.7.1 no service\r\n")),
    ("RPLY002", _greeting(b"521 mx01.example.com takes no mail\r\n")),
    ("RPLY003", _greeting(b"200 hello\r\n")),
    ("RPLY004", _greeting(b"220-mx01.example.com wait\r\n220 mx01.example.com ESMTP\r\n")),
    ("RPLY005", _greeting(b"220 hello_there\r\n")),
    ("RPLY025", _greeting(b"220 ***************\r\n")),
    ("RPLY025", _greeting(b"220\r\n")),
    ("RPLY006", _greeting(b"220 mx01.example.com \x1b]0;owned\x07\r\n")),
    ("RPLY007", _greeting("220 mx01.example.com \u202eabc\r\n".encode())),
    ("RPLY008", _greeting(b"220 mx01.example.com\r\n", trailing=b"250 too early\r\n")),
    ("RPLY024", _ehlo(b"220 mx01.example.com ESMTP\r\n")),
    ("RPLY024", lambda: inside().ehlo().starttls(b"250 mx01.example.com\r\n").delivery()),
    ("RPLY010", _greeting(b"220 mx01.example.com\n")),
    ("RPLY011", _greeting(b"220 mx01.example\r.com\r\n")),
    ("RPLY012", _greeting(b"220 mx01.example.com \0\r\n")),
    ("RPLY013", _greeting("220 mx01.example.com grüß\r\n".encode("latin-1"))),
    ("RPLY014", _greeting(b"220 mx01.example.com \x07\r\n")),
    ("RPLY015", _greeting(b"220 mx01.example.com " + b"x" * 600 + b"\r\n")),
    ("RPLY016", _greeting(b"220 " + b"x" * 9_000, EndingKind.TOO_LONG)),
    ("RPLY017", _greeting(b"220-mx01.example.com\r\n" * 4_000, EndingKind.TOO_LONG)),
    ("RPLY018", _greeting(b"220-mx01.example.com\r\n" * 120 + b"220 done\r\n")),
    ("RPLY019", _greeting(b"hello there\r\n")),
    ("RPLY020", _ehlo(b"250-mx01.example.com\r\n251 STARTTLS\r\n")),
    ("RPLY021", _greeting(b"220/mx01.example.com\r\n")),
    ("RPLY022", _ehlo(b"250-mx01.example.com\r\n250-STARTTLS\r\n", EndingKind.CLOSED)),
    ("RPLY023", _greeting(b"999 mx01.example.com\r\n")),
    ("EHLO001", _ehlo(b"250-\r\n250 STARTTLS\r\n")),
    ("EHLO002", _ehlo(b"250-hello_there\r\n250 STARTTLS\r\n")),
    ("EHLO003", _ehlo(b"250-STARTTLS\r\n250-mail.domain1.com\r\n250 SIZE 30000000\r\n")),
    ("EHLO003", _ehlo(b"250-PIPELINING\r\n250 STARTTLS\r\n")),
    ("EHLO004", _lines(b"mail.example.net", b"STARTTLS")),
    ("EHLO005", _lines("DSN grüß".encode(), b"STARTTLS")),
    ("EHLO006", _lines(b"AUTH=LOGIN", b"STARTTLS")),
    ("EHLO007", _lines(b"DSN", b"DSN", b"STARTTLS")),
    ("EHLO008", _lines(b"SIZE many", b"STARTTLS")),
    ("EHLO009", _lines(b"XXXXXXXA", b"8BITMIME")),
    ("EHLO009", _lines(b"XXXXXXXA", b"STARTTLS")),
    ("EHLO010", _lines(b"STARTTLS now")),
    ("EHLO011", _lines(b"FROBNICATE", b"STARTTLS")),
    ("EHLO012", _lines(b"", b"STARTTLS")),
    ("EHLO020", lambda: inside().ehlo(b"502 no\r\n").helo(b"250 mx01.example.com\r\n").delivery()),
    ("EHLO021", lambda: inside().ehlo(b"502 no\r\n").helo(b"502 no\r\n").delivery()),
    ("EHLO022", lambda: in_tls().handshake().ehlo_tls(b"503 no\r\n").delivery()),
    ("EHLO023", lambda: in_tls().handshake().ehlo_tls(EHLO_REPLY).delivery()),
    (
        "EHLO024",
        lambda: (
            in_tls()
            .handshake()
            .ehlo_tls(b"250-mx01.example.com\r\n250-SIZE 1\r\n250 DSN\r\n")
            .delivery()
        ),
    ),
    ("EHLO025", lambda: inside().ehlo(command=b"EHLO localhost\r\n").delivery()),
    ("EHLO026", clean),
    ("STLS001", _lines(b"8BITMIME")),
    ("STLS002", lambda: inside().ehlo().starttls(b"454 4.7.0 TLS not available\r\n").delivery()),
    ("STLS003", lambda: inside().ehlo().starttls(b"502 5.5.1 no such thing\r\n").delivery()),
    ("STLS004", _failed_handshake(EndingKind.TLS_ERROR)),
    ("STLS005", lambda: inside().ehlo().starttls(trailing=b"250 injected\r\n").delivery()),
    (
        "STLS006",
        lambda: _two_hosts(
            lambda trail: trail.greet().ehlo(),
            lambda trail: trail.greet().ehlo(b"250 mx02.example.com\r\n"),
        ),
    ),
    ("STLS007", _failed_handshake(EndingKind.TLS_ALERT, alert(40, "handshake_failure"))),
    ("STLS007", _failed_handshake(EndingKind.TLS_ERROR, alert(70, "protocol_version", sent=True))),
    ("STLS008", _failed_handshake(EndingKind.TIMEOUT)),
    ("STLS009", _failed_handshake(EndingKind.CLOSED)),
    ("STLS009", _failed_handshake(EndingKind.RESET)),
]

TLS_CASES: list[tuple[str, Factory]] = [
    ("TLS001", clean),
    ("TLS002", lambda: in_tls().handshake(protocol="TLSv1", cipher="ECDHE-RSA-AES").delivery()),
    ("TLS003", lambda: in_tls().handshake(protocol="TLSv1.2", cipher="RC4-SHA").delivery()),
    ("TLS003", lambda: in_tls().handshake(protocol="TLSv1.2", cipher="NULL-SHA256").delivery()),
    (
        "TLS003",
        lambda: in_tls().handshake(protocol="TLSv1.2", cipher="X", cipher_bits=40).delivery(),
    ),
    ("TLS004", lambda: in_tls().handshake(protocol="TLSv1.2", cipher="AES256-SHA").delivery()),
    (
        "TLS005",
        lambda: (
            in_tls().handshake(alerts=(alert(112, "unrecognized_name", fatal=False),)).delivery()
        ),
    ),
    (
        "TLS006",
        lambda: in_tls().handshake().ehlo_tls(b"", ending(EndingKind.TLS_ALERT)).delivery(),
    ),
    ("TLS007", lambda: in_tls().handshake(()).delivery()),
]


def _chain(*chain: bytes, errors: tuple[VerifyError, ...] = (), **more: object) -> Delivery:
    trail = in_tls().handshake(chain)
    return trail.chain(*errors, path=chain, **more).delivery()  # type: ignore[arg-type]


def _objection(code: int, depth: int = 0) -> VerifyError:
    return verify_error(verify_error_name(code), code, depth)


GOOD_LEAF, MAIL_CA = GOOD_CHAIN
NO_ISSUER = (_objection(20), _objection(21))
EMPTY = TrustStore(kind="file", path="/dev/null", roots=0)

CERTIFICATE_CASES: list[tuple[str, Factory]] = [
    ("CERT001", clean),
    ("CERT002", lambda: _chain(leaf(days=(-90, -3)), MAIL_CA, errors=(_objection(10),))),
    ("CERT002", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(10, 1),))),
    ("CERT003", lambda: _chain(leaf(days=(2, 90)), MAIL_CA, errors=(_objection(9),))),
    ("CERT004", lambda: _chain(leaf(days=(-80, 10)), MAIL_CA)),
    ("CERT005", lambda: _chain(make("a.example.net").der, errors=(_objection(18),))),
    ("CERT006", lambda: _chain(GOOD_LEAF, errors=NO_ISSUER)),
    ("CERT006", lambda: _chain(leaf(aia="http://ca.example.net/1.cer"), errors=NO_ISSUER)),
    ("CERT007", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(20, 1),))),
    ("CERT007", lambda: _chain(GOOD_LEAF, MAIL_CA, ROOT.der, errors=(_objection(19, 2),))),
    ("CERT008", lambda: _chain(GOOD_LEAF, ROOT.der, MAIL_CA)),
    ("CERT009", lambda: _chain(GOOD_LEAF, MAIL_CA, ROOT.der)),
    ("CERT010", lambda: _chain(GOOD_LEAF, MAIL_CA, OTHER_CA.der)),
    ("CERT011", lambda: _chain(GOOD_LEAF, MAIL_CA, MAIL_CA)),
    ("CERT012", lambda: _chain(leaf(key=weak_key()), MAIL_CA)),
    ("CERT012", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(67, 1),))),
    ("CERT013", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(68, 1),))),
    ("CERT014", lambda: _chain(leaf("mx01.example.com", ca=True), MAIL_CA)),
    ("CERT015", lambda: _chain(leaf(purpose=CLIENT_AUTH), MAIL_CA, errors=(_objection(26),))),
    ("CERT015", lambda: _chain(leaf(purpose=CLIENT_AUTH), MAIL_CA)),
    ("CERT016", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(47),))),
    ("CERT017", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(33, 1),))),
    ("CERT018", lambda: _chain(b"no certificate", errors=(_objection(1),))),
    ("CERT018", lambda: _chain(GOOD_LEAF, b"no certificate")),
    ("CERT019", lambda: _chain(GOOD_LEAF, MAIL_CA, errors=(_objection(20, 1),), store=EMPTY)),
]

IDENTITY_CASES: list[tuple[str, Factory]] = [
    ("IDENT001", _certificate(lambda: leaf("", ("other.example.net",)))),
    ("IDENT002", _certificate(lambda: leaf("", ("other.example.net",)))),
    ("IDENT003", _certificate(lambda: leaf("example.com", ()))),
    ("IDENT004", _with_ptr(lambda: leaf("*.hosted.test", ("hosted.test",)))),
    ("IDENT005", _certificate(lambda: leaf("", ("*.example.com",)))),
    ("IDENT006", _certificate(lambda: leaf("", ("mx*.example.com",)))),
    ("IDENT007", _certificate(lambda: leaf("mx01.example.com", ()))),
    ("IDENT008", _certificate(lambda: leaf("Mail Server of Example Ltd", ()))),
    ("IDENT009", _with_ptr(lambda: leaf("*.hosted.test", ("hosted.test",)))),
    ("IDENT010", _with_ptr(lambda: leaf("*.hosted.test", ("hosted.test",)))),
    ("IDENT011", _certificate(lambda: leaf("", ("mx01.example.com",)))),
    ("IDENT012", clean),
    ("IDENT013", _certificate(lambda: leaf("", ("example.com", "192.0.2.1")))),
]

MAIL, RCPT = b"MAIL FROM:<a@example.net>\r\n", b"RCPT TO:<b@example.com>\r\n"


def _mail(reply: bytes) -> Trail:
    return inside().ehlo().say(StepKind.MAIL, MAIL, reply)


def _many_addresses(count: int) -> Delivery:
    return Trail().mx(f"10 {HOST}.").host(HOST, *(f"192.0.2.{n}" for n in range(count))).delivery()


ENVELOPE_CASES: list[tuple[str, Factory]] = [
    ("ENV001", lambda: _mail(b"550 5.7.23 SPF\r\n").delivery()),
    (
        "ENV002",
        lambda: (
            _mail(b"250 ok\r\n").say(StepKind.RCPT, RCPT, b"450 4.2.1 greylisted\r\n").delivery()
        ),
    ),
    ("ENV003", _ehlo(b"421 4.3.2 shutting down\r\n")),
    ("ENV004", lambda: inside().quit(b"", ending(EndingKind.CLOSED)).delivery()),
    ("ENV004", lambda: inside().quit(b"421 4.4.2 closing\r\n").delivery()),
    (
        "ENV005",
        lambda: (
            inside()
            .ehlo(command=b"EHLO a.example.net\r\n", planned=b"EHLO probe.example.net\r\n")
            .delivery()
        ),
    ),
    (
        "ENV006",
        lambda: inside().ehlo(b"", ending(EndingKind.CANCELLED), cancelled=True).delivery(),
    ),
    ("ENV007", clean),
    ("ROUTE032", lambda: _many_addresses(33)),
    (
        "ENV008",
        lambda: (
            inside(mail_from="grün@example.net")
            .ehlo()
            .say(StepKind.MAIL, b"", b"", ending(EndingKind.LOCAL))
            .delivery()
        ),
    ),
    ("ENV009", lambda: inside().ehlo(b"", ending(EndingKind.LOCAL), command=b"").delivery()),
]

CASES = [
    *DNS_CASES,
    *DNSSEC_CASES,
    *SESSION_CASES,
    *TLS_CASES,
    *CERTIFICATE_CASES,
    *IDENTITY_CASES,
    *ENVELOPE_CASES,
    *DANE_CASES,
    *ALL_PKIX_CASES,
    *STS_CASES,
    *MAIL_CASES,
]
