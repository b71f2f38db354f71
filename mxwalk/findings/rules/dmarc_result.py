"""What DMARC gave for the message, by both readings, and what mends it (RFC 9989 5.3)."""

from collections.abc import Iterator
from dataclasses import replace

from mxwalk.delivery.model import Delivery
from mxwalk.findings.authenticated import at_seq, is_sentence, zone_line
from mxwalk.findings.claimed import CLAIMED, injected
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.findings.rules.dmarc_causes import cause_of, cut_off
from mxwalk.findings.rules.dmarc_codes import SUFFIX
from mxwalk.findings.rules.passage import OF_A_LIST, list_name
from mxwalk.findings.rules.spf_result import entry_of
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.differences import Topic, differences
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, DmarcResult, Method, Policy, Reading
from mxwalk.mailauth.open_points import not_discovered, open_points
from mxwalk.mailauth.rollout.lines import REPORTS
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.evidence import decisive_step
from mxwalk.receivers.failing import why_it_fails

_SENDER, _DNS = Owner.SENDER, Owner.SENDER_DNS
PASSED = entry("DMARC001", Severity.OK, Owner.NOBODY, "DMARC passes", "RFC 9989 5.3.5")
NOT_ALIGNED = entry("DMARC002", Severity.ERROR, _SENDER, "nothing is aligned", "RFC 9989 4.4")
NOTHING = entry("DMARC003", Severity.ERROR, _SENDER, "nothing passes", "RFC 9989 5.3.5")
LATER = entry("DMARC004", Severity.WARNING, _DNS, "DMARC is undecided", "RFC 9989 5.3.6")
NO_POLICY = entry("DMARC005", Severity.WARNING, _DNS, "no DMARC policy", "RFC 9989 5.3.2")
UNUSABLE = entry("DMARC006", Severity.ERROR, _DNS, "a DMARC record not applied", "RFC 9989 4.10.1")
READINGS = entry("DMARC007", Severity.NOTICE, _SENDER, "the readings differ", "RFC 9989 4.10")
ENTRIES = (
    PASSED,
    NOT_ALIGNED,
    NOTHING,
    LATER,
    NO_POLICY,
    UNUSABLE,
    READINGS,
)
_SHOWN = 4


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield DMARC's result for the message, and where the readings differ."""
    case = delivery.message
    if case is None:
        return
    assessment = case.assessment()
    if assessment is None or len(case.message.author_domains) > 1:
        return  # MSG002 tells of several authors
    undecided = assessment.result in (DmarcResult.FAIL, DmarcResult.TEMPERROR)
    if not_discovered(case) and undecided:
        return
    where = at_seq(decisive_step(case), case.author_domain)
    if not (assessment.result is DmarcResult.FAIL and open_points(case, assessment)):
        yield _result(case, assessment, where)
    yield from _readings(case, assessment, where)


def _result(case: MessageCase, one: Assessment, where: Where) -> Finding:
    domain = one.author_domain
    command = dig(f"_dmarc.{domain}", "TXT")
    match one.result:
        case DmarcResult.FAIL:
            return _failure(case, one, where)
        case DmarcResult.PASS:
            what, fix = PASSED, say("nothing to do")
        case DmarcResult.TEMPERROR:
            what = LATER
            fix = say("walk again; if it stays so, mend the name servers that do not answer")
        case DmarcResult.PERMERROR:
            what, fix = UNUSABLE, say("publish {first_record}", first_record=first_record(domain))
        case DmarcResult.NONE:
            what = NO_POLICY
            fix = say(
                "create {reports}@{domain} and publish {first_record}, read the reports,"
                " then ask for quarantine",
                reports=REPORTS,
                domain=show(domain, 120),
                first_record=first_record(domain),
            )
            several = [query.qname for query in one.discovery.queries if query.records > 1]
            if several:
                fix = say("leave one of the records at {several}.", several=show(several[0], 200))
    asked = one.policy.asked
    policy = say(", policy {asked}", asked=asked.value) if asked is not None else ""
    said = say(
        "DMARC of {domain} is {result}{policy}: {is_sentence}",
        domain=show(domain, 120),
        result=one.result.value,
        policy=policy,
        is_sentence=is_sentence(one.why),
    )
    return found(what, where, said, fix, command)


