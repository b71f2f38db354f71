"""DMARC records as published: the remarks of the lint, each kind under its code (RFC 9989 4.7).

In a message walk it is the record that counts for the author, in a survey that of each name.
"""

from collections.abc import Iterator
from dataclasses import replace

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.authenticated import at_kind, at_seq, is_sentence, quoted, weighed, zone_line
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.raising import Where, found, show
from mxwalk.findings.rules.dmarc_causes import cut_off
from mxwalk.findings.rules.dmarc_codes import ABSENT, ENTRIES, FAILED, IN_ORDER, KINDS, SUFFIX
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import Reason
from mxwalk.mailauth.dmarc.discovery import LookedUp
from mxwalk.mailauth.dmarc.lint import lint
from mxwalk.mailauth.dmarc.model import Authorisation, Policy, PolicyFound, Query
from mxwalk.mailauth.dmarc.remarks import Around, Remark, RemarkKind, Seen, Weight
from mxwalk.mailauth.dmarc.repair import fixed
from mxwalk.mailauth.published import NamePublished, Survey
from mxwalk.mailauth.rollout.lines import REPORTS

__all__ = ["ENTRIES", "check"]
_K = RemarkKind
_DENY = "v=DMARC1; p=reject"
_MOST = 24  # findings a name


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the records that were met show."""
    case, survey = delivery.message, delivery.survey
    if case is not None:
        yield from _message(case)
    if survey is not None:
        yield from _name(survey, survey.main, _seen(survey.asked.sends))
        above = survey.main.policy
        for name in survey.subdomains:
            # Where the domain above has none, that was told with it.
            told = above is not None and above.record is None
            for finding in _name(survey, name, Seen.UNKNOWN):
                if finding.entry is not ABSENT or not told:
                    yield finding


def _message(case: MessageCase) -> Iterator[Finding]:
    assessment, looked = case.assessment(), case.discoveries.get(case.author_domain)
    if assessment is None or looked is None:
        return
    where = at_kind(case, StepKind.DMARC, case.author_domain)
    apart = cut_off(case, assessment)
    if apart is not None:
        fails = assessment.disposition not in (None, Policy.NONE)
        yield found(
            SUFFIX,
            replace(where, host=apart.organizational),
            apart.sentence,
            apart.fix,
            dig(apart.query.qname, "TXT"),
            Severity.ERROR if fails else Severity.WARNING,
        )
    for query in _queries(looked, assessment.policy):
        for one in _remarks(query, _around(query, looked, case.reporters), where):
            if apart is None or one.entry is not SUFFIX:
                yield one


def _queries(looked: LookedUp, policy: PolicyFound) -> tuple[Query, ...]:
    """Return the author domain's own query and the one whose record counts."""
    own = looked.walk.queries[:1]
    counting = policy.record.name if policy.record else ""
    return (*own, *(one for one in looked.walk.queries[1:] if one.qname == counting))


def _around(
    query: Query,
    looked: LookedUp,
    reporters: tuple[Authorisation, ...],
    spf: Seen = Seen.UNKNOWN,
    dkim: Seen = Seen.UNKNOWN,
    sends: Seen = Seen.UNKNOWN,
) -> Around:
    return Around(
        domain=query.qname.removeprefix("_dmarc."),
        organizational="" if looked.walk.failed else looked.walk.organizational,
        authorisations=reporters,
        spf=spf,
        dkim=dkim,
        sends=sends,
    )


def _remarks(query: Query, around: Around, where: Where) -> Iterator[Finding]:
    for one in lint(query, around)[:_MOST]:
        what = KINDS[one.kind]
        yield found(
            what,
            where,
            _sentence(query, one),
            _fix(query, one),
            dig(query.qname, "TXT"),
            weighed(what, one.weight.value),
        )


def _sentence(query: Query, one: Remark) -> str:
    name, said = show(query.qname, 200), is_sentence(one.sentence)
    return said if name in said else f"{name}: {said}"


def _fix(query: Query, one: Remark) -> str:
    if one.kind is _K.SEVERAL_RECORDS:
        return say(
            "leave one TXT record that begins with v=DMARC1 at {qname}.",
            qname=show(query.qname, 200),
        )
    if not one.fix:
        return _advised(query, one)
    if " IN TXT " in one.fix:
        return say("have its operator publish {fix}, or name another address", fix=one.fix)
    return say("publish {zone_line}", zone_line=zone_line(query.qname, one.fix))


