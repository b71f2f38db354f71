"""The chain of trust from the anchor to an answer, zone cut by zone cut.

The list holds the look-ups that were validated; below it, the selected one in full: at every cut the
DS records with lines to the keys they name, the RRSIGs on a time line, and where a link is broken,
why, and what to do.  ``y`` copies the sentence, or the status where all is well.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from mxwalk.dnssec.algorithms import ALGORITHMS, DIGESTS
from mxwalk.dnssec.model import (
    Denial,
    Hop,
    HopKind,
    KeyRecord,
    SignatureCheck,
    SignatureVerdict,
    Status,
    Validation,
    ZoneLink,
)
from mxwalk.dnssec.reasons import Culprit
from mxwalk.language import noted, say
from widgets.dnssec_words import claim_words, status_symbol, status_word
from widgets.glyphs import glyphs
from widgets.plain import Look, cut, fit, line, wrap
from widgets.row import Row, text_row
from widgets.shown import View
from widgets.validity_bar import validity_bar

_LISTED = 9
_LABEL = 9
_FIELDS = (noted("acts"), noted("proof"), noted("note"), noted("why"), noted("fix"))
_DS_WIDTH = 21
_KEYS_SHOWN = 8
_SIGNATURES_SHOWN = 4


class DnssecView(View):
    """What was validated so far."""

    empty = noted("No validation yet: the walk has not looked anything up.")

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the list of look-ups and the selected one's chain."""
        validations = self.shown.validations if self.shown else ()
        if not validations:
            if self.shown is not None:
                yield text_row("none", *wrap(line((self._nothing(), Look.DIM)), width))
            return
        at = self._cursor if isinstance(self._cursor, int) else 0
        at = min(at, len(validations) - 1)
        first = min(max(0, at - _LISTED // 2), max(0, len(validations) - _LISTED))
        if first:
            yield text_row("above", line((say("{number} more above", number=first), Look.DIM)))
        for index in range(first, min(len(validations), first + _LISTED)):
            yield _listed(index, validations[index], width)
        left = len(validations) - first - _LISTED
        if left > 0:
            yield text_row("below", line((say("{number} more below", number=left), Look.DIM)))
        yield text_row("detail", *chain_lines(validations[at], width))

    def _nothing(self) -> str:
        """Say why nothing was validated: the resolver and PTR names alone were asked about."""
        shown = self.shown
        if shown is None or not shown.delivery.trace.steps:
            return say(self.empty)
        if shown.delivery.target.address:
            return say(
                "Nothing to validate: an address was named, so no name is looked up on the way to"
                " it. PTR names are not validated: nothing is decided by them alone."
            )
        if shown.going:
            return say("No validation yet: no name was looked up on the way to the host.")
        return say("No validation: no name was looked up on the way to the host.")

    def cursor_moved(self) -> None:
        """Show the newly selected look-up."""
        self.rebuild()


def _listed(index: int, validation: Validation, width: int) -> Row:
    symbol, look = status_symbol(validation.status)
    status = status_word(validation.status).upper()
    name = f"{validation.question.qname} {validation.question.rtype}"
    content = line((symbol, look), " ", fit(status, 14, look))
    content += fit(name, max(12, width - 16 - 24), Look.STRONG, middle=True) + "  "
    content += claim_words(validation)
    copy = validation.sentence or f"{name}: {status_word(validation.status)}"
    return Row(key=index, lines=(cut(content, width),), copy=copy, what=say("reason"))


def chain_lines(validation: Validation, width: int) -> list[Content]:
    """Return the chain of a validation: its hops, the links of the weakest, and the proof."""
    lines = [Content()]
    if len(validation.hops) > 1:
        lines += [_hop_line(hop, width) for hop in validation.hops] + [Content()]
    weakest = validation.weakest
    for depth, link in enumerate(validation.links):
        lines += _link_lines(link, depth, validation, width)
    broken = bool(validation.links) and validation.links[-1].status is not Status.SECURE
    if not broken:
        lines += _end_lines(weakest, validation, width)
    elif weakest.culprit is not Culprit.NOBODY:
        lines.pop()
        lines += _field(say("acts"), line((say(weakest.culprit.value), Look.STRONG)), width)
    return lines


def _hop_line(hop: Hop, width: int) -> Content:
    symbol, look = status_symbol(hop.status)
    words = line(
        (symbol, look), " ", fit(status_word(hop.status), 14, look), (hop.name, Look.STRONG)
    )
    if hop.target:
        words += line((f" {say(hop.kind.value)} {glyphs().arrow} ", Look.DIM), hop.target)
    else:
        words += line((f"  {say(hop.kind.value)}", Look.DIM))
    return cut(words, width)


# -- one zone cut -------------------------------------------------------------------------------------


def _link_lines(link: ZoneLink, depth: int, validation: Validation, width: int) -> list[Content]:
    symbol, look = status_symbol(link.status)
    branch = f"{glyphs().branch} " if depth else ""
    name = say("root") if link.zone == "." else link.zone
    where = say("below {zone}", zone=_zone(link.parent)) if link.parent else say("trust anchor")
    head = line((branch, Look.DIM), (symbol, look), " ", (name, Look.HEADING))
    head += line((f"  {status_word(link.status)}", look), (f"  {where}", Look.DIM))
    lines = [cut(head, width)]
    lines += [cut(words, width) for words in _matches(link)]
    lines += _signature_lines("DS", link.ds_signatures, validation, width)
    lines += _signature_lines("DNSKEY", link.key_signatures, validation, width)
    if link.status is not Status.SECURE:
        if link.denial is not None:
            lines += _denial_lines(link.denial, width)
        lines += _reason_lines(link.sentence, link.fix, look, width)
    return [*lines, Content()]


def _zone(name: str) -> str:
    return say("the root") if name == "." else name


def _matches(link: ZoneLink) -> Iterator[Content]:
    """Yield each DS record with a line to its key, and the keys that no DS record names."""
    word = "DS" if link.parent else say("anchor")
    left = dict(enumerate(link.keys))
    for record in link.ds[:_KEYS_SHOWN]:
        digest = DIGESTS.get(record.digest_type, say("digest {number}", number=record.digest_type))
        ds = fit(f"{word} {record.key_tag} {digest}", _DS_WIDTH, Look.STRONG)
        indices = [i for i, key in left.items() if key.matched and key.key_tag in record.matches]
        head = line("    ") + ds
        if indices:
            stroke = line((f" {glyphs().light * 2}{glyphs().arrow} ", Look.OK))
            yield head + stroke + _key(left.pop(indices[0]))
        elif record.matches:
            yield head + line(
                (f" {glyphs().light * 2}{glyphs().arrow} ", Look.OK), say("the same key")
            )
        elif not record.usable:
            yield head + line(
                (f" {glyphs().light * 2}{glyphs().none} ", Look.DIM), (say("not used"), Look.DIM)
            )
        else:
            yield head + line(
                (f" {glyphs().light * 2}{glyphs().fail} ", Look.FAIL),
                (say("no such key"), Look.FAIL),
            )
    for key in list(left.values())[:_KEYS_SHOWN]:
        yield line(" " * (4 + _DS_WIDTH + 5)) + _key(key)
    hidden = max(0, len(link.ds) - _KEYS_SHOWN) + max(0, len(left) - _KEYS_SHOWN)
    if hidden:
        yield line(("    " + say("and {more} more", more=hidden), Look.DIM))


def _key(key: KeyRecord) -> Content:
    algorithm = ALGORITHMS.get(key.algorithm, say("algorithm {number}", number=key.algorithm))
    use = say("revoked") if key.is_revoked else "KSK" if key.is_entry_point else "ZSK"
    size = " " + say("{bits} bits", bits=key.bits) if key.bits and "RSA" in algorithm else ""
    words = line((f"DNSKEY {key.key_tag}", Look.STRONG), f" {key.flags} {use}")
    words += line((f"  {algorithm}{size}", Look.DIM))
    return words + line(("  " + say("signs keys"), Look.OK)) if key.signs_keys else words


def _signature_lines(
    what: str, checks: Sequence[SignatureCheck], validation: Validation, width: int
) -> list[Content]:
    """Return each RRSIG as a bar on a time line, with its verdict unless all is well."""
    lines = []
    for check in checks[:_SIGNATURES_SHOWN]:
        if check.verdict is SignatureVerdict.NOT_CHECKED:
            continue
        label = fit("    " + say("RRSIG {what} by {key}", what=what, key=check.key_tag), 4 + 22)
        room = max(20, width - 4 - 22)
        bar, *words = validity_bar(check.inception, check.expiration, validation.at, room)
        lines.append(cut(label + bar, width))
        if check.verdict is SignatureVerdict.VALID:
            continue
        symbol = f"{glyphs().fail} {say(check.verdict.value)}"
        timed = check.verdict in {SignatureVerdict.EXPIRED, SignatureVerdict.NOT_YET_VALID}
        said = words[0] if timed and words else line((symbol, Look.FAIL))
        lines.append(cut(line(" " * (4 + 22)) + said, width))
    return lines


# -- the end of the chain -----------------------------------------------------------------------------


def _end_lines(hop: Hop, validation: Validation, width: int) -> list[Content]:
    """Return the answer's own RRSIG, or its denial, and the reason where it fails."""
    symbol, look = status_symbol(hop.status)
    kind = "" if hop.kind is HopKind.ANSWER else f"  {say(hop.kind.value)}"
    rtype = hop.kind.value if hop.target else validation.question.rtype
    head = line(
        (f"{glyphs().branch} ", Look.DIM),
        (symbol, look),
        " ",
        (f"{hop.name} {rtype}", Look.HEADING),
    )
    head += line((f"  {status_word(hop.status)}", look), (kind, Look.DIM))
    lines = [cut(head, width)]
    lines += _signature_lines(rtype, hop.signatures, validation, width)
    if hop.denial is not None:
        lines += _denial_lines(hop.denial, width)
    if hop.reason is not None:
        lines += _reason_lines(hop.sentence, hop.fix, look, width)
        if hop.culprit is not Culprit.NOBODY:
            lines += _field(say("acts"), line((say(hop.culprit.value), Look.STRONG)), width)
    return lines


def _denial_lines(denial: Denial, width: int) -> list[Content]:
    proved = denial.kind is not None
    words = say(denial.kind.value) if denial.kind is not None else say("proves nothing")
    symbol, look = (glyphs().ok, Look.OK) if proved else (glyphs().fail, Look.FAIL)
    lines = _field(say("proof"), line((f"{symbol} {words}", look)), width)
    for record in denial.records:
        text = line((f"{denial.rtype} ", Look.DIM), record.owner, (f" {glyphs().arrow} ", Look.DIM))
        text += line(record.following, (f"  {say(record.role)}", Look.INFO))
        text += line((f"  {' '.join(record.types)}", Look.DIM))
        text += line(("  " + say("opt-out") if record.opt_out else "", Look.WARN))
        lines += _field("", text, width)
    if denial.note is not None:
        note = say("NXDOMAIN, although the name exists: nothing below it will be found (RFC 8020)")
        lines += _field(say("note"), line((note, Look.WARN)), width)
    return lines


def _reason_lines(sentence: str, fix: str, look: Look, width: int) -> list[Content]:
    lines = _field(say("why"), line((sentence, look)), width)
    return lines + (_field(say("fix"), line(fix), width) if fix else [])


def _field(name: str, value: Content, width: int) -> list[Content]:
    room = max(_LABEL, *(cell_len(say(one)) + 1 for one in _FIELDS))
    return wrap(line("    ", fit(name, room, Look.DIM)) + value, width, indent=4 + room)
