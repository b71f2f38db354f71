"""A case for every code on messages, SPF, DKIM, DMARC, ARC and the roll-out."""

from __future__ import annotations

from collections.abc import Callable

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.mailauth import Verified
from tests.receivers.walks import (
    CLIENT,
    DMARC_REJECT,
    SPF,
    Dns,
    DomainSurvey,
    MessageWalk,
    Texts,
    good,
    key_text,
    keyed,
    mail,
    walk,
)

Factory = Callable[[], Delivery]
SIGNED = ("alice@example.com", "example.com sel")
DMARC = "_dmarc.example.com"
LIST = "List-Id: Talk <talk.example.org>\nList-Post: <mailto:talk@example.org>\n"
CLAIM = "Authentication-Results: mx.example.net; dmarc=fail header.from=example.com\n"
OTHER = "203.0.113.9"


def _message(raw: str, txt: Texts | None = None, *found: Verified, **given: object) -> Factory:
    base: Texts = {**SPF, **DMARC_REJECT, **keyed()}
    return lambda: walk(raw, base | (txt or {}), **given).all(*found)  # type: ignore[arg-type]


def _spf(record: str | tuple[str, ...], more: Texts | None = None, ip: str = OTHER) -> Factory:
    """SPF of MAIL FROM by this record, for a client it does not name."""
    return _message(mail(), {"example.com": record, **(more or {})}, ip=ip)


def _dmarc(record: str | tuple[str, ...], more: Texts | None = None) -> Factory:
    return _message(mail(*SIGNED), {DMARC: record, **(more or {})})


def _signed(*tags: str, found: Verified = Verified.VALID, txt: Texts | None = None) -> Factory:
    line = " ".join(("example.com", "sel", *tags))
    return _message(mail("alice@example.com", line), txt, found)


def _key(text: str) -> Factory:
    return _signed(txt={"sel._domainkey.example.com": text})


def _survey(txt: Texts | None = None, *, dns: Dns | None = None, **asked: object) -> Factory:
    zone = dns or Dns(txt={**SPF, **DMARC_REJECT, **keyed(), **(txt or {})})
    return lambda: DomainSurvey(zone, **asked).all()


def _record(text: str | tuple[str, ...], more: Texts | None = None) -> Factory:
    """A survey of this SPF record."""
    return _survey({"example.com": text, **(more or {})})


def _failing(*names: str, txt: Texts | None = None) -> Dns:
    base: Texts = {**SPF, **DMARC_REJECT, **keyed(), **(txt or {})}
    return Dns(txt=base, failing=dict.fromkeys(names, DnsStatus.SERVFAIL))


def _without(*names: str) -> Dns:
    base: Texts = {**SPF, **DMARC_REJECT, **keyed()}
    return Dns(txt={name: text for name, text in base.items() if name not in names})


def _arc(result: str, record: str = "v=DMARC1; p=reject") -> Factory:
    sealed = "ARC-Seal: i=1; cv=none; a=rsa-sha256; d=example.org; s=a; b=AA\n"

    def build() -> Delivery:
        made = walk(mail(top=sealed), {**SPF, DMARC: record}, ip=OTHER)
        return made.spf().arc(result).dmarc().delivery()

    return build


def _headers_only() -> Delivery:
    raw = mail(*SIGNED)
    return walk(raw, {**SPF, **keyed()}, whole=False).all(Verified.NOT_VERIFIED)


def _no_address() -> Delivery:
    dns = Dns(txt={**SPF, **DMARC_REJECT})
    return MessageWalk(dns, mail()).spf().dkim().dmarc().delivery()


def _assumed() -> Delivery:
    trace = (
        "Return-Path: <alice@example.com>\n"
        "Received: from mail.example.com (mail.example.com [198.41.0.4]) by mx.example.net;"
        " Sun, 22 Nov 2026 07:59:30 +0000\n"
    )
    return MessageWalk(Dns(txt={**SPF}), mail(top=trace)).spf().dmarc().delivery()


