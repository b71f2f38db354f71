"""What is to be said of how a record is written, tag by tag (RFC 9989 4.7, 4.8; RFC 6376 3.2)."""

from collections.abc import Iterator

from mxwalk.mailauth.dmarc.model import Record, TagState
from mxwalk.mailauth.dmarc.remarks import Remark, RemarkKind, Weight
from mxwalk.mailauth.dmarc.repair import fixed

_K, _WARNING, _NOTICE = RemarkKind, Weight.WARNING, Weight.NOTICE


def syntax_remarks(record: Record) -> Iterator[Remark]:
    """Return the remarks on tags that are unknown, removed, doubled, malformed or out of place."""
    fix = fixed(record)
    for fault in record.tags.faults:
        if "again" not in fault.what:  # that is told with the tag
            yield Remark(
                kind=_K.MALFORMED,
                weight=_WARNING,
                sentence=f"At octet {fault.start}: {fault.what}; it is ignored.",
                fix=fix,
            )
    for tag in record.readings:
        match tag.state:
            case TagState.UNKNOWN:
                cased = "case-sensitive" in tag.meaning
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
                    sentence=f"The tag {tag.name} stands twice. {tag.meaning}",
                    fix=fix,
                )
            case TagState.DEFAULTED if tag.name not in ("p", "sp", "np"):
                yield Remark(
                    kind=_K.BAD_VALUE,
                    weight=_WARNING,
                    sentence=f"{tag.name}={tag.value[:60]}: {tag.meaning} The default counts.",
                    fix=fix,
                )
            case TagState.REMOVED if tag.name != "pct" or record.percent == 100:
                yield Remark(
                    kind=_K.REMOVED,
                    weight=_NOTICE,
                    sentence=f"RFC 9989 removed {tag.name}: it can go. {tag.meaning}",
                    fix=fix,
                )
            case _:
                pass
    names = [tag.name for tag in record.readings]
    if "p" in names and names.index("p") != 1:
        yield Remark(
            kind=_K.POLICY_NOT_SECOND,
            weight=_NOTICE,
            sentence="p does not come right behind v: RFC 9989 allows it, RFC 7489 6.3 does not.",
            fix=fix,
        )
