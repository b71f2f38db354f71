"""What became of each DKIM signature, and what happened to the message on its way (RFC 6376 6.1)."""

from collections.abc import Iterator, Mapping

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.authenticated import at_kind, at_seq, dmarc_passes, is_sentence
from mxwalk.findings.commands import dig, opendkim_testkey, verify_message
from mxwalk.findings.dkim_fixes import fix_of
from mxwalk.findings.model import Entry, Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say, say_many
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.diagnose import diagnose
from mxwalk.mailauth.dkim.diagnosis import Change
from mxwalk.mailauth.dkim.model import DkimResult, Reason, SignatureVerdict
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.esa_checks import SIGNATURES

_SENDER, _DNS = Owner.SENDER, Owner.SENDER_DNS
PASSED = entry("DKIM001", Severity.OK, Owner.NOBODY, "a DKIM signature passes", "RFC 6376 6.1.3")
UNSIGNED = entry("DKIM002", Severity.WARNING, _SENDER, "no DKIM signature", "RFC 6376 6.1")
BODY = entry("DKIM003", Severity.ERROR, _SENDER, "the body was changed", "RFC 6376 6.1.3")
HEADER = entry("DKIM004", Severity.ERROR, _SENDER, "the header was changed", "RFC 6376 6.1.3")
NO_KEY = entry("DKIM005", Severity.ERROR, _DNS, "no DKIM key record", "RFC 6376 6.1.2")
LATER = entry("DKIM006", Severity.WARNING, _DNS, "the DKIM key cannot be had", "RFC 6376 6.1.2")
REVOKED = entry("DKIM007", Severity.ERROR, _SENDER, "a revoked DKIM key", "RFC 6376 3.6.1")
BAD_KEY = entry("DKIM008", Severity.ERROR, _DNS, "a DKIM key of no use", "RFC 6376 6.1.2")
SMALL = entry("DKIM009", Severity.ERROR, _SENDER, "a DKIM key too small", "RFC 8301 3.2")
SHA1 = entry("DKIM010", Severity.ERROR, _SENDER, "an algorithm nobody accepts", "RFC 8301 3.1")
BROKEN = entry("DKIM011", Severity.ERROR, _SENDER, "a broken signature field", "RFC 6376 6.1.1")
EXPIRED = entry("DKIM012", Severity.ERROR, _SENDER, "a signature out of its time", "RFC 6376 3.5")
LENGTH = entry("DKIM013", Severity.WARNING, _SENDER, "a body signed in part", "RFC 6376 8.2")
SOON = entry("DKIM014", Severity.NOTICE, _SENDER, "a signature that expires soon", "RFC 6376 3.5")
UNCOVERED = entry("DKIM015", Severity.NOTICE, _SENDER, "fields not signed", "RFC 6376 5.4.1")
MANY = entry(
    "DKIM016", Severity.NOTICE, _SENDER, "more signatures than are checked", "RFC 6376 6.1"
)
ON_THE_WAY = entry(
    "DKIM017", Severity.NOTICE, Owner.FORWARDER, "changed on the way", "RFC 6377 3.3"
)

ENTRIES = (
    PASSED,
    UNSIGNED,
    BODY,
    HEADER,
    NO_KEY,
    LATER,
    REVOKED,
    BAD_KEY,
    SMALL,
    SHA1,
    BROKEN,
    EXPIRED,
    LENGTH,
    SOON,
    UNCOVERED,
    MANY,
    ON_THE_WAY,
)
_REASONS: Mapping[Reason, Entry] = {
    Reason.VALID: PASSED,
    Reason.BODY_HASH: BODY,
    Reason.HEADER: HEADER,
    Reason.KEY_MISSING: NO_KEY,
    Reason.KEY_UNREACHABLE: LATER,
    Reason.KEY_REVOKED: REVOKED,
    Reason.KEY_SYNTAX: BAD_KEY,
    Reason.KEY_TYPE: BAD_KEY,
    Reason.KEY_HASH: BAD_KEY,
    Reason.KEY_SERVICE: BAD_KEY,
    Reason.KEY_STRICT: BAD_KEY,
    Reason.KEY_SMALL: SMALL,
    Reason.ALGORITHM: SHA1,
    Reason.SYNTAX: BROKEN,
    Reason.NO_FROM: BROKEN,
    Reason.IDENTITY: BROKEN,
    Reason.EXPIRED: EXPIRED,
    Reason.FUTURE: EXPIRED,
}
_TOLD_ELSEWHERE = (Change.LIST, Change.PASSED_BEFORE, Change.UNKNOWN, Change.APPENDED)
_SOON_S = 24 * 3_600
_WANTED = ("subject", "date", "to", "reply-to", "content-type", "mime-version")


