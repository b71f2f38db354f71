"""What a signature is over: the header fields beside the signer's copies, and the body with its hash.

Where ``z=`` kept copies, a field that differs stands in two lines with the difference marked.
"""

from base64 import b64encode
from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say
from mxwalk.mailauth.dkim.canonical import FieldPair
from mxwalk.mailauth.dkim.model import Reason, SignatureVerdict
from mxwalk.mailauth.message import Message
from widgets.dkim_work import Told
from widgets.glyphs import glyphs
from widgets.message_rows import field, note, remark, state_words
from widgets.plain import Look, fit, line, shorten, wrap
from widgets.row import Row

_FIELDS_SHOWN = 60
_FIELD = 500
_SIDE = 7


def signed_words(verdict: SignatureVerdict) -> Content:
    """Return in a few words which part agrees."""
    match verdict.reason:
        case Reason.VALID:
            return state_words(Mark.OK, say("header fields and body agree"))
        case Reason.BODY_HASH:
            return state_words(Mark.FAIL, say("the body differs"))
        case Reason.HEADER:
            return state_words(Mark.FAIL, say("the header fields differ"))
        case _ if verdict.body_hash and verdict.signature.body_hash:  # refused for another reason
            if verdict.body_hash == verdict.signature.body_hash:
                return state_words(Mark.INFO, say("the body agrees"))
            return state_words(Mark.FAIL, say("the body differs"))
        case _:
            return state_words(Mark.UNKNOWN, say("not compared"))


def header_rows(told: Told, at: tuple[object, ...], width: int) -> Iterator[Row]:
    """Yield the signed header fields in the order of ``h=``."""
    if told.pairs:
        words = say("the signer kept copies (z=): what it signed beside what came")
        yield note((*at, "z"), words, width, indent=6)
        for number, pair in enumerate(told.pairs[:_FIELDS_SHOWN]):
            yield _pair(pair, (*at, "pair", number), width)
    else:
        words = say("the signed header fields as they came, in canonical form")
        yield note((*at, "came"), words, width, indent=6)
        for number, one in enumerate(told.hashed.fields[:_FIELDS_SHOWN]):
            text = line("        ", shorten(one, _FIELD))
            yield Row(
                key=(*at, "field", number),
                lines=tuple(wrap(text, width, indent=10)),
                copy=line(one).plain,
                what=say("header field"),
            )
    left = max(len(told.pairs), len(told.hashed.fields)) - _FIELDS_SHOWN
    if left > 0:
        yield note((*at, "left"), say("and {number} more fields", number=left), width, indent=8)
    if told.hashed.absent:
        names = shorten(", ".join(dict.fromkeys(told.hashed.absent)), 300)
        words = say(
            "signed as absent: {names}; adding such a field breaks the signature", names=names
        )
        yield note((*at, "absent"), words, width, indent=6)


def _pair(pair: FieldPair, key: object, width: int) -> Row:
    if not pair.differs:
        sign = (f"{glyphs().exact} ", Look.DIM) if pair.signed else (f"{glyphs().none} ", Look.DIM)
        more = "" if pair.signed else "  " + say("(not copied)")
        text = line("      ", sign, (shorten(pair.came, _FIELD), Look.DIM), (more, Look.DIM))
        lines = wrap(text, width, indent=10)
    else:
        before, old, new, after = _parts(pair.signed, pair.came)
        sign = (f"{glyphs().fail} ", Look.FAIL)
        lines = wrap(
            line("      ", sign, fit(say("signed"), _SIDE, Look.DIM), before, (old, Look.EQUAL), after),
            width, indent=15,
        )  # fmt: skip
        lines += wrap(
            line("        ", fit(say("came"), _SIDE, Look.DIM), before, (new, Look.DIFFER), after),
            width, indent=15,
        )  # fmt: skip
    copy = line(pair.came if not pair.differs else pair.signed).plain
    return Row(key=key, lines=tuple(lines), copy=copy, what=say("header field"))


def _parts(signed: bytes, came: bytes) -> tuple[str, str, str, str]:
    """Return what both begin with, what stands only in each, and what both end with."""
    one, two = shorten(signed, _FIELD), shorten(came, _FIELD)
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    end = 0
    while end < min(len(one), len(two)) - start and one[-1 - end] == two[-1 - end]:
        end += 1
    tail = one[len(one) - end :] if end else ""
    old, new = one[start : len(one) - end], two[start : len(two) - end]
    return one[:start], old or glyphs().none, new or glyphs().none, tail


def body_rows(
    message: Message, verdict: SignatureVerdict, told: Told, at: tuple[object, ...], width: int
) -> Iterator[Row]:
    """Yield both hashes, then the body as it is hashed here."""
    signature = verdict.signature
    if not message.whole:
        words = say("the body is not there: only header fields were given, or redaction dropped it")
        yield remark((*at, "none"), Mark.UNKNOWN, words, width, indent=6)
        return
    same = bool(verdict.body_hash) and verdict.body_hash == signature.body_hash
    signed, here = (b64encode(one).decode() for one in (signature.body_hash, verdict.body_hash))
    sign, look = (glyphs().exact, Look.EQUAL) if same else (glyphs().fail, Look.DIFFER)
    first = line((signed or say("unreadable"), Look.EQUAL if same else Look.PLAIN))
    yield field((*at, "bh"), say("bh= says"), first, width, indent=6)
    if here:
        ours = line((here, look), (f"  {sign}", look))
        yield field((*at, "here"), say("body here"), ours, width, copy=here, indent=6)
    many = say(
        "{number:,} octets as it came, {canon} canonicalization",
        number=len(message.body),
        canon=signature.body_canon,
    )
    yield note((*at, "size"), many, width, indent=6)
    for number, text in enumerate(told.lines, start=1):
        content = line("      ", (f"{number:>4} ", Look.DIM), shorten(text, _FIELD))
        yield Row(
            key=(*at, "line", number),
            lines=tuple(wrap(content, width, indent=11)),
            copy=line(text).plain,
            what=say("line of the body"),
        )
    if told.cut:
        yield note(
            (*at, "cut"), say("and more lines, all of them in the message"), width, indent=11
        )
    elif signature.length is not None:
        words = say("here the signed part ends (l={length})", length=signature.length)
        yield note((*at, "end"), words, width, indent=11)
