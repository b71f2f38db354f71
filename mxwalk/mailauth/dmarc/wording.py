"""What is to be said of how a record is written, tag by tag (RFC 9989 4.7, 4.8; RFC 6376 3.2)."""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.mailauth.dmarc.meanings import CURRENT, REMOVED
from mxwalk.mailauth.dmarc.model import Record, TagState
from mxwalk.mailauth.dmarc.remarks import Remark, RemarkKind, Weight
from mxwalk.mailauth.dmarc.repair import fixed

_K, _WARNING, _NOTICE = RemarkKind, Weight.WARNING, Weight.NOTICE


def syntax_remarks(record: Record) -> Iterator[Remark]:
    """Return the remarks on tags that are unknown, removed, doubled, malformed or out of place."""
    fix = fixed(record)
    for fault in record.tags.faults:
        if not fault.again:  # that is told with the tag
            yield Remark(
                kind=_K.MALFORMED,
                weight=_WARNING,
                sentence=say(
                    "At octet {start}: {what}; it is ignored.", start=fault.start, what=fault.what
                ),
                fix=fix,
            )
    for tag in record.readings:
        match tag.state:
            case TagState.UNKNOWN:
                cased = tag.name.lower() in (*CURRENT, *REMOVED)
                yield Remark(
                    kind=_K.TAG_CASE if cased else _K.UNKNOWN,
                    weight=_WARNING if cased else _NOTICE,
                    sentence=f"{tag.name}: {tag.meaning}",
                    fix=fix,
                )
            case TagState.DUPLICATE:
                yield Remark(
                    kind=_K.DUPLICATE,
                    weight=_WARNING,
                    sentence=say(
                        "The tag {tag} stands twice. {meaning}", tag=tag.name, meaning=tag.meaning
                    ),
                    fix=fix,
                )
            case TagState.DEFAULTED if tag.name not in ("p", "sp", "np"):
                yield Remark(
                    kind=_K.BAD_VALUE,
                    weight=_WARNING,
                    sentence=say(
                        "{tag}={tag_2}: {meaning} The default counts.",
                        tag=tag.name,
                        tag_2=tag.value[:60],
                        meaning=tag.meaning,
                    ),
                    fix=fix,
                )
            case TagState.REMOVED if tag.name != "pct" or record.percent == 100:
                yield Remark(
                    kind=_K.REMOVED,
                    weight=_NOTICE,
                    sentence=say(
                        "RFC 9989 removed {tag}: it can go. {meaning}",
                        tag=tag.name,
                        meaning=tag.meaning,
                    ),
                    fix=fix,
                )
            case _:
                pass
    names = [tag.name for tag in record.readings]
    if "p" in names and names.index("p") != 1:
        yield Remark(
            kind=_K.POLICY_NOT_SECOND,
            weight=_NOTICE,
            sentence=say(
                "p does not come right behind v: RFC 9989 allows it, RFC 7489 6.3 does not."
            ),
            fix=fix,
        )
