"""Remarks on what a certificate is for, how long, and what was promised of it.

Policies are those of the CA/Browser Forum, whose limits on validity (ballot SC-081) bind public CAs
only.  Certificate transparency is RFC 6962, must-staple RFC 7633.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from mxwalk.language import noted, say, say_many
from mxwalk.pkix.model import Oddity, OddityCode
from mxwalk.pkix.naming import day
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts

_POLICIES = {
    "2.23.140.1.2.1": noted("domain validated"),
    "2.23.140.1.2.2": noted("organization validated"),
    "2.23.140.1.2.3": noted("individual validated"),
    "2.23.140.1.1": noted("extended validation"),
    "2.5.29.32.0": noted("any policy"),
}
_PUBLIC = frozenset(dotted for dotted in _POLICIES if dotted.startswith("2.23.140"))
# Days that a public CA may grant, by the day of issue (Baseline Requirements 6.3.2).
_LIMITS = (
    (datetime(2029, 3, 15, tzinfo=UTC), 47),
    (datetime(2027, 3, 15, tzinfo=UTC), 100),
    (datetime(2026, 3, 15, tzinfo=UTC), 200),
    (datetime(2020, 9, 1, tzinfo=UTC), 398),
    (datetime(2018, 3, 1, tzinfo=UTC), 825),
)
_SHORT_LIVED_DAYS = 7  # from 2026-03-15 on; such certificates need no revocation
_NO_EXPIRY_YEAR = 9999  # RFC 5280 4.1.2.5
_POLICIES_SHOWN = 5
_MUST_BE_CRITICAL = ("basicConstraints", "keyUsage", "nameConstraints")


def look(facts: CertificateFacts, *, is_leaf: bool) -> Iterator[Oddity]:
    """Yield the remarks on a readable certificate's use."""
    yield from _validity(facts, is_leaf=is_leaf)
    if is_leaf:
        yield from _leaf(facts)
    else:
        yield from _authority(facts)
    if facts.policies:
        named = [
            say(_POLICIES[dotted]) if dotted in _POLICIES else visible(dotted, 60)
            for dotted in facts.policies
        ]
        sentence = say(
            "it is issued under the policies {named}", named=", ".join(named[:_POLICIES_SHOWN])
        )
        yield Oddity(OddityCode.POLICY, sentence)
    if any(name == "precertificatePoison" for name, _ in facts.extensions):
        sentence = say("it is a precertificate, made for logs and not for servers (RFC 6962 3.1)")
        yield Oddity(OddityCode.PRECERTIFICATE, sentence)


def _leaf(facts: CertificateFacts) -> Iterator[Oddity]:
    if facts.is_ca:
        sentence = say("the server's certificate is a CA's; it could certify others")
        yield Oddity(OddityCode.CA_AS_LEAF, sentence)
    if facts.must_staple:
        sentence = say(
            "it must be stapled: the server has to send an OCSP response with it (RFC"
            " 7633 4.2.3); mail senders do not ask for that"
        )
        yield Oddity(OddityCode.MUST_STAPLE, sentence)
    if facts.timestamps:
        times = [stamp.at for stamp in facts.timestamps if stamp.at is not None]
        when = f", {day(min(times))}" if times else ""
        logs = len({stamp.log_id for stamp in facts.timestamps})
        stamps = say_many(
            "{n} signed certificate timestamp",
            "{n} signed certificate timestamps",
            len(facts.timestamps),
        )
        sentence = say(
            "it holds {stamps} of {logs}{when}: the CA made it public (RFC 6962)",
            stamps=stamps,
            logs=say_many("{n} log", "{n} logs", logs),
            when=when,
        )
        yield Oddity(OddityCode.CERTIFICATE_TRANSPARENCY, sentence)
    if not facts.ocsp_urls and not facts.crl_urls and not facts.self_signed:
        days = _days(facts)
        if days is not None and days <= _SHORT_LIVED_DAYS:
            sentence = say(
                "it names no way to ask whether it was revoked, as is usual for one that lives so short"
            )
        else:
            sentence = say("it names no way to ask whether it was revoked")
        yield Oddity(OddityCode.NO_REVOCATION, sentence)


def _authority(facts: CertificateFacts) -> Iterator[Oddity]:
    if facts.name_constraints:
        rules = ", ".join(facts.name_constraints[:_POLICIES_SHOWN])
        sentence = say("it may certify certain names only: {rules}", rules=visible(rules, 300))
        yield Oddity(OddityCode.CONSTRAINED, sentence)
    if facts.explicit_policy_after is not None:
        sentence = say(
            "it demands that the certificates below share its policies (RFC 5280"
            " 4.2.1.11); OpenSSL looks at policies only when it is told to"
        )
        yield Oddity(OddityCode.POLICY, sentence)
    listed = dict(facts.extensions)
    for name in _MUST_BE_CRITICAL:
        if listed.get(name) is False:
            sentence = say("its extension {name} should be critical (RFC 5280 4.2.1)", name=name)
            yield Oddity(OddityCode.CRITICALITY, sentence)


def _validity(facts: CertificateFacts, *, is_leaf: bool) -> Iterator[Oddity]:
    begins, ends, days = facts.not_before, facts.not_after, _days(facts)
    if begins is None or ends is None or days is None:
        return
    if ends < begins:
        sentence = say(
            "it ends on {day}, before it begins on {day_2}", day=day(ends), day_2=day(begins)
        )
        yield Oddity(OddityCode.VALIDITY_REVERSED, sentence)
        return
    if ends.year == _NO_EXPIRY_YEAR:
        sentence = say("it has no expiry: it ends in the year 9999 (RFC 5280 4.1.2.5)")
        yield Oddity(OddityCode.NO_EXPIRY, sentence)
    if not is_leaf:
        return
    limit = next((limit for since, limit in _LIMITS if begins >= since), None)
    if limit is not None and days > limit:
        public = bool(_PUBLIC & set(facts.policies)) or bool(facts.timestamps)
        if public:
            sentence = say_many(
                "it is valid for {n} day; its CA, which is a public one, may grant {limit} since its"
                " day of issue",
                "it is valid for {n} days; its CA, which is a public one, may grant {limit} since its"
                " day of issue",
                days,
                limit=limit,
            )
        else:
            sentence = say_many(
                "it is valid for {n} day; a public CA may grant {limit} since its day of issue",
                "it is valid for {n} days; a public CA may grant {limit} since its day of issue",
                days,
                limit=limit,
            )
        yield Oddity(OddityCode.LONG_VALIDITY, sentence)
    elif days <= _SHORT_LIVED_DAYS:
        sentence = say_many(
            "it lives {n} day only; a renewal that fails once breaks it",
            "it lives {n} days only; a renewal that fails once breaks it",
            days,
        )
        yield Oddity(OddityCode.SHORT_LIVED, sentence)


def _days(facts: CertificateFacts) -> int | None:
    """Return how many days a certificate is valid, a begun one counting; both ends included."""
    if facts.not_before is None or facts.not_after is None:
        return None
    length = facts.not_after - facts.not_before + timedelta(seconds=1)
    return -(-length // timedelta(days=1))
