"""The eight stages, each judged by itself from what was published and seen.

DNS alone cannot show everything: that every legitimate sender was found, or that mail is signed, only
messages and reports show.  Where they are missing a stage is unknown and not done.
"""

from mxwalk.language import noted, say
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.mailauth.rollout.judged import Found, Judged
from mxwalk.mailauth.rollout.lines import SELECTOR, key_line, spf_lines
from mxwalk.mailauth.rollout.model import Published
from mxwalk.mailauth.rollout.policies import enforce, monitor, prepare_dmarc, test_records

WEAK_BITS = 2_048  # RFC 8301 3.2

TITLES = (
    (noted("Plan and prepare DKIM"), noted("2-4 weeks")),
    (noted("DKIM test run"), noted("2 weeks")),
    (noted("SPF: find the legitimate senders"), noted("2-4 weeks")),
    (noted("Prepare the DMARC policy"), noted("2 weeks")),
    (noted("Test run of the SPF and DMARC records"), noted("4-8 weeks")),
    (noted("SPF test run with hard fail"), noted("2 weeks")),
    (noted("DMARC test run with quarantine, then reject"), noted("4 weeks")),
    (noted("Monitor the DMARC reports and adjust SPF and DKIM"), noted("continuous")),
)


def judge(facts: Published) -> tuple[Judged, ...]:
    """Judge every stage, in order."""
    return (
        _plan_dkim(facts),
        _test_dkim(facts),
        _find_senders(facts),
        prepare_dmarc(facts),
        test_records(facts),
        _hard_fail(facts),
        enforce(facts),
        monitor(facts),
    )


def _plan_dkim(facts: Published) -> Judged:
    usable = [key for key in facts.keys if key.usable]
    if usable:
        names = ", ".join(key.selector for key in usable[:5])
        return Judged(
            found=Found.DONE, shows=say("A usable key is published at {names}.", names=names)
        )
    line = key_line(facts.domain, SELECTOR, say("The public key of the signing gateway."))
    blocked = tuple(
        say("Selector {selector}: {problem}", selector=key.selector, problem=key.problem)
        for key in facts.keys
        if key.problem
    )
    advice = (
        (
            say(
                "Name the selector of a signed message (s=) with --selector; a new key has"
                " one of its own for each sender."
            )
        ),
        (
            say(
                "RSA with 2048 bits; a plan for changing keys, and old keys kept until no"
                " signed mail is on its way any more."
            )
        ),
    )
    if not facts.selectors_asked or not facts.keys:
        return Judged(
            found=Found.UNKNOWN,
            shows=(
                say(
                    "No selector was asked for: DNS cannot list selectors, a signed message"
                    " names them."
                )
                if not facts.selectors_asked
                else say(
                    "No selector has an answer with a key: DNS cannot list selectors, a"
                    " signed message names them."
                )
            ),
            publish=(line,),
            advice=advice,
        )
    return Judged(
        found=Found.OPEN,
        shows=say("None of the keys found can be used."),
        blocked_by=blocked,
        publish=(line,),
        advice=advice,
    )


def _test_dkim(facts: Published) -> Judged:
    usable = [key for key in facts.keys if key.usable]
    if not usable:
        return Judged(
            found=Found.UNKNOWN, shows=say("No usable key is known that could be tested.")
        )
    weak = tuple(
        say(
            "Selector {selector} has {bits} bits: {weak_bits} are wanted (RFC 8301 3.2).",
            selector=key.selector,
            bits=key.bits,
            weak_bits=WEAK_BITS,
        )
        for key in usable
        if key.key_type == "rsa" and 0 < key.bits < WEAK_BITS
    )
    testing = [key.selector for key in usable if key.testing]
    if len(testing) == len(usable):
        return Judged(
            found=Found.OPEN,
            shows=say(
                "Every key found says t=y: {testing} only test.", testing=", ".join(testing[:5])
            ),
            blocked_by=weak,
            publish=(key_line(facts.domain, testing[0], say("The same key without t=y.")),),
        )
    match facts.signed:
        case Seen.YES:
            return Judged(found=Found.DONE, shows=say("Mail of the domain is signed."), advice=weak)
        case Seen.NO:
            return Judged(
                found=Found.OPEN,
                shows=say("A key is published, but mail was seen that is not signed in this name."),
                blocked_by=weak,
            )
        case Seen.UNKNOWN:
            return Judged(
                found=Found.UNKNOWN,
                shows=say(
                    "A key is published; whether mail is signed only a message or a report shows."
                ),
                advice=weak,
            )


def _find_senders(facts: Published) -> Judged:
    soft = spf_lines(facts, "~", say("The senders known so far; ~all until all are found."))
    if facts.spf is Seen.UNKNOWN:
        return Judged(
            found=Found.UNKNOWN, shows=say("Whether there is an SPF record is not known.")
        )
    if facts.spf is Seen.NO:
        return Judged(
            found=Found.OPEN,
            shows=say("There is no SPF record: nobody has written down who sends."),
            publish=soft,
            advice=(
                (
                    say(
                        "List whatever sends in this name: gateways, applications, web"
                        " servers, marketing and ticket services, other offices."
                    )
                ),
                say("Publish a record for the HELO name of each gateway too."),
            ),
        )
    if facts.spf_problems:
        return Judged(
            found=Found.OPEN,
            shows=say("The SPF record cannot be used as it is."),
            blocked_by=facts.spf_problems,
        )
    if facts.spf_all in ("+", "?"):
        return Judged(
            found=Found.OPEN,
            shows=say(
                "The SPF record ends in {spf_all}all: it says nothing of who does not send.",
                spf_all=facts.spf_all,
            ),
            publish=soft,
        )
    return Judged(
        found=Found.DONE,
        shows=say(
            "An SPF record lists senders; whether it lists all of them DMARC's reports show."
        ),
    )


def _hard_fail(facts: Published) -> Judged:
    if facts.spf is Seen.UNKNOWN:
        return Judged(
            found=Found.UNKNOWN, shows=say("Whether there is an SPF record is not known.")
        )
    if facts.spf_all == "-" and not facts.spf_problems:
        return Judged(found=Found.DONE, shows=say("The SPF record ends in -all."))
    return Judged(
        found=Found.OPEN,
        shows=(
            say("The SPF record ends in {spf_all}all.", spf_all=facts.spf_all)
            if facts.spf_all
            else say("There is no SPF record that ends in -all.")
        ),
        blocked_by=facts.spf_problems,
        publish=spf_lines(facts, "-", say("No other host may send."))
        if not facts.spf_problems
        else (),
        advice=(
            (
                say(
                    "Publish it only when every source is known. Receivers may refuse a"
                    " message for -all before they look at DKIM, and it never shows in a"
                    " report (RFC 9989 7.1)."
                )
            ),
        ),
    )
