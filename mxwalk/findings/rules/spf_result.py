"""What SPF gave for this client: MAIL FROM, which DMARC uses, and HELO (RFC 7208 2.3, 2.4, 2.6)."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.authenticated import at_seq, dmarc_passes, is_sentence, zone_line
from mxwalk.findings.claimed import CLAIMED, injected
from mxwalk.findings.commands import dig, spfquery
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.findings.spf_costs import costs
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase, SpfCheck
from mxwalk.mailauth.dmarc.model import DmarcResult
from mxwalk.mailauth.spf.checking import STANDARD
from mxwalk.mailauth.spf.model import Evaluation, SpfResult

_DNS = Owner.SENDER_DNS
PASSED = entry("SPF001", Severity.OK, Owner.NOBODY, "SPF passes", "RFC 7208 2.6.3")
FAILED = entry("SPF002", Severity.ERROR, Owner.SENDER, "SPF fails", "RFC 7208 2.6.4")
SOFT = entry("SPF003", Severity.WARNING, Owner.SENDER, "SPF fails softly", "RFC 7208 2.6.5")
NEUTRAL = entry("SPF004", Severity.WARNING, _DNS, "SPF is neutral", "RFC 7208 2.6.2")
NONE = entry("SPF005", Severity.WARNING, _DNS, "no SPF record to check", "RFC 7208 2.6.1")
BROKEN = entry("SPF006", Severity.ERROR, _DNS, "SPF cannot be evaluated", "RFC 7208 2.6.7")
LOOKUPS = entry("SPF007", Severity.ERROR, _DNS, "SPF asks DNS too often", "RFC 7208 4.6.4")
VOIDS = entry("SPF008", Severity.ERROR, _DNS, "SPF finds nothing too often", "RFC 7208 4.6.4")
LATER = entry("SPF009", Severity.WARNING, _DNS, "SPF fails for now", "RFC 7208 2.6.6")
HELO_NONE = entry("SPF010", Severity.NOTICE, _DNS, "a HELO name without SPF", "RFC 7208 2.3")
HELO_BAD = entry("SPF011", Severity.WARNING, _DNS, "SPF fails for HELO", "RFC 7208 2.3")

ENTRIES = (
    PASSED,
    FAILED,
    SOFT,
    NEUTRAL,
    NONE,
    BROKEN,
    LOOKUPS,
    VOIDS,
    LATER,
    HELO_NONE,
    HELO_BAD,
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield a finding on each identity that was checked."""
    case = delivery.message
    if case is None:
        return
    if case.mailfrom is not None:
        yield _mailfrom(case, case.mailfrom)
    if case.helo is not None and not _is_strangers(case, case.helo):
        yield from _helo(case.helo)


def _mailfrom(case: MessageCase, check: SpfCheck) -> Finding:
    one = check.evaluation
    what = entry_of(one)
    where = at_seq(check.step, one.domain)
    said = (
        say('; the domain explains: "{explanation}"', explanation=show(one.explanation, 200))
        if one.explanation
        else ""
    )
    failed = what in (FAILED, SOFT)
    forged = failed and injected(case) is not None
    owner = Owner.YOU if failed and case.arrival.client_ip.assumed else None
    return found(
        what,
        where,
        say(
            "SPF of {identity} for {client_ip} is {result}: {is_sentence}{said}",
            identity=_identity(case, one),
            client_ip=show(one.client_ip),
            result=one.result.value,
            is_sentence=is_sentence(one.why),
            said=said,
        ),
        _fix(case, what, one),
        _command(one, what),
        _severity(case, what),
        owner or (Owner.NOBODY if forged else None),
        CLAIMED if forged else "",
    )


def _identity(case: MessageCase, one: Evaluation) -> str:
    if case.arrival.null_sender:  # RFC 7208 2.4
        return say("the empty MAIL FROM, checked as {sender},", sender=show(one.sender, 160))
    return f"MAIL FROM {show(one.domain, 120)}"


def _severity(case: MessageCase, what: Entry) -> Severity | None:
    """Return one level less where DMARC passes all the same, by a signature."""
    if not dmarc_passes(case) or what.severity is Severity.OK:
        return None
    return Severity.WARNING if what.severity is Severity.ERROR else Severity.NOTICE


def entry_of(one: Evaluation) -> Entry:
    """Return the entry that tells of a result."""
    match one.result:
        case SpfResult.PASS:
            return PASSED
        case SpfResult.FAIL:
            return FAILED
        case SpfResult.SOFTFAIL:
            return SOFT
        case SpfResult.NEUTRAL:
            return NEUTRAL
        case SpfResult.NONE:
            return NONE
        case SpfResult.TEMPERROR:
            return LATER
        case SpfResult.PERMERROR:
            if one.lookups > STANDARD.terms:
                return LOOKUPS
            return VOIDS if one.voids > STANDARD.voids else BROKEN


