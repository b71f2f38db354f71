"""The tab *extensions* of one certificate: each with its criticality and what it says (RFC 5280 4.2).

An extension nobody here reads is shown by its identifier and the beginning of its contents in
hexadecimal; the whole can be copied.
"""

from collections.abc import Callable, Iterator

from mxwalk.tls.certificate import CertificateFacts, extension_contents
from widgets.chain_entry import Entry
from widgets.chain_fields import note, short
from widgets.glyphs import glyphs
from widgets.plain import Look, line
from widgets.row import Row, text_row

_SHOWN = 80
_HEX_SHOWN = 160
_LISTED = 12
_UNREAD = {  # read by their presence alone, or not at all
    "issuerAltName": "2.5.29.18",
    "policyMappings": "2.5.29.33",
    "ipAddrBlocks": "1.3.6.1.5.5.7.1.7",
    "autonomousSysIds": "1.3.6.1.5.5.7.1.8",
    "proxyCertInfo": "1.3.6.1.5.5.7.1.14",
}
_NETSCAPE = (
    "SSL client",
    "SSL server",
    "S/MIME",
    "object signing",
    "reserved",
    "SSL CA",
    "S/MIME CA",
    "object signing CA",
)


def extension_rows(entry: Entry, width: int) -> Iterator[Row]:
    """Yield a row for each extension, in the certificate's order."""
    facts = entry.facts
    if not facts.extensions:
        version = f"version {facts.version}" if facts.version else "unreadable"
        yield text_row("no-extensions", line((f"no extensions ({version})", Look.DIM)))
        return
    for number, (name, critical) in enumerate(facts.extensions[:_SHOWN]):
        words = line((name, Look.HEADING), "  ")
        words += line(("critical", Look.WARN) if critical else ("not critical", Look.DIM))
        if name in facts.repeated_extensions:
            words += line("  ", (f"{glyphs().fail} occurs more than once", Look.FAIL))
        value = _value(entry, name)
        row = note(("extension", number), words, width, copy=f"{name}: {value}", what=name)
        body = line("    ", short(value, _HEX_SHOWN * 4) or "(empty)")
        if name in facts.unreadable_extensions:
            body = line("    ", (f"{glyphs().fail} cannot be read", Look.FAIL), f": {short(value)}")
        yield Row(key=row.key, lines=(*row.lines, body), copy=row.copy, what=row.what)
    more = len(facts.extensions) - _SHOWN
    if more > 0:
        yield text_row("extensions-more", line((f"and {more} more extensions", Look.DIM)))


def extensions_text(entry: Entry) -> str:
    """Return every extension, one a line."""
    return "\n".join(
        f"{name} ({'critical' if critical else 'not critical'}): {_value(entry, name)}"
        for name, critical in entry.facts.extensions[:1_000]
    )


def _value(entry: Entry, name: str) -> str:
    facts = entry.facts
    reading = _READINGS.get(name)
    if reading is not None and name not in facts.unreadable_extensions:
        return reading(facts)
    dotted = _UNREAD.get(name, name)
    contents = extension_contents(entry.der, dotted) if dotted[:1].isdigit() else None
    if contents is None:
        return "contents not at hand"
    more = f" ... ({len(contents)} bytes)" if len(contents) > _HEX_SHOWN else ""
    return contents[:_HEX_SHOWN].hex(" ", 4) + more


def _some(values: tuple[str, ...], none: str = "(empty)") -> str:
    more = len(values) - _LISTED
    return (", ".join(values[:_LISTED]) or none) + (f" and {more} more" if more > 0 else "")


def _alternative(facts: CertificateFacts) -> str:
    names = (*facts.dns_names, *(f"{kind} {name}" for kind, name in facts.other_names))
    return f"{len(names)} name{'' if len(names) == 1 else 's'}: {_some(names)}"


def _basic(facts: CertificateFacts) -> str:
    if not facts.is_ca:
        return "not a CA"
    limit = facts.path_length
    return "a CA" + (
        f", at most {limit} CAs below it" if limit is not None else ", any depth below"
    )


def _authority(facts: CertificateFacts) -> str:
    serial = f"; serial {facts.authority_serial}" if facts.authority_serial else ""
    return (facts.authority_key_id or "no key identifier") + serial


def _access(facts: CertificateFacts) -> str:
    parts = [*(f"OCSP {url}" for url in facts.ocsp_urls)]
    parts += [f"CA issuers {url}" for url in facts.ca_issuer_urls]
    return _some(tuple(parts))


def _timestamps(facts: CertificateFacts) -> str:
    stamps = [f"{one.log_id[:16]} {one.at:%Y-%m-%d}" for one in facts.timestamps if one.at]
    count = len(facts.timestamps)
    return f"{count} log{'' if count == 1 else 's'}: {_some(tuple(stamps))} (not verified)"


def _policy(facts: CertificateFacts) -> str:
    after = facts.explicit_policy_after
    return f"explicit policy after {after} certificates" if after is not None else "(nothing read)"


def _any_policy(facts: CertificateFacts) -> str:
    return f"anyPolicy ends after {facts.any_policy_until} certificates"


def _netscape(facts: CertificateFacts) -> str:
    return _some(
        tuple(
            _NETSCAPE[bit] if bit < len(_NETSCAPE) else f"bit {bit}" for bit in facts.netscape_types
        )
    )


_READINGS: dict[str, Callable[[CertificateFacts], str]] = {
    "subjectKeyIdentifier": lambda facts: facts.subject_key_id,
    "authorityKeyIdentifier": _authority,
    "keyUsage": lambda facts: _some(facts.key_usage),
    "extendedKeyUsage": lambda facts: _some(facts.extended_key_usage),
    "subjectAltName": _alternative,
    "basicConstraints": _basic,
    "nameConstraints": lambda facts: _some(facts.name_constraints),
    "cRLDistributionPoints": lambda facts: _some(facts.crl_urls, "no address"),
    "authorityInfoAccess": _access,
    "certificatePolicies": lambda facts: _some(facts.policies),
    "policyConstraints": _policy,
    "inhibitAnyPolicy": _any_policy,
    "netscapeCertType": _netscape,
    "tlsFeature": lambda facts: (
        "must staple: the server has to send an OCSP response (RFC 7633)"
        if facts.must_staple
        else "no status_request"
    ),
    "ocspNoCheck": lambda _: "this responder's certificate is not checked itself (RFC 6960)",
    "signedCertificateTimestamps": _timestamps,
    "precertificatePoison": lambda _: "a precertificate, never to be used by a server (RFC 6962)",
}
