"""What DMARC gave for the message, by both readings, and what mends it (RFC 9989 5.3)."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.authenticated import at_seq, is_sentence, zone_line
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.findings.rules.passage import OF_A_LIST
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.differences import differences
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, DmarcResult, Method, Policy, Reading
from mxwalk.mailauth.open_points import not_discovered, open_points
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.evidence import decisive_step

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
        case DmarcResult.PASS:
            what, fix = PASSED, "nothing to do"
        case DmarcResult.FAIL:
            what, fix = _failure(case, one)
        case DmarcResult.TEMPERROR:
            what = LATER
            fix = "walk again; if it stays so, mend the name servers that do not answer"
        case DmarcResult.PERMERROR:
            what, fix = UNUSABLE, f"publish {_first_record(domain)}"
        case DmarcResult.NONE:
            what = NO_POLICY
            fix = f"publish {_first_record(domain)}, read the reports, then ask for quarantine"
            several = [query.qname for query in one.discovery.queries if query.records > 1]
            if several:
                fix = f"leave one of the records at {show(several[0], 200)}."
    asked = one.policy.asked
    policy = f", policy {asked.value}" if asked is not None else ""
    return found(
        what,
        where,
        f"DMARC of {show(domain, 120)} is {one.result.value}{policy}: {is_sentence(one.why)}",
        fix,
        command,
        Severity.WARNING if what in (NOT_ALIGNED, NOTHING) and _asks_nothing(one) else None,
        Owner.FORWARDER if what is NOT_ALIGNED and case.message.list_fields else None,
    )


def _asks_nothing(one: Assessment) -> bool:
    return one.disposition is Policy.NONE


def _first_record(domain: str) -> str:
    text = f"v=DMARC1; p=none; rua=mailto:dmarc-reports@{domain}; fo=1"
    return zone_line(f"_dmarc.{domain}", text)


def _failure(case: MessageCase, one: Assessment) -> tuple[Entry, str]:
    passed = [each for each in one.alignments if each.passed]
    if passed:
        return NOT_ALIGNED, _third_party(case, one, passed[0])
    client = show(case.arrival.client_ip.value, 60) or "the sending host"
    broken = _aligned_and_broken(case, one)
    if broken:
        return NOTHING, broken
    return NOTHING, (
        f"if {client} sends for {one.author_domain}: sign with d={one.author_domain} (key at"
        f" SELECTOR._domainkey.{one.author_domain}) and name it in the SPF record of MAIL FROM; if it"
        " does not, the message is forged, and the policy is there for that"
    )


def _aligned_and_broken(case: MessageCase, one: Assessment) -> str:
    """Return what to mend where an aligned part is there and cannot pass; empty without one."""
    for each in one.alignments:
        name = show(each.domain, 120)
        if each.method is Method.DKIM and each.aligned and not each.passed:
            return (
                f"mend DKIM signature {each.number} of {name}: it is aligned and does not pass; its own"
                " finding says why"
            )
        if each.aligned and each.method is Method.SPF and case.spf_result is SpfResult.PERMERROR:
            return f"mend the SPF record of {name}: it is aligned and cannot be evaluated"
    return ""


def _third_party(case: MessageCase, one: Assessment, passed: Alignment) -> str:
    """Return how a service that sends for the author becomes aligned: signature first, then SPF."""
    author = one.author_domain
    if case.message.list_fields:
        return OF_A_LIST
    broken = _aligned_and_broken(case, one)
    if broken:
        return broken
    sign = (
        f"have {show(passed.domain, 120)} sign with d={author} too, with a selector of its own:"
        f' SELECTOR._domainkey.{author}. IN TXT "v=DKIM1; k=rsa; p=<its public key>"'
    )
    if passed.relaxed:
        tag = "aspf" if passed.method is Method.SPF else "adkim"
        return f"publish {tag}=r (relaxed) at _dmarc.{author}., or use {author} itself; or {sign}"
    return f"{sign}; or a MAIL FROM below {author} whose SPF record names the service"


def _readings(case: MessageCase, one: Assessment, where: Where) -> Iterator[Finding]:
    other = case.assessment(Reading.RFC7489)
    if other is None or (one.policy.record is None and other.policy.record is None):
        return
    own = ("policy", f"organizational domain of {one.author_domain}")
    found_apart = [each for each in differences(one, other) if each.matters or each.about in own]
    if not found_apart:
        return
    said = "; ".join(
        f"{each.about}: {show(each.by_9989, 120)}, by RFC 7489 {show(each.by_7489, 120)}"
        for each in sorted(found_apart, key=lambda each: not each.matters)[:_SHOWN]
    )
    matters = any(each.matters for each in found_apart)
    yield found(
        READINGS,
        where,
        f"RFC 9989 and RFC 7489 differ for {show(one.author_domain, 120)}: {said}",
        "publish a record at the organizational domain and at each name that sends, without tags that"
        " only one reading knows, so that both find the same",
        dig(f"_dmarc.{one.author_domain}", "TXT"),
        Severity.WARNING if matters else None,
    )