def _command(one: Evaluation, what: Entry) -> str:
    if what is NONE or not one.client_ip:
        return dig(one.domain, "TXT")
    return spfquery(one.client_ip, one.sender, one.helo)


def _fix(case: MessageCase, what: Entry, one: Evaluation) -> str:
    ip, domain = show(one.client_ip, 60), show(one.domain, 120)
    match what.code:
        case "SPF001":
            return say("nothing to do")
        case "SPF002" | "SPF003" | "SPF004":
            assumed = (
                say("make sure that {ip} is the address that connected (--ip ADDRESS); ", ip=ip)
                if case.arrival.client_ip.assumed
                else ""
            )
            if injected(case):
                return say(
                    "{assumed}nothing to do: the message is most likely forged, see"
                    " {claimed}; only if {ip} does send for {domain}, publish"
                    " {with_client}",
                    assumed=assumed,
                    claimed=CLAIMED,
                    ip=ip,
                    domain=domain,
                    with_client=with_client(one),
                )
            return say(
                "{assumed}if {ip} does not send for {domain}, the message is forged, or"
                " was passed on by a host that kept MAIL FROM; if it does, publish"
                " {with_client}",
                assumed=assumed,
                ip=ip,
                domain=domain,
                with_client=with_client(one),
            )
        case "SPF005":
            return say(
                "publish {zone_line} with every sending host in it; a domain that sends"
                " no mail: {zone_line_2}",
                zone_line=zone_line(one.domain, f"v=spf1 {_network(one.client_ip)} ~all"),
                zone_line_2=zone_line(one.domain, "v=spf1 -all"),
            )
        case "SPF007":
            return say(
                "bring the record to 10 look-ups (now: {costs}): remove what no longer"
                " sends, write ip4: and ip6: in place of your own a and mx, give each"
                " service a subdomain; mxwalk spf {domain} --record tries a record before"
                " it is published",
                costs=costs(one),
                domain=domain,
            )
        case "SPF008":
            return say(
                "remove the terms whose names do not exist, or publish their A or MX records"
            )
        case "SPF009":
            return say(
                "walk again; if it stays so, mend the name servers that do not answer:"
                " receivers defer or accept such mail unchecked"
            )
        case _:
            record = one.root.record if one.root else None
            if record is None:
                return say(
                    "leave one TXT record that begins with v=spf1 at {domain}, or mend its name",
                    domain=domain,
                )
            return say("mend the term that is named: one fault makes the whole record of no use")


def _network(ip: str) -> str:
    return f"ip6:{ip}" if ":" in ip else f"ip4:{ip}"


def with_client(one: Evaluation) -> str:
    """Return the zone line of the domain's record with the client added in front."""
    record = one.root.record if one.root else None
    text = record.text if record else "v=spf1 ~all"
    rest = text[6:].strip()
    return zone_line(one.domain, f"v=spf1 {_network(one.client_ip)} {rest}".strip())


def _is_strangers(case: MessageCase, check: SpfCheck) -> bool:
    """Say whether the HELO name is none of the author's, of a message that proves nothing.

    What a forger's host publishes is nobody's to mend.
    """
    one = case.assessment()
    if one is None or one.result is not DmarcResult.FAIL or any(a.passed for a in one.alignments):
        return False
    own, name = one.discovery.organizational, check.evaluation.domain.lower().rstrip(".")
    return name != own and not name.endswith(f".{own}")


def _helo(check: SpfCheck) -> Iterator[Finding]:
    one = check.evaluation
    where: Where = at_seq(check.step, one.domain)
    command = dig(one.domain, "TXT")
    if one.result is SpfResult.NONE:
        yield found(
            HELO_NONE,
            where,
            say(
                "the HELO name {domain} has no SPF record: bounces, whose MAIL FROM is empty,"
                " cannot pass SPF",
                domain=show(one.domain, 120),
            ),
            say("publish {zone_line}", zone_line=zone_line(one.domain, "v=spf1 a -all")),
            command,
        )
    elif one.result not in (SpfResult.PASS, SpfResult.TEMPERROR):
        yield found(
            HELO_BAD,
            where,
            say(
                "SPF of the HELO name {domain} for {client_ip} is {result}: {is_sentence}",
                domain=show(one.domain, 120),
                client_ip=show(one.client_ip),
                result=one.result.value,
                is_sentence=is_sentence(one.why),
            ),
            say(
                "publish {zone_line}, or have the host say its own name in HELO",
                zone_line=zone_line(one.domain, f"v=spf1 {_network(one.client_ip)} -all"),
            ),
            command,
        )
