"""The tabs *summary* and *PEM* of one certificate: who, by whom, how long, which key, which digests."""

from collections.abc import Iterator
from functools import lru_cache

from textual.content import Content

from mxwalk.dane.matching import association_data
from mxwalk.dane.tlsa import DANE_EE, DANE_TA, SHA256, SPKI, make_record, zone_line
from mxwalk.language import say
from mxwalk.pkix.model import Source
from widgets.chain_entry import Entry, Place
from widgets.chain_fields import field, grouped, note, pem, short
from widgets.chain_standing import standing_of
from widgets.chain_state import WEIGHTY, Picture
from widgets.chain_tree import link_words
from widgets.glyphs import glyphs
from widgets.plain import Look, line
from widgets.row import Row, text_row
from widgets.validity_bar import validity_sentence

_PEM_LINES = 200
_REMARKS = 12


def summary_rows(state: Picture, entry: Entry, zone: tuple[str, int], width: int) -> Iterator[Row]:
    """Yield what one certificate says, a row for each value; ``zone`` is the TLSA base and port."""
    facts = entry.facts
    for number, sentence in enumerate(state.objections(entry)):
        words = line((f"{glyphs().fail} {short(sentence)}", Look.FAIL))
        yield note(("objection", number), words, width, copy=sentence, what=say("objection"))
    for number, problem in enumerate(facts.problems[:_REMARKS]):
        words = line((f"{glyphs().warn} {short(problem)}", Look.WARN))
        yield note(("problem", number), words, width, copy=problem, what=say("problem"))
    odd: list[str] = []
    more: list[str] = []
    for oddity in state.oddities(entry):
        (odd if oddity.code in WEIGHTY else more).append(oddity.sentence)
    for number, sentence in enumerate(odd):
        words = line((f"{glyphs().warn} {sentence}", Look.WARN))
        yield note(("odd", number), words, width, copy=sentence, what=say("remark"))
    if not facts.readable:
        yield field("", "SHA-256", line(grouped(facts.sha256)), width, copy=facts.sha256)
        return
    subject = line((short(facts.subject) or say("(empty)"), Look.STRONG))
    yield field("", say("subject"), subject, width, copy=facts.subject)
    issuer = line(short(facts.issuer) or say("(empty)"))
    yield field("", say("issuer"), issuer, width, copy=facts.issuer)
    yield field("", say("signed by"), _signed_by(state, entry), width, what=say("link"))
    yield field("", say("came"), _came(state, entry), width)
    yield from _validity(state, entry, width)
    yield field("", say("revocation"), standing_of(state, entry), width)
    size = say("{bits} bits", bits=facts.key.bits) if facts.key.bits else ""
    key = " ".join(part for part in (facts.key.type, size, facts.key.curve) if part)
    yield field("", say("key"), line(key or say("unreadable")), width)
    yield field("", say("signature"), line(facts.signature_algorithm or say("unreadable")), width)
    yield field("", say("use"), _use(entry), width)
    serial = line(short(facts.serial, 200))
    version = ("   " + say("version {version}", version=facts.version), Look.DIM)
    yield field("", say("serial"), line(serial, version), width, copy=facts.serial)
    yield field(
        "", "SHA-256", line(grouped(facts.sha256)), width, copy=facts.sha256,
        what=say("SHA-256 fingerprint"),
    )  # fmt: skip
    yield field(
        "", "SPKI SHA-256", line(grouped(facts.spki_sha256)), width, copy=facts.spki_sha256,
        what=say("SPKI SHA-256 digest"),
    )  # fmt: skip
    record = tlsa_line(entry, zone)
    if record:
        yield field("", "TLSA", line(record), width, copy=record, what=say("TLSA record"))
    for number, sentence in enumerate(more):
        words = line((f"{glyphs().info} ", Look.INFO), sentence)
        yield note(("oddity", number), words, width, copy=sentence, what=say("remark"))


