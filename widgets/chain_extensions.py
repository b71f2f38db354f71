"""The tab *extensions* of one certificate: each with its criticality and what it says (RFC 5280 4.2).

An extension nobody here reads is shown by its identifier and the beginning of its contents in
hexadecimal; the whole can be copied.
"""

from collections.abc import Callable, Iterator

from mxwalk.language import noted, say, say_many
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
    noted("SSL client"),
    noted("SSL server"),
    "S/MIME",
    noted("object signing"),
    noted("reserved"),
    "SSL CA",
    "S/MIME CA",
    noted("object signing CA"),
)


def extension_rows(entry: Entry, width: int) -> Iterator[Row]:
    """Yield a row for each extension, in the certificate's order."""
    facts = entry.facts
    if not facts.extensions:
        version = (
            say("version {version}", version=facts.version) if facts.version else say("unreadable")
        )
        yield text_row(
            "no-extensions", line((say("no extensions ({version})", version=version), Look.DIM))
        )
        return
    for number, (name, critical) in enumerate(facts.extensions[:_SHOWN]):
        words = line((name, Look.HEADING), "  ")
        words += line((_critical(critical), Look.WARN if critical else Look.DIM))
        if name in facts.repeated_extensions:
            words += line("  ", (f"{glyphs().fail} " + say("occurs more than once"), Look.FAIL))
        value = _value(entry, name)
        row = note(("extension", number), words, width, copy=f"{name}: {value}", what=name)
        body = line("    ", short(value, _HEX_SHOWN * 4) or say("(empty)"))
        if name in facts.unreadable_extensions:
            body = line(
                "    ",
                (f"{glyphs().fail} " + say("cannot be read"), Look.FAIL),
                f": {short(value)}",
            )
        yield Row(key=row.key, lines=(*row.lines, body), copy=row.copy, what=row.what)
    more = len(facts.extensions) - _SHOWN
    if more > 0:
        yield text_row(
            "extensions-more", line((say("and {more} more extensions", more=more), Look.DIM))
        )


def extensions_text(entry: Entry) -> str:
    """Return every extension, one a line."""
    return "\n".join(
        f"{name} ({_critical(critical)}): {_value(entry, name)}"
        for name, critical in entry.facts.extensions[:1_000]
    )


def _critical(critical: bool) -> str:
    return say("critical") if critical else say("not critical")


def _value(entry: Entry, name: str) -> str:
    facts = entry.facts
    reading = _READINGS.get(name)
    if reading is not None and name not in facts.unreadable_extensions:
        return reading(facts)
    dotted = _UNREAD.get(name, name)
    contents = extension_contents(entry.der, dotted) if dotted[:1].isdigit() else None
    if contents is None:
        return say("contents not at hand")
    more = (
        " " + say("... ({number} bytes)", number=len(contents))
        if len(contents) > _HEX_SHOWN
        else ""
    )
    return contents[:_HEX_SHOWN].hex(" ", 4) + more


def _some(values: tuple[str, ...], none: str = noted("(empty)")) -> str:
    more = len(values) - _LISTED
    return (", ".join(values[:_LISTED]) or say(none)) + (
        " " + say("and {more} more", more=more) if more > 0 else ""
    )


def _alternative(facts: CertificateFacts) -> str:
    names = (*facts.dns_names, *(f"{kind} {name}" for kind, name in facts.other_names))
    return say_many("{n} name: {names}", "{n} names: {names}", len(names), names=_some(names))


def _basic(facts: CertificateFacts) -> str:
    if not facts.is_ca:
        return say("not a CA")
    limit = facts.path_length
    if limit is None:
        return say("a CA, any depth below")
    return say("a CA, at most {limit} CAs below it", limit=limit)


def _authority(facts: CertificateFacts) -> str:
    key = facts.authority_key_id or say("no key identifier")
    serial = facts.authority_serial
    return say("{key}; serial {serial}", key=key, serial=serial) if serial else key


def _access(facts: CertificateFacts) -> str:
    parts = [*(f"OCSP {url}" for url in facts.ocsp_urls)]
    parts += [say("CA issuers {url}", url=url) for url in facts.ca_issuer_urls]
    return _some(tuple(parts))


def _timestamps(facts: CertificateFacts) -> str:
    stamps = [f"{one.log_id[:16]} {one.at:%Y-%m-%d}" for one in facts.timestamps if one.at]
    count = len(facts.timestamps)
    logs = _some(tuple(stamps))
    return say_many(
        "{n} log: {logs} (not verified)", "{n} logs: {logs} (not verified)", count, logs=logs
    )


def _policy(facts: CertificateFacts) -> str:
    after = facts.explicit_policy_after
    return (
        say("explicit policy after {after} certificates", after=after)
        if after is not None
        else say("(nothing read)")
    )


def _any_policy(facts: CertificateFacts) -> str:
    return say("anyPolicy ends after {number} certificates", number=facts.any_policy_until)


def _netscape(facts: CertificateFacts) -> str:
    return _some(
        tuple(
            say(_NETSCAPE[bit]) if bit < len(_NETSCAPE) else say("bit {bit}", bit=bit)
            for bit in facts.netscape_types
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
    "cRLDistributionPoints": lambda facts: _some(facts.crl_urls, noted("no address")),
    "authorityInfoAccess": _access,
    "certificatePolicies": lambda facts: _some(facts.policies),
    "policyConstraints": _policy,
    "inhibitAnyPolicy": _any_policy,
    "netscapeCertType": _netscape,
    "tlsFeature": lambda facts: (
        say("must staple: the server has to send an OCSP response (RFC 7633)")
        if facts.must_staple
        else say("no status_request")
    ),
    "ocspNoCheck": lambda _: say("this responder's certificate is not checked itself (RFC 6960)"),
    "signedCertificateTimestamps": _timestamps,
    "precertificatePoison": lambda _: say(
        "a precertificate, never to be used by a server (RFC 6962)"
    ),
}