def _advised(query: Query, one: Remark) -> str:
    """Return the fix of a remark that has no record to publish of its own."""
    record = query.record
    if record is None:
        return say("nothing has to be done")
    domain = query.qname.removeprefix("_dmarc.")
    match one.kind:
        case _K.POLICY_NONE:
            line = zone_line(query.qname, fixed(record, p="quarantine"))
            return say("when the reports show that your own mail passes, publish {line}", line=line)
        case _K.NO_EFFECT:
            reports = fixed(record, rua=f"mailto:{REPORTS}@{domain}")
            return say("publish {zone_line}", zone_line=zone_line(query.qname, reports))
        case _K.OWN_ORGANIZATION:
            line = zone_line(query.qname, fixed(record, psd=""))
            return say("if the name is no organization of its own, publish {line}", line=line)
        case _K.TESTING:
            return say(
                "when the test is over, publish {zone_line}",
                zone_line=zone_line(query.qname, fixed(record, t="")),
            )
        case _K.REJECT_NEEDS_DKIM | _K.NO_ALIGNMENT:
            soft = zone_line(query.qname, fixed(record, p="none"))
            return say(
                "sign mail with d={domain} first (mxwalk dkim-key); until then publish {soft}",
                domain=domain,
                soft=soft,
            )
        case _:
            return say("nothing has to be done")


def _name(survey: Survey, name: NamePublished, sends: Seen) -> Iterator[Finding]:
    looked, policy = name.dmarc, name.policy
    if looked is None or policy is None:
        return
    where = at_seq(name.dmarc_step, name.domain)
    is_main = name is survey.main
    said: list[Remark] = []
    for query in _queries(looked, policy) if is_main else looked.walk.queries[:1]:
        spf = Seen.UNKNOWN if name.spf is None else _seen(name.spf.root.record is not None)
        reporters = survey.reporters if is_main else ()
        around = _around(query, looked, reporters, spf, _dkim(survey), sends)
        said += lint(query, around)
        yield from _remarks(query, around, where)
    yield from _standing(name, looked, policy, said, where, sends)


def _seen(there: bool) -> Seen:
    return Seen.YES if there else Seen.NO


def _dkim(survey: Survey) -> Seen:
    keys = survey.keys
    if not keys or any(key.reason is Reason.KEY_UNREACHABLE for key in keys):
        return Seen.UNKNOWN
    return Seen.YES if any(not key.problem for key in keys) else Seen.NO


def _standing(
    name: NamePublished,
    looked: LookedUp,
    policy: PolicyFound,
    said: list[Remark],
    where: Where,
    sends: Seen,
) -> Iterator[Finding]:
    """Yield how the name stands on the whole: no record, protected, or not known."""
    command = dig(f"_dmarc.{name.domain}", "TXT")
    if policy.record is None and looked.walk.failed:
        yield found(
            FAILED,
            where,
            say(
                "the DMARC record of {domain} is not known: {is_sentence}",
                domain=show(name.domain, 120),
                is_sentence=is_sentence(policy.why),
            ),
            say("make the zone's name servers answer TXT questions at _dmarc, then walk again"),
            command,
        )
    elif policy.record is None and not any(one.weight is Weight.ERROR for one in said):
        text = f"v=DMARC1; p=none; rua=mailto:{REPORTS}@{name.domain}"
        line = zone_line(f"_dmarc.{name.domain}", text if sends is not Seen.NO else _DENY)
        first = (
            ""
            if sends is Seen.NO
            else say("; create {reports}@{domain} first", reports=REPORTS, domain=name.domain)
        )
        yield found(
            ABSENT,
            where,
            say(
                "{domain} has no DMARC record, nor has a name above it: whoever forges its"
                " mail is neither held back nor reported",
                domain=show(name.domain, 120),
            ),
            say("publish {line}{first}", line=line, first=first),
            command,
        )
    elif (
        policy.record is not None
        and policy.asked is not None
        and policy.asked.value != "none"
        and all(one.weight is Weight.NOTICE for one in said)
    ):
        yield found(
            IN_ORDER,
            where,
            say(
                "{domain} asks for {asked}: {record}",
                domain=show(name.domain, 120),
                asked=policy.asked.value,
                record=quoted(policy.record.text),
            ),
            say("nothing to do"),
            command,
        )
