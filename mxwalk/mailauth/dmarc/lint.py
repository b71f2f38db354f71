"""What is to be said of the DMARC record at one name (RFC 9989 4.7, 4.8, 7.4, 9, 11; RFC 7489 6.3)."""

from collections.abc import Iterator

from mxwalk.identity.suffixes import is_public_suffix
from mxwalk.language import say, say_many
from mxwalk.mailauth.dmarc.addresses import address_remarks
from mxwalk.mailauth.dmarc.model import Mode, Policy, Query, Record
from mxwalk.mailauth.dmarc.record import is_record, read_record
from mxwalk.mailauth.dmarc.remarks import Around, Remark, RemarkKind, Seen, Weight
from mxwalk.mailauth.dmarc.repair import fixed
from mxwalk.mailauth.dmarc.wording import syntax_remarks

_RANK = {Policy.NONE: 0, Policy.QUARANTINE: 1, Policy.REJECT: 2}
_K, _ERROR, _WARNING, _NOTICE = RemarkKind, Weight.ERROR, Weight.WARNING, Weight.NOTICE


def lint(query: Query, around: Around) -> tuple[Remark, ...]:
    """Return the remarks on what stands at ``_dmarc.<domain>``, worst first; total.

    Nothing is said of a name without anything like a record: that is for whoever gives advice.
    """
    remarks = sorted(_all(query, around), key=lambda one: list(Weight).index(one.weight))
    return tuple(remarks)


def lint_record(record: Record, around: Around) -> tuple[Remark, ...]:
    """Return the remarks on a record alone, as when somebody edits it; worst first."""
    found = [*syntax_remarks(record), *_sense(record, around), *address_remarks(record, around)]
    return tuple(sorted(found, key=lambda one: list(Weight).index(one.weight)))


def _all(query: Query, around: Around) -> Iterator[Remark]:
    if query.records > 1:
        yield Remark(
            kind=_K.SEVERAL_RECORDS,
            weight=_ERROR,
            sentence=say(
                "There are {records} DMARC records at {qname}: RFC 9989 receivers"
                " discard them all and look further up, RFC 7489 receivers stop;"
                " keep one.",
                records=query.records,
                qname=query.qname,
            ),
        )
    if query.record is not None:
        yield from lint_record(query.record, around)
    near = [text for text in query.seen if _meant(text)]
    for text in near[:3]:
        record = read_record(query.qname, text.encode("utf-8", "replace"))
        spaced = is_record(text.lstrip().encode("utf-8", "replace"))
        yield Remark(
            kind=_K.WHITE_SPACE_FIRST if spaced else _K.NOT_A_RECORD,
            weight=_WARNING if query.record else _ERROR,
            sentence=record.problems[0],
            fix="" if query.record else fixed(record),
        )
    others = len(query.seen) - query.records - len(near)
    if others > 0:
        yield Remark(
            kind=_K.OTHER_TEXT,
            weight=_NOTICE,
            sentence=say_many(
                "{n} other TXT record at {qname}: ignored; a wildcard in the zone may be the reason.",
                "{n} other TXT records at {qname}: ignored; a wildcard in the zone may be the reason.",
                others,
                qname=query.qname,
            ),
        )


def _meant(text: str) -> bool:
    """Say whether a TXT record that is none was meant as a DMARC record."""
    return "dmarc" in text.lower()[:24] and not is_record(text.encode("utf-8", "replace"))


def _sense(record: Record, around: Around) -> Iterator[Remark]:
    yield from _policy(record)
    yield from _below(record, around)
    yield from _gradual(record)
    yield from _suffix(record, around)
    yield from _alignment(record, around)


def _policy(record: Record) -> Iterator[Remark]:
    fix = fixed(record)
    tags = {name: record.tags.get(name) for name in ("p", "sp", "np")}
    values = {
        "p": record.policy,
        "sp": record.subdomain_policy,
        "np": record.nonexistent_policy,
    }
    bad = [name for name, value in tags.items() if value is not None and values[name] is None]
    rest = (
        say("the whole record counts as p=none, whatever else it says")
        if record.usable
        else say("and as rua names no address, no receiver applies the record at all")
    )
    for name in bad:
        yield Remark(
            kind=_K.BAD_POLICY,
            weight=_ERROR,
            sentence=say(
                "{name} is not none, quarantine or reject: {rest} (RFC 9989 4.10.1).",
                name=name,
                rest=rest,
            ),
            fix=fix,
        )
    if tags["p"] is None:
        yield Remark(
            kind=_K.NO_POLICY,
            weight=_WARNING if record.usable else _ERROR,
            sentence=say("There is no p: {rest} (RFC 9989 4.10.1).", rest=rest),
            fix=fix,
        )
    if record.usable and not bad and record.effective_policy is Policy.NONE:
        yield from _nothing_asked(record)


def _nothing_asked(record: Record) -> Iterator[Remark]:
    if any(not uri.problem for uri in record.aggregate):
        yield Remark(
            kind=_K.POLICY_NONE,
            weight=_NOTICE,
            sentence=say("p=none only watches: forged mail of this domain is not held back."),
        )
    else:
        yield Remark(
            kind=_K.NO_EFFECT,
            weight=_WARNING,
            sentence=say(
                "p=none without an address for aggregate reports (rua) has no effect"
                " at all: nothing is asked for and nothing is reported."
            ),
        )


