"""DKIM key records: those at the selectors of a survey, and those a message's signatures led to.

RFC 6376 3.6.1, RFC 8301 3.2 and RFC 8463.  What a key does to a signature is told in ``dkim``.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsStatus
from mxwalk.findings.authenticated import at_seq, is_sentence
from mxwalk.findings.commands import dig, opendkim_testkey
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say, say_many
from mxwalk.mailauth.dkim.key import strength
from mxwalk.mailauth.dkim.model import KeyRecord, Reason, Strength
from mxwalk.mailauth.published import Survey

_DNS, _SENDER = Owner.SENDER_DNS, Owner.SENDER
BROKEN = entry("DKIM030", Severity.ERROR, _DNS, "a DKIM key record of no use", "RFC 6376 3.6.1")
WEAK = entry("DKIM031", Severity.WARNING, _SENDER, "a weak DKIM key", "RFC 8301 3.2")
TESTING = entry("DKIM032", Severity.WARNING, _DNS, "a DKIM key in test", "RFC 6376 3.6.1")
ODD = entry("DKIM033", Severity.NOTICE, _DNS, "an odd DKIM key record", "RFC 6376 3.6.1")
IN_ORDER = entry("DKIM034", Severity.OK, Owner.NOBODY, "DKIM keys are published", "RFC 6376 3.6.2")
REVOKED = entry("DKIM035", Severity.NOTICE, Owner.NOBODY, "a withdrawn DKIM key", "RFC 6376 3.6.1")
ABSENT = entry("DKIM036", Severity.WARNING, _DNS, "no DKIM key found", "RFC 6376 3.6.2")
FAILED = entry("DKIM037", Severity.WARNING, _DNS, "DKIM keys not looked up", "RFC 6376 6.1.2")

ENTRIES = (BROKEN, WEAK, TESTING, ODD, IN_ORDER, REVOKED, ABSENT, FAILED)
_ABSENT = (Reason.KEY_MISSING, Reason.KEY_UNREACHABLE)
_SHOWN = 8
_WILDCARD = "*._domainkey."


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the key records show."""
    case, survey = delivery.message, delivery.survey
    if case is not None:
        for verdict in case.verdicts:
            if verdict.key is not None and verdict.step is not None:
                yield from _remarks(verdict.key, at_seq(verdict.step, verdict.signature.domain))
    if survey is not None and survey.keys is not None:
        yield from _surveyed(survey, survey.keys)


def _surveyed(survey: Survey, keys: tuple[KeyRecord, ...]) -> Iterator[Finding]:
    domain = survey.main.domain
    where = at_seq(survey.keys_step, domain)
    good = []
    for key in keys:
        if key.reason in _ABSENT:
            continue
        yield from _remarks(key, where)
        if key.reason is Reason.KEY_REVOKED:
            yield found(
                REVOKED,
                where,
                say(
                    "{key} has an empty p=: {withdrawn}",
                    key=show(key.name, 200),
                    withdrawn=_withdrawn(key),
                ),
                say("nothing to do")
                if key.name.startswith(_WILDCARD)
                else say(
                    "nothing to do; the record may go once no mail signed with it is on its way"
                ),
                _command(key),
            )
        elif key.problem:
            yield found(
                BROKEN,
                where,
                say(
                    "{key}: {is_sentence}; signatures with it fail",
                    key=show(key.name, 200),
                    is_sentence=is_sentence(key.problem),
                ),
                say(
                    "publish {key}. IN TXT anew, as the signer's program prints it",
                    key=show(key.name, 200),
                ),
                _command(key),
            )
        else:
            good.append(key)
    yield from _together(domain, keys, good, where, sends=survey.asked.sends)


def _together(
    domain: str, keys: tuple[KeyRecord, ...], good: list[KeyRecord], where: Where, *, sends: bool
) -> Iterator[Finding]:
    named = [key for key in keys if not key.name.startswith(_WILDCARD)]
    failed = [key for key in keys if key.reason is Reason.KEY_UNREACHABLE]
    if good:
        shown = ", ".join(_described(key) for key in good[:_SHOWN])
        yield found(
            IN_ORDER,
            where,
            say(
                "{domain} publishes {good}: {shown}",
                domain=show(domain, 120),
                good=say_many("{n} DKIM key", "{n} DKIM keys", len(good)),
                shown=shown,
            ),
            say(
                "nothing to do; change keys from time to time, and leave the old ones until"
                " mail signed with them has arrived"
            ),
            _command(good[0]),
        )
    elif named and sends and not failed and all(key.reason is Reason.KEY_MISSING for key in named):
        yield found(
            ABSENT,
            where,
            say(
                "{domain} has no DKIM key at the {named} asked for; selectors cannot be"
                " listed, so that there may be others",
                domain=show(domain, 120),
                named=say_many("{n} selector", "{n} selectors", len(named)),
            ),
            say(
                "name the selector of a signed message (s=): --selector NAME; without one,"
                " make a key: mxwalk dkim-key"
            ),
            dig(named[0].name, "TXT"),
        )
    if failed:
        yield found(
            FAILED,
            where,
            say(
                "{failed} could not be looked up, first {failed_2}: {status}",
                failed=say_many("{n} key record", "{n} key records", len(failed)),
                failed_2=show(failed[0].name, 200),
                status=_status(failed[0]),
            ),
            say(
                "make the zone's name servers answer TXT questions below _domainkey, then"
                " walk again"
            ),
            dig(failed[0].name, "TXT"),
        )


def _withdrawn(key: KeyRecord) -> str:
    if key.name.startswith(_WILDCARD):
        return say("every selector without a record of its own is withdrawn")
    return say("the key is withdrawn")


def _status(key: KeyRecord) -> str:
    return say("it was not asked") if key.status is DnsStatus.CANCELLED else key.status.value


def _remarks(key: KeyRecord, where: Where) -> Iterator[Finding]:
    """Yield what is to be said of a record that is there."""
    if key.tags is None:
        return
    weak = strength(key)
    if weak in (Strength.WEAK, Strength.UNACCEPTABLE):
        refused = weak is Strength.UNACCEPTABLE
        yield found(
            WEAK,
            where,
            say(
                "{key} has an RSA key of {bits} bits: signatures with it are refused",
                key=show(key.name, 200),
                bits=key.bits,
            )
            if refused
            else say(
                "{key} has an RSA key of {bits} bits: 2048 are recommended",
                key=show(key.name, 200),
                bits=key.bits,
            ),
            say(
                "make a key of 2048 bits under a new selector, sign with it, and withdraw"
                " this one later"
            ),
            _command(key),
            Severity.ERROR if refused else None,
        )
    if key.testing and not key.problem:
        yield found(
            TESTING,
            where,
            say(
                "{key} says t=y: receivers treat signed mail as if it were not signed",
                key=show(key.name, 200),
            ),
            say("when the test is over, publish {key} without t=y", key=show(key.name, 200)),
            _command(key),
        )
    for remark in key.remarks[:4]:
        yield found(
            ODD,
            where,
            f"{show(key.name, 200)}: {is_sentence(show(remark, 300))}",
            say('write the record as "v=DKIM1; k=rsa; p=..." with one TXT record at the name'),
            _command(key),
        )


def _described(key: KeyRecord) -> str:
    selector = key.name.partition("._domainkey.")[0]
    return f"{show(selector, 60)} ({key.key_type} {key.bits})"


def _command(key: KeyRecord) -> str:
    selector, _, domain = key.name.partition("._domainkey.")
    return f"{dig(key.name, 'TXT')}; {opendkim_testkey(domain, selector)}"