def _failure(case: MessageCase, one: Assessment, where: Where) -> Finding:
    """Tell of a failure in short, with its values; the cause has a finding of its own."""
    author, asked = show(one.author_domain, 120), one.policy.asked
    policy = say(", policy {asked}", asked=asked.value) if asked is not None else ""
    passed = [each for each in one.alignments if each.passed]
    what = NOT_ALIGNED if passed else NOTHING
    cause, listed = cause_of(case, one), bool(case.message.list_fields)
    command = cause.command if cause else dig(f"_dmarc.{one.author_domain}", "TXT")
    owner = cause.owner if cause else None
    if listed and passed and (cause is None or cause.owner is Owner.FORWARDER):
        fix, owner, where = say(OF_A_LIST), Owner.FORWARDER, replace(where, host=list_name(case))
    elif cause is not None:
        fix = cause.fix
    elif not passed and injected(case):
        fix, owner = _unproven(case, one), Owner.NOBODY
    else:
        fix = _third_party(one, passed[0]) if passed else _unproven(case, one)
    code = cause.code if cause else _spf_behind(case, one)
    mild = Severity.WARNING if one.disposition is Policy.NONE else None
    own = (
        say("; the author's own signature does not pass ({code})", code=code)
        if passed and code.startswith("DKIM")
        else ""
    )
    said = say(
        "DMARC of {author} fails{policy}: {why_it_fails}{own}",
        author=author,
        policy=policy,
        why_it_fails=why_it_fails(case, one),
        own=own,
    )
    return found(what, where, said, fix, command, mild, owner, code)


def _spf_behind(case: MessageCase, one: Assessment) -> str:
    """Return the code of the SPF result that is behind the failure: the only aligned part."""
    aligned = any(each.aligned and each.method is Method.SPF for each in one.alignments)
    if not aligned or case.mailfrom is None or case.spf_result is SpfResult.PASS:
        return ""
    return entry_of(case.mailfrom.evaluation).code


def first_record(domain: str) -> str:
    """Return the record to begin with, as a zone line."""
    text = f"v=DMARC1; p=none; rua=mailto:{REPORTS}@{domain}"
    return zone_line(f"_dmarc.{domain}", text)


def _unproven(case: MessageCase, one: Assessment) -> str:
    client, author = show(case.arrival.client_ip.value, 60), show(one.author_domain, 120)
    if injected(case):
        return say(
            "nothing to do: the message is most likely forged, see {claimed}", claimed=CLAIMED
        )
    return say(
        "if {client} is not yours, the message is forged and nothing is to be mended; if"
        " it sends for {author}, name it in SPF and sign with d={author} (key at"
        " SELECTOR._domainkey.{author})",
        client=client or say("the sending host"),
        author=author,
    )


def _third_party(one: Assessment, passed: Alignment) -> str:
    """Return how a service that sends for the author becomes aligned: signature first, then SPF."""
    author = one.author_domain
    sign = say(
        "have {domain} sign with d={author} too, with a selector of its own:"
        ' SELECTOR._domainkey.{author}. IN TXT "v=DKIM1; k=rsa; p=<its public key>"',
        domain=show(passed.domain, 120),
        author=author,
    )
    if passed.relaxed:
        tag = "aspf" if passed.method is Method.SPF else "adkim"
        return say(
            "publish {tag}=r (relaxed) at _dmarc.{author}., or use {author} itself; or {sign}",
            tag=tag,
            author=author,
            sign=sign,
        )
    return say(
        "{sign}; or a MAIL FROM below {author} whose SPF record names the service",
        sign=sign,
        author=author,
    )


def _readings(case: MessageCase, one: Assessment, where: Where) -> Iterator[Finding]:
    other = case.assessment(Reading.RFC7489)
    if other is None or (one.policy.record is None and other.policy.record is None):
        return
    found_apart = [
        each
        for each in differences(one, other)
        if each.matters
        or each.topic is Topic.POLICY
        or (each.topic is Topic.ORGANIZATIONAL and each.domain == one.author_domain)
    ]
    if not found_apart:
        return
    said = "; ".join(
        say(
            "{about}: {by_9989}, by RFC 7489 {by_7489}",
            about=each.about,
            by_9989=show(each.by_9989, 120),
            by_7489=show(each.by_7489, 120),
        )
        for each in sorted(found_apart, key=lambda each: not each.matters)[:_SHOWN]
    )
    matters = any(each.matters for each in found_apart)
    apart = cut_off(case, one)
    names = dict.fromkeys(each.discovery.organizational for each in (one, other))
    listed = say(" and ").join(f"_dmarc.{show(name, 120)}" for name in names)
    fix = say(
        "publish one and the same policy at {listed}, without psd, np, t and pct", listed=listed
    )
    yield found(
        READINGS,
        where,
        say(
            "RFC 9989 and RFC 7489 differ for {author_domain}: {said}",
            author_domain=show(one.author_domain, 120),
            said=said,
        ),
        apart.short if apart else fix,
        dig(apart.query.qname if apart else f"_dmarc.{one.author_domain}", "TXT"),
        Severity.WARNING if matters else None,
        Owner.SENDER_DNS if apart else None,
        SUFFIX.code if apart else "",
    )