def _far_includes(number: int) -> Texts:
    return {f"s{n}.example.org": "v=spf1 ip4:198.51.100.1 -all" for n in range(number)}


def _including(number: int) -> str:
    return f"v=spf1 {' '.join(f'include:s{n}.example.org' for n in range(number))} -all"


VOIDS = "v=spf1 a:v1.example.org a:v2.example.org a:v3.example.org -all"
MESSAGE_CASES: list[tuple[str, Factory]] = [
    ("MSG001", _message(mail("nobody"))),
    ("MSG001", _message("To: bob@example.net\nSubject: x\n\nHello\n")),
    ("MSG002", _message(mail("alice@example.com, eve@example.org"))),
    ("MSG003", _no_address),
    ("MSG004", _assumed),
    ("MSG005", _headers_only),
    ("MSG006", _message(mail(fields="Subject: again\n"))),
    ("MSG007", _message(mail(*SIGNED), mail_from="<>")),
    ("AUTH001", _message(mail(*SIGNED, top=CLAIM))),
    ("AUTH001", _message(mail(*SIGNED, top=CLAIM.replace("mx.example.net", "mx.example.org")))),
    ("AUTH002", _message(mail(*SIGNED, top="Authentication-Results: spf=pass\n"))),
]
SPF_CASES: list[tuple[str, Factory]] = [
    ("SPF001", good),
    ("SPF002", _spf("v=spf1 mx -all")),
    ("SPF003", _spf("v=spf1 mx ~all")),
    ("SPF004", _spf("v=spf1 mx ?all")),
    ("SPF005", _spf("not a record of SPF")),
    ("SPF006", _spf("v=spf1 ip4:192.0.2.300 -all")),
    ("SPF006", _spf(("v=spf1 -all", "v=spf1 mx -all"))),
    ("SPF007", _spf(_including(12), _far_includes(12))),
    ("SPF008", _spf(VOIDS)),
    ("SPF009", lambda: walk(mail(), dns=_failing("example.com")).all()),
    ("SPF010", _message(mail(), {}, helo="other.example.org")),
    ("SPF011", _message(mail(), {"mail.example.com": "v=spf1 -all"})),
    ("SPF020", _survey(dns=_without("example.com"))),
    ("SPF021", _record(" v=spf1 mx -all")),
    ("SPF022", _record(("v=spf1 -all", "v=spf1 mx -all"))),
    ("SPF023", _record("v=spf1 ipv4:192.0.2.1 -all")),
    ("SPF024", _record("v=spf1 mx +all")),
    ("SPF024", _record("v=spf1 include:s.example.org -all", {"s.example.org": "v=spf1 +all"})),
    ("SPF025", _record("v=spf1 mx ?all")),
    ("SPF025", _record("v=spf1 ip4:192.0.2.1")),
    ("SPF026", _record("v=spf1 -all mx")),
    ("SPF026", _record("v=spf1 -all redirect=s.example.org")),
    ("SPF027", _record("v=spf1 ptr -all")),
    ("SPF028", _record(_including(12), _far_includes(12))),
    ("SPF029", _record(_including(9), _far_includes(9))),
    ("SPF030", _record(VOIDS)),
    ("SPF031", _record("v=spf1 a:v1.example.org -all")),
    ("SPF032", _record("v=spf1 ip4:192.0.0.0/8 -all")),
    ("SPF033", _record("v=spf1 IP4:192.0.2.1 -all")),
    ("SPF034", _record(f"v=spf1 {' '.join(f'ip4:192.0.2.{n}' for n in range(1, 40))} -all")),
    ("SPF035", _record('\0"v=spf1 ip4:192.0.2.1" "include:s.example.org -all"')),
    (
        "SPF036",
        _survey(
            dns=Dns(txt=dict(SPF), other={("example.com", "SPF"): ('"v=spf1 -all"',)}),
        ),
    ),
    ("SPF037", _record("v=spf1 include:gone.example.org -all")),
    ("SPF037", _record("v=spf1 include:example.com -all")),
    (
        "SPF038",
        _survey(
            dns=Dns(
                txt={"example.com": "v=spf1 mx -all"},
                other={("example.com", "MX"): tuple(f"10 m{n}.example.com." for n in range(12))},
            )
        ),
    ),
    ("SPF039", _survey(dns=_failing("example.com"))),
    ("SPF040", _survey(sends=False)),
    ("SPF040", _survey(subdomains=("www.example.com",))),
    ("SPF041", _survey()),
]
DKIM_CASES: list[tuple[str, Factory]] = [
    ("DKIM001", good),
    ("DKIM002", _message(mail())),
    ("DKIM003", _signed(found=Verified.BODY_HASH)),
    ("DKIM004", _signed(found=Verified.HEADER)),
    ("DKIM005", lambda: walk(mail("a@example.com", "example.com gone"), dict(SPF)).all()),
    ("DKIM006", lambda: walk(mail(*SIGNED), dns=_failing("sel._domainkey.example.com")).all()),
    ("DKIM007", _key("v=DKIM1; p=")),
    ("DKIM008", _key("v=DKIM1; k=rsa")),
    ("DKIM009", _key(key_text(768))),
    ("DKIM010", _signed("a=rsa-sha1", "bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk=")),
    ("DKIM011", _signed("h=to:subject")),
    ("DKIM011", _signed("i=@example.org")),
    ("DKIM012", _signed("t=1700000000", "x=1700100000")),
    ("DKIM013", _signed("l=3")),
    ("DKIM014", _signed("t=1795330000", "x=1795341600")),
    ("DKIM015", _signed("h=from")),
    ("DKIM016", _message(mail("alice@example.com", *["example.com sel"] * 6))),
    ("DKIM017", _message(mail(*SIGNED, fields=LIST), {}, Verified.BODY_HASH)),
    ("DKIM030", _survey({"bad._domainkey.example.com": "v=DKIM1; p=***"}, selectors=("bad",))),
    ("DKIM031", _survey(keyed(bits=1024), selectors=("sel",))),
    ("DKIM031", _key(key_text(1024))),
    (
        "DKIM032",
        _survey({"sel._domainkey.example.com": key_text(2048, "t=y; ")}, selectors=("sel",)),
    ),
    (
        "DKIM033",
        _survey(
            {"sel._domainkey.example.com": key_text(2048, "g=*; ").removeprefix("v=DKIM1; ")},
            selectors=("sel",),
        ),
    ),
    ("DKIM034", _survey(selectors=("sel",))),
    ("DKIM035", _survey({"old._domainkey.example.com": "v=DKIM1; p="}, selectors=("old",))),
    ("DKIM036", _survey(selectors=("none",))),
    ("DKIM037", _survey(dns=_failing("sel._domainkey.example.com"), selectors=("sel",))),
]
THIRD_PARTY = mail("alice@example.com", "mailer.example.org sel")
MAILER: Texts = {
    "mailer.example.org": f"v=spf1 ip4:{CLIENT} -all",
    **keyed("mailer.example.org"),
    "_dmarc.example.org": "v=DMARC1; p=none",
}
DMARC_CASES: list[tuple[str, Factory]] = [
    ("DMARC001", good),
    ("DMARC002", _message(THIRD_PARTY, MAILER, mail_from="bounce@mailer.example.org")),
    (
        "DMARC002",
        _message(
            mail("alice@www.example.com", "example.com sel"),
            {DMARC: "v=DMARC1; p=reject; adkim=s; aspf=s"},
        ),
    ),
    ("DMARC003", _message(mail(), ip=OTHER)),
    ("DMARC004", lambda: walk(mail(), dns=_failing(DMARC)).all()),
    ("DMARC005", lambda: walk(mail(), dict(SPF)).all()),
    ("DMARC006", _dmarc("v=DMARC1; p=strict")),
    (
        "DMARC007",
        _message(
            mail("alice@www.example.com", "example.com sel"),
            {"_dmarc.www.example.com": "v=DMARC1; p=reject; psd=n"},
        ),
    ),
    ("DMARC008", _message(mail(*SIGNED, fields=LIST), {}, Verified.BODY_HASH, ip=OTHER)),
    ("DMARC009", _message(mail(*SIGNED, top="Resent-To: carol@example.net\n"), ip=OTHER)),
    ("DMARC010", _message(mail())),
    ("ARC001", _arc("pass")),
    ("ARC002", _arc("fail")),
    ("DMARC020", _dmarc(("v=DMARC1; p=none", "v=DMARC1; p=reject"))),
    ("DMARC021", _dmarc("v=dmarc1; p=none")),
    ("DMARC021", _dmarc(" v=DMARC1; p=none")),
    ("DMARC022", _dmarc("v=DMARC1; p=strict; rua=mailto:d@example.com")),
    ("DMARC023", _dmarc("v=DMARC1; p=none; rua=mailto:d@example.com")),
    ("DMARC024", _dmarc("v=DMARC1; p=none")),
    ("DMARC024", _dmarc("v=DMARC1; p=reject")),
    ("DMARC025", _dmarc("v=DMARC1; p=reject; sp=none")),
    ("DMARC026", _dmarc("v=DMARC1; p=quarantine")),
    (
        "DMARC027",
        _message(
            mail("alice@www.example.com"),
            {"_dmarc.www.example.com": "v=DMARC1; p=reject; sp=none"},
        ),
    ),
    ("DMARC028", _dmarc("v=DMARC1; p=reject; pct=50")),
    ("DMARC028", _dmarc("v=DMARC1; p=reject; ri=3600")),
    ("DMARC029", _dmarc("v=DMARC1; p=reject; x=1")),
    ("DMARC030", _dmarc("v=DMARC1; p=reject; adkim=q")),
    ("DMARC031", _dmarc("v=DMARC1; p=reject; rua=d@example.com")),
    ("DMARC032", _dmarc("v=DMARC1; p=reject; rua=mailto:d@reports.example.org")),
    (
        "DMARC033",
        lambda: walk(
            mail(),
            dns=_failing(
                "example.com._report._dmarc.reports.example.org",
                txt={DMARC: "v=DMARC1; p=reject; rua=mailto:d@reports.example.org"},
            ),
        ).all(),
    ),
    ("DMARC034", _dmarc("v=DMARC1; p=reject; ruf=mailto:d@example.com")),
    ("DMARC035", _dmarc("v=DMARC1; p=reject; psd=y")),
    ("DMARC036", _dmarc("v=DMARC1; p=reject; t=y")),
    (
        "DMARC037",
        _survey(dns=Dns(txt={"_dmarc.example.com": "v=DMARC1; p=reject"}), selectors=("none",)),
    ),
    ("DMARC038", _dmarc(("v=DMARC1; p=reject", "something else"))),
    ("DMARC039", _survey(dns=_without(DMARC))),
    ("DMARC040", _survey()),
    ("DMARC041", _survey(dns=_failing(DMARC))),
]
ROLL_CASES: list[tuple[str, Factory]] = [
    ("ROLL001", _survey({DMARC: ("v=DMARC1; p=none", "v=DMARC1; p=reject")}, selectors=("sel",))),
    ("ROLL002", _survey(dns=_without(DMARC), selectors=("sel",))),
    ("ROLL003", _survey(selectors=("sel",))),
    ("ROLL004", _survey({DMARC: "v=DMARC1; p=none"}, sends=False)),
    ("ROLL005", _record("v=spf1 include:s0.example.org -all", _far_includes(1))),
    ("ROLL006", _survey(selectors=("sel",))),
]
MAIL_CASES = [*MESSAGE_CASES, *SPF_CASES, *DKIM_CASES, *DMARC_CASES, *ROLL_CASES]
