"""SPF records as published: the remarks of the lint, each kind under its code (RFC 7208).

In a survey everything a record leads to is looked at, in a message walk the record of MAIL FROM alone.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.authenticated import at_seq, is_sentence, quoted, weighed, zone_line
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say
from mxwalk.mailauth.published import NamePublished
from mxwalk.mailauth.spf.lint import lint
from mxwalk.mailauth.spf.lint_model import Kind, Remark
from mxwalk.mailauth.spf.lint_model import Severity as Weight
from mxwalk.mailauth.spf.model import Record
from mxwalk.mailauth.spf.record import read_record
from mxwalk.mailauth.spf.repair import DENY_ALL, fixed

_DNS = Owner.SENDER_DNS
_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE
NO_RECORD = entry("SPF020", _W, _DNS, "no SPF record", "RFC 7208 3.1")
NEAR = entry("SPF021", _E, _DNS, "almost an SPF record", "RFC 7208 4.5")
SEVERAL = entry("SPF022", _E, _DNS, "several SPF records", "RFC 7208 3.2")
SYNTAX = entry("SPF023", _E, _DNS, "a syntax error in SPF", "RFC 7208 4.6")
OPEN = entry("SPF024", _E, _DNS, "SPF lets everybody pass", "RFC 7208 5.1")
NO_END = entry("SPF025", _W, _DNS, "SPF says nothing of others", "RFC 7208 4.7")
USELESS = entry("SPF026", _W, _DNS, "SPF terms without effect", "RFC 7208 5.1")
PTR = entry("SPF027", _W, _DNS, "ptr in SPF", "RFC 7208 5.5")
LOOKUPS = entry("SPF028", _E, _DNS, "too many look-ups in SPF", "RFC 7208 4.6.4")
NEARLY = entry("SPF029", _N, _DNS, "nearly too many look-ups", "RFC 7208 4.6.4")
VOIDS = entry("SPF030", _E, _DNS, "too many void look-ups", "RFC 7208 4.6.4")
VOID = entry("SPF031", _W, _DNS, "a void look-up in SPF", "RFC 7208 4.6.4")
WIDE = entry("SPF032", _W, _DNS, "a wide network in SPF", "RFC 7208 11.4")
UNTIDY = entry("SPF033", _N, _DNS, "an untidy SPF record", "RFC 7208 4.6.1")
LONG = entry("SPF034", _W, _DNS, "a long SPF record", "RFC 7208 3.4")
JOINED = entry("SPF035", _E, _DNS, "SPF strings joined wrongly", "RFC 7208 3.3")
TYPE99 = entry("SPF036", _N, _DNS, "a record of type SPF", "RFC 7208 3.1")
INCLUDE = entry("SPF037", _E, _DNS, "an include that breaks SPF", "RFC 7208 5.2")
MANY_MX = entry("SPF038", _E, _DNS, "too many MX hosts for SPF", "RFC 7208 4.6.4")
FAILED = entry("SPF039", _W, _DNS, "SPF could not be looked up", "RFC 7208 4.4")
DENY = entry("SPF040", _W, _DNS, "no deny-all record", "RFC 7208 10.1.2")
IN_ORDER = entry("SPF041", Severity.OK, Owner.NOBODY, "the SPF record is in order", "RFC 7208 4.6")

ENTRIES = (
    NO_RECORD,
    NEAR,
    SEVERAL,
    SYNTAX,
    OPEN,
    NO_END,
    USELESS,
    PTR,
    LOOKUPS,
    NEARLY,
    VOIDS,
    VOID,
    WIDE,
    UNTIDY,
    LONG,
    JOINED,
    TYPE99,
    INCLUDE,
    MANY_MX,
    FAILED,
    DENY,
    IN_ORDER,
)
KINDS: dict[Kind, Entry] = {
    Kind.NO_RECORD: NO_RECORD,
    Kind.NEAR_RECORD: NEAR,
    Kind.SEVERAL_RECORDS: SEVERAL,
    Kind.SYNTAX: SYNTAX,
    Kind.PLUS_ALL: OPEN,
    Kind.INCLUDE_PASSES_ALL: OPEN,
    Kind.NEUTRAL_ALL: NO_END,
    Kind.NO_ALL: NO_END,
    Kind.TERMS_AFTER_ALL: USELESS,
    Kind.REDIRECT_WITH_ALL: USELESS,
    Kind.PTR: PTR,
    Kind.TOO_MANY_LOOKUPS: LOOKUPS,
    Kind.MANY_LOOKUPS: NEARLY,
    Kind.TOO_MANY_VOIDS: VOIDS,
    Kind.VOID: VOID,
    Kind.WIDE_IP4: WIDE,
    Kind.WIDE_IP6: WIDE,
    Kind.NOT_PUBLIC: UNTIDY,
    Kind.HOST_BITS: UNTIDY,
    Kind.DUPLICATE: UNTIDY,
    Kind.UPPERCASE: UNTIDY,
    Kind.UNKNOWN_MODIFIER: UNTIDY,
    Kind.LONG_RECORD: LONG,
    Kind.JOINED: JOINED,
    Kind.TYPE99: TYPE99,
    Kind.INCLUDE_BROKEN: INCLUDE,
    Kind.LOOP: INCLUDE,
    Kind.TOO_MANY_MX: MANY_MX,
    Kind.NOT_DENY_ALL: DENY,
    Kind.URL_ESCAPED: UNTIDY,
    Kind.NOT_LOOKED_UP: FAILED,
}
_MOST = 24  # findings a name


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the records that were met show."""
    case, survey = delivery.message, delivery.survey
    if case is not None and case.mailfrom is not None:
        root = case.mailfrom.evaluation.root
        if root is not None and root.record is not None:
            where = at_seq(case.mailfrom.step, root.domain)
            yield from _remarks(lint(root.record), root.domain, root.record, where)
    if survey is not None:
        yield from _name(survey.main, sends=survey.asked.sends)
        for name in survey.subdomains:
            yield from _name(name, sends=False, known=False)