def entry_of(reason: Reason) -> Entry | None:
    """Return the entry that tells of a signature's end; ``None`` where none does."""
    return _REASONS.get(reason)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield a finding on each signature that was looked at, and on the lack of any."""
    case = delivery.message
    if case is None:
        return
    if not case.signatures:
        if StepKind.MESSAGE.value in case.steps:
            yield _unsigned(case)
        return
    others = any(one.result is DkimResult.PASS for one in case.verdicts)
    for verdict in case.verdicts:
        if verdict.step is not None:
            yield from _signature(delivery, case, verdict, others=others)
    if len(case.signatures) > SIGNATURES:
        yield found(
            MANY,
            at_kind(case, StepKind.MESSAGE),
            say(
                "the message has {signatures}: an ESA checks the first {signatures_2} from"
                " the top by default, other receivers have limits of their own",
                signatures=say_many("{n} signature", "{n} signatures", len(case.signatures)),
                signatures_2=SIGNATURES,
            ),
            say(
                "keep the author domain's signature among the first, or raise the limit in"
                " the DKIM verification profile"
            ),
        )


def _unsigned(case: MessageCase) -> Finding:
    domain = show(case.author_domain, 120) or say("the author's domain")
    lost = (
        say("SPF alone authenticates it, and that is lost when the message is passed on")
        if case.spf_result is SpfResult.PASS
        else say("nothing but SPF could authenticate it")
    )
    return found(
        UNSIGNED,
        at_kind(case, StepKind.MESSAGE),
        say("the message has no DKIM-Signature: {lost}", lost=lost),
        say(
            "sign outgoing mail with d={domain}, and publish the key at"
            " SELECTOR._domainkey.{domain}",
            domain=domain,
        ),
    )


def _signature(
    delivery: Delivery, case: MessageCase, one: SignatureVerdict, *, others: bool
) -> Iterator[Finding]:
    signature = one.signature
    where = at_seq(one.step, signature.domain)
    what = _REASONS.get(one.reason)
    if what is not None:
        grave = what.severity is Severity.ERROR
        yield found(
            what,
            where,
            f"{_named(one)}: {is_sentence(one.sentence)}",
            fix_of(one),
            _command(case, one, what),
            Severity.WARNING if grave and (others or dmarc_passes(case)) else None,
            Owner.FORWARDER if what in (BODY, HEADER) and case.message.list_fields else None,
        )
    if one.reason is Reason.VALID:
        yield from _weaknesses(delivery, one, where)
    if one.reason in (Reason.BODY_HASH, Reason.HEADER):
        yield from _on_the_way(case, one, where)


def _named(one: SignatureVerdict) -> str:
    signature = one.signature
    if signature.domain and f"d={signature.domain}" in one.sentence:
        return say("signature {number}", number=signature.number)
    selector = show(signature.selector, 60) or "?"
    return say(
        "signature {number} (d={domain}, s={selector})",
        number=signature.number,
        domain=show(signature.domain, 80) or "?",
        selector=selector,
    )


def _command(case: MessageCase, one: SignatureVerdict, what: Entry) -> str:
    signature = one.signature
    if what in (NO_KEY, LATER, REVOKED, SMALL, BAD_KEY) and signature.domain:
        reads = opendkim_testkey(signature.domain, signature.selector)
        return f"{dig(signature.key_name, 'TXT')}; {reads}"
    return verify_message(case.given.file_name)


def _weaknesses(delivery: Delivery, one: SignatureVerdict, where: Where) -> Iterator[Finding]:
    signature = one.signature
    named = say(
        "signature {number} (d={domain})",
        number=signature.number,
        domain=show(signature.domain, 80),
    )
    if signature.length is not None:
        yield found(
            LENGTH,
            where,
            say(
                "{named} covers the first {length} octets of the body only (l=): anybody can"
                " append to it and it still passes",
                named=named,
                length=signature.length,
            ),
            say("have the signer leave l= out"),
        )
    now = from_rfc3339(delivery.trace.header.started_at).timestamp()
    if signature.expires is not None and signature.expires - now < _SOON_S:
        hours = max(int((signature.expires - now) // 3_600), 0)
        yield found(
            SOON,
            where,
            say(
                "{named} expires in {hours} h (x={expires}): mail that waits longer fails",
                named=named,
                hours=hours,
                expires=signature.expires,
            ),
            say("let x= lie at least a week behind t=, or leave it out"),
        )
    missing = [
        name
        for name in _WANTED
        if name not in signature.signed
        and delivery.message
        and delivery.message.message.named(name)
    ]
    if missing:
        yield found(
            UNCOVERED,
            where,
            say(
                "{named} does not cover {missing}: they can be changed and it still passes",
                named=named,
                missing=", ".join(missing),
            ),
            say(
                "have the signer put them into h=: {value}",
                value=":".join((*signature.signed[:12], *missing)),
            ),
        )


def _on_the_way(case: MessageCase, one: SignatureVerdict, where: Where) -> Iterator[Finding]:
    """Yield what undoing changes shows (RFC 6376 8, RFC 6377)."""
    said = diagnose(case.message, one.signature, one.key, one.reason)
    told = [each for each in said if each.change not in _TOLD_ELSEWHERE]
    marks = [each for each in said if each.change in (Change.LIST, Change.PASSED_BEFORE)]
    if told or marks:
        words = " ".join(each.sentence for each in (*told[:3], *marks[:2]))
        yield found(
            ON_THE_WAY,
            where,
            say(
                "signature {number}: {is_sentence}",
                number=one.signature.number,
                is_sentence=is_sentence(words),
            ),
            say(
                "have the list leave subject and body alone, or put its own address into"
                " From; a forwarder passes on unchanged, and seals with ARC"
            ),
            verify_message(case.given.file_name),
            owner=None if marks else Owner.SENDER,
        )
