"""Which record and which tag of it count for an Author Domain (RFC 9989 4.10.1; RFC 7489 6.6.3)."""

from mxwalk.language import say
from mxwalk.mailauth.dmarc.discovery import LookedUp
from mxwalk.mailauth.dmarc.model import (
    Discovery,
    Policy,
    PolicyFound,
    PolicyFrom,
    Query,
    Reading,
    Record,
)
from mxwalk.mailauth.dmarc.record import Applied, applied

_LOWER = {
    Policy.REJECT: Policy.QUARANTINE,
    Policy.QUARANTINE: Policy.NONE,
    Policy.NONE: Policy.NONE,
}


def find_policy(reading: Reading, found: LookedUp) -> PolicyFound:
    """Return the policy for an Author Domain; pure.

    ``asked`` is ``None`` when no record counts, or when the one that does is not applied at all.
    """
    discovery = found.discovery(reading)
    source, query = _where(discovery)
    if query is None or query.record is None:
        return PolicyFound(source=PolicyFrom.NOWHERE, why=_nowhere(discovery))
    record = query.record
    result = applied(record, reading)
    at = query.qname
    if not result.usable:
        return PolicyFound(
            source=source,
            record=record,
            why=say("The record at {at}: {why}.", at=at, why=result.why),
        )
    tag, asked, why = _tag(source, record, result, reading, exists=found.exists)
    if result.why:
        why = say("{why} In it {why_2}.", why=why, why_2=result.why)
    return PolicyFound(
        source=source,
        record=record,
        tag=tag,
        asked=asked,
        uncertain=source is not PolicyFrom.AUTHOR_DOMAIN
        and found.exists is None
        and result.nonexistent not in (None, asked),
        why=say("The record at {at} ({words}) counts; {why}", at=at, words=source.words, why=why),
    )


def undecided(discovery: Discovery) -> bool:
    """Say whether a query that had no usable answer leaves open which policy counts.

    The Author Domain's own record settles it whatever lies above (RFC 9989 4.10.1).
    """
    if not discovery.failed:
        return False
    _, query = _where(discovery)
    return not (query is not None and query.qname == f"_dmarc.{discovery.domain}")


def lowered(asked: Policy) -> Policy:
    """Return the policy one level below (RFC 9989 4.7, t; RFC 7489 6.6.4)."""
    return _LOWER[asked]


def disposition(reading: Reading, policy: PolicyFound) -> tuple[Policy | None, str]:
    """Return what is asked for a failing message with ``t=y`` or ``pct`` applied, and a sentence."""
    record, asked = policy.record, policy.asked
    if record is None or asked is None:
        return None, ""
    softer = lowered(asked)
    if reading is Reading.RFC9989:
        if record.testing and asked is not Policy.NONE:
            return softer, say(
                "t=y: {softer} is expected in place of {asked}.",
                softer=softer.value,
                asked=asked.value,
            )
        return asked, ""
    if record.percent == 100 or asked is Policy.NONE:
        return asked, ""
    if record.percent == 0:
        return softer, say(
            "pct=0: {softer} applies in place of {asked} to all of them.",
            softer=softer.value,
            asked=asked.value,
        )
    return asked, (
        say(
            "pct={percent}: {asked} is asked for {percent} % of such messages, {softer} for"
            " the others; which, the receiver draws by lot.",
            percent=record.percent,
            asked=asked.value,
            softer=softer.value,
        )
    )


def _where(discovery: Discovery) -> tuple[PolicyFrom, Query | None]:
    """Go by preference: Author Domain, Organizational Domain, Public Suffix Domain."""
    records = {q.qname: q for q in discovery.queries if q.record is not None}
    own = records.get(f"_dmarc.{discovery.domain}")
    if own is not None:
        return PolicyFrom.AUTHOR_DOMAIN, own
    organizational = records.get(f"_dmarc.{discovery.organizational}")
    if organizational is not None:
        return PolicyFrom.ORGANIZATIONAL, organizational
    suffix = next((q for q in records.values() if _psd(q.record) == "y"), None)
    return PolicyFrom.PUBLIC_SUFFIX, suffix


def _psd(record: Record | None) -> str:
    return record.psd if record is not None else "u"


def _tag(
    source: PolicyFrom, record: Record, result: Applied, reading: Reading, *, exists: bool | None
) -> tuple[str, Policy, str]:
    if source is PolicyFrom.AUTHOR_DOMAIN:
        return "p", result.policy, say("for its own name its p counts.")
    if exists is False and result.nonexistent is not None:
        return "np", result.nonexistent, say("the author domain does not exist, so its np counts.")
    unsure = ""
    if exists is None and result.nonexistent is not None:
        unsure = say(" Whether the author domain exists is not known; if it does not, np counts.")
    if exists is False and reading is Reading.RFC7489 and record.nonexistent_policy:
        unsure = say(" The author domain does not exist; np is unknown to RFC 7489.")
    if result.subdomain is not None:
        return (
            "sp",
            result.subdomain,
            say("for a name below it its sp counts.{unsure}", unsure=unsure),
        )
    return (
        "p",
        result.policy,
        say("it has no sp, so its p counts for a name below it too.{unsure}", unsure=unsure),
    )


def _nowhere(discovery: Discovery) -> str:
    if not discovery.queries:
        return say("Nothing was asked, so that no policy is known.")
    if discovery.failed:
        return say("No policy was found, but a query had no usable answer: there may be one.")
    several = [query.qname for query in discovery.queries if query.records > 1]
    if several:
        return say("No policy counts: there are several records at {several}.", several=several[0])
    return say("No policy is published for this name.")
