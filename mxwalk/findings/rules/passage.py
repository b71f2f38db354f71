"""What happened to a message on its way: lists, forwarders, ARC (RFC 7208, RFC 8617, RFC 9989).

These explain; the result itself is told in ``dmarc_result``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.authenticated import at_kind, at_seq
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import noted, say, say_many
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Method
from mxwalk.mailauth.open_points import not_discovered
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.evidence import decisive_step

LIST = entry("DMARC008", Severity.NOTICE, Owner.FORWARDER, "a list in between", "RFC 9989 7.4")
FORWARDED = entry("DMARC009", Severity.NOTICE, Owner.FORWARDER, "passed on", "RFC 7208 10.3")
ONE_LEG = entry(
    "DMARC010", Severity.NOTICE, Owner.SENDER, "DMARC rests on SPF alone", "RFC 9989 7.4"
)
ARC_PASSED = entry("ARC001", Severity.NOTICE, Owner.RECEIVER, "an intact ARC chain", "RFC 8617 5.2")
ARC_FAILED = entry(
    "ARC002", Severity.WARNING, Owner.FORWARDER, "a broken ARC chain", "RFC 8617 5.2"
)


ENTRIES = (LIST, FORWARDED, ONE_LEG, ARC_PASSED, ARC_FAILED)
OF_A_LIST = noted(
    "have the list put its own address into From (the author's into Reply-To), leave"
    " subject and body alone, or seal with ARC; a receiver may know the list"
)
_FAILED = (SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL, SpfResult.NONE)
# What forwarding software leaves in a header.
_PASSED_ON = ("resent-from", "resent-to", "x-forwarded-to", "x-forwarded-for", "arc-seal")


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the message and its results tell of its way."""
    case = delivery.message
    if case is None:
        return
    yield from _arc(case)
    assessment = case.assessment()
    if (
        assessment is not None
        and not not_discovered(case)
        and len(case.message.author_domains) == 1
    ):
        where = at_seq(decisive_step(case), case.author_domain)
        yield from _explained(case, assessment, where)


def _explained(case: MessageCase, one: Assessment, where: Where) -> Iterator[Finding]:
    spf = next((each for each in one.alignments if each.method is Method.SPF), None)
    dkim = [each for each in one.alignments if each.method is Method.DKIM and each.counts]
    passes = one.result is DmarcResult.PASS
    if passes and spf is not None and spf.counts and not dkim:
        yield found(
            ONE_LEG,
            where,
            say(
                "DMARC passes by SPF alone ({domain}): once a list or forwarder passes the"
                " message on, it fails",
                domain=show(spf.domain, 120),
            ),
            say("sign with d={author_domain} as well", author_domain=one.author_domain),
        )
    if case.message.list_fields and not passes:
        name = case.message.value("List-Id") or case.message.list_fields[0].value
        yield found(
            LIST,
            replace(where, host=list_name(case)),
            say(
                "a mailing list passed the message on ({name}): its MAIL FROM and host are"
                " its own, and what it changes breaks the author's signature",
                name=show(name, 120),
            ),
            say(OF_A_LIST),
        )
    elif spf is not None and case.spf_result in _FAILED:
        mark = _mark(case)
        if mark or (spf.aligned and dkim):
            yield _passed_on(case, where, mark=mark, passes=passes)


def list_name(case: MessageCase) -> str:
    """Return the list's name (RFC 2919), else the domain of its MAIL FROM."""
    given = re.search(r"<([^<>\s]+)>\s*$", case.message.value("List-Id") or "")
    return show(given[1] if given else case.mailfrom_domain, 120)


def _mark(case: MessageCase) -> str:
    """Return what in the message shows that it was passed on; empty without such a mark."""
    path = case.arrival.mail_from.value.strip("<>").lower()
    if path.startswith(("srs0", "srs1")):
        return say("SRS in MAIL FROM")
    return next((field.name for field in case.message.fields if field.key in _PASSED_ON), "")


def _passed_on(case: MessageCase, where: Where, *, mark: str, passes: bool) -> Finding:
    """Tell of a forwarder: certain by its mark, else what an intact signature makes likely."""
    client = show(case.arrival.client_ip.value, 60)
    by = (
        say("the message was passed on by {client} ({mark})", client=client, mark=show(mark, 40))
        if mark
        else say(
            "{client} passed the message on, or is missing in the author's SPF record",
            client=client,
        )
    )
    kept = (
        say("the author's signature is intact and DMARC passes")
        if passes
        else say("no proof is left")
    )
    return found(
        FORWARDED,
        where,
        say("{by}: SPF does not pass, {kept}", by=by, kept=kept),
        say(
            "sign with DKIM, which survives unchanged forwarding; the forwarder may rewrite"
            " MAIL FROM (SRS) and should seal with ARC"
        ),
    )


def _arc(case: MessageCase) -> Iterator[Finding]:
    if case.arc is None:
        return
    checked = case.arc.evidence
    where = at_kind(case, StepKind.ARC)
    assessment = case.assessment()
    fails = assessment is not None and assessment.result is DmarcResult.FAIL
    detail = f": {show(case.arc.detail, 300)}" if case.arc.detail else ""
    if checked.result == "pass":
        use = (
            say("; DMARC fails, and a receiver that trusts the sealers may accept it all the same")
            if fails
            else ""
        )
        yield found(
            ARC_PASSED,
            where,
            say(
                "the ARC chain of {sets} is intact{use}{detail}",
                sets=_sets(len(checked.sets)),
                use=use,
                detail=detail,
            ),
            say(
                "decide which sealers are trusted: a chain proves who passed a message on,"
                " not its author"
            ),
        )
    elif checked.result == "fail":
        yield found(
            ARC_FAILED,
            where,
            say(
                "the ARC chain of {sets} is broken{detail}: it proves nothing",
                sets=_sets(len(checked.sets)),
                detail=detail,
            ),
            say(
                "have the host behind the last intact set leave alone what is signed, or seal"
                " with cv=fail"
            ),
        )


def _sets(number: int) -> str:
    return say_many("{n} set", "{n} sets", number)
