"""Where a text comes in: one line a door.  A door takes the octets and returns what the product reads.

Doors of the wire let real servers say the text (``stage``); a file, a paste and a note are what a person
opens, pastes or writes.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from mxwalk.evidence.notes import note_step
from mxwalk.evidence.trace import Trace
from mxwalk.lab.dns_faults import DnsFaultKind
from mxwalk.lab.host import TlsSpec
from mxwalk.lab.message import SurveySpec
from mxwalk.lab.model import DnsFaultText, Scenario
from tests.hostility import files
from tests.hostility.stage import HOST, MX, SERVED, scenario, walked
from tests.reports.samples import hostile_trace
from tests.widgets.messages import spoilt_trace
from tests.widgets.samples import sample_trace


class Kind(enum.Enum):
    """What a door brings."""

    WALK = "a walk"  # Trace
    TLS_REPORT = "a TLS report"  # octets of a file
    DMARC_REPORT = "a DMARC report"  # likewise
    PASTE = "a pasted text"  # likewise


@dataclass(frozen=True, slots=True)
class Door:
    """One way in."""

    name: str
    brings: Kind
    enter: Callable[[bytes], Trace | bytes]


def _said(text: bytes) -> str:
    return text.decode("latin-1")  # the lab's notation: a character for each octet


def _host(**said: object) -> Trace:
    return walked(scenario(host=msgspec.structs.replace(HOST, **said)))


def _banner(text: bytes) -> Trace:
    return _host(greeting=f"220 mx1.example.com {_said(text)}\r\n")


def _ehlo(text: bytes) -> Trace:
    said = _said(text)
    return _host(
        ehlo=f"250-{said}\r\n250-SIZE {said}\r\n250-{said} {said}\r\n250-STARTTLS\r\n250 {said}\r\n"
    )


def _ehlo_in_tls(text: bytes) -> Trace:
    said = _said(text)
    return _host(ehlo_tls=f"250-mx1.example.com {said}\r\n250-AUTH {said}\r\n250 {said}\r\n")


def _replies(text: bytes) -> Trace:
    said = _said(text)
    replies = {
        "MAIL": f"250-2.1.0 {said}\r\n250 2.1.0 {said}\r\n",
        "RCPT": f"550-5.7.1 {said}\r\n550 5.7.1 {said}\r\n",
        "RSET": f"250 {said}\r\n",
        "QUIT": f"221 {said}\r\n",
    }
    return _host(replies=replies)


def _refusals(text: bytes) -> Trace:
    said = _said(text)
    return _host(replies={"STARTTLS": f"454 4.7.0 {said}\r\n", "MAIL": f"421 {said}\r\n"})


def _behind_starttls(text: bytes) -> Trace:
    return _host(starttls_extra=_said(text))


def _certificates(text: bytes) -> Trace:
    return walked(scenario(), certificates=text)


def _authorities(text: bytes) -> Trace:
    whole = text.decode("utf-8", "replace").replace("\0", "0").encode()
    words = whole[:60].decode(errors="ignore") or "-"
    spec = TlsSpec(ask_client_certificate=True, acceptable_authorities=(words,))
    return _host(tls=spec)


def _label(text: bytes) -> str:
    return "".join(f"\\{octet:03}" for octet in text[:60] or b"-")


def _strings(text: bytes) -> str:
    """Return octets as the character strings of a TXT record (RFC 1035 5.1)."""
    octets = [f"\\{octet:03}" for octet in text[:1_000]]
    parts = ["".join(octets[at : at + 250]) for at in range(0, len(octets), 250)]
    return " ".join(f'"{part}"' for part in parts or [""])


def _names(text: bytes) -> Scenario:
    label = _label(text)
    records = {
        "mx2": f"@ MX 20 {label}",
        "a2": f"{label} CNAME {label}.cname",
        "a3": f"{label}.cname A 192.0.2.41",
        "ptr2": f"{MX} PTR {label}.example.com.",
        "ptr3": f"192.0.2.41 PTR {label}.example.com.",
    }
    return scenario(records=records)


def _texts(text: bytes) -> Scenario:
    said = _strings(text)
    records = {
        "sts": f"_mta-sts TXT {said}",
        "sts2": f'_mta-sts TXT "v=STSv1; id=" {said}',
        "tlsrpt": f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:" {said}',
        "tlsrpt2": f"_smtp._tls TXT {said}",
    }
    return scenario(records=records)


def _published(text: bytes) -> Scenario:
    said = _strings(text)
    records = {
        "spf": f'@ TXT "v=spf1 a:" {said} " include:" {said} " " {said}',
        "dmarc": f'_dmarc TXT "v=DMARC1; p=none; rua=mailto:" {said} "; " {said}',
        "key": f's1._domainkey TXT "v=DKIM1; n=" {said} "; k=" {said}',
        "sts": f"_mta-sts TXT {said}",
    }
    survey = SurveySpec(selectors=("s1",), subdomains=("www.example.com",))
    return scenario(records=records, survey=survey, target="example.com")


def _dns_errors(text: bytes) -> Scenario:
    said = text.decode("utf-8", "replace")[:500]
    faults = tuple(
        DnsFaultText(name=name, rtype=rtype, kind=DnsFaultKind.SERVFAIL, ede_code=6, ede_text=said)
        for name, rtype in (("_mta-sts.example.com", "TXT"), ("mx1.example.com", "AAAA"))
    )
    return scenario(dns_faults=faults)


def _policy(text: bytes) -> Trace:
    said = _said(text)
    body = f"version: STSv1\nmode: {said}\nmx: {said}\n{said}: {said}\nmax_age: {said}\n"
    return walked(scenario(served=msgspec.structs.replace(SERVED, body=body)))


def _http_headers(text: bytes) -> Trace:
    said = _said(text)
    served = msgspec.structs.replace(SERVED, media_type=f"text/{said}", body=said)
    return walked(scenario(served=served))


def _redirect(text: bytes) -> Trace:
    to = f"https://{_said(text)}/x"
    return walked(scenario(served=msgspec.structs.replace(SERVED, body=None, redirect=to)))


def _note(text: bytes) -> Trace:
    trace = sample_trace()
    words = text.decode("utf-8", "surrogateescape")[:2_000]
    return trace.with_step(note_step(trace, 3, words, 9.0))


def _utf_8(text: bytes) -> bytes:
    """Return what a trace can hold in its strings."""
    return text.decode("utf-8", "replace").encode()


# What a domain's DNS says, whoever asks for it.
BY_DNS: Mapping[str, Callable[[bytes], Scenario]] = {
    "DNS names": _names,
    "DNS texts": _texts,
    "DNS errors": _dns_errors,
    "published": _published,
}


def _walk_by(name: str) -> Callable[[bytes], Trace]:
    return lambda text: walked(BY_DNS[name](text))


DOORS = (
    Door("banner", Kind.WALK, _banner),
    Door("EHLO", Kind.WALK, _ehlo),
    Door("EHLO in TLS", Kind.WALK, _ehlo_in_tls),
    Door("replies", Kind.WALK, _replies),
    Door("refusals", Kind.WALK, _refusals),
    Door("behind STARTTLS", Kind.WALK, _behind_starttls),
    Door("certificates", Kind.WALK, _certificates),
    Door("client CAs", Kind.WALK, _authorities),
    *(Door(name, Kind.WALK, _walk_by(name)) for name in BY_DNS),
    Door("policy", Kind.WALK, _policy),
    Door("HTTP headers", Kind.WALK, _http_headers),
    Door("HTTP redirect", Kind.WALK, _redirect),
    Door("message", Kind.WALK, spoilt_trace),
    Door("note", Kind.WALK, _note),
    Door("trace, by hand", Kind.WALK, lambda text: sample_trace(_utf_8(text[:2_000]))),
    Door("trace of a delivery", Kind.WALK, lambda text: hostile_trace(text[:1_000], "esa-san")),
    Door("trace with DANE", Kind.WALK, lambda text: hostile_trace(text[:300], "dane-mixed")),
    Door("trace of a policy", Kind.WALK, lambda text: hostile_trace(text[:300], "sts-redirect")),
    Door("trace of a message", Kind.WALK, lambda text: hostile_trace(text[:300], "dmarc-arc")),
    Door("trace of a domain", Kind.WALK, lambda text: hostile_trace(text[:300], "domain-complete")),
    Door("TLS report", Kind.TLS_REPORT, files.tls_report),
    Door("TLS report in a mail", Kind.TLS_REPORT, files.tls_report_mail),
    Door("DMARC report", Kind.DMARC_REPORT, files.dmarc_report),
    Door("DMARC report in a zip", Kind.DMARC_REPORT, files.dmarc_report_zip),
    Door("paste: as it is", Kind.PASTE, lambda text: text),
    Door("paste: a bounce", Kind.PASTE, files.bounce),
    Door("paste: log lines", Kind.PASTE, files.log_lines),
    Door("paste: a dialogue", Kind.PASTE, files.dialogue),
)