def tlsa_line(entry: Entry, zone: tuple[str, int]) -> str:
    """Return the record that names this key: 3 1 1 for the leaf, 2 1 1 for a CA (RFC 7672 3.1).

    Empty without a name to publish it at: what is no mail server has none.
    """
    data = association_data(entry.der, SPKI, SHA256)
    if not zone[0] or not data or not (entry.role == "leaf" or entry.facts.is_ca):
        return ""
    usage = DANE_EE if entry.role == "leaf" else DANE_TA
    return zone_line(*zone, make_record(usage, SPKI, SHA256, data))


def pem_rows(entry: Entry, width: int) -> Iterator[Row]:
    """Yield the certificate as PEM, of a huge one the beginning; each line copies the whole."""
    text = pem_text(entry.der)
    lines = text.splitlines()
    for number, part in enumerate(lines[:_PEM_LINES]):
        yield note(("pem", number), line(part), width, copy=text, what=say("certificate as PEM"))
    more = len(lines) - _PEM_LINES
    if more > 0:
        yield text_row(
            "pem-more", line((say("and {more} more lines: y copies all", more=more), Look.DIM))
        )


@lru_cache(maxsize=8)
def pem_text(der: bytes) -> str:
    """Return the certificate as PEM, kept while it is looked at."""
    return pem(der)


def _signed_by(state: Picture, entry: Entry) -> Content:
    facts, link = entry.facts, state.link(entry)
    if facts.self_signed:
        if entry.source is Source.STORE or state.trusted:
            return line((f"{glyphs().info} " + say("itself"), Look.INFO), ": " + say("a root"))
        return line((f"{glyphs().warn} " + say("itself"), Look.WARN), ": " + say("self-signed"))
    if entry.place is not Place.PATH:
        return line(
            (say("not part of the path; names {issuer}", issuer=short(facts.issuer, 120)), Look.DIM)
        )
    if link is None and state.explained is None:
        return line((say("being worked out"), Look.DIM))
    if link is None:
        return line(
            (f"{glyphs().fail} " + say("issuer not found"), Look.FAIL),
            _where_not(state, entry),
        )
    above = next((one for one in state.entries if one.der == link.issuer), None)
    name = short(above.name, 60) if above else say("its issuer")
    return line(name, "  ") + link_words(link)


def _where_not(state: Picture, entry: Entry) -> str:
    fetched = any(
        one.place is Place.FETCHED and one.facts.subject_der == entry.facts.issuer_der
        for one in state.entries
    )
    words = ": " + say("neither sent by the server nor in the trust store")
    return words + "; " + say("fetched here from the CA, to explain") if fetched else words


def _came(state: Picture, entry: Entry) -> Content:
    total = len(state.presented)
    if entry.sent is not None:
        words = say(
            "sent by the server as number {number} of {total}", number=entry.sent + 1, total=total
        )
        if entry.twin is not None:
            words += ", " + say("the same as number {number}", number=entry.twin + 1)
        if entry.place is Place.EXTRA:
            words += ", " + say("not used")
        return line(words)
    if entry.source is Source.FETCHED:
        return line(say("fetched from the address in the certificate; the server did not send it"))
    return line(say("from the trust store; the server did not send it"))


def _validity(state: Picture, entry: Entry, width: int) -> Iterator[Row]:
    facts = entry.facts
    start, end = facts.not_before, facts.not_after
    yield field("", say("validity"), validity_sentence(start, end, state.at), width)
    first = f"{start:%Y-%m-%d %H:%M:%S} UTC" if start else say("unreadable")
    last = f"{end:%Y-%m-%d %H:%M:%S} UTC" if end else say("unreadable")
    yield field("period", "", line((f"{first} - {last}", Look.DIM)), width, what=say("period"))


def _use(entry: Entry) -> Content:
    facts = entry.facts
    authority = "CA" if facts.is_ca else say("end entity")
    if facts.path_length is not None:
        authority += ", " + say("path length {length}", length=facts.path_length)
    uses = ", ".join((*facts.key_usage, *facts.extended_key_usage))
    return line(authority, (f"   {uses}" if uses else "", Look.DIM))