def _below(record: Record, around: Around) -> Iterator[Remark]:
    if record.policy is None or not record.usable:
        return
    own = record.policy
    below = record.subdomain_policy or own
    missing = record.nonexistent_policy or below
    if around.organizational and around.organizational != around.domain and record.psd == "u":
        named = [name for name in ("sp", "np") if record.tags.get(name) is not None]
        if named:
            yield Remark(
                kind=_K.IGNORED_BELOW,
                weight=_NOTICE,
                sentence=(
                    say(
                        "sp and np are ignored here: names below take their policy from"
                        " {organizational} (RFC 9989 4.7).",
                        organizational=around.organizational,
                    )
                    if len(named) > 1
                    else say(
                        "{named} is ignored here: names below take their policy from"
                        " {organizational} (RFC 9989 4.7).",
                        named=named[0],
                        organizational=around.organizational,
                    )
                ),
            )
        return
    if _RANK[below] < _RANK[own]:
        yield Remark(
            kind=_K.SUBDOMAINS_WEAKER,
            weight=_WARNING,
            sentence=say(
                "sp={below} is weaker than p={own}: whoever forges mail takes any subdomain.",
                below=below.value,
                own=own.value,
            ),
            fix=fixed(record, sp=""),
        )
    if _RANK[missing] < min(_RANK[own], _RANK[below]):
        yield Remark(
            kind=_K.NONEXISTENT_WEAKER,
            weight=_WARNING,
            sentence=say(
                "np={missing} is weaker than what counts for names that exist,"
                " though names that do not exist send no mail.",
                missing=missing.value,
            ),
            fix=fixed(record, np="reject"),
        )
    elif missing is not Policy.REJECT:
        yield Remark(
            kind=_K.NONEXISTENT_ADVICE,
            weight=_NOTICE,
            sentence=say(
                "Names that do not exist send no mail: np=reject costs nothing and"
                " protects them now."
            ),
            fix=fixed(record, np="reject"),
        )


def _gradual(record: Record) -> Iterator[Remark]:
    policies = (record.policy, record.subdomain_policy, record.nonexistent_policy)
    asks = any(policy not in (None, Policy.NONE) for policy in policies)
    if record.percent < 100:
        yield Remark(
            kind=_K.PERCENT,
            weight=_WARNING if asks else _NOTICE,
            sentence=say(
                "pct={percent} was removed: RFC 9989 receivers apply the policy to"
                " all mail that fails. t=y says that the policy is being tested.",
                percent=record.percent,
            ),
            fix=fixed(record, t="y") if asks else fixed(record),
        )
    if record.testing and asks:
        yield Remark(
            kind=_K.TESTING,
            weight=_WARNING,
            sentence=say(
                "t=y asks for the policy one level below, but receivers that follow"
                " RFC 7489 do not know it and apply the policy in full."
            ),
        )
    elif record.testing:
        yield Remark(
            kind=_K.TESTING_UNUSED,
            weight=_NOTICE,
            sentence=say("t=y has no effect on the policy none (RFC 9989 4.7)."),
            fix=fixed(record, t=""),
        )


def _suffix(record: Record, around: Around) -> Iterator[Remark]:
    suffix = is_public_suffix(around.domain)
    if record.psd == "y" and not suffix:
        yield Remark(
            kind=_K.SUFFIX_CLAIMED,
            weight=_ERROR,
            sentence=say(
                "psd=y is for registries: it makes every name one label below an"
                " organization of its own, so that mail of subdomains no longer"
                " aligns with this domain."
            ),
            fix=fixed(record, psd=""),
        )
    if record.psd != "y" and suffix:
        yield Remark(
            kind=_K.SUFFIX_UNMARKED,
            weight=_ERROR,
            sentence=say(
                "The domain is a public suffix: its record must say psd=y (RFC 9989"
                " 5.2), or it is taken for the organizational domain of everybody"
                " below."
            ),
            fix=fixed(record, psd="y"),
        )
    if record.psd == "y" and record.failure:
        yield Remark(
            kind=_K.SUFFIX_FAILURE_REPORTS,
            weight=_ERROR,
            sentence=say(
                "A public suffix must not ask for failure reports on other people's"
                " mail (RFC 9989 10.2)."
            ),
            fix=fixed(record, ruf=""),
        )
    if record.psd == "n" and around.domain.count(".") > 1 and not suffix:
        yield Remark(
            kind=_K.OWN_ORGANIZATION,
            weight=_NOTICE,
            sentence=say(
                "psd=n makes this name an organization of its own for RFC 9989"
                " receivers: mail of the domains above no longer aligns with it."
            ),
        )


def _alignment(record: Record, around: Around) -> Iterator[Remark]:
    if around.sends is Seen.NO or not record.usable or record.effective_policy is Policy.NONE:
        return
    policy = record.effective_policy.value
    if around.spf is Seen.NO and around.dkim is Seen.NO:
        yield Remark(
            kind=_K.NO_ALIGNMENT,
            weight=_WARNING,
            sentence=say(
                "p={policy}, but neither an SPF record nor a DKIM key was found for"
                " the domain: mail it sends itself can hardly pass.",
                policy=policy,
            ),
        )
    elif around.dkim is Seen.NO and record.effective_policy is Policy.REJECT:
        yield Remark(
            kind=_K.REJECT_NEEDS_DKIM,
            weight=_WARNING,
            sentence=(
                say(
                    "p=reject must not rest on SPF alone under aspf=s: forwarded mail loses"
                    " it (RFC 9989 7.4), and no DKIM key was found."
                )
                if record.spf_mode is Mode.STRICT
                else say(
                    "p=reject must not rest on SPF alone: forwarded mail loses it (RFC"
                    " 9989 7.4), and no DKIM key was found."
                )
            ),
        )
