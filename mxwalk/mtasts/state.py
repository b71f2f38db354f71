"""Where a domain stands with MTA-STS, from its record and the fetch of its policy (RFC 8461 3).

A policy counts when there is exactly one valid record and the file came, whole, over https from the
very policy host, as ``text/plain`` with status 200, and is a valid policy.
"""

import enum
from dataclasses import dataclass

from mxwalk.evidence.connection import PolicyFetched
from mxwalk.language import noted, say, say_many
from mxwalk.mtasts.fetch import FetchFault, fault_words, fetch_fault
from mxwalk.mtasts.model import Mode, Policy, RecordLookup, RecordStanding
from mxwalk.mtasts.policy import read_policy
from mxwalk.text import visible

YEAR_DAYS = 365


class StsStanding(enum.Enum):
    """What a domain has of MTA-STS."""

    NO_DOMAIN = noted("no policy domain")
    NOT_LOOKED_UP = noted("this walk did not look")
    PENDING = noted("not looked up yet")
    FETCH_PENDING = noted("the policy was not fetched yet")
    NO_RECORD = noted("no record")
    RECORD_UNUSABLE = noted("no usable record")
    LOOKUP_FAILED = noted("the record's look-up failed")
    UNDECIDED = noted("our own side does not tell")
    FETCH_FAILED = noted("the policy could not be fetched")
    POLICY_INVALID = noted("the policy is not valid")
    ACTIVE = noted("a valid policy")

    @property
    def is_open(self) -> bool:
        """Whether a look-up or the fetch is still to come."""
        return self in (StsStanding.PENDING, StsStanding.FETCH_PENDING)

    @property
    def is_broken(self) -> bool:
        """Whether the domain means to have MTA-STS and senders find no policy."""
        return self in (
            StsStanding.RECORD_UNUSABLE,
            StsStanding.LOOKUP_FAILED,
            StsStanding.FETCH_FAILED,
            StsStanding.POLICY_INVALID,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StsState:
    """The standing of a policy domain with what it rests on.

    ``policy`` is what was read of the file, valid or not; ``mode`` is the one senders apply,
    ``None`` where they find no policy.  ``fault`` tells why the fetch failed.  ``record_step`` and
    ``fetch_step`` are the seqs of the two steps.
    """

    domain: str
    standing: StsStanding
    reason: str
    records: RecordLookup | None = None
    fetch: PolicyFetched | None = None
    fault: FetchFault = FetchFault.NONE
    policy: Policy | None = None
    record_step: int | None = None
    fetch_step: int | None = None

    @property
    def mode(self) -> Mode | None:
        """The mode in force for a sender that keeps nothing from before."""
        if self.standing is not StsStanding.ACTIVE or self.policy is None:
            return None
        return self.policy.mode

    @property
    def enforced(self) -> bool:
        """Whether senders must not deliver to a host that fails."""
        return self.mode is Mode.ENFORCE

    @property
    def id(self) -> str:
        """The policy id of the record, printable; empty without one."""
        record = self.records.record if self.records else None
        return visible(record.id, 40) if record else ""

    @property
    def kept_days(self) -> int:
        """For how many days at least a sender may keep the policy, counted from its fetch."""
        seconds = self.policy.max_age_s if self.policy and self.policy.max_age_s else 0
        return -(-seconds // 86_400)

    @property
    def kept_words(self) -> str:
        """The days in words."""
        return say_many("{n} day", "{n} days", self.kept_days)

    @property
    def step(self) -> int | None:
        """The seq of the step the standing rests on."""
        return self.fetch_step if self.fetch_step is not None else self.record_step

    @property
    def fetch_words(self) -> str:
        """What came of the fetch, whatever the record."""
        if self.fetch is None:
            return say("it was not fetched")
        if self.fault is not FetchFault.NONE:
            return fault_words(self.fetch, self.fault)
        broken = self.policy.broken if self.policy else None
        return (
            say("the file is not valid ({sentence})", sentence=broken.sentence)
            if broken
            else say("the file is valid")
        )

    @property
    def effective(self) -> str:
        """The effective policy in one sentence."""
        return _effective(self)


NO_POLICY_DOMAIN = StsState(
    domain="",
    standing=StsStanding.NO_DOMAIN,
    reason=noted("there is no mail domain whose policy would apply (RFC 8461 3.4)"),
)


def judge_sts(
    domain: str,
    records: RecordLookup | None,
    fetch: PolicyFetched | None,
    steps: tuple[int | None, int | None] = (None, None),
) -> StsState:
    """Return the standing; ``steps`` are the seqs of the look-up and of the fetch."""
    policy = read_policy(fetch.body) if fetch is not None and fetch.body else None
    fault = fetch_fault(fetch) if fetch is not None else FetchFault.NONE
    if policy is None and fetch is not None and fault is FetchFault.NONE:
        policy = read_policy(b"")  # an empty file came
    standing, reason = _standing(domain, records, fetch, fault, policy)
    return StsState(
        domain=domain,
        standing=standing,
        reason=reason,
        records=records,
        fetch=fetch,
        fault=fault,
        policy=policy,
        record_step=steps[0],
        fetch_step=steps[1],
    )


def _standing(
    domain: str,
    records: RecordLookup | None,
    fetch: PolicyFetched | None,
    fault: FetchFault,
    policy: Policy | None,
) -> tuple[StsStanding, str]:
    if records is None:
        return StsStanding.PENDING, say(
            "the MTA-STS record of {domain}", domain=visible(domain, 300)
        )
    match records.standing:
        case RecordStanding.OURS:
            return StsStanding.UNDECIDED, records.reason
        case RecordStanding.FAILED:
            return StsStanding.LOOKUP_FAILED, records.reason
        case RecordStanding.ABSENT:
            return StsStanding.NO_RECORD, records.reason
        case RecordStanding.SEVERAL | RecordStanding.INVALID:
            if fetch is None:
                return StsStanding.FETCH_PENDING, records.reason
            return StsStanding.RECORD_UNUSABLE, records.reason
        case RecordStanding.VALID:
            pass
    if fetch is None:
        return StsStanding.FETCH_PENDING, say("the policy of {domain}", domain=visible(domain, 300))
    return _of_fetch(fetch, fault, policy)


def _of_fetch(
    fetch: PolicyFetched, fault: FetchFault, policy: Policy | None
) -> tuple[StsStanding, str]:
    if fault in (FetchFault.CANCELLED, FetchFault.GUARDED, FetchFault.RESOLVER):
        return StsStanding.UNDECIDED, fault_words(fetch, fault)
    if fault is not FetchFault.NONE:
        return StsStanding.FETCH_FAILED, fault_words(fetch, fault)
    assert policy is not None
    broken = policy.broken
    if policy.unread is not None:  # RFC 8461 knows no bound on lines: it is ours
        said = say("{sentence}; the rest was not read", sentence=policy.unread.sentence)
        return StsStanding.UNDECIDED, f"{visible(fetch.fetched.url, 200)}: {said}"
    if broken is not None:
        return StsStanding.POLICY_INVALID, f"{visible(fetch.fetched.url, 200)}: {broken.sentence}"
    return StsStanding.ACTIVE, say("a valid policy was fetched")


def older_policy(state: StsState) -> str:
    """Return what a sender may do that kept a policy from before; empty where none can matter.

    RFC 8461 5.1: without a usable policy today, one that was kept and has not expired is applied.
    """
    if state.standing.is_broken:
        return say(
            "an older enforce policy may still be cached for up to {year_days} days, and"
            " then still counts (RFC 8461 5.1)",
            year_days=YEAR_DAYS,
        )
    if state.mode in (Mode.TESTING, Mode.NONE):
        return say(
            "an older enforce policy may still be cached by senders that have not seen"
            ' the id "{id}" yet',
            id=state.id,
        )
    return ""


def cached_policy(state: StsState) -> str:
    """Return what a sender does that has seen this id before; empty without a policy in force.

    RFC 8461 3.3, 5.1: the file is fetched again when the id has changed, or the cache has run out.
    """
    if state.mode is None or not state.id:
        return ""
    return say(
        'a sender that knows the id "{id}" already goes by the file it fetched then, for'
        " up to {kept_words}: a change of the file without a new id is seen late",
        id=state.id,
        kept_words=state.kept_words,
    )


def _effective(state: StsState) -> str:
    domain = visible(state.domain, 300)
    match state.standing:
        case StsStanding.ACTIVE:
            assert state.policy is not None
            names = ", ".join(str(one) for one in state.policy.patterns[:6]) or say("no host")
            if len(state.policy.patterns) > 6:
                names += say(" and {patterns} more", patterns=len(state.policy.patterns) - 6)
            kept = say(
                "kept for up to {kept_words}, id {id}", kept_words=state.kept_words, id=state.id
            )
            match state.mode:
                case Mode.ENFORCE:
                    words = say(
                        "mail for {domain} goes only to {names}, over TLS with a"
                        " certificate of a known CA for the very host",
                        domain=domain,
                        names=names,
                    )
                case Mode.TESTING:
                    words = say(
                        "mail for {domain} is delivered whatever fails; what would fail"
                        " the policy, which lists {names} and no other MX host, is"
                        " reported",
                        domain=domain,
                        names=names,
                    )
                case _:
                    words = say(
                        "{domain} has withdrawn its policy: senders act as without one",
                        domain=domain,
                    )
            return f"{words} ({kept})"
        case StsStanding.NO_RECORD:
            return say(
                "{domain} has no MTA-STS policy ({reason})", domain=domain, reason=state.reason
            )
        case _ if state.standing.is_broken:
            return say(
                "senders find no MTA-STS policy of {domain}: {reason}",
                domain=domain,
                reason=state.reason,
            )
        case _:
            return say(
                "nothing can be said of an MTA-STS policy of {domain}: {reason}",
                domain=domain,
                reason=state.reason,
            )