def _name(name: NamePublished, *, sends: bool, known: bool = True) -> Iterator[Finding]:
    """Yield what one surveyed name shows; ``known`` says that it is known whether it sends."""
    published = name.spf
    if published is None:
        return
    where = at_seq(name.spf_step, name.domain)
    record = published.root.record
    remarks = lint(survey=published, sends=sends or not known)
    denied = {Kind.NO_RECORD, Kind.NOT_DENY_ALL} if not sends else set()
    if any(one.kind in denied for one in remarks):
        yield _deny(name.domain, record, where, known=known)
    others = tuple(one for one in remarks if one.kind not in denied)
    yield from _remarks(others, name.domain, record, where)
    if record is not None and all(one.severity is Weight.NOTICE for one in remarks):
        yield found(
            IN_ORDER,
            where,
            say(
                "{domain} {record}: {lookups} of 10 look-ups",
                domain=show(name.domain, 120),
                record=quoted(record.text),
                lookups=published.lookups,
            ),
            say("nothing to do"),
            dig(name.domain, "TXT"),
        )


def _deny(domain: str, record: Record | None, where: Where, *, known: bool) -> Finding:
    if record is not None:
        what = say("sends no mail and publishes {record}", record=quoted(record.text))
    elif known:
        what = say("sends no mail and has no SPF record that says so")
    else:
        what = say("has no SPF record of its own, and that of the domain above does not cover it")
    return found(
        DENY,
        where,
        say(
            "{domain} {what}: mail in its name can be forged without SPF noticing",
            domain=show(domain, 120),
            what=what,
        ),
        say("if it sends nothing, publish {zone_line}", zone_line=zone_line(domain, DENY_ALL)),
        dig(domain, "TXT"),
    )


def _remarks(
    remarks: tuple[Remark, ...], domain: str, record: Record | None, where: Where
) -> Iterator[Finding]:
    for one in remarks[:_MOST]:
        what = KINDS[one.kind]
        own = one.domain.lower() == domain.lower()
        yield found(
            what,
            where,
            _sentence(one),
            _fix(one, record if own else None),
            dig(one.domain, "TXT"),
            weighed(what, one.severity.value),
            None if own else Owner.SERVICE,
        )


def _sentence(one: Remark) -> str:
    text = f" {quoted(one.text)}" if one.text else ""
    said = is_sentence(one.sentence)
    name = show(one.domain, 120)
    return said if said.startswith(name) else f"{name}{text}: {said}"


def _fix(one: Remark, record: Record | None) -> str:
    """Return the remark's fix with the zone line, where the record can be mended mechanically."""
    if one.kind is Kind.NO_RECORD:
        return say(
            "publish {zone_line} with every sending host in it; if the domain sends"
            " nothing: {zone_line_2}",
            zone_line=zone_line(one.domain, "v=spf1 mx ~all"),
            zone_line_2=zone_line(one.domain, DENY_ALL),
        )
    if record is None or one.severity is Weight.NOTICE:
        return one.fix or say("nothing has to be done")
    better = fixed(record)
    still = read_record(record.domain, better.encode("latin-1", "replace")).faults
    if better == record.text or still:
        return one.fix
    line = zone_line(one.domain, better)
    return (
        say("publish {line}", line=line)
        if "v=spf1" in one.fix
        else f"{is_sentence(one.fix)}: {line}"
    )
