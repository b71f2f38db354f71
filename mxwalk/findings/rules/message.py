"""The message itself: who it says it is from, how it came, what it claims (RFC 5322, RFC 8601)."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.authenticated import at_kind, is_sentence
from mxwalk.findings.claimed import injected
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say, say_many
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import Reason
from mxwalk.mailauth.dmarc.model import DmarcResult
from mxwalk.mailauth.envelope import Known
from mxwalk.mailauth.message_oddities import Oddity
from mxwalk.mailauth.results.comparing import Why

NO_AUTHOR = entry("MSG001", Severity.ERROR, Owner.SENDER, "no author domain", "RFC 5322 3.6.2")
AUTHORS = entry("MSG002", Severity.ERROR, Owner.SENDER, "several From domains", "RFC 9989 5.3.1")
NO_CLIENT = entry(
    "MSG003", Severity.WARNING, Owner.YOU, "the client's address is not known", "RFC 7208 4.1"
)
ASSUMED = entry("MSG004", Severity.NOTICE, Owner.YOU, "an assumed envelope", "RFC 5321 4.4")
NO_BODY = entry("MSG005", Severity.WARNING, Owner.YOU, "the body is not there", "RFC 6376 3.7")
MALFORMED = entry("MSG006", Severity.WARNING, Owner.SENDER, "a malformed message", "RFC 5322 3.6")
NULL_SENDER = entry("MSG007", Severity.NOTICE, Owner.NOBODY, "a null reverse-path", "RFC 7208 2.4")
DIFFERS = entry(
    "AUTH001", Severity.WARNING, Owner.RECEIVER, "claimed results differ", "RFC 8601 7.1"
)
DEVIATES = entry(
    "AUTH002", Severity.NOTICE, Owner.RECEIVER, "an odd Authentication-Results", "RFC 8601 2.2"
)

ENTRIES = (
    NO_AUTHOR,
    AUTHORS,
    NO_CLIENT,
    ASSUMED,
    NO_BODY,
    MALFORMED,
    NULL_SENDER,
    DIFFERS,
    DEVIATES,
)
# What a relay mends or refuses on the way, so that signatures break or mail is refused.
_GRAVE = (
    Oddity.BARE_LF,
    Oddity.BARE_CR,
    Oddity.NUL,
    Oddity.LONG_LINE,
    Oddity.NO_BLANK_LINE,
    Oddity.NOT_A_FIELD,
    Oddity.STRAY_FOLD,
    Oddity.REPEATED,
)
_SHOWN = 6


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what reading the message showed, and where its own results differ."""
    case = delivery.message
    if case is None or StepKind.MESSAGE.value not in case.steps:
        return
    where = at_kind(case, StepKind.MESSAGE)
    yield from _author(case, where)
    yield from _arrival(case, where)
    undecided = [one for one in case.verdicts if one.reason in (Reason.NO_BODY, Reason.NOT_DONE)]
    if not case.message.whole and undecided:
        yield found(
            NO_BODY,
            where,
            say(
                "only header fields are here: {undecided} cannot be decided",
                undecided=say_many("{n} DKIM signature", "{n} DKIM signatures", len(undecided)),
            ),
            say(
                "open the whole message as it was received, saved as .eml, not copied from a window"
            ),
        )
    yield from _oddities(case, where)
    yield from _claims(case)


def _author(case: MessageCase, where: Where) -> Iterator[Finding]:
    domains = case.message.author_domains
    if not domains:
        why = f": {show(case.author_problem)}" if case.author_problem else ""
        yield found(
            NO_AUTHOR,
            where,
            say(
                "From names no domain{why}; DMARC cannot be applied, and receivers may refuse"
                " the message",
                why=why,
            ),
            say("write one From field with one mailbox: From: Name <user@example.com>"),
        )
    elif len(domains) > 1:
        named = ", ".join(show(domain, 80) for domain in domains[:_SHOWN])
        yield found(
            AUTHORS,
            where,
            say(
                "From names {domains} domains ({named}): RFC 9989 receivers do not apply"
                " DMARC, RFC 7489 receivers apply the strictest policy, many refuse such a"
                " message",
                domains=len(domains),
                named=named,
            ),
            say("name authors of one domain in From, and who sent it in Sender"),
            dig(f"_dmarc.{domains[0]}", "TXT"),
        )


