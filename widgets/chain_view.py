"""The certificate chain from leaf to root, one certificate at a time.

The list says who each certificate is for, whether the server sent it or the store supplied it, and
what OpenSSL objected to at its depth; below it, the selected one in full.  ``y`` copies it as PEM.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from mxwalk.delivery.model import Attempt
from mxwalk.evidence.step import ChainChecked
from mxwalk.evidence.tls import VerifyError
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from mxwalk.tls.keys import SignatureCheck, signed_by
from widgets.glyphs import glyphs
from widgets.plain import Look, cut, fit, line, shorten, wrap
from widgets.row import Row, text_row
from widgets.shown import View
from widgets.validity_bar import validity_bar, validity_words

_LISTED = 9
_LABEL = 13
_NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    der: bytes
    facts: CertificateFacts
    depth: int | None  # in the path OpenSSL built; None when it is not part of it
    sent: int | None  # place in the order sent; None when the store supplied it
    errors: tuple[VerifyError, ...] = ()


class ChainView(View):
    """The chain of the connection looked at."""

    empty = "No certificates yet: the walk has not come to the TLS handshake."

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the verdict, the list of certificates, and the selected one in full."""
        attempt = self.shown.attempt if self.shown else None
        entries = _entries(attempt) if attempt else []
        if attempt is None or not entries:
            if self.shown is not None:
                words = self.empty
                if attempt is not None and attempt.handshake is not None:
                    words = "The server sent no certificate."
                yield text_row("none", *wrap(line((words, Look.DIM)), width))
            return
        assert self.shown is not None
        yield text_row("verdict", *_verdict(attempt.chain, width))
        at = self._cursor if isinstance(self._cursor, int) and self._cursor < len(entries) else 0
        first = min(max(0, at - _LISTED // 2), max(0, len(entries) - _LISTED))
        if first:
            yield text_row("above", line((f"{first} more above", Look.DIM)))
        for index in range(first, min(len(entries), first + _LISTED)):
            yield self._listed(index, entries[index], width)
        left = len(entries) - first - _LISTED
        if left > 0:
            yield text_row("below", line((f"{left} more below", Look.DIM)))
        missing = _missing(entries)
        if missing is not None:
            yield text_row("missing", cut(missing, width))
        issuer = entries[at + 1] if at + 1 < len(entries) else None
        yield text_row("detail", *self._detail(entries[at], issuer, width))

    def cursor_moved(self) -> None:
        """Show the newly selected certificate."""
        self.rebuild()

    def _listed(self, index: int, entry: _Entry, width: int) -> Row:
        assert self.shown is not None
        facts = entry.facts
        symbol, look = (glyphs().fail, Look.FAIL) if entry.errors else (glyphs().ok, Look.OK)
        if entry.depth is None:
            symbol, look = glyphs().none, Look.DIM
        place = "-" if entry.depth is None else str(entry.depth)
        name = (
            facts.common_name
            or (facts.dns_names[0] if facts.dns_names else facts.subject)
            or "no name"
        )
        came = "from the store" if entry.sent is None else "sent"
        if entry.depth is None:
            came = "sent, not used"
        validity = validity_words(facts.not_before, facts.not_after, self.shown.now)
        room = max(8, width - 3 - 3 - 13 - 16 - 17)
        content = (
            line(
                (symbol, look),
                " ",
                fit(place, 2, Look.DIM),
                " ",
                fit(_role(entry), 12, Look.HEADING),
                " ",
            )
            + fit(name, room, Look.STRONG, middle=True)
            + "  "
            + fit(came, 14, Look.DIM)
            + "  "
            + validity
        )
        return Row(key=index, lines=(content,), copy=_pem(entry.der), what="certificate as PEM")

    def _detail(self, entry: _Entry, issuer: _Entry | None, width: int) -> list[Content]:
        assert self.shown is not None
        facts = entry.facts
        lines = [Content()]
        for problem in facts.problems:
            lines.extend(wrap(line((f"{glyphs().warn} {problem}", Look.WARN)), width, indent=2))
        if not facts.readable:
            return lines
        bar, words = (
            *validity_bar(facts.not_before, facts.not_after, self.shown.now, width - _LABEL),
            Content(),
        )[:2]
        lines.extend(_field("subject", line((facts.subject or "(empty)", Look.STRONG)), width))
        lines.extend(_field("issuer", line(facts.issuer or "(empty)"), width))
        lines.extend(_field("signed by", _link(entry, issuer, self.shown.attempt), width))
        lines.append(line(fit("validity", _LABEL, Look.DIM)) + bar)
        lines.append(line(" " * _LABEL) + words)
        if entry.depth == 0 or facts.dns_names:
            lines.extend(_field("DNS names", _names(facts), width))
        size = f"{facts.key.bits} bits" if facts.key.bits else ""
        key = " ".join(part for part in (facts.key.type, size, facts.key.curve) if part)
        lines.extend(
            _field("key", line(key, (f"   signature {facts.signature_algorithm}", Look.DIM)), width)
        )
        lines.extend(_field("use", _use(facts), width))
        lines.extend(_field("SHA-256", line((_grouped(facts.sha256), Look.DIM)), width))
        lines.extend(_field("SPKI SHA-256", line((_grouped(facts.spki_sha256), Look.DIM)), width))
        lines.extend(_field("serial", line((facts.serial, Look.DIM)), width))
        return lines


def _entries(attempt: Attempt) -> list[_Entry]:
    """Path first, leaf to root; then what was sent and not used."""
    handshake, chain = attempt.handshake, attempt.chain
    sent = list(handshake.presented) if handshake else []
    places = {der: index for index, der in reversed(list(enumerate(sent)))}
    path = [certificate.der for certificate in chain.path] if chain else []
    if not path:
        path = sent
    errors = chain.errors if chain else ()
    entries = [
        _Entry(
            der=der,
            facts=read_certificate(der),
            depth=depth,
            sent=places.get(der),
            errors=tuple(error for error in errors if error.depth == depth),
        )
        for depth, der in enumerate(path)
    ]
    used = set(path)
    entries.extend(
        _Entry(der=der, facts=read_certificate(der), depth=None, sent=index)
        for index, der in enumerate(sent)
        if der not in used
    )
    return entries


def _missing(entries: list[_Entry]) -> Content | None:
    """Return a line for the certificate the path breaks off at, where it does."""
    path = [entry for entry in entries if entry.depth is not None]
    last = path[-1] if path else None
    if last is None or last.facts.self_issued or not last.facts.readable:
        return None
    names = dict(last.facts.issuer_attributes)
    name = names.get("CN") or last.facts.issuer or "no name"
    return line(
        (f"{glyphs().fail} {len(path):<2} ", Look.FAIL),
        fit("issuer", 12, Look.FAIL),
        (f" {name}  ", Look.STRONG),
        ("missing: neither sent nor in the store", Look.FAIL),
    )


def _verdict(chain: ChainChecked | None, width: int) -> list[Content]:
    if chain is None:
        return [line((f"{glyphs().planned} not verified yet", Look.DIM))]
    store = (
        f"{chain.store.kind} store, {chain.store.roots} root{'' if chain.store.roots == 1 else 's'}"
    )
    if not chain.errors:
        words = line(
            (f"{glyphs().ok} TRUSTED", Look.OK),
            (f"  {store}, judged at {_moment(chain)}", Look.DIM),
        )
        return [*wrap(words, width, indent=2), Content()]
    count = f"{len(chain.errors)} objection{'' if len(chain.errors) == 1 else 's'}"
    words = line(
        (f"{glyphs().fail} NOT TRUSTED", Look.FAIL),
        f": {count} of OpenSSL",
        (f"  {store}, judged at {_moment(chain)}", Look.DIM),
    )
    lines = wrap(words, width, indent=2)
    for error in chain.errors:
        text = line(
            "  ",
            (f"depth {error.depth}: ", Look.DIM),
            (error.text, Look.FAIL),
            (f"  {error.name}", Look.DIM),
        )
        lines.extend(wrap(text, width, indent=4))
    return [*lines, Content()]


def _moment(chain: ChainChecked) -> str:
    return chain.evaluated_at.replace("T", " ").removesuffix("Z")[:16] + " UTC"


def _role(entry: _Entry) -> str:
    if entry.depth == 0:
        return "leaf"
    if entry.facts.self_signed:
        return "root"
    return "intermediate"


def _link(entry: _Entry, issuer: _Entry | None, attempt: Attempt | None) -> Content:
    """Say what the link to the issuer was checked by."""
    if entry.facts.self_signed:
        if entry.sent is None or (attempt and attempt.chain and not attempt.chain.errors):
            return line((f"{glyphs().info} itself", Look.INFO), ": a root")
        return line((f"{glyphs().warn} itself", Look.WARN), ": self-signed")
    if entry.depth is None:
        return line(("not part of the path", Look.DIM))
    if issuer is None or issuer.depth is None:
        return line(
            (f"{glyphs().fail} issuer not found", Look.FAIL),
            ": neither sent by the server nor in the trust store",
        )
    name = shorten(issuer.facts.common_name or issuer.facts.subject, 60)
    match signed_by(entry.der, issuer.der):
        case SignatureCheck.VERIFIED:
            return line(
                (f"{glyphs().ok} ", Look.OK),
                name,
                (f"  signature verified with its {issuer.facts.key.type} key", Look.DIM),
            )
        case SignatureCheck.WRONG:
            return line(
                (f"{glyphs().fail} ", Look.FAIL),
                name,
                ("  the signature was not made by its key", Look.FAIL),
            )
        case SignatureCheck.UNKNOWN:
            return line(
                (f"{glyphs().unknown} ", Look.UNKNOWN),
                name,
                ("  the signature cannot be checked", Look.UNKNOWN),
            )


def _names(facts: CertificateFacts) -> Content:
    if not facts.dns_names:
        return line(("none: the Common Name alone", Look.WARN))
    shown = ", ".join(facts.dns_names[:_NAMES_SHOWN])
    more = len(facts.dns_names) - _NAMES_SHOWN
    return line(shown, (f" and {more} more" if more > 0 else "", Look.DIM))


def _use(facts: CertificateFacts) -> Content:
    authority = "CA" if facts.is_ca else "end entity"
    if facts.path_length is not None:
        authority += f", path length {facts.path_length}"
    uses = ", ".join((*facts.key_usage, *facts.extended_key_usage))
    return line(authority, (f"   {uses}" if uses else "", Look.DIM))


def _field(name: str, value: Content, width: int) -> list[Content]:
    return wrap(line(fit(name, _LABEL, Look.DIM)) + value, width, indent=_LABEL)


def _grouped(digest: str) -> str:
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _pem(der: bytes) -> str:
    text = base64.b64encode(der).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))