def _arrival(case: MessageCase, where: Where) -> Iterator[Finding]:
    come = case.arrival
    if not come.client_ip.value:
        yield found(
            NO_CLIENT,
            where,
            say(
                "{is_sentence}: SPF cannot be checked",
                is_sentence=is_sentence(come.client_ip.sentence),
            ),
            say("give the address that connected to the receiver: --ip ADDRESS"),
        )
    known: tuple[tuple[str, Known], ...] = (
        ("--ip", come.client_ip),
        ("--helo", come.helo),
        ("--mail-from", come.mail_from),
    )
    assumed = [(option, one) for option, one in known if one.assumed]
    if assumed:
        values = "; ".join(is_sentence(show(one.sentence, 240)) for _, one in assumed)
        options = " ".join(f"{option} {show(one.value, 120)}" for option, one in assumed)
        yield found(
            ASSUMED,
            where,
            say("{values}: SPF is as right as this", values=values),
            say(
                "compare with the receiver's log, and give what it says: {options}", options=options
            ),
        )
    if come.null_sender:
        yield found(
            NULL_SENDER,
            where,
            say(
                "MAIL FROM is <>, as that of a bounce: SPF checks postmaster at the HELO name"
                " {helo}, and that is what DMARC aligns",
                helo=show(come.helo.value, 120),
            ),
            say("nothing to do; publish an SPF record for the HELO name of each sending host"),
            dig(case.helo_domain, "TXT") if case.helo_domain else "",
        )


def _oddities(case: MessageCase, where: Where) -> Iterator[Finding]:
    told = (Oddity.NO_FROM,)
    for one in case.message.deviations[:20]:
        if one.kind in told:
            continue
        grave = one.kind in _GRAVE
        yield found(
            MALFORMED,
            where.at_line(one.line),
            say("line {line}: {what}", line=one.line, what=show(one.what, 240)),
            say(
                "have the program that writes the message keep to RFC 5322; what relays mend"
                " on the way breaks signatures"
            )
            if grave
            else say("nothing has to be done for authentication"),
            "",
            None if grave else Severity.NOTICE,
        )


def _claims(case: MessageCase) -> Iterator[Finding]:
    where = at_kind(case, StepKind.RESULT_HEADERS)
    forged = injected(case)
    if forged is not None:
        assessment = case.assessment()
        fails = assessment is not None and assessment.result is DmarcResult.FAIL
        grave = Severity.ERROR if fails else None
        yield found(DIFFERS, where, forged.sentence, forged.fix, severity=grave)
    told = [one for one in case.differences if one.why is not Why.FOLLOWS] if not forged else []
    for one in told[:_SHOWN]:
        foreign = one.why is Why.NOT_TRUSTED
        yield found(
            DIFFERS,
            where,
            say(
                "its Authentication-Results and this walk differ: {is_sentence}",
                is_sentence=is_sentence(show(one.sentence, 500)),
            ),
            say(
                "have the receiver remove fields in its own name from incoming mail, and"
                " trust no other"
            )
            if foreign
            else say(
                "look whether the receiver's log shows this field; if it does, walk"
                " again with the address and MAIL FROM of that log (--ip, --mail-from),"
                " if not, it is forged: remove such fields at the border"
            ),
            "",
            Severity.NOTICE if foreign else None,
        )
    for claimed in case.claims[:3]:
        if claimed.deviations:
            who = show(claimed.authserv_id, 80) or say("nobody named")
            yield found(
                DEVIATES,
                at_kind(case, StepKind.MESSAGE),
                say(
                    "the Authentication-Results of {who} departs from RFC 8601: {deviations}",
                    who=who,
                    deviations=show("; ".join(claimed.deviations[:3]), 400),
                ),
                say(
                    "nothing has to be done: it could be read; programs that are strict read"
                    " less of it"
                ),
            )
